//! Money that is held: taken, let go, held again.

use serde_json::{Value, json};

use crate::support::{Shop, TRACK2};

fn code(object: &Value) -> &str {
    object["code"].as_str().unwrap_or_default()
}

#[test]
fn held_money_is_taken_once_or_let_go() {
    let shop = Shop::open();
    let hold = |amount: &str| {
        let hold = shop.ok(0, &["preauth", "--amount", amount, "--track2", TRACK2]);
        assert_eq!(hold["status"], "held");
        hold["sale"].as_str().unwrap().to_owned()
    };
    let first = hold("20");
    let complete = |code, amount: &str| {
        let start = ["complete", "--sale", &first, "--amount", amount];
        shop.ok(code, &[&start[..], &["--track2", TRACK2]].concat())
    };
    assert_eq!(code(&complete(3, "23.01")), "local.OVER_PREAUTH");
    assert_eq!(complete(0, "22")["status"], "approved");
    assert_eq!(code(&complete(3, "1")), "local.PREAUTH_TAKEN");
    let taken = shop.ok(3, &["preauth-void", "--sale", &first]);
    assert_eq!(code(&taken), "local.PREAUTH_TAKEN");
    assert_eq!(shop.ok(0, &["complete-void", "--last"])["status"], "voided");
    // The host holds the money again, and so does the terminal.
    let freed = shop.ok(0, &["journal"])["sales"][0].clone();
    assert_eq!(
        (&freed["sale"], &freed["status"], &freed["net"]),
        (&json!(first), &json!("held"), &json!(2000))
    );
    assert_eq!(complete(0, "12")["status"], "approved");
    assert_eq!(shop.ok(0, &["complete-void", "--last"])["status"], "voided");

    hold("30");
    let sale = shop.sale("5");
    let wrong = shop.ok(3, &["preauth-void", "--sale", &sale]);
    assert_eq!(
        code(&wrong),
        "local.NOT_FOUND",
        "a sale is no pre-authorisation"
    );
    assert_eq!(shop.ok(0, &["preauth-void", "--last"])["status"], "voided");
    let none = shop.ok(3, &["preauth-void", "--last"]);
    assert_eq!(code(&none), "local.ALREADY_UNDONE");
    let books = shop.host.book();
    let holds: Vec<_> = books["holds"]
        .as_array()
        .unwrap()
        .iter()
        .map(|h| &h["state"])
        .collect();
    assert_eq!(holds[1], "voided");
    assert_eq!(
        (&books["net"], &books["violations"]),
        (&json!(500), &json!([]))
    );
}

#[test]
fn a_completion_by_advice_is_told_when_the_host_is_there_again() {
    let shop = Shop::open();
    shop.ok(0, &["preauth", "--amount", "20", "--track2", TRACK2]);
    shop.host.order("offline");
    let advice = [
        "complete", "--last", "--amount", "15", "--track2", TRACK2, "--advice",
    ];
    let told = shop.ok(4, &advice);
    assert_eq!(told["status"], "unknown");
    let queue = shop.ok(0, &["queue"]);
    assert_eq!(queue["items"][0]["sale"], told["sale"]);
    shop.host.order("online");
    shop.ok(0, &["sync", "--wait", "20"]);
    let sale = shop.ok(0, &["journal"])["sales"][1].clone();
    assert_eq!(
        (&sale["status"], &sale["net"]),
        (&json!("approved"), &json!(1500))
    );
    assert_eq!(shop.host.book()["net"], 1500);
    let late = shop.ok(3, &["complete-void", "--last"]);
    assert_eq!(code(&late), "local.ADVICE_NOT_VOIDABLE");
}

#[test]
fn a_second_pre_authorisation_adds_to_the_first() {
    let shop = Shop::open();
    let hold = |more: &[&str]| {
        let start = ["preauth", "--amount", "20", "--track2", TRACK2];
        shop.ok(0, &[&start[..], more].concat())
    };
    let first = hold(&[]);
    let second = hold(&["--sale", first["sale"].as_str().unwrap()]);
    assert_eq!(second["status"], "held");
    assert_ne!(second["sale"], first["sale"]);
    assert_eq!(shop.host.book()["violations"], json!([]));
}
