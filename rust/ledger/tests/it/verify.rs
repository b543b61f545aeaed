//! Each rule of `verify`, broken past the ledger.

use pos_domain::status::AttemptState;
use pos_domain::{ObligationKind, OriginalKind, SaleStatus, UndoKind, UndoStatus};

use crate::support::{
    Home, add_void_with_attempt, close_attempt, home_with_sale, id, owed, sale, undo,
};

fn home_with_void() -> Home {
    let home = home_with_sale();
    add_void_with_attempt(&home);
    assert_eq!(home.problems(), Vec::<String>::new());
    home
}

/// Runs `sql` past every rule and asserts that `verify` reports this.
#[track_caller]
fn breaks(home: &Home, sql: &str, said: &str) {
    home.force(sql);
    let found = home.problems();
    assert!(found.contains(&said.to_owned()), "{found:?}");
}

const SECOND_UNDO: &str = "INSERT INTO undo (id, original, kind, amount, status, operator, created)
                           VALUES ('U2', 'S1', 'refund'";

#[test]
fn i03_more_undone_than_taken_is_reported() {
    let sql = format!("{SECOND_UNDO}, 1, 'refunded', '01', 0)");
    breaks(
        &home_with_void(),
        &sql,
        "undos take more than the original: S1",
    );
}

#[test]
fn i03_two_undos_in_flight_are_reported() {
    let sql = format!("{SECOND_UNDO}, 1, 'queued', '01', 0)");
    breaks(&home_with_void(), &sql, "two undos in flight: S1");
}

#[test]
fn i03_a_partial_void_is_reported() {
    let sql = "UPDATE undo SET amount = 999";
    breaks(&home_with_void(), sql, "a void takes less than all: V1");
}

#[test]
fn i03_two_completions_and_a_completed_void_are_reported() {
    let home = Home::new();
    home.write(|tx| {
        let (p1, c1) = (id("P1"), id("C1"));
        let mut preauth = sale(&p1, 1_000, SaleStatus::Held);
        preauth.kind = OriginalKind::Preauth;
        tx.insert_original(&preauth)?;
        let mut completion = sale(&c1, 900, SaleStatus::Approved);
        (completion.kind, completion.parent) = (OriginalKind::Completion, Some(&p1));
        tx.insert_original(&completion)
    })
    .unwrap();
    let second = "INSERT INTO original (id, kind, rail, status, amount, currency, operator, entry,
                  terminal, merchant, parent, created) VALUES ('C2', 'completion', 'unionpay',
                  'unknown', 1, 156, '01', 'manual', 't', 'm', 'P1', 0)";
    breaks(
        &home,
        second,
        "two live completions of a pre-authorisation: P1",
    );
    breaks(
        &home,
        "INSERT INTO undo (id, original, kind, amount, status, operator, created)
         VALUES ('V1', 'P1', 'void', 1000, 'queued', '01', 0)",
        "a pre-authorisation both completed and taken back: P1",
    );
}

#[test]
fn i04_an_unknown_sale_that_nobody_asks_about_is_reported() {
    let home = home_with_sale();
    home.write(|tx| {
        tx.set_original_status(&id("S1"), SaleStatus::Unknown, None)?;
        tx.insert_obligation(&owed(&id("R1"), ObligationKind::Reversal, &id("S1")))
    })
    .unwrap();
    assert_eq!(home.problems(), Vec::<String>::new());
    breaks(
        &home,
        "UPDATE obligation SET status = 'closed', proof = 'age'",
        "an unknown sale without a reversal or a question: S1",
    );
}

#[test]
fn i04_an_open_void_without_its_debt_is_reported() {
    let said = "an open void without its obligation: V1";
    let closed = "UPDATE obligation SET status = 'closed', proof = 'x' WHERE id = 'V1'";
    breaks(&home_with_void(), closed, said);
    let deleted = "DELETE FROM obligation WHERE id = 'V1'";
    breaks(&home_with_void(), deleted, said);
}

#[test]
fn i04_a_closed_void_that_is_still_owed_is_reported() {
    breaks(
        &home_with_void(),
        "UPDATE undo SET status = 'voided'",
        "a closed void with an open obligation: V1",
    );
}

#[test]
fn i05_a_void_given_up_while_an_attempt_is_unproven_is_reported() {
    let said = "a void refused or offered as a refund while an attempt is unproven: V1";
    for given_up in ["refused", "withdrawn", "refund_offered"] {
        for state in [AttemptState::Intended, AttemptState::NoAnswer] {
            let home = home_with_void();
            close_attempt(&home, state);
            let sql = format!("UPDATE undo SET status = '{given_up}'");
            breaks(&home, &sql, said);
        }
    }
}

#[test]
fn i04_a_reversal_closed_without_proof_of_its_message_is_reported() {
    let home = home_with_void();
    close_attempt(&home, AttemptState::NoAnswer);
    home.write(|tx| tx.close_obligation(&id("R1"), "too old"))
        .unwrap();
    let said = "an unanswered attempt whose reversal was closed without proof of it: R1";
    assert_eq!(home.problems(), [said]);
    close_attempt(&home, AttemptState::Reversed);
    assert_eq!(home.problems(), Vec::<String>::new());
}

#[test]
fn i04_a_closed_debt_without_proof_is_reported() {
    for proof in ["NULL", "''"] {
        let sql = format!("UPDATE obligation SET status = 'closed', proof = {proof}");
        breaks(
            &home_with_void(),
            &sql,
            "a closed obligation without proof: V1",
        );
    }
}

#[test]
fn i04_an_item_cleared_by_nobody_or_by_one_is_reported() {
    let cleared = "UPDATE obligation SET status = 'cleared' WHERE id = 'V1'";
    breaks(
        &home_with_void(),
        cleared,
        "a cleared item without its tombstone: V1",
    );
    breaks(
        &home_with_void(),
        "INSERT INTO tombstone VALUES ('V1', 'why', 0);
         INSERT INTO approval VALUES ('P1', 'clear', 'S1', 1000, '00', '00', 'V1', 0)",
        "a tombstone without two people: V1",
    );
}

#[test]
fn i04_a_row_whose_original_is_gone_is_reported() {
    let home = home_with_void();
    home.force("DELETE FROM original");
    let found = home.problems();
    for table in ["undo", "attempt", "obligation"] {
        let said = format!("a row that points at nothing: {table} 1");
        assert!(found.contains(&said), "{found:?}");
    }
}

#[test]
fn what_is_in_order_is_not_reported() {
    let home = home_with_void();
    home.write(|tx| {
        tx.close_attempt(&id("A1"), AttemptState::Answered, None, Some(b"00"))?;
        tx.close_obligation(&id("R1"), "answered 00")?;
        tx.close_obligation(&id("V1"), "answered 00")?;
        tx.set_undo_status(&id("V1"), UndoStatus::Voided, None)?;
        let s2 = id("S2");
        tx.insert_original(&sale(&s2, 500, SaleStatus::Approved))?;
        tx.insert_undo(&undo(&id("U2"), &s2, UndoKind::Refund, 200))?;
        tx.set_undo_status(&id("U2"), UndoStatus::Refunded, None)?;
        tx.insert_undo(&undo(&id("U3"), &s2, UndoKind::Refund, 300))
    })
    .unwrap();
    let found = home.verify();
    assert!(found.ok, "{found:?}");
    let counted = "SELECT COUNT(*) FROM audit";
    let entries: i64 = home.raw().query_row(counted, [], |row| row.get(0)).unwrap();
    assert_eq!(i64::try_from(found.entries), Ok(entries));
}
