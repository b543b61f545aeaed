//! HTTPS to a wallet's server: one request, one whole answer or a failure that says how far the
//! request got. Redirects are not followed, bodies are bounded, and nothing is ever sent twice.

mod address;
mod connection;

pub use address::WebAddress;

use std::fmt;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use http_body_util::Full;
use hyper::body::Bytes;
use hyper::header::{HOST, HeaderValue};
use hyper::{Request, Uri};
use pos_channels::http::{HttpRequest, HttpResponse};
use pos_domain::NetCode;
use pos_flows::link::LinkFailure;
use pos_flows::wallet::{WebCall, WebLink};
use tokio::time::{Instant, timeout_at};

use self::connection::{Connection, Message};
use super::PlainRule;
use super::connect::{Counted, connect, not_sent};
use super::tls::{Identity, Tls, TlsError, Trust};

/// A free connection that nobody wanted for so long is closed. Servers close free connections by
/// themselves, and a request that meets such a close is unknown; so this is short.
const KEEP_FREE: Duration = Duration::from_secs(5);
/// Free connections that are kept.
const MOST_FREE: usize = 4;

/// How the bytes travel.
enum Security {
    /// In clear, to this machine only.
    Loopback,
    /// Under TLS.
    Tls {
        usual: Tls,
        /// With the merchant's certificate.
        merchant: Option<Tls>,
    },
}

/// A wallet's server.
pub struct HttpLink {
    address: WebAddress,
    security: Security,
    /// Free connections; true for those that showed the merchant's certificate.
    free: Mutex<Vec<(bool, Connection)>>,
}

impl fmt::Debug for HttpLink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "HttpLink({})", self.address)
    }
}

impl HttpLink {
    /// To `address`. `identity` is shown for the requests that need it, when there is one.
    ///
    /// # Errors
    /// [`TlsError`] for a CA that cannot be used, or a name that no certificate can have.
    pub fn new(
        address: WebAddress,
        trust: Trust<'_>,
        identity: Option<&Identity>,
    ) -> Result<Self, TlsError> {
        let security = if address.tls {
            let name = &address.name;
            let merchant = identity.map(|identity| Tls::new(name, trust, Some(identity)));
            Security::Tls {
                usual: Tls::new(name, trust, None)?,
                merchant: merchant.transpose()?,
            }
        } else {
            Security::Loopback
        };
        Ok(Self {
            address,
            security,
            free: Mutex::default(),
        })
    }

    /// Whether the server has to prove its name.
    #[must_use]
    pub const fn is_tls(&self) -> bool {
        matches!(self.security, Security::Tls { .. })
    }

    /// Sends one request and reads the whole answer, whatever its status. `limit` bounds
    /// connecting, again sending, and again waiting after the last byte left.
    ///
    /// # Errors
    /// [`LinkFailure`]; `NotSent` only when not one byte of the request left.
    pub async fn request(
        &self,
        request: &HttpRequest,
        limit: Duration,
    ) -> Result<HttpResponse, LinkFailure> {
        let message = self.message(request).ok_or_else(|| {
            log::error!("link: a request to {} is malformed", self.address);
            not_sent(NetCode::SendBroken)
        })?;
        let certificate = request.needs_client_cert;
        let connection = match self.take_free(certificate).await {
            Some(connection) => connection,
            None => self.open(certificate, Instant::now() + limit).await?,
        };
        let (answer, connection) = connection.exchange(message, limit).await?;
        self.keep(certificate, connection);
        Ok(answer)
    }

    fn message(&self, request: &HttpRequest) -> Option<Message> {
        let uri: Uri = request.target.parse().ok()?;
        let mut builder = Request::builder().method(request.method.as_str()).uri(uri);
        let host = HeaderValue::try_from(self.address.to_string()).ok()?;
        builder.headers_mut()?.insert(HOST, host);
        for (name, value) in &request.headers {
            builder = builder.header(*name, value);
        }
        // The copy is wiped like the original.
        let body = Bytes::from_owner(request.body.clone());
        builder.body(Full::new(body)).ok()
    }

    async fn open(&self, certificate: bool, until: Instant) -> Result<Connection, LinkFailure> {
        let too_late = |_| not_sent(NetCode::ConnectTimeout);
        let (plain, tls) = match &self.security {
            Security::Loopback => (Some(PlainRule::Loopback), None),
            Security::Tls { usual, merchant } => {
                let merchant = merchant.as_ref().filter(|_| certificate);
                (None, Some(merchant.unwrap_or(usual)))
            }
        };
        let (name, port) = (self.address.name.as_str(), self.address.port);
        let stream = timeout_at(until, connect(name, port, plain)).await;
        let stream = Counted::new(stream.map_err(too_late)??);
        let left = stream.counter();
        let Some(tls) = tls else {
            return Connection::over(Box::new(stream), left).await;
        };
        let handshake = tls.connector.connect(tls.server.clone(), stream);
        let stream = timeout_at(until, handshake).await.map_err(too_late)?;
        let stream = stream.map_err(|_| not_sent(NetCode::TlsFailed))?;
        Connection::over(Box::new(stream), left).await
    }

    /// A free connection that is still open; those that are not are closed on the way.
    async fn take_free(&self, certificate: bool) -> Option<Connection> {
        loop {
            let mut found = {
                let mut free = self.free.lock().unwrap_or_else(PoisonError::into_inner);
                free.retain(|(_, one)| one.free_since().elapsed() < KEEP_FREE);
                // The newest is the least likely to be closed.
                let at = free.iter().rposition(|(own, _)| *own == certificate)?;
                free.remove(at).1
            };
            if found.is_open().await {
                return Some(found);
            }
        }
    }

    fn keep(&self, certificate: bool, connection: Connection) {
        let mut free = self.free.lock().unwrap_or_else(PoisonError::into_inner);
        if free.len() >= MOST_FREE {
            free.remove(0);
        }
        free.push((certificate, connection));
    }
}

impl WebLink for HttpLink {
    fn call<'a>(&'a self, request: &'a HttpRequest, limit: Duration) -> WebCall<'a> {
        Box::pin(self.request(request, limit))
    }

    fn is_verified(&self) -> bool {
        self.is_tls()
    }
}
