//! What is told is on the disk, at the price of one sync a commit.

use pos_domain::{SaleStatus, UndoKind, UndoStatus};
use pos_ledger::{Ledger, LedgerError};
use tempfile::TempDir;

use crate::support::{account, attempt, id, open, sale, stamp, undo};
use crate::vfs::{Synced, Trouble, Watched};

fn watched() -> (TempDir, Watched, Ledger) {
    let folder = tempfile::tempdir().unwrap();
    let watched = Watched::new(folder.path());
    let ledger = open(folder.path().join("ledger.db")).unwrap();
    watched.take_syncs();
    (folder, watched, ledger)
}

/// The intent of a sale: original, trace, attempt, audit and event in one commit.
fn intend(ledger: &Ledger, n: u32) -> Result<(), LedgerError> {
    ledger.write(stamp(), |tx| {
        let (name, sent, card) = (id(&format!("S{n}")), id(&format!("A{n}")), account());
        let trace = tx.next_trace()?;
        let mut new = sale(&name, 1_000, SaleStatus::Sending);
        (new.trace, new.account) = (Some(trace.as_str()), Some(&card));
        tx.insert_original(&new)?;
        tx.insert_attempt(&attempt(&sent, &name, &trace))
    })
}

#[test]
fn i01_a_commit_is_exactly_one_sync_and_nothing_is_told_before_it() {
    let (_folder, watched, ledger) = watched();
    let (mut begun, mut checkpoints) = (0, 0);
    for n in 0..400 {
        intend(&ledger, n).unwrap();
        assert!(
            !watched.has_unsynced_log(),
            "commit {n} was told before it was durable"
        );
        let mut syncs = watched.take_syncs();
        if syncs.first() == Some(&Synced::LogBegun) {
            begun += 1;
            syncs.remove(0);
        }
        match syncs.as_slice() {
            [Synced::Commit] => {}
            [
                Synced::Commit,
                Synced::CheckpointLog,
                Synced::CheckpointDatabase,
            ] => {
                checkpoints += 1;
            }
            other => panic!("commit {n}: {other:?}"),
        }
    }
    assert!(checkpoints >= 2, "{checkpoints}");
    // The log begins anew after a checkpoint and not otherwise; the first one began at opening.
    assert!(begun <= checkpoints, "{begun} {checkpoints}");
}

#[test]
fn i01_reading_and_failing_cost_no_sync() {
    let (_folder, watched, ledger) = watched();
    intend(&ledger, 1).unwrap();
    watched.take_syncs();
    ledger.read(|query| query.verify()).unwrap();
    let failed: Result<(), LedgerError> =
        ledger.write(stamp(), |_| Err(LedgerError::Value("test")));
    assert!(failed.is_err());
    assert_eq!(watched.take_syncs(), []);
}

#[test]
fn a_full_disk_is_said_and_nothing_is_half_stored() {
    let (_folder, watched, ledger) = watched();
    intend(&ledger, 1).unwrap();
    watched.set(Trouble::Full);
    for n in 2..5 {
        let full = intend(&ledger, n);
        assert!(matches!(full, Err(LedgerError::DiskFull)), "{full:?}");
    }
    let last = ledger.read(|query| query.last_original()).unwrap();
    assert_eq!(last.unwrap().id, id("S1"));
    watched.set(Trouble::None);
    intend(&ledger, 5).unwrap();
    let found = ledger.read(|query| query.sale(&id("S5"))).unwrap();
    assert_eq!(found.original.trace.as_deref(), Some("000002"));
    let chain = ledger.read(|query| query.verify()).unwrap();
    assert!(
        chain
            .problems
            .iter()
            .all(|problem| problem.rule != "audit chain")
    );
}

#[test]
fn i09_a_full_disk_closes_no_debt() {
    let (folder, watched, ledger) = watched();
    intend(&ledger, 1).unwrap();
    let take_back = |ledger: &Ledger, status: UndoStatus| -> Result<(), LedgerError> {
        ledger.write(stamp(), |tx| tx.set_undo_status(&id("V1"), status, None))
    };
    ledger
        .write(stamp(), |tx| {
            tx.insert_undo(&undo(&id("V1"), &id("S1"), UndoKind::Void, 1_000))
        })
        .unwrap_or_else(|error: LedgerError| panic!("{error}"));
    watched.set(Trouble::Full);
    assert!(take_back(&ledger, UndoStatus::Voided).is_err());
    drop(ledger);
    watched.set(Trouble::None);
    let ledger = open(folder.path().join("ledger.db")).unwrap();
    let found = ledger.read(|query| query.undo(&id("V1"))).unwrap();
    assert_eq!(found.status, UndoStatus::Queued);
    take_back(&ledger, UndoStatus::Voided).unwrap();
}

#[test]
fn i01_a_sync_that_fails_is_not_told_as_done() {
    let (_folder, watched, ledger) = watched();
    intend(&ledger, 1).unwrap();
    watched.set(Trouble::BrokenSync);
    let broken = intend(&ledger, 2);
    assert!(matches!(broken, Err(LedgerError::Sqlite(_))), "{broken:?}");
    assert!(ledger.read(|query| query.sale(&id("S2"))).is_err());
    watched.set(Trouble::None);
    intend(&ledger, 3).unwrap();
    assert!(ledger.read(|query| query.sale(&id("S3"))).is_ok());
}

#[test]
fn a_disk_that_is_full_at_the_first_opening_leaves_a_file_that_opens_later() {
    let folder = tempfile::tempdir().unwrap();
    let watched = Watched::new(folder.path());
    watched.set(Trouble::Full);
    let path = folder.path().join("ledger.db");
    let full = open(path.clone());
    assert!(matches!(full, Err(LedgerError::DiskFull)), "{full:?}");
    watched.set(Trouble::None);
    intend(&open(path).unwrap(), 1).unwrap();
}

#[test]
fn a_file_or_folder_that_may_only_be_read_is_said_at_opening() {
    let (folder, watched, ledger) = watched();
    intend(&ledger, 1).unwrap();
    drop(ledger);
    watched.set(Trouble::ReadOnly);
    let path = folder.path().join("ledger.db");
    let bytes = std::fs::read(&path).unwrap();
    let fixed = open(path.clone());
    assert!(matches!(fixed, Err(LedgerError::ReadOnly(_))), "{fixed:?}");
    assert_eq!(std::fs::read(&path).unwrap(), bytes);
    let absent = open(folder.path().join("none.db"));
    assert!(
        matches!(absent, Err(LedgerError::ReadOnly(_))),
        "{absent:?}"
    );
    watched.set(Trouble::None);
    // Beside a program that has it open, there is a log, and reading alone would succeed.
    let _other = open(path.clone()).unwrap();
    watched.set(Trouble::ReadOnly);
    let beside = open(path);
    assert!(
        matches!(beside, Err(LedgerError::ReadOnly(_))),
        "{beside:?}"
    );
}
