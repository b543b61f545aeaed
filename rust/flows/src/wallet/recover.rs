//! Recovery: what was under way when the program stopped becomes unknown and owed.

use pos_domain::status::{AttemptState, ObligationKind, ObligationStatus};
use pos_domain::{SaleStatus, UndoStatus};
use pos_ledger::{Attempt, Tx};

use super::till::Till;
use crate::error::FlowError;
use crate::judge::interrupted;

impl Till {
    /// Puts right what a stop between any two writes left. Safe to run again at any time while no
    /// flow runs.
    ///
    /// # Errors
    /// Those of the ledger.
    pub fn recover(&self) -> Result<u32, FlowError> {
        let mut left = self.read(|query| query.interrupted_attempts())?;
        left.retain(Attempt::is_web);
        for attempt in &left {
            self.write("system", |tx| recover_attempt(tx, attempt))?;
        }
        let code = interrupted();
        for original in self.read(|query| query.unsent_originals())? {
            if original.is_web() {
                self.write("system", |tx| {
                    Ok(tx.set_original_status(&original.id, SaleStatus::NotSent, Some(&code))?)
                })?;
            }
        }
        let count = u32::try_from(left.len()).unwrap_or(u32::MAX);
        if count > 0 {
            log::warn!("recovery: {count} interrupted over the web");
        }
        Ok(count)
    }
}

/// A committed attempt without a committed "not sent" counts as sent and unproven. A question or a
/// take-back changes nothing by itself: what is owed is still owed.
fn recover_attempt(tx: &Tx<'_>, attempt: &Attempt) -> Result<(), FlowError> {
    let code = interrupted();
    tx.close_attempt(&attempt.id, AttemptState::NoAnswer, Some(&code), None)?;
    let query = tx.query();
    match (&attempt.undo, &attempt.original) {
        (Some(undo), _) if query.undo(undo)?.status == UndoStatus::Sending => {
            Ok(tx.set_undo_status(undo, UndoStatus::Unknown, Some(&code))?)
        }
        (None, Some(sale)) if attempt.purpose == "sale" => {
            tx.set_original_status(sale, SaleStatus::Unknown, Some(&code))?;
            if let Some(question) = query.web_obligation(sale, ObligationKind::Query)? {
                let owed = ObligationStatus::Owed;
                tx.set_obligation_status(&question.id, owed, Some(&code))?;
            }
            Ok(())
        }
        _ => Ok(()),
    }
}
