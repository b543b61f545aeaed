//! The refund of a sale by payment code: a notice like a card's, but no card is read. Without a
//! proven answer it is never sent again.

use pos_channels::unionpay::Kind;
use pos_domain::{Amount, Id, LocalCode, UndoKind, UndoStatus};
use pos_ledger::{NewUndo, Original, Tx};

use crate::deliver::is_waiting;
use crate::desk::Desk;
use crate::error::{FlowError, refuse};
use crate::intent::Sending;
use crate::refund::refund_room;
use crate::undo::{delivered, made_before, record_undo};
use crate::void::{Recorded, Voided};

/// Money to be given back for a sale by payment code.
#[derive(Clone, Debug)]
pub struct CodeRefund<'a> {
    /// Which sale.
    pub sale: &'a Id,
    /// How much.
    pub amount: Amount,
    /// Why, in the counter's words.
    pub reason: Option<&'a str>,
    /// The caller's own identifier of the command.
    pub request: Option<&'a str>,
}

impl Desk {
    /// Gives money back for a sale by payment code, and waits for what becomes of it.
    ///
    /// # Errors
    /// Those of the ledger and of `consent`; nothing was recorded then.
    pub async fn refund_code(
        &self,
        who: &str,
        asked: &CodeRefund<'_>,
        consent: impl FnOnce(&Tx<'_>, &Original, &Id) -> Result<(), FlowError>,
    ) -> Result<Voided, FlowError> {
        let recorded = self.record_code_refund(who, asked, consent);
        delivered(recorded, |id| async move {
            self.deliver_code_refund(who, &id).await
        })
        .await
    }

    /// Records a refund without sending anything yet.
    ///
    /// # Errors
    /// [`FlowError::Refused`] when a local rule forbids it; nothing was recorded then.
    pub fn record_code_refund(
        &self,
        who: &str,
        asked: &CodeRefund<'_>,
        consent: impl FnOnce(&Tx<'_>, &Original, &Id) -> Result<(), FlowError>,
    ) -> Result<Recorded, FlowError> {
        self.write(who, |tx| {
            if let Some(made) = made_before(tx.query(), asked.request)? {
                return Ok(made);
            }
            let original = tx.query().original(asked.sale)?;
            if !super::is_coded(&original) {
                return refuse(LocalCode::NotInThisState);
            }
            if asked.amount.minor() > refund_room(tx.query(), &original)? {
                return refuse(LocalCode::OverRemaining);
            }
            let undos = tx.query().undos_of(&original.id)?;
            let offered = undos
                .iter()
                .rfind(|undo| undo.status == UndoStatus::RefundOffered);
            let id = tx.new_id('F')?;
            let undo = NewUndo {
                id: &id,
                original: &original.id,
                kind: UndoKind::Refund,
                amount: asked.amount,
                status: UndoStatus::Queued,
                code: None,
                reason: asked.reason,
                follows: offered.map(|undo| &undo.id),
                request: asked.request,
            };
            record_undo(tx, &original, &undo, false, consent)
        })
    }

    /// Sends a recorded refund once, after what must go first.
    ///
    /// # Errors
    /// Those of the ledger.
    pub async fn deliver_code_refund(&self, who: &str, undo: &Id) -> Result<(), FlowError> {
        self.send_refund(who, undo, |tx| self.intend_code_refund(tx, undo))
            .await
    }

    fn intend_code_refund(&self, tx: &Tx<'_>, undo: &Id) -> Result<Sending, FlowError> {
        let query = tx.query();
        let refund = query.undo(undo)?;
        if !is_waiting(tx, undo)? {
            return refuse(LocalCode::NotInThisState);
        }
        let original = query.original(&refund.original)?;
        let (trace, batch) = (tx.next_trace()?, query.batch()?);
        let place = (trace.as_str(), batch.as_str());
        let draft = self.follow_up(Kind::Refund, &original, refund.amount, place)?;
        let of = Some(&original.id);
        let sending = self.commit_attempt(tx, "refund", of, Some(undo), &draft, place)?;
        tx.set_undo_status(undo, UndoStatus::Sending, None)?;
        Ok(sending)
    }
}
