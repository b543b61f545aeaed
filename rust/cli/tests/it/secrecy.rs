//! No secret in clear: not in the home, not in what is printed.

use std::fs;
use std::path::Path;

use crate::support::{CARD, PAN, Shop, TMK, TRACK2};

const BOSS: &str = "739146";
const TILL: &str = "482659";
const CARD_PIN: &str = "951753";
/// The chip's cryptogram.
const CHIP: &str = "9F2608A1B2C3D4E5F600775F340101";

pub fn search(folder: &Path, secrets: &[Vec<u8>]) -> usize {
    let mut files = 0;
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files += search(&path, secrets);
            continue;
        }
        let bytes = fs::read(&path).unwrap();
        for secret in secrets {
            let found = bytes.windows(secret.len()).any(|window| window == secret);
            assert!(
                !found,
                "{} holds {}",
                path.display(),
                String::from_utf8_lossy(secret)
            );
        }
        files += 1;
    }
    files
}

fn bytes_of(hex: &str) -> Vec<u8> {
    let pairs = (0..hex.len()).step_by(2);
    pairs
        .map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap())
        .collect()
}

/// Everything a terminal does, with its journal and queue afterwards; gives all that was printed.
fn work(shop: &Shop) -> String {
    let mut printed = String::new();
    let mut run = |no: &str, pins: &str, arguments: &[&str]| {
        let done = shop.run_as(no, pins, arguments);
        assert!(
            done.code != 1 && done.code != 2,
            "{arguments:?}: {}",
            done.stdout
        );
        printed.push_str(&done.stdout);
        printed.push_str(&done.stderr);
    };
    run("01", BOSS, &["operator", "add", "90", "--supervisor"]);
    let three = format!("{BOSS}\n{BOSS}\n{TILL}");
    run("90", &three, &["operator", "add", "01", "--approve", "90"]);
    let with_pin = format!("{TILL}\n{CARD_PIN}");
    run(
        "01",
        &with_pin,
        &["sale", "--amount", "1", "--card", CARD, "--card-pin"],
    );
    run("01", TILL, &["sale", "--amount", "2", "--track2", TRACK2]);
    let both = format!("{TILL}\n{BOSS}");
    run("01", &both, &["void", "--last", "--approve", "90"]);
    run(
        "01",
        TILL,
        &[
            "sale",
            "--amount",
            "3",
            "--track2",
            TRACK2,
            "--field55",
            CHIP,
        ],
    );
    shop.host.breaks("void", "after_booking", "drop");
    run("01", &both, &["void", "--last", "--approve", "90"]);
    shop.host.order("offline");
    run("01", "0000", &["sale", "--amount", "4", "--card", CARD]);
    run("01", TILL, &["sale", "--amount", "5", "--card", CARD]);
    for command in ["journal", "queue", "verify"] {
        run("01", "", &[command]);
    }
    let journal = shop.ok(0, &["journal"]);
    for sale in journal["sales"].as_array().unwrap() {
        run("01", "", &["show", sale["sale"].as_str().unwrap()]);
    }
    shop.host.order("online");
    run("01", "", &["sync", "--wait", "20"]);
    printed
}

#[test]
fn i11_nothing_secret_stands_in_the_home_or_in_any_output() {
    let shop = Shop::with("keys = \"double_track\"\n");
    let printed = work(&shop);
    let texts = [PAN, TRACK2, &TRACK2[20..], BOSS, TILL, CARD_PIN, TMK, CHIP];
    for secret in texts {
        assert!(!printed.contains(secret), "{secret}");
    }
    let mut secrets: Vec<Vec<u8>> = texts.iter().map(|text| text.as_bytes().to_vec()).collect();
    // As they stand in a packed message, and the master key as bytes.
    secrets.push(bytes_of(&PAN[..18]));
    secrets.push(bytes_of(&TRACK2.replace('=', "D")[..30]));
    secrets.push(bytes_of(TMK));
    secrets.push(bytes_of(&CHIP[6..22]));
    assert!(search(&shop.home(), &secrets) >= 5);
    shop.assert_equal_ledgers();
}

#[test]
fn the_search_finds_what_is_there() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(
        folder.path().join("leak"),
        format!("card {PAN} of a customer"),
    )
    .unwrap();
    let searched = std::panic::catch_unwind(|| search(folder.path(), &[PAN.into()]));
    assert!(searched.is_err());
}
