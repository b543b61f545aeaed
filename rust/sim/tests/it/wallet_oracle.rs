//! The wallets' signatures against published values and against other crates.

use base64ct::{Base64, Encoding};
use md5::{Digest, Md5};
use pos_sim::{MERCHANT_KEY, WALLET_PUBLIC_KEY, WebRequest};
use rsa::pkcs1v15::{Signature, SigningKey, VerifyingKey};
use rsa::pkcs8::{DecodePrivateKey, DecodePublicKey};
use rsa::signature::{SignatureEncoding, Signer, Verifier};
use rsa::{PrivateKey, PublicKey};
use serde_json::{Value, json};
use sha2::Sha256;

use crate::shop::{ALIPAY_CODE, Shop, hex, sign};
use crate::shop_forms::{pay_business, post};

fn vectors(name: &str) -> String {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/vectors/wallets/");
    std::fs::read_to_string(format!("{folder}{name}")).unwrap()
}

/// A published request of v2 is let in under its published signature, and only under it.
#[test]
fn published_v2_signatures_are_the_right_ones() {
    let key = vectors("wechat-v2-key.txt");
    let mut seen = 0;
    for line in vectors("wechat-v2.txt").lines() {
        let [name, way, digest, text] = line.split('\t').collect::<Vec<_>>()[..] else {
            panic!("{line}");
        };
        let pairs: Vec<_> = text
            .split('&')
            .map(|p| p.split_once('=').unwrap())
            .collect();
        let mut shop = Shop::wechat();
        shop.hmac = way != "MD5";
        assert_eq!(shop.settings.wechat_api_key, key.trim());
        assert_eq!(shop.v2_sign(&pairs), digest, "{name}");
        if !shop.hmac {
            let digest_of = Md5::digest(format!("{text}&key={}", key.trim()).as_bytes());
            assert_eq!(hex(&digest_of), digest);
        }
        // The host takes it if it says how it was signed.
        let get = |wanted: &str| {
            let found = pairs.iter().find(|(name, _)| *name == wanted);
            found.map(|(_, value)| (*value).to_owned())
        };
        if shop.hmac != get("sign_type").is_some() || get("auth_code").is_none() {
            continue;
        }
        let mut settings = shop.settings.clone();
        settings.wechat_app_id = get("appid").unwrap();
        settings.wechat_mch_id = get("mch_id").unwrap();
        let mut shop = Shop::wechat_with(&settings);
        let mut signed = pairs.clone();
        signed.push(("attach", ""));
        signed.push(("sign", digest));
        let answer = shop.exchange(&crate::shop::v2_body("/pay/micropay", &signed));
        let body = String::from_utf8(answer.unwrap().body).unwrap();
        assert!(body.contains("<result_code><![CDATA[SUCCESS]]>"), "{body}");
        seen += 1;
    }
    assert_eq!(seen, 2, "one of each way");
}

