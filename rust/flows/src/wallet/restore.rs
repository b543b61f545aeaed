//! A restored ledger where no card rail is configured: the wallets are asked first about everything
//! that the newer ledger may have done.

use pos_domain::LocalCode;
use pos_domain::ports::Outside;
use pos_ledger::Tx;

use super::till::Till;
use crate::error::{FlowError, refuse};
use crate::restore;

impl Till {
    /// As [`crate::Desk::check_epoch`], for a terminal without a card rail.
    ///
    /// # Errors
    /// Those of the ledger and of the place outside.
    pub fn check_epoch(&self, outside: &dyn Outside) -> Result<bool, FlowError> {
        restore::check_epoch(&self.ledger, outside, &self.now())
    }

    /// Whether a restored ledger waits for a supervisor; until then nothing is sent.
    ///
    /// # Errors
    /// Those of the ledger.
    pub fn is_restored(&self) -> Result<bool, FlowError> {
        restore::is_restored(&self.ledger)
    }

    /// As [`crate::Desk::accept_restored`], for a terminal without a card rail.
    ///
    /// # Errors
    /// [`FlowError::Refused`] when nothing was restored.
    pub fn accept_restored(
        &self,
        who: &str,
        consent: impl FnOnce(&Tx<'_>) -> Result<(), FlowError>,
    ) -> Result<(), FlowError> {
        if !self.is_restored()? {
            return refuse(LocalCode::NotInThisState);
        }
        self.write(who, |tx| {
            consent(tx)?;
            restore::leave_restored(tx)
        })
    }
}
