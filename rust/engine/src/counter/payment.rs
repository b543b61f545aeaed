//! Payments by code: what a code is, how far a payment is, and what the counter decides.

use pos_codes::camera::{Frame as Picture, read_codes};
use pos_codes::picture::{Correction, QrPicture};
use pos_codes::{PaymentCode, Recognised, recognise};
use pos_diagnosis::{Situation, explain};
use pos_domain::{Amount, Explanation, Id, Lang, LocalCode, Rail};
use pos_flows::wallet::window_ms;

use super::failure::invalid;
use super::people::approving;
use super::reader::Reader;
use super::requests::text;
use super::shapes::{CodeKind, Modules, Payment, Sale};
use super::{Approval, Counter, Failure, id};
use crate::Secret;
use crate::terminal::{EngineError, ScanRequest, ShowRequest, Stage};

/// The luminance of one camera picture, a byte a pixel.
#[derive(Clone, Debug)]
pub struct Frame {
    /// Rows from top to bottom, `stride` bytes each.
    pub luminance: Vec<u8>,
    /// Pixels of a row that count.
    pub width: u32,
    /// Rows.
    pub height: u32,
    /// Bytes from row to row.
    pub stride: u32,
}

impl Counter {
    /// What a scanned or typed code is, from its form alone. Nothing is sent or kept.
    ///
    /// # Errors
    /// Those of a counter that is not open.
    pub fn recognise(&self, code: &Secret) -> Result<CodeKind, Failure> {
        self.ask(Situation::Sale, |reader| {
            Ok(match reader.payment_code(code) {
                Ok(code) => CodeKind::Pays {
                    rail: rail_of(&code),
                },
                Err(explanation) => CodeKind::Other {
                    explanation: *explanation,
                },
            })
        })
    }

    /// The codes in one camera picture.
    ///
    /// # Errors
    /// [`Failure::InputInvalid`] for sizes that do not fit the bytes.
    pub fn read_frame(&self, frame: &Frame) -> Result<Vec<Secret>, Failure> {
        let size = |size: u32| usize::try_from(size).unwrap_or(usize::MAX);
        let (width, height) = (size(frame.width), size(frame.height));
        let picture = Picture::new(width, height, size(frame.stride), &frame.luminance)
            .map_err(|error| invalid("frame", &error.to_string()))?;
        let found = read_codes(&picture);
        Ok(found.iter().map(|text| text.as_str().into()).collect())
    }

    /// The modules of a code with this text.
    ///
    /// # Errors
    /// [`Failure::InputInvalid`] for a text that no code holds.
    pub fn modules(&self, text: &str) -> Result<Modules, Failure> {
        let picture = QrPicture::of(text, Correction::default())
            .map_err(|error| invalid("text", &error.to_string()))?;
        let side = picture.side();
        let cells = (0..side).flat_map(|y| (0..side).map(move |x| (x, y)));
        Ok(Modules {
            size: u32::try_from(side).unwrap_or_default(),
            dark: cells.map(|(x, y)| picture.is_dark(x, y).into()).collect(),
        })
    }

    pub(super) fn sell_by_code(
        &self,
        request: &str,
        amount: i64,
        code: &Secret,
    ) -> Result<Sale, Failure> {
        let (who, amount) = (self.who()?, self.sale_amount(amount)?);
        let code = self.ask(Situation::Sale, |reader| Ok(reader.payment_code(code)))?;
        let code = code.map_err(|explanation| Failure::Refused { explanation })?;
        let asked = ScanRequest {
            amount,
            code,
            request: Some(request.to_owned()),
        };
        self.ask(Situation::Sale, |reader| {
            let made = reader.terminal.start_scan(&who, asked)?;
            reader.sale_of(&made)
        })
    }

    pub(super) fn sell_by_show(
        &self,
        request: &str,
        amount: i64,
        rail: Rail,
    ) -> Result<Sale, Failure> {
        let who = self.who()?;
        let asked = ShowRequest {
            rail,
            amount: self.sale_amount(amount)?,
            request: Some(request.to_owned()),
        };
        self.ask(Situation::Sale, |reader| {
            let made = reader.terminal.start_show(&who, &asked)?;
            reader.sale_of(&made)
        })
    }

