//! What a person may do with an owed void: hold, release, withdraw, escalate, present the card.

use pos_domain::status::{ObligationKind, ObligationStatus};
use pos_domain::{CardInput, Code, Id, LocalCode, UndoKind, UndoStatus};
use pos_ledger::{Obligation, Tx, Undo};

use crate::clear::never_sent;
use crate::desk::Desk;
use crate::error::{FlowError, refuse};
use crate::history::may_have_arrived;

impl Desk {
    /// Holds a void back: it is not sent until released. Its deadline runs on.
    ///
    /// # Errors
    /// [`FlowError::Refused`] for anything but a waiting void; a reversal is never held.
    pub fn hold(&self, who: &str, id: &Id) -> Result<(), FlowError> {
        self.change(who, id, |tx, undo| hold(tx, &undo))
    }

    /// Lets a held void go on.
    ///
    /// # Errors
    /// [`FlowError::Refused`] for anything but a held void.
    pub fn release(&self, who: &str, id: &Id) -> Result<(), FlowError> {
        self.change(who, id, |tx, undo| {
            release(tx, &undo, || self.waiting_status(tx, id))
        })
    }

    /// Withdraws a void: the sale stands. Only while every attempt is proven undone, which the
    /// same transaction checks.
    ///
    /// # Errors
    /// [`FlowError::Refused`] when an attempt has begun and is not proven undone.
    pub fn withdraw(
        &self,
        who: &str,
        id: &Id,
        consent: impl FnOnce(&Tx<'_>, &Undo) -> Result<(), FlowError>,
    ) -> Result<(), FlowError> {
        self.change(who, id, |tx, undo| {
            may_be_withdrawn(tx, &undo)?;
            consent(tx, &undo)?;
            // No next attempt will tell whether an earlier one arrived after its reversal.
            for attempt in may_have_arrived(tx.query(), id)? {
                self.confirm_later(tx, &attempt)?;
            }
            withdrawn(tx, id, "withdrawn, every attempt proven undone")
        })
    }

    /// Hands an owed item to the acquirer: it leaves the gate and stays owed.
    ///
    /// # Errors
    /// [`FlowError::Refused`] when it is not owed, or is on its way at this moment.
    pub fn escalate(&self, who: &str, id: &Id) -> Result<(), FlowError> {
        self.escalate_with(who, id, |_| Ok(()))
    }

    /// As [`Desk::escalate`]; `consent` stores the approval in the same transaction, or fails.
    ///
    /// # Errors
    /// Those of [`Desk::escalate`] and of `consent`; nothing was changed then.
    pub fn escalate_with(
        &self,
        who: &str,
        id: &Id,
        consent: impl FnOnce(&Tx<'_>) -> Result<(), FlowError>,
    ) -> Result<(), FlowError> {
        self.write(who, |tx| {
            consent(tx)?;
            let owed = tx.query().obligation(id)?;
            escalated(tx, &owed)
        })
    }

    /// Presents the card that a void waits for, and makes one attempt with it.
    ///
    /// # Errors
    /// [`FlowError::Refused`] for another card, or a void that waits for none.
    pub async fn present_card(
        &self,
        who: &str,
        id: &Id,
        card: &CardInput,
    ) -> Result<(), FlowError> {
        let undo = self.read(|query| query.undo(id))?;
        if undo.status != UndoStatus::NeedsCard {
            return refuse(LocalCode::NotInThisState);
        }
        if !self.read(|query| query.is_card_of(&undo.original, &card.pan))? {
            return refuse(LocalCode::OtherCard);
        }
        let original = self.read(|query| query.original(&undo.original))?;
        match undo.kind {
            UndoKind::Void => {
                if let Some(missing) = self.missing_from(&original, Some(card)) {
                    return refuse(missing);
                }
                self.deliver_void(who, id, Some(card)).await
            }
            UndoKind::Refund => self.deliver_refund(who, id, card).await,
        }
    }

    fn change(
        &self,
        who: &str,
        id: &Id,
        work: impl FnOnce(&Tx<'_>, Undo) -> Result<(), FlowError>,
    ) -> Result<(), FlowError> {
        self.write(who, |tx| {
            let owed = tx.query().obligation(id)?;
            if !matches!(owed.kind, ObligationKind::Void | ObligationKind::Refund) {
                return refuse(LocalCode::NotInThisState);
            }
            work(tx, tx.query().undo(id)?)
        })
    }
}

/// Whether an undo waits in a state from which it may be held or withdrawn. No card is ever asked
/// for over the web.
const fn is_queued(undo: &Undo) -> bool {
    match undo.status {
        UndoStatus::Queued => true,
        UndoStatus::NeedsCard => !undo.web,
        _ => false,
    }
}

pub(crate) fn hold(tx: &Tx<'_>, undo: &Undo) -> Result<(), FlowError> {
    if !is_queued(undo) {
        return refuse(LocalCode::NotInThisState);
    }
    let code = Code::from(LocalCode::OnHold);
    tx.set_undo_status(&undo.id, UndoStatus::OnHold, Some(&code))?;
    Ok(tx.set_obligation_status(&undo.id, ObligationStatus::OnHold, Some(&code))?)
}

/// `waiting`: in which state the undo waits again.
pub(crate) fn release(
    tx: &Tx<'_>,
    undo: &Undo,
    waiting: impl FnOnce() -> Result<UndoStatus, FlowError>,
) -> Result<(), FlowError> {
    if undo.status != UndoStatus::OnHold {
        return refuse(LocalCode::NotInThisState);
    }
    let code = Code::from(LocalCode::Waiting);
    tx.set_undo_status(&undo.id, waiting()?, Some(&code))?;
    Ok(tx.set_obligation_status(&undo.id, ObligationStatus::Owed, Some(&code))?)
}

/// Refuses an undo of which a byte may have done something.
pub(crate) fn may_be_withdrawn(tx: &Tx<'_>, undo: &Undo) -> Result<(), FlowError> {
    match undo.status {
        _ if is_queued(undo) => {}
        UndoStatus::OnHold => {}
        UndoStatus::Escalated if never_sent(tx.query(), undo)? => {}
        UndoStatus::Sending | UndoStatus::Unknown => return refuse(LocalCode::AlreadySending),
        _ => return refuse(LocalCode::NotInThisState),
    }
    if tx.query().has_unproven_attempt(&undo.id)? {
        return refuse(LocalCode::AlreadySending);
    }
    Ok(())
}

/// Hands an owed item to people, unless an attempt of it is on its way: its answer decides first.
pub(crate) fn escalated(tx: &Tx<'_>, owed: &Obligation) -> Result<(), FlowError> {
    if !matches!(
        owed.status,
        ObligationStatus::Owed | ObligationStatus::OnHold
    ) {
        return refuse(LocalCode::NotInThisState);
    }
    if matches!(owed.kind, ObligationKind::Void | ObligationKind::Refund) {
        if tx.query().undo(&owed.id)?.status == UndoStatus::Sending {
            return refuse(LocalCode::AlreadySending);
        }
        tx.set_undo_status(&owed.id, UndoStatus::Escalated, None)?;
    }
    Ok(tx.set_obligation_status(&owed.id, ObligationStatus::Escalated, None)?)
}

pub(crate) fn withdrawn(tx: &Tx<'_>, undo: &Id, proof: &str) -> Result<(), FlowError> {
    let code = Code::from(LocalCode::Withdrawn);
    tx.set_undo_status(undo, UndoStatus::Withdrawn, Some(&code))?;
    Ok(tx.close_obligation(undo, proof)?)
}
