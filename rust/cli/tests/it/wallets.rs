//! Payments by code against the simulated wallets: taken and taken back.

use std::fs;
use std::process::Stdio;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::support::{CARD, keys, run};
use crate::wallet_shop::{ALIPAY, ALIPAY_POOR, Shop, UNIONPAY, WECHAT};

#[test]
fn a_code_finds_its_rail_and_a_void_takes_the_money_back() {
    let shop = Shop::open();
    for (code, rail) in [(WECHAT, "wechat"), (ALIPAY, "alipay")] {
        let sale = shop.sale(code);
        assert_eq!(
            (&sale["rail"], &sale["amount"]),
            (&rail.into(), &880.into())
        );
        assert_eq!(sale["order_no"].as_str().unwrap().len(), 24);
        assert!(sale["trace"].is_null() && sale["batch"].is_null());
        let card = shop.ok(
            3,
            &["sale", "--amount", "1", "--code", "https://qr.alipay.com/x"],
        );
        assert_eq!(keys(&sale), keys(&card), "the same keys always");
        let void = shop.ok(0, &["void", "--sale", sale["sale"].as_str().unwrap()]);
        assert_eq!(
            (&void["rail"], &void["status"]),
            (&rail.into(), &"voided".into())
        );
        assert_eq!(void["deadline_certain"], true);
        let books = shop.host.books();
        assert_eq!(books[rail]["net"], 0);
        assert_eq!(
            books[rail]["sales"][0]["undos"].as_array().unwrap().len(),
            1
        );
        let again = shop.ok(3, &["void", "--sale", sale["sale"].as_str().unwrap()]);
        assert_eq!(again["code"], "local.ALREADY_UNDONE");
    }
    let shown = shop.ok(
        0,
        &[
            "show",
            shop.ok(0, &["journal"])["sales"][0]["sale"]
                .as_str()
                .unwrap(),
        ],
    );
    let attempts = shown["attempts"].as_array().unwrap();
    assert!(attempts.len() >= 2);
    for attempt in attempts {
        let none = ["mti", "trace", "batch"].map(|key| attempt[key].is_null());
        assert_eq!(none, [true; 3], "a wallet has no such numbers: {attempt}");
    }
    shop.assert_equal_ledgers();
}

#[test]
fn money_goes_back_in_part_without_a_card() {
    let shop = Shop::open();
    let sale = shop.sale(ALIPAY);
    let sale = sale["sale"].as_str().unwrap();
    let refund = shop.ok(0, &["refund", "--sale", sale, "--amount", "3.00"]);
    assert_eq!(
        (&refund["status"], &refund["rail"]),
        (&"refunded".into(), &"alipay".into())
    );
    let journal = shop.ok(0, &["journal"]);
    assert_eq!(journal["sales"][0]["net"], 580);
    let void = shop.ok(3, &["void", "--sale", sale]);
    assert_eq!(void["code"], "local.PARTLY_REFUNDED");
    let more = shop.ok(3, &["refund", "--sale", sale, "--amount", "5.81"]);
    assert_eq!(more["code"], "local.OVER_REMAINING");
    shop.assert_equal_ledgers();
    // A sale by card still wants its card.
    shop.ok(0, &["sale", "--amount", "1", "--card", CARD]);
    let refund = shop.run(&["refund", "--last", "--amount", "1"]);
    assert_eq!((refund.code, refund.error().0.as_str()), (2, "usage"));
}

#[test]
fn a_unionpay_code_goes_by_either_way() {
    for (shop, on_the_line) in [(Shop::open(), true), (Shop::by_gateway(), false)] {
        let sale = shop.sale(UNIONPAY);
        assert_eq!(sale["rail"], "unionpay");
        assert_eq!(sale["trace"].is_string(), on_the_line, "{sale}");
        assert_eq!(sale["order_no"].is_string(), !on_the_line, "{sale}");
        let void = shop.ok(0, &["void", "--last"]);
        assert_eq!(
            (&void["status"], &void["rail"]),
            (&"voided".into(), &"unionpay".into())
        );
        shop.assert_equal_ledgers();
        let other = format!("{}1100", &UNIONPAY[..15]);
        shop.sale(&other);
        let refund = shop.ok(0, &["refund", "--last", "--amount", "3"]);
        assert_eq!(refund["status"], "refunded");
        shop.host.order("offline");
        let sale = shop.run(&["sale", "--amount", "1", "--code", UNIONPAY]);
        assert_eq!(
            (sale.code, &sale.object()["status"]),
            (3, &"not_sent".into())
        );
        assert_eq!(shop.ok(0, &["journal"])["sales"][1]["net"], 580);
    }
}