    fn sale_amount(&self, minor: i64) -> Result<Amount, Failure> {
        let code = LocalCode::AmountInvalid.into();
        Amount::from_minor(minor).map_err(|_| self.refused(&code, Situation::Sale))
    }

    /// The cashier stops a payment by code: "not paid, keep the goods" is committed before
    /// anything is sent.
    ///
    /// # Errors
    /// [`Failure::Refused`] when it is proven already.
    pub fn give_up_sale(&self, sale: &str) -> Result<Sale, Failure> {
        let (who, sale) = (self.who()?, id(sale)?);
        self.ask(Situation::Sale, |reader| {
            reader.terminal.take_back(&who, &sale)?;
            reader.sale_of(&sale)
        })
    }

    /// The goods are with the customer: a payment that is found stays. A late one that the counter
    /// was asked about is kept by whoever works there; else a supervisor consents.
    ///
    /// # Errors
    /// [`Failure::WrongPin`]; [`Failure::Refused`] once a byte of a take-back may have left.
    pub fn handed_over(&self, sale: &str, approval: Option<&Approval>) -> Result<Sale, Failure> {
        let (who, sale) = (self.who()?, id(sale)?);
        let opened = self.opened()?;
        let terminal = &opened.terminal;
        let found = terminal.payment(&sale);
        let found = found.map_err(|error| self.failure(error, Situation::Sale))?;
        let is_late = found.is_some_and(|payment| payment.stage == Stage::PaidLate);
        let done = if is_late {
            terminal.keep_payment(&who, &sale)
        } else {
            terminal.handed_over(&who, &sale, &approving(approval))
        };
        done.map_err(|error| self.consent_failure(error, Situation::Sale, approval))?;
        self.ask(Situation::Sale, |reader| reader.sale_of(&sale))
    }
}

fn rail_of(code: &PaymentCode) -> Rail {
    match code.rail() {
        pos_codes::Rail::UnionPay => Rail::UnionPay,
        pos_codes::Rail::WeChat => Rail::WeChat,
        pos_codes::Rail::Alipay => Rail::Alipay,
    }
}

impl Reader<'_> {
    /// A customer's code of a rail that is on, or what the text is instead.
    fn payment_code(&self, code: &Secret) -> Result<PaymentCode, Box<Explanation>> {
        let refused =
            |code: LocalCode| Box::new(explain(&code.into(), Situation::Sale, self.lang, ""));
        match recognise(text(code)) {
            Recognised::Payment(code) if self.takes_codes(rail_of(&code)) => Ok(code),
            Recognised::Payment(_) => Err(refused(LocalCode::RailOff)),
            Recognised::Refused { why } => {
                let mut explanation = refused(LocalCode::CodeUnfit);
                explanation.next_step = match self.lang {
                    Lang::Zh => why.advice_zh().to_owned(),
                    Lang::En => why.advice_en().to_owned(),
                };
                Err(explanation)
            }
        }
    }

    fn takes_codes(&self, rail: Rail) -> bool {
        let mut rails = self.terminal.rails().iter();
        rails.any(|state| state.rail == rail && state.codes_need.is_none())
    }

    /// How far a payment by code is; none when it has ended, or for another sale.
    pub(super) fn payment(&self, sale: &Id) -> Result<Option<Payment>, EngineError> {
        let Some(found) = self.terminal.payment(sale)? else {
            return Ok(None);
        };
        let ledger = self.terminal.ledger();
        let order = ledger.read(|query| query.web_order(sale))?;
        let waits = matches!(
            found.stage,
            Stage::Asking | Stage::Waiting | Stage::Scanning
        );
        let left = order.filter(|_| waits).and_then(|order| {
            let age = order.age_ms(&self.terminal.now())?;
            Some(window_ms(order.method).saturating_sub(age))
        });
        let is_late = found.stage == Stage::PaidLate;
        Ok(Some(Payment {
            stage: found.stage,
            left: left.filter(|left| *left > 0),
            can_take_back: found.can_take_back,
            can_hand_over: found.can_hand_over || is_late,
            code: found.qr,
        }))
    }
}
