//! Operators, PINs and approvals.

use serde_json::{Value, json};

use crate::support::{CARD, Shop, keys};

/// Shop with supervisors 90 and 91, and cashier 01; their PINs.
pub const BOSS: &str = "739146";
pub const OTHER: &str = "805273";
pub const TILL: &str = "4826";

pub fn staffed() -> Shop {
    let shop = Shop::open();
    let add = |operator: &str, pins: &str, arguments: &[&str]| {
        let done = shop.run_as(
            operator,
            pins,
            &[&["operator", "add"][..], arguments].concat(),
        );
        assert_eq!(done.code, 0, "{}{}", done.stdout, done.stderr);
    };
    add("01", BOSS, &["90", "--supervisor", "--name", "Li"]);
    let pins = format!("{BOSS}\n{BOSS}\n{OTHER}");
    add("90", &pins, &["91", "--supervisor", "--approve", "90"]);
    let pins = format!("{BOSS}\n{BOSS}\n{TILL}");
    add("90", &pins, &["01", "--approve", "90"]);
    shop
}

fn code(object: &Value) -> &str {
    object["code"].as_str().unwrap_or_default()
}

#[test]
fn a_home_without_anybody_asks_for_nothing() {
    let shop = Shop::open();
    let list = shop.ok(0, &["operator", "list"]);
    assert_eq!(keys(&list), ["operators", "code", "explanation"]);
    assert_eq!(list["operators"], json!([]));
    shop.sale("1");
    shop.ok(0, &["void", "--last"]);
}

#[test]
fn people_are_listed_and_disabled_but_never_the_last_supervisor() {
    let shop = staffed();
    let list = shop.ok(0, &["operator", "list"]);
    let first = &list["operators"][0];
    assert_eq!(keys(first), ["no", "name", "role", "has_pin", "enabled"]);
    let numbers: Vec<_> = list["operators"].as_array().unwrap().iter().collect();
    assert_eq!(numbers.len(), 3);
    let disable = |no: &str| {
        let pins = format!("{BOSS}\n{BOSS}");
        shop.run_as("90", &pins, &["operator", "disable", no, "--approve", "90"])
    };
    assert_eq!(disable("91").code, 0);
    let last = disable("90");
    assert_eq!(
        (last.code, code(&last.object())),
        (3, "local.NOT_IN_THIS_STATE")
    );
    assert_eq!(disable("01").code, 0);
    let gone = shop.run_as("01", TILL, &["sale", "--amount", "1", "--card", CARD]);
    assert_eq!(
        (gone.code, code(&gone.object())),
        (3, "local.OPERATOR_DISABLED")
    );
}

#[test]
fn a_supervisors_pin_must_be_hard_to_guess() {
    let shop = Shop::open();
    let easy = shop.run_as("01", "123456", &["operator", "add", "90", "--supervisor"]);
    assert_eq!((easy.code, easy.error().1.as_str()), (2, "standard input"));
    assert!(!easy.stdout.contains("123456"));
    let none = shop.run_as(
        "01",
        "",
        &["operator", "add", "90", "--supervisor", "--no-pin"],
    );
    assert_eq!((none.code, code(&none.object())), (3, "local.PIN_NEEDED"));
    assert_eq!(shop.ok(0, &["operator", "list"])["operators"], json!([]));
}

#[test]
fn the_operators_pin_comes_first_then_each_approvers() {
    let shop = staffed();
    let sale = shop.run_as("01", TILL, &["sale", "--amount", "12.34", "--card", CARD]);
    assert_eq!(sale.code, 0, "{}", sale.stdout);
    let void = |pins: &str| {
        let done = shop.run_as("01", pins, &["void", "--last", "--approve", "90"]);
        (done.code, code(&done.object()).to_owned())
    };
    let wrong_order = format!("{BOSS}\n{TILL}");
    assert_eq!(void(&wrong_order), (3, "local.OPERATOR_PIN_WRONG".into()));
    let wrong_boss = format!("{TILL}\n999999");
    assert_eq!(void(&wrong_boss), (3, "local.APPROVAL_PIN_WRONG".into()));
    assert_eq!(void(TILL), (3, "local.APPROVAL_PIN_WRONG".into()));
    let none = shop.run_as("01", TILL, &["void", "--last"]);
    assert_eq!(
        (none.code, code(&none.object())),
        (3, "local.APPROVAL_NEEDED")
    );
    assert_eq!(none.object()["status"], "refused");
    let pins = format!("{TILL}\n{BOSS}");
    assert_eq!(void(&pins), (0, "00".into()));
    shop.assert_equal_ledgers();
}

