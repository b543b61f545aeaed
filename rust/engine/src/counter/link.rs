//! How the acquirer has answered lately: a link around the link that only looks on.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use pos_domain::Delivery;
use pos_flows::link::{Exchange, Link, LinkFailure, Next};

use super::shapes::LinkState;

/// An exchange that took longer was slow.
const SLOW: Duration = Duration::from_secs(5);

/// The last that is known of the line, and who is told when it changes.
pub(super) struct Health {
    state: Mutex<LinkState>,
    changed: Box<dyn Fn() + Send + Sync>,
}

impl Health {
    pub(super) fn new(changed: impl Fn() + Send + Sync + 'static) -> Self {
        Self {
            state: Mutex::default(),
            changed: Box::new(changed),
        }
    }

    pub(super) fn state(&self) -> LinkState {
        *self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes how the line is, and tells when that is news.
    pub(super) fn note(&self, state: LinkState) {
        let mut held = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let before = std::mem::replace(&mut *held, state);
        drop(held);
        if before != state {
            (self.changed)();
        }
    }
}

fn judge(result: Result<(), LinkFailure>, took: Duration) -> LinkState {
    match result {
        Ok(()) if took <= SLOW => LinkState::Online,
        Ok(()) => LinkState::Slow,
        Err(failure) if failure.delivery == Delivery::NotSent => LinkState::Offline,
        Err(_) => LinkState::Slow,
    }
}

/// A link whose exchanges are noted.
pub(super) struct Watched {
    pub(super) inner: Arc<dyn Link>,
    pub(super) health: Arc<Health>,
}

impl Link for Watched {
    fn exchange<'a>(
        &'a self,
        frame: &'a [u8],
        limit: Duration,
        receive: &'a mut (dyn FnMut(&[u8]) -> Next + Send),
    ) -> Exchange<'a> {
        Box::pin(async move {
            let began = Instant::now();
            let result = self.inner.exchange(frame, limit, receive).await;
            self.health.note(judge(result, began.elapsed()));
            result
        })
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use pos_domain::NetCode;

    use super::*;

    #[test]
    fn only_a_change_is_told() {
        let told = Arc::new(AtomicU32::new(0));
        let count = Arc::clone(&told);
        let health = Health::new(move || {
            count.fetch_add(1, Ordering::SeqCst);
        });
        for state in [LinkState::Online, LinkState::Online, LinkState::Offline] {
            health.note(state);
        }
        assert_eq!(told.load(Ordering::SeqCst), 2);
        assert_eq!(health.state(), LinkState::Offline);
    }

    #[test]
    fn a_lost_answer_is_not_a_lost_line() {
        let failed = |delivery| {
            let code = NetCode::NoAnswer;
            judge(Err(LinkFailure { delivery, code }), Duration::ZERO)
        };
        assert_eq!(failed(Delivery::NotSent), LinkState::Offline);
        assert_eq!(failed(Delivery::SentUnknown), LinkState::Slow);
        assert_eq!(judge(Ok(()), Duration::ZERO), LinkState::Online);
        assert_eq!(
            judge(Ok(()), SLOW + Duration::from_millis(1)),
            LinkState::Slow
        );
    }
}
