//! The profile: every key, its default, its range, and the line of each mistake.

use std::path::Path;
use std::time::Duration;

use pos_engine::profile::{KeyMode, PlainTcp, QrMode, ReversalOriginal, SignType};
use pos_engine::{Loaded, ProfileError, Settings};

use crate::tls::authority;
use crate::web_tls::identity;

const SMALLEST: &str = r#"schema = 1
[merchant]
id = "898310048140001"
[terminal]
id = "10000001"
[unionpay]
host = "127.0.0.1:9583"
"#;

fn load(text: &str) -> Result<Loaded, ProfileError> {
    Loaded::from_text(text, Path::new("/nowhere"))
}

fn with(section_line: &str) -> Result<Loaded, ProfileError> {
    load(&format!("{SMALLEST}{section_line}\n"))
}

fn refused(text: &str) -> ProfileError {
    load(text)
        .err()
        .unwrap_or_else(|| panic!("accepted: {text}"))
}

#[test]
fn the_smallest_profile_has_the_stated_defaults() {
    let loaded = load(SMALLEST).unwrap();
    let profile = loaded.profile;
    assert_eq!(profile.merchant.name, "示例商户");
    assert_eq!(profile.terminal.serial, "00004301234567890123");
    assert_eq!(
        (profile.terminal.day_cutover, profile.terminal.auto_settle),
        (1440, None)
    );
    let unionpay = profile.unionpay.unwrap();
    assert_eq!(unionpay.host.to_string(), "127.0.0.1:9583");
    assert_eq!(unionpay.plain_tcp, PlainTcp::Loopback);
    assert_eq!(unionpay.tpdu.to_string(), "6000030000");
    assert_eq!(unionpay.header.to_string(), "603100311300");
    assert_eq!(unionpay.timeout, Duration::from_secs(60));
    assert_eq!(
        (unionpay.keys, unionpay.mac_algorithm().name()),
        (KeyMode::Double, "cup-ecb")
    );
    assert!(!unionpay.void_needs_card && !unionpay.void_needs_pin);
    assert_eq!(
        (
            unionpay.resend_limit,
            unionpay.late_window_s,
            unionpay.max_batch
        ),
        (3, 120, 500)
    );
    assert!(!unionpay.qr_void_reversal && !unionpay.accept_unmaced_decline);
    assert_eq!(unionpay.void_reversal_f61, ReversalOriginal::Void);
    assert!(profile.wechat.is_none() && profile.alipay.is_none() && profile.unionpay_qr.is_none());
    assert_eq!(loaded.secrets.iter().count(), 0);
    assert!(!loaded.has_own_secrets);
}

#[test]
fn other_sections_have_their_defaults_when_present() {
    let text = format!("{SMALLEST}[wechat]\n[alipay]\n[unionpay_qr]\n");
    let profile = load(&text).unwrap().profile;
    let wechat = profile.wechat.unwrap();
    assert_eq!(wechat.base_url, "http://127.0.0.1:9680");
    assert_eq!(
        (wechat.sign_type, wechat.app_id.as_str()),
        (SignType::HmacSha256, "")
    );
    assert_eq!(
        profile.alipay.unwrap().gateway,
        "http://127.0.0.1:9780/gateway.do"
    );
    assert_eq!(profile.unionpay_qr.unwrap().mode, QrMode::Iso8583);
}

#[test]
fn without_the_card_section_there_is_no_card_rail_and_no_key() {
    let (text, _) = SMALLEST.split_once("[unionpay]").unwrap();
    let loaded = load(text).unwrap();
    assert!(loaded.profile.unionpay.is_none());
    assert_eq!(loaded.secrets.iter().count(), 0);
    assert_eq!(loaded.settings.get("unionpay.host"), Some(""));
}