/// Another crate signs what the hosts take, and takes what the hosts sign.
#[test]
fn another_implementation_of_rsa_agrees() {
    let key = SigningKey::<Sha256>::new(PrivateKey::from_pkcs8_pem(MERCHANT_KEY).unwrap());
    let message = "GET\n/v3/certificates\n1795515600\nABC\n\n";
    let theirs = key.try_sign(message.as_bytes()).unwrap().to_bytes();
    assert_eq!(Base64::encode_string(&theirs), sign(message.as_bytes()));

    let mut shop = Shop::wechat();
    let request = WebRequest {
        method: "GET".into(),
        target: "/v3/certificates".into(),
        headers: vec![(
            "authorization".into(),
            format!(
                "WECHATPAY2-SHA256-RSA2048 timestamp=\"1795515600\",mchid=\"1900000109\",\
                 signature=\"{}\",nonce_str=\"ABC\",serial_no=\"3A0F55C7D1\"",
                Base64::encode_string(&theirs)
            ),
        )],
        body: Vec::new(),
    };
    let answer = shop.exchange(&request).unwrap();
    assert_eq!(answer.status, 200);
    let header = |name| answer.header(name).unwrap();
    let message = format!(
        "{}\n{}\n{}\n",
        header("Wechatpay-Timestamp"),
        header("Wechatpay-Nonce"),
        std::str::from_utf8(&answer.body).unwrap()
    );
    let wallet = PublicKey::from_public_key_pem(WALLET_PUBLIC_KEY).unwrap();
    let wallet = VerifyingKey::<Sha256>::new(wallet);
    let verified = |message: &str, signature: &str| {
        let bytes = Base64::decode_vec(signature).unwrap();
        let signature = Signature::try_from(bytes.as_slice()).unwrap();
        wallet.verify(message.as_bytes(), &signature).is_ok()
    };
    assert!(verified(&message, header("Wechatpay-Signature")));

    let mut shop = Shop::alipay();
    let pairs = shop.alipay_pairs("alipay.trade.pay", &pay_business("T1", "8.80", ALIPAY_CODE));
    let answer = shop.exchange(&post(&pairs)).unwrap();
    let text = String::from_utf8(answer.body).unwrap();
    let whole: Value = serde_json::from_str(&text).unwrap();
    let signature = whole["sign"].as_str().unwrap();
    let node = text
        .strip_prefix("{\"alipay_trade_pay_response\":")
        .unwrap();
    let node = node
        .strip_suffix(&format!(",\"sign\":\"{signature}\"}}"))
        .unwrap();
    assert!(verified(node, signature));
    assert!(!verified(&node.replacen("8.80", "8.81", 1), signature));
}

/// What the settings say of the certificates is what OpenSSL said.
#[test]
fn the_serials_of_the_settings_are_those_of_the_certificates() {
    let settings = pos_sim::WalletSettings::default();
    let text = vectors("certificates.txt");
    let rows: Vec<Vec<_>> = text.lines().map(|l| l.split('\t').collect()).collect();
    let row = |name: &str| rows.iter().find(|row| row[0] == name).unwrap();
    let decimal = |hex: &str| u128::from_str_radix(hex, 16).unwrap().to_string();
    let (merchant, wallet) = (row("merchant"), row("wallet"));
    assert_eq!(settings.alipay_app_serial, merchant[1]);
    assert_eq!(settings.alipay_wallet_serial, wallet[1]);
    assert_eq!(settings.alipay_root_serial, row("roots")[1]);
    assert_eq!(settings.wechat_merchant_serial, merchant[2]);
    assert_eq!(settings.wechat_platform_serial, wallet[2]);
    assert_eq!(settings.acp_merchant_serial, decimal(merchant[2]));
    assert_eq!(settings.acp_serial, decimal(wallet[2]));
}

/// A key that cannot be used stops the hosts at once.
#[test]
fn keys_that_do_not_fit_are_refused() {
    let with = |wallet: &str, merchant: &str| {
        let settings = pos_sim::WalletSettings {
            wallet_key: wallet.to_owned(),
            merchant_public_key: merchant.to_owned(),
            ..pos_sim::WalletSettings::default()
        };
        pos_sim::Hosts::new(pos_sim::Settings::default(), &settings).map(|_| ())
    };
    use pos_sim::WalletKeyError::{Malformed, Unfit};
    assert_eq!(with(MERCHANT_KEY, WALLET_PUBLIC_KEY), Ok(()));
    assert_eq!(with("", WALLET_PUBLIC_KEY), Err(Malformed));
    assert_eq!(with(WALLET_PUBLIC_KEY, WALLET_PUBLIC_KEY), Err(Malformed));
    assert_eq!(with(MERCHANT_KEY, MERCHANT_KEY), Err(Malformed));
    let short = vectors("keys/short.pkcs8.pem");
    assert_eq!(with(&short, WALLET_PUBLIC_KEY), Err(Unfit));
    let debug = format!("{:?}", pos_sim::WalletSettings::default());
    assert!(!debug.contains("PRIVATE") && debug.len() < 40, "{debug}");
    assert_eq!(json!(debug), json!("WalletSettings { .. }"));
}
