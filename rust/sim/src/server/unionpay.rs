//! 8583 over TCP.

use std::io;
use std::net::Ipv4Addr;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

use super::{Shared, now};
use crate::unionpay::{Connect, Step};

/// No message of the dialect is longer.
const MAX_FRAME: usize = 8192;
/// A terminal that says nothing for this long is gone.
const IDLE: Duration = Duration::from_secs(300);
/// Pause before a port is tried again that another process took while it was closed.
const RETRY: Duration = Duration::from_millis(200);
const MAX_CONNECTIONS: usize = 512;

/// Takes connections while the acquirer is online; offline, the port is closed.
pub(crate) async fn accept(listener: TcpListener, port: u16, shared: Shared) {
    let mut listener = Some(listener);
    let mut online = shared.online.subscribe();
    loop {
        let Some(open) = &listener else {
            became(&mut online, true).await;
            match TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await {
                Ok(again) => listener = Some(again),
                Err(error) => {
                    log::error!("port {port} cannot be opened again: {error}");
                    sleep(RETRY).await;
                }
            }
            continue;
        };
        accept_while_online(open, &mut online, &shared).await;
        listener = None;
    }
}

/// Returns, and with it cuts all connections, when the acquirer goes offline.
async fn accept_while_online(
    listener: &TcpListener,
    online: &mut watch::Receiver<bool>,
    shared: &Shared,
) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            biased;
            () = became(online, false) => return,
            Some(_) = connections.join_next() => {}
            taken = listener.accept(), if connections.len() < MAX_CONNECTIONS => match taken {
                Ok((stream, _)) => {
                    connections.spawn(connection(stream, shared.clone()));
                }
                Err(error) => {
                    log::warn!("a connection could not be taken: {error}");
                    sleep(RETRY).await;
                }
            },
        }
    }
}

/// Waits until the acquirer is online or offline. The sender lives in what all connections share,
/// so waiting cannot end in any other way.
async fn became(online: &mut watch::Receiver<bool>, wanted: bool) {
    let _ = online.wait_for(|online| *online == wanted).await;
}

async fn connection(mut stream: TcpStream, shared: Shared) {
    let connect = shared.hosts().acquirer().on_connect(now());
    if connect == Connect::Refuse {
        // Taken by the system already, so the nearest thing to a refusal is a reset at once.
        if let Err(error) = stream.set_zero_linger() {
            log::warn!("a connection could not be reset: {error}");
        }
        return;
    }
    if let Err(error) = serve(&mut stream, &shared).await {
        log::info!("connection ended: {error}");
    }
}

async fn serve(stream: &mut TcpStream, shared: &Shared) -> io::Result<()> {
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
