//! Payments by code that nobody can prove at once: never lost, never doubled, never called
//! declined.

use std::process::Stdio;
use std::time::{Duration, Instant};

use crate::wallet_shop::{ALIPAY, ALIPAY_IDLE, Shop, WECHAT, WECHAT_SLOW};

#[test]
fn i02_a_void_made_offline_survives_a_kill_and_is_delivered() {
    for code in [WECHAT, ALIPAY] {
        let shop = Shop::open();
        shop.sale(code);
        shop.host.order("offline");
        let void = shop.ok(4, &["void", "--last"]);
        assert_eq!(void["status"], "queued");
        shop.host.order("online");
        // The wallet does it and says nothing: the process dies waiting.
        shop.host.breaks("void", "after_booking", "drop");
        let mut syncing = shop.command(&["sync", "--wait", "30"]);
        let mut syncing = syncing
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        shop.wait_for("sending");
        syncing.kill().unwrap();
        syncing.wait().unwrap();
        let queue = shop.ok(0, &["queue"]);
        assert_eq!(queue["left"], 1, "{queue}");
        let done = shop.ok(0, &["sync", "--wait", "40"]);
        assert_eq!(done["left"], 0, "{done}");
        let journal = shop.ok(0, &["journal"]);
        assert_eq!(journal["sales"][0]["status"], "voided");
        shop.assert_equal_ledgers();
    }
}

#[test]
fn a_customer_who_takes_long_is_waited_for_by_sync() {
    let shop = Shop::open();
    let started = Instant::now();
    let sale = shop.run(&["sale", "--amount", "8.80", "--code", WECHAT_SLOW]);
    assert!(
        started.elapsed() < Duration::from_secs(8),
        "3 x timeout_s + 5 s"
    );
    assert_eq!(sale.code, 4, "{}", sale.stdout);
    assert_eq!(sale.object()["status"], "unknown");
    assert_eq!(sale.object()["explanation"]["goods"], "wait");
    assert!(
        sale.stderr.contains("confirm on the phone"),
        "{}",
        sale.stderr
    );
    // It has to sleep until the next question is due.
    assert_eq!(shop.ok(0, &["sync", "--wait", "20"])["left"], 0);
    assert_eq!(shop.ok(0, &["journal"])["sales"][0]["status"], "approved");
    shop.assert_equal_ledgers();
}

#[test]
fn i04_what_is_no_proof_is_unknown_and_never_declined() {
    // What else can go wrong with an answer is tried with the flows, which are quicker.
    let faults = [
        ("after_booking", "http", "502"),
        ("mid_answer", "cut", ""),
        ("after_booking", "unsigned", ""),
        ("after_booking", "other_amount", ""),
    ];
    let shop = Shop::open();
    for (number, (at, action, argument)) in faults.into_iter().enumerate() {
        let code = [WECHAT, ALIPAY][number % 2];
        let code = format!("{}{:02}00", &code[..14], number + 1);
        let mut fault = format!("[[fault]]\non = \"sale\"\nat = \"{at}\"\ndo = \"{action}\"\n");
        if !argument.is_empty() {
            fault.push_str(&format!("arg = \"{argument}\"\n"));
        }
        shop.host.http("POST /faults", &fault);
        let sale = shop.run(&["sale", "--amount", "8.80", "--code", &code]);
        // The first question after it, if it falls into the command's time, proves the payment.
        let told = sale.object();
        assert!(
            sale.code == 4 || sale.code == 0,
            "{action}: {}",
            sale.stdout
        );
        assert!(
            told["status"] == "unknown" || told["status"] == "approved",
            "{action}: {told}"
        );
    }
    assert_eq!(shop.ok(0, &["sync", "--wait", "20"])["left"], 0);
    let journal = shop.ok(0, &["journal"]);
    for sale in journal["sales"].as_array().unwrap() {
        assert_eq!(sale["status"], "approved", "{sale}");
    }
    shop.assert_equal_ledgers();
}

#[test]
fn a_payment_that_is_given_up_is_taken_back() {
    let shop = Shop::open();
    // The customer looks at the password and does nothing.
    let sale = shop.ok(4, &["sale", "--amount", "8.80", "--code", ALIPAY_IDLE]);
    assert_eq!(sale["status"], "unknown");
    let done = shop.ok(4, &["payment", "--last", "--take-back"]);
    assert_eq!(
        (&done["status"], &done["code"]),
        (&"unknown".into(), &"local.TAKEN_BACK".into())
    );
    assert_eq!(done["explanation"]["goods"], "keep");
    assert_eq!(shop.ok(0, &["sync", "--wait", "20"])["left"], 0);
    let journal = shop.ok(0, &["journal"]);
    assert_eq!(journal["sales"][0]["status"], "reversed");
    assert_eq!(journal["sales"][0]["net"], 0);
    shop.assert_equal_ledgers();
}

#[test]
fn only_a_payment_under_way_can_be_decided_about() {
    let shop = Shop::open();
    let sale = shop.sale(WECHAT);
    for decision in ["--keep", "--take-back", "--handed-over"] {
        let done = shop.ok(0, &["payment", "--last", decision]);
        assert_eq!(
            (&done["sale"], &done["code"]),
            (&sale["sale"], &"local.NOT_IN_THIS_STATE".into())
        );
    }
    assert_eq!(shop.run(&["payment", "--last"]).code, 2);
    assert_eq!(
        shop.run(&["payment", "--last", "--keep", "--take-back"])
            .code,
        2
    );
    assert_eq!(shop.run(&["payment", "--sale", "S0", "--keep"]).code, 2);
}
