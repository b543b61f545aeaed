//! The desk: everything a flow needs, and the small reads and stamps they share.

use std::sync::Arc;

use pos_channels::unionpay::DraftError;
use pos_domain::ports::{Cipher, Clock};
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
    /// Set while a restored ledger waits for a supervisor.
    pub const RESTORED: &str = "state.restored";
}

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
        DraftError::Encode(_) | DraftError::Stored => LocalCode::PackingFailed,
    }
}
