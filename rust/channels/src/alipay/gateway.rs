//! A request to the gateway: parameters, signature, form (spec alipay §2 and §3).

use std::collections::BTreeMap;

use pos_domain::{Amount, WallTime};
use serde_json::Value;
use zeroize::Zeroizing;

use super::Alipay;
use crate::http::{HttpRequest, Method, percent_encode};
use crate::wallet::{BuildError, Order};

/// The largest amount of one trade, in fen (§6): 100,000,000 yuan.
const LARGEST_FEN: i64 = 10_000_000_000;

/// Room for the business parameters, so that no payment code stays behind in a block outgrown.
const BUSINESS_ROOM: usize = 4096;

/// `biz_content`: one flat JSON object, written in order and wiped on drop.
pub(super) struct Business(Zeroizing<String>);

impl Business {
    pub fn new() -> Self {
        Self(Zeroizing::new(String::with_capacity(BUSINESS_ROOM)))
    }

    pub fn with(mut self, name: &'static str, value: &str) -> Self {
        self.member(name);
        if value.bytes().all(|b| b.is_ascii_alphanumeric()) {
            for part in ["\"", value, "\""] {
                self.0.push_str(part);
            }
        } else {
            self.0.push_str(&Value::from(value).to_string());
        }
        self
    }

    pub fn with_some(self, name: &'static str, value: Option<&str>) -> Self {
        match value {
            Some(value) => self.with(name, value),
            None => self,
        }
    }

    /// An amount in yuan with two decimals.
    pub fn with_amount(self, name: &'static str, amount: Amount) -> Result<Self, BuildError> {
        if amount.minor() > LARGEST_FEN {
            return Err(BuildError::Field {
                field: name,
                why: "it is more than 100000000.00",
            });
        }
        Ok(self.with(name, &amount.to_string()))
    }

    pub fn with_order(self, order: &Order) -> Result<Self, BuildError> {
        const FIELD: &str = "trade_no";
        Ok(match order {
            Order::Ours(number) => self.with("out_trade_no", number.as_str()),
            Order::Theirs(number) => self.with(FIELD, Order::theirs(FIELD, number)?),
        })
    }

    /// A nested object of one text.
    pub fn with_nested(mut self, name: &'static str, inner: &str, value: &str) -> Self {
        self.member(name);
        let nested = Value::from(value);
        self.0.push_str(&format!("{{\"{inner}\":{nested}}}"));
        self
    }

    fn member(&mut self, name: &str) {
        let before = if self.0.is_empty() { "{\"" } else { ",\"" };
        for part in [before, name, "\":"] {
            self.0.push_str(part);
        }
    }

    fn text(&self) -> Zeroizing<String> {
        let mut text = Zeroizing::new(String::with_capacity(self.0.len() + 1));
        text.push_str(&self.0);
        text.push('}');
        text
    }
}

impl Alipay {
    /// Signs and packs; the common parameters go into the address, as the server needs the charset
    /// before it reads the body.
    pub(super) fn request(
        &self,
        name: &str,
        business: &Business,
        now: WallTime,
        method: Method,
    ) -> Result<HttpRequest, BuildError> {
        let plain = |text: &str| Zeroizing::new(text.to_owned());
        let mut parameters = BTreeMap::from([
            ("app_id", plain(&self.app_id)),
            ("biz_content", business.text()),
            ("charset", plain("utf-8")),
            ("format", plain("JSON")),
            ("method", plain(name)),
            ("sign_type", plain("RSA2")),
            ("timestamp", plain(&timestamp(now))),
            ("version", plain("1.0")),
        ]);
        if let Some(token) = &self.app_auth_token {
            parameters.insert("app_auth_token", plain(token));
        }
        if let Some(serials) = &self.certificates {
            parameters.insert("app_cert_sn", plain(&serials.app));
            parameters.insert("alipay_root_cert_sn", plain(&serials.root));
        }
        let signature = self.key.sign(joined(&parameters, false).as_bytes())?;
        parameters.insert("sign", plain(&signature));
        let body = match method {
            Method::Get => BTreeMap::new(),
            Method::Post => parameters.remove_entry("biz_content").into_iter().collect(),
        };
        let query = joined(&parameters, true);
        let room = self.path.len() + 1 + query.len();
        let mut target = Zeroizing::new(String::with_capacity(room));
        for part in [self.path.as_str(), "?", query.as_str()] {
            target.push_str(part);
        }
        Ok(HttpRequest {
            method,
            target,
            headers: match method {
                Method::Get => Vec::new(),
                Method::Post => vec![(
                    "Content-Type",
                    "application/x-www-form-urlencoded;charset=utf-8".to_owned(),
                )],
            },
            body: Zeroizing::new(joined(&body, true).as_bytes().to_vec()),
            needs_client_cert: false,
        })
    }
}

type Parameters = BTreeMap<&'static str, Zeroizing<String>>;

/// `name=value` joined with `&`, in byte order, raw for the signature or encoded for the wire. No
/// value is empty.
fn joined(parameters: &Parameters, encoded: bool) -> Zeroizing<String> {
    let room = parameters
        .iter()
        .map(|(name, value)| name.len() + value.len() * 3 + 2)
        .sum();
    let mut text = Zeroizing::new(String::with_capacity(room));
    for (name, value) in parameters {
        if !text.is_empty() {
            text.push('&');
        }
        text.push_str(name);
        text.push('=');
        if encoded {
            text.push_str(&percent_encode(value));
        } else {
            text.push_str(value);
        }
    }
    text
}

/// `yyyy-MM-dd HH:mm:ss` in UTC+8.
fn timestamp(now: WallTime) -> String {
    now.rfc3339().replace('T', " ").chars().take(19).collect()
}
