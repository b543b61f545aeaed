//! Bugs that tests plant on purpose, to prove that the checks around them bite.
//!
//! One enum, chosen at run time, behind the feature `planted`, which no build that ships has.
//! Without the feature [`crate::planted!`] is the constant `false`.

#[cfg(feature = "planted")]
use std::sync::atomic::{AtomicI64, Ordering};

#[cfg(feature = "planted")]
use std::cell::Cell;

/// The bugs. Each has a test that passes only if the named checker reports it.
#[cfg(feature = "planted")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bug {
    /// Reversals of an earlier day are closed unsent.
    DropEarlierDayReversal,
    /// A reversal is closed on any answer code.
    CloseReversalOnAnyCode,
    /// A reversal is closed when it cannot be packed.
    DropReversalOnPackingError,
    /// A time-out counts as declined.
    TimeoutIsDeclined,
    /// A card void is sent again before the first attempt's reversal is acknowledged.
    ResendVoidBeforeReversal,
    /// A refund is offered while an attempt is unproven.
    OfferRefundWhileUnproven,
    /// Age closes an unknown.
    AgeClosesUnknown,
    /// A card refund without answer is sent again.
    ResendCardRefund,
    /// A reversal is closed on 12 after a cut-over.
    CloseReversalOn12AfterCutover,
    /// An answer without a valid MAC is believed.
    BelieveWithoutMac,
    /// The outcome is told before it is durable.
    TellBeforeCommit,
    /// The wire comes before the intent.
    SendBeforeIntent,
    /// A sale by code is tried under a new number while the first is unknown.
    SecondNumberWhileUnknown,
    /// A take-back's "accepted" is taken for proof.
    TrustTakeBack,
    /// A refund without answer is repeated under a new number.
    RefundWithNewNumber,
    /// A gateway's 502 counts as declined.
    DeclineOnBadStatus,
    /// An answer about another amount or number is believed.
    BelieveOtherOrder,
    /// An answer without a good signature is believed.
    BelieveUnsigned,
    /// Clearing a stuck void frees the money that it takes.
    ClearingFreesRoom,
}

#[cfg(feature = "planted")]
thread_local! {
    static ON: Cell<Option<Bug>> = const { Cell::new(None) };
}

/// Plants `bug` for this thread, or none.
#[cfg(feature = "planted")]
pub fn plant(bug: Option<Bug>) {
    ON.with(|on| on.set(bug));
}

/// Whether `bug` is planted in this thread.
#[cfg(feature = "planted")]
#[must_use]
pub fn is_on(bug: Bug) -> bool {
    ON.with(|on| on.get() == Some(bug))
}

/// `true` only in a test that planted the bug.
#[macro_export]
macro_rules! planted {
    ($bug:ident) => {{
        #[cfg(feature = "planted")]
        {
            $crate::planted::is_on($crate::planted::Bug::$bug)
        }
        #[cfg(not(feature = "planted"))]
        {
            false
        }
    }};
}

/// Stops the program at its n-th commit, before or after it is durable; from then on every
/// commit fails, as for a process that is gone.
#[cfg(feature = "planted")]
#[derive(Debug)]
pub struct StopPoint {
    /// Commits left until the stop; negative means never.
    left: AtomicI64,
    /// Whether the commit at which it stops is still made.
    commits: std::sync::atomic::AtomicBool,
    /// How many commits were asked for.
    seen: AtomicI64,
}

#[cfg(feature = "planted")]
impl Default for StopPoint {
    fn default() -> Self {
        Self {
            left: AtomicI64::new(-1),
            commits: false.into(),
            seen: AtomicI64::new(0),
        }
    }
}

#[cfg(feature = "planted")]
impl StopPoint {
    /// Stops at the `nth` commit from now (1 is the next); `committed` says whether that one
    /// still becomes durable.
    pub fn arm(&self, nth: i64, committed: bool) {
        self.commits.store(committed, Ordering::SeqCst);
        self.left.store(nth, Ordering::SeqCst);
    }

    /// How many commits were asked for so far.
    #[must_use]
    pub fn seen(&self) -> i64 {
        self.seen.load(Ordering::SeqCst)
    }

    /// Whether the program stops before this commit.
    #[must_use]
    pub fn before_commit(&self) -> bool {
        self.seen.fetch_add(1, Ordering::SeqCst);
        let left = self.left.load(Ordering::SeqCst);
        if left > 0 {
            self.left.store(left - 1, Ordering::SeqCst);
        }
        match left {
            0 => true,
            1 => !self.commits.load(Ordering::SeqCst),
            _ => false,
        }
    }

    /// Whether the program stops after this commit.
    #[must_use]
    pub fn after_commit(&self) -> bool {
        self.left.load(Ordering::SeqCst) == 0
    }
}
