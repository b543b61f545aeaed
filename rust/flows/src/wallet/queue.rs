//! What a person may do with an owed void or refund of an order over the web.

use pos_domain::{Id, LocalCode};
use pos_ledger::{Original, Tx, Undo};

use super::till::Till;
use crate::clear;
use crate::error::{FlowError, refuse};
use crate::queue;
use crate::resolve::{self, Statement};

impl Till {
    /// Holds a void or refund back: it is not sent until released. Its deadline runs on.
    ///
    /// # Errors
    /// [`FlowError::Refused`] for anything but a waiting one.
    pub fn hold(&self, who: &str, id: &Id) -> Result<(), FlowError> {
        self.change(who, id, |tx, undo| queue::hold(tx, &undo))
    }

    /// Lets a held void or refund go on.
    ///
    /// # Errors
    /// [`FlowError::Refused`] for anything but a held one.
    pub fn release(&self, who: &str, id: &Id) -> Result<(), FlowError> {
        self.change(who, id, |tx, undo| {
            queue::release(tx, &undo, || self.waiting(tx, id))
        })
    }

    /// Withdraws a void or refund: the sale stands. Only while no call of it can have arrived,
    /// which the same transaction checks.
    ///
    /// # Errors
    /// [`FlowError::Refused`] when a call has begun and is not proven to have done nothing.
    pub fn withdraw(
        &self,
        who: &str,
        id: &Id,
        consent: impl FnOnce(&Tx<'_>, &Undo) -> Result<(), FlowError>,
    ) -> Result<(), FlowError> {
        self.change(who, id, |tx, undo| {
            queue::may_be_withdrawn(tx, &undo)?;
            consent(tx, &undo)?;
            queue::withdrawn(tx, id, "withdrawn, every call proven to have done nothing")
        })
    }

    /// Hands an owed item to the wallet's support: it stays owed and is not sent any more.
    /// `consent` stores the approval in the same transaction, or fails.
    ///
    /// # Errors
    /// [`FlowError::Refused`] when it is not owed, or is on its way at this moment; those of
    /// `consent`.
    pub fn escalate_with(
        &self,
        who: &str,
        id: &Id,
        consent: impl FnOnce(&Tx<'_>) -> Result<(), FlowError>,
    ) -> Result<(), FlowError> {
        self.write(who, |tx| {
            consent(tx)?;
            let owed = tx.query().obligation(id)?;
            if !owed.web {
                return refuse(LocalCode::NotInThisState);
            }
            queue::escalated(tx, &owed)
        })
    }

    /// Enters the wallet's written statement about an unknown sale or undo. `consent` stores the
    /// two people's approval in the same transaction.
    ///
    /// # Errors
    /// [`FlowError::Refused`] when it is not unknown.
    pub fn resolve(
        &self,
        who: &str,
        id: &Id,
        statement: Statement,
        reference: &str,
        consent: impl FnOnce(&Tx<'_>, &Original) -> Result<(), FlowError>,
    ) -> Result<(), FlowError> {
        self.write(who, |tx| {
            resolve::enter(tx, id, statement, reference, consent)
        })
    }

    /// Clears a stuck item for a reason, as [`crate::Desk::clear`] does.
    ///
    /// # Errors
    /// Those of [`crate::Desk::clear`].
    pub fn clear(
        &self,
        who: &str,
        item: &Id,
        reason: &str,
        consent: impl FnOnce(&Tx<'_>, &Original) -> Result<(), FlowError>,
    ) -> Result<(), FlowError> {
        self.write(who, |tx| clear::enter(tx, item, reason, consent))
    }

    fn change(
        &self,
        who: &str,
        id: &Id,
        work: impl FnOnce(&Tx<'_>, Undo) -> Result<(), FlowError>,
    ) -> Result<(), FlowError> {
        self.write(who, |tx| {
            let undo = tx.query().undo(id)?;
            if !undo.web {
                return refuse(LocalCode::NotInThisState);
            }
            work(tx, undo)
        })
    }
}
