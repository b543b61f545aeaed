//! The home: one writer, readers beside it, and what happens when something is wrong with it.

use std::fs;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::time::{Duration, Instant};

use crate::support::{CARD, Shop};

fn lock(shop: &Shop) -> fs::File {
    let path = shop.home().join("lock");
    let lock = fs::File::options().write(true).open(path).unwrap();
    lock.lock().unwrap();
    lock
}

#[test]
fn a_second_writer_is_refused_and_readers_work_beside_the_first() {
    let shop = Shop::open();
    let id = shop.sale("12.34");
    let lock = lock(&shop);
    for writer in [
        &["sale", "--amount", "1", "--card", CARD][..],
        &["void", "--last"],
        &["sync"],
        &["sign-in"],
        &["queue", "hold", "V1"],
    ] {
        let done = shop.run(writer);
        assert_eq!(
            (done.code, done.error().0.as_str()),
            (1, "home_in_use"),
            "{writer:?}"
        );
    }
    for reader in [
        &["journal"][..],
        &["queue"],
        &["show", &id],
        &["verify"],
        &["explain", "51"],
    ] {
        shop.ok(0, reader);
    }
    drop(lock);
    shop.ok(0, &["void", "--last"]);
}

#[test]
fn readers_work_while_a_payment_waits_for_its_answer() {
    let shop = Shop::with("void_needs_card = false\n");
    shop.sale("12.34");
    shop.host.breaks("void", "request_read", "drop");
    let mut void = shop.command(&["void", "--last"]);
    void.stdout(std::process::Stdio::null());
    void.stderr(std::process::Stdio::null());
    let mut void = void.spawn().unwrap();
    let mut seen = false;
    while void.try_wait().unwrap().is_none() {
        let queue = shop.ok(0, &["queue"]);
        if queue["items"][0]["status"] == "sending" && !seen {
            seen = true;
            let second = shop.run(&["sync"]);
            assert_eq!((second.code, second.error().0.as_str()), (1, "home_in_use"));
        }
    }
    assert!(seen, "the reader saw the void on its way");
    shop.ok(0, &["sync", "--wait", "20"]);
    shop.assert_equal_ledgers();
}

#[test]
fn a_home_that_is_not_there_or_cannot_be_used_has_its_kind() {
    let shop = Shop::open();
    let nowhere = shop.folder.path().join("nowhere");
    let nowhere = nowhere.to_str().unwrap();
    for command in ["journal", "sync"] {
        let done = crate::support::run(&["--home", nowhere, "--json", command]);
        assert_eq!((done.code, done.error().0.as_str()), (2, "usage"));
    }
    assert!(!fs::exists(nowhere).unwrap(), "looking makes no home");

    shop.sale("1");
    let path = shop.home().join("ledger.db");
    let _ = fs::remove_file(shop.home().join("ledger.db-wal"));
    let mut bytes = fs::read(&path).unwrap();
    for byte in &mut bytes[100..4096] {
        *byte = b'x';
    }
    fs::write(&path, bytes).unwrap();
    for command in ["journal", "sync"] {
        let done = shop.run(&[command]);
        assert_eq!(
            (done.code, done.error().0.as_str()),
            (1, "ledger_corrupt"),
            "{command}"
        );
    }
}

#[test]
fn i13_a_ledger_that_somebody_changed_is_found_out() {
    let shop = Shop::open();
    shop.sale("12.34");
    assert_eq!(shop.ok(0, &["verify"])["problems"], serde_json::json!([]));
    let path = shop.home().join("ledger.db");
    let mut bytes = fs::read(&path).unwrap();
    // The states before and after, side by side in an entry of the audit.
    let entry = b"sendingapproved";
    let at = bytes.windows(entry.len()).position(|bytes| bytes == entry);
    let at = at.expect("the audit tells that the sale was approved");
    bytes[at..at + entry.len()].copy_from_slice(b"sendingdeclined");
    fs::write(&path, bytes).unwrap();
    let found = shop.ok(3, &["verify"]);
    assert_eq!(crate::support::keys(&found), ["ok", "entries", "problems"]);
    assert_eq!(found["ok"], false);
    let problems = found["problems"].as_array().unwrap();
    assert_eq!(crate::support::keys(&problems[0]), ["rule", "subject"]);
    let rules: Vec<_> = problems.iter().map(|problem| &problem["rule"]).collect();
    assert!(
        rules.contains(&&serde_json::json!("audit chain")),
        "{rules:?}"
    );
    let checks = shop.ok(3, &["self-check"]);
    assert_eq!(checks["ok"], false);
}

#[test]
fn lost_keys_stop_the_terminal_with_their_kind() {
    let shop = Shop::open();
    shop.sale("1");
    fs::remove_file(shop.home().join("keys/wrap.key")).unwrap();
    let done = shop.run(&["sale", "--amount", "1", "--card", CARD]);
    assert_eq!((done.code, done.error().0.as_str()), (1, "key_store"));
}

/// Root may write anywhere, so there the file system's own bit has to stand in.
fn is_root() -> bool {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    status.lines().any(|line| line.starts_with("Uid:\t0\t"))
}

