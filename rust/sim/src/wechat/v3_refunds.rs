//! Interface v3: refund and refund query (§10.7).

use pos_domain::WallTime;
use serde_json::json;

use super::v3::{body, error, fen, named, number, text};
use super::{WeChat, is_of_another, is_refund_number};
use crate::wallet::{Book, Draft, Form, Order, RefundRefusal, Refunded, Undo, UndoKind, UndoState};
use crate::web::WebRequest;

impl WeChat {
    pub(super) fn refund_v3(
        &self,
        request: &WebRequest,
        form: Form,
        book: &mut Book,
        now: WallTime,
    ) -> Draft {
        let members = body(request);
        let no = text(&members, "out_refund_no");
        let amounts = (fen(&members, "total"), fen(&members, "refund"));
        let ((Some(total), Some(amount)), true) = (amounts, is_refund_number(no)) else {
            return error(form, 400, "PARAM_ERROR", number::PARAMETER);
        };
        let sub = text(&members, "sub_mchid");
        let order = named(book, &members).and_then(|no| book.get(&no).cloned());
        let Some(order) = order.filter(|order| order.sub_merchant == sub) else {
            return error(form, 404, "RESOURCE_NOT_EXISTS", number::ABSENT);
        };
        if total != order.amount || is_of_another(book, no, &order.no) {
            return error(form, 400, "INVALID_REQUEST", number::NONE);
        }
        let which = (order.no.as_str(), UndoKind::Refund, no);
        match book.give_back(which, amount, now, self.refund_rules()) {
            None => error(form, 404, "RESOURCE_NOT_EXISTS", number::ABSENT),
            Some(Err(why)) => refusal(form, why),
            Some(Ok(Refunded::NewButError)) => error(form, 500, "SYSTEM_ERROR", number::NONE),
            Some(Ok(Refunded::New | Refunded::Again)) => shown(book, no, form),
        }
    }

    pub(super) fn refund_query_v3(&self, no: &str, form: Form, book: &mut Book) -> Draft {
        let order = book.refund(no).map(|(order, _)| order.no.clone());
        if let Some(order) = order {
            book.poll_refunds(&order);
        }
        shown(book, no, form)
    }
}

fn shown(book: &Book, no: &str, form: Form) -> Draft {
    match book.refund(no).filter(|(_, undo)| undo.no == no) {
        Some((order, undo)) => described(order, undo, form),
        None => error(form, 404, "RESOURCE_NOT_EXISTS", number::ABSENT),
    }
}

fn described(order: &Order, undo: &Undo, form: Form) -> Draft {
    let status = match undo.state {
        UndoState::Effective => "SUCCESS",
        UndoState::Processing => "PROCESSING",
        UndoState::Abnormal => "ABNORMAL",
    };
    let arrived = (undo.state == UndoState::Effective).then(|| undo.at.rfc3339());
    Draft::new(form)
        .with("refund_id", undo.id.as_str())
        .with("out_refund_no", undo.no.as_str())
        .with("transaction_id", order.id.as_str())
        .with("out_trade_no", order.no.as_str())
        .with("channel", "ORIGINAL")
        .with("user_received_account", "支付用户零钱")
        .with("create_time", undo.at.rfc3339())
        .with("status", status)
        .with_some("success_time", arrived)
        .with(
            "amount",
            json!({
                "total": order.amount,
                "refund": undo.amount,
                "payer_total": order.amount,
                "payer_refund": undo.amount,
                "currency": "CNY",
            }),
        )
}

fn refusal(form: Form, why: RefundRefusal) -> Draft {
    match why {
        RefundRefusal::TooSoon => error(form, 429, "FREQUENCY_LIMITED", number::TOO_FAST),
        RefundRefusal::MerchantPoor => error(form, 403, "NOT_ENOUGH", number::NONE),
        RefundRefusal::NotPaid
        | RefundRefusal::Closed
        | RefundRefusal::Altered
        | RefundRefusal::TooMuch
        | RefundRefusal::TooLate
        | RefundRefusal::TooOften => error(form, 400, "INVALID_REQUEST", number::NONE),
    }
}
