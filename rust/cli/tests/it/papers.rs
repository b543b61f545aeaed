//! `evidence`, `report`, `self-check`.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use serde_json::{Value, json};

use crate::support::{CARD, PAN, Shop, TRACK2, keys};

/// A sale whose void got no answer at first.
fn troubled() -> (Shop, String) {
    let shop = Shop::open();
    let sale = shop.ok(0, &["sale", "--amount", "12.34", "--track2", TRACK2]);
    shop.host.breaks("void", "after_booking", "drop");
    shop.run(&["void", "--last"]);
    shop.ok(0, &["sync", "--wait", "20"]);
    (shop, sale["sale"].as_str().unwrap().to_owned())
}

#[test]
fn evidence_tells_all_and_holds_no_account_data() {
    let (shop, id) = troubled();
    let out = shop.folder.path().join("evidence.json");
    let arguments = ["evidence", &id, "--out", out.to_str().unwrap()];
    let told = shop.ok(0, &arguments);
    assert_eq!(
        keys(&told),
        ["sale", "file", "text", "attempts", "events", "sound"]
    );
    let json = fs::read_to_string(&out).unwrap();
    let text = fs::read_to_string(told["text"].as_str().unwrap()).unwrap();
    let file: Value = serde_json::from_str(&json).unwrap();
    assert_eq!(
        keys(&file),
        [
            "schema", "at", "terminal", "merchant", "card", "sale", "attempts", "events", "head",
            "sound", "text"
        ]
    );
    assert_eq!(
        (&file["card"], &file["sound"]),
        (&json!("0018"), &json!(true))
    );
    assert_eq!(file["sale"]["status"], "voided");
    let show = shop.ok(0, &["show", &id]);
    let (attempts, events) = (
        file["attempts"].as_array().unwrap(),
        file["events"].as_array().unwrap(),
    );
    assert_eq!(attempts.len(), show["attempts"].as_array().unwrap().len());
    assert_eq!(events.len(), show["events"].as_array().unwrap().len());
    let is_hash = |of: &Value| of.as_str().is_some_and(|t| t.len() == 64);
    assert!(attempts.iter().all(|a| is_hash(&a["frame_hash"])));
    assert!(
        events
            .iter()
            .all(|e| is_hash(&e["hash"]) && e["number"].is_i64())
    );
    assert!(is_hash(&file["head"]["hash"]));
    for secret in [PAN, TRACK2, &TRACK2[..12], "3012101"] {
        assert!(!json.contains(secret) && !text.contains(secret), "{secret}");
    }
    assert!(
        text.contains("Messages") && text.contains("net.NO_ANSWER"),
        "{text}"
    );

    let again = shop.run(&arguments);
    assert_eq!((again.code, again.error().1.as_str()), (2, "--out"));
    assert_eq!(
        fs::read_to_string(&out).unwrap(),
        json,
        "evidence is never written over"
    );
    let nobody = shop.run(&["evidence", "S1", "--out", "x"]);
    assert_eq!(nobody.error().1, "SALE");
}

#[test]
fn a_day_is_added_up_with_what_failed() {
    let shop = Shop::open();
    shop.sale("10");
    shop.sale("20");
    shop.ok(0, &["void", "--last"]);
    shop.sale("30");
    shop.ok(
        0,
        &["refund", "--last", "--amount", "5", "--track2", TRACK2],
    );
    shop.ok(3, &["sale", "--amount", "90000.51", "--card", CARD]);
    shop.ok(0, &["preauth", "--amount", "7", "--card", CARD]);
    shop.host.order("offline");
    shop.ok(3, &["sale", "--amount", "1", "--card", CARD]);
    shop.ok(3, &["sale", "--amount", "1", "--card", CARD]);
    let day = shop.ok(0, &["report"]);
    assert_eq!(
        keys(&day),
        [
            "date", "taken", "voided", "refunded", "net", "held", "unknown", "declined",
            "reversed", "owed", "causes", "codes", "advice"
        ]
    );
    let turnover = |count: u32, amount: i64| json!({"count": count, "amount": amount});
    assert_eq!(day["taken"], turnover(3, 6000));
    assert_eq!(
        (&day["voided"], &day["refunded"]),
        (&turnover(1, 2000), &turnover(1, 500))
    );
    assert_eq!(
        (&day["net"], &day["held"]),
        (&json!(3500), &turnover(1, 700))
    );
    assert_eq!(day["declined"], turnover(1, 9_000_051));
    assert_eq!(
        (&day["unknown"], &day["owed"]),
        (&turnover(0, 0), &json!(0))
    );
    assert_eq!(day["causes"][0], json!({"cause": "network", "count": 2}));
    assert_eq!(
        day["codes"][0],
        json!({"rail": "unionpay", "code": "net.REFUSED", "count": 2})
    );
    assert!(day["advice"].as_str().unwrap().contains("network"));
    let book = shop.host.book();
    assert_eq!(book["net"], day["net"], "both sides add up to the same");

    let before = shop.ok(0, &["report", "--date", "2020-01-01"]);
    assert_eq!((&before["net"], &before["causes"]), (&json!(0), &json!([])));
    for wrong in ["yesterday", "2020-13-01", "2020-01-01T00:00:00Z"] {
        assert_eq!(shop.run(&["report", "--date", wrong]).error().1, "--date");
    }
}

