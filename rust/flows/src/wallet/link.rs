//! The port through which flows reach a wallet's server.

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use pos_channels::http::{HttpRequest, HttpResponse};

use crate::link::LinkFailure;

/// A future that a web link returns.
pub type WebCall<'a> = Pin<Box<dyn Future<Output = Result<HttpResponse, LinkFailure>> + Send + 'a>>;

/// One way to one wallet's server. A link keeps nothing, does not retry, follows no redirect and
/// does not look into bodies.
pub trait WebLink: Send + Sync {
    /// Connects, sends one request, and gives the answer whole, whatever its status.
    ///
    /// `limit` bounds connecting and, again, waiting for the whole answer after the last byte was
    /// sent. When the future is dropped before it is ready, the delivery is unknown.
    ///
    /// # Errors
    /// [`LinkFailure`] when there is no whole answer; it is "not sent" only when it is certain that
    /// not one byte of the request left.
    fn call<'a>(&'a self, request: &'a HttpRequest, limit: Duration) -> WebCall<'a>;

    /// Whether the server proves its name by TLS (decision 21).
    fn is_verified(&self) -> bool;
}
