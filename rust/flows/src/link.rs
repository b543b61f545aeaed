//! The port through which flows reach a host.

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use pos_domain::{Delivery, NetCode};

/// What to do with a frame that came in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// It was not the answer (late or foreign): keep waiting on the same connection.
    More,
    /// It was the answer: done.
    Done,
}

/// Why there is no answer, and how far the request got.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LinkFailure {
    /// [`Delivery::NotSent`] only when it is certain that not one byte left.
    pub delivery: Delivery,
    /// What happened.
    pub code: NetCode,
}

/// A future that a link returns.
pub type Exchange<'a> = Pin<Box<dyn Future<Output = Result<(), LinkFailure>> + Send + 'a>>;

/// One way to one host. A link keeps no message, does not retry, and does not look into frames.
pub trait Link: Send + Sync {
    /// Connects, sends one whole frame (its two length bytes included), and hands every whole
    /// frame that comes back to `receive` until that says [`Next::Done`].
    ///
    /// `limit` bounds connecting and, again, waiting for the answer after the last byte was sent.
    /// When the future is dropped before it is ready, the delivery is unknown.
    ///
    /// # Errors
    /// [`LinkFailure`] when no answer was taken; frames handed to `receive` before it stand.
    fn exchange<'a>(
        &'a self,
        frame: &'a [u8],
        limit: Duration,
        receive: &'a mut (dyn FnMut(&[u8]) -> Next + Send),
    ) -> Exchange<'a>;
}
