//! Giving money back by card (退货): after the void's time, or a part of a sale.

use pos_domain::{Amount, CardInput, Id, Lang};
use pos_flows::{RefundOf, RefundRequest, Voided};
use pos_policy::Act;

use super::people::{self, Approving};
use super::{EngineError, Terminal, UndoReport};

/// Which sale a refund gives back.
#[derive(Clone, Debug)]
pub enum RefundSource {
    /// A sale of this ledger.
    Sale(Id),
    /// A sale by the host's reference and date, perhaps made on another terminal.
    Reference {
        /// Field 37 of the sale's answer, twelve characters.
        reference: String,
        /// Its date, MMDD.
        date: String,
        /// What the sale was for; none takes the refund's own amount.
        of: Option<Amount>,
    },
}

/// Money to be given back, owned so that the caller may go away.
#[derive(Clone, Debug)]
pub struct RefundOrder {
    /// Of which sale.
    pub of: RefundSource,
    /// How much.
    pub amount: Amount,
    /// The card as presented.
    pub card: CardInput,
    /// Why, in the counter's words.
    pub reason: Option<String>,
    /// The caller's own identifier of the command.
    pub request: Option<String>,
    /// Who approves, with their PINs.
    pub approving: Vec<Approving>,
}

impl RefundOrder {
    pub(super) fn request(&self) -> RefundRequest<'_> {
        RefundRequest {
            of: match &self.of {
                RefundSource::Sale(id) => RefundOf::Sale(id),
                RefundSource::Reference {
                    reference,
                    date,
                    of,
                } => RefundOf::Reference {
                    reference,
                    date,
                    of: *of,
                },
            },
            amount: self.amount,
            card: &self.card,
            reason: self.reason.as_deref(),
            request: self.request.as_deref(),
        }
    }
}

impl Terminal {
    /// Gives money back by card and waits for what becomes of it. Without a proven answer it is
    /// never sent again: its amount stays reserved until the acquirer says what happened.
    ///
    /// # Errors
    /// [`EngineError::Refused`] when a rule or a missing consent forbids it; nothing was recorded
    /// then.
    pub fn refund(
        &self,
        who: &str,
        order: &RefundOrder,
        lang: Lang,
    ) -> Result<UndoReport, EngineError> {
        let desk = self.desk()?;
        self.check_refund_limit(order.amount)?;
        let sale = self.refunded_sale(&order.of)?;
        let (amount, approving) = (order.amount, &order.approving);
        let consent = self.consent_on(Act::Refund, sale.as_ref(), amount, approving)?;
        let given = self.run(desk.refund(who, &order.request(), |tx, original, id| {
            people::store(tx, consent.as_ref(), original, amount, id)
        }))?;
        match given {
            Voided::Recorded(id) => self.undo_report(&id, lang),
            Voided::Refused(code) => Err(EngineError::Refused(code)),
        }
    }

    /// The sale of this ledger that is meant; none for one of another.
    pub(super) fn refunded_sale(&self, of: &RefundSource) -> Result<Option<Id>, EngineError> {
        match of {
            RefundSource::Sale(id) => Ok(Some(id.clone())),
            RefundSource::Reference {
                reference, date, ..
            } => {
                let known = self
                    .ledger
                    .read(|query| query.original_by_reference(reference))?;
                let same_day = known.filter(|k| k.facts.host_date.as_deref() == Some(date));
                Ok(same_day.map(|known| known.id))
            }
        }
    }
}