#[test]
fn settings_of_an_older_program_get_the_defaults_of_newer_keys() {
    let loaded = load(SMALLEST).unwrap();
    let pairs = loaded
        .settings
        .iter()
        .filter(|(key, _)| *key != "unionpay.max_batch");
    let older = Settings::from_pairs(pairs.map(|(k, v)| (k.to_owned(), v.to_owned())));
    assert_eq!(older.profile().unwrap(), loaded.profile);
    let broken = Settings::from_pairs([("merchant.id".to_owned(), "M".to_owned())]);
    assert_eq!(broken.profile().unwrap_err().key, "terminal.id");
}

#[test]
fn an_unknown_key_is_refused_with_line_and_name() {
    for (text, line, key) in [
        (SMALLEST.replace("host =", "hots ="), 7, "unionpay.hots"),
        (format!("{SMALLEST}[unionpy]\nhost = 1\n"), 8, "unionpy"),
        (format!("nonsense = 1\n{SMALLEST}"), 1, "nonsense"),
        (format!("{SMALLEST}[unionpay.deep]\n"), 8, "unionpay.deep"),
    ] {
        let error = refused(&text);
        assert_eq!(
            (error.line, error.key.as_str()),
            (Some(line), key),
            "{error}"
        );
        let shown = error.to_string();
        assert!(shown.contains(&format!("line {line}: {key}")), "{shown}");
    }
}

#[test]
fn what_must_be_there_is_asked_for() {
    for (gone, key) in [
        ("schema = 1\n", "schema"),
        ("id = \"898310048140001\"\n", "merchant.id"),
        ("id = \"10000001\"\n", "terminal.id"),
        ("host = \"127.0.0.1:9583\"\n", "unionpay.host"),
        ("[merchant]\nid = \"898310048140001\"\n", "merchant.id"),
    ] {
        let error = refused(&SMALLEST.replace(gone, ""));
        assert_eq!(
            (error.key.as_str(), error.detail.as_str()),
            (key, "is missing")
        );
    }
}

#[test]
fn values_out_of_range_are_refused_at_their_line() {
    for line in [
        "timeout_s = 0",
        "timeout_s = 301",
        "timeout_s = \"60\"",
        "timeout_s = 1.5",
        "timeout_s = 99999999999999999999",
        "tpdu = \"6100030000\"",
        "tpdu = \"600003000\"",
        "header = \"60310031130\"",
        "keys = \"triple\"",
        "mac = \"crc\"",
        "mac = \"sm4-fold\"",
        "plain_tcp = \"everywhere\"",
        "resend_limit = 0",
        "void_needs_card = \"yes\"",
        "void_reversal_f61 = \"both\"",
        "max_batch = 0",
        "completion_most = 99",
        "pin_capture = 13",
        "processing_code_digits = 1",
        "sale_reversal_f61 = \"yes\"",
        "accept_unmaced_decline = true",
        "signature_code = \"80\"",
        "signature_code = 800",
        "signature_mac = \"yes\"",
        "parameter_sizes = \"14\"",
        "parameter_sizes = \"14=0\"",
        "status_report = \"\"",
        "script_not_run = \"00\"",
        "tmk = \"0123\"",
        "tmk = 5",
        "tls_ca = \"missing.pem\"",
        "tls_ca = 5",
    ] {
        let error = with(line)
            .err()
            .unwrap_or_else(|| panic!("accepted: {line}"));
        let key = line.split_once(' ').unwrap().0;
        assert_eq!(
            (error.line, error.key),
            (Some(8), format!("unionpay.{key}")),
            "{line}"
        );
    }
    for (from, to, key) in [
        ("898310048140001", "8983100481400011", "merchant.id"),
        ("898310048140001", "", "merchant.id"),
        ("10000001", "100000011", "terminal.id"),
        ("10000001", "1000 01", "terminal.id"),
        ("127.0.0.1:9583", "127.0.0.1", "unionpay.host"),
        ("127.0.0.1:9583", "127.0.0.1:0", "unionpay.host"),
        ("127.0.0.1:9583", "a b:1", "unionpay.host"),
        ("schema = 1", "schema = 2", "schema"),
    ] {
        assert_eq!(refused(&SMALLEST.replace(from, to)).key, key, "{to}");
    }
}

