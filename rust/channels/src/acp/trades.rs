//! Sale by code, code to show, query, reversal, void and return.

use pos_codes::{PaymentCode, Rail};
use pos_domain::{Amount, WallTime};
use zeroize::Zeroizing;

use super::answer::{Answer, Asked};
use super::form::Pairs;
use super::{Acp, codes, txn_time};
use crate::http::{HttpRequest, HttpResponse};
use crate::wallet::{BuildError, Checked, Effect, Fault, OrderNumber, Sent};

const TRADES: &str = "/gateway/api/backTransReq.do";
const QUERIES: &str = "/gateway/api/queryTrans.do";

const SCAN: (&str, &str) = ("01", "06");
const SHOW: (&str, &str) = ("01", "07");
const VOID: (&str, &str) = ("31", "00");
const RETURN: (&str, &str) = ("04", "00");
const REVERSAL: (&str, &str) = ("99", "01");
const QUERY: (&str, &str) = ("00", "00");

/// An order of this merchant: its number and its time name it together.
#[derive(Clone, Copy, Debug)]
pub struct Trade<'a> {
    /// Our number, stored before the call.
    pub number: &'a OrderNumber,
    /// When it was made; goes out to the second and never changes.
    pub at: WallTime,
    /// How much.
    pub amount: Amount,
}

/// A void or return of an order, an order of its own.
#[derive(Clone, Copy, Debug)]
pub struct Undo<'a> {
    /// The sale.
    pub sale: Trade<'a>,
    /// This undo.
    pub own: Trade<'a>,
    /// Whether all of the sale is voided, else part or all of it is returned.
    pub is_void: bool,
}

/// What a query says of a sale.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// Paid; the gateway's number.
    Paid(Option<String>),
    /// Not known yet.
    Waiting,
    /// Failed, reversed or closed: nothing was taken, or nothing stands.
    Closed,
    /// No such order, or not yet.
    NotFound,
}

/// What a query says of a void or return.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Back {
    /// Done.
    Done,
    /// Under way.
    UnderWay,
    /// It failed.
    Failed,
    /// No such undo, or not yet.
    NotFound,
}

/// What a sale's code on a query says of it.
fn state(code: &str, answer: &Answer) -> Result<State, Fault> {
    match code {
        "00" => Ok(State::Paid(answer.get("queryId").map(str::to_owned))),
        "03" | "04" | "05" => Ok(State::Waiting),
        "01" | "35" | "60" | "61" | "64" => Ok(State::Closed),
        _ => Err(Fault::Incomplete),
    }
}

impl Acp {
    fn pairs(&self, kind: (&str, &str), trade: &Trade<'_>) -> Pairs {
        let text = |text: &str| Zeroizing::new(text.to_owned());
        Pairs::from([
            ("version", text("5.1.0")),
            ("encoding", text("UTF-8")),
            ("signMethod", text("01")),
            ("certId", text(&self.cert_id)),
            ("bizType", text("000000")),
            ("channelType", text("08")),
            ("accessType", text("0")),
            ("merId", text(&self.merchant)),
            ("txnType", text(kind.0)),
            ("txnSubType", text(kind.1)),
            ("orderId", text(trade.number.as_str())),
            ("txnTime", text(&txn_time(trade.at))),
        ])
    }

    fn with_money(&self, mut pairs: Pairs, amount: Amount) -> Pairs {
        let text = |text: &str| Zeroizing::new(text.to_owned());
        pairs.insert("txnAmt", text(&amount.minor().to_string()));
        pairs.insert("currencyCode", text("156"));
        pairs.insert("termId", text(&self.terminal));
        pairs.insert("backUrl", text(&self.back_url));
        pairs
    }

    /// Sale by the customer's code; `information` tells of the terminal.
    ///
    /// # Errors
    /// A code that is not UnionPay's.
    pub fn scan(
        &self,
        sale: &Trade<'_>,
        code: &PaymentCode,
        information: Option<&str>,
    ) -> Result<HttpRequest, BuildError> {
        if code.rail() != Rail::UnionPay {
            return Err(BuildError::ForeignCode);
        }
        let mut pairs = self.with_money(self.pairs(SCAN, sale), sale.amount);
        pairs.insert("qrNo", Zeroizing::new(code.text().to_owned()));
        if let Some(information) = information {
            pairs.insert("termInfo", Zeroizing::new(information.to_owned()));
        }
        self.request(TRADES, pairs)
    }

    /// A code of ours for the customer to scan.
    ///
    /// # Errors
    /// The key did not sign.
    pub fn show(&self, sale: &Trade<'_>) -> Result<HttpRequest, BuildError> {
        let pairs = self.with_money(self.pairs(SHOW, sale), sale.amount);
        self.request(TRADES, pairs)
    }

    /// What became of an order or an undo.
    ///
    /// # Errors
    /// The key did not sign.
    pub fn query(&self, trade: &Trade<'_>) -> Result<HttpRequest, BuildError> {
        self.request(QUERIES, self.pairs(QUERY, trade))
    }

    /// The reversal of an unknown sale: under the sale's own number and time.
    ///
    /// # Errors
    /// The key did not sign.
    pub fn reverse(&self, sale: &Trade<'_>) -> Result<HttpRequest, BuildError> {
        let pairs = self.with_money(self.pairs(REVERSAL, sale), sale.amount);
        self.request(TRADES, pairs)
    }

