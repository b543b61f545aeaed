//! The wallets over HTTP: one request a connection.

use std::io;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::{sleep, timeout};

use super::http::{self, Answer};
use super::{Shared, now};
use crate::hosts::WebHost;
use crate::web::{WebResponse, WebStep};

/// A terminal that waits in silence for this long is gone.
const IDLE: Duration = Duration::from_secs(300);

/// Answers one request.
pub(super) async fn serve(
    stream: &mut TcpStream,
    host: WebHost,
    shared: &Shared,
) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let request = match http::read(stream).await? {
        Ok(request) => request,
        Err(status) => {
            let answer = Answer::json(status, &serde_json::json!({ "error": status }));
            return http::write(stream, &answer).await;
        }
    };
    let steps = shared.hosts().web(host).on_request(&request, now());
    let mut answered = false;
    for step in steps {
        match step {
            WebStep::Answer(answer) => {
                stream.write_all(http::head_of(&answer).as_bytes()).await?;
                stream.write_all(&answer.body).await?;
                answered = true;
            }
            WebStep::Half(answer) => {
                stream.write_all(http::head_of(&answer).as_bytes()).await?;
                stream.write_all(halves(&answer).0).await?;
            }
            WebStep::Rest(answer) => {
                stream.write_all(halves(&answer).1).await?;
                answered = true;
            }
            WebStep::Wait(ms) => sleep(Duration::from_millis(ms)).await,
            WebStep::Close => return stream.shutdown().await,
        }
    }
    if !answered {
        wait_for_end(stream).await;
    }
    stream.shutdown().await
}

fn halves(answer: &WebResponse) -> (&[u8], &[u8]) {
    answer.body.split_at(answer.body.len() / 2)
}

/// Says nothing until the terminal gives up.
async fn wait_for_end(stream: &mut TcpStream) {
    let mut rest = [0; 256];
    while let Ok(Ok(1..)) = timeout(IDLE, stream.read(&mut rest)).await {}
}
