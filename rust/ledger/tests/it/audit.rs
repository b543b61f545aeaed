//! The chain of the audit: whatever is done to it past the ledger is found and named.

use std::sync::Arc;

use pos_domain::{SaleStatus, UndoKind, UndoStatus};
use pos_ledger::{Ledger, Role};

use crate::support::{Counting, Home, home_with_sale, id, options, stamp, undo};

/// A ledger with five entries about sale `S1` and void `V1`.
fn told() -> Home {
    let home = home_with_sale();
    home.write(|tx| tx.insert_undo(&undo(&id("V1"), &id("S1"), UndoKind::Void, 1_000)))
        .unwrap();
    for status in [UndoStatus::Sending, UndoStatus::Unknown, UndoStatus::Voided] {
        home.write(|tx| tx.set_undo_status(&id("V1"), status, None))
            .unwrap();
    }
    let found = home.verify();
    assert!(found.ok && found.entries == 5, "{found:?}");
    home
}

/// What the check of the chain says after `sql` was run past the ledger.
fn chain_after(sql: &str) -> Vec<String> {
    let home = told();
    home.force(sql);
    let all = home.problems();
    let chain = all.iter().filter_map(|p| p.strip_prefix("audit chain: "));
    chain.map(str::to_owned).collect()
}

#[test]
fn i13_every_state_change_is_told_with_who_when_before_and_after() {
    let home = told();
    let entries = home.read(|query| query.audit_of("V1"));
    let states: Vec<_> = entries
        .iter()
        .map(|entry| (entry.before.as_deref(), entry.after.as_deref().unwrap()))
        .collect();
    assert_eq!(
        states,
        [
            (None, "queued"),
            (Some("queued"), "sending"),
            (Some("sending"), "unknown"),
            (Some("unknown"), "voided"),
        ]
    );
    let at = stamp().at;
    for entry in &entries {
        assert_eq!(entry.operator, "01");
        assert_eq!((entry.wall, entry.since_boot), (at.wall.0, at.since_boot));
        assert_eq!(entry.boot_id, "boot-a");
    }
    home.write(|tx| tx.put_operator("02", "甲", Role::Cashier, None))
        .unwrap();
    home.write(|tx| tx.put_operator("02", "甲", Role::Supervisor, Some("h")))
        .unwrap();
    home.write(|tx| tx.set_undo_needs_card(&id("V1"), true))
        .unwrap();
    let operator = home.read(|query| query.audit_of("02"));
    assert_eq!(operator[1].before.as_deref(), Some("cashier"));
    let card = home.read(|query| query.audit_of("V1")).pop().unwrap();
    assert_eq!(
        (card.action.as_str(), card.after.as_deref()),
        ("needs_card", Some("yes"))
    );
    assert!(home.verify().ok);
}

#[test]
fn i13_a_changed_entry_is_named() {
    for change in [
        "wall = wall + 1",
        "since_boot = 0",
        "boot_id = 'boot-b'",
        "operator = '02'",
        "action = 'sale'",
        "subject = 'V2'",
        "before = NULL",
        "after = 'refused'",
        "hash = x'00'",
    ] {
        let said = chain_after(&format!("UPDATE audit SET {change} WHERE seq = 3"));
        assert_eq!(said[0], "entry 3 was changed", "{change}");
    }
    assert_eq!(
        chain_after("UPDATE audit SET before = NULL, after = before || after WHERE seq = 4"),
        ["entry 4 was changed"]
    );
}

#[test]
fn i13_missing_entries_are_named_and_only_they() {
    for (sql, said) in [
        ("seq = 3", "entry 3 is missing"),
        ("seq = 1", "entry 1 is missing"),
        ("seq IN (2, 3)", "entries 2 to 3 are missing"),
        ("seq = 5", "entries 5 to 5 are missing"),
        ("seq > 1", "entries 2 to 5 are missing"),
        ("1", "entries 1 to 5 are missing"),
    ] {
        let found = chain_after(&format!("DELETE FROM audit WHERE {sql}"));
        assert_eq!(found, [said], "{sql}");
    }
}

