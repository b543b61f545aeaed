//! Taking money: the order and its number are stored, then the call, then it is made once.

use pos_channels::wallet::{Checked, PaymentCode};
use pos_domain::status::{ObligationKind, ObligationStatus};
use pos_domain::{Amount, Code, Id, LocalCode, NetCode, Rail, SaleStatus, WebMethod};
use pos_ledger::{NewObligation, NewWebOrder, Query, Tx};

use super::exchange::Said;
use super::rail::{Ask, Fact, Payment, Subject};
use super::rules::{QUESTION_EVERY, revoke_window_ms};
use super::till::{Till, subject_of};
use crate::error::{FlowError, refuse};

/// Free bytes below which no new sale is made; answers and undos still are.
const SPACE_FOR_SALE: u64 = 20 * 1024 * 1024;

/// A sale by the customer's payment code.
#[derive(Clone, Debug)]
pub struct ScanOrder<'a> {
    /// How much.
    pub amount: Amount,
    /// The code; it is never stored.
    pub code: &'a PaymentCode,
    /// The caller's own identifier of the command: the same one never acts twice.
    pub request: Option<&'a str>,
}

/// A sale by a QR of ours.
#[derive(Clone, Debug)]
pub struct ShowOrder<'a> {
    /// Whose QR.
    pub rail: Rail,
    /// How much.
    pub amount: Amount,
    /// The caller's own identifier of the command: the same one never acts twice.
    pub request: Option<&'a str>,
}

/// How an order by this payment code is paid.
fn scanned(code: &PaymentCode) -> (Rail, WebMethod) {
    match code.rail().as_str() {
        "wechat" => (Rail::WeChat, WebMethod::Micropay),
        "alipay" => (Rail::Alipay, WebMethod::Pay),
        _ => (Rail::UnionPay, WebMethod::AcpScan),
    }
}

const fn shown(rail: Rail) -> WebMethod {
    match rail {
        Rail::WeChat => WebMethod::Native,
        Rail::Alipay => WebMethod::Precreate,
        Rail::UnionPay => WebMethod::AcpShow,
    }
}

/// Whether a test planted the bug that an answer without a result counts as a refusal.
fn is_planted_decline(code: Option<&Code>) -> bool {
    let bad_status = code == Some(&NetCode::AnswerStatus.into());
    bad_status && pos_domain::planted!(DeclineOnBadStatus)
}

impl Till {
    /// Takes money by the customer's code. Gives the sale's identifier; what became of it stands in
    /// the ledger. The same request never takes money twice.
    ///
    /// # Errors
    /// [`FlowError::Ledger`] when it could not be recorded: then nothing was sent.
    pub async fn sell(&self, who: &str, sale: &ScanOrder<'_>) -> Result<Id, FlowError> {
        let (id, is_new) = self.record_sale(who, sale)?;
        if is_new {
            self.deliver_sale(who, &id, sale.code).await?;
            #[cfg(feature = "planted")]
            if pos_domain::planted!(SecondNumberWhileUnknown)
                && self.read(|query| query.original(&id))?.status == SaleStatus::Unknown
            {
                let (second, _) = self.record_sale(who, sale)?;
                self.deliver_sale(who, &second, sale.code).await?;
            }
        }
        Ok(id)
    }

    /// Asks the wallet for a QR that the customer scans. Its text then stands in the order.
    ///
    /// # Errors
    /// As [`Till::sell`].
    pub async fn show(&self, who: &str, sale: &ShowOrder<'_>) -> Result<Id, FlowError> {
        let (id, is_new) = self.record_show(who, sale)?;
        if is_new {
            self.deliver_show(who, &id).await?;
        }
        Ok(id)
    }

    /// Records a sale and its number before anything is sent. Tells whether it is new.
    ///
    /// # Errors
    /// [`FlowError::Refused`] when the wallet is not configured.
    pub fn record_sale(&self, who: &str, sale: &ScanOrder<'_>) -> Result<(Id, bool), FlowError> {
        let (rail, method) = scanned(sale.code);
        self.record(who, rail, method, sale.amount, sale.request)
    }

    /// Records a sale by a QR of ours. Tells whether it is new.
    ///
    /// # Errors
    /// As [`Till::record_sale`].
    pub fn record_show(&self, who: &str, sale: &ShowOrder<'_>) -> Result<(Id, bool), FlowError> {
        let method = shown(sale.rail);
        self.record(who, sale.rail, method, sale.amount, sale.request)
    }

    fn record(
        &self,
        who: &str,
        rail: Rail,
        method: WebMethod,
        amount: Amount,
        request: Option<&str>,
    ) -> Result<(Id, bool), FlowError> {
        if self.rails.wire(method).is_none() {
            return refuse(LocalCode::RailOff);
        }
        let number = self.new_number()?;
        self.write(who, |tx| {
            let query = tx.query();
            if let Some(request) = request
                && let Some(made) = query.original_of_request(request)?
            {
                return Ok((made.id, false));
            }
            let id = tx.new_id('S')?;
            let code = self.no_new_sale(query)?;
            let status = if code.is_some() {
                SaleStatus::NotSent
            } else {
                SaleStatus::Sending
            };
            let now = self.best_time(query)?;
            let days = self.rails.refund_days(rail);
            tx.insert_web_order(&NewWebOrder {
                id: &id,
                rail,
                method,
                number: number.as_str(),
                amount,
                terminal: &self.rules.terminal,
                merchant: &self.rules.merchant,
                status,
                code: code.as_ref(),
                deadline: self.rules.void_until(method, days, now),
                revoke_until: now.plus(revoke_window_ms(method)),
                request,
            })?;
            Ok((id, code.is_none()))
        })
    }

