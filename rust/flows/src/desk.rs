//! The desk: everything a flow needs, and the small reads and stamps they share.

use std::sync::Arc;

use pos_channels::unionpay::DraftError;
use pos_domain::ports::{Cipher, Clock, Outside, Storage};
use pos_domain::{LocalCode, Moment};
use pos_ledger::{Ledger, LedgerError, Query, Stamp, Tx};

use crate::error::FlowError;
use crate::link::Link;
use crate::rules::Rules;

/// Settings of the terminal's own state.
pub(crate) mod state {
    /// Why the next exchange needs a sign-in first; empty when it does not.
    pub const SIGN_IN_NEEDED: &str = "state.sign_in_needed";
    /// The business date of the last sign-in, YYYYMMDD.
    pub const SIGNED_IN_ON: &str = "state.signed_in_on";
    /// The host's business day as last told, MMDD.
    pub const HOST_DAY: &str = "state.host_day";
    /// The trace number of the last sign-in.
    pub const SIGN_IN_TRACE: &str = "state.sign_in_trace";
    /// Set from a sign-in until what is escalated was tried once more.
    pub const RETRY_ESCALATED: &str = "state.retry_escalated";
    /// Set while a restored ledger waits for a supervisor.
    pub const RESTORED: &str = "state.restored";
}

/// The name under which the end of the reserved trace numbers stands outside.
pub const TRACE_END: &str = "trace_end";
/// Trace numbers reserved at once.
const TRACE_BLOCK: u64 = 1_000;
/// More than one message and its kin use up before the next look.
const RESERVE_AHEAD: u64 = 8;

/// One terminal at work on one rail.
#[derive(Clone)]
pub struct Desk {
    /// The memory.
    pub ledger: Arc<Ledger>,
    /// The way to the acquirer.
    pub link: Arc<dyn Link>,
    /// The clocks.
    pub clock: Arc<dyn Clock>,
    /// The key pad.
    pub cipher: Arc<dyn Cipher>,
    /// Where the restore epoch and the reserved trace numbers stand.
    pub outside: Arc<dyn Outside>,
    /// The disk.
    pub storage: Arc<dyn Storage>,
    /// The acquirer's rules.
    pub rules: Arc<Rules>,
}

impl Desk {
    pub(crate) fn now(&self) -> Moment {
        self.clock.now()
    }

    pub(crate) fn write<T>(
        &self,
        who: &str,
        work: impl FnOnce(&Tx<'_>) -> Result<T, FlowError>,
    ) -> Result<T, FlowError> {
        let stamp = Stamp {
            at: self.now(),
            operator: who.to_owned(),
        };
        self.ledger.write(stamp, work)
    }

    /// Makes sure that the trace numbers about to be used are reserved outside the ledger, so that
    /// a restored copy can jump past them.
    pub(crate) fn reserve_traces(&self) -> Result<(), FlowError> {
        let used = self.read(|query| query.counter("trace"))?.unwrap_or(0);
        let used = u64::try_from(used).unwrap_or(0);
        let end = self.outside.read(TRACE_END)?.unwrap_or(0);
        // Behind the end, or far before it because the numbers went round.
        let inside = used.saturating_add(RESERVE_AHEAD) <= end && end <= used + TRACE_BLOCK;
        if !inside {
            self.outside
                .write(TRACE_END, used.saturating_add(TRACE_BLOCK))?;
        }
        Ok(())
    }

    /// Whether the trace numbers went up without a break from the last sign-in to `trace`, so that
    /// no other message of this terminal can have the same.
    pub(crate) fn is_unbroken(&self, tx: &Tx<'_>, trace: &str) -> Result<bool, FlowError> {
        let signed_in = tx.query().setting(state::SIGN_IN_TRACE)?;
        Ok(signed_in.is_some_and(|first| first.as_str() < trace))
    }

    pub(crate) fn read<T>(
        &self,
        work: impl FnOnce(Query<'_>) -> Result<T, LedgerError>,
    ) -> Result<T, FlowError> {
        Ok(self.ledger.read(work)?)
    }
}

/// Which local code stands for a message that could not be packed.
pub(crate) const fn packing_code(error: &DraftError) -> LocalCode {
    use pos_domain::ports::CipherError as C;
    match error {
        DraftError::Cipher(C::NoKey) => LocalCode::NotSignedIn,
        DraftError::Cipher(_) => LocalCode::KeysLost,
        DraftError::Encode(_) | DraftError::Part(_) | DraftError::Stored => {
            LocalCode::PackingFailed
        }
    }
}
