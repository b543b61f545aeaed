//! Verifying an answer and reading its layers (spec alipay §4).

use pos_domain::{Amount, Rail};
use serde_json::{Map, Value};

use super::{Alipay, codes, node};
use crate::http::HttpResponse;
use crate::wallet::{Checked, Effect, Failure, Fault, Order, Sent, Table, Verdict, look_up};

const SUCCESS: &str = "10000";
const BUSINESS_FAILURE: &str = "40004";

/// A node's members.
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
    pub fn must_be(&self, name: &str, own: &str) -> Result<(), Fault> {
        if self.must(name)? == own {
            Ok(())
        } else {
            Err(Fault::OtherOrder)
        }
    }

    /// The order's number by which it was named must come back.
    pub fn must_name(&self, order: &Order) -> Result<(), Fault> {
        let (name, own) = naming(order);
        self.must_be(name, own)
    }

    /// An amount in yuan; none when absent.
    pub fn amount(&self, name: &str) -> Result<Option<Amount>, Fault> {
        match self.get(name).map(str::parse) {
            None => Ok(None),
            Some(amount) => amount.map(Some).map_err(|_| Fault::Incomplete),
        }
    }

    /// An amount in yuan that repeats what was sent if it is there.
    pub fn may_amount(&self, name: &str, own: Amount) -> Result<(), Fault> {
        match self.amount(name)? {
            Some(theirs) if theirs != own => Err(Fault::OtherAmount),
            _ => Ok(()),
        }
    }

    /// An amount in yuan that repeats what was sent.
    pub fn must_amount(&self, name: &str, own: Amount) -> Result<(), Fault> {
        self.must(name)?;
        self.may_amount(name, own)
    }
}

fn naming(order: &Order) -> (&'static str, &str) {
    match order {
        Order::Ours(number) => ("out_trade_no", number.as_str()),
        Order::Theirs(number) => ("trade_no", number),
    }
}

/// The question that an answer is checked against.
pub(super) struct Asked<'a> {
    /// The answer's node, such as `alipay_trade_pay_response`.
    pub node: &'static str,
    pub order: &'a Order,
    pub table: Table,
    pub effect: Effect,
    pub sent: Sent,
}

/// A node and whether a good signature vouches for it.
struct Opened {
    answer: Answer,
    signed: bool,
    /// Whether it is the method's own node, not `error_response`.
    own: bool,
}

impl Alipay {
    /// Checks all layers; `accept` reads a success, `done` stands for a code that says that what
    /// was asked for is already so.
    pub(super) fn check<T>(
        &self,
        asked: &Asked<'_>,
        response: &HttpResponse,
        accept: impl FnOnce(&Answer) -> Result<Checked<T>, Fault>,
        done: Option<T>,
    ) -> Checked<T> {
        self.open(asked.node, response)
            .and_then(|opened| judge(&opened, asked, accept, done))
            .unwrap_or_else(Fault::unknown)
    }

    fn open(&self, name: &str, response: &HttpResponse) -> Result<Opened, Fault> {
        if response.status != 200 {
            return Err(Fault::Status(response.status));
        }
        let text = response.text().ok_or(Fault::Garbled)?;
        let members = node::split(text).map_err(|_| Fault::Garbled)?;
        let find = |name: &str| members.iter().find(|(own, _)| *own == name).map(|m| m.1);
        let (raw, own) = match (find(name), find("error_response")) {
            (Some(raw), None) => (raw, true),
            (None, Some(raw)) => (raw, false),
            _ => return Err(Fault::Garbled),
        };
        let string = |raw: &str| serde_json::from_str::<String>(raw).map_err(|_| Fault::Garbled);
        let signature = find("sign").map(string).transpose()?.unwrap_or_default();
        let signed = !signature.is_empty();
        let believed = if signed {
            if let Some(serials) = &self.certificates {
                let theirs = find("alipay_cert_sn").map(string).transpose()?;
                if theirs.as_ref() != Some(&serials.alipay) {
                    return Err(Fault::ForeignKey);
                }
            }
            self.vouched(raw, &signature)?
        } else {
            raw.to_owned()
        };
        // An encrypted node is a string, which this application never asks for.
        let answer = serde_json::from_str(&believed).map_err(|_| Fault::Garbled)?;
        Ok(Opened {
            answer: Answer(answer),
            signed,
            own,
        })
    }

    /// The text that the signature covers: the node as received, or, for a server that escapes
    /// slashes after signing, the node with plain slashes.
    fn vouched(&self, raw: &str, signature: &str) -> Result<String, Fault> {
        if self.alipay_key.verifies(raw.as_bytes(), signature) {
            return Ok(raw.to_owned());
        }
        let plain = raw.replace("\\/", "/");
        if plain != raw && self.alipay_key.verifies(plain.as_bytes(), signature) {
            return Ok(plain);
        }
        Err(Fault::BadSignature)
    }
}

fn judge<T>(
    opened: &Opened,
    asked: &Asked<'_>,
    accept: impl FnOnce(&Answer) -> Result<Checked<T>, Fault>,
    done: Option<T>,
) -> Result<Checked<T>, Fault> {
    let answer = &opened.answer;
    let (name, own) = naming(asked.order);
    if answer.get(name).is_some_and(|theirs| theirs != own) {
        return Err(Fault::OtherOrder);
    }
    let code = answer.must("code")?;
    if code == SUCCESS {
        return match (opened.signed, opened.own) {
            (true, true) => accept(answer),
            (false, _) => Err(Fault::Unsigned),
            (true, false) => Err(Fault::Garbled),
        };
    }
    let sub_code = answer.get("sub_code");
    let verdict = match (code, sub_code) {
        (BUSINESS_FAILURE, Some(sub_code)) => look_up(asked.table, sub_code),
        (BUSINESS_FAILURE, None) => Verdict::Unknown,
        _ => look_up(codes::GATEWAY, code),
    };
    if let (Verdict::Done, true, Some(facts)) = (verdict, opened.signed, done) {
        return Ok(Checked::Yes(facts));
    }
    let text = answer.get("sub_msg").or_else(|| answer.get("msg"));
    let failure = Failure {
        rail: Rail::Alipay,
        code: sub_code.unwrap_or(code),
        text: text.unwrap_or_default(),
        verdict,
        signed: opened.signed,
    };
    Ok(failure.weigh(asked.effect, asked.sent))
}