    /// A void or return.
    ///
    /// # Errors
    /// A void of less than the sale, or more than the sale.
    pub fn undo(&self, undo: &Undo<'_>) -> Result<HttpRequest, BuildError> {
        let (all, own) = (undo.sale.amount, undo.own.amount);
        if own > all || (undo.is_void && own != all) {
            let (field, why) = ("txnAmt", "it does not fit the sale");
            return Err(BuildError::Field { field, why });
        }
        let mut pairs = self.with_money(self.pairs(undo.kind(), &undo.own), own);
        let text = |text: &str| Zeroizing::new(text.to_owned());
        pairs.insert("origOrderId", text(undo.sale.number.as_str()));
        pairs.insert("origTxnTime", text(&txn_time(undo.sale.at)));
        self.request(TRADES, pairs)
    }

    fn asked<'a>(
        trade: &Trade<'a>,
        kind: (&'static str, &'static str),
        (effect, sent, now): (Effect, Sent, WallTime),
    ) -> Asked<'a> {
        let table = match (kind, effect) {
            (QUERY, _) => codes::QUERY,
            (REVERSAL, _) => codes::REVERSAL,
            (_, Effect::Undo) => codes::UNDO,
            _ => codes::SALE,
        };
        Asked {
            number: trade.number,
            at: trade.at,
            kind,
            table,
            effect,
            sent,
            now,
        }
    }

    /// Checks the answer to [`Acp::scan`]: a yes is money taken; it gives the gateway's number.
    #[must_use]
    pub fn check_scan(
        &self,
        sale: &Trade<'_>,
        response: &HttpResponse,
        sent: Sent,
        now: WallTime,
    ) -> Checked<Option<String>> {
        let asked = Self::asked(sale, SCAN, (Effect::Sale, sent, now));
        let accept = |answer: &Answer| {
            answer.must_amount(sale.amount)?;
            Ok(answer.get("queryId").map(str::to_owned))
        };
        self.check(&asked, response, accept, None)
    }

    /// Checks the answer to [`Acp::show`]: the text to draw as a QR.
    #[must_use]
    pub fn check_show(
        &self,
        sale: &Trade<'_>,
        response: &HttpResponse,
        sent: Sent,
        now: WallTime,
    ) -> Checked<String> {
        let asked = Self::asked(sale, SHOW, (Effect::Sale, sent, now));
        let accept = |answer: &Answer| {
            answer.must_amount(sale.amount)?;
            answer.must("qrCode").map(str::to_owned)
        };
        self.check(&asked, response, accept, None)
    }

    /// Checks the answer to [`Acp::query`] about a sale.
    #[must_use]
    pub fn check_query(
        &self,
        sale: &Trade<'_>,
        response: &HttpResponse,
        sent: Sent,
        now: WallTime,
    ) -> Checked<State> {
        let asked = Self::asked(sale, QUERY, (Effect::Ask, sent, now));
        let accept = |answer: &Answer| {
            let state = state(answer.must("origRespCode")?, answer)?;
            if matches!(state, State::Paid(_)) {
                answer.must_amount(sale.amount)?;
            }
            Ok(state)
        };
        self.check(&asked, response, accept, Some(State::NotFound))
    }

    /// Checks the answer to [`Acp::reverse`]. Even a yes is confirmed by a query.
    #[must_use]
    pub fn check_reverse(
        &self,
        sale: &Trade<'_>,
        response: &HttpResponse,
        sent: Sent,
        now: WallTime,
    ) -> Checked<()> {
        let asked = Self::asked(sale, REVERSAL, (Effect::Undo, sent, now));
        self.check(&asked, response, |_| Ok(()), Some(()))
    }

    /// Checks the answer to [`Acp::undo`]: a yes says taken; the query says done.
    #[must_use]
    pub fn check_undo(
        &self,
        undo: &Undo<'_>,
        response: &HttpResponse,
        sent: Sent,
        now: WallTime,
    ) -> Checked<()> {
        let asked = Self::asked(&undo.own, undo.kind(), (Effect::Undo, sent, now));
        let accept = |answer: &Answer| answer.must_amount(undo.own.amount);
        self.check(&asked, response, accept, None)
    }

    /// Checks the answer to [`Acp::query`] about a void or return.
    #[must_use]
    pub fn check_undo_query(
        &self,
        own: &Trade<'_>,
        response: &HttpResponse,
        sent: Sent,
        now: WallTime,
    ) -> Checked<Back> {
        let asked = Self::asked(own, QUERY, (Effect::Ask, sent, now));
        let accept = |answer: &Answer| match answer.must("origRespCode")? {
            "00" => answer.must_amount(own.amount).map(|()| Back::Done),
            "03" | "04" | "05" => Ok(Back::UnderWay),
            "01" | "34" | "35" | "36" | "64" => Ok(Back::Failed),
            _ => Err(Fault::Incomplete),
        };
        self.check(&asked, response, accept, Some(Back::NotFound))
    }
}

impl Undo<'_> {
    const fn kind(&self) -> (&'static str, &'static str) {
        if self.is_void { VOID } else { RETURN }
    }
}
