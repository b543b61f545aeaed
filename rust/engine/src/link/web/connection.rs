//! One HTTP/1.1 connection. It is driven by the exchange that uses it and by nobody else: no task
//! is left behind, and a dropped exchange closes its connection.

use std::error::Error;
use std::future::poll_fn;
use std::io;
use std::pin::{Pin, pin};
use std::task::Poll;
use std::time::Duration;

use http_body_util::{BodyExt, Full, Limited};
use hyper::Request;
use hyper::body::Bytes;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use pos_channels::http::{HttpResponse, LARGEST_BODY};
use pos_domain::NetCode;
use pos_flows::link::LinkFailure;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::time::{Instant, timeout_at};

use crate::link::connect::{Counter, not_sent, sent};

/// The most that an answer's head may take, in bytes.
const LARGEST_HEAD: usize = 32 * 1024;
/// The most header lines of an answer.
const MOST_HEADERS: usize = 64;

/// A whole request.
pub(super) type Message = Request<Full<Bytes>>;

/// A way for bytes, in clear or under TLS.
pub(super) trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}

impl<S: AsyncRead + AsyncWrite + Send + Unpin> Stream for S {}

type Driver = http1::Connection<TokioIo<Box<dyn Stream>>, Full<Bytes>>;

/// An open connection with no exchange on it.
pub(super) struct Connection {
    sender: http1::SendRequest<Full<Bytes>>,
    driver: Pin<Box<Driver>>,
    left: Counter,
    /// When the last exchange on it ended.
    free_since: Instant,
}

impl Connection {
    /// Over an open stream. `left` counts what leaves the socket below it.
    pub async fn over(stream: Box<dyn Stream>, left: Counter) -> Result<Self, LinkFailure> {
        let (sender, driver) = http1::Builder::new()
            .title_case_headers(true)
            .max_headers(MOST_HEADERS)
            .max_header_size(LARGEST_HEAD)
            .max_buf_size(2 * LARGEST_HEAD)
            .handshake(TokioIo::new(stream))
            .await
            .map_err(|_| not_sent(NetCode::SendBroken))?;
        Ok(Self {
            sender,
            driver: Box::pin(driver),
            left,
            free_since: Instant::now(),
        })
    }

    /// Since when no exchange has used it.
    pub const fn free_since(&self) -> Instant {
        self.free_since
    }

    /// Whether it can take a request: the server has neither closed it nor said anything unasked.
    pub async fn is_open(&mut self) -> bool {
        // Lets the runtime hear of a close that came in since the last exchange.
        tokio::task::yield_now().await;
        let open = poll_fn(|cx| Poll::Ready(self.driver.as_mut().poll(cx).is_pending())).await;
        open && self.sender.is_ready()
    }

    /// Sends the request and reads the whole answer. `limit` bounds sending and, again, waiting
    /// after the last byte left. The connection comes back; whether it is still open is for
    /// [`Connection::is_open`] to say.
    ///
    /// # Errors
    /// [`LinkFailure`]; the connection is closed then.
    pub async fn exchange(
        mut self,
        message: Message,
        limit: Duration,
    ) -> Result<(HttpResponse, Self), LinkFailure> {
        let before = self.left.read().bytes;
        let result = self.talk(message, limit).await;
        match result {
            Ok(answer) => {
                self.free_since = Instant::now();
                Ok((answer, self))
            }
            Err(_) if self.left.read().bytes == before => Err(not_sent(NetCode::SendBroken)),
            Err(code) => Err(sent(code)),
        }
    }

    async fn talk(&mut self, message: Message, limit: Duration) -> Result<HttpResponse, NetCode> {
        let started = Instant::now();
        let left = &self.left;
        let until = || (left.read().last.max(started) + limit).min(started + limit * 2);
        let driver = self.driver.as_mut();
        let mut work = pin!(async {
            let mut answer = pin!(answer(&mut self.sender, message));
            tokio::select! {
                biased;
                answer = &mut answer => answer,
                // With the connection at its end the answer is there, or never comes.
                ended = driver => match (ended, settled(answer.as_mut()).await) {
                    (_, Some(answer)) => answer,
                    (Err(error), None) => Err(code_of(&error)),
                    (Ok(()), None) => Err(NetCode::Closed),
                },
            }
        });
        loop {
            let limit = until();
            match timeout_at(limit, work.as_mut()).await {
                Ok(result) => return result,
                // More bytes left meanwhile: the wait counts from the last.
                Err(_) if until() > limit => {}
                Err(_) => return Err(NetCode::NoAnswer),
            }
        }
    }
}

/// What a future gives when nothing else moves any more.
async fn settled<F: Future>(mut future: Pin<&mut F>) -> Option<F::Output> {
    poll_fn(|cx| match future.as_mut().poll(cx) {
        Poll::Ready(output) => Poll::Ready(Some(output)),
        Poll::Pending => Poll::Ready(None),
    })
    .await
}

async fn answer(
    sender: &mut http1::SendRequest<Full<Bytes>>,
    message: Message,
) -> Result<HttpResponse, NetCode> {
    let response = sender.send_request(message).await;
    let (head, body) = response.map_err(|error| code_of(&error))?.into_parts();
    let body = Limited::new(body, LARGEST_BODY).collect().await;
    let body = body.map_err(|error| {
        // Anything but the library's own error is the limit.
        let error = error.downcast_ref::<hyper::Error>();
        error.map_or(NetCode::AnswerGarbled, code_of)
    })?;
    let text = |value: &[u8]| String::from_utf8_lossy(value).into_owned();
    Ok(HttpResponse {
        status: head.status.as_u16(),
        headers: head
            .headers
            .iter()
            .map(|(name, value)| (name.to_string(), text(value.as_bytes())))
            .collect(),
        body: body.to_bytes().to_vec(),
    })
}

/// Why there is no answer, seen from the bytes that came.
fn code_of(error: &hyper::Error) -> NetCode {
    if error.is_parse() {
        return NetCode::AnswerGarbled;
    }
    let cause = error.source().and_then(|e| e.downcast_ref::<io::Error>());
    let Some(cause) = cause else {
        return NetCode::Closed;
    };
    let inner = cause.get_ref();
    if inner.is_some_and(|e| e.is::<rustls::Error>()) {
        return NetCode::TlsFailed;
    }
    match cause.kind() {
        io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput => NetCode::AnswerGarbled,
        _ => NetCode::Closed,
    }
}
