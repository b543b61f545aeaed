//! A profile with every key, to types and to settings and back.

use std::collections::BTreeSet;
use std::path::Path;
use std::time::Duration;

use pos_emv::{Application, HolderWords, TerminalData};
use pos_engine::profile::{HostAddress, HttpMethod, KeyMode, QrMode, ReversalOriginal, SignType};
use pos_engine::{Loaded, Settings};

use crate::tls::authority;
use crate::web_tls::identity;

const WHOLE: &str = r#"
schema = 1
[merchant]
id = "M1"
name = "老王"
[terminal]
id = "T1"
serial = "S1"
day_cutover = "23:00"
auto_settle = "22:50"
location = "+31.2304/+121.4737"
network_license = "P3100"
[unionpay]
host = "simulator"
tls_ca = ""
plain_tcp = "private_network"
tpdu = "6000010002"
header = "602200312345"
timeout_s = 7
keys = "double_track"
mac = "x9.19"
tmk = "00112233445566778899aabbccddeeff"
void_needs_card = true
void_needs_pin = true
completion_void_needs_card = true
completion_void_needs_pin = true
preauth_void_needs_pin = true
resend_limit = 5
late_window_s = 60
qr_void_reversal = true
accept_unmaced_decline = true
void_reversal_f61 = "sale"
max_batch = 100
completion_most = 120
pin_capture = 6
processing_code_digits = 2
sale_reversal_f61 = true
terminal_information = true
terminal_information_lengths = 2
f59_lengths = 2
signature_code = "801"
signature_mac = false
parameter_sizes = "14=20"
status_report = "011"
script_not_run = "0000000001"
tap_qualifiers = "36000080"
tap_capabilities = "E0B0C8"
tap_terminal_type = "21"
tap_country = "0344"
tap_verification_results = "0000000800"
tap_check_from = 30000
tap_device_check = true
tap_check_none = "3F0000"
tap_check_pin = "420300"
tap_check_signature = "5E0300"
tap_check_device = "2F0001"
tap_applications = "A000000333=0030"
[wechat]
base_url = "https://api.mch.weixin.qq.com"
timeout_s = 20
app_id = "wx1"
mch_id = "190000"
sub_mch_id = "190001"
sub_app_id = "wx2"
api_key = "0123456789abcdef0123456789ABCDEF"
sign_type = "MD5"
client_cert = "client.pem"
client_key = "client.key"
tls_ca = "ca.pem"
v3_key = "wallets/merchant.pkcs8.pem"
v3_serial = "5157"
api_v3_key = "abcdef0123456789abcdef0123456789"
platform_public_key = "wallets/wallet.pub.pem"
platform_serial = "PUB1"
notify_url = "https://shop.example/paid"
refund_days = 360
[alipay]
gateway = "https://openapi.alipay.com/gateway.do"
timeout_s = 25
app_id = "2014"
app_private_key = "wallets/merchant.pkcs1.pem"
alipay_public_key = "wallets/wallet.crt"
app_cert = "wallets/merchant.crt"
alipay_cert = "wallets/wallet.crt"
root_cert = "wallets/roots.pem"
app_auth_token = "2016token"
provider = "2088"
http_method = "GET"
tls_ca = "ca.pem"
refund_days = 90
[unionpay_qr]
mode = "acp"
base_url = "https://gateway.95516.com"
timeout_s = 15
mer_id = "777"
sign_key = "wallets/merchant.pkcs8.pem"
sign_cert = "wallets/merchant.crt"
root_cert = "ca.pem"
signer = "Wallet Test"
back_url = "https://shop.example/back"
tls_ca = "ca.pem"
"#;

/// The files that the profile names: the wallets' test keys, and certificates for TLS.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let vectors = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/vectors/wallets/keys");
    std::os::unix::fs::symlink(vectors, folder.path().join("wallets")).unwrap();
    let (certificate, key) = identity(&authority());
    for (name, text) in [
        ("client.pem", &certificate),
        ("client.key", &key),
        ("ca.pem", &authority().pem),
    ] {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    folder
}

