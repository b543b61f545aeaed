//! A ledger put back from a copy, and lost keys.

use std::fs;

use serde_json::json;

use crate::people::{BOSS, TILL, staffed};
use crate::support::{CARD, Shop, TMK, TRACK2, keys};

/// The ledger's files, with what SQLite keeps beside it.
fn ledger_files(shop: &Shop) -> Vec<std::path::PathBuf> {
    let entries = fs::read_dir(shop.home()).unwrap();
    let paths = entries.map(|entry| entry.unwrap().path());
    paths
        .filter(|path| {
            path.file_name()
                .unwrap()
                .to_str()
                .unwrap()
                .starts_with("ledger.db")
        })
        .collect()
}

#[test]
fn i09_a_ledger_put_back_from_a_copy_sends_nothing_until_a_supervisor_lets_it() {
    let shop = Shop::open();
    shop.sale("12.34");
    let copy = shop.folder.path().join("copy");
    fs::create_dir(&copy).unwrap();
    for file in ledger_files(&shop) {
        fs::copy(&file, copy.join(file.file_name().unwrap())).unwrap();
    }
    shop.ok(0, &["void", "--last"]);
    for file in ledger_files(&shop) {
        fs::remove_file(file).unwrap();
    }
    for entry in fs::read_dir(&copy).unwrap() {
        let path = entry.unwrap().path();
        fs::copy(&path, shop.home().join(path.file_name().unwrap())).unwrap();
    }
    let sale = shop.ok(3, &["sale", "--amount", "1", "--card", CARD]);
    assert_eq!(
        (&sale["status"], &sale["code"]),
        (&json!("not_sent"), &json!("local.RESTORED"))
    );
    let checks = shop.ok(3, &["self-check"]);
    let line = checks["checks"]
        .as_array()
        .unwrap()
        .iter()
        .find(|c| c["name"] == "restored");
    assert_eq!(line.unwrap()["state"], "bad");
    let done = shop.ok(0, &["accept-restored"]);
    assert_eq!(keys(&done), ["done", "code", "explanation"]);
    assert_eq!(done["done"], true);
    let again = shop.ok(3, &["accept-restored"]);
    assert_eq!(again["code"], "local.NOT_IN_THIS_STATE");
    // The host did void the sale; this ledger does not know, and proves nothing by asking again.
    let void = shop.run(&["void", "--last"]);
    assert!(void.code != 0, "{}", void.stdout);
    shop.sale("2");
    assert_eq!(shop.host.book()["violations"], json!([]));
    assert_eq!(shop.host.book()["net"], 200);
}

#[test]
fn lost_keys_are_imported_again_by_a_supervisor_and_what_is_owed_outlives_them() {
    let shop = staffed();
    assert_eq!(
        shop.run_as("01", TILL, &["sale", "--amount", "10", "--card", CARD])
            .code,
        0
    );
    shop.host.order("offline");
    let both = format!("{TILL}\n{BOSS}");
    assert_eq!(
        shop.run_as("01", &both, &["void", "--last", "--approve", "90"])
            .code,
        4
    );
    shop.host.order("online");
    let profile = shop.folder.path().join("profile.toml");
    let port = shop.host.port("unionpay");
    let cutover = crate::far_cutover();
    let text = format!(
        "schema = 1\n[merchant]\nid = \"898310048140001\"\n[terminal]\nid = \"10000001\"\n\
         day_cutover = \"{cutover}\"\n[unionpay]\nhost = \"127.0.0.1:{port}\"\ntimeout_s = 1\n\
         tmk = \"{TMK}\"\n"
    );
    fs::write(&profile, text).unwrap();
    let import = ["import-keys", "--profile", profile.to_str().unwrap()];
    let not_lost = shop.run_as("01", "", &import);
    assert_eq!((not_lost.code, not_lost.error().1.as_str()), (2, "keys"));

    fs::remove_file(shop.home().join("keys/wrap.key")).unwrap();
    assert_eq!(shop.run(&["sync"]).error().0, "key_store");
    let alone = shop.run_as("01", "", &import);
    assert_eq!(alone.object()["code"], "local.APPROVAL_NEEDED");
    let done = shop.run_as("01", BOSS, &[&import[..], &["--approve", "90"]].concat());
    assert_eq!(done.code, 0, "{}", done.stdout);
    shop.run(&["sync"]);
    let void = shop.ok(0, &["journal"])["sales"][0]["undo"].clone();
    assert_eq!(
        void["status"], "needs_card",
        "its account data is lost with the keys"
    );
    let read = ["void", "--last", "--track2", TRACK2];
    let read = shop.run_as("01", TILL, &read);
    assert_eq!(
        (read.code, &read.object()["status"]),
        (0, &json!("voided")),
        "{}",
        read.stdout
    );
    shop.assert_equal_ledgers();
}
