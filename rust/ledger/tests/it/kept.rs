//! Rows with money, debts or consent in them stay.

use pos_domain::status::AttemptState;
use pos_domain::{Id, UndoStatus};
use pos_ledger::{Approval, LateAnswer, LedgerError, Phase, Role};

use crate::support::{Home, add_void_with_attempt, close_attempt, fen, home_with_sale, id};

/// One row in every table that must keep it.
fn full_home() -> Home {
    let home = home_with_sale();
    add_void_with_attempt(&home);
    home.write(|tx| {
        tx.insert_late_answer(&LateAnswer {
            attempt: Some(&id("A1")),
            mti: "0210",
            trace: Some("000002"),
            code: Some("00"),
            checked: true,
            frame: b"late",
        })?;
        tx.put_operator("09", "店长", Role::Supervisor, Some("hash"))?;
        tx.set_settlement_phase("000001", Phase::Draining, None, None)?;
        tx.use_approval(&approval("void", &id("V1")))
    })
    .unwrap();
    home
}

fn approval<'a>(kind: &'a str, used_by: &'a Id) -> Approval<'a> {
    // Leaked: a test's identifiers live as long as the test.
    let original = Box::leak(Box::new(id("S1")));
    Approval {
        kind,
        original,
        amount: fen(1_000),
        approver: "09",
        second: None,
        used_by,
    }
}

const KEPT: [&str; 9] = [
    "original",
    "undo",
    "attempt",
    "obligation",
    "late_answer",
    "approval",
    "settlement",
    "operator",
    "audit",
];

#[test]
fn i04_nothing_with_money_is_ever_deleted() {
    let home = full_home();
    for table in KEPT {
        let count = |home: &Home| -> i64 {
            let sql = format!("SELECT COUNT(*) FROM {table}");
            home.raw().query_row(&sql, [], |row| row.get(0)).unwrap()
        };
        let before = count(&home);
        assert!(before > 0, "{table}");
        let raw = home.raw();
        // Not even for a tool that forgot to switch foreign keys on.
        raw.execute_batch("PRAGMA foreign_keys = OFF").unwrap();
        let said = raw.execute(&format!("DELETE FROM {table}"), []);
        assert!(
            said.unwrap_err().to_string().contains("never deleted"),
            "{table}"
        );
        assert_eq!(count(&home), before, "{table}");
    }
    assert_eq!(home.problems(), Vec::<String>::new());
}

#[test]
fn i02_what_was_sent_never_changes_and_a_proven_attempt_stays_proven() {
    let home = full_home();
    for change in [
        "trace = '000009'",
        "batch = '000009'",
        "mti = '0400'",
        "purpose = 'sale'",
        "key_generation = 9",
        "frame_hash = x'00'",
        "original = NULL",
        "undo = NULL",
        "id = 'A9'",
    ] {
        let said = home.sql(&format!("UPDATE attempt SET {change}"));
        assert!(said.unwrap_err().contains("what was sent"), "{change}");
    }
    close_attempt(&home, AttemptState::NoAnswer);
    for proven in [AttemptState::Answered, AttemptState::Reversed] {
        close_attempt(&home, proven);
        let back = home.write(|tx| tx.close_attempt(&id("A1"), AttemptState::NoAnswer, None, None));
        assert!(matches!(back, Err(LedgerError::Rule(text)) if text.contains("unproven")));
    }
}

#[test]
fn an_approval_is_used_once_and_never_changes() {
    let home = full_home();
    let again = home.write(|tx| tx.use_approval(&approval("void", &id("V1"))));
    assert!(matches!(again, Err(LedgerError::Rule(text)) if text.contains("approval.used_by")));
    home.write(|tx| tx.use_approval(&approval("resolve", &id("V1"))))
        .unwrap();
    for change in ["amount = 1", "approver = '01'", "used_by = 'V2'"] {
        let said = home.sql(&format!("UPDATE approval SET {change}"));
        assert!(said.unwrap_err().contains("never changes"), "{change}");
    }
}

#[test]
fn an_approval_goes_with_what_it_approves_or_not_at_all() {
    let home = home_with_sale();
    let failed: Result<(), LedgerError> = home.write(|tx| {
        tx.use_approval(&approval("void", &id("V1")))?;
        tx.set_undo_status(&id("V1"), UndoStatus::Withdrawn, None)
    });
    assert!(matches!(failed, Err(LedgerError::Missing { .. })));
    let sql = "SELECT COUNT(*) FROM approval";
    let left: i64 = home.raw().query_row(sql, [], |row| row.get(0)).unwrap();
    assert_eq!(left, 0);
}
