//! Opening files that are damaged, foreign, newer, or in use.

use std::path::{Path, PathBuf};
use std::sync::mpsc::channel;
use std::sync::{Arc, Barrier};

use pos_domain::SaleStatus;
use pos_ledger::{Ledger, LedgerError, SCHEMA_VERSION};
use tempfile::TempDir;

use crate::support::{
    Counting, Home, add_void_with_attempt, home_with_sale, id, open, options, sale, stamp,
};

/// A closed ledger with some rows, all of it in the one file.
fn closed() -> (TempDir, PathBuf) {
    let home = home_with_sale();
    add_void_with_attempt(&home);
    home.raw()
        .execute_batch("PRAGMA wal_checkpoint(TRUNCATE)")
        .unwrap();
    let path = home.path();
    let Home { folder, ledger } = home;
    drop(ledger);
    (folder, path)
}

/// Opens the file; asserts that it is refused as damaged and left as it was.
#[track_caller]
fn is_corrupt(path: PathBuf) {
    let before = std::fs::read(&path).unwrap();
    let opened = open(path.clone());
    assert!(matches!(opened, Err(LedgerError::Corrupt(_))), "{opened:?}");
    assert_eq!(std::fs::read(&path).unwrap(), before);
}

#[test]
fn a_newer_ledger_is_left_alone() {
    let (_folder, path) = closed();
    let newer = SCHEMA_VERSION + 1;
    rusqlite::Connection::open(&path)
        .unwrap()
        .pragma_update(None, "user_version", newer)
        .unwrap();
    let before = std::fs::read(&path).unwrap();
    let opened = open(path.clone());
    let known = SCHEMA_VERSION;
    let said = opened.unwrap_err();
    assert!(matches!(said, LedgerError::Newer { found, known: k } if found == newer && k == known));
    assert_eq!(
        said.to_string(),
        format!("the ledger has schema {newer}, this program knows up to {known}")
    );
    assert_eq!(std::fs::read(&path).unwrap(), before);
}

#[test]
fn what_is_no_ledger_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.db");
    for content in [
        "a shopping list\n".repeat(100),
        "xy".into(),
        "\0".repeat(5_000),
    ] {
        std::fs::write(&path, content).unwrap();
        is_corrupt(path.clone());
    }
}

#[test]
fn a_truncated_ledger_is_refused() {
    let (_folder, path) = closed();
    let whole = std::fs::read(&path).unwrap();
    for length in [
        50,
        100,
        4_096,
        whole.len() / 2,
        whole.len() - 4_096,
        whole.len() - 4_097,
    ] {
        std::fs::write(&path, &whole[..length]).unwrap();
        is_corrupt(path.clone());
    }
    std::fs::write(&path, &whole).unwrap();
    open(path).unwrap();
}

#[test]
fn a_damaged_head_is_refused() {
    let (_folder, path) = closed();
    let whole = std::fs::read(&path).unwrap();
    for (at, what) in [(0, "magic"), (100, "type of the first page")] {
        let mut damaged = whole.clone();
        damaged[at] ^= 0xFF;
        std::fs::write(&path, &damaged).unwrap();
        let opened = open(path.clone());
        assert!(
            matches!(opened, Err(LedgerError::Corrupt(_))),
            "{what}: {opened:?}"
        );
    }
}

#[test]
fn damage_anywhere_is_an_error_or_a_finding_and_never_silence() {
    let (_folder, path) = closed();
    let whole = std::fs::read(&path).unwrap();
    let mut silent = Vec::new();
    for page in 1..whole.len() / 4_096 {
        let mut damaged = whole.clone();
        // The head of the page: what kind it is, and where its cells are.
        damaged[page * 4_096..page * 4_096 + 12].fill(0xFF);
        std::fs::write(&path, &damaged).unwrap();
        let found = open(path.clone()).and_then(|ledger| ledger.read(|query| query.verify()));
        match found {
            Err(LedgerError::Corrupt(_)) => {}
            Ok(found) if !found.ok => {}
            other => silent.push((page, format!("{other:?}"))),
        }
    }
    assert!(silent.is_empty(), "{silent:?}");
}

#[test]
fn a_path_that_is_a_folder_or_leads_nowhere_is_said() {
    let folder = tempfile::tempdir().unwrap();
    for path in [
        folder.path().to_owned(),
        folder.path().join("none/ledger.db"),
    ] {
        let opened = open(path);
        assert!(
            matches!(opened, Err(LedgerError::ReadOnly(_))),
            "{opened:?}"
        );
    }
}

#[test]
fn an_empty_file_is_a_new_ledger() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.db");
    std::fs::write(&path, "").unwrap();
    let ledger = open(path).unwrap();
    let found = ledger.read(|query| query.verify()).unwrap();
    assert!(found.ok && found.entries == 0);
}

fn sell(ledger: &Ledger, name: &str) -> Result<(), LedgerError> {
    ledger.write(stamp(), |tx| {
        tx.insert_original(&sale(&id(name), 1_000, SaleStatus::Approved))
    })
}

#[test]
fn two_openers_take_turns() {
    let home = Home::new();
    let second = open(home.path()).unwrap();
    let (begun, waits) = channel();
    std::thread::scope(|scope| {
        let second = &second;
        scope.spawn(move || {
            waits.recv().unwrap();
            sell(second, "S2").unwrap();
        });
        home.write(|tx| {
            begun.send(()).unwrap();
            tx.insert_original(&sale(&id("S1"), 1_000, SaleStatus::Approved))
        })
        .unwrap();
    });
    assert_eq!(home.verify().entries, 2);
    assert_eq!(home.problems(), Vec::<String>::new());
    assert!(second.read(|query| query.sale(&id("S1"))).is_ok());
    assert!(home.ledger.read(|query| query.sale(&id("S2"))).is_ok());
}

