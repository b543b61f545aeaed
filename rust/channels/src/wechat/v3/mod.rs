//! APIv3 (spec wechat-pay §10): the QR that the shop shows, its query and close, refunds. JSON,
//! signed with the merchant's RSA key; answers are signed with the platform's.

mod answer;
mod orders;
mod refunds;
mod sign;

pub use orders::Native;
pub use refunds::Refund;
pub use sign::{answer_message, request_message};

use pos_domain::Amount;
use serde_json::{Map, Value, json};
use zeroize::Zeroizing;

use super::Merchant;
use crate::http::{HttpRequest, Method};
use crate::wallet::{BuildError, Nonce, PublicKey, SigningKey};

/// Builds the requests of one merchant and checks their answers.
#[derive(Debug)]
pub struct V3 {
    /// Who takes the money.
    pub merchant: Merchant,
    /// The merchant's private key.
    pub key: SigningKey,
    /// The serial of the merchant's certificate, upper-case hex.
    pub serial: String,
    /// WeChat Pay's keys, the one that is asked for first.
    pub platform_keys: Vec<PlatformKey>,
}

/// A key of WeChat Pay: a public key or the key of a platform certificate (§10.2).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlatformKey {
    /// `PUB_KEY_ID_…`, or the serial of the certificate.
    pub serial: String,
    /// The key.
    pub key: PublicKey,
}

/// When and how unlike any other a request is signed.
#[derive(Clone, Copy, Debug)]
pub struct Stamp<'a> {
    /// Unix time in seconds; the platform refuses what is more than 5 minutes off.
    pub seconds: i64,
    /// Random.
    pub nonce: &'a Nonce,
}

impl V3 {
    /// Signs and packs; `body` is none for GET.
    fn request(
        &self,
        target: String,
        body: Option<&Map<String, Value>>,
        stamp: Stamp<'_>,
    ) -> Result<HttpRequest, BuildError> {
        let method = if body.is_some() {
            Method::Post
        } else {
            Method::Get
        };
        let body = body
            .map(|members| Value::Object(members.clone()).to_string())
            .unwrap_or_default();
        let message = request_message(method, &target, stamp, &body);
        let signature = self.key.sign(message.as_bytes())?;
        let authorization = format!(
            "WECHATPAY2-SHA256-RSA2048 mchid=\"{}\",nonce_str=\"{}\",timestamp=\"{}\",\
             serial_no=\"{}\",signature=\"{signature}\"",
            self.merchant.mch_id,
            stamp.nonce.as_str(),
            stamp.seconds,
            self.serial,
        );
        let mut headers = vec![
            ("Authorization", authorization),
            ("Accept", "application/json".to_owned()),
            ("Content-Type", "application/json".to_owned()),
            ("User-Agent", "voidproof".to_owned()),
        ];
        if let Some(wanted) = self.platform_keys.first() {
            headers.push(("Wechatpay-Serial", wanted.serial.clone()));
        }
        Ok(HttpRequest {
            method,
            target: Zeroizing::new(target),
            headers,
            body: Zeroizing::new(body.into_bytes()),
            needs_client_cert: false,
        })
    }

    /// `/v3/pay/transactions`, or the partner's form of it (§9).
    const fn transactions(&self) -> &'static str {
        match self.merchant.sub {
            None => "/v3/pay/transactions",
            Some(_) => "/v3/pay/partner/transactions",
        }
    }

    /// The merchant's number, or the provider's and the shop's (§9).
    fn merchant_members(&self) -> Vec<(&'static str, &str)> {
        let own = self.merchant.mch_id.as_str();
        match &self.merchant.sub {
            None => vec![("mchid", own)],
            Some(sub) => vec![("sp_mchid", own), ("sub_mchid", &sub.mch_id)],
        }
    }
}

/// An object of texts.
fn object<'a>(members: impl IntoIterator<Item = (&'a str, &'a str)>) -> Map<String, Value> {
    members
        .into_iter()
        .map(|(name, value)| (name.to_owned(), Value::from(value)))
        .collect()
}

/// Fen and the currency.
fn in_cny(name: &str, amount: Amount) -> Map<String, Value> {
    let mut members = object([("currency", "CNY")]);
    members.insert(name.to_owned(), json!(amount.minor()));
    members
}
