//! Sale by code, a code to show, void, return, reversal, query.

use pos_domain::WallTime;

use super::{Acp, Pairs, original, repeated};
use crate::wallet::{
    Book, Draft, NewOrder, Order, OrderState, RefundRefusal, RefundRules, Refunded, Taken,
    TakenBack, UndoKind, md5_hex,
};

const DAY_MS: i64 = 86_400_000;
/// How long a return is possible; how long a reversal.
const REFUND_PERIOD_MS: i64 = 365 * DAY_MS;

impl Acp {
    pub(super) fn sale(pairs: &Pairs, book: &mut Book, now: WallTime) -> Draft {
        let code = pairs.get("qrNo");
        let digits =
            code.len() == 19 && code.starts_with("62") && code.bytes().all(|b| b.is_ascii_digit());
        if !digits && !code.starts_with("hQVDUFYwMW") {
            return Self::answer(pairs, "61");
        }
        Self::take(pairs, Some(code), book, now)
    }

    pub(super) fn show(pairs: &Pairs, book: &mut Book, now: WallTime) -> Draft {
        let draft = Self::take(pairs, None, book, now);
        match repeated(book, pairs) {
            Some(order)
                if draft
                    .fields
                    .get("respCode")
                    .is_some_and(|code| code == "00") =>
            {
                let tail = order.id.get(8..).unwrap_or_default();
                draft.with("qrCode", format!("https://qr.95516.com/00010000/{tail}"))
            }
            _ => draft,
        }
    }

    fn take(pairs: &Pairs, code: Option<&str>, book: &mut Book, now: WallTime) -> Draft {
        let cny = pairs.get("currencyCode") == "156";
        let Some(amount) = pairs.amount().filter(|_| cny) else {
            return Self::answer(pairs, "10");
        };
        let content = ["txnTime", "txnAmt", "qrNo", "termId"].map(|name| pairs.get(name));
        let new = NewOrder {
            no: pairs.get("orderId"),
            code,
            amount,
            terminal: pairs.get("termId"),
            sub_merchant: "",
            content: md5_hex(&content.join("&")),
            echo: vec![("txnTime", pairs.get("txnTime").to_owned())],
        };
        let taken = book.take(new, now, "64", "61");
        let order = book.get(pairs.get("orderId"));
        let code = match (taken, order) {
            (Taken::OtherContent | Taken::Again | Taken::Closed, _) => "12",
            (Taken::CodeUsed, _) => "61",
            (Taken::Absent, _) | (_, None) => "03",
            (Taken::New, Some(order)) if order.script.errs() => "03",
            (Taken::New, Some(order)) => match order.state {
                OrderState::Waiting => "05",
                OrderState::Failed => order.refusal.unwrap_or("01"),
                _ => "00",
            },
        };
        let id = order.map(|order| order.id.clone());
        Self::answer(pairs, code).with_some("queryId", id)
    }

    /// A void names the day's own sale and its whole amount.
    pub(super) fn void(pairs: &Pairs, book: &mut Book, now: WallTime) -> Draft {
        let Some(order) = original(book, pairs) else {
            return Self::answer(pairs, "34");
        };
        if pairs.amount() != Some(order.amount) {
            return Self::answer(pairs, "36");
        }
        if order.created.yyyymmdd() != now.yyyymmdd() {
            return Self::answer(pairs, "35");
        }
        Self::give_back(pairs, UndoKind::Void, book, now)
    }

    pub(super) fn give_back(
        pairs: &Pairs,
        kind: UndoKind,
        book: &mut Book,
        now: WallTime,
    ) -> Draft {
        let Some(amount) = pairs.amount() else {
            return Self::answer(pairs, "10");
        };
        let Some(order) = original(book, pairs).map(|order| order.no.clone()) else {
            return Self::answer(pairs, "34");
        };
        let no = pairs.get("orderId");
        let rules = RefundRules {
            period_ms: REFUND_PERIOD_MS,
            gap_ms: 0,
            most: usize::MAX,
        };
        let result = book.give_back((&order, kind, no), amount, now, rules);
        let code = match result {
            None => "34",
            Some(Ok(Refunded::New)) => "00",
            Some(Ok(Refunded::Again)) => "12",
            Some(Ok(Refunded::NewButError)) => "03",
            Some(Err(RefundRefusal::TooMuch)) => "36",
            Some(Err(RefundRefusal::MerchantPoor)) => "64",
            Some(Err(_)) => "35",
        };
        let id = book.refund(no).map(|(_, undo)| undo.id.clone());
        Self::answer(pairs, code).with_some("queryId", id)
    }

    /// A reversal repeats the number and the time of its sale.
    pub(super) fn reverse(&self, pairs: &Pairs, book: &mut Book, now: WallTime) -> Draft {
        let no = pairs.get("orderId");
        if repeated(book, pairs).is_none() {
            if self.settings.undo_closes_unknown && book.get(no).is_none() {
                book.close_unknown(no);
            }
            return Self::answer(pairs, "34");
        }
        let code = match book.take_back(no, UndoKind::Reverse, now, DAY_MS) {
            TakenBack::Closed | TakenBack::Returned | TakenBack::Already => "00",
            TakenBack::Again | TakenBack::Typing => "04",
            TakenBack::Unknown => "34",
            TakenBack::Expired | TakenBack::GivenBack => "35",
        };
        Self::answer(pairs, code)
    }

    /// A query says `00`, and in `origRespCode` how the order, void or return stands.
    pub(super) fn query(pairs: &Pairs, book: &mut Book, now: WallTime) -> Draft {
        let no = pairs.get("orderId");
        book.poll(no, now, "60");
        if let Some(order) = repeated(book, pairs) {
            return Self::stands(pairs, &order.id, order.amount, state_code(order));
        }
        match book.refund(no) {
            Some((_, undo)) if undo.no == no => Self::stands(pairs, &undo.id, undo.amount, "00"),
            _ => Self::answer(pairs, "34"),
        }
    }

    fn stands(pairs: &Pairs, id: &str, amount: i64, code: &str) -> Draft {
        Self::answer(pairs, "00")
            .with("queryId", id)
            .with("txnAmt", amount.to_string())
            .with("origRespCode", code)
            .with("origRespMsg", super::words(code))
    }
}

fn state_code(order: &Order) -> &'static str {
    match order.state {
        OrderState::Unscanned | OrderState::Waiting => "05",
        OrderState::Paid => "00",
        OrderState::Closed | OrderState::Reversed => "35",
        OrderState::Failed => order.refusal.unwrap_or("01"),
    }
}
