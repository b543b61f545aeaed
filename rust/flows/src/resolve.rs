//! The acquirer's or wallet's written statement, entered by two people: the only way besides a
//! proof on the wire that closes an unknown.

use pos_domain::status::{AttemptState, ObligationKind, ObligationStatus};
use pos_domain::{Code, Id, LocalCode, OriginalKind, SaleStatus, UndoKind, UndoStatus};
use pos_ledger::{Original, Query, Tx, Undo};

use crate::desk::Desk;
use crate::error::FlowError;
use crate::reversal::attempt_of;

/// What the statement says of the message that is unknown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Statement {
    /// The host carried it out.
    Executed,
    /// The host did not carry it out.
    NotExecuted,
}

/// What an identifier on the statement stands for.
enum Subject {
    Sale(Box<Original>),
    Undo(Box<Undo>),
}

impl Desk {
    /// Enters a statement about an unknown sale or undo, named by its own identifier or by that of
    /// what is owed for it. `consent` stores the two people's approval in the same transaction.
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
        self.write(who, |tx| enter(tx, id, statement, reference, consent))
    }
}

/// Enters a statement, whichever way its subject went.
pub(crate) fn enter(
    tx: &Tx<'_>,
    id: &Id,
    statement: Statement,
    reference: &str,
    consent: impl FnOnce(&Tx<'_>, &Original) -> Result<(), FlowError>,
) -> Result<(), FlowError> {
    let subject = subject_of(tx, id)?;
    let original = match &subject {
        Subject::Sale(original) => original.as_ref().clone(),
        Subject::Undo(undo) => tx.query().original(&undo.original)?,
    };
    consent(tx, &original)?;
    let proof = format!("stated by the acquirer, {reference}");
    match &subject {
        Subject::Sale(original) => resolve_sale(tx, original, statement, &proof),
        Subject::Undo(undo) => resolve_undo(tx, undo, statement, &proof),
    }
}

fn subject_of(tx: &Tx<'_>, id: &Id) -> Result<Subject, FlowError> {
    let query = tx.query();
    if let Ok(undo) = query.undo(id) {
        return Ok(Subject::Undo(Box::new(undo)));
    }
    if let Ok(original) = query.original(id) {
        return Ok(Subject::Sale(Box::new(original)));
    }
    let owed = query.obligation(id)?;
    match (owed.undo, owed.original) {
        (Some(undo), _) => Ok(Subject::Undo(Box::new(query.undo(&undo)?))),
        (None, Some(original)) => Ok(Subject::Sale(Box::new(query.original(&original)?))),
        (None, None) => Err(FlowError::Refused(LocalCode::NotInThisState.into())),
    }
}

fn resolve_sale(
    tx: &Tx<'_>,
    original: &Original,
    statement: Statement,
    proof: &str,
) -> Result<(), FlowError> {
    if original.status != SaleStatus::Unknown {
        return resolve_confirmations(tx, original, statement, proof);
    }
    let code = Code::from(LocalCode::Resolved);
    let executed = statement == Statement::Executed;
    close_reversals(tx, original, None, executed, proof)?;
    let status = if executed {
        standing(original.kind)
    } else {
        SaleStatus::Reversed
    };
    tx.set_original_status(&original.id, status, Some(&code))?;
    for undo in tx.query().undos_of(&original.id)? {
        if undo.status != UndoStatus::Unknown || tx.query().has_unproven_attempt(&undo.id)? {
            continue;
        }
        if executed {
            // The sale stands, so the void that waited for it goes out.
            tx.set_undo_status(&undo.id, UndoStatus::Queued, Some(&code))?;
        } else {
            tx.set_undo_status(&undo.id, UndoStatus::Voided, Some(&code))?;
            tx.close_obligation(&undo.id, "the sale itself is proven undone")?;
        }
    }
    Ok(())
}

/// What an original is once it is proven made.
pub(crate) const fn standing(kind: OriginalKind) -> SaleStatus {
    match kind {
        OriginalKind::Preauth => SaleStatus::Held,
        OriginalKind::Sale | OriginalKind::Completion | OriginalKind::Unmatched => {
            SaleStatus::Approved
        }
    }
}

/// What was acknowledged as undone, and whose confirming reversal the host could not answer for: a
/// sale, or the attempt at a void that was withdrawn since. If it was carried out after all, the
/// terminal says so, too: a sale shown as undone while its money is taken could never be given
/// back, and one shown as standing while its void was made could be given back twice.
fn resolve_confirmations(
    tx: &Tx<'_>,
    original: &Original,
    statement: Statement,
    proof: &str,
) -> Result<(), FlowError> {
    let query = tx.query();
    let mut owed = query.obligations_of(&original.id)?;
    owed.retain(|o| {
        let unproven = [ObligationStatus::Escalated, ObligationStatus::Cleared];
        o.kind == ObligationKind::Confirmation && unproven.contains(&o.status)
    });
    if owed.is_empty() {
        return Err(FlowError::Refused(LocalCode::NotInThisState.into()));
    }
    // First what was carried out, then the debts: the ledger lets nothing come to life without one.
    if statement == Statement::Executed {
        let code = Code::from(LocalCode::Resolved);
        for confirmation in &owed {
            let attempt = query.attempt(attempt_of(confirmation)?)?;
            match &attempt.undo {
                Some(void) => void_was_made(tx, original, void, &code)?,
                None => sale_was_made(tx, original, &code)?,
            }
            tx.close_attempt(&attempt.id, AttemptState::Answered, Some(&code), None)?;
        }
    }
    for confirmation in owed {
        tx.close_obligation(&confirmation.id, proof)?;
    }
    Ok(())
}

/// A sale that counted as undone was made. A void that was done with it was not: the money is
/// there, so it can be given back.
fn sale_was_made(tx: &Tx<'_>, original: &Original, code: &Code) -> Result<(), FlowError> {
    let query = tx.query();
    if let Some(preauth) = &original.parent
        && original.kind == OriginalKind::Completion
        && (query.has_live_completion(preauth)? || is_taken_back(query, preauth)?)
    {
        return Err(FlowError::Refused(LocalCode::PreauthTaken.into()));
    }
    for undo in query.undos_of(&original.id)? {
        if undo.status == UndoStatus::Voided {
            tx.set_undo_status(&undo.id, UndoStatus::Refused, Some(code))?;
        }
    }
    Ok(tx.set_original_status(&original.id, standing(original.kind), Some(code))?)
}

fn is_taken_back(query: Query<'_>, original: &Id) -> Result<bool, FlowError> {
    let undos = query.undos_of(original)?;
    Ok(undos.iter().any(|undo| !undo.status.is_proven_failed()))
}

/// A void that was withdrawn was made.
fn void_was_made(
    tx: &Tx<'_>,
    original: &Original,
    void: &Id,
    code: &Code,
) -> Result<(), FlowError> {
    let status = tx.query().undo(void)?.status;
    if status == UndoStatus::Withdrawn && is_taken_back(tx.query(), &original.id)? {
        return Err(FlowError::Refused(LocalCode::UndoInProgress.into()));
    }
    Ok(tx.set_undo_status(void, UndoStatus::Voided, Some(code))?)
}

fn resolve_undo(
    tx: &Tx<'_>,
    undo: &Undo,
    statement: Statement,
    proof: &str,
) -> Result<(), FlowError> {
    if !matches!(undo.status, UndoStatus::Unknown | UndoStatus::Escalated) {
        return Err(FlowError::Refused(LocalCode::NotInThisState.into()));
    }
    let original = tx.query().original(&undo.original)?;
    if original.status == SaleStatus::Unknown {
        // The statement has to be about the sale first.
        return Err(FlowError::Refused(LocalCode::SaleUnknown.into()));
    }
    let executed = statement == Statement::Executed;
    close_reversals(tx, &original, Some(&undo.id), executed, proof)?;
    let status = match (statement, undo.kind) {
        (Statement::Executed, UndoKind::Void) => UndoStatus::Voided,
        (Statement::Executed, UndoKind::Refund) => UndoStatus::Refunded,
        (Statement::NotExecuted, _) => UndoStatus::Refused,
    };
    tx.set_undo_status(&undo.id, status, Some(&LocalCode::Resolved.into()))?;
    Ok(tx.close_obligation(&undo.id, proof)?)
}

/// Closes the reversals of one sale or one undo, and with them its unproven attempts.
fn close_reversals(
    tx: &Tx<'_>,
    original: &Original,
    undo: Option<&Id>,
    executed: bool,
    proof: &str,
) -> Result<(), FlowError> {
    let state = if executed {
        AttemptState::Answered
    } else {
        AttemptState::Reversed
    };
    let code = Code::from(LocalCode::Resolved);
    for attempt in tx.query().attempts_of(&original.id)? {
        let unproven = matches!(
            attempt.state,
            AttemptState::Intended | AttemptState::NoAnswer
        );
        if attempt.undo.as_ref() == undo && attempt.purpose != "reversal" && unproven {
            tx.close_attempt(&attempt.id, state, Some(&code), None)?;
        }
    }
    for owed in tx.query().obligations_of(&original.id)? {
        let reverses = matches!(
            owed.kind,
            ObligationKind::Reversal
                | ObligationKind::Confirmation
                | ObligationKind::BatchUpload
                | ObligationKind::Query
                | ObligationKind::Revoke
        );
        if reverses && owed.undo.as_ref() == undo && owed.status != ObligationStatus::Closed {
            tx.close_obligation(&owed.id, proof)?;
        }
    }
    Ok(())
}