#[test]
fn what_is_no_payment_code_is_refused_with_advice() {
    let shop = Shop::open();
    for (text, advice) in [
        ("https://qr.alipay.com/fkx1", "Alipay receiving code"),
        ("wxp://f2f0abc", "WeChat receiving code"),
        ("6901234567892", "goods"),
        ("13465020123456789", "not read whole"),
        ("hello", "no payment code"),
    ] {
        let done = shop.run(&["sale", "--amount", "8.80", "--code", text]);
        assert_eq!(done.code, 3, "{}", done.stdout);
        let object = done.object();
        assert_eq!(
            (&object["status"], &object["code"]),
            (&"not_sent".into(), &"local.CODE_UNFIT".into())
        );
        let step = object["explanation"]["next_step"].as_str().unwrap();
        assert!(step.contains(advice), "{text}: {step}");
        assert!(!format!("{}{}", done.stdout, done.stderr).contains(text));
    }
    let poor = shop.ok(3, &["sale", "--amount", "8.80", "--code", ALIPAY_POOR]);
    assert_eq!(poor["status"], "declined");
    assert_eq!(poor["explanation"]["cause"], "customer_data");
    assert_eq!(
        shop.ok(0, &["journal"])["sales"].as_array().unwrap().len(),
        1
    );
    let books = shop.host.books();
    assert_eq!(books["wechat"]["orders"], serde_json::json!([]));
}

#[test]
fn our_code_is_shown_and_scanned() {
    let shop = Shop::open();
    for rail in ["alipay", "wechat"] {
        let mut selling = shop.command(&["sale", "--amount", "8.80", "--show", rail]);
        let selling = selling
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let until = Instant::now() + Duration::from_secs(10);
        while shop.host.books()[rail]["orders"]
            .as_array()
            .unwrap()
            .is_empty()
        {
            assert!(Instant::now() < until, "no order at {rail}");
        }
        shop.host.order("customer_scans");
        shop.host.order("customer_pays");
        let output = selling.wait_with_output().unwrap();
        let (stdout, stderr) = (output.stdout, String::from_utf8(output.stderr).unwrap());
        let sale: Value = serde_json::from_slice(&stdout).unwrap();
        assert_eq!(
            (output.status.code(), &sale["status"]),
            (Some(0), &"approved".into()),
            "{stderr}"
        );
        assert_eq!(keys(&sale).last(), Some(&"qr"));
        assert!(sale["qr"].as_str().unwrap().contains("://"));
        assert!(
            stderr.contains('█') && stderr.contains("scan the code"),
            "{stderr}"
        );
    }
    shop.assert_equal_ledgers();
}

#[test]
fn one_means_at_a_time() {
    let shop = Shop::open();
    for arguments in [
        &["--code", WECHAT, "--card", CARD][..],
        &["--code", WECHAT, "--show", "wechat"],
        &["--code", WECHAT, "--code", ALIPAY],
        &["--show", "paypal"],
        &["--code"],
    ] {
        let mut all = vec!["sale", "--amount", "1"];
        all.extend(arguments);
        let done = shop.run(&all);
        assert_eq!(done.code, 2, "{arguments:?}: {}", done.stdout);
        assert!(!format!("{}{}", done.stdout, done.stderr).contains(WECHAT));
    }
}

#[test]
fn a_rail_that_is_off_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let profile = folder.path().join("p.toml");
    fs::write(
        &profile,
        "schema = 1\n[merchant]\nid = \"M\"\n[terminal]\nid = \"T\"\n[alipay]\n",
    )
    .unwrap();
    let home = folder.path().join("home");
    let home = home.to_str().unwrap();
    run(&[
        "--home",
        home,
        "init",
        "--profile",
        profile.to_str().unwrap(),
    ]);
    for means in [
        ["--code", WECHAT],
        ["--code", ALIPAY],
        ["--show", "wechat"],
        ["--show", "unionpay"],
    ] {
        let done = run(&[
            "--home", home, "--json", "sale", "--amount", "1", means[0], means[1],
        ]);
        assert_eq!(done.code, 3, "{}", done.stdout);
        assert_eq!(done.object()["code"], "local.RAIL_OFF");
    }
    let sync = run(&["--home", home, "--json", "sync"]);
    assert_eq!((sync.code, &sync.object()["left"]), (0, &0.into()));
}

#[test]
fn the_wallets_codes_are_explained() {
    for (rail, code) in [
        ("wechat", "NOTENOUGH"),
        ("alipay", "ACQ.BUYER_BALANCE_NOT_ENOUGH"),
    ] {
        let done = run(&["--json", "explain", code, "--rail", rail]);
        assert_eq!(done.code, 0, "{}", done.stdout);
        assert_eq!(
            (&done.object()["rail"], &done.object()["cause"]),
            (&rail.into(), &"customer_data".into())
        );
    }
}
