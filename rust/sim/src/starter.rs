//! The profile of a terminal that fits these hosts, with the keys that belong to it.

use crate::server::Ports;
use crate::unionpay::MasterKey;
use crate::wallet::{
    MERCHANT_CERTIFICATE, MERCHANT_KEY, ROOT_CERTIFICATES, WALLET_CERTIFICATE, WALLET_PUBLIC_KEY,
    WalletSettings,
};

/// The first line of the profile: a file that begins with it may be written again.
pub const STARTER_MARK: &str = "# For the simulated hosts of this machine; written by them.";

/// A file to write.
#[derive(Clone, Debug)]
pub struct StarterFile {
    /// Its path in the folder, with `/`.
    pub name: &'static str,
    /// What it holds.
    pub text: String,
}

/// `profile.toml` for the hosts on these ports, and the files that it names.
#[must_use]
pub fn starter_files(ports: Ports, key: &MasterKey, wallets: &WalletSettings) -> Vec<StarterFile> {
    let mut files = vec![StarterFile {
        name: "profile.toml",
        text: profile(ports, key, wallets),
    }];
    let keys = [
        ("keys/wechat_mch_key.pem", MERCHANT_KEY),
        ("keys/wechat_platform_pub.pem", WALLET_PUBLIC_KEY),
        ("keys/app.pem", MERCHANT_KEY),
        ("keys/alipay.pem", WALLET_PUBLIC_KEY),
        ("keys/merchant.crt", MERCHANT_CERTIFICATE),
        ("keys/wallet.crt", WALLET_CERTIFICATE),
        ("keys/roots.pem", ROOT_CERTIFICATES),
    ];
    files.extend(keys.map(|(name, text)| StarterFile {
        name,
        text: text.to_owned(),
    }));
    files
}

fn profile(ports: Ports, key: &MasterKey, wallets: &WalletSettings) -> String {
    let Ports {
        unionpay,
        wechat,
        alipay,
        acp,
        ..
    } = ports;
    let hex = key.hex();
    let tmk = hex.as_str();
    let WalletSettings {
        wechat_app_id,
        wechat_mch_id,
        wechat_api_key,
        wechat_api_v3_key,
        wechat_merchant_serial,
        wechat_public_key_id,
        alipay_app_id,
        acp_merchant,
        ..
    } = wallets;
    format!(
        r#"{STARTER_MARK}
# Its keys open nothing else.
schema = 1

[merchant]
id = "898310048140001"
name = "示例商户"

[terminal]
id = "10000001"

[unionpay]
host = "127.0.0.1:{unionpay}"
tmk = "{tmk}"

[wechat]
base_url = "http://127.0.0.1:{wechat}"
app_id = "{wechat_app_id}"
mch_id = "{wechat_mch_id}"
api_key = "{wechat_api_key}"
v3_key = "keys/wechat_mch_key.pem"
v3_serial = "{wechat_merchant_serial}"
api_v3_key = "{wechat_api_v3_key}"
platform_public_key = "keys/wechat_platform_pub.pem"
platform_serial = "{wechat_public_key_id}"
notify_url = "https://shop.example/paid"

[alipay]
gateway = "http://127.0.0.1:{alipay}/gateway.do"
app_id = "{alipay_app_id}"
app_private_key = "keys/app.pem"
alipay_public_key = "keys/alipay.pem"

[unionpay_qr]
mode = "8583"           # "acp": over the online interface, which all below is for
base_url = "http://127.0.0.1:{acp}"
mer_id = "{acp_merchant}"
sign_key = "keys/app.pem"
sign_cert = "keys/merchant.crt"
root_cert = "keys/wallet.crt"
signer = "Wallet Test"
back_url = "https://shop.example/paid"
"#
    )
}
