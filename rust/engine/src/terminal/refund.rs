//! Giving money back (退货): after the void's time, or a part of a sale.

use pos_domain::{Amount, CardInput, Id, Lang, LocalCode, UndoStatus};
use pos_flows::wallet::{Till, WebRefund};
use pos_flows::{RefundOf, RefundRequest, Voided};
use pos_ledger::{Original, Tx};
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
    /// The card as presented; none for a sale by code.
    pub card: Option<CardInput>,
    /// Why, in the counter's words.
    pub reason: Option<String>,
    /// The caller's own identifier of the command.
    pub request: Option<String>,
    /// Who approves, with their PINs.
    pub approving: Vec<Approving>,
}

impl RefundOrder {
    /// The card, which a refund by card needs.
    pub(super) fn card(&self) -> Result<&CardInput, EngineError> {
        let needed = || EngineError::Refused(LocalCode::CardNeeded.into());
        self.card.as_ref().ok_or_else(needed)
    }

    pub(super) fn request<'a>(&'a self, card: &'a CardInput) -> RefundRequest<'a> {
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
            card,
            reason: self.reason.as_deref(),
            request: self.request.as_deref(),
        }
    }
}

/// A refund of an order over the web.
pub(super) struct OwnedRefund {
    sale: Id,
    amount: Amount,
    reason: Option<String>,
    /// The void that could not be made any more.
    follows: Option<Id>,
    request: Option<String>,
}

impl OwnedRefund {
    pub fn borrowed(&self) -> WebRefund<'_> {
        WebRefund {
            sale: &self.sale,
            amount: self.amount,
            reason: self.reason.as_deref(),
            follows: self.follows.as_ref(),
            request: self.request.as_deref(),
        }
    }
}

impl Terminal {
    /// Gives money back and waits for what becomes of it. Without a proven answer it is
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
        self.check_refund_limit(order.amount)?;
        let sale = self.refunded_sale(&order.of)?;
        let (amount, approving) = (order.amount, &order.approving);
        let consent = self.consent_on(Act::Refund, sale.as_ref(), amount, approving)?;
        let store = |tx: &Tx<'_>, original: &Original, id: &Id| {
            people::store(tx, consent.as_ref(), original, amount, id)
        };
        let given = match self.web_refund(order, sale.as_ref())? {
            Some((till, asked)) => self.run_web(till.refund(who, &asked.borrowed(), store))?,
            None => match self.coded_refund(order, sale.as_ref())? {
                Some(asked) => self.run(self.desk()?.refund_code(who, &asked, store))?,
                None => {
                    let request = order.request(order.card()?);
                    self.run(self.desk()?.refund(who, &request, store))?
                }
            },
        };
        self.nudge();
        match given {
            Voided::Recorded(id) => self.undo_report(&id, lang),
            Voided::Refused(code) => Err(EngineError::Refused(code)),
        }
    }

    /// The refund as the till takes it, when the sale is one of its orders.
    pub(super) fn web_refund(
        &self,
        order: &RefundOrder,
        sale: Option<&Id>,
    ) -> Result<Option<(&Till, OwnedRefund)>, EngineError> {
        let Some(sale) = sale else {
            return Ok(None);
        };
        let Some(till) = self.till_of_sale(sale)? else {
            return Ok(None);
        };
        let undos = self.ledger.read(|query| query.undos_of(sale))?;
        let offered = |undo: &pos_ledger::Undo| undo.status == UndoStatus::RefundOffered;
        let asked = OwnedRefund {
            sale: sale.clone(),
            amount: order.amount,
            reason: order.reason.clone(),
            follows: undos.into_iter().rfind(offered).map(|undo| undo.id),
            request: order.request.clone(),
        };
        Ok(Some((till, asked)))
    }

    /// The sale of this ledger that is meant; none for one of another.
    pub(crate) fn refunded_sale(&self, of: &RefundSource) -> Result<Option<Id>, EngineError> {
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
