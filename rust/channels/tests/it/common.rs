//! Facts shared by the tests, and signatures made by other crates than the driver's.

/// The text of a file of wallet vectors.
#[macro_export]
macro_rules! vector {
    ($name:literal) => {
        include_str!(concat!("../../../../tests/vectors/wallets/", $name))
    };
}

use std::sync::atomic::{AtomicU8, Ordering};

use base64ct::{Base64, Encoding};
use hmac::{Hmac, KeyInit, Mac};
use md5::{Digest, Md5};
use pos_channels::alipay::Alipay;
use pos_channels::http::{HttpResponse, Method};
use pos_channels::wallet::{
    ApiKey, Checked, Fault, Kind, Nonce, OrderNumber, PublicKey, Sent, SigningKey,
};
use pos_channels::wechat::Merchant;
use pos_channels::wechat::v2::{SignType, V2};
use pos_channels::wechat::v3::{PlatformKey, V3};
use pos_codes::{PaymentCode, Recognised, recognise};
use pos_domain::Amount;
use pos_domain::ports::{PortError, Random};
use rsa::PrivateKey;
use rsa::pkcs1v15;
use rsa::pkcs8::{DecodePrivateKey, DecodePublicKey};
use rsa::signature::{SignatureEncoding, Signer, Verifier};
use sha2::Sha256;

pub const NUMBER: &str = "10000001ABCDEFGHJKMNPQRSTVWXYZ23";
pub const REFUND: &str = "R0000001ABCDEFGHJKMNPQRSTVWXYZ23";
pub const API_KEY: &str = "192006250b4c09247ec02edce69f6a2d";

/// Bytes that count up, so that a failure can be repeated.
pub struct Counting(AtomicU8);

impl Counting {
    pub fn from(first: u8) -> Self {
        Self(AtomicU8::new(first))
    }
}

impl Random for Counting {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), PortError> {
        bytes.fill_with(|| self.0.fetch_add(1, Ordering::Relaxed));
        Ok(())
    }
}

pub fn number() -> OrderNumber {
    NUMBER.parse().unwrap()
}

pub fn refund_number() -> OrderNumber {
    REFUND.parse().unwrap()
}

pub fn fen(minor: i64) -> Amount {
    Amount::from_minor(minor).unwrap()
}

pub fn nonce() -> Nonce {
    "ibuaiVcKdpRxkhJA".parse().unwrap()
}

pub fn first() -> Sent {
    Sent {
        first: true,
        verified_tls: true,
    }
}

pub fn again() -> Sent {
    Sent {
        first: false,
        verified_tls: true,
    }
}

pub fn payment_code(text: &str) -> PaymentCode {
    match recognise(text) {
        Recognised::Payment(code) => code,
        Recognised::Refused { why } => panic!("{text}: {why:?}"),
    }
}

pub fn v2(sign_type: SignType) -> V2 {
    V2 {
        merchant: Merchant {
            app_id: "wxd930ea5d5a258f4f".into(),
            mch_id: "10000100".into(),
            sub: None,
        },
        key: ApiKey::new(API_KEY).unwrap(),
        sign_type,
    }
}

pub fn ok(body: &str) -> HttpResponse {
    HttpResponse {
        status: 200,
        headers: Vec::new(),
        body: body.as_bytes().to_vec(),
    }
}

/// The v2 signature from the text of the rule, step by step.
pub fn v2_signature(fields: &[(&str, &str)], sign_type: SignType) -> String {
    let mut pairs: Vec<String> = fields
        .iter()
        .filter(|(name, value)| !value.is_empty() && *name != "sign")
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    pairs.sort_by(|a, b| a.split('=').next().cmp(&b.split('=').next()));
    let text = format!("{}&key={API_KEY}", pairs.join("&"));
    match sign_type {
        SignType::Md5 => hex_upper(&Md5::digest(text.as_bytes())),
        SignType::HmacSha256 => {
            let mut mac = Hmac::<Sha256>::new_from_slice(API_KEY.as_bytes()).unwrap();
            mac.update(text.as_bytes());
            hex_upper(&mac.finalize().into_bytes())
        }
    }
}

pub fn hex_upper(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02X}")).collect()
}

/// An XML answer with CDATA values, unsigned.
pub fn xml(fields: &[(&str, &str)]) -> String {
    let children: String = fields
        .iter()
        .map(|(name, value)| format!("<{name}><![CDATA[{value}]]></{name}>\n"))
        .collect();
    format!("<xml>\n{children}</xml>")
}

/// A v2 answer of the test merchant, signed.
pub fn v2_answer(fields: &[(&str, &str)], sign_type: SignType) -> HttpResponse {
    let mut all = vec![
        ("return_code", "SUCCESS"),
        ("return_msg", "OK"),
        ("appid", "wxd930ea5d5a258f4f"),
        ("mch_id", "10000100"),
        ("nonce_str", "5K8264ILTKCH16CQ2502SI8ZNMTM67VS"),
    ];
    for (name, value) in fields {
        match all.iter_mut().find(|(own, _)| own == name) {
            Some(pair) => pair.1 = value,
            None => all.push((name, value)),
        }
    }
    let signature = v2_signature(&all, sign_type);
    all.push(("sign", &signature));
    ok(&xml(&all))
}

