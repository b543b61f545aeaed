//! Giving money back.

use pos_diagnosis::{Situation, explain};
use pos_domain::{Amount, Id, LocalCode};

use super::people::approving;
use super::reader::Reader;
use super::shapes::{Consent, RefundPreview, Undo};
use super::undo::REFUND;
use super::{Counter, Failure, RefundRequest, id};
use crate::terminal::{EngineError, RefundOrder, RefundSource};

impl Counter {
    /// What a refund would do and need, decided now. Changes nothing.
    ///
    /// # Errors
    /// [`Failure::NotFound`].
    pub fn preview_refund(&self, sale: &str) -> Result<RefundPreview, Failure> {
        let sale = id(sale)?;
        self.ask(Situation::Refund, |reader| reader.preview_refund(&sale))
    }

    /// Records a refund and sends it as a job of the engine.
    ///
    /// # Errors
    /// [`Failure::WrongPin`] of who consents; [`Failure::Refused`] when a rule forbids it.
    pub fn refund(&self, asked: &RefundRequest) -> Result<Undo, Failure> {
        let refused = |code: LocalCode| self.refused(&code.into(), Situation::Refund);
        let (who, sale) = (self.who()?, id(&asked.sale)?);
        let card = asked.card.as_ref();
        let card = card.ok_or_else(|| refused(LocalCode::CardNeeded))?;
        let order = RefundOrder {
            of: RefundSource::Sale(sale),
            amount: Amount::from_minor(asked.amount)
                .map_err(|_| refused(LocalCode::AmountInvalid))?,
            card: Some(self.card(card, Situation::Refund)?),
            reason: Some(asked.reason.as_str().to_owned()),
            request: Some(asked.request.clone()),
            approving: approving(asked.approval.as_ref()),
        };
        let made = self.opened()?.terminal.start_refund(&who, order);
        let approval = asked.approval.as_ref();
        let made = made.map_err(|e| self.consent_failure(e, Situation::Refund, approval))?;
        self.ask(Situation::Refund, |reader| reader.undo_of(&made))
    }
}

impl Reader<'_> {
    fn preview_refund(&self, sale: &Id) -> Result<RefundPreview, EngineError> {
        let (up_to, blocked) = match self.terminal.refund_room(sale) {
            Ok(left) => (left, None),
            Err(EngineError::Refused(code)) => {
                let why = explain(&code, Situation::Refund, self.lang, sale.as_str());
                (0, Some(why))
            }
            Err(error) => return Err(error),
        };
        Ok(RefundPreview {
            sale: self.sale_of(sale)?,
            up_to,
            consequences: REFUND,
            consent: if self.terminal.has_supervisor()? {
                Consent::Supervisor { above: None }
            } else {
                Consent::Nobody
            },
            blocked,
        })
    }
}
