//! The two layers of every v2 answer (spec wechat-pay §1), checked against the request.

use pos_domain::{Amount, Rail};
use subtle::ConstantTimeEq;

use super::super::{codes, xml};
use super::{V2, sign};
use crate::http::HttpResponse;
use crate::wallet::{
    Checked, Effect, Failure, Fault, Order, OrderNumber, Sent, Table, Verdict, look_up,
};

/// A signed answer about this merchant.
pub(super) struct Answer(Vec<(String, String)>);

impl Answer {
    /// A field's value; none when absent or empty.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|(own, _)| own == name)
            .map(|(_, value)| value.as_str())
            .filter(|value| !value.is_empty())
    }

    /// A mandatory field.
    pub fn must(&self, name: &str) -> Result<&str, Fault> {
        self.get(name).ok_or(Fault::Incomplete)
    }

    /// A mandatory field that repeats what was sent.
    pub fn must_be(&self, name: &str, own: &str, fault: Fault) -> Result<(), Fault> {
        if self.must(name)? == own || pos_domain::planted!(BelieveOtherOrder) {
            Ok(())
        } else {
            Err(fault)
        }
    }

    /// A field that repeats what was sent if it is there.
    pub fn may_be(&self, name: &str, own: &str, fault: Fault) -> Result<(), Fault> {
        match self.get(name) {
            Some(theirs) if theirs != own && !pos_domain::planted!(BelieveOtherOrder) => Err(fault),
            _ => Ok(()),
        }
    }

    /// The order's number by which it was named must come back.
    pub fn must_name(&self, order: &Order) -> Result<(), Fault> {
        let (name, own) = naming(order);
        self.must_be(name, own, Fault::OtherOrder)
    }

    /// An amount in fen that repeats what was sent.
    pub fn must_amount(&self, name: &str, own: Amount) -> Result<(), Fault> {
        self.must_be(name, &own.minor().to_string(), Fault::OtherAmount)
    }

    /// An amount in fen that repeats what was sent if it is there.
    pub fn may_amount(&self, name: &str, own: Amount) -> Result<(), Fault> {
        self.may_be(name, &own.minor().to_string(), Fault::OtherAmount)
    }
}

fn naming(order: &Order) -> (&'static str, &str) {
    match order {
        Order::Ours(number) => ("out_trade_no", number.as_str()),
        Order::Theirs(number) => ("transaction_id", number),
    }
}

/// The question that an answer is checked against.
pub(super) struct Asked<'a> {
    pub order: &'a Order,
    pub refund: Option<&'a OrderNumber>,
    pub table: Table,
    pub effect: Effect,
    pub sent: Sent,
}

impl V2 {
    /// Checks both layers; `accept` reads a success, `done` stands for a code that says that what
    /// was asked for is already so.
    pub(super) fn check<T>(
        &self,
        asked: &Asked<'_>,
        response: &HttpResponse,
        accept: impl FnOnce(&Answer) -> Result<T, Fault>,
        done: Option<T>,
    ) -> Checked<T> {
        self.open(asked, response, accept, done)
            .unwrap_or_else(Fault::unknown)
    }

    fn open<T>(
        &self,
        asked: &Asked<'_>,
        response: &HttpResponse,
        accept: impl FnOnce(&Answer) -> Result<T, Fault>,
        done: Option<T>,
    ) -> Result<Checked<T>, Fault> {
        if response.status != 200 {
            return Err(Fault::Status(response.status));
        }
        let text = response.text().ok_or(Fault::Garbled)?;
        let answer = Answer(xml::read(text).map_err(|_| Fault::Garbled)?);
        match answer.must("return_code")? {
            "SUCCESS" => self.vouched(&answer)?,
            "FAIL" => return Ok(refused(&answer, asked)),
            _ => return Err(Fault::Incomplete),
        }
        let (name, own) = naming(asked.order);
        answer.may_be(name, own, Fault::OtherOrder)?;
        if let Some(refund) = asked.refund {
            answer.may_be("out_refund_no", refund.as_str(), Fault::OtherOrder)?;
        }
        match answer.must("result_code")? {
            "SUCCESS" => accept(&answer).map(Checked::Yes),
            "FAIL" => {
                let code = answer.must("err_code")?;
                let verdict = look_up(asked.table, code);
                if let (Verdict::Done, Some(facts)) = (verdict, done) {
                    return Ok(Checked::Yes(facts));
                }
                let failure = Failure {
                    rail: Rail::WeChat,
                    code,
                    text: answer.get("err_code_des").unwrap_or_default(),
                    verdict,
                    signed: true,
                };
                Ok(failure.weigh(asked.effect, asked.sent))
            }
            _ => Err(Fault::Incomplete),
        }
    }

    /// The signature is good and the answer is about this merchant.
    fn vouched(&self, answer: &Answer) -> Result<(), Fault> {
        if pos_domain::planted!(BelieveUnsigned) {
            return Ok(());
        }
        let theirs = answer.get("sign").ok_or(Fault::Unsigned)?;
        let pairs = answer.0.iter().map(|(n, v)| (n.as_str(), v.as_str()));
        let own = sign(pairs, &self.key, self.sign_type);
        if !bool::from(own.as_bytes().ct_eq(theirs.as_bytes())) {
            return Err(Fault::BadSignature);
        }
        let merchant = &self.merchant;
        answer.must_be("appid", &merchant.app_id, Fault::OtherApp)?;
        answer.must_be("mch_id", &merchant.mch_id, Fault::OtherMerchant)?;
        match &merchant.sub {
            Some(sub) => answer.must_be("sub_mch_id", &sub.mch_id, Fault::OtherMerchant),
            None => Ok(()),
        }
    }
}

/// `return_code` FAIL: a text without signature (§1, decision 21).
fn refused<T>(answer: &Answer, asked: &Asked<'_>) -> Checked<T> {
    let text = answer.get("return_msg").unwrap_or_default();
    let known = codes::PROTOCOL
        .iter()
        .find(|(start, _)| text.starts_with(start));
    let (code, verdict) = known.map_or(("FAIL", Verdict::Unknown), |(_, code)| {
        (*code, Verdict::Config)
    });
    let failure = Failure {
        rail: Rail::WeChat,
        code,
        text,
        verdict,
        signed: false,
    };
    failure.weigh(asked.effect, asked.sent)
}
