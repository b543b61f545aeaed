//! Verifying an answer and reading it (spec wechat-pay §10.2, §10.4).

use pos_domain::{Amount, Rail};
use serde_json::{Map, Value};

use super::super::codes;
use super::{V3, answer_message};
use crate::http::HttpResponse;
use crate::wallet::{Checked, Effect, Failure, Fault, Order, Sent, Table, Verdict, look_up};

/// How far an answer's time may be off, in seconds.
const LARGEST_SKEW: i64 = 300;

/// A body's members; empty for 204.
pub(super) struct Answer(Map<String, Value>);

impl Answer {
    /// A text; none when absent or empty.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0
            .get(name)
            .and_then(Value::as_str)
            .filter(|text| !text.is_empty())
    }

    /// A mandatory text.
    pub fn must(&self, name: &str) -> Result<&str, Fault> {
        self.get(name).ok_or(Fault::Incomplete)
    }

    /// A mandatory text that repeats what was sent.
    pub fn must_be(&self, name: &str, own: &str, fault: Fault) -> Result<(), Fault> {
        if self.must(name)? == own {
            Ok(())
        } else {
            Err(fault)
        }
    }

    /// The order's number by which it was named must come back.
    pub fn must_name(&self, order: &Order) -> Result<(), Fault> {
        match order {
            Order::Ours(number) => self.must_be("out_trade_no", number.as_str(), Fault::OtherOrder),
            Order::Theirs(number) => self.must_be("transaction_id", number, Fault::OtherOrder),
        }
    }

    /// Whether there is an `amount`.
    pub fn has_amount(&self) -> bool {
        self.0.contains_key("amount")
    }

    /// A sum in fen inside `amount`, in CNY, that repeats what was sent.
    pub fn must_amount(&self, name: &str, own: Amount) -> Result<(), Fault> {
        let amount = self.0.get("amount").ok_or(Fault::Incomplete)?;
        let theirs = amount.get(name).and_then(Value::as_i64);
        match amount.get("currency").and_then(Value::as_str) {
            None | Some("CNY") => {}
            Some(_) => return Err(Fault::OtherCurrency),
        }
        match theirs {
            Some(theirs) if theirs == own.minor() => Ok(()),
            Some(_) => Err(Fault::OtherAmount),
            None => Err(Fault::Incomplete),
        }
    }
}

/// The question that an answer is checked against.
pub(super) struct Asked {
    pub table: Table,
    pub effect: Effect,
    pub sent: Sent,
    /// Unix time in seconds, trusted.
    pub now: i64,
}

impl V3 {
    /// Checks signature and status; `accept` reads a success, `done` stands for a code that says
    /// that what was asked for is already so.
    pub(super) fn check<T>(
        &self,
        asked: &Asked,
        response: &HttpResponse,
        accept: impl FnOnce(&Answer) -> Result<T, Fault>,
        done: Option<T>,
    ) -> Checked<T> {
        self.open(asked, response, accept, done)
            .unwrap_or_else(Fault::unknown)
    }

    fn open<T>(
        &self,
        asked: &Asked,
        response: &HttpResponse,
        accept: impl FnOnce(&Answer) -> Result<T, Fault>,
        done: Option<T>,
    ) -> Result<Checked<T>, Fault> {
        let text = response.text().ok_or(Fault::Garbled)?;
        let signed = self.vouched(response, text, asked.now)?;
        let succeeded = matches!(response.status, 200 | 204);
        let refused = matches!(response.status, 400..=499);
        if succeeded && !signed {
            return Err(Fault::Unsigned);
        }
        if !succeeded && !refused && !signed {
            return Err(Fault::Status(response.status));
        }
        let answer = Answer(match (response.status, text) {
            (204, "") => Map::new(),
            _ => serde_json::from_str(text).map_err(|_| Fault::Garbled)?,
        });
        if succeeded {
            return accept(&answer).map(Checked::Yes);
        }
        let code = answer.must("code")?;
        let number = response.header("Request-ID").and_then(error_number);
        let by_number = number.map_or(Verdict::Unknown, |n| look_up(codes::V3_NUMBERS, n));
        let verdict = match look_up(asked.table, code) {
            Verdict::Unknown => by_number,
            listed => listed,
        };
        // Neither a 202 nor a 5xx is a refusal, whatever code it carries.
        let verdict = if refused { verdict } else { Verdict::Unknown };
        if let (Verdict::Done, true, Some(facts)) = (verdict, signed, done) {
            return Ok(Checked::Yes(facts));
        }
        let failure = Failure {
            rail: Rail::WeChat,
            code,
            text: answer.get("message").unwrap_or_default(),
            verdict,
            signed,
        };
        Ok(failure.weigh(asked.effect, asked.sent))
    }

    /// Whether a good signature vouches for the body; an error when a signature is there and does
    /// not.
    fn vouched(&self, response: &HttpResponse, body: &str, now: i64) -> Result<bool, Fault> {
        let header = |name| response.header(name).filter(|value| !value.is_empty());
        let Some(signature) = header("Wechatpay-Signature") else {
            return Ok(false);
        };
        let kind = header("Wechatpay-Signature-Type");
        if kind.is_some_and(|kind| kind != "WECHATPAY2-SHA256-RSA2048") {
            return Err(Fault::ForeignKey);
        }
        let serial = header("Wechatpay-Serial").ok_or(Fault::Incomplete)?;
        let timestamp = header("Wechatpay-Timestamp").ok_or(Fault::Incomplete)?;
        let nonce = header("Wechatpay-Nonce").ok_or(Fault::Incomplete)?;
        let known = self.platform_keys.iter().find(|own| own.serial == serial);
        let key = &known.ok_or(Fault::ForeignKey)?.key;
        let message = answer_message(timestamp, nonce, body);
        if !key.verifies(message.as_bytes(), signature) {
            return Err(Fault::BadSignature);
        }
        let seconds: i64 = timestamp.parse().map_err(|_| Fault::Incomplete)?;
        match seconds.checked_sub(now).map(i64::unsigned_abs) {
            Some(skew) if skew <= LARGEST_SKEW.unsigned_abs() => Ok(true),
            _ => Err(Fault::Stale),
        }
    }
}

/// The platform's internal error number: the digits after the last `-` (§10.4).
fn error_number(request_id: &str) -> Option<&str> {
    let (_, number) = request_id.rsplit_once('-')?;
    let digits = !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit());
    digits.then_some(number)
}
