//! A terminal is lost, and another one goes on from its safety copy.

use std::path::{Path, PathBuf};

use serde_json::json;

use crate::people::{BOSS, TILL, staffed};
use crate::support::{CARD, Done, Shop, keys};

const PASSPHRASE: &str = "a lamp in the rain";

/// Supervisor 90 switches copies on and has one made; gives the file.
fn copied(shop: &Shop, to: &Path) -> PathBuf {
    let pins = format!("{BOSS}\n{BOSS}\n{PASSPHRASE}");
    let on = shop.run_as("90", &pins, &["copy", "on", "--approve", "90"]);
    assert_eq!(on.code, 0, "{}", on.stdout);
    assert_eq!(keys(&on.object()), ["on", "code", "explanation"]);
    written(shop, to)
}

fn written(shop: &Shop, to: &Path) -> PathBuf {
    let made = shop.ok(0, &["copy", "write", "--folder", to.to_str().unwrap()]);
    assert_eq!(keys(&made), ["file", "bytes"]);
    PathBuf::from(made["file"].as_str().unwrap())
}

/// The terminal is lost; this is its replacement, with nothing in it, at the same acquirer.
fn replacement(shop: &Shop) -> Shop {
    let new = shop.beside("10000001");
    std::fs::remove_dir_all(new.home()).unwrap();
    new
}

fn restore(shop: &Shop, file: &Path, more: &[&str]) -> Done {
    let restore = ["copy", "restore", file.to_str().unwrap()];
    shop.run_as("01", PASSPHRASE, &[&restore[..], more].concat())
}

fn accept(shop: &Shop) {
    let pins = format!("{BOSS}\n{BOSS}");
    let done = shop.run_as("90", &pins, &["accept-restored", "--approve", "90"]);
    assert_eq!(done.code, 0, "{}", done.stdout);
}

fn sell(shop: &Shop, amount: &str) {
    let sold = shop.run_as("01", TILL, &["sale", "--amount", amount, "--card", CARD]);
    assert_eq!(sold.code, 0, "{}", sold.stdout);
}

fn void(shop: &Shop) -> Done {
    let both = format!("{TILL}\n{BOSS}");
    shop.run_as("01", &both, &["void", "--last", "--approve", "90"])
}

/// How often the host took the sale of this many fen back.
fn voided(shop: &Shop, fen: i64) -> usize {
    let book = shop.host.book();
    let sales = book["sales"].as_array().unwrap().clone();
    let sale = sales.iter().find(|sale| sale["amount"] == fen).unwrap();
    assert_eq!(sale["net"], 0);
    sale["undos"].as_array().unwrap().len()
}

/// A shop with a sale of 12.34 whose void waits for the network, and a copy of that on a card.
fn waiting() -> (Shop, tempfile::TempDir, PathBuf) {
    let (shop, card) = (staffed(), tempfile::tempdir().unwrap());
    sell(&shop, "12.34");
    shop.host.order("offline");
    assert_eq!(void(&shop).code, 4);
    let file = copied(&shop, card.path());
    shop.host.order("online");
    (shop, card, file)
}

#[test]
fn i01_a_void_of_a_lost_terminal_is_delivered_by_its_replacement_exactly_once() {
    let (shop, _card, file) = waiting();
    let new = replacement(&shop);
    let facts = restore(&new, &file, &[]).object();
    let expected = [
        "merchant", "name", "terminal", "made", "program", "owed", "restored",
    ];
    assert_eq!(keys(&facts), expected);
    assert_eq!(
        (&facts["terminal"], &facts["owed"]),
        (&json!("10000001"), &json!(1))
    );
    // It asks first: nothing goes out before a supervisor let it.
    assert_eq!(new.ok(4, &["sync"])["left"], 1);
    assert_eq!(shop.host.book()["net"], 1234);
    accept(&new);
    assert_eq!(new.ok(0, &["sync", "--wait", "5"])["left"], 0);
    assert_eq!(voided(&shop, 1234), 1);
    assert!(new.ok(0, &["verify"])["ok"] == true);
    sell(&new, "2");
    assert_eq!(shop.host.book()["violations"], json!([]));
}

