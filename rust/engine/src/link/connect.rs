//! The way to a host up to its open TCP connection, and the count of the bytes that left on it.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use pos_domain::{Delivery, NetCode};
use pos_flows::link::LinkFailure;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::Instant;

use super::PlainRule;

/// Not one byte left.
pub(super) const fn not_sent(code: NetCode) -> LinkFailure {
    LinkFailure {
        delivery: Delivery::NotSent,
        code,
    }
}

/// Something left, or may have.
pub(super) const fn sent(code: NetCode) -> LinkFailure {
    LinkFailure {
        delivery: Delivery::SentUnknown,
        code,
    }
}

/// The first address of `name` that answers; the last error when none does. With a rule, bytes go
/// unencrypted, and only to addresses that it allows.
pub(super) async fn connect(
    name: &str,
    port: u16,
    plain: Option<PlainRule>,
) -> Result<TcpStream, LinkFailure> {
    let mut failure = not_sent(NetCode::NameNotFound);
    for address in addresses(name, port, plain).await? {
        match TcpStream::connect(address).await {
            Ok(stream) => {
                // Without it a short message may wait for more; failing is no harm.
                let _ = stream.set_nodelay(true);
                return Ok(stream);
            }
            Err(error) => failure = not_sent(connect_code(&error)),
        }
    }
    Err(failure)
}

async fn addresses(
    name: &str,
    port: u16,
    plain: Option<PlainRule>,
) -> Result<Vec<SocketAddr>, LinkFailure> {
    let found = tokio::net::lookup_host((name, port))
        .await
        .map_err(|_| not_sent(NetCode::NameNotFound))?;
    let found: Vec<_> = found.collect();
    if found.is_empty() {
        return Err(not_sent(NetCode::NameNotFound));
    }
    let Some(rule) = plain else {
        return Ok(found);
    };
    let allowed: Vec<_> = found.into_iter().filter(|a| rule.allows(a.ip())).collect();
    if allowed.is_empty() {
        log::warn!("link: the host's address is not one that plain TCP may reach");
        return Err(not_sent(NetCode::Unreachable));
    }
    Ok(allowed)
}

fn connect_code(error: &io::Error) -> NetCode {
    match error.kind() {
        io::ErrorKind::ConnectionRefused => NetCode::Refused,
        io::ErrorKind::TimedOut => NetCode::ConnectTimeout,
        _ => NetCode::Unreachable,
    }
}

/// What left so far on one connection.
#[derive(Clone, Copy, Debug)]
pub(super) struct Left {
    /// Bytes that the socket took.
    pub bytes: u64,
    /// When it took the last of them.
    pub last: Instant,
}

/// A stream that counts the bytes it took.
pub(super) struct Counted<S> {
    stream: S,
    left: Arc<Mutex<Left>>,
}

impl<S> Counted<S> {
    pub fn new(stream: S) -> Self {
        let left = Left {
            bytes: 0,
            last: Instant::now(),
        };
        Self {
            stream,
            left: Arc::new(Mutex::new(left)),
        }
    }

    /// The count alone, for whoever gives the stream away.
    pub fn counter(&self) -> Counter {
        Counter(Arc::clone(&self.left))
    }

    pub fn count(&self) -> u64 {
        self.counter().read().bytes
    }
}

/// Reads the count of a stream that is somebody else's.
#[derive(Debug)]
pub(super) struct Counter(Arc<Mutex<Left>>);

impl Counter {
    pub fn read(&self) -> Left {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Counted<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buf)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Counted<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(cx, bytes);
        if let Poll::Ready(Ok(count)) = written {
            let mut left = self.left.lock().unwrap_or_else(PoisonError::into_inner);
            left.bytes = left
                .bytes
                .saturating_add(u64::try_from(count).unwrap_or(u64::MAX));
            left.last = Instant::now();
        }
        written
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_way_not_to_connect_has_its_code() {
        for (kind, code) in [
            (io::ErrorKind::ConnectionRefused, NetCode::Refused),
            (io::ErrorKind::TimedOut, NetCode::ConnectTimeout),
            (io::ErrorKind::NetworkUnreachable, NetCode::Unreachable),
            (io::ErrorKind::HostUnreachable, NetCode::Unreachable),
            (io::ErrorKind::NetworkDown, NetCode::Unreachable),
            (io::ErrorKind::PermissionDenied, NetCode::Unreachable),
        ] {
            assert_eq!(connect_code(&kind.into()), code, "{kind}");
        }
    }
}
