//! Ledgers of earlier releases: each opens, keeps every row, and goes on.

use std::path::{Path, PathBuf};

use pos_domain::status::AttemptState;
use pos_domain::{ObligationKind, OriginalKind, SaleStatus, UndoStatus};
use pos_ledger::{JournalFilter, LedgerError, SCHEMA_VERSION};
use tempfile::TempDir;

use crate::support::{PAN, open, stamp};

fn vectors() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/vectors/ledgers")
}

/// A copy of one release's ledger. Reading, too, leaves files beside a database; so never there.
fn copied(file: &Path) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.db");
    std::fs::copy(file, &path).unwrap();
    (folder, path)
}

/// Rows of each table that no migration may lose.
fn counts(file: &Path) -> Vec<i64> {
    let raw =
        rusqlite::Connection::open_with_flags(file, rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY)
            .unwrap();
    [
        "original",
        "undo",
        "attempt",
        "obligation",
        "late_answer",
        "approval",
        "audit",
    ]
    .iter()
    .map(|table| {
        let sql = format!("SELECT COUNT(*) FROM {table}");
        raw.query_row(&sql, [], |row| row.get(0)).unwrap()
    })
    .collect()
}

fn schema_of(file: &Path) -> i64 {
    let raw = rusqlite::Connection::open(file).unwrap();
    raw.query_row("PRAGMA user_version", [], |row| row.get(0))
        .unwrap()
}

fn releases() -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = std::fs::read_dir(vectors())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|end| end == "db"))
        .collect();
    files.sort();
    files
}

#[test]
fn i09_every_releases_ledger_opens_and_loses_nothing() {
    let releases = releases();
    for release in ["v0.1.0.db", "v0.4.0.db", "v0.5.0.db"] {
        assert!(releases.iter().any(|path| path.ends_with(release)));
    }
    for file in releases {
        let (_folder, path) = copied(&file);
        let (old, before) = (schema_of(&path), counts(&path));
        let ledger = open(path.clone()).unwrap();
        let found = ledger.read(|query| query.verify()).unwrap();
        assert!(found.ok, "{}: {:?}", file.display(), found.problems);
        let sold: Result<String, LedgerError> = ledger.write(stamp(), |tx| {
            tx.set_batch(9)?;
            tx.next_trace()
        });
        sold.unwrap();
        drop(ledger);
        let mut after = counts(&path);
        // The change of batch is one more entry of the audit.
        *after.last_mut().unwrap() -= 1;
        assert_eq!(after, before, "{}", file.display());
        assert_eq!(schema_of(&path), SCHEMA_VERSION);
        // Of each one that had to change there is a copy from before.
        let copy = path.with_extension(format!("v{old}.db"));
        assert_eq!(copy.exists(), old < SCHEMA_VERSION);
        if copy.exists() {
            assert_eq!((schema_of(&copy), counts(&copy)), (old, before));
        }
    }
}

#[test]
fn i09_the_first_releases_ledger_is_read_in_every_part() {
    let (_folder, path) = copied(&vectors().join("v0.1.0.db"));
    let ledger = open(path).unwrap();
    ledger
        .read(|query| {
            let all = query.sales(&JournalFilter {
                limit: 100,
                ..Default::default()
            })?;
            for kind in OriginalKind::ALL {
                assert!(all.iter().any(|view| view.original.kind == *kind), "{kind}");
            }
            for status in SaleStatus::ALL {
                assert!(all.iter().any(|view| view.status == *status), "{status}");
            }
            for status in UndoStatus::ALL {
                let shown = |view: &pos_ledger::SaleView| {
                    view.undo
                        .as_ref()
                        .is_some_and(|undo| undo.status == *status)
                };
                assert!(all.iter().any(shown), "{status}");
            }
            for view in &all {
                let id = &view.original.id;
                assert_eq!(query.account(id)?.unwrap().pan.digits(), PAN);
                assert!(view.original.facts.reference.is_some());
                for attempt in query.attempts_of(id)? {
                    assert_eq!(query.attempt_fields(&attempt.id)?.as_slice(), b"fields");
                    let answer = query.attempt_answer(&attempt.id)?;
                    let intended = attempt.state == AttemptState::Intended;
                    assert_eq!(answer.is_none(), intended);
                }
            }
            let owed = query.open_obligations()?;
            for kind in ObligationKind::ALL {
                assert!(owed.iter().any(|debt| debt.kind == *kind), "{kind}");
            }
            assert_eq!(query.operators()?.len(), 3);
            assert!(query.trusted_time()?.is_some());
            assert!(query.working_keys(1)?.is_some());
            assert!(query.interrupted_settlement()?.is_some());
            assert_eq!(query.setting("merchant.name")?.as_deref(), Some("示例商户"));
            assert_eq!(query.waiting_events(1)?[0].seq, 11);
            Ok::<_, LedgerError>(())
        })
        .unwrap();
}
