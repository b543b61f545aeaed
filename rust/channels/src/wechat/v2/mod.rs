//! The v2 interface (spec wechat-pay §1 to §7): XML, signed with the merchant's API key.

mod answer;
mod orders;
mod refunds;
mod sign;

pub use orders::{Micropay, Paid, Recall};
pub use refunds::{Refund, RefundTaken};
pub use sign::{SignType, sign};

use std::collections::BTreeMap;

use zeroize::Zeroizing;

use super::{Merchant, xml};
use crate::http::{HttpRequest, Method};
use crate::wallet::{ApiKey, BuildError, Nonce, Order};

/// Builds the requests of one merchant and checks their answers.
#[derive(Clone, Debug)]
pub struct V2 {
    /// Who takes the money.
    pub merchant: Merchant,
    /// The API key.
    pub key: ApiKey,
    /// The way to sign; answers come signed the same way.
    pub sign_type: SignType,
}

/// A request's parameters in signing order.
pub(super) struct Fields(BTreeMap<&'static str, Zeroizing<String>>);

impl Fields {
    fn new() -> Self {
        Self(BTreeMap::new())
    }

    fn with(mut self, name: &'static str, value: &str) -> Self {
        self.0.insert(name, Zeroizing::new(value.to_owned()));
        self
    }

    fn with_some(self, name: &'static str, value: Option<&str>) -> Self {
        match value {
            Some(value) => self.with(name, value),
            None => self,
        }
    }

    fn with_order(self, order: &Order) -> Result<Self, BuildError> {
        Ok(match order {
            Order::Ours(number) => self.with("out_trade_no", number.as_str()),
            Order::Theirs(number) => {
                const FIELD: &str = "transaction_id";
                self.with(FIELD, Order::theirs(FIELD, number)?)
            }
        })
    }

    fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (*name, value.as_str()))
    }
}

impl V2 {
    /// Adds who asks and the signature.
    fn request(
        &self,
        path: &str,
        needs_client_cert: bool,
        fields: Fields,
        nonce: &Nonce,
    ) -> HttpRequest {
        let sub = self.merchant.sub.as_ref();
        let fields = fields
            .with("appid", &self.merchant.app_id)
            .with("mch_id", &self.merchant.mch_id)
            .with_some("sub_mch_id", sub.map(|sub| sub.mch_id.as_str()))
            .with_some("sub_appid", sub.and_then(|sub| sub.app_id.as_deref()))
            .with("nonce_str", nonce.as_str());
        let fields = match self.sign_type {
            SignType::Md5 => fields,
            SignType::HmacSha256 => fields.with("sign_type", "HMAC-SHA256"),
        };
        let signature = sign(fields.pairs(), &self.key, self.sign_type);
        let fields = fields.with("sign", &signature);
        HttpRequest {
            method: Method::Post,
            target: Zeroizing::new(path.to_owned()),
            headers: vec![("Content-Type", "text/xml; charset=utf-8".to_owned())],
            body: xml::write(fields.pairs()),
            needs_client_cert,
        }
    }
}
