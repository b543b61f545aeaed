//! What one wallet's language must offer to the common machinery.

use std::fmt;

use pos_domain::WallTime;
use serde_json::{Map, Value};

use super::book::{Book, Call};
use crate::web::{WebRequest, WebResponse};

/// An answer before it is written and signed.
#[derive(Clone, Debug)]
pub(crate) struct Draft {
    /// HTTP status.
    pub status: u16,
    pub form: Form,
    pub fields: Map<String, Value>,
    pub signed: bool,
    /// True when it leaves open what became of the request.
    pub open: bool,
    /// WeChat v3's internal error number.
    pub number: &'static str,
}

/// How an answer is written.
#[derive(Clone, Debug)]
pub(crate) enum Form {
    /// WeChat v2.
    Xml { hmac: bool },
    /// WeChat v3; true when the request asked for the platform certificate's signature.
    Json { by_certificate: bool },
    /// Alipay: the node of this name; true in certificate mode.
    Node { name: String, by_certificate: bool },
    /// UnionPay online.
    Pairs,
}

impl Draft {
    pub(crate) fn new(form: Form) -> Self {
        Self {
            status: 200,
            form,
            fields: Map::new(),
            signed: true,
            open: false,
            number: "0",
        }
    }

    pub(crate) fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.fields.insert(name.to_owned(), value.into());
        self
    }

    pub(crate) fn with_some<T: Into<Value>>(self, name: &str, value: Option<T>) -> Self {
        match value {
            Some(value) => self.with(name, value),
            None => self,
        }
    }

    pub(crate) fn left_open(mut self) -> Self {
        self.open = true;
        self
    }
}

/// How an answer is falsified.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tamper {
    None,
    WrongSignature,
    Unsigned,
}

/// A wallet's language.
pub(crate) trait Protocol: fmt::Debug + Send {
    /// What the request is about, as far as it can be told without checking anything.
    fn call(&self, request: &WebRequest, book: &Book) -> Call;

    /// Checks the request, carries it out, and says what to answer.
    fn answer(&mut self, request: &WebRequest, book: &mut Book, now: WallTime) -> Draft;

    /// The answer that only says a code; nothing is carried out.
    fn code(&self, request: &WebRequest, code: &str) -> Draft;

    /// The answer to a request whose signature is wrong.
    fn unsigned_request(&self, request: &WebRequest) -> Draft;

    /// Writes and signs.
    fn seal(&self, draft: &Draft, nonce: &str, now: WallTime, tamper: Tamper) -> WebResponse;

    /// The code that an order which its customer cancelled is refused with.
    fn cancelled(&self) -> &'static str;
}

/// The same answer about another order and, with it, another refund.
pub(crate) fn of_another(mut draft: Draft) -> Draft {
    for name in [
        "out_trade_no",
        "transaction_id",
        "trade_no",
        "out_refund_no",
        "orderId",
        "code_url",
    ] {
        if let Some(Value::String(text)) = draft.fields.get_mut(name) {
            let last = text.pop();
            text.push(if last == Some('7') { '8' } else { '7' });
        }
    }
    draft
}

/// The same answer with another amount.
pub(crate) fn of_another_amount(mut draft: Draft) -> Draft {
    for name in [
        "total_fee",
        "refund_fee",
        "total_amount",
        "txnAmt",
        "amount",
    ] {
        if let Some(value) = draft.fields.get_mut(name) {
            change_amount(value);
        }
    }
    draft
}

fn change_amount(value: &mut Value) {
    match value {
        Value::String(text) => text.insert(0, '1'),
        Value::Number(number) => {
            if let Some(amount) = number.as_i64() {
                *value = Value::from(amount + 1);
            }
        }
        Value::Object(members) => {
            for (_, member) in members.iter_mut().filter(|(name, _)| *name != "currency") {
                change_amount(member);
            }
        }
        _ => {}
    }
}
