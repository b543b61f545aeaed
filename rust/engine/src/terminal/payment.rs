//! Payments by code while they are under way: the customer's code charged, or ours shown.

use std::fmt;
use std::time::{Duration, Instant};

use pos_domain::{Amount, Code, Id, Lang, Rail, SaleStatus, ToldUnpaid};
use pos_flows::wallet::{Next, PaymentCode, ScanOrder, ShowOrder, Till};
use pos_ledger::{Original, WebOrder};
use pos_policy::Act;

use super::people::{self, Approving};
use super::web::attend;
use super::{EngineError, SaleReport, Terminal};

/// What the wallets say while the customer enters a password (specs wechat-pay §3.1, alipay §4).
const ASKED_FOR_PASSWORD: [&str; 2] = ["USERPAYING", "10003"];

/// A sale by the customer's code, owned so that the caller may go away.
#[derive(Clone)]
pub struct ScanRequest {
    /// How much.
    pub amount: Amount,
    /// The code; it is never stored.
    pub code: PaymentCode,
    /// The caller's own identifier of the command.
    pub request: Option<String>,
}

impl fmt::Debug for ScanRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ScanRequest({}, {:?})", self.amount, self.code)
    }
}

impl ScanRequest {
    fn order(&self) -> ScanOrder<'_> {
        ScanOrder {
            amount: self.amount,
            code: &self.code,
            request: self.request.as_deref(),
        }
    }
}

/// A sale by a QR of ours, owned so that the caller may go away.
#[derive(Clone, Debug)]
pub struct ShowRequest {
    /// Whose QR.
    pub rail: Rail,
    /// How much.
    pub amount: Amount,
    /// The caller's own identifier of the command.
    pub request: Option<String>,
}

impl ShowRequest {
    fn order(&self) -> ShowOrder<'_> {
        ShowOrder {
            rail: self.rail,
            amount: self.amount,
            request: self.request.as_deref(),
        }
    }
}

/// How far a payment by code is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// On its way to the wallet.
    Asking,
    /// The customer has to confirm on the phone.
    Waiting,
    /// Our QR is shown.
    Scanning,
    /// No proven answer; it is asked for.
    Looking,
    /// "Not paid, keep the goods"; it is being taken back.
    TakingBack,
    /// Paid while nobody could be told: keep it, or give the money back.
    PaidLate,
    /// A supervisor said that the goods were handed over; it is asked for.
    HandedOver,
}

/// A payment by code that is under way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Payment {
    /// The sale.
    pub sale: Id,
    /// Whose money it is.
    pub rail: Rail,
    /// How much.
    pub amount: Amount,
    /// How far it is.
    pub stage: Stage,
    /// The text of the QR to show.
    pub qr: Option<String>,
    /// Whether the cashier may stop it.
    pub can_take_back: bool,
    /// Whether a supervisor may still say that the goods were handed over.
    pub can_hand_over: bool,
}

impl Payment {
    /// None once the sale is proven either way.
    fn of(original: &Original, order: &WebOrder) -> Option<Self> {
        let stage = match (original.status, order.told) {
            (SaleStatus::Sending, _) => Stage::Asking,
            (SaleStatus::Unknown, ToldUnpaid::Ask) => Stage::PaidLate,
            (SaleStatus::Unknown, ToldUnpaid::NotPaid) => Stage::TakingBack,
            (SaleStatus::Unknown, ToldUnpaid::HandedOver) => Stage::HandedOver,
            (SaleStatus::Unknown, ToldUnpaid::Waiting) => match &original.code {
                _ if order.qr.is_some() => Stage::Scanning,
                Some(Code::Wire(_, code)) if ASKED_FOR_PASSWORD.contains(&code.as_str()) => {
                    Stage::Waiting
                }
                _ => Stage::Looking,
            },
            _ => return None,
        };
        let unknown = original.status == SaleStatus::Unknown;
        let undecided = matches!(order.told, ToldUnpaid::Waiting | ToldUnpaid::Ask);
        Some(Self {
            sale: original.id.clone(),
            rail: original.rail,
            amount: original.amount,
            stage,
            qr: order.qr.clone(),
            can_take_back: unknown && undecided,
            can_hand_over: stage == Stage::TakingBack && !order.take_back_sent,
        })
    }
}

impl Terminal {
    /// Charges a customer's code as a job, which goes on until the payment is proven or nothing
    /// is due soon: gives the identifier once it is durable.
    ///
    /// # Errors
    /// [`EngineError::Refused`] for a rail that is off; then nothing was recorded.
    pub fn start_scan(&self, who: &str, asked: ScanRequest) -> Result<Id, EngineError> {
        if let Some(desk) = self.desk_for(&asked.code)? {
            return self.start_coded(desk.clone(), who, asked);
        }
        let till = self.till()?.clone();
        let (id, is_new) = till.record_sale(who, &asked.order())?;
        if is_new {
            let (who, sale) = (who.to_owned(), id.clone());
            let line = self.web_line.clone();
            self.start_web(async move {
                till.deliver_sale(&who, &sale, &asked.code).await?;
                drop(asked);
                attend(&till, &line, &who, &sale).await
            });
        }
        Ok(id)
    }

    /// Has the wallet make a QR of ours, and waits for the customer, as a job: gives the
    /// identifier once it is durable.
    ///
    /// # Errors
    /// As [`Terminal::start_scan`].
    pub fn start_show(&self, who: &str, asked: &ShowRequest) -> Result<Id, EngineError> {
        let till = self.till()?.clone();
        let (id, is_new) = till.record_show(who, &asked.order())?;
        if is_new {
            let (who, sale) = (who.to_owned(), id.clone());
            let line = self.web_line.clone();
            self.start_web(async move {
                till.deliver_show(&who, &sale).await?;
                attend(&till, &line, &who, &sale).await
            });
        }
        Ok(id)
    }

