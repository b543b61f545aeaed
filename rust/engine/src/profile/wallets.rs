//! The sections of the scan-code rails in typed form. Their keys and certificates are secrets.

use std::time::Duration;

use pos_domain::text_enum;

use super::{SettingError, Settings};

/// The address of a host or wallet inside this process.
pub const SIMULATOR: &str = "simulator";

/// WeChat Pay.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WeChat {
    /// Address without path.
    pub base_url: String,
    /// Limit of connecting and, again, of waiting for an answer: 1 to 300 s.
    pub timeout: Duration,
    /// Application id.
    pub app_id: String,
    /// Merchant number.
    pub mch_id: String,
    /// The shop's merchant number behind a service provider; empty without one.
    pub sub_mch_id: String,
    /// The shop's application id behind a service provider; empty without one.
    pub sub_app_id: String,
    /// How v2 messages are signed.
    pub sign_type: SignType,
    /// Serial number of the merchant's v3 certificate.
    pub v3_serial: String,
    /// Serial number of the platform's public key.
    pub platform_serial: String,
    /// Where the wallet reports a paid QR; a QR that the shop shows has to name one.
    pub notify_url: String,
    /// How long a sale can be refunded, in days.
    pub refund_days: u16,
}

/// Alipay.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alipay {
    /// Full address of the gateway.
    pub gateway: String,
    /// Limit of connecting and, again, of waiting for an answer: 1 to 300 s.
    pub timeout: Duration,
    /// Application id.
    pub app_id: String,
    /// Number of the service provider; empty without one.
    pub provider: String,
    /// How requests without a payment code travel.
    pub http_method: HttpMethod,
    /// How long a sale can be refunded by the contract, in days.
    pub refund_days: u16,
}

/// UnionPay QR codes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnionPayQr {
    /// How they travel.
    pub mode: QrMode,
    /// Address of the all-channel gateway without path; empty in the card dialect.
    pub base_url: String,
    /// Limit of connecting and, again, of waiting for an answer: 1 to 300 s.
    pub timeout: Duration,
    /// Merchant number at the gateway; empty = the card rail's.
    pub mer_id: String,
    /// The name that the gateway's certificate must have; empty = any that the roots vouch for.
    pub signer: String,
    /// Where the gateway reports a paid QR.
    pub back_url: String,
}

/// How WeChat v2 messages are signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignType {
    /// HMAC with SHA-256.
    HmacSha256,
    /// MD5, for merchants that never changed.
    Md5,
}

/// How UnionPay QR codes travel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QrMode {
    /// Inside the card dialect.
    Iso8583,
    /// By the all-channel gateway.
    Acp,
}

/// How a request without a payment code travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HttpMethod {
    /// In the body.
    Post,
    /// In the address.
    Get,
}

text_enum!(SignType { HmacSha256 => "HMAC-SHA256", Md5 => "MD5" });
text_enum!(QrMode { Iso8583 => "8583", Acp => "acp" });
text_enum!(HttpMethod { Post => "POST", Get => "GET" });

impl WeChat {
    pub(super) fn from_settings(s: &Settings) -> Result<Self, SettingError> {
        let text = |key: &str| s.text(key).map(str::to_owned);
        Ok(Self {
            base_url: text("wechat.base_url")?,
            timeout: Duration::from_secs(s.read("wechat.timeout_s")?),
            app_id: text("wechat.app_id")?,
            mch_id: text("wechat.mch_id")?,
            sub_mch_id: text("wechat.sub_mch_id")?,
            sub_app_id: text("wechat.sub_app_id")?,
            sign_type: s.read("wechat.sign_type")?,
            v3_serial: text("wechat.v3_serial")?,
            platform_serial: text("wechat.platform_serial")?,
            notify_url: text("wechat.notify_url")?,
            refund_days: s.read("wechat.refund_days")?,
        })
    }
}

impl Alipay {
    pub(super) fn from_settings(s: &Settings) -> Result<Self, SettingError> {
        let text = |key: &str| s.text(key).map(str::to_owned);
        Ok(Self {
            gateway: text("alipay.gateway")?,
            timeout: Duration::from_secs(s.read("alipay.timeout_s")?),
            app_id: text("alipay.app_id")?,
            provider: text("alipay.provider")?,
            http_method: s.read("alipay.http_method")?,
            refund_days: s.read("alipay.refund_days")?,
        })
    }
}

impl UnionPayQr {
    pub(super) fn from_settings(s: &Settings) -> Result<Self, SettingError> {
        let text = |key: &str| s.text(key).map(str::to_owned);
        Ok(Self {
            mode: s.read("unionpay_qr.mode")?,
            base_url: text("unionpay_qr.base_url")?,
            timeout: Duration::from_secs(s.read("unionpay_qr.timeout_s")?),
            mer_id: text("unionpay_qr.mer_id")?,
            signer: text("unionpay_qr.signer")?,
            back_url: text("unionpay_qr.back_url")?,
        })
    }
}
