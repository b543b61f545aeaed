//! Clearing: two people take a stuck item out of gate and list. Nothing is proven by that: what it
//! is about stays unknown, its undo room stays taken, and an answer or a statement still closes it.

use pos_domain::status::{AttemptState, ObligationKind, ObligationStatus};
use pos_domain::{Code, Id, LocalCode, SaleStatus, UndoStatus};
use pos_ledger::{Obligation, Original, Query, Tx, Undo};

use crate::desk::{Desk, state};
use crate::error::{FlowError, refuse};
use crate::notice::original_of;

/// Purposes of attempts that move no money by themselves.
const BESIDE: [&str; 3] = ["reversal", "query", "refund_query"];

impl Desk {
    /// Clears a stuck item for a reason. `consent` stores the approval of two different people,
    /// used by that item, in the same transaction.
    ///
    /// # Errors
    /// [`FlowError::Refused`] when the terminal can still do something about it, or nothing of it
    /// was ever sent; those of the ledger and of `consent`. Nothing was changed then.
    pub fn clear(
        &self,
        who: &str,
        item: &Id,
        reason: &str,
        consent: impl FnOnce(&Tx<'_>, &Original) -> Result<(), FlowError>,
    ) -> Result<(), FlowError> {
        self.write(who, |tx| enter(tx, item, reason, consent))
    }
}

/// Clears an item, whichever way it went.
pub(crate) fn enter(
    tx: &Tx<'_>,
    item: &Id,
    reason: &str,
    consent: impl FnOnce(&Tx<'_>, &Original) -> Result<(), FlowError>,
) -> Result<(), FlowError> {
    let query = tx.query();
    let owed = query.obligation(item)?;
    let original = query.original(original_of(&owed)?)?;
    check_stuck(query, &owed, &original)?;
    consent(tx, &original)?;
    tx.clear_obligation(item, reason)?;
    if pos_domain::planted!(ClearingFreesRoom) && owed.undo.as_ref() == Some(item) {
        tx.set_undo_status(item, UndoStatus::Refused, None)?;
    }
    match &owed.undo {
        Some(undo) if owed.kind == ObligationKind::Reversal => give_up_waiting(tx, undo),
        _ => Ok(()),
    }
}

/// Refuses what is not stuck: the terminal itself may still prove it, or it never left.
fn check_stuck(query: Query<'_>, owed: &Obligation, original: &Original) -> Result<(), FlowError> {
    let restored = query.setting(state::RESTORED)?;
    if restored.is_some_and(|restored| !restored.is_empty()) {
        return refuse(LocalCode::Restored);
    }
    match owed.status {
        ObligationStatus::Escalated => {}
        ObligationStatus::Owed if owed.kind == ObligationKind::Confirmation || owed.rounds == 0 => {
            return refuse(LocalCode::StillTried);
        }
        ObligationStatus::Owed => {}
        ObligationStatus::Armed
        | ObligationStatus::OnHold
        | ObligationStatus::Cleared
        | ObligationStatus::Closed => return refuse(LocalCode::NotInThisState),
    }
    match &owed.undo {
        Some(undo) if owed.kind != ObligationKind::Reversal => {
            check_undo(query, &query.undo(undo)?, original)
        }
        _ => Ok(()),
    }
}

fn check_undo(query: Query<'_>, undo: &Undo, original: &Original) -> Result<(), FlowError> {
    if matches!(original.status, SaleStatus::Unknown | SaleStatus::Sending) {
        // It goes out, or is done, once the sale is known.
        return refuse(LocalCode::SaleUnknown);
    }
    match undo.status {
        UndoStatus::Unknown | UndoStatus::Escalated => {}
        UndoStatus::Sending => return refuse(LocalCode::AlreadySending),
        _ => return refuse(LocalCode::NotInThisState),
    }
    if never_sent(query, undo)? {
        return refuse(LocalCode::NothingSent);
    }
    let owed = query.obligations_of(&original.id)?;
    let mut reversals = owed.iter().filter(|owed| {
        owed.kind == ObligationKind::Reversal && owed.undo.as_ref() == Some(&undo.id)
    });
    let given_up = |owed: &Obligation| {
        matches!(
            owed.status,
            ObligationStatus::Closed | ObligationStatus::Cleared
        )
    };
    if reversals.all(given_up) {
        Ok(())
    } else {
        // Its acknowledgement would send the next attempt.
        refuse(LocalCode::StillTried)
    }
}

/// Whether nothing of an undo can have left: neither here nor, before a restore, from elsewhere.
pub(crate) fn never_sent(query: Query<'_>, undo: &Undo) -> Result<bool, FlowError> {
    if undo.code == Some(Code::from(LocalCode::Restored)) {
        return Ok(false);
    }
    let attempts = query.attempts_at(&undo.id)?;
    Ok(attempts.iter().all(|attempt| {
        attempt.state == AttemptState::NotSent || BESIDE.contains(&attempt.purpose.as_str())
    }))
}

/// The reversal that an undo waits for is given up: only the acquirer can say what became of it.
fn give_up_waiting(tx: &Tx<'_>, undo: &Id) -> Result<(), FlowError> {
    if tx.query().undo(undo)?.status != UndoStatus::Unknown {
        return Ok(());
    }
    let missing = Code::from(LocalCode::ProofMissing);
    tx.set_undo_status(undo, UndoStatus::Escalated, Some(&missing))?;
    Ok(tx.set_obligation_status(undo, ObligationStatus::Escalated, Some(&missing))?)
}
