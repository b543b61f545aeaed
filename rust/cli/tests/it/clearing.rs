//! `clear`: two people take a stuck item off the queue, and nothing counts as proven by that.

use serde_json::{Value, json};

use crate::people::{BOSS, OTHER, TILL, staffed};
use crate::support::{Shop, TRACK2, keys};

fn code(object: &Value) -> &str {
    object["code"].as_str().unwrap_or_default()
}

/// A card refund that the host made and never answered; gives its identifier.
fn stuck_refund(shop: &Shop) -> String {
    shop.run_as("01", TILL, &["sale", "--amount", "10", "--track2", TRACK2]);
    shop.host.breaks("refund", "after_booking", "drop");
    let refund = ["refund", "--last", "--amount", "4", "--track2", TRACK2];
    let approved = [&refund[..], &["--approve", "90"]].concat();
    let refund = shop.run_as("01", &format!("{TILL}\n{BOSS}"), &approved);
    assert_eq!(refund.code, 4, "{}", refund.stdout);
    refund.object()["refund"].as_str().unwrap().to_owned()
}

#[test]
fn a_cleared_item_leaves_the_queue_and_its_money_stays_unknown() {
    let shop = staffed();
    let id = stuck_refund(&shop);
    let clear = |pins: &str, people: &[&str]| {
        let start = ["clear", &id, "--reason", "the acquirer does not answer"];
        shop.run_as("01", pins, &[&start[..], people].concat())
    };
    let alone = clear(&format!("{TILL}\n{BOSS}"), &["--approve", "90"]);
    assert_eq!(
        keys(&alone.object()),
        ["id", "kind", "sale", "status", "code", "explanation"]
    );
    assert_eq!(
        (alone.code, code(&alone.object())),
        (3, "local.TWO_PEOPLE_NEEDED")
    );
    let twice = clear(
        &format!("{TILL}\n{BOSS}\n{BOSS}"),
        &["--approve", "90", "--approve", "90"],
    );
    assert_eq!(
        (twice.code, code(&twice.object())),
        (3, "local.APPROVAL_SAME_PERSON")
    );
    assert_eq!(shop.ok(0, &["queue"])["left"], 1);
    let blocked = shop.run_as("01", TILL, &["settle"]);
    assert_eq!(blocked.object()["status"], "blocked");

    let two = format!("{TILL}\n{BOSS}\n{OTHER}");
    let both = ["--approve", "90", "--approve", "91"];
    let done = clear(&two, &both);
    assert_eq!(done.code, 0, "{}", done.stdout);
    assert_eq!(
        (&done.object()["status"], &done.object()["code"]),
        (&json!("cleared"), &Value::Null)
    );
    assert_eq!(shop.ok(0, &["queue"])["left"], 0);
    let row = shop.ok(0, &["journal"])["sales"][0].clone();
    assert_eq!(
        (&row["net"], &row["undo"]["status"]),
        (&json!("unknown"), &json!("unknown"))
    );
    assert_eq!(shop.ok(0, &["verify"])["ok"], true);
    let settled = shop.run_as("01", TILL, &["settle"]).object();
    assert_ne!(settled["status"], "blocked");
    assert_eq!(settled["left"], 0);
    assert_eq!(settled["cleared"][0]["id"], id.as_str());
    let again = clear(&two, &both);
    assert_eq!(
        (again.code, code(&again.object())),
        (3, "local.NOT_IN_THIS_STATE")
    );

    let letter = ["resolve", &id, "--executed", "--ref", "letter 7"];
    let resolved = shop.run_as("01", &two, &[&letter[..], &both].concat());
    assert_eq!(
        (resolved.code, &resolved.object()["status"]),
        (0, &json!("refunded"))
    );
    let settled = shop.run_as("01", TILL, &["settle"]).object();
    assert_eq!(settled["cleared"], json!([]));
    assert_eq!(shop.ok(0, &["verify"])["ok"], true);
}

#[test]
fn a_reason_is_wanted_and_names_no_card() {
    let shop = Shop::open();
    let wrong = |arguments: &[&str]| {
        let (kind, place, _) = shop.run(&[&["clear"], arguments].concat()).error();
        assert_eq!(kind, "usage");
        place
    };
    assert_eq!(wrong(&["S1"]), "--reason");
    assert_eq!(wrong(&["--reason", "x"]), "ID");
    assert_eq!(wrong(&["S1", "--reason", ""]), "--reason");
    assert_eq!(
        wrong(&["S1", "--reason", "6222020000000000018"]),
        "--reason"
    );
    assert_eq!(wrong(&["S1", "--reason", "x"]), "ID", "nothing is owed");
}