/// Why the answer was not believed; panics when it was.
pub fn fault<T: std::fmt::Debug>(checked: &Checked<T>) -> Fault {
    match checked {
        Checked::Unknown(reason) => match reason.kind {
            Kind::Fault(fault) => fault,
            other => panic!("{other:?}"),
        },
        other => panic!("{other:?}"),
    }
}

/// The code of a failure and which of the three it is.
pub fn verdict<T>(checked: &Checked<T>) -> (&'static str, String) {
    let word = match checked {
        Checked::Yes(_) => "yes",
        Checked::No(_) => "no",
        Checked::Curable(_) => "curable",
        Checked::Unknown(_) => "unknown",
    };
    let code = checked.reason().map(|reason| reason.code.to_string());
    (word, code.unwrap_or_default())
}

/// Base64 of the RSA signature that the wallet's test key makes, by another crate than the
/// driver's.
pub fn wallet_signature(message: &[u8]) -> String {
    let key = PrivateKey::from_pkcs8_pem(vector!("keys/wallet.pkcs8.pem")).unwrap();
    let signature = pkcs1v15::SigningKey::<Sha256>::new(key).sign(message);
    Base64::encode_string(&signature.to_vec())
}

/// Whether the merchant's test key made the signature, by another crate than the driver's.
pub fn merchant_signed(message: &[u8], signature: &str) -> bool {
    let key = rsa::PublicKey::from_public_key_pem(vector!("keys/merchant.pub.pem")).unwrap();
    let bytes = Base64::decode_vec(signature).unwrap();
    let signature = pkcs1v15::Signature::try_from(bytes.as_slice()).unwrap();
    pkcs1v15::VerifyingKey::<Sha256>::new(key)
        .verify(message, &signature)
        .is_ok()
}

pub fn alipay() -> Alipay {
    Alipay {
        path: "/gateway.do".into(),
        app_id: "2014072300007148".into(),
        key: SigningKey::from_text(vector!("keys/merchant.pkcs8.pem")).unwrap(),
        alipay_key: PublicKey::from_text(vector!("keys/wallet.pub.pem")).unwrap(),
        certificates: None,
        app_auth_token: None,
        provider: None,
        method: Method::Post,
    }
}

/// An answer of the gateway with one node, signed.
pub fn alipay_answer(method: &str, node: &str) -> HttpResponse {
    let signature = wallet_signature(node.as_bytes());
    ok(&format!(
        r#"{{"alipay_{method}_response":{node},"sign":"{signature}"}}"#
    ))
}

/// The same without a signature.
pub fn alipay_unsigned(method: &str, node: &str) -> HttpResponse {
    ok(&format!(r#"{{"alipay_{method}_response":{node}}}"#))
}

/// A JSON object of texts.
pub fn json(fields: &[(&str, &str)]) -> String {
    let members: Vec<String> = fields
        .iter()
        .map(|(name, value)| format!("{name:?}:{value:?}"))
        .collect();
    format!("{{{}}}", members.join(","))
}

/// `fields` with some changed; an empty value removes the field.
pub fn but<'a>(
    fields: &[(&'a str, &'a str)],
    changes: &[(&'a str, &'a str)],
) -> Vec<(&'a str, &'a str)> {
    let mut all = fields.to_vec();
    for (name, value) in changes {
        all.retain(|(own, _)| own != name);
        if !value.is_empty() {
            all.push((name, value));
        }
    }
    all
}

/// Trusted time of the tests, Unix seconds.
pub const NOW: i64 = 1_767_240_000;

pub fn v3() -> V3 {
    V3 {
        merchant: v2(SignType::Md5).merchant,
        key: SigningKey::from_text(vector!("keys/merchant.pkcs8.pem")).unwrap(),
        serial: "3A0F55C7D1".into(),
        platform_keys: vec![PlatformKey {
            serial: "PUB_KEY_ID_0114232134912410000000000000".into(),
            key: PublicKey::from_text(vector!("keys/wallet.pub.pem")).unwrap(),
        }],
    }
}

/// An APIv3 answer without a signature.
pub fn v3_unsigned(status: u16, body: &str) -> HttpResponse {
    HttpResponse {
        status,
        headers: vec![("Content-Type".into(), "application/json".into())],
        body: body.as_bytes().to_vec(),
    }
}

/// An APIv3 answer signed at a time.
pub fn v3_answer_at(status: u16, body: &str, seconds: i64) -> HttpResponse {
    let signature = wallet_signature(format!("{seconds}\nabc123\n{body}\n").as_bytes());
    let mut answer = v3_unsigned(status, body);
    for (name, value) in [
        ("Wechatpay-Timestamp", seconds.to_string()),
        ("wechatpay-nonce", "abc123".to_owned()),
        ("Wechatpay-Serial", v3().platform_keys[0].serial.clone()),
        ("Wechatpay-Signature", signature),
        (
            "Wechatpay-Signature-Type",
            "WECHATPAY2-SHA256-RSA2048".to_owned(),
        ),
    ] {
        answer.headers.push((name.to_owned(), value));
    }
    answer
}

/// An APIv3 answer signed now.
pub fn v3_answer(status: u16, body: &str) -> HttpResponse {
    v3_answer_at(status, body, NOW)
}
