//! One exchange over one TCP connection.
//!
//! The one question that matters when it fails is whether a byte of the message left. So the
//! socket is wrapped in a counter: nothing counted after the handshake means `NotSent`, anything
//! else means `SentUnknown`.

use std::io;
use std::time::Duration;

use pos_domain::NetCode;
use pos_flows::link::{Exchange, Link, LinkFailure, Next};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::time::{Instant, timeout_at};
use zeroize::Zeroizing;

use super::PlainRule;
use super::connect::{Counted, connect, not_sent, sent};
use super::tls::{Tls, TlsError};
use crate::profile::{HostAddress, UnionPay};
use crate::secrets::Secrets;

/// The longest message body that is read, in bytes: three times what the dialect can need.
pub const MAX_BODY: usize = 4096;
const LENGTH_SIZE: usize = 2;

/// How the bytes travel.
#[derive(Clone, Debug)]
pub enum Security {
    /// In clear, to addresses that the rule allows.
    Plain(PlainRule),
    /// Under TLS.
    Tls(Tls),
}

/// A host over TCP.
#[derive(Clone, Debug)]
pub struct TcpLink {
    name: String,
    port: u16,
    security: Security,
}

/// Why no link can be made from a profile.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LinkSetupError {
    /// `host = "simulator"`: the link is in the process and has to be handed in.
    #[error("the simulator has no address; its link has to be handed in")]
    Simulator,
    /// The address of a wallet cannot be read.
    #[error("the address of a wallet cannot be read")]
    Address,
    /// The CA or the host's name cannot be used.
    #[error(transparent)]
    Tls(#[from] TlsError),
}

impl TcpLink {
    /// To `name` (a host name or an address) and `port`.
    #[must_use]
    pub const fn new(name: String, port: u16, security: Security) -> Self {
        Self {
            name,
            port,
            security,
        }
    }

    /// As the profile's card section says: TLS when there is a CA, else plain.
    ///
    /// # Errors
    /// [`LinkSetupError`].
    pub fn from_profile(unionpay: &UnionPay, secrets: &Secrets) -> Result<Self, LinkSetupError> {
        let HostAddress::Tcp { name, port } = &unionpay.host else {
            return Err(LinkSetupError::Simulator);
        };
        let security = match secrets.get("unionpay.tls_ca") {
            Some(pem) => Security::Tls(Tls::pinned(pem.expose(), name)?),
            None => Security::Plain(unionpay.plain_tcp.into()),
        };
        Ok(Self::new(name.clone(), *port, security))
    }

    async fn run(
        &self,
        frame: &[u8],
        limit: Duration,
        receive: &mut (dyn FnMut(&[u8]) -> Next + Send),
    ) -> Result<(), LinkFailure> {
        let until = Instant::now() + limit;
        let too_late = || not_sent(NetCode::ConnectTimeout);
        let plain = match &self.security {
            Security::Plain(rule) => Some(*rule),
            Security::Tls(_) => None,
        };
        let stream = timeout_at(until, connect(&self.name, self.port, plain))
            .await
            .map_err(|_| too_late())??;
        let stream = Counted::new(stream);
        match &self.security {
            Security::Plain(_) => talk(stream, Counted::count, frame, limit, receive).await,
            Security::Tls(tls) => {
                let handshake = tls.connector.connect(tls.server.clone(), stream);
                let stream = timeout_at(until, handshake).await.map_err(|_| too_late())?;
                let stream = stream.map_err(|_| not_sent(NetCode::TlsFailed))?;
                talk(
                    stream,
                    |stream| stream.get_ref().0.count(),
                    frame,
                    limit,
                    receive,
                )
                .await
            }
        }
    }
}

impl Link for TcpLink {
    fn exchange<'a>(
        &'a self,
        frame: &'a [u8],
        limit: Duration,
        receive: &'a mut (dyn FnMut(&[u8]) -> Next + Send),
    ) -> Exchange<'a> {
        Box::pin(self.run(frame, limit, receive))
    }
}