#[test]
fn i03_a_void_that_the_old_terminal_had_delivered_is_not_made_again() {
    let (shop, _card, file) = waiting();
    // The old terminal lives on and delivers; the copy does not know.
    assert_eq!(shop.ok(0, &["sync", "--wait", "5"])["left"], 0);
    let new = replacement(&shop);
    assert_eq!(restore(&new, &file, &[]).code, 0);
    accept(&new);
    new.run(&["sync", "--wait", "3"]);
    assert_eq!(voided(&shop, 1234), 1, "once, by the old terminal");
    // What the host refused proves nothing here: two people ask the acquirer.
    let queue = new.ok(0, &["queue"]);
    assert_eq!(queue["items"][0]["status"], "escalated");
}

#[test]
fn i03_a_copy_older_than_the_void_does_not_take_back_twice() {
    let (shop, card) = (staffed(), tempfile::tempdir().unwrap());
    sell(&shop, "12.34");
    let file = copied(&shop, card.path());
    assert_eq!(void(&shop).code, 0);
    sell(&shop, "5");
    let new = replacement(&shop);
    assert_eq!(restore(&new, &file, &[]).code, 0);
    accept(&new);
    // The cashier sees an approved sale and takes it back once more.
    assert_ne!(void(&new).code, 0);
    new.run(&["sync", "--wait", "3"]);
    assert_eq!(voided(&shop, 1234), 1);
    assert_eq!(shop.host.book()["net"], 500);
    // Its numbers are none that the old terminal used since.
    sell(&new, "7");
    assert_eq!(shop.host.book()["net"], 1200);
}

#[test]
fn a_copy_is_looked_at_and_refused_with_its_reason() {
    let (shop, card) = (staffed(), tempfile::tempdir().unwrap());
    assert_eq!(shop.ok(0, &["copy", "state"])["on"], false);
    let folder = card.path().to_str().unwrap();
    let off = shop.run(&["copy", "write", "--folder", folder]);
    assert_eq!((off.code, off.error().0.as_str()), (2, "usage"));
    let file = copied(&shop, card.path());
    let name = file.to_str().unwrap();
    let state = shop.ok(0, &["copy", "state"]);
    let expected = ["on", "last", "at", "due", "failed", "failed_at"];
    assert_eq!(keys(&state), expected);
    assert_eq!(state["on"], true);
    let looked = shop.run_as("01", PASSPHRASE, &["copy", "look", name]);
    assert_eq!(looked.object()["restored"], false);
    let at = |done: Done| (done.code, done.error().1);
    let wrong = shop.run_as("01", "a lamp in the snow", &["copy", "look", name]);
    assert_eq!(at(wrong), (2, "passphrase".to_owned()));
    let short = shop.run_as("01", "lamp", &["copy", "look", name]);
    assert!(!short.stdout.contains("lamp"));
    assert_eq!(at(short), (2, "passphrase".to_owned()));
    let new = replacement(&shop);
    let other = restore(&new, &file, &["--merchant", "898310048149999"]);
    assert_eq!(at(other), (2, "--merchant".to_owned()));
    assert_eq!(at(restore(&shop, &file, &[])), (2, "--home".to_owned()));
    let gone = card.path().join("pulled");
    let gone = shop.run(&["copy", "write", "--folder", gone.to_str().unwrap()]);
    assert_eq!(at(gone), (2, "--folder".to_owned()));
    assert_eq!(
        shop.ok(0, &["copy", "state"])["failed"],
        "local.COPY_PLACE_GONE"
    );
    let mut bytes = std::fs::read(&file).unwrap();
    bytes.truncate(5000);
    std::fs::write(&file, bytes).unwrap();
    assert_eq!(at(restore(&new, &file, &[])), (2, "FILE".to_owned()));
    for verb in [
        &["copy"][..],
        &["copy", "sing"],
        &["copy", "look"],
        &["copy", "write"],
    ] {
        assert_eq!(shop.run(verb).code, 2, "{verb:?}");
    }
}

#[test]
fn only_a_supervisor_switches_copies_on_or_off() {
    let (shop, card) = (staffed(), tempfile::tempdir().unwrap());
    let cashier = format!("{TILL}\n{PASSPHRASE}");
    let refused = shop.run_as("01", &cashier, &["copy", "on"]);
    assert_eq!((refused.code, &refused.object()["on"]), (3, &json!(false)));
    copied(&shop, card.path());
    let refused = shop.run_as("01", TILL, &["copy", "off"]);
    assert_eq!((refused.code, &refused.object()["on"]), (3, &json!(true)));
    let both = format!("{BOSS}\n{BOSS}");
    let off = shop.run_as("90", &both, &["copy", "off", "--approve", "90"]);
    assert_eq!((off.code, &off.object()["on"]), (0, &json!(false)));
}
