//! Who the wallets' merchant is, with which keys, and what sources leave open.

use std::fmt;

const DAY_MS: i64 = 86_400_000;

macro_rules! key_file {
    ($name:literal) => {
        include_str!(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/../../tests/vectors/wallets/keys/",
            $name
        ))
    };
}

/// The private key of the merchant that the simulated wallets know, PKCS#8 PEM. It opens nothing
/// else.
pub const MERCHANT_KEY: &str = key_file!("merchant.pkcs8.pem");
/// Its certificate.
pub const MERCHANT_CERTIFICATE: &str = key_file!("merchant.crt");
const MERCHANT_PUBLIC_KEY: &str = key_file!("merchant.pub.pem");
const WALLET_KEY: &str = key_file!("wallet.pkcs8.pem");
/// The public key of the simulated wallets.
pub const WALLET_PUBLIC_KEY: &str = key_file!("wallet.pub.pem");
/// Their certificate.
pub const WALLET_CERTIFICATE: &str = key_file!("wallet.crt");
/// The certificates at the top of both.
pub const ROOT_CERTIFICATES: &str = key_file!("roots.pem");

/// Settings of the simulated wallets. What sources leave open is here and not in the code.
#[derive(Clone)]
pub struct WalletSettings {
    /// The merchant's public key, PEM: RSA requests are checked with it.
    pub merchant_public_key: String,
    /// The wallets' private key, PKCS#8 PEM: RSA answers are signed with it.
    pub wallet_key: String,
    /// The certificate of that key, PEM.
    pub wallet_certificate: String,
    /// WeChat: appid.
    pub wechat_app_id: String,
    /// WeChat: merchant number.
    pub wechat_mch_id: String,
    /// WeChat: key of interface v2, 32 characters.
    pub wechat_api_key: String,
    /// WeChat: key of interface v3, 32 characters.
    pub wechat_api_v3_key: String,
    /// WeChat: serial of the merchant's certificate, upper-case hexadecimal.
    pub wechat_merchant_serial: String,
    /// WeChat: id of the public key that answers are signed with.
    pub wechat_public_key_id: String,
    /// WeChat: serial of the platform certificate, for requests that name it.
    pub wechat_platform_serial: String,
    /// WeChat: `trade_state` of a paid order that was reversed: REVOKED, or REFUND as some report
    /// (spec wechat-pay §5).
    pub wechat_reversed_state: String,
    /// True: reversing or cancelling an order that nobody knows closes its number for good.
    pub undo_closes_unknown: bool,
    /// WeChat: least time between two refunds of one order, milliseconds (spec §6).
    pub wechat_refund_gap_ms: i64,
    /// Alipay: `app_id`.
    pub alipay_app_id: String,
    /// Alipay: `app_cert_sn` of the merchant's certificate.
    pub alipay_app_serial: String,
    /// Alipay: `alipay_root_cert_sn`.
    pub alipay_root_serial: String,
    /// Alipay: `alipay_cert_sn` of the wallet's certificate.
    pub alipay_wallet_serial: String,
    /// Alipay: how long a refund is possible, milliseconds; a matter of the contract.
    pub alipay_refund_period_ms: i64,
    /// UnionPay online: `merId`.
    pub acp_merchant: String,
    /// UnionPay online: serial of the merchant's certificate in decimal.
    pub acp_merchant_serial: String,
    /// UnionPay online: serial of the wallet's certificate in decimal.
    pub acp_serial: String,
}

impl Default for WalletSettings {
    fn default() -> Self {
        let own = str::to_owned;
        Self {
            merchant_public_key: own(MERCHANT_PUBLIC_KEY),
            wallet_key: own(WALLET_KEY),
            wallet_certificate: own(WALLET_CERTIFICATE),
            wechat_app_id: own("wx8888888888888888"),
            wechat_mch_id: own("1900000109"),
            wechat_api_key: own("192006250b4c09247ec02edce69f6a2d"),
            wechat_api_v3_key: own("a7cde1ZJB1kG2e7VfTs3jQzaWizur8Gb"),
            wechat_merchant_serial: own("3A0F55C7D1"),
            wechat_public_key_id: own("PUB_KEY_ID_0119000001092026112400000000000001"),
            wechat_platform_serial: own("D7CE59D1F522D701"),
            wechat_reversed_state: own("REVOKED"),
            undo_closes_unknown: true,
            wechat_refund_gap_ms: 60_000,
            alipay_app_id: own("2021000000000001"),
            alipay_app_serial: own("db428d31ae9ed8ecf688706fa9f9d17e"),
            alipay_root_serial: own(
                "db428d31ae9ed8ecf688706fa9f9d17e_411909bbc18695b596a258f96420c7af",
            ),
            alipay_wallet_serial: own("411909bbc18695b596a258f96420c7af"),
            alipay_refund_period_ms: 365 * DAY_MS,
            acp_merchant: own("898310048140001"),
            acp_merchant_serial: own("249365383121"),
            acp_serial: own("15550465321652639489"),
        }
    }
}

impl fmt::Debug for WalletSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WalletSettings").finish_non_exhaustive()
    }
}
