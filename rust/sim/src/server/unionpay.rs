//! 8583 over TCP.

use std::io;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::{sleep, timeout};

use super::{Shared, now};
use crate::unionpay::Step;

/// No message of the dialect is longer.
const MAX_FRAME: usize = 8192;
/// A terminal that says nothing for this long is gone.
const IDLE: Duration = Duration::from_secs(300);
/// Answers frames until the terminal is done.
pub(super) async fn serve(stream: &mut TcpStream, shared: &Shared) -> io::Result<()> {
    stream.set_nodelay(true)?;
    while let Some(frame) = read_frame(stream).await? {
        let steps = shared.hosts().acquirer().on_frame(&frame, now());
        for step in steps {
            match step {
                Step::Send(bytes) => stream.write_all(&bytes).await?,
                Step::Wait(ms) => sleep(Duration::from_millis(ms)).await,
                Step::Close => return stream.shutdown().await,
            }
        }
    }
    Ok(())
}

/// One whole frame with its two length bytes; `None` when the terminal is done or is gone.
async fn read_frame(stream: &mut TcpStream) -> io::Result<Option<Vec<u8>>> {
    let mut size = [0; 2];
    match timeout(IDLE, stream.read_exact(&mut size)).await {
        Err(_) => return Ok(None),
        Ok(Err(error)) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
        Ok(read) => read?,
    };
    let length = usize::from(u16::from_be_bytes(size));
    if length > MAX_FRAME {
        let reason = format!("a frame of {length} bytes is announced, {MAX_FRAME} are allowed");
        return Err(io::Error::new(io::ErrorKind::InvalidData, reason));
    }
    let mut frame = vec![0; length];
    timeout(IDLE, stream.read_exact(&mut frame))
        .await
        .map_err(|_| io::ErrorKind::TimedOut)??;
    frame.splice(..0, size);
    Ok(Some(frame))
}
