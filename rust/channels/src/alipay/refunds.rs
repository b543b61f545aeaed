//! Refund and refund query (spec alipay §9).

use pos_domain::{Amount, Code, Rail, WallTime};

use super::answer::{Answer, Asked};
use super::gateway::Business;
use super::trades::Shop;
use super::{Alipay, codes};
use crate::http::{HttpRequest, HttpResponse};
use crate::wallet::{
    BuildError, Checked, Effect, Fault, Kind, Order, OrderNumber, Reason, Sent, fitting,
};

/// A refund of all or part of a trade. Alipay does it once for one number.
#[derive(Clone, Copy, Debug)]
pub struct Refund<'a> {
    /// The trade.
    pub order: &'a Order,
    /// `out_request_no`, always sent and stored before the call.
    pub number: &'a OrderNumber,
    /// The trade's amount.
    pub total: Amount,
    /// How much goes back.
    pub amount: Amount,
    /// Why, at most 256 characters.
    pub reason: Option<&'a str>,
    /// Who gives it back.
    pub shop: Shop<'a>,
}

/// A refund that moved money in this very call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refunded {
    /// All that went back for this trade so far.
    pub in_all: Amount,
}

/// What a refund query says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RefundState {
    /// The money went back.
    Success,
    /// Not received or not successful: send the refund again with the same number.
    NotFound,
}

impl Alipay {
    /// `alipay.trade.refund`.
    ///
    /// # Errors
    /// More than the trade; a text that does not fit its field.
    pub fn refund(&self, refund: &Refund<'_>, now: WallTime) -> Result<HttpRequest, BuildError> {
        if refund.amount > refund.total {
            return Err(BuildError::Field {
                field: "refund_amount",
                why: "it is more than the trade",
            });
        }
        let reason = refund
            .reason
            .map(|text| fitting("refund_reason", text, 256));
        let business = Business::new()
            .with_order(refund.order)?
            .with_amount("refund_amount", refund.amount)?
            .with("out_request_no", refund.number.as_str())
            .with_some("refund_reason", reason.transpose()?);
        let business = refund.shop.written(business)?;
        self.request("alipay.trade.refund", &business, now, self.method)
    }

    /// Checks the answer to [`Alipay::refund`]. A yes moved money now; `fund_change` N, as a repeat
    /// gets it, is unknown until the refund query.
    #[must_use]
    pub fn check_refund(
        &self,
        refund: &Refund<'_>,
        response: &HttpResponse,
        sent: Sent,
    ) -> Checked<Refunded> {
        let asked = Asked {
            node: "alipay_trade_refund_response",
            order: refund.order,
            table: codes::REFUND,
            effect: Effect::Undo,
            sent,
        };
        let accept = |answer: &Answer| {
            answer.must_name(refund.order)?;
            let in_all = answer.amount("refund_fee")?.ok_or(Fault::Incomplete)?;
            if in_all < refund.amount || in_all > refund.total {
                return Err(Fault::OtherAmount);
            }
            Ok(match answer.must("fund_change")? {
                "Y" => Checked::Yes(Refunded { in_all }),
                "N" => Checked::Unknown(Reason {
                    code: Code::Wire(Rail::Alipay, "FUND_CHANGE_N".to_owned()),
                    text: String::new(),
                    kind: Kind::Business,
                }),
                _ => return Err(Fault::Incomplete),
            })
        };
        self.check(&asked, response, accept, None)
    }

    /// `alipay.trade.fastpay.refund.query`, no sooner than 10 seconds after the refund.
    ///
    /// # Errors
    /// A number of theirs that cannot be one.
    pub fn refund_query(
        &self,
        refund: &Refund<'_>,
        now: WallTime,
    ) -> Result<HttpRequest, BuildError> {
        let business = Business::new()
            .with_order(refund.order)?
            .with("out_request_no", refund.number.as_str());
        self.request(
            "alipay.trade.fastpay.refund.query",
            &business,
            now,
            self.method,
        )
    }

    /// Checks the answer to [`Alipay::refund_query`] against the refund.
    #[must_use]
    pub fn check_refund_query(
        &self,
        refund: &Refund<'_>,
        response: &HttpResponse,
        sent: Sent,
    ) -> Checked<RefundState> {
        let asked = Asked {
            node: "alipay_trade_fastpay_refund_query_response",
            order: refund.order,
            table: codes::REFUND_QUERY,
            effect: Effect::Ask,
            sent,
        };
        let accept = |answer: &Answer| match answer.get("refund_status") {
            None => Ok(Checked::Yes(RefundState::NotFound)),
            Some("REFUND_SUCCESS") => {
                answer.must_name(refund.order)?;
                answer.must_be("out_request_no", refund.number.as_str())?;
                answer.must_amount("refund_amount", refund.amount)?;
                answer.may_amount("total_amount", refund.total)?;
                Ok(Checked::Yes(RefundState::Success))
            }
            Some(_) => Err(Fault::Incomplete),
        };
        self.check(&asked, response, accept, None)
    }
}
