//! Payment by code, a code to show, query, cancel, close (§6 to §8, §10).

use pos_domain::WallTime;
use serde_json::{Map, Value, json};

use super::{Alipay, clock, in_yuan, named, refused, success, text, unavailable, waiting, yuan};
use crate::wallet::{
    Book, Draft, Form, NewOrder, Order, OrderState, Taken, TakenBack, UndoKind, md5_hex,
};

const DAY_MS: i64 = 86_400_000;
/// How long after payment a trade can be cancelled (§8).
const CANCEL_WINDOW_MS: i64 = DAY_MS;

type Business = Map<String, Value>;

impl Alipay {
    pub(super) fn pay(
        &self,
        business: &Business,
        form: Form,
        book: &mut Book,
        now: WallTime,
    ) -> Draft {
        let code = text(business, "auth_code");
        let fits = match text(business, "scene") {
            "bar_code" => is_payment_code(code),
            "security_code" => code.len() == 37 && code.starts_with("fp"),
            _ => return refused(form, "ACQ.INVALID_PARAMETER"),
        };
        if !fits {
            return refused(form, "ACQ.PAYMENT_AUTH_CODE_INVALID");
        }
        let Some(new) = new_order(business, Some(code)) else {
            return refused(form, "ACQ.INVALID_PARAMETER");
        };
        let taken = book.take(
            new,
            now,
            "ACQ.BUYER_BALANCE_NOT_ENOUGH",
            "ACQ.PAYMENT_AUTH_CODE_INVALID",
        );
        let order = book.get(text(business, "out_trade_no"));
        match (taken, order) {
            (Taken::OtherContent, _) => refused(form, "ACQ.CONTEXT_INCONSISTENT"),
            (Taken::Closed, _) => refused(form, "ACQ.TRADE_HAS_CLOSE"),
            (Taken::CodeUsed, _) => refused(form, "ACQ.PAYMENT_AUTH_CODE_INVALID"),
            (Taken::New, Some(order)) if order.script.errs() => unavailable(form),
            (Taken::New, Some(order)) if order.state == OrderState::Paid => {
                paid(success(form), order)
            }
            (_, Some(order)) => match order.state {
                OrderState::Waiting | OrderState::Unscanned => waiting(form)
                    .with("out_trade_no", order.no.as_str())
                    .with("trade_no", order.id.as_str()),
                OrderState::Paid => refused(form, "ACQ.TRADE_HAS_SUCCESS"),
                OrderState::Closed | OrderState::Reversed => refused(form, "ACQ.TRADE_HAS_CLOSE"),
                OrderState::Failed => refused(form, order.refusal.unwrap_or("ACQ.PAYMENT_FAIL")),
            },
            (_, None) => unavailable(form),
        }
    }

    pub(super) fn precreate(
        &self,
        business: &Business,
        form: Form,
        book: &mut Book,
        now: WallTime,
    ) -> Draft {
        let Some(new) = new_order(business, None) else {
            return refused(form, "ACQ.INVALID_PARAMETER");
        };
        let taken = book.take(new, now, "", "");
        match (taken, book.get(text(business, "out_trade_no"))) {
            (Taken::OtherContent, _) => refused(form, "ACQ.CONTEXT_INCONSISTENT"),
            (Taken::New, Some(order)) if order.script.errs() => unavailable(form),
            (_, Some(order)) => match order.state {
                OrderState::Unscanned | OrderState::Waiting => {
                    let tail = order.id.get(12..).unwrap_or_default();
                    success(form)
                        .with("out_trade_no", order.no.as_str())
                        .with("qr_code", format!("https://qr.alipay.com/bax{tail}"))
                }
                OrderState::Paid => refused(form, "ACQ.TRADE_HAS_SUCCESS"),
                _ => refused(form, "ACQ.TRADE_HAS_CLOSE"),
            },
            (Taken::Closed, None) => refused(form, "ACQ.TRADE_HAS_CLOSE"),
            (_, None) => unavailable(form),
        }
    }

    pub(super) fn query(
        &self,
        business: &Business,
        form: Form,
        book: &mut Book,
        now: WallTime,
    ) -> Draft {
        let Some(no) = named(book, business) else {
            return refused(form, "ACQ.TRADE_NOT_EXIST");
        };
        book.poll(&no, now, "ACQ.PAYMENT_FAIL");
        let Some((order, status)) = book.get(&no).and_then(|o| Some((o, trade_status(o)?))) else {
            return refused(form, "ACQ.TRADE_NOT_EXIST");
        };
        let draft = success(form).with("trade_status", status);
        if order.paid_at.is_some() {
            paid(draft, order)
        } else {
            draft
                .with("out_trade_no", order.no.as_str())
                .with("trade_no", order.id.as_str())
                .with("total_amount", in_yuan(order.amount))
        }
    }