#[test]
fn i13_swapped_entries_are_named() {
    let swap = "UPDATE audit SET seq = -2 WHERE seq = 2; UPDATE audit SET seq = 2 WHERE seq = 3;
                UPDATE audit SET seq = 3 WHERE seq = -2";
    let said = chain_after(swap);
    for entry in [2, 3] {
        assert!(
            said.contains(&format!("entry {entry} was changed")),
            "{said:?}"
        );
    }
}

#[test]
fn i13_an_inserted_entry_is_named() {
    let copy = "INSERT INTO audit SELECT 6, wall, since_boot, boot_id, operator, action, subject,
                before, after, previous, hash FROM audit WHERE seq = 5";
    let said = chain_after(copy);
    assert_eq!(said[0], "entry 6 does not follow the one before");
    assert_eq!(said[1], "entry 6 was changed");
    let shift = "UPDATE audit SET seq = seq + 100 WHERE seq > 2;
                 UPDATE audit SET seq = seq - 99 WHERE seq > 100;
                 INSERT INTO audit SELECT 3, wall, since_boot, boot_id, operator, action, subject,
                 before, after, previous, hash FROM audit WHERE seq = 2";
    assert!(chain_after(shift).contains(&"entry 3 was changed".to_owned()));
}

/// Somebody who reads this source makes the chain anew from entry 3 on: every hash fits, and only
/// the mark under the ledger's key tells.
#[test]
fn i13_a_chain_made_anew_without_the_key_is_found() {
    let (home, other) = (told(), home_with_sale());
    other
        .write(|tx| tx.insert_undo(&undo(&id("V1"), &id("S1"), UndoKind::Void, 1_000)))
        .unwrap();
    for status in [UndoStatus::Sending, UndoStatus::Refused] {
        other
            .write(|tx| tx.set_undo_status(&id("V1"), status, None))
            .unwrap();
    }
    other
        .raw()
        .execute_batch("PRAGMA wal_checkpoint(TRUNCATE)")
        .unwrap();
    let attach = format!("ATTACH '{}' AS other", other.path().display());
    home.force(&format!(
        "{attach}; DELETE FROM main.audit;
         INSERT INTO main.audit SELECT * FROM other.audit;
         UPDATE main.audit_head SET seq = 4"
    ));
    let said = home.problems();
    let marked = "audit chain: entry 4 is not the one that was marked as last";
    assert!(said.contains(&marked.to_owned()), "{said:?}");
    home.force("DELETE FROM audit_head");
    let gone = "audit chain: the mark of the last entry is missing";
    assert!(home.problems().contains(&gone.to_owned()));
}

#[test]
fn i13_the_mark_needs_the_ledgers_key() {
    let Home { folder, ledger } = told();
    drop(ledger);
    let path = folder.path().join("ledger.db");
    let other_key = options(path, 2, Arc::new(Counting::default()));
    let ledger = Ledger::open(other_key).unwrap();
    let found = ledger.read(|query| query.verify()).unwrap();
    assert_eq!(found.problems.len(), 1);
    assert!(found.problems[0].subject.contains("marked as last"));
}

#[test]
fn i13_a_status_changed_past_the_audit_is_found() {
    let home = told();
    home.force("UPDATE undo SET status = 'refused'; UPDATE original SET status = 'reversed'");
    let said = home.problems();
    for subject in ["S1", "V1"] {
        let told = format!("a status that the audit does not tell: {subject}");
        assert!(said.contains(&told), "{said:?}");
    }
    let home = home_with_sale();
    let set = |status| home.write(|tx| tx.set_original_status(&id("S1"), status, None));
    set(SaleStatus::Unknown).unwrap();
    set(SaleStatus::Reversed).unwrap();
    assert_eq!(home.problems(), Vec::<String>::new());
}
