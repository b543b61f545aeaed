//! Whose turn it is on the line: the worker leaves it between two items for a person who waits.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// How many people wait for the line.
#[derive(Clone, Default)]
pub(super) struct Turns(Arc<AtomicUsize>);

impl Turns {
    /// Somebody waits until this is dropped, which they do once they have the line.
    pub(super) fn wait(&self) -> Waiting {
        self.0.fetch_add(1, Ordering::SeqCst);
        Waiting(Arc::clone(&self.0))
    }

    /// Whether anybody waits.
    pub(super) fn is_wanted(&self) -> bool {
        self.0.load(Ordering::SeqCst) > 0
    }
}

/// A person who waits for the line.
pub(super) struct Waiting(Arc<AtomicUsize>);

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
