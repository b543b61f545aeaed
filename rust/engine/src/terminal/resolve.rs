//! The acquirer's written statement about something unknown, entered by two people.

use pos_domain::{Id, LocalCode};
use pos_flows::Statement;
use pos_ledger::{LedgerError, Original, Query, Tx};
use pos_policy::Act;

use super::people::{self, Approving};
use super::{EngineError, Terminal};

/// What an identifier on the statement stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Resolved {
    /// A sale.
    Sale(Id),
    /// A void or refund.
    Undo(Id),
}

/// Why a text cannot be the name of a statement, or a reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StatementFault {
    /// Empty, too long, or holding what cannot be printed.
    #[error("has 1 to 64 printable characters")]
    Form,
    /// It holds a number that could be a card's.
    #[error("must not hold a card number")]
    CardNumber,
}

/// The longest name of a statement, in characters.
const LONGEST: usize = 64;

/// Checks what a statement is called, or what a reason says: printable, and no number that could
/// be a card's.
///
/// # Errors
/// [`StatementFault`].
pub fn check_statement(text: &str) -> Result<(), StatementFault> {
    let length = text.chars().count();
    let mut runs = text.split(|c: char| !c.is_ascii_digit());
    if !(1..=LONGEST).contains(&length) || text.chars().any(char::is_control) {
        return Err(StatementFault::Form);
    }
    if runs.any(|run| (13..=19).contains(&run.len())) {
        return Err(StatementFault::CardNumber);
    }
    Ok(())
}

impl Terminal {
    /// Enters a statement about an unknown sale or undo, named by its own identifier or by that
    /// of what is owed for it. Tells what it was about.
    ///
    /// # Errors
    /// [`EngineError::Refused`] when it is not unknown, or two people, one of them a supervisor,
    /// did not consent; nothing was changed then.
    pub fn resolve(
        &self,
        who: &str,
        id: &Id,
        statement: Statement,
        reference: &str,
        approving: &[Approving],
    ) -> Result<Resolved, EngineError> {
        let about = self.ledger.read(|query| subject(query, id))?;
        let (original, amount) = self.ledger.read(|query| match &about {
            Resolved::Sale(sale) => {
                let original = query.original(sale)?;
                let amount = original.amount;
                Ok::<_, LedgerError>((original, amount))
            }
            Resolved::Undo(undo) => {
                let undo = query.undo(undo)?;
                Ok((query.original(&undo.original)?, undo.amount))
            }
        })?;
        let consent = self.consent(Act::Resolve, &original, amount, approving)?;
        let store = |tx: &Tx<'_>, original: &Original| {
            let used_by = tx.new_id('W')?;
            people::store(tx, consent.as_ref(), original, amount, &used_by)
        };
        // On the line: an answer that is just coming in must not meet a statement about itself.
        match self.till_of_sale(&original.id)? {
            Some(till) => {
                self.run_web(async { till.resolve(who, id, statement, reference, store) })?;
            }
            None => {
                let desk = self.desk()?;
                self.run(async { desk.resolve(who, id, statement, reference, store) })?;
            }
        }
        self.nudge();
        Ok(about)
    }
}

fn subject(query: Query<'_>, id: &Id) -> Result<Resolved, EngineError> {
    let found = |error: LedgerError| match error {
        LedgerError::Missing { .. } => Ok(()),
        other => Err(other),
    };
    match query.undo(id) {
        Ok(undo) => return Ok(Resolved::Undo(undo.id)),
        Err(error) => found(error)?,
    }
    match query.original(id) {
        Ok(original) => return Ok(Resolved::Sale(original.id)),
        Err(error) => found(error)?,
    }
    let owed = match query.obligation(id) {
        Ok(owed) => owed,
        Err(error) => {
            found(error)?;
            return Err(EngineError::Refused(LocalCode::NotFound.into()));
        }
    };
    match (owed.undo, owed.original) {
        (Some(undo), _) => Ok(Resolved::Undo(undo)),
        (None, Some(original)) => Ok(Resolved::Sale(original)),
        (None, None) => Err(EngineError::Refused(LocalCode::NotInThisState.into())),
    }
}