#[test]
fn a_home_that_cannot_be_written_is_read_only() {
    let shop = Shop::open();
    shop.sale("12.34");
    if is_root() {
        // A folder in the lock's place cannot be opened for writing by anybody.
        fs::remove_file(shop.home().join("lock")).unwrap();
        fs::create_dir(shop.home().join("lock")).unwrap();
        let done = shop.run(&["sale", "--amount", "1", "--card", CARD]);
        assert_eq!(done.code, 1, "{}", done.stdout);
        fs::remove_dir(shop.home().join("lock")).unwrap();
    } else {
        let mode = |mode| {
            for entry in fs::read_dir(shop.home()).unwrap() {
                let path = entry.unwrap().path();
                if path.is_file() {
                    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
                }
            }
        };
        mode(0o400);
        let done = shop.run(&["sale", "--amount", "1", "--card", CARD]);
        assert_eq!((done.code, done.error().0.as_str()), (1, "read_only"));
        mode(0o600);
    }
    shop.assert_equal_ledgers();
}

#[test]
fn another_master_key_moves_no_money_and_says_why() {
    let shop = Shop::open();
    shop.set_up("tmk = \"0123456789ABCDEFFEDCBA9876543210\"\n");
    let sign_in = shop.ok(3, &["sign-in"]);
    assert_eq!(sign_in["code"], "local.KEY_CHECK_FAILED");
    let sale = shop.ok(3, &["sale", "--amount", "1", "--card", CARD]);
    assert_eq!(sale["status"], "not_sent");
    assert_eq!(sale["code"], "local.KEY_CHECK_FAILED");
    shop.assert_equal_ledgers();
}

#[test]
fn garbage_from_the_host_is_unknown_and_ends_as_the_host_has_it() {
    let shop = Shop::open();
    shop.ok(0, &["sign-in"]);
    for damage in ["corrupt", "wrong_mac", "foreign_answer", "cut", "duplicate"] {
        shop.host.breaks("sale", "after_booking", damage);
        let done = shop.run(&["sale", "--amount", "1", "--card", CARD]);
        let status = done.object()["status"].as_str().unwrap().to_owned();
        let known = ["approved", "reversed", "unknown"].contains(&status.as_str());
        assert!(known, "{damage}: {}", done.stdout);
        shop.host.http("DELETE /faults", "");
        shop.ok(0, &["sync", "--wait", "20"]);
        shop.assert_equal_ledgers();
    }
}

/// A host that reads and answers with these bytes, for as long as somebody connects.
fn babbler(answer: &'static [u8]) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            let mut stream = stream;
            let _ = stream.read(&mut [0; 1024]);
            let _ = stream.write_all(answer);
        }
    });
    port
}

#[test]
fn a_host_that_talks_nonsense_takes_no_money_and_is_told_as_such() {
    for nonsense in [
        &b"HTTP/1.1 400 Bad Request\r\n\r\n"[..],
        &[0xFF; 64],
        &[0, 3, 1, 2, 3],
        &[0, 0],
        &[0],
        b"",
    ] {
        let shop = Shop::open();
        let port = babbler(nonsense);
        let profile = shop.folder.path().join("p.toml");
        let text = format!(
            "schema = 1\n[merchant]\nid = \"898310048140001\"\n[terminal]\nid = \"10000001\"\n\
             [unionpay]\nhost = \"127.0.0.1:{port}\"\ntimeout_s = 1\n"
        );
        fs::write(&profile, text).unwrap();
        shop.ok(0, &["init", "--profile", profile.to_str().unwrap()]);
        let sign_in = shop.ok(4, &["sign-in"]);
        assert_eq!(sign_in["status"], "unknown", "{nonsense:?}");
        let code = sign_in["code"].as_str().unwrap();
        assert!(code.starts_with("net."), "{code}");
        let sale = shop.ok(3, &["sale", "--amount", "1", "--card", CARD]);
        assert_eq!(sale["status"], "not_sent", "{nonsense:?}");
        assert_eq!(shop.ok(0, &["verify"])["ok"], true);
    }
}

#[test]
fn a_money_command_ends_in_time_and_people_are_not_shown_the_log() {
    let shop = Shop::open();
    shop.sale("1");
    shop.host.breaks("void", "after_booking", "drop");
    shop.host.breaks("reversal_void", "request_read", "drop");
    let begun = Instant::now();
    let home = shop.home();
    let void = crate::support::run(&["--home", home.to_str().unwrap(), "void", "--last"]);
    assert_eq!(void.code, 4);
    let limit = Duration::from_secs(3 + 5);
    assert!(begun.elapsed() < limit, "{:?}", begun.elapsed());
    assert_eq!(
        void.stderr, "",
        "words are on stdout, and nothing beside them"
    );
    assert!(void.stdout.contains("not known yet") && void.stdout.contains("No answer"));
}

#[test]
fn the_simulator_in_the_process_says_that_it_forgets() {
    let folder = tempfile::tempdir().unwrap();
    let profile = folder.path().join("p.toml");
    let text = "schema = 1\n[merchant]\nid = \"898310048140001\"\n[terminal]\nid = \"10000001\"\n\
                [unionpay]\nhost = \"simulator\"\n";
    fs::write(&profile, text).unwrap();
    let home = folder.path().join("home");
    let run = |arguments: &[&str]| {
        let home = ["--home", home.to_str().unwrap(), "--json"];
        crate::support::run(&[&home[..], arguments].concat())
    };
    assert_eq!(
        run(&["init", "--profile", profile.to_str().unwrap()]).code,
        0
    );
    let sale = run(&["sale", "--amount", "1", "--card", CARD]);
    assert_eq!(
        (sale.code, sale.object()["status"].as_str()),
        (0, Some("approved"))
    );
    assert!(sale.stderr.contains("only as long as this command"));
    assert_eq!(run(&["journal"]).object()["sales"][0]["net"], 100);
}