#[test]
fn every_key_is_read() {
    let folder = folder();
    let loaded = Loaded::from_text(WHOLE, folder.path()).unwrap();
    let unionpay = loaded.profile.unionpay.clone().unwrap();
    assert_eq!(unionpay.host, HostAddress::Simulator);
    assert_eq!(
        (unionpay.keys, unionpay.mac_algorithm().name()),
        (KeyMode::DoubleTrack, "x9.19")
    );
    assert!(unionpay.void_needs_card && unionpay.void_needs_pin && unionpay.qr_void_reversal);
    assert_eq!(
        (
            unionpay.resend_limit,
            unionpay.late_window_s,
            unionpay.max_batch
        ),
        (5, 60, 100)
    );
    assert_eq!(unionpay.void_reversal_f61, ReversalOriginal::Sale);
    assert_eq!(unionpay.completion_most, 120);
    assert!(unionpay.completion_void_needs_card && unionpay.completion_void_needs_pin);
    assert!(unionpay.preauth_void_needs_pin);
    let habits = &unionpay.habits;
    assert_eq!((habits.pin_capture, habits.processing_code_digits), (6, 2));
    assert!(habits.sale_reversal_f61);
    assert_eq!(
        (
            habits.terminal_information,
            habits.terminal_information_lengths,
            habits.f59_lengths
        ),
        (true, 2, 2)
    );
    assert_eq!(
        (habits.signature_code.as_str(), habits.signature_mac),
        ("801", false)
    );
    assert_eq!(habits.parameter_sizes.0, [("14".to_owned(), 20)]);
    assert_eq!(habits.status_report, "011");
    assert_eq!(habits.script_not_run.0, [0, 0, 0, 0, 1]);
    assert_eq!(loaded.profile.terminal.day_cutover, 23 * 60);
    assert_eq!(loaded.profile.terminal.auto_settle, Some(22 * 60 + 50));
    assert_eq!(loaded.profile.terminal.location, "+31.2304/+121.4737");
    let given: BTreeSet<_> = loaded.secrets.iter().map(|(key, _)| key).collect();
    let known: BTreeSet<_> = Settings::secret_names().collect();
    let absent: Vec<_> = known.difference(&given).collect();
    assert_eq!(absent, [&"unionpay.tls_ca"]);

    let pairs = loaded
        .settings
        .iter()
        .map(|(k, v)| (k.to_owned(), v.to_owned()));
    let mut pairs: Vec<_> = pairs.collect();
    assert_eq!(pairs.len(), Settings::names().count());
    pairs.push(("time.host".into(), "17".into()));
    let back = Settings::from_pairs(pairs);
    assert_eq!(back, loaded.settings);
    assert_eq!(back.profile().unwrap(), loaded.profile);
}

#[test]
fn what_a_card_is_told_is_read() {
    let folder = folder();
    let profile = Loaded::from_text(WHOLE, folder.path()).unwrap().profile;
    let told = profile.unionpay.unwrap().tap;
    let expected = TerminalData {
        qualifiers: [0x36, 0, 0, 0x80],
        capabilities: [0xE0, 0xB0, 0xC8],
        kind: 0x21,
        serial: *b"000000S1",
        country: [0x03, 0x44],
        verification_results: [0, 0, 0, 8, 0],
        holder_check_from: 30_000,
        device_check_suffices: true,
        holder_words: HolderWords {
            none: [0x3F, 0, 0],
            online_pin: [0x42, 3, 0],
            signature: [0x5E, 3, 0],
            device: [0x2F, 0, 1],
        },
        applications: vec![Application {
            id: vec![0xA0, 0, 0, 3, 0x33],
            version: [0, 0x30],
        }],
    };
    assert_eq!(told, expected);
    let usual = "schema = 1\n[merchant]\nid = \"M1\"\n[terminal]\nid = \"T1\"\n\
                 serial = \"\"\n[unionpay]\nhost = \"simulator\"\n";
    let usual = Loaded::from_text(usual, folder.path()).unwrap().profile;
    assert_eq!(usual.unionpay.unwrap().tap, TerminalData::default());
}

