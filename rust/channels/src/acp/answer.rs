//! Verifying an answer and reading it.

use pos_domain::{Rail, WallTime};

use super::{Acp, codes, form, txn_time};
use crate::http::HttpResponse;
use crate::wallet::{
    Certificate, Checked, Effect, Failure, Fault, OrderNumber, Sent, Table, Verdict, look_up,
};

/// A signed answer.
pub(super) struct Answer(Vec<(String, String)>);

impl Answer {
    /// A value; none when absent or empty.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|(own, _)| own == name)
            .map(|(_, value)| value.as_str())
            .filter(|value| !value.is_empty())
    }

    /// A mandatory value.
    pub fn must(&self, name: &str) -> Result<&str, Fault> {
        self.get(name).ok_or(Fault::Incomplete)
    }

    fn must_be(&self, name: &str, own: &str, fault: Fault) -> Result<(), Fault> {
        if self.must(name)? == own {
            Ok(())
        } else {
            Err(fault)
        }
    }

    /// A sum in fen that repeats what was sent.
    pub fn must_amount(&self, own: pos_domain::Amount) -> Result<(), Fault> {
        self.must_be("txnAmt", &own.minor().to_string(), Fault::OtherAmount)
    }
}

/// The question that an answer is checked against.
pub(super) struct Asked<'a> {
    pub number: &'a OrderNumber,
    pub at: WallTime,
    pub kind: (&'static str, &'static str),
    pub table: Table,
    pub effect: Effect,
    pub sent: Sent,
    /// When the answer is read.
    pub now: WallTime,
}

impl Acp {
    /// Checks all layers; `accept` reads a success, `done` stands for a code that says that what
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
        let answer = self.vouched(text, asked.now)?;
        answer.must_be("merId", &self.merchant, Fault::OtherMerchant)?;
        answer.must_be("orderId", asked.number.as_str(), Fault::OtherOrder)?;
        answer.must_be("txnTime", &txn_time(asked.at), Fault::OtherOrder)?;
        answer.must_be("txnType", asked.kind.0, Fault::OtherOrder)?;
        answer.must_be("txnSubType", asked.kind.1, Fault::OtherOrder)?;
        if answer.get("currencyCode").is_some_and(|code| code != "156") {
            return Err(Fault::OtherCurrency);
        }
        let code = answer.must("respCode")?;
        if code == "00" {
            return accept(&answer).map(Checked::Yes);
        }
        let verdict = look_up(asked.table, code);
        if let (Verdict::Done, Some(facts)) = (verdict, done) {
            return Ok(Checked::Yes(facts));
        }
        let failure = Failure {
            rail: Rail::UnionPay,
            code: &format!("{}{code}", codes::PREFIX),
            text: answer.get("respMsg").unwrap_or_default(),
            verdict,
            signed: true,
        };
        Ok(failure.weigh(asked.effect, asked.sent))
    }

    /// The answer in the form that its signature vouches for. Without a signature nothing counts.
    fn vouched(&self, text: &str, now: WallTime) -> Result<Answer, Fault> {
        let mut fault = None;
        for pairs in form::read(text).ok_or(Fault::Garbled)? {
            let answer = Answer(pairs);
            match self.is_vouched(&answer, now) {
                Ok(()) => return Ok(answer),
                Err(found) => fault = fault.or(Some(found)),
            }
        }
        Err(fault.unwrap_or(Fault::Garbled))
    }

    fn is_vouched(&self, answer: &Answer, now: WallTime) -> Result<(), Fault> {
        let signature = answer.get("signature").ok_or(Fault::Unsigned)?;
        let certificate = Certificate::from_text(answer.must("signPubKeyCert")?);
        let certificate = certificate.map_err(|_| Fault::ForeignKey)?;
        let named = self
            .signer
            .as_ref()
            .is_none_or(|signer| certificate.common_name().as_ref() == Some(signer));
        let mut issuers = self.authorities.iter();
        let trusted = issuers.any(|ca| ca.is_current(now) && certificate.is_issued_by(ca));
        if !named || !trusted || !certificate.is_current(now) {
            return Err(Fault::ForeignKey);
        }
        let key = certificate.public_key().map_err(|_| Fault::ForeignKey)?;
        let pairs = answer.0.iter().map(|(n, v)| (n.as_str(), v.as_str()));
        let digest = form::digest_text(&form::signed_text(pairs));
        if key.verifies(digest.as_bytes(), signature) {
            Ok(())
        } else {
            Err(Fault::BadSignature)
        }
    }
}