#[test]
fn a_wrong_time_or_address_is_refused() {
    for clock in ["24:01", "9:00", "12:60", "noon", "-1:00"] {
        let text = SMALLEST.replace(
            "id = \"10000001\"",
            &format!("id = \"10000001\"\nday_cutover = \"{clock}\""),
        );
        assert_eq!(refused(&text).key, "terminal.day_cutover", "{clock}");
    }
    for url in [
        "http://pay.example.com",
        "ftp://x",
        "https://",
        "https://user@host",
    ] {
        let error = with(&format!("[wechat]\nbase_url = \"{url}\"")).unwrap_err();
        assert_eq!(
            (error.line, error.key.as_str()),
            (Some(9), "wechat.base_url"),
            "{url}"
        );
    }
}

#[test]
fn a_wrong_value_of_a_scan_code_rail_is_refused() {
    for (section, key, value) in [
        ("wechat", "base_url", "https://api.example.com/pay"),
        ("wechat", "api_key", "0123456789abcdef0123456789ABCDE"),
        ("wechat", "api_v3_key", "0123456789abcdef0123456789ABCDE!"),
        ("wechat", "sign_type", "SHA1"),
        ("wechat", "notify_url", "shop.example/paid"),
        ("wechat", "notify_url", "https://shop.example/paid?x=1"),
        ("alipay", "gateway", "http://10.0.0.1/gateway.do"),
        ("alipay", "http_method", "PUT"),
        ("alipay", "app_auth_token", "two words"),
        ("unionpay_qr", "mode", "qr"),
        ("unionpay_qr", "base_url", "gateway.95516.com"),
    ] {
        let error = with(&format!("[{section}]\n{key} = \"{value}\"")).unwrap_err();
        assert_eq!(error.key, format!("{section}.{key}"), "{error}");
        assert_eq!(error.line, Some(9), "{error}");
        assert!(!key.contains("key") || !error.to_string().contains(value));
    }
    let error = with("[wechat]\nrefund_days = 0").unwrap_err();
    assert_eq!(error.detail, "is 0, may be 1 to 3650");
    for license in ["P310", "P31001", "P31 0"] {
        let line = format!("id = \"10000001\"\nnetwork_license = \"{license}\"");
        let error = refused(&SMALLEST.replace("id = \"10000001\"", &line));
        assert_eq!(error.key, "terminal.network_license");
    }
    for slash in ["", "/"] {
        let url = format!("[wechat]\nbase_url = \"https://api.example.com{slash}\"");
        assert!(with(&url).is_ok());
    }
}

#[test]
fn plain_tcp_goes_only_where_nobody_else_listens() {
    let host = |host: &str, rule: &str| {
        let text = SMALLEST.replace("127.0.0.1:9583", host);
        load(&format!("{text}plain_tcp = \"{rule}\"\n"))
    };
    for (address, loopback, private) in [
        ("localhost:1", true, true),
        ("[::1]:1", true, true),
        ("10.0.0.1:1", false, true),
        ("acquirer.example:1", false, true),
        ("8.8.8.8:1", false, false),
    ] {
        assert_eq!(host(address, "loopback").is_ok(), loopback, "{address}");
        assert_eq!(
            host(address, "private_network").is_ok(),
            private,
            "{address}"
        );
    }
}