#[test]
fn the_scan_code_rails_are_read() {
    let folder = folder();
    let profile = Loaded::from_text(WHOLE, folder.path()).unwrap().profile;
    let wechat = profile.wechat.unwrap();
    assert_eq!(
        (wechat.sign_type, wechat.timeout, wechat.refund_days),
        (SignType::Md5, Duration::from_secs(20), 360)
    );
    assert_eq!(
        (wechat.sub_mch_id.as_str(), wechat.sub_app_id.as_str()),
        ("190001", "wx2")
    );
    assert_eq!(wechat.notify_url, "https://shop.example/paid");
    let alipay = profile.alipay.unwrap();
    assert_eq!(
        (alipay.http_method, alipay.timeout, alipay.refund_days),
        (HttpMethod::Get, Duration::from_secs(25), 90)
    );
    assert_eq!(alipay.provider, "2088");
    let qr = profile.unionpay_qr.unwrap();
    assert_eq!(
        (qr.mode, qr.mer_id.as_str(), qr.timeout),
        (QrMode::Acp, "777", Duration::from_secs(15))
    );
    assert_eq!(
        (qr.signer.as_str(), qr.back_url.as_str()),
        ("Wallet Test", "https://shop.example/back")
    );
}

#[test]
fn a_file_that_holds_the_wrong_thing_is_refused() {
    let folder = folder();
    for (right, wrong, key) in [
        (
            "v3_key = \"wallets/merchant.pkcs8.pem",
            "v3_key = \"wallets/merchant.crt",
            "wechat.v3_key",
        ),
        (
            "v3_key = \"wallets/merchant.pkcs8.pem",
            "v3_key = \"wallets/short.pkcs8.pem",
            "wechat.v3_key",
        ),
        (
            "platform_public_key = \"wallets/wallet.pub.pem",
            "platform_public_key = \"client.key",
            "wechat.platform_public_key",
        ),
        (
            "client_cert = \"client.pem",
            "client_cert = \"client.key",
            "wechat.client_cert",
        ),
        (
            "client_cert = \"client.pem",
            "client_cert = \"ca.pem",
            "wechat.client_cert",
        ),
        (
            "client_key = \"client.key",
            "client_key = \"client.pem",
            "wechat.client_key",
        ),
        ("client_cert = \"client.pem\"", "", "wechat.client_key"),
        (
            "app_private_key = \"wallets/merchant.pkcs1.pem",
            "app_private_key = \"wallets/merchant.pub.pem",
            "alipay.app_private_key",
        ),
        (
            "app_cert = \"wallets/merchant.crt",
            "app_cert = \"wallets/merchant.pub.pem",
            "alipay.app_cert",
        ),
        ("app_cert = \"wallets/merchant.crt\"", "", "alipay.app_cert"),
        ("root_cert = \"wallets/roots.pem\"", "", "alipay.root_cert"),
        (
            "root_cert = \"wallets/roots.pem",
            "root_cert = \"client.key",
            "alipay.root_cert",
        ),
        (
            "base_url = \"https://gateway.95516.com\"",
            "",
            "unionpay_qr.base_url",
        ),
    ] {
        assert!(WHOLE.contains(right), "{right}");
        let error = Loaded::from_text(&WHOLE.replace(right, wrong), folder.path()).unwrap_err();
        assert_eq!(error.key, key, "{error}");
        assert!(!error.detail.contains("BEGIN"), "{error}");
    }
}

#[test]
fn every_key_and_no_other_stands_in_the_document() {
    let document = include_str!("../../../../docs/profile.md");
    let rows = document.lines().filter_map(|line| line.strip_prefix("| `"));
    let told: BTreeSet<_> = rows.filter_map(|row| row.split('`').next()).collect();
    let known: BTreeSet<_> = Settings::names().chain(Settings::secret_names()).collect();
    assert_eq!(told, known);
}