#[test]
fn pins_come_by_standard_input_as_well() {
    let shop = staffed();
    let fed = |input: &str, arguments: &[&str]| {
        let home = shop.home();
        let home = ["--home", home.to_str().unwrap(), "--json"];
        crate::support::run_fed(input.as_bytes(), &[&home[..], arguments].concat())
    };
    let sale = fed(
        &format!("{TILL}\n"),
        &["sale", "--amount", "1", "--card", CARD],
    );
    assert_eq!(sale.code, 0, "{}", sale.stdout);
    let void = fed(
        &format!("{TILL}\r\n{BOSS}\r\n"),
        &["void", "--last", "--approve", "90"],
    );
    assert_eq!((void.code, &void.object()["status"]), (0, &json!("voided")));
}

#[test]
fn five_wrong_pins_lock_and_readers_and_sync_ask_for_none() {
    let shop = staffed();
    let sale = |pin: &str| {
        let done = shop.run_as("01", pin, &["sale", "--amount", "1", "--card", CARD]);
        let object = done.object();
        assert_eq!((done.code, &object["status"]), (3, &json!("not_sent")));
        code(&object).to_owned()
    };
    for _ in 0..4 {
        assert_eq!(sale("0000"), "local.OPERATOR_PIN_WRONG");
    }
    assert_eq!(sale("0000"), "local.OPERATOR_LOCKED");
    assert_eq!(sale(TILL), "local.OPERATOR_LOCKED");
    for command in ["journal", "queue", "verify", "sync", "echo"] {
        shop.ok(0, &[command]);
    }
    assert_eq!(shop.ok(0, &["journal"])["sales"], json!([]));
    let unknown = shop.run_as("07", "", &["sale", "--amount", "1", "--card", CARD]);
    assert_eq!(code(&unknown.object()), "local.OPERATOR_UNKNOWN");
}

#[test]
fn withdrawing_a_void_needs_the_voids_own_approval() {
    let shop = staffed();
    assert_eq!(
        shop.run_as("01", TILL, &["sale", "--amount", "1", "--card", CARD])
            .code,
        0
    );
    shop.host.order("offline");
    let both = format!("{TILL}\n{BOSS}");
    let void = shop.run_as("01", &both, &["void", "--last", "--approve", "90"]);
    assert_eq!(void.code, 4);
    let void = void.object()["void"].as_str().unwrap().to_owned();
    let alone = shop.run_as("01", TILL, &["queue", "withdraw", &void]);
    assert_eq!(
        (alone.code, code(&alone.object())),
        (3, "local.APPROVAL_NEEDED")
    );
    let cashier = shop.run_as(
        "01",
        &both,
        &["queue", "withdraw", &void, "--approve", "01"],
    );
    assert_eq!(cashier.code, 3, "a cashier approves nothing");
    let done = shop.run_as(
        "01",
        &both,
        &["queue", "withdraw", &void, "--approve", "90"],
    );
    assert_eq!(done.code, 0, "{}", done.stdout);
    assert_eq!(shop.ok(0, &["verify"])["ok"], true);
}

#[test]
fn i13_an_approval_stands_in_the_story_of_what_it_approved() {
    let shop = staffed();
    let sale = ["sale", "--amount", "1", "--card", CARD];
    let sale = shop.run_as("01", TILL, &sale).object();
    shop.host.order("offline");
    let both = format!("{TILL}\n{BOSS}");
    let void = shop.run_as("01", &both, &["void", "--last", "--approve", "90"]);
    let void = void.object()["void"].as_str().unwrap().to_owned();
    let escalate = ["queue", "escalate", &void, "--approve", "90"];
    let done = shop.run_as("01", &both, &escalate);
    assert_eq!(done.code, 4, "{}", done.stdout);
    let show = shop.ok(0, &["show", sale["sale"].as_str().unwrap()]);
    let events = show["events"].as_array().unwrap();
    let approved = events.iter().filter(|event| event["action"] == "approval");
    let by: Vec<_> = approved.map(|event| &event["after"]).collect();
    assert_eq!(by, ["90"], "what else was approved has a number of its own");
    let escalated = events.iter().any(|event| event["after"] == "escalated");
    assert!(escalated, "{events:?}");
}