#[test]
fn i11_a_clear_master_key_stands_only_beside_a_test_host() {
    let key = "89ABCDEF0123456789ABCDEF01234567";
    let beside = |host: &str| {
        let text = SMALLEST.replace("127.0.0.1:9583", host);
        load(&format!(
            "{text}plain_tcp = \"private_network\"\ntmk = \"{key}\"\n"
        ))
    };
    for host in ["127.0.0.1:1", "localhost:1", "[::1]:1", "simulator"] {
        let loaded = beside(host).unwrap();
        assert_eq!(
            loaded.secrets.get("unionpay.tmk").unwrap().expose(),
            key.as_bytes()
        );
        assert!(
            loaded
                .settings
                .iter()
                .all(|(_, value)| !value.contains(key))
        );
        assert!(!format!("{loaded:?}").contains("89ABCDEF"));
        assert!(loaded.has_own_secrets);
    }
    let error = beside("10.0.0.1:1").unwrap_err();
    assert_eq!((error.line, error.key.as_str()), (Some(9), "unionpay.tmk"));
    assert!(!error.to_string().contains("89ABCDEF"));
}

#[test]
fn i11_no_error_quotes_a_secret() {
    let secret = "SECRETSECRETSECRETSECRETSECRETSE";
    for line in [
        format!("tmk = \"{secret}\""),
        format!("tmk = {secret}"),
        format!("tmk = \"{secret}"),
        format!("tmk = '{secret}' x"),
        format!("tmk = [\"{secret}\"]"),
        format!("tmk = \"\\q{secret}\""),
        format!("tmk = \"{secret}\"\ntmk = \"{secret}\""),
        format!("[wechat]\napi_key = \"{secret} \""),
        format!("[wechat]\napi_key = \"{secret}\"\nbad"),
    ] {
        let error = with(&line)
            .err()
            .unwrap_or_else(|| panic!("accepted: {line}"));
        assert!(
            !format!("{error} {error:?}").contains("SECRET"),
            "{error:?}"
        );
        assert!(error.line.is_some_and(|n| n >= 8), "{error:?}");
    }
}

#[test]
fn files_are_relative_to_the_profile() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("keys")).unwrap();
    let key = include_bytes!("../../../../tests/vectors/wallets/keys/merchant.pkcs8.pem");
    std::fs::write(folder.path().join("keys/app.pem"), key).unwrap();
    let (certificate, key) = identity(&authority());
    std::fs::write(folder.path().join("cert.pem"), certificate + &key).unwrap();
    let path = folder.path().join("profile.toml");
    let text = format!("{SMALLEST}[wechat]\nclient_cert = \"cert.pem\"\n[alipay]\n");
    std::fs::write(&path, text).unwrap();
    let secrets = Loaded::from_file(&path).unwrap().secrets;
    // The second is where an absent key looks, and there is a file.
    for (key, begin) in [
        ("wechat.client_cert", "-----BEGIN CERTIFICATE"),
        ("alipay.app_private_key", "-----BEGIN PRIVATE"),
    ] {
        assert!(
            secrets
                .get(key)
                .unwrap()
                .expose()
                .starts_with(begin.as_bytes()),
            "{key}"
        );
    }
    assert!(secrets.get("alipay.alipay_public_key").is_none());

    std::fs::write(
        folder.path().join("cert.pem"),
        "-----BEGIN CERTIFICATE-----",
    )
    .unwrap();
    std::fs::write(&path, format!("{SMALLEST}tls_ca = \"cert.pem\"\n")).unwrap();
    let error = Loaded::from_file(&path).unwrap_err();
    assert_eq!(
        (error.line, error.key.as_str()),
        (Some(8), "unionpay.tls_ca")
    );
}

#[test]
fn a_file_that_is_no_profile_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("profile.toml");
    let detail = || Loaded::from_file(&path).unwrap_err().detail;
    assert!(detail().contains("no such file"));
    std::fs::write(&path, b"schema = 1\n\xFF").unwrap();
    assert_eq!(Loaded::from_file(&path).unwrap_err().line, Some(2));
    std::fs::write(&path, vec![b'#'; 300 * 1024]).unwrap();
    assert!(detail().contains("larger"));
    assert!(Loaded::from_file(folder.path()).is_err());
    assert_eq!(
        refused("schema = 1\n[[merchant]]\nid = \"1\"\n").key,
        "merchant"
    );
    assert_eq!(refused("schema = \n").line, Some(1));
}
