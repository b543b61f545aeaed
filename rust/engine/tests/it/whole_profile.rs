//! A profile with every key, to types and to settings and back.

use std::collections::BTreeSet;
use std::path::Path;

use pos_engine::profile::{HostAddress, KeyMode, QrMode, ReversalOriginal, SignType};
use pos_engine::{Loaded, Settings};

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
resend_limit = 5
late_window_s = 60
qr_void_reversal = true
accept_unmaced_decline = true
void_reversal_f61 = "sale"
max_batch = 100
terminal_information = true
terminal_information_lengths = 2
f59_lengths = 2
signature_code = "801"
signature_mac = false
parameter_sizes = "14=20"
status_report = "011"
script_not_run = "0000000001"
[wechat]
base_url = "https://api.mch.weixin.qq.com"
app_id = "wx1"
mch_id = "190000"
api_key = "v2key"
sign_type = "MD5"
v3_serial = "5157"
api_v3_key = "v3key"
platform_serial = "PUB1"
[alipay]
gateway = "https://openapi.alipay.com/gateway.do"
app_id = "2014"
[unionpay_qr]
mode = "acp"
"#;

#[test]
fn every_key_is_read() {
    let loaded = Loaded::from_text(WHOLE, Path::new("/nowhere")).unwrap();
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
    let habits = &unionpay.habits;
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
    assert_eq!(
        loaded.profile.wechat.as_ref().unwrap().sign_type,
        SignType::Md5
    );
    assert_eq!(loaded.profile.unionpay_qr, Some(QrMode::Acp));
    let secrets: Vec<_> = loaded.secrets.iter().map(|(key, _)| key).collect();
    assert_eq!(
        secrets,
        ["unionpay.tmk", "wechat.api_key", "wechat.api_v3_key"]
    );

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
fn every_key_and_no_other_stands_in_the_document() {
    let document = include_str!("../../../../docs/profile.md");
    let rows = document.lines().filter_map(|line| line.strip_prefix("| `"));
    let told: BTreeSet<_> = rows.filter_map(|row| row.split('`').next()).collect();
    let known: BTreeSet<_> = Settings::names().chain(Settings::secret_names()).collect();
    assert_eq!(told, known);
}