    /// Why no new sale may be made now.
    fn no_new_sale(&self, query: Query<'_>) -> Result<Option<Code>, FlowError> {
        let restored = query.setting(crate::desk::state::RESTORED)?;
        if restored.is_some_and(|set| !set.is_empty()) {
            return Ok(Some(LocalCode::Restored.into()));
        }
        let free = self.storage.free_bytes();
        Ok(free
            .is_some_and(|free| free < SPACE_FOR_SALE)
            .then(|| LocalCode::DiskLow.into()))
    }

    /// Sends a recorded sale once.
    ///
    /// # Errors
    /// Those of the ledger.
    pub async fn deliver_sale(
        &self,
        who: &str,
        id: &Id,
        code: &PaymentCode,
    ) -> Result<(), FlowError> {
        self.submit(who, id, Some(code)).await
    }

    /// Asks for the QR of a recorded sale once.
    ///
    /// # Errors
    /// Those of the ledger.
    pub async fn deliver_show(&self, who: &str, id: &Id) -> Result<(), FlowError> {
        self.submit(who, id, None).await
    }

    async fn submit(
        &self,
        who: &str,
        id: &Id,
        code: Option<&PaymentCode>,
    ) -> Result<(), FlowError> {
        let (original, order) = self.ledger.read(|query| Self::order(query, id))?;
        if original.status != SaleStatus::Sending {
            return Ok(());
        }
        let wire = self.wire(&order)?;
        let subject = subject_of(&original)?;
        let call = match self.build(wire.as_ref(), &subject, Ask::Submit(code)) {
            Ok(call) => call,
            Err(FlowError::Refused(code)) => return self.not_sent(who, id, &code),
            Err(error) => return Err(error),
        };
        let attempt = self.write(who, |tx| {
            let question = tx.new_id('Q')?;
            tx.insert_obligation(&NewObligation {
                id: &question,
                kind: ObligationKind::Query,
                original: Some(id),
                undo: None,
                attempt: None,
                status: ObligationStatus::Armed,
            })?;
            Self::intend(tx, &call, &subject, id, None)
        })?;
        let said = self.make(wire.as_ref(), &subject, &call, true).await;
        self.write(who, |tx| {
            Self::close(tx, &attempt, &said)?;
            self.settle_submission(tx, id, &subject, &said)
        })
    }

    fn not_sent(&self, who: &str, id: &Id, code: &Code) -> Result<(), FlowError> {
        self.write(who, |tx| {
            Ok(tx.set_original_status(id, SaleStatus::NotSent, Some(code))?)
        })
    }

    /// Commits what the one submission of an order proved.
    fn settle_submission(
        &self,
        tx: &Tx<'_>,
        id: &Id,
        subject: &Subject,
        said: &Said,
    ) -> Result<(), FlowError> {
        let code = said.code();
        let code = code.as_ref();
        match said {
            Said::NotSent(_) => self.end(tx, id, SaleStatus::NotSent, code, "not sent"),
            Said::Answered(Checked::Yes(Fact::Paid(payment)), _) => {
                log::info!("sale {id}: paid, {}", subject.number);
                self.learn_time(tx, payment)?;
                self.paid(tx, id, payment, code)
            }
            // Nothing was done, whether or not it may be tried again: that is a new sale.
            Said::Answered(Checked::No(_) | Checked::Curable(_), _) => {
                self.end(tx, id, SaleStatus::Declined, code, "declined")
            }
            Said::Answered(Checked::Yes(Fact::Shown(text)), _) => {
                tx.set_web_qr(id, text)?;
                let waiting = LocalCode::WaitingForCustomer.into();
                self.unknown(tx, id, Some(&waiting))
            }
            Said::Answered(..) if is_planted_decline(code) => {
                self.end(tx, id, SaleStatus::Declined, code, "declined")
            }
            Said::Silent(_) | Said::Answered(..) => self.unknown(tx, id, code),
        }
    }

    fn unknown(&self, tx: &Tx<'_>, id: &Id, code: Option<&Code>) -> Result<(), FlowError> {
        tx.set_original_status(id, SaleStatus::Unknown, code)?;
        if let Some(question) = tx.query().web_obligation(id, ObligationKind::Query)? {
            tx.set_obligation_status(&question.id, ObligationStatus::Owed, code)?;
            let (_, order) = Self::order(tx.query(), id)?;
            let age = order.age_ms(&tx.stamp().at).unwrap_or(QUESTION_EVERY);
            tx.set_due(&question.id, QUESTION_EVERY.saturating_sub(age).max(0))?;
        }
        Ok(())
    }

    /// A payment made just now tells the time.
    fn learn_time(&self, tx: &Tx<'_>, payment: &Payment) -> Result<(), FlowError> {
        let digits: String = payment
            .at
            .iter()
            .flat_map(|at| at.chars())
            .filter(char::is_ascii_digit)
            .take(14)
            .collect();
        let told = digits
            .get(4..8)
            .zip(digits.get(8..14))
            .and_then(|(date, clock)| tx.stamp().at.wall.nearest_host_time(date, clock));
        if let Some(told) = told
            && super::till::trusted(tx.query(), &tx.stamp().at)?.is_none()
        {
            tx.set_trusted_time(told)?;
        }
        Ok(())
    }
}
