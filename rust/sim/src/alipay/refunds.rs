//! Refund and refund query (§9).

use pos_domain::WallTime;
use serde_json::{Map, Value};

use super::{Alipay, in_yuan, named, refused, success, text, unavailable, yuan};
use crate::wallet::{
    Book, Draft, Form, OrderState, RefundRefusal, RefundRules, Refunded, Turn, UndoKind, UndoState,
};

type Business = Map<String, Value>;

impl Alipay {
    pub(super) fn refund(
        &self,
        business: &Business,
        form: Form,
        book: &mut Book,
        now: WallTime,
    ) -> Draft {
        let Some(amount) = yuan(business, "refund_amount") else {
            return refused(form, "ACQ.INVALID_PARAMETER");
        };
        let order = named(book, business).and_then(|no| book.get(&no).cloned());
        let Some(order) = order.filter(|order| order.state != OrderState::Unscanned) else {
            return refused(form, "ACQ.TRADE_NOT_EXIST");
        };
        let no = match text(business, "out_request_no") {
            "" => order.no.as_str(),
            no => no,
        };
        let rules = RefundRules {
            period_ms: self.settings.alipay_refund_period_ms,
            gap_ms: 0,
            most: usize::MAX,
        };
        let which = (order.no.as_str(), UndoKind::Refund, no);
        let moved = match book.give_back(which, amount, now, rules) {
            None => return refused(form, "ACQ.TRADE_NOT_EXIST"),
            Some(Err(why)) => return refused(form, refusal(why)),
            Some(Ok(Refunded::NewButError)) => return unavailable(form),
            // What is under way has moved nothing that could be told.
            Some(Ok(Refunded::New)) if order.script.has(Turn::RefundSlow) => "N",
            Some(Ok(Refunded::New)) => "Y",
            Some(Ok(Refunded::Again)) => "N",
        };
        let total = book.get(&order.no).map_or(amount, |own| own.given_back());
        success(form)
            .with("trade_no", order.id.as_str())
            .with("out_trade_no", order.no.as_str())
            .with("buyer_logon_id", "158****1562")
            .with("fund_change", moved)
            .with("refund_fee", in_yuan(total))
            .with("send_back_fee", in_yuan(total))
    }

    pub(super) fn refund_query(&self, business: &Business, form: Form, book: &mut Book) -> Draft {
        let no = text(business, "out_request_no");
        let Some(order) = named(book, business).filter(|own| book.get(own).is_some()) else {
            return refused(form, "ACQ.TRADE_NOT_EXIST");
        };
        book.poll_refunds(&order);
        let Some(order) = book.get(&order) else {
            return refused(form, "ACQ.TRADE_NOT_EXIST");
        };
        let draft = success(form)
            .with("trade_no", order.id.as_str())
            .with("out_trade_no", order.no.as_str());
        let arrived = order
            .undos
            .iter()
            .find(|undo| undo.no == no && undo.state == UndoState::Effective);
        match arrived {
            // Not received, or not successful: the field is absent.
            None => draft,
            Some(undo) => draft
                .with("out_request_no", no)
                .with("total_amount", in_yuan(order.amount))
                .with("refund_amount", in_yuan(undo.amount))
                .with("refund_status", "REFUND_SUCCESS"),
        }
    }
}

const fn refusal(why: RefundRefusal) -> &'static str {
    match why {
        RefundRefusal::NotPaid => "ACQ.TRADE_STATUS_ERROR",
        RefundRefusal::Closed => "ACQ.TRADE_HAS_CLOSE",
        RefundRefusal::Altered => "ACQ.DISCORDANT_REPEAT_REQUEST",
        RefundRefusal::TooMuch => "ACQ.REASON_TRADE_REFUND_FEE_ERR",
        RefundRefusal::TooSoon => "ACQ.SYSTEM_ERROR",
        RefundRefusal::TooLate | RefundRefusal::TooOften => "ACQ.TRADE_HAS_FINISHED",
        RefundRefusal::MerchantPoor => "ACQ.SELLER_BALANCE_NOT_ENOUGH",
    }
}
