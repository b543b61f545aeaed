//! Whose turn it is on a line: the worker leaves it between two items for a person who waits.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::sync::{Mutex, Notify, OwnedMutexGuard};

/// One way on which one flow runs at a time, shared by people and their worker.
#[derive(Clone, Default)]
pub(super) struct Line {
    lock: Arc<Mutex<()>>,
    turns: Turns,
    wake: Arc<Notify>,
}

impl Line {
    /// A person's turn: from this call on the worker knows that somebody waits.
    pub(super) fn turn(&self) -> impl Future<Output = OwnedMutexGuard<()>> + Send + use<> {
        let (lock, waiting) = (Arc::clone(&self.lock), self.turns.wait());
        async move {
            let held = lock.lock_owned().await;
            drop(waiting);
            held
        }
    }

    /// The worker's turn, for which nobody makes way.
    pub(super) async fn spare_turn(&self) -> OwnedMutexGuard<()> {
        Arc::clone(&self.lock).lock_owned().await
    }

    /// Whether a person waits.
    pub(super) fn is_wanted(&self) -> bool {
        self.turns.is_wanted()
    }

    /// Has the worker look again now.
    pub(super) fn nudge(&self) {
        self.wake.notify_one();
    }

    /// Until somebody nudges.
    pub(super) async fn nudged(&self) {
        self.wake.notified().await;
    }
}

/// How many people wait for the line.
#[derive(Clone, Default)]
struct Turns(Arc<AtomicUsize>);

impl Turns {
    /// Somebody waits until this is dropped, which they do once they have the line.
    fn wait(&self) -> Waiting {
        self.0.fetch_add(1, Ordering::SeqCst);
        Waiting(Arc::clone(&self.0))
    }

    /// Whether anybody waits.
    fn is_wanted(&self) -> bool {
        self.0.load(Ordering::SeqCst) > 0
    }
}

/// A person who waits for the line.
struct Waiting(Arc<AtomicUsize>);

impl Drop for Waiting {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

#[cfg(test)]
mod tests {
    use super::Turns;

    #[test]
    fn the_line_is_wanted_while_anybody_waits() {
        let turns = Turns::default();
        assert!(!turns.is_wanted());
        let (one, other) = (turns.wait(), turns.clone().wait());
        drop(one);
        assert!(turns.is_wanted());
        drop(other);
        assert!(!turns.is_wanted());
    }
}