#[test]
fn a_file_that_another_program_keeps_is_said_to_be_in_use() {
    let home = Home::new();
    let other = home.raw();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let kept = sell(&home.ledger, "S1");
    assert!(matches!(kept, Err(LedgerError::InUse)), "{kept:?}");
    // Reading goes on beside it.
    assert!(home.read(|query| query.last_original()).is_none());
    other.execute_batch("ROLLBACK").unwrap();
    sell(&home.ledger, "S1").unwrap();
}

#[test]
fn many_first_openers_make_one_ledger() {
    const OPENERS: usize = 6;
    for _ in 0..8 {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ledger.db");
        let start = Barrier::new(OPENERS);
        std::thread::scope(|scope| {
            for n in 0..OPENERS {
                let (path, start) = (path.clone(), &start);
                scope.spawn(move || {
                    start.wait();
                    sell(&open(path).unwrap(), &format!("S{n}")).unwrap();
                });
            }
        });
        let ledger = open(path).unwrap();
        let found = ledger.read(|query| query.verify()).unwrap();
        assert_eq!((found.ok, found.entries), (true, 6));
    }
}

fn look(path: &Path) -> Result<Ledger, LedgerError> {
    Ledger::look(options(path.to_owned(), 1, Arc::new(Counting::default())))
}

/// The first release's ledger in a folder of its own.
fn first_release() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.db");
    let vectors = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/vectors/ledgers");
    std::fs::copy(vectors.join("v0.1.0.db"), &path).unwrap();
    (folder, path)
}

#[test]
fn who_only_looks_makes_nothing_and_updates_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let nothing = folder.path().join("ledger.db");
    assert!(matches!(look(&nothing), Err(LedgerError::ReadOnly(_))));
    assert!(!nothing.exists());
    let (folder, path) = first_release();
    let before = std::fs::read(&path).unwrap();
    let known = SCHEMA_VERSION;
    let said = look(&path).unwrap_err();
    assert!(
        matches!(said, LedgerError::Older { found: 1, known: k } if k == known),
        "{said}"
    );
    assert_eq!(std::fs::read(&path).unwrap(), before);
    assert!(!folder.path().join("ledger.v1.db").exists());
    drop(open(path.clone()).unwrap());
    assert!(
        look(&path)
            .unwrap()
            .read(|query| query.verify())
            .unwrap()
            .ok
    );
}

#[test]
fn who_only_looks_sees_what_is_committed_and_writes_nothing() {
    let home = home_with_sale();
    let beside = look(&home.path()).unwrap();
    assert!(matches!(sell(&beside, "S2"), Err(LedgerError::ReadOnly(_))));
    sell(&home.ledger, "S3").unwrap();
    assert!(beside.read(|query| query.sale(&id("S3"))).is_ok());
    assert!(beside.read(|query| query.sale(&id("S2"))).is_err());
    home.raw()
        .pragma_update(None, "user_version", SCHEMA_VERSION + 1)
        .unwrap();
    assert!(matches!(look(&home.path()), Err(LedgerError::Newer { .. })));
}

#[cfg(unix)]
#[test]
fn i11_the_file_and_all_beside_it_are_their_owners_alone() {
    use std::os::unix::fs::PermissionsExt;

    let modes = |folder: &Path| {
        let files = std::fs::read_dir(folder).unwrap().map(Result::unwrap);
        let mut modes: Vec<_> = files
            .map(|file| {
                let name = file.file_name().into_string().unwrap();
                (name, file.metadata().unwrap().permissions().mode() & 0o777)
            })
            .collect();
        modes.sort();
        modes
    };
    let own = |names: &[&str]| -> Vec<_> {
        names
            .iter()
            .map(|name| ((*name).to_owned(), 0o600))
            .collect()
    };
    let home = home_with_sale();
    let log = ["ledger.db", "ledger.db-shm", "ledger.db-wal"];
    assert_eq!(modes(home.folder.path()), own(&log));
    // One that others could read, of before: its copy is not for them.
    let (folder, path) = first_release();
    drop(open(path).unwrap());
    let copy = modes(folder.path())
        .into_iter()
        .find(|(name, _)| name == "ledger.v1.db");
    assert_eq!(copy, own(&["ledger.v1.db"]).pop());
}

#[test]
fn a_file_is_inspected_before_it_becomes_the_ledger() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.db");
    let copy = folder.path().join("copy.db");
    open(path.clone()).unwrap().copy_into(&copy).unwrap();
    assert_eq!(Ledger::inspect(&copy).unwrap(), SCHEMA_VERSION);
    let schema = |number: i64| {
        let raw = rusqlite::Connection::open(&copy).unwrap();
        raw.pragma_update(None, "user_version", number).unwrap();
        drop(raw);
        Ledger::inspect(&copy)
    };
    let newer = schema(SCHEMA_VERSION + 1);
    assert!(matches!(newer, Err(LedgerError::Newer { .. })), "{newer:?}");
    let none = schema(0);
    assert!(matches!(none, Err(LedgerError::Corrupt(_))), "{none:?}");
    std::fs::write(&copy, "no ledger at all, but some text").unwrap();
    let other = Ledger::inspect(&copy);
    assert!(matches!(other, Err(LedgerError::Corrupt(_))), "{other:?}");
}
