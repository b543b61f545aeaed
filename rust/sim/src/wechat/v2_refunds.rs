//! Interface v2: refund and refund query (§6).

use pos_domain::WallTime;

use super::v2::{Fields, find};
use super::{WeChat, is_of_another, is_refund_number};
use crate::wallet::{Book, Draft, Order, RefundRefusal, Refunded, UndoKind, UndoState};

impl WeChat {
    pub(super) fn refund_v2(&self, fields: &Fields, book: &mut Book, now: WallTime) -> Draft {
        let no = fields.text("out_refund_no");
        let amounts = (fields.fen("total_fee"), fields.fen("refund_fee"));
        let ((Some(total), Some(amount)), true) = (amounts, is_refund_number(no)) else {
            return self.failed(fields, "PARAM_ERROR");
        };
        let Some(order) = find(book, fields).cloned() else {
            return self.failed(fields, "ORDERNOTEXIST");
        };
        let elsewhere = is_of_another(book, no, &order.no);
        if total != order.amount || elsewhere {
            return self.failed(fields, "ERROR");
        }
        let which = (order.no.as_str(), UndoKind::Refund, no);
        let result = book.give_back(which, amount, now, self.refund_rules());
        let code = match result {
            None => "ORDERNOTEXIST",
            Some(Err(why)) => refusal(why),
            Some(Ok(Refunded::NewButError)) => "SYSTEMERROR",
            Some(Ok(Refunded::New | Refunded::Again)) => {
                let id = book.refund(no).map(|(_, undo)| undo.id.clone());
                return self
                    .done(fields)
                    .with("transaction_id", order.id.as_str())
                    .with("out_trade_no", order.no.as_str())
                    .with("out_refund_no", no)
                    .with_some("refund_id", id)
                    .with("refund_fee", amount)
                    .with("total_fee", total)
                    .with("fee_type", "CNY")
                    .with("cash_fee", total);
            }
        };
        self.failed(fields, code)
    }

    pub(super) fn refund_query_v2(&self, fields: &Fields, book: &mut Book) -> Draft {
        let number = fields.get("refund_id").or(fields.get("out_refund_no"));
        let order = match number {
            Some(no) => book.refund(no).map(|(order, _)| order.no.clone()),
            None => find(book, fields).map(|order| order.no.clone()),
        };
        let Some(order) = order else {
            return self.failed(fields, "REFUNDNOTEXIST");
        };
        book.poll_refunds(&order);
        match book.get(&order) {
            Some(order) if !order.undos.is_empty() => self.listed(fields, order, number),
            _ => self.failed(fields, "REFUNDNOTEXIST"),
        }
    }

    fn listed(&self, fields: &Fields, order: &Order, number: Option<&str>) -> Draft {
        let undos: Vec<_> = order
            .undos
            .iter()
            .filter(|undo| number.is_none_or(|no| undo.no == no || undo.id == no))
            .collect();
        let mut draft = self
            .done(fields)
            .with("transaction_id", order.id.as_str())
            .with("out_trade_no", order.no.as_str())
            .with("total_fee", order.amount)
            .with("fee_type", "CNY")
            .with("cash_fee", order.amount)
            .with("refund_count", undos.len());
        for (at, undo) in undos.iter().enumerate() {
            let status = match undo.state {
                UndoState::Effective => "SUCCESS",
                UndoState::Processing => "PROCESSING",
                UndoState::Abnormal => "CHANGE",
            };
            draft = draft
                .with(&format!("out_refund_no_{at}"), undo.no.as_str())
                .with(&format!("refund_id_{at}"), undo.id.as_str())
                .with(&format!("refund_channel_{at}"), "ORIGINAL")
                .with(&format!("refund_fee_{at}"), undo.amount)
                .with(&format!("refund_status_{at}"), status);
        }
        draft
    }
}

const fn refusal(why: RefundRefusal) -> &'static str {
    match why {
        RefundRefusal::NotPaid
        | RefundRefusal::Closed
        | RefundRefusal::Altered
        | RefundRefusal::TooMuch => "ERROR",
        RefundRefusal::TooSoon => "FREQUENCY_LIMITED",
        RefundRefusal::TooLate => "TRADE_OVERDUE",
        RefundRefusal::TooOften => "INVALID_REQUEST",
        RefundRefusal::MerchantPoor => "NOTENOUGH",
    }
}