#[test]
fn money_given_back_for_another_terminals_sale_lowers_the_day() {
    let shop = Shop::open();
    let sale = shop.ok(0, &["sale", "--amount", "10", "--track2", TRACK2]);
    let reference = sale["reference"].as_str().unwrap();
    let other = shop.beside("10000002");
    let refund = other.ok(
        0,
        &[
            "refund",
            "--reference",
            reference,
            "--date",
            &reference[..4],
            "--amount",
            "4",
            "--of",
            "10",
            "--track2",
            TRACK2,
        ],
    );
    assert_eq!(refund["status"], "refunded");
    assert_eq!(other.ok(0, &["report"])["net"], -400);
    let row = other.ok(0, &["journal"])["sales"][0].clone();
    assert_eq!(
        (&row["status"], &row["amount"], &row["net"]),
        (&json!("partly_refunded"), &json!(1000), &json!(-400)),
        "no money came in here"
    );
    assert_eq!(other.ok(0, &["verify"])["ok"], true);
    assert_eq!(
        shop.ok(0, &["report"])["net"],
        1000,
        "this one has not heard of it"
    );
    assert_eq!(shop.host.book()["net"], 600);
}

fn state<'a>(checks: &'a Value, name: &str) -> &'a str {
    let lines = checks["checks"].as_array().unwrap();
    let line = lines.iter().find(|line| line["name"] == name);
    line.unwrap_or_else(|| panic!("no {name}"))["state"]
        .as_str()
        .unwrap()
}

#[test]
fn the_self_check_looks_at_everything() {
    let shop = Shop::open();
    let checks = shop.ok(0, &["self-check"]);
    assert_eq!(keys(&checks), ["ok", "checks"]);
    assert_eq!(keys(&checks["checks"][0]), ["name", "state", "detail"]);
    for name in ["home", "keys", "ledger", "line", "owed"] {
        assert_eq!(state(&checks, name), "ok", "{name}");
    }
    for name in ["sign_in", "people", "clock"] {
        assert_eq!(state(&checks, name), "warn", "{name}");
    }
    shop.sale("1");
    shop.host.order("offline");
    shop.ok(4, &["void", "--last"]);
    let checks = shop.ok(0, &["self-check"]);
    assert_eq!(
        (state(&checks, "sign_in"), state(&checks, "clock")),
        ("ok", "ok")
    );
    assert_eq!(state(&checks, "owed"), "warn");

    let key = shop.home().join("keys/wrap.key");
    fs::set_permissions(&key, fs::Permissions::from_mode(0o644)).unwrap();
    let checks = shop.ok(3, &["self-check"]);
    assert_eq!(
        (&checks["ok"], state(&checks, "keys")),
        (&json!(false), "bad")
    );
    fs::remove_file(&key).unwrap();
    let checks = shop.ok(3, &["self-check"]);
    assert_eq!(
        state(&checks, "terminal"),
        "bad",
        "told in the list, not as a failure"
    );
}

#[test]
fn a_private_network_in_clear_is_shown() {
    let shop = Shop::with("plain_tcp = \"private_network\"\n");
    assert_eq!(state(&shop.ok(0, &["self-check"]), "line"), "warn");
}
