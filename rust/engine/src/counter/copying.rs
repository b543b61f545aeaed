//! The thread that makes safety copies: after a change of what is owed within seconds, after
//! anything else seldom, and never on the way of a payment.

use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use crate::copies::{CopyError, CopyPlace, Keeper};

/// How eager it is.
#[derive(Clone, Copy, Debug)]
struct Pace {
    /// Changes within this time share one copy.
    settle: Duration,
    /// Between copies where nothing that is owed changed: each writes the whole ledger.
    seldom: Duration,
    /// Before what failed is tried again.
    retry: Duration,
}

const PACE: Pace = Pace {
    settle: Duration::from_secs(2),
    seldom: Duration::from_secs(300),
    retry: Duration::from_secs(120),
};

#[derive(Default)]
struct Rung {
    rung: bool,
    stop: bool,
}

/// Rung after each commit, from any thread.
#[derive(Clone, Default)]
pub(super) struct CopyBell(Arc<(Mutex<Rung>, Condvar)>);

impl CopyBell {
    pub(super) fn ring(&self) {
        self.change(|rung| rung.rung = true);
    }

    fn change(&self, change: impl FnOnce(&mut Rung)) {
        let (rung, told) = self.0.as_ref();
        change(&mut rung.lock().unwrap_or_else(PoisonError::into_inner));
        told.notify_one();
    }

    /// Waits until it is rung, or so long; tells whether to go on.
    fn wait(&self, most: Option<Duration>, or_rung: bool) -> bool {
        let (rung, told) = self.0.as_ref();
        let guard = rung.lock().unwrap_or_else(PoisonError::into_inner);
        let idle = |now: &mut Rung| !(now.stop || or_rung && now.rung);
        let mut now = match most {
            Some(most) => {
                let waited = told.wait_timeout_while(guard, most, idle);
                waited.unwrap_or_else(PoisonError::into_inner).0
            }
            None => {
                let waited = told.wait_while(guard, idle);
                waited.unwrap_or_else(PoisonError::into_inner)
            }
        };
        now.rung = false;
        !now.stop
    }
}

/// The place that the device gave.
#[derive(Clone, Default)]
pub(super) struct PlaceNow(Arc<Mutex<Option<Arc<dyn CopyPlace>>>>);

impl PlaceNow {
    pub(super) fn set(&self, place: Arc<dyn CopyPlace>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(place);
    }

    pub(super) fn get(&self) -> Option<Arc<dyn CopyPlace>> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

/// The thread; it ends when this is dropped.
pub(super) struct Copying {
    bell: CopyBell,
    thread: Option<JoinHandle<()>>,
}

impl Copying {
    pub(super) fn start(
        bell: CopyBell,
        keeper: Keeper,
        place: PlaceNow,
        told: impl Fn() + Send + 'static,
    ) -> std::io::Result<Self> {
        bell.change(|rung| (rung.stop, rung.rung) = (false, true));
        let rung = bell.clone();
        let thread = std::thread::Builder::new()
            .name("pos-copies".to_owned())
            .spawn(move || keep(&rung, &keeper, &place, &told))?;
        Ok(Self {
            bell,
            thread: Some(thread),
        })
    }
}

impl Drop for Copying {
    fn drop(&mut self) {
        self.bell.change(|rung| rung.stop = true);
        if let Some(Err(_)) = self.thread.take().map(JoinHandle::join) {
            log::error!("copies: the thread died");
        }
    }
}

fn keep(bell: &CopyBell, keeper: &Keeper, place: &PlaceNow, told: &impl Fn()) {
    let (mut next, mut tried) = (None, None);
    while bell.wait(next, true) {
        // What else changes in this moment is in the same copy.
        if !bell.wait(Some(PACE.settle), false) {
            return;
        }
        next = None;
        let Some(place) = place.get() else { continue };
        let wait = match need(keeper) {
            Ok(need) => wait_for(need, tried),
            Err(error) => {
                log::warn!("copies: {error}");
                Some(PACE.retry)
            }
        };
        match wait {
            None => {}
            Some(wait) if wait.is_zero() => {
                let done = keeper.write(place.as_ref());
                tried = Some(Instant::now());
                if let Err(error) = done {
                    log::warn!("copies: {error}");
                    next = Some(PACE.retry);
                }
                told();
            }
            Some(wait) => next = Some(wait),
        }
    }
}

/// Whether a copy is wanted, and how soon.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Need {
    /// They are switched off, or nothing changed.
    Nothing,
    /// What is owed changed, or there is none yet.
    Soon,
    /// Something else changed.
    Seldom,
    /// The last try failed.
    Again,
}

fn need(keeper: &Keeper) -> Result<Need, CopyError> {
    let state = keeper.state()?;
    if !state.on {
        return Ok(Need::Nothing);
    }
    let now = keeper.mark()?;
    Ok(match state.last {
        Some(last) if last.mark == now => Need::Nothing,
        _ if state.failed.is_some() => Need::Again,
        Some(last) if last.mark.queue == now.queue => Need::Seldom,
        _ => Need::Soon,
    })
}

/// How long to wait still; none when there is nothing to do.
fn wait_for(need: Need, tried: Option<Instant>) -> Option<Duration> {
    let since =
        |pause: Duration| tried.map_or(Duration::ZERO, |at| pause.saturating_sub(at.elapsed()));
    match need {
        Need::Nothing => None,
        Need::Soon => Some(Duration::ZERO),
        Need::Seldom => Some(since(PACE.seldom)),
        Need::Again => Some(since(PACE.retry)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_owed_is_copied_at_once_and_all_else_seldom() {
        let now = Some(Instant::now());
        assert_eq!(wait_for(Need::Nothing, None), None);
        assert_eq!(wait_for(Need::Soon, now), Some(Duration::ZERO));
        assert_eq!(wait_for(Need::Seldom, None), Some(Duration::ZERO));
        let seldom = wait_for(Need::Seldom, now).unwrap();
        assert!(seldom > PACE.retry && seldom <= PACE.seldom, "{seldom:?}");
        let again = wait_for(Need::Again, now).unwrap();
        assert!(again > PACE.settle && again <= PACE.retry, "{again:?}");
    }
}
