//! What a void's earlier attempts let an answer prove (decisions 2 and 5).

use pos_domain::status::{AttemptState, ObligationStatus};
use pos_domain::{Code, Id, LocalCode, UndoStatus};
use pos_ledger::{Attempt, Obligation, Query, Tx};

use crate::desk::Desk;
use crate::error::FlowError;
use crate::intent::Intent;

/// Ends the proof of a void's reversal that the host answered as unknown to it while the void may
/// still have been on its way.
const MAY_ARRIVE: &str = ", while the void may still arrive";

/// The proof of a reversal whose message the host did not know and may still get.
pub(crate) fn not_there_yet(proof: &str) -> String {
    format!("{proof}{MAY_ARRIVE}")
}

/// Whether the host did not know the reversed message.
fn was_unknown(proof: &str) -> bool {
    proof.starts_with("answered 25") || proof.starts_with("answered 12")
}

impl Desk {
    /// The host says that it has seen this trace before (94), and the numbers were broken since
    /// the last sign-in: then it may mean another message, which a reversal would take back. So
    /// none goes out; the acquirer has to say.
    pub(crate) fn is_foreign_duplicate(
        &self,
        tx: &Tx<'_>,
        intent: &Intent,
        code: Option<&Code>,
    ) -> Result<bool, FlowError> {
        let duplicate = matches!(code, Some(Code::Wire(_, code)) if code == "94");
        if !duplicate {
            return Ok(false);
        }
        let trace = tx.query().attempt(&intent.attempt)?.trace;
        if self.is_unbroken(tx, &trace)? {
            return Ok(false);
        }
        tx.set_obligation_status(&intent.reversal, ObligationStatus::Escalated, code)?;
        Ok(true)
    }

    /// 22 or 25 to a void: 22 proves it made only where an earlier attempt can have arrived after
    /// its reversal.
    pub(crate) fn settle_by_history(
        &self,
        tx: &Tx<'_>,
        undo: &Id,
        intent: &Intent,
        code: &Code,
    ) -> Result<bool, FlowError> {
        let code_text = code.to_string();
        let earlier = earlier_reversals(tx.query(), undo)?;
        let last_unknown = earlier.last().is_some_and(|(_, proof)| was_unknown(proof));
        self.close(tx, intent, AttemptState::Answered, Some(code), "declined")?;
        if code_text == "22" && last_unknown {
            tx.set_undo_status(undo, UndoStatus::Voided, Some(code))?;
            tx.close_obligation(undo, "answered 22 after an attempt the host did not know")?;
        } else if code_text == "25" && earlier.is_empty() {
            tx.set_undo_status(undo, UndoStatus::Refused, Some(code))?;
            tx.close_obligation(undo, "declined")?;
        } else {
            self.proof_is_missing(tx, undo, Some(code))?;
        }
        Ok(false)
    }

    /// Only the acquirer can say what became of a void.
    pub(crate) fn proof_is_missing(
        &self,
        tx: &Tx<'_>,
        undo: &Id,
        code: Option<&Code>,
    ) -> Result<(), FlowError> {
        let missing = LocalCode::ProofMissing.into();
        tx.set_undo_status(undo, UndoStatus::Escalated, code.or(Some(&missing)))?;
        Ok(tx.set_obligation_status(undo, ObligationStatus::Escalated, Some(&missing))?)
    }
}

/// Whether the host did not know an earlier attempt when it was asked to reverse it: then not even
/// a definite no proves that the void was not made.
pub(crate) fn has_unknown_attempt(query: Query<'_>, undo: &Id) -> Result<bool, FlowError> {
    let earlier = earlier_reversals(query, undo)?;
    Ok(earlier.iter().any(|(_, proof)| was_unknown(proof)))
}

/// Attempts that may have reached the host after it was asked to reverse them.
pub(crate) fn may_have_arrived(query: Query<'_>, undo: &Id) -> Result<Vec<Attempt>, FlowError> {
    let earlier = earlier_reversals(query, undo)?;
    Ok(earlier
        .into_iter()
        .filter(|(_, proof)| proof.ends_with(MAY_ARRIVE))
        .map(|(attempt, _)| attempt)
        .collect())
}

/// Unanswered attempts at a void and how their reversals were closed, oldest first.
fn earlier_reversals(query: Query<'_>, undo: &Id) -> Result<Vec<(Attempt, String)>, FlowError> {
    let mut earlier = Vec::new();
    for attempt in query.attempts_at(undo)? {
        if attempt.state != AttemptState::Reversed {
            continue;
        }
        let proof = query
            .reversal_of(&attempt.id)?
            .and_then(|r: Obligation| r.proof);
        earlier.push((attempt, proof.unwrap_or_default()));
    }
    Ok(earlier)
}
