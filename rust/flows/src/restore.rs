//! A ledger that was restored from a copy, or imported on another device: what it says may be
//! older than what the hosts know.

use pos_domain::ports::Outside;
use pos_domain::status::ObligationStatus;
use pos_domain::{Code, LocalCode, Moment, UndoKind, UndoStatus};
use pos_ledger::{Ledger, LedgerError, Query, Stamp, Tx, Undo};

use crate::desk::{Desk, TRACE_END, state};
use crate::error::FlowError;

/// The name of the counter that is raised at each opening, in the ledger and outside it.
pub const EPOCH: &str = "epoch";

/// Compares the ledger's epoch with the one outside it and raises both, first the ledger's. Tells
/// whether the ledger was restored; then nothing is sent until a supervisor accepted it.
pub(crate) fn check_epoch(
    ledger: &Ledger,
    outside: &dyn Outside,
    now: &Moment,
) -> Result<bool, FlowError> {
    let write = |work: &dyn Fn(&Tx<'_>) -> Result<(), FlowError>| {
        let stamp = Stamp {
            at: now.clone(),
            operator: "system".to_owned(),
        };
        ledger.write(stamp, work)
    };
    let inside = ledger.read(|query| query.counter(EPOCH))?.unwrap_or(0);
    let inside = u64::try_from(inside).unwrap_or(0);
    let there = outside.read(EPOCH)?;
    // No epoch outside but one inside: the ledger came from another device.
    let restored = there.map_or(inside > 0, |there| inside < there);
    if restored {
        let used = outside.read(TRACE_END)?;
        write(&|tx| enter_restored(tx, used))?;
    }
    let next = inside.max(there.unwrap_or(0)).saturating_add(1);
    let stored = i64::try_from(next).unwrap_or(i64::MAX);
    write(&|tx| Ok(tx.set_counter(EPOCH, stored)?))?;
    outside.write(EPOCH, next)?;
    is_restored(ledger)
}

/// Whether a restored ledger waits for a supervisor.
pub(crate) fn is_restored(ledger: &Ledger) -> Result<bool, FlowError> {
    Ok(ledger.read(waits_for_supervisor)?)
}

/// Whether this is a restored ledger that waits for a supervisor.
///
/// # Errors
/// Those of the database.
pub fn waits_for_supervisor(query: Query<'_>) -> Result<bool, LedgerError> {
    let set = query.setting(state::RESTORED)?;
    Ok(set.is_some_and(|set| !set.is_empty()))
}

/// The restored ledger is accepted: things are sent again.
pub(crate) fn leave_restored(tx: &Tx<'_>) -> Result<(), FlowError> {
    tx.set_setting(state::RESTORED, "")?;
    Ok(tx.audit("restored", "terminal", Some("waiting"), Some("accepted"))?)
}

impl Desk {
    /// Compares the ledger's epoch with the one outside it and raises both, first the ledger's.
    /// Tells whether the ledger was restored; then nothing is sent until a supervisor accepted it.
    ///
    /// # Errors
    /// Those of the ledger and of the place outside.
    pub fn check_epoch(&self) -> Result<bool, FlowError> {
        check_epoch(&self.ledger, self.outside.as_ref(), &self.now())
    }

    /// Whether a restored ledger waits for a supervisor.
    ///
    /// # Errors
    /// Those of the ledger.
    pub fn is_restored(&self) -> Result<bool, FlowError> {
        is_restored(&self.ledger)
    }

    /// A supervisor says that the old terminal is retired: this one goes on. Voids made under
    /// another terminal number are the acquirer's to prove; card refunds are never sent again.
    ///
    /// # Errors
    /// [`FlowError::Refused`] when nothing was restored.
    pub fn accept_restored(
        &self,
        who: &str,
        consent: impl FnOnce(&Tx<'_>) -> Result<(), FlowError>,
    ) -> Result<(), FlowError> {
        if !self.is_restored()? {
            return Err(FlowError::Refused(LocalCode::NotInThisState.into()));
        }
        self.write(who, |tx| {
            consent(tx)?;
            for undo in tx.query().open_undos()? {
                self.readmit(tx, &undo)?;
            }
            tx.set_setting(state::SIGN_IN_NEEDED, "restored")?;
            leave_restored(tx)
        })
    }

    fn readmit(&self, tx: &Tx<'_>, undo: &Undo) -> Result<(), FlowError> {
        let code = Code::from(LocalCode::Restored);
        let waits_for_this =
            undo.status == UndoStatus::Unknown && undo.code.as_ref() == Some(&code);
        if !waits_for_this || undo.kind == UndoKind::Refund || undo.web {
            return Ok(());
        }
        let original = tx.query().original(&undo.original)?;
        let same_terminal = original.terminal == self.rules.identity.terminal;
        if !same_terminal {
            tx.set_undo_status(&undo.id, UndoStatus::Escalated, Some(&code))?;
            tx.set_obligation_status(&undo.id, ObligationStatus::Escalated, Some(&code))?;
        } else if !tx.query().has_unproven_attempt(&undo.id)? {
            let waiting = self.waiting_status(tx, &undo.id)?;
            tx.set_undo_status(&undo.id, waiting, Some(&code))?;
        }
        Ok(())
    }
}

/// What was waiting may have been delivered since the copy was made: it is unknown now. The trace
/// numbers jump past everything that the newer ledger could have used.
fn enter_restored(tx: &Tx<'_>, used: Option<u64>) -> Result<(), FlowError> {
    let code = Code::from(LocalCode::Restored);
    for undo in tx.query().open_undos()? {
        let waiting = matches!(
            undo.status,
            UndoStatus::Queued | UndoStatus::NeedsCard | UndoStatus::OnHold
        );
        if !waiting {
            continue;
        }
        tx.set_undo_status(&undo.id, UndoStatus::Unknown, Some(&code))?;
        // A wallet is asked first; a card refund is never sent again.
        let status = match undo.kind {
            UndoKind::Refund if !undo.web => ObligationStatus::Escalated,
            UndoKind::Void | UndoKind::Refund => ObligationStatus::Owed,
        };
        tx.set_obligation_status(&undo.id, status, Some(&code))?;
    }
    if let Some(end) = used.and_then(|end| i64::try_from(end % 1_000_000).ok()) {
        tx.set_counter("trace", end)?;
    }
    tx.set_setting(state::RESTORED, "waiting")?;
    Ok(tx.audit("restored", "terminal", None, Some("waiting"))?)
}
