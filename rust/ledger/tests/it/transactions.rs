//! A transaction commits whole or not at all.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use pos_domain::ports::{PortError, Random};
use pos_domain::{SaleStatus, UndoKind};
use pos_ledger::{DataKey, Ledger, LedgerError, LedgerOptions, Sealer, Tx};

use crate::support::{Home, home_with_sale, id, sale, stamp, undo};

/// Every table's rows as one text.
fn contents(home: &Home) -> String {
    let raw = home.raw();
    let tables: Vec<String> = raw
        .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")
        .unwrap()
        .query_map([], |row| row.get(0))
        .unwrap()
        .collect::<Result<_, _>>()
        .unwrap();
    let mut all = String::new();
    for table in tables {
        let mut statement = raw.prepare(&format!("SELECT * FROM {table}")).unwrap();
        let columns = statement.column_count();
        let mut rows = statement.query([]).unwrap();
        while let Some(row) = rows.next().unwrap() {
            for at in 0..columns {
                all.push_str(&format!("{:?}|", row.get_ref(at).unwrap()));
            }
            all.push('\n');
        }
    }
    all
}

fn change(tx: &Tx<'_>) -> Result<(), LedgerError> {
    tx.insert_undo(&undo(&id("V1"), &id("S1"), UndoKind::Void, 1_000))?;
    tx.set_original_status(&id("S1"), SaleStatus::Unknown, None)?;
    tx.next_trace()?;
    tx.set_batch(9)?;
    tx.set_setting("a", "b")
}

#[test]
fn i08_a_failed_transaction_changes_nothing() {
    let home = home_with_sale();
    let before = contents(&home);
    let failed: Result<(), LedgerError> = home.write(|tx| {
        change(tx)?;
        Err(LedgerError::Value("test"))
    });
    assert!(matches!(failed, Err(LedgerError::Value("test"))));
    assert_eq!(contents(&home), before);
    let broken = home.write(|tx| {
        change(tx)?;
        tx.insert_undo(&undo(&id("V2"), &id("S1"), UndoKind::Void, 1_000))
    });
    assert!(matches!(broken, Err(LedgerError::Rule(_))));
    assert_eq!(contents(&home), before);
    home.write(change).unwrap();
    assert_ne!(contents(&home), before);
    assert!(home.problems().iter().all(|p| !p.starts_with("audit")));
}

#[test]
fn i08_a_panic_inside_changes_nothing_and_the_ledger_goes_on() {
    let home = home_with_sale();
    let before = contents(&home);
    let blown = catch_unwind(AssertUnwindSafe(|| {
        home.write(|tx| {
            change(tx)?;
            assert!(tx.query().undo(&id("V1")).is_err(), "blown up on purpose");
            Ok(())
        })
    }));
    assert!(blown.is_err());
    assert_eq!(contents(&home), before);
    home.write(change).unwrap();
}

#[test]
fn i01_a_reader_sees_a_change_only_after_its_commit() {
    let home = home_with_sale();
    let seen = || home.read(|query| query.undos_of(&id("S1"))).len();
    home.write(|tx| {
        tx.insert_undo(&undo(&id("V1"), &id("S1"), UndoKind::Void, 1_000))?;
        assert_eq!(tx.query().undos_of(&id("S1"))?.len(), 1);
        assert_eq!(seen(), 0);
        Ok(())
    })
    .unwrap();
    assert_eq!(seen(), 1);
}

#[test]
fn a_watcher_is_called_after_each_commit_and_after_nothing_else() {
    let home = home_with_sale();
    let calls = Arc::new(AtomicU32::new(0));
    let counted = calls.clone();
    home.ledger.watch(Box::new(move || {
        counted.fetch_add(1, Ordering::SeqCst);
    }));
    let failed: Result<(), LedgerError> = home.write(|_| Err(LedgerError::Value("test")));
    assert!(failed.is_err());
    home.read(|query| query.batch());
    assert_eq!(calls.load(Ordering::SeqCst), 0);
    home.write(change).unwrap();
    assert_eq!(calls.load(Ordering::SeqCst), 1);
}

#[test]
fn without_random_bytes_nothing_is_stored_half() {
    struct Dry;
    impl Random for Dry {
        fn fill(&self, _: &mut [u8]) -> Result<(), PortError> {
            Err(PortError {
                port: "random",
                detail: "dry".into(),
            })
        }
    }
    let folder = tempfile::tempdir().unwrap();
    let random = Arc::new(Dry);
    let ledger = Ledger::open(LedgerOptions {
        path: folder.path().join("ledger.db"),
        sealer: Sealer::new(&DataKey([1; 32]), random.clone()),
        random,
    })
    .unwrap();
    let stored: Result<(), LedgerError> = ledger.write(stamp(), |tx| {
        let (s1, account) = (id("S1"), crate::support::account());
        let mut new = sale(&s1, 1_000, SaleStatus::Sending);
        new.account = Some(&account);
        tx.insert_original(&new)
    });
    assert_eq!(stored.unwrap_err().to_string(), "random: dry");
    let last = ledger.read(|query| query.last_original()).unwrap();
    assert!(last.is_none());
    let named = ledger.write(stamp(), |tx| tx.new_id('S'));
    assert!(matches!(named, Err(LedgerError::Port(_))));
}