    pub(super) fn cancel(
        &self,
        business: &Business,
        form: Form,
        book: &mut Book,
        now: WallTime,
    ) -> Draft {
        let Some(no) = named(book, business) else {
            return refused(form, "ACQ.INVALID_PARAMETER");
        };
        let was_created = book.get(&no).is_some_and(|o| trade_status(o).is_some());
        let result = book.take_back(&no, UndoKind::Cancel, now, CANCEL_WINDOW_MS);
        let id = book.get(&no).map(|order| order.id.clone());
        let answered = |again: &str, action: Option<&str>| {
            success(form.clone())
                .with("out_trade_no", no.as_str())
                .with_some("trade_no", id.filter(|_| was_created))
                .with("retry_flag", again)
                .with_some("action", action)
        };
        match result {
            TakenBack::Unknown => {
                if self.settings.undo_closes_unknown {
                    book.close_unknown(&no);
                }
                answered("N", None)
            }
            TakenBack::Closed => answered("N", was_created.then_some("close")),
            TakenBack::Returned => answered("N", Some("refund")),
            TakenBack::Already => {
                let paid = book.get(&no).is_some_and(|order| order.paid_at.is_some());
                answered("N", Some(if paid { "refund" } else { "close" }))
            }
            TakenBack::Again | TakenBack::Typing => answered("Y", None),
            TakenBack::Expired => refused(form, "ACQ.TRADE_CANCEL_TIME_OUT"),
            TakenBack::GivenBack => refused(form, "ACQ.REASON_TRADE_REFUND_FEE_ERR"),
        }
    }

    pub(super) fn close(
        &self,
        business: &Business,
        form: Form,
        book: &mut Book,
        now: WallTime,
    ) -> Draft {
        let no = named(book, business).unwrap_or_default();
        match book.get(&no).map(|order| order.state) {
            None | Some(OrderState::Unscanned) => refused(form, "ACQ.TRADE_NOT_EXIST"),
            Some(OrderState::Waiting) if book.close(&no, now) == OrderState::Closed => {
                let id = book.get(&no).map(|order| order.id.clone());
                success(form)
                    .with("out_trade_no", no.as_str())
                    .with_some("trade_no", id)
            }
            Some(_) => refused(form, "ACQ.TRADE_STATUS_ERROR"),
        }
    }
}

/// What a payment or a code to show is about; `None` when a parameter does not fit (§6).
fn new_order<'a>(business: &'a Business, code: Option<&'a str>) -> Option<NewOrder<'a>> {
    let no = text(business, "out_trade_no");
    let word = |b: u8| b.is_ascii_alphanumeric() || b == b'_';
    let subject = text(business, "subject");
    let fits = (1..=64).contains(&no.len())
        && no.bytes().all(word)
        && (1..=256).contains(&subject.chars().count())
        && !subject.contains(['/', '=', '&']);
    let amount = yuan(business, "total_amount").filter(|_| fits)?;
    Some(NewOrder {
        no,
        code,
        amount,
        terminal: text(business, "terminal_id"),
        sub_merchant: "",
        content: md5_hex(&Value::Object(business.clone()).to_string()),
        echo: Vec::new(),
    })
}

/// 16 to 24 digits, the first two 25 to 30.
fn is_payment_code(code: &str) -> bool {
    (16..=24).contains(&code.len())
        && code.bytes().all(|b| b.is_ascii_digit())
        && code
            .get(..2)
            .is_some_and(|prefix| ("25"..="30").contains(&prefix))
}

/// None while nobody has scanned: there is no trade yet (§6).
fn trade_status(order: &Order) -> Option<&'static str> {
    Some(match order.state {
        OrderState::Unscanned => return None,
        OrderState::Waiting => "WAIT_BUYER_PAY",
        OrderState::Paid if order.room() > 0 => "TRADE_SUCCESS",
        OrderState::Paid | OrderState::Closed | OrderState::Reversed | OrderState::Failed => {
            "TRADE_CLOSED"
        }
    })
}

/// What the answer about a paid trade adds.
fn paid(draft: Draft, order: &Order) -> Draft {
    let total = in_yuan(order.amount);
    let time = order.paid_at.map(clock).unwrap_or_default();
    draft
        .with("trade_no", order.id.as_str())
        .with("out_trade_no", order.no.as_str())
        .with("buyer_logon_id", "158****1562")
        .with("buyer_user_id", "2088101117955611")
        .with("total_amount", total.as_str())
        .with("receipt_amount", total.as_str())
        .with("buyer_pay_amount", total.as_str())
        .with("point_amount", "0.00")
        .with("invoice_amount", total.as_str())
        .with("gmt_payment", time.as_str())
        .with("send_pay_date", time.as_str())
        .with(
            "fund_bill_list",
            json!([{"amount": total, "fund_channel": "ALIPAYACCOUNT"}]),
        )
}
