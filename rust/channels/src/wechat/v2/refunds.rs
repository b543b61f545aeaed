//! Refund and refund query (spec wechat-pay §6).

use pos_domain::Amount;

use super::super::{RefundState, codes};
use super::answer::{Answer, Asked};
use super::{Fields, V2};
use crate::http::{HttpRequest, HttpResponse};
use crate::wallet::{BuildError, Checked, Effect, Fault, Nonce, Order, OrderNumber, Sent, fitting};

/// The most refunds that one page of an answer lists.
const LISTED: usize = 50;

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

/// A refund that was taken. Whether the money arrived is for the refund query to say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefundTaken {
    /// The wallet's number of the refund.
    pub refund_id: String,
}

impl V2 {
    /// `POST /secapi/pay/refund`, with the merchant's TLS certificate.
    ///
    /// # Errors
    /// More than the payment; a text that does not fit its field.
    pub fn refund(&self, refund: &Refund<'_>, nonce: &Nonce) -> Result<HttpRequest, BuildError> {
        if refund.amount > refund.total {
            return Err(BuildError::Field {
                field: "refund_fee",
                why: "it is more than the payment",
            });
        }
        let reason = refund.reason.map(|text| fitting("refund_desc", text, 80));
        let fields = Fields::new()
            .with_order(refund.order)?
            .with("out_refund_no", refund.number.as_str())
            .with("total_fee", &refund.total.minor().to_string())
            .with("refund_fee", &refund.amount.minor().to_string())
            .with_some("refund_desc", reason.transpose()?);
        Ok(self.request("/secapi/pay/refund", true, fields, nonce))
    }

    /// Checks the answer to [`V2::refund`]: a yes says taken, not arrived.
    #[must_use]
    pub fn check_refund(
        &self,
        refund: &Refund<'_>,
        response: &HttpResponse,
        sent: Sent,
    ) -> Checked<RefundTaken> {
        let asked = Asked {
            order: refund.order,
            refund: Some(refund.number),
            table: codes::REFUND,
            effect: Effect::Undo,
            sent,
        };
        let accept = |answer: &Answer| {
            answer.must_name(refund.order)?;
            answer.must_be("out_refund_no", refund.number.as_str(), Fault::OtherOrder)?;
            answer.must_amount("total_fee", refund.total)?;
            answer.must_amount("refund_fee", refund.amount)?;
            Ok(RefundTaken {
                refund_id: answer.must("refund_id")?.to_owned(),
            })
        };
        self.check(&asked, response, accept, None)
    }

    /// `POST /pay/refundquery` by the refund's own number.
    #[must_use]
    pub fn refund_query(&self, number: &OrderNumber, nonce: &Nonce) -> HttpRequest {
        let fields = Fields::new().with("out_refund_no", number.as_str());
        self.request("/pay/refundquery", false, fields, nonce)
    }

    /// `POST /pay/refundquery` by the payment: all that went back of it.
    ///
    /// # Errors
    /// A number of theirs that cannot be one.
    pub fn refunds(&self, order: &Order, nonce: &Nonce) -> Result<HttpRequest, BuildError> {
        let fields = Fields::new().with_order(order)?;
        Ok(self.request("/pay/refundquery", false, fields, nonce))
    }

    /// Checks the answer to [`V2::refunds`]: how much the customer has back, in fen. None refunded
    /// is 0, and says nothing of a reverse.
    #[must_use]
    pub fn check_refunds(
        &self,
        order: &Order,
        total: Amount,
        response: &HttpResponse,
        sent: Sent,
    ) -> Checked<i64> {
        let asked = Asked {
            order,
            refund: None,
            table: codes::REFUND_QUERY,
            effect: Effect::Ask,
            sent,
        };
        let accept = |answer: &Answer| {
            answer.must_name(order)?;
            answer.may_amount("total_fee", total)?;
            let count: usize = answer
                .must("refund_count")?
                .parse()
                .map_err(|_| Fault::Incomplete)?;
            if count > LISTED {
                return Err(Fault::Incomplete);
            }
            let mut sum = 0_i64;
            for at in 0..count {
                let fee: i64 = answer
                    .must(&format!("refund_fee_{at}"))?
                    .parse()
                    .map_err(|_| Fault::Incomplete)?;
                if answer.must(&format!("refund_status_{at}"))? == "SUCCESS" {
                    sum = sum.saturating_add(fee);
                }
            }
            Ok(sum)
        };
        self.check(&asked, response, accept, Some(0))
    }

    /// Checks the answer to [`V2::refund_query`] against the refund.
    #[must_use]
    pub fn check_refund_query(
        &self,
        refund: &Refund<'_>,
        response: &HttpResponse,
        sent: Sent,
    ) -> Checked<RefundState> {
        let asked = Asked {
            order: refund.order,
            refund: None,
            table: codes::REFUND_QUERY,
            effect: Effect::Ask,
            sent,
        };
        let accept = |answer: &Answer| {
            answer.must_name(refund.order)?;
            answer.may_amount("total_fee", refund.total)?;
            let own = |at: &usize| {
                answer.get(&format!("out_refund_no_{at}")) == Some(refund.number.as_str())
            };
            let at = (0..LISTED).find(own).ok_or(Fault::OtherOrder)?;
            answer.must_amount(&format!("refund_fee_{at}"), refund.amount)?;
            match answer.must(&format!("refund_status_{at}"))? {
                "SUCCESS" => Ok(RefundState::Success),
                "PROCESSING" => Ok(RefundState::Processing),
                "REFUNDCLOSE" => Ok(RefundState::Closed),
                "CHANGE" => Ok(RefundState::Abnormal),
                _ => Err(Fault::Incomplete),
            }
        };
        self.check(&asked, response, accept, Some(RefundState::NotFound))
    }
}
