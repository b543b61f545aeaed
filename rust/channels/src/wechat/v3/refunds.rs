//! Refund and refund query (spec wechat-pay §10.7).

use pos_domain::Amount;
use serde_json::{Value, json};

use super::super::{RefundState, codes};
use super::answer::{Answer, Asked};
use super::{Stamp, V3, in_cny, object};
use crate::http::{HttpRequest, HttpResponse, percent_encode};
use crate::wallet::{BuildError, Checked, Effect, Fault, Order, OrderNumber, Sent, Table, fitting};

/// A refund of all or part of a payment. WeChat does it once for one number.
#[derive(Clone, Copy, Debug)]
pub struct Refund<'a> {
    /// The payment.
    pub order: &'a Order,
    /// The refund's own number, stored before the call.
    pub number: &'a OrderNumber,
    /// The payment's amount.
    pub total: Amount,
    /// How much goes back.
    pub amount: Amount,
    /// Why, at most 80 characters; the customer sees it.
    pub reason: Option<&'a str>,
}

impl V3 {
    /// `POST /v3/refund/domestic/refunds`.
    ///
    /// # Errors
    /// More than the payment; a text that does not fit its field.
    pub fn refund(&self, refund: &Refund<'_>, stamp: Stamp<'_>) -> Result<HttpRequest, BuildError> {
        if refund.amount > refund.total {
            return Err(BuildError::Field {
                field: "refund",
                why: "it is more than the payment",
            });
        }
        let named = match refund.order {
            Order::Ours(number) => ("out_trade_no", number.as_str()),
            Order::Theirs(number) => ("transaction_id", Order::theirs("transaction_id", number)?),
        };
        let mut body = object([named, ("out_refund_no", refund.number.as_str())]);
        if let Some(sub) = &self.merchant.sub {
            body.insert("sub_mchid".to_owned(), Value::from(sub.mch_id.as_str()));
        }
        if let Some(reason) = refund.reason {
            let reason = fitting("reason", reason, 80)?;
            body.insert("reason".to_owned(), Value::from(reason));
        }
        let mut amount = in_cny("total", refund.total);
        amount.insert("refund".to_owned(), json!(refund.amount.minor()));
        body.insert("amount".to_owned(), Value::Object(amount));
        let target = "/v3/refund/domestic/refunds".to_owned();
        self.request(target, Some(&body), stamp)
    }

    /// Checks the answer to [`V3::refund`]. A yes says taken; only
    /// [`RefundState::Success`] says that the money went back.
    #[must_use]
    pub fn check_refund(
        &self,
        refund: &Refund<'_>,
        response: &HttpResponse,
        sent: Sent,
        now: i64,
    ) -> Checked<RefundState> {
        self.check_state(
            refund,
            response,
            codes::V3_REFUND,
            Effect::Undo,
            (sent, now),
        )
    }

    /// `GET /v3/refund/domestic/refunds/{number}`.
    ///
    /// # Errors
    /// The key did not sign.
    pub fn refund_query(
        &self,
        number: &OrderNumber,
        stamp: Stamp<'_>,
    ) -> Result<HttpRequest, BuildError> {
        let query = match &self.merchant.sub {
            None => String::new(),
            Some(sub) => format!("?sub_mchid={}", *percent_encode(&sub.mch_id)),
        };
        let target = format!("/v3/refund/domestic/refunds/{number}{query}");
        self.request(target, None, stamp)
    }

    /// Checks the answer to [`V3::refund_query`] against the refund.
    #[must_use]
    pub fn check_refund_query(
        &self,
        refund: &Refund<'_>,
        response: &HttpResponse,
        sent: Sent,
        now: i64,
    ) -> Checked<RefundState> {
        self.check_state(
            refund,
            response,
            codes::V3_REFUND_QUERY,
            Effect::Ask,
            (sent, now),
        )
    }

    /// Both calls answer with the refund.
    fn check_state(
        &self,
        refund: &Refund<'_>,
        response: &HttpResponse,
        table: Table,
        effect: Effect,
        (sent, now): (Sent, i64),
    ) -> Checked<RefundState> {
        let asked = Asked {
            table,
            effect,
            sent,
            now,
        };
        let accept = |answer: &Answer| {
            answer.must_name(refund.order)?;
            answer.must_be("out_refund_no", refund.number.as_str(), Fault::OtherOrder)?;
            answer.must("refund_id")?;
            answer.must_amount("total", refund.total)?;
            answer.must_amount("refund", refund.amount)?;
            match answer.must("status")? {
                "SUCCESS" => Ok(RefundState::Success),
                "PROCESSING" => Ok(RefundState::Processing),
                "CLOSED" => Ok(RefundState::Closed),
                "ABNORMAL" => Ok(RefundState::Abnormal),
                _ => Err(Fault::Incomplete),
            }
        };
        self.check(&asked, response, accept, Some(RefundState::NotFound))
    }
}
