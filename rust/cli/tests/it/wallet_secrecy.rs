//! Nothing secret of a wallet in clear: no API key, no private key, no payment code.

use std::path::Path;

use crate::secrecy::search;
use crate::support::run;
use crate::wallet_shop::{ALIPAY, Shop, UNIONPAY, WECHAT};

/// The simulated merchant's keys, as the hosts write them into the profile.
const V2_KEY: &str = "192006250b4c09247ec02edce69f6a2d";
const V3_KEY: &str = "a7cde1ZJB1kG2e7VfTs3jQzaWizur8Gb";

/// A line from the middle of the merchant's private key, and the bytes that it stands for.
fn private_key() -> [Vec<u8>; 2] {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/vectors/wallets/keys");
    let pem = std::fs::read_to_string(folder.join("merchant.pkcs8.pem")).unwrap();
    let line = pem.lines().nth(10).unwrap().to_owned();
    let value = |c: u8| match c {
        b'A'..=b'Z' => c - b'A',
        b'a'..=b'z' => c - b'a' + 26,
        b'0'..=b'9' => c - b'0' + 52,
        b'+' => 62,
        _ => 63,
    };
    let bytes = line.as_bytes().chunks_exact(4).flat_map(|four| {
        let bits = four
            .iter()
            .fold(0_u32, |all, c| all << 6 | u32::from(value(*c)));
        bits.to_be_bytes()[1..].to_vec()
    });
    let bytes = bytes.collect();
    [line.into_bytes(), bytes]
}

#[test]
fn i11_no_key_and_no_payment_code_stands_in_the_home_or_in_any_output() {
    let shop = Shop::open();
    let mut printed = String::new();
    let mut run = |arguments: &[&str]| {
        let done = shop.run(arguments);
        assert!(done.code != 1 && done.code != 2, "{}", done.stdout);
        printed.push_str(&done.stdout);
        printed.push_str(&done.stderr);
    };
    for code in [WECHAT, ALIPAY, UNIONPAY] {
        run(&["sale", "--amount", "1", "--code", code]);
        run(&["void", "--last"]);
    }
    let lost = &format!("{}7700", &WECHAT[..14]);
    shop.host.breaks("sale", "after_booking", "drop");
    run(&["sale", "--amount", "2", "--code", lost]);
    run(&["void", "--last"]);
    shop.host.order("offline");
    let unsent = &format!("{}7800", &ALIPAY[..14]);
    run(&["sale", "--amount", "3", "--code", unsent]);
    for command in ["journal", "queue", "verify", "report", "self-check"] {
        run(&[command]);
    }
    for sale in shop.ok(0, &["journal"])["sales"].as_array().unwrap() {
        let sale = sale["sale"].as_str().unwrap();
        run(&["show", sale]);
        let out = shop.home().join(sale);
        run(&["evidence", sale, "--out", out.to_str().unwrap()]);
    }
    let [line, bytes] = private_key();
    let texts = [V2_KEY, V3_KEY, WECHAT, ALIPAY, UNIONPAY, lost, unsent];
    for secret in texts {
        assert!(!printed.contains(secret), "{secret}");
    }
    let mut secrets: Vec<Vec<u8>> = texts.iter().map(|text| text.as_bytes().to_vec()).collect();
    secrets.extend([line, bytes]);
    assert!(search(&shop.home(), &secrets) >= 5);
}

#[test]
fn the_secrets_searched_for_are_those_of_the_profile() {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().to_str().unwrap();
    let _host = crate::support::host(&["--write-profile", place]);
    let profile = std::fs::read_to_string(folder.path().join("profile.toml")).unwrap();
    assert!(profile.contains(V2_KEY) && profile.contains(V3_KEY));
    let key = std::fs::read(folder.path().join("keys/app.pem")).unwrap();
    let [line, _] = private_key();
    assert!(key.windows(line.len()).any(|window| window == line));
    assert_eq!(run(&["--version"]).code, 0);
}