/// Sends the frame and reads until the answer came. `count` gives the bytes that left the stream's
/// socket so far.
async fn talk<S: AsyncRead + AsyncWrite + Unpin>(
    mut stream: S,
    count: impl Fn(&S) -> u64,
    frame: &[u8],
    limit: Duration,
    receive: &mut (dyn FnMut(&[u8]) -> Next + Send),
) -> Result<(), LinkFailure> {
    let before = count(&stream);
    let send = async {
        stream.write_all(frame).await?;
        stream.flush().await
    };
    let sending = timeout_at(Instant::now() + limit, send).await;
    if !matches!(sending, Ok(Ok(()))) {
        let nothing_left = count(&stream) == before;
        let failure = if nothing_left { not_sent } else { sent };
        return Err(failure(NetCode::SendBroken));
    }
    let until = Instant::now() + limit;
    match timeout_at(until, read_frames(&mut stream, receive)).await {
        Ok(result) => result,
        Err(_) => Err(sent(NetCode::NoAnswer)),
    }
}

async fn read_frames<S: AsyncRead + Unpin>(
    stream: &mut S,
    receive: &mut (dyn FnMut(&[u8]) -> Next + Send),
) -> Result<(), LinkFailure> {
    let closed = |_: io::Error| sent(NetCode::Closed);
    // Answers hold account data; the buffer is wiped when the exchange ends.
    let mut buffer = Zeroizing::new([0; LENGTH_SIZE + MAX_BODY]);
    loop {
        let (length, rest) = buffer.split_at_mut(LENGTH_SIZE);
        stream.read_exact(length).await.map_err(closed)?;
        let size = length
            .iter()
            .fold(0, |size, byte| (size << 8) | usize::from(*byte));
        // Behind an absurd length there is no next frame to be found.
        let body = rest.get_mut(..size).ok_or(sent(NetCode::AnswerGarbled))?;
        stream.read_exact(body).await.map_err(closed)?;
        let frame = buffer.get(..LENGTH_SIZE + size).unwrap_or_default();
        if receive(frame) == Next::Done {
            return Ok(());
        }
    }
}

#[cfg(test)]
mod tests {
    use std::pin::Pin;
    use std::task::{Context, Poll};

    use tokio::io::ReadBuf;

    use super::*;

    /// Takes `room` bytes, then breaks.
    struct Breaking {
        room: usize,
    }

    impl AsyncRead for Breaking {
        fn poll_read(
            self: Pin<&mut Self>,
            _: &mut Context<'_>,
            _: &mut ReadBuf<'_>,
        ) -> Poll<io::Result<()>> {
            Poll::Ready(Err(io::ErrorKind::ConnectionReset.into()))
        }
    }

    impl AsyncWrite for Breaking {
        fn poll_write(
            mut self: Pin<&mut Self>,
            _: &mut Context<'_>,
            bytes: &[u8],
        ) -> Poll<io::Result<usize>> {
            let taken = bytes.len().min(self.room);
            self.room -= taken;
            Poll::Ready(if taken == 0 {
                Err(io::ErrorKind::BrokenPipe.into())
            } else {
                Ok(taken)
            })
        }

        fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
            Poll::Ready(Ok(()))
        }

        fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
            Poll::Ready(Ok(()))
        }
    }

    async fn break_after(room: usize) -> LinkFailure {
        let stream = Counted::new(Breaking { room });
        let limit = Duration::from_secs(5);
        talk(stream, Counted::count, b"\0\x02ab", limit, &mut |_| {
            Next::Done
        })
        .await
        .unwrap_err()
    }

    #[tokio::test]
    async fn i04_the_first_byte_decides_between_not_sent_and_unknown() {
        assert_eq!(break_after(0).await, not_sent(NetCode::SendBroken));
        assert_eq!(break_after(1).await, sent(NetCode::SendBroken));
        assert_eq!(break_after(3).await, sent(NetCode::SendBroken));
        assert_eq!(break_after(4).await, sent(NetCode::Closed));
    }
}
