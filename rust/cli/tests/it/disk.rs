//! A disk that is full, and one that cannot be written: told as such, nothing lost, and it goes on
//! once there is room again.
//!
//! The disk is real where this may be: a few megabytes of memory mounted in a place of its own. A
//! test runs itself again there, in a namespace of mounts that ends with it. Where nothing may be
//! mounted, a limit on the size of files and the rights of files have to stand in; those tests run
//! everywhere.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::json;

use crate::support::{CARD, Shop, done};

/// Set for the run on the small disk: where that is.
const DISK: &str = "VOIDPROOF_TEST_DISK";
/// Room for a sale, which wants 20 MB free, and a little more.
const SIZE: &str = "28m";

/// Runs `scenario` on a small disk; `name` is the test that calls this.
fn on_a_small_disk(name: &str, scenario: fn(&Path)) {
    if let Some(disk) = std::env::var_os(DISK) {
        return scenario(Path::new(&disk));
    }
    let folder = tempfile::tempdir().unwrap();
    let script = format!(
        "mount -t tmpfs -o size={SIZE} tmpfs \"${DISK}\" && exec \"$0\" --exact disk::{name} \
         --nocapture"
    );
    // Root has the right; others may have it in a namespace of users of their own.
    let ways: [&[&str]; 2] = [&["--mount"], &["--map-root-user", "--mount"]];
    let may_mount = |way: &&&[&str]| {
        let mut trial = Command::new("unshare");
        trial.args(**way).args(["mount", "-t", "tmpfs", "tmpfs"]);
        trial.arg(folder.path()).stdout(Stdio::null());
        trial.status().is_ok_and(|status| status.success())
    };
    let way = ways.iter().find(may_mount);
    let Some(way) = way else {
        return;
    };
    let mut run = Command::new("unshare");
    run.args(*way).args(["sh", "-c", &script]);
    run.arg(std::env::current_exe().unwrap());
    let done = run.env(DISK, folder.path()).output().unwrap();
    // Its own report is no line of this one's.
    let said = |bytes| String::from_utf8_lossy(bytes).replace('\n', "\n  ");
    let (out, err) = (said(&done.stdout), said(&done.stderr));
    assert!(done.status.success(), "on the small disk: {out}\n{err}");
    assert!(out.contains("1 passed"), "it did not run there: {out}");
}

/// Writes until nothing more fits, but for so many bytes.
fn fill(disk: &Path, but: u64) -> PathBuf {
    let path = disk.join("filler");
    let mut file = fs::File::create(&path).unwrap();
    let block = [0; 4096];
    while file.write_all(&block).is_ok() {}
    let written = file.metadata().unwrap().len();
    file.set_len(written.saturating_sub(but)).unwrap();
    path
}

fn full(shop: &Shop, arguments: &[&str]) {
    let done = shop.run(arguments);
    let (kind, _, detail) = done.error();
    assert_eq!(
        (done.code, kind.as_str()),
        (1, "disk_full"),
        "{arguments:?}: {detail}"
    );
}

#[test]
fn i09_a_full_disk_loses_nothing_and_it_goes_on_with_room() {
    let name = "i09_a_full_disk_loses_nothing_and_it_goes_on_with_room";
    on_a_small_disk(name, |disk| {
        let shop = Shop::at(disk);
        let (first, second) = (shop.sale("12.34"), shop.sale("5"));

        // Too little for another sale, enough for taking one back.
        let filler = fill(disk, 2 * 1024 * 1024);
        let refused = shop.ok(3, &["sale", "--amount", "1", "--card", CARD]);
        assert_eq!(
            (&refused["status"], &refused["code"]),
            (&json!("not_sent"), &json!("local.DISK_LOW"))
        );
        assert_eq!(shop.ok(0, &["void", "--sale", &first])["status"], "voided");
        fs::remove_file(filler).unwrap();

        let filler = fill(disk, 0);
        for reader in [&["journal"][..], &["queue"], &["show", &first], &["verify"]] {
            shop.ok(0, reader);
        }
        full(&shop, &["void", "--sale", &second]);
        full(&shop, &["sale", "--amount", "1", "--card", CARD]);
        let report = shop.folder.path().join("evidence.json");
        full(
            &shop,
            &["evidence", &second, "--out", report.to_str().unwrap()],
        );
        assert!(!report.exists(), "half of it is no evidence");
        fs::remove_file(filler).unwrap();
        shop.ok(0, &["evidence", &second, "--out", report.to_str().unwrap()]);

        let sales = shop.ok(0, &["journal"])["sales"].clone();
        let kept: Vec<_> = sales
            .as_array()
            .unwrap()
            .iter()
            .map(|sale| &sale["net"])
            .collect();
        assert_eq!(kept, [&json!(0), &json!(500), &json!(0)]);
        shop.assert_equal_ledgers();
        assert_eq!(shop.ok(0, &["void", "--sale", &second])["status"], "voided");
        shop.sale("7");
        shop.assert_equal_ledgers();
    });
}

#[test]
fn a_disk_that_cannot_be_written_is_read_only_until_it_can() {
    let name = "a_disk_that_cannot_be_written_is_read_only_until_it_can";
    on_a_small_disk(name, |disk| {
        let shop = Shop::at(disk);
        let sale = shop.sale("12.34");
        let remount = |mode: &str| {
            let mut mount = Command::new("mount");
            mount.args(["-o", &format!("remount,{mode}")]).arg(disk);
            assert!(mount.status().unwrap().success());
        };
        remount("ro");
        for writer in [
            &["sale", "--amount", "1", "--card", CARD][..],
            &["void", "--sale", &sale],
            &["sync"],
        ] {
            let done = shop.run(writer);
            assert_eq!(
                (done.code, done.error().0.as_str()),
                (1, "read_only"),
                "{writer:?}"
            );
        }
        for reader in [&["journal"][..], &["queue"], &["show", &sale], &["verify"]] {
            shop.ok(0, reader);
        }
        let checks = shop.ok(3, &["self-check"]);
        assert_eq!(checks["checks"][0]["state"], "bad", "{checks}");
        remount("rw");
        assert_eq!(shop.ok(0, &["void", "--sale", &sale])["status"], "voided");
        shop.assert_equal_ledgers();
    });
}

#[test]
fn i09_where_no_file_may_grow_nothing_is_lost_and_it_goes_on() {
    let shop = Shop::open();
    let sale = shop.sale("12.34");
    for writer in [
        &["sale", "--amount", "1", "--card", CARD][..],
        &["void", "--sale", &sale],
    ] {
        let mut limited = Command::new("sh");
        let script = "trap '' XFSZ; ulimit -f 0; exec \"$0\" --json \"$@\"";
        limited.args(["-c", script, env!("CARGO_BIN_EXE_voidproof"), "--home"]);
        limited.arg(shop.home()).args(writer);
        let done = done(limited.output().unwrap());
        assert_eq!(done.code, 1, "{writer:?}: {}", done.stdout);
        let kind = done.error().0;
        assert!(["disk_full", "internal"].contains(&kind.as_str()), "{kind}");
    }
    assert_eq!(shop.ok(0, &["void", "--sale", &sale])["status"], "voided");
    shop.assert_equal_ledgers();
}
