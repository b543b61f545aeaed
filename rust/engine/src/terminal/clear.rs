//! Clearing a stuck item: two people take it out of gate and list, and nothing is proven by that.

use pos_domain::{Id, LocalCode};
use pos_ledger::{LedgerError, Original, Tx};
use pos_policy::Act;

use super::people::{self, Approving};
use super::{EngineError, Terminal};

impl Terminal {
    /// Clears a stuck item for a reason that fits [`super::check_statement`]. Its net stays
    /// unknown, its undo room stays taken, the settlement tells it, and only an answer or a
    /// statement closes it.
    ///
    /// # Errors
    /// [`EngineError::Refused`] when the terminal can still prove it, nothing of it was ever sent,
    /// or two people, one of them a supervisor, did not consent; nothing was changed then.
    pub fn clear(
        &self,
        who: &str,
        item: &Id,
        reason: &str,
        approving: &[Approving],
    ) -> Result<(), EngineError> {
        let found = self.ledger.read(|query| {
            let owed = query.obligation(item)?;
            let original = owed.original.as_ref().map(|id| query.original(id));
            let undo = owed.undo.as_ref().map(|id| query.undo(id));
            Ok::<_, LedgerError>((original.transpose()?, undo.transpose()?))
        });
        let (original, undo) = match found {
            Err(LedgerError::Missing { .. }) => {
                return Err(EngineError::Refused(LocalCode::NotFound.into()));
            }
            found => found?,
        };
        let original =
            original.ok_or_else(|| EngineError::Refused(LocalCode::NotInThisState.into()))?;
        let amount = undo.map_or(original.amount, |undo| undo.amount);
        let consent = self.consent(Act::Clear, &original, amount, approving)?;
        let store = |tx: &Tx<'_>, original: &Original| {
            people::store(tx, consent.as_ref(), original, amount, item)
        };
        // On the line: an answer that is just coming in may still prove it.
        match self.till_of_item(item)? {
            Some(till) => self.run_web(async { till.clear(who, item, reason, store) })?,
            None => {
                let desk = self.desk()?;
                self.run(async { desk.clear(who, item, reason, store) })?;
            }
        }
        self.nudge();
        Ok(())
    }
}