    /// Charges a customer's code and waits for what becomes of it, as long as the next question
    /// falls within `patience`. `told` hears how far the payment is, before anything is done
    /// about it.
    ///
    /// # Errors
    /// [`EngineError`]; then nothing was sent.
    pub fn scan(
        &self,
        who: &str,
        asked: &ScanRequest,
        patience: Duration,
        told: &mut dyn FnMut(&Payment),
        lang: Lang,
    ) -> Result<SaleReport, EngineError> {
        if let Some(desk) = self.desk_for(&asked.code)? {
            return self.scan_coded(desk, who, asked, lang);
        }
        let (till, started) = (self.till()?, Instant::now());
        let (id, is_new) = till.record_sale(who, &asked.order())?;
        if is_new {
            self.runtime
                .block_on(till.deliver_sale(who, &id, &asked.code))?;
        }
        self.wait_for(till, who, &id, (started, patience), told)?;
        self.sale_report(&id, lang)
    }

    /// Shows a QR of ours and waits for the customer for at most `patience`; then it counts as not
    /// paid.
    ///
    /// # Errors
    /// As [`Terminal::scan`].
    pub fn show(
        &self,
        who: &str,
        asked: &ShowRequest,
        patience: Duration,
        told: &mut dyn FnMut(&Payment),
        lang: Lang,
    ) -> Result<SaleReport, EngineError> {
        let (till, started) = (self.till()?, Instant::now());
        let (id, is_new) = till.record_show(who, &asked.order())?;
        if is_new {
            self.runtime.block_on(till.deliver_show(who, &id))?;
        }
        self.wait_for(till, who, &id, (started, patience), told)?;
        if self
            .payment(&id)?
            .is_some_and(|payment| payment.can_take_back)
        {
            // Nobody shows the QR any more.
            till.take_back(who, &id)?;
            self.wait_for(till, who, &id, (Instant::now(), Duration::ZERO), told)?;
        }
        self.sale_report(&id, lang)
    }

    /// Steps an order while the next step falls within `patience` since `started`.
    fn wait_for(
        &self,
        till: &Till,
        who: &str,
        sale: &Id,
        (started, patience): (Instant, Duration),
        told: &mut dyn FnMut(&Payment),
    ) -> Result<(), EngineError> {
        let mut last = None;
        loop {
            let payment = self.payment(sale)?;
            if payment != last
                && let Some(payment) = &payment
            {
                told(payment);
            }
            last = payment;
            match self.run_web(till.step(who, sale))? {
                Next::Ended => return Ok(()),
                Next::After(wait) if wait.is_zero() => {}
                Next::After(wait) if started.elapsed() + wait > patience => return Ok(()),
                Next::After(wait) => self.sleep(wait),
            }
        }
    }

    /// A payment by code that is under way; none when it has ended, or for another sale.
    ///
    /// # Errors
    /// [`EngineError::Ledger`] when there is no such sale.
    pub fn payment(&self, sale: &Id) -> Result<Option<Payment>, EngineError> {
        let found = self.ledger.read(|query| {
            let original = query.original(sale)?;
            Ok::<_, pos_ledger::LedgerError>((original, query.web_order(sale)?))
        })?;
        let (original, order) = found;
        Ok(order.and_then(|order| Payment::of(&original, &order)))
    }

    /// All payments by code that are under way, oldest first.
    ///
    /// # Errors
    /// Those of the ledger.
    pub fn payments(&self) -> Result<Vec<Payment>, EngineError> {
        Ok(self.ledger.read(|query| {
            let mut payments = Vec::new();
            for order in query.waiting_web_orders()? {
                let original = query.original(&order.original)?;
                payments.extend(Payment::of(&original, &order));
            }
            Ok::<_, pos_ledger::LedgerError>(payments)
        })?)
    }

    /// The cashier stops a payment, or decides against a late one: "not paid, keep the goods" is
    /// committed, and the engine goes on from there.
    ///
    /// # Errors
    /// [`EngineError::Refused`] when it is proven already.
    pub fn take_back(&self, who: &str, sale: &Id) -> Result<(), EngineError> {
        self.till()?.take_back(who, sale)?;
        self.web_line.nudge();
        Ok(())
    }

    /// A supervisor says that the goods were handed over: a payment stands again.
    ///
    /// # Errors
    /// [`EngineError::Refused`] once a byte of a take-back may have left, or without consent.
    pub fn handed_over(
        &self,
        who: &str,
        sale: &Id,
        approving: &[Approving],
    ) -> Result<(), EngineError> {
        let till = self.till()?;
        let original = self.ledger.read(|query| query.original(sale))?;
        let amount = original.amount;
        let consent = self.consent(Act::GoodsHandedOver, &original, amount, approving)?;
        till.handed_over(who, sale, |tx, original| {
            let used_by = tx.new_id('W')?;
            people::store(tx, consent.as_ref(), original, amount, &used_by)
        })?;
        self.web_line.nudge();
        Ok(())
    }

    /// The counter keeps a payment that was made while nobody could be told.
    ///
    /// # Errors
    /// [`EngineError::Refused`] when nobody was asked.
    pub fn keep_payment(&self, who: &str, sale: &Id) -> Result<(), EngineError> {
        Ok(self.till()?.keep(who, sale)?)
    }
}
