//! Interface v2: payment by code, query, reverse, close (§3 to §5, §7).

use pos_domain::WallTime;

use super::v2::{Fields, find, named};
use super::{REVERSE_WINDOW_MS, WeChat, digits, is_order_number};
use crate::wallet::{Book, Draft, How, NewOrder, Order, OrderState, Taken, TakenBack, UndoKind};

impl WeChat {
    pub(super) fn micropay(&self, fields: &Fields, book: &mut Book, now: WallTime) -> Draft {
        let no = fields.text("out_trade_no");
        let must = [
            "body",
            "out_trade_no",
            "total_fee",
            "spbill_create_ip",
            "auth_code",
        ];
        if must.iter().any(|name| fields.get(name).is_none()) {
            return self.failed(fields, "LACK_PARAMS");
        }
        let currency = fields.get("fee_type").unwrap_or("CNY");
        let amount = fields.fen("total_fee").filter(|_| currency == "CNY");
        let (Some(amount), true) = (amount, is_order_number(no)) else {
            return self.failed(fields, "PARAM_ERROR");
        };
        let code = fields.text("auth_code");
        if !is_payment_code(code) {
            return self.failed(fields, "AUTH_CODE_ERROR");
        }
        let new = NewOrder {
            no,
            code: Some(code),
            amount,
            terminal: fields.text("device_info"),
            sub_merchant: fields.text("sub_mch_id"),
            content: fields.content(),
            echo: vec![("attach", fields.text("attach").to_owned())],
        };
        let taken = book.take(new, now, "NOTENOUGH", "AUTHCODEEXPIRE");
        let code = match (taken, book.get(no)) {
            (Taken::OtherContent, _) => "OUT_TRADE_NO_USED",
            (Taken::Closed, _) => "ORDERREVERSED",
            (Taken::CodeUsed, _) => "AUTH_CODE_INVALID",
            (Taken::New, Some(order)) if order.script.errs() => "SYSTEMERROR",
            (Taken::New, Some(order)) if order.state == OrderState::Paid => {
                return paid(self.done(fields), order);
            }
            (_, Some(order)) => match order.state {
                OrderState::Waiting | OrderState::Unscanned => "USERPAYING",
                OrderState::Paid => "ORDERPAID",
                OrderState::Closed => "ORDERCLOSED",
                OrderState::Reversed => "ORDERREVERSED",
                OrderState::Failed => order.refusal.unwrap_or("TRADE_ERROR"),
            },
            (_, None) => "SYSTEMERROR",
        };
        self.failed(fields, code)
    }

    pub(super) fn order_query(&self, fields: &Fields, book: &mut Book, now: WallTime) -> Draft {
        let Some(no) = find(book, fields).map(|order| order.no.clone()) else {
            return self.failed(fields, "ORDERNOTEXIST");
        };
        book.poll(&no, now, "TRADE_ERROR");
        let Some(order) = book.get(&no) else {
            return self.failed(fields, "ORDERNOTEXIST");
        };
        let (state, text) = self.trade_state(order);
        let draft = self
            .done(fields)
            .with("trade_state", state)
            .with("trade_state_desc", text);
        if order.paid_at.is_some() {
            paid(draft, order)
        } else {
            draft
                .with("out_trade_no", order.no.as_str())
                .with_some("transaction_id", fields.get("transaction_id"))
                .with("total_fee", order.amount)
                .with("fee_type", "CNY")
        }
    }

    pub(super) fn reverse(&self, fields: &Fields, book: &mut Book, now: WallTime) -> Draft {
        let given = named(book, fields);
        let success = |again: &str| {
            self.done(fields)
                .with_some("out_trade_no", fields.get("out_trade_no"))
                .with_some("transaction_id", fields.get("transaction_id"))
                .with("recall", again)
        };
        let Some(order) = find(book, fields).cloned() else {
            // It answers success for a number it has never seen (§3.2).
            return match given {
                Some(no) if is_order_number(&no) => {
                    if self.settings.undo_closes_unknown && book.get(&no).is_none() {
                        book.close_unknown(&no);
                    }
                    success("N")
                }
                Some(_) => self.failed(fields, "PARAM_ERROR"),
                None if fields.get("transaction_id").is_some() => {
                    self.failed(fields, "INVALID_TRANSACTIONID")
                }
                None => self.failed(fields, "PARAM_ERROR"),
            };
        };
        if order.how == How::Shown {
            return self.failed(fields, "INVALID_REQUEST");
        }
        book.watch_reverse(&order, now);
        match book.take_back(&order.no, UndoKind::Reverse, now, REVERSE_WINDOW_MS) {
            TakenBack::Again => success("Y"),
            TakenBack::Typing => self.failed(fields, "USERPAYING"),
            TakenBack::Expired => self.failed(fields, "REVERSE_EXPIRE"),
            TakenBack::GivenBack => self.failed(fields, "INVALID_REQUEST"),
            TakenBack::Unknown | TakenBack::Closed | TakenBack::Returned | TakenBack::Already => {
                success("N")
            }
        }
    }

    pub(super) fn close_v2(&self, fields: &Fields, book: &mut Book, now: WallTime) -> Draft {
        let Some(order) = find(book, fields).cloned() else {
            return self.failed(fields, "ORDERNOTEXIST");
        };
        if order.how == How::Scanned {
            return self.failed(fields, "TRADE_STATE_ERROR");
        }
        match book.close(&order.no, now) {
            OrderState::Paid => self.failed(fields, "ORDERPAID"),
            _ if order.state == OrderState::Closed => self.failed(fields, "ORDERCLOSED"),
            _ => self.done(fields),
        }
    }
}

/// Eighteen digits, the first two 10 to 15.
fn is_payment_code(code: &str) -> bool {
    code.len() == 18
        && code.bytes().all(|b| b.is_ascii_digit())
        && code
            .get(..2)
            .is_some_and(|prefix| ("10"..="15").contains(&prefix))
}

/// What the answer about a paid order adds (§3).
fn paid(draft: Draft, order: &Order) -> Draft {
    let time = order.paid_at.map(digits).unwrap_or_default();
    let mut draft = draft
        .with("openid", "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o")
        .with("is_subscribe", "N")
        .with(
            "trade_type",
            match order.how {
                How::Scanned => "MICROPAY",
                How::Shown => "NATIVE",
            },
        )
        .with("bank_type", "OTHERS")
        .with("fee_type", "CNY")
        .with("total_fee", order.amount)
        .with("cash_fee", order.amount)
        .with("cash_fee_type", "CNY")
        .with("transaction_id", order.id.as_str())
        .with("out_trade_no", order.no.as_str())
        .with("time_end", time);
    for (name, value) in order.echo.iter().filter(|(_, value)| !value.is_empty()) {
        draft = draft.with(name, value.as_str());
    }
    draft
}
