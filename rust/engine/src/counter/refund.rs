//! Giving money back.

use pos_diagnosis::{Situation, explain};
use pos_domain::{Amount, Explanation, Id, LocalCode};

use super::failure::invalid;
use super::people::approving;
use super::reader::Reader;
use super::shapes::{Consent, Consequences, RefundPreview, Sale, Undo, UndoReason};
use super::undo::{REFUND, WALLET_REFUND};
use super::{Approval, CardRead, Counter, Failure, RefundRequest, id};
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
        self.start_refund(Given {
            of: RefundSource::Sale(id(&asked.sale)?),
            amount: asked.amount,
            card: asked.card.as_ref(),
            reason: asked.reason,
            request: &asked.request,
            approval: asked.approval.as_ref(),
        })
    }

    /// What a refund of a sale that perhaps another terminal made would do and need.
    ///
    /// # Errors
    /// [`Failure::InputInvalid`] for a reference or a date of another form.
    pub fn preview_reference(
        &self,
        reference: &str,
        date: &str,
    ) -> Result<ReferencePreview, Failure> {
        let of = by_reference(reference, date, None)?;
        self.ask(Situation::Refund, |reader| {
            let known = reader.terminal.refunded_sale(&of)?;
            let known = known.map(|sale| reader.preview_refund(&sale)).transpose()?;
            Ok(ReferencePreview {
                up_to: known.as_ref().map(|known| known.up_to),
                consequences: REFUND,
                consent: reader.refund_consent()?,
                blocked: known.as_ref().and_then(|known| known.blocked.clone()),
                sale: known.map(|known| known.sale),
            })
        })
    }

    /// Records a refund of a sale that perhaps another terminal made, and sends it as a job of the
    /// engine. One that this ledger knows is refunded under its own rules.
    ///
    /// # Errors
    /// As [`Counter::refund`]; [`Failure::InputInvalid`] for a reference or a date of another form.
    pub fn refund_reference(&self, asked: &ReferenceRefund) -> Result<Undo, Failure> {
        let of = asked.sale_amount.map(|minor| self.refund_amount(minor));
        self.start_refund(Given {
            of: by_reference(&asked.reference, &asked.date, of.transpose()?)?,
            amount: asked.amount,
            card: Some(&asked.card),
            reason: asked.reason,
            request: &asked.request,
            approval: asked.approval.as_ref(),
        })
    }

    fn refund_amount(&self, minor: i64) -> Result<Amount, Failure> {
        let code = LocalCode::AmountInvalid.into();
        Amount::from_minor(minor).map_err(|_| self.refused(&code, Situation::Refund))
    }

    fn start_refund(&self, given: Given<'_>) -> Result<Undo, Failure> {
        if let Some(made) = self.undone_before(given.card, given.request)? {
            return Ok(made);
        }
        let who = self.who()?;
        let order = RefundOrder {
            of: given.of,
            amount: self.refund_amount(given.amount)?,
            card: given
                .card
                .map(|card| self.card(card, Situation::Refund, || Ok(given.amount)))
                .transpose()?,
            reason: Some(given.reason.as_str().to_owned()),
            request: Some(given.request.to_owned()),
            approving: approving(given.approval),
        };
        let made = self.opened()?.terminal.start_refund(&who, order);
        let made = made.map_err(|e| self.consent_failure(e, Situation::Refund, given.approval))?;
        self.ask(Situation::Refund, |reader| reader.undo_of(&made))
    }
}

/// What any refund is asked for with.
struct Given<'a> {
    of: RefundSource,
    amount: i64,
    card: Option<&'a CardRead>,
    reason: UndoReason,
    request: &'a str,
    approval: Option<&'a Approval>,
}

/// Money to be given back of a sale that perhaps another terminal made.
#[derive(Clone, Debug)]
pub struct ReferenceRefund {
    /// The caller's own identifier: the same one never acts twice.
    pub request: String,
    /// Field 37 of the sale's answer, twelve characters.
    pub reference: String,
    /// Its day, MMDD.
    pub date: String,
    /// What the sale was for, minor units; none takes the refund's own amount.
    pub sale_amount: Option<i64>,
    /// How much, minor units.
    pub amount: i64,
    /// Why.
    pub reason: UndoReason,
    /// Who consents.
    pub approval: Option<Approval>,
    /// The card that paid.
    pub card: CardRead,
}

/// What a refund by reference would do and need.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReferencePreview {
    /// The sale of this ledger that is meant; none when another terminal made it.
    pub sale: Option<Sale>,
    /// The most that can still be given back, where that is known.
    pub up_to: Option<i64>,
    /// What it means.
    pub consequences: Consequences,
    /// Who has to consent.
    pub consent: Consent,
    /// Why none can be made.
    pub blocked: Option<Explanation>,
}

/// Field 37 holds twelve characters, field 13 a date without a year.
fn by_reference(reference: &str, date: &str, of: Option<Amount>) -> Result<RefundSource, Failure> {
    let printable = reference.bytes().all(|byte| byte.is_ascii_graphic());
    if reference.len() != 12 || !printable {
        return Err(invalid("reference", "has twelve letters and digits"));
    }
    let leap_year = |text: &str| pos_domain::WallTime::of_day(text);
    let day = date.get(..2).zip(date.get(2..));
    let day = day.and_then(|(month, day)| leap_year(&format!("2024-{month}-{day}")));
    if day.is_none() {
        return Err(invalid("date", "is month and day, such as 1124"));
    }
    Ok(RefundSource::Reference {
        reference: reference.to_owned(),
        date: date.to_owned(),
        of,
    })
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
        let sale = self.sale_of(sale)?;
        let by_card = sale.order_number.is_none();
        Ok(RefundPreview {
            sale,
            up_to,
            consequences: if by_card { REFUND } else { WALLET_REFUND },
            consent: self.refund_consent()?,
            blocked,
        })
    }

    fn refund_consent(&self) -> Result<Consent, EngineError> {
        Ok(if self.terminal.has_supervisor()? {
            Consent::Supervisor { above: None }
        } else {
            Consent::Nobody
        })
    }
}
