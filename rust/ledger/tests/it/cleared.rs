//! Clearing: two people, a tombstone, and nothing that counts as proof.

use pos_domain::status::{ObligationKind, ObligationStatus};
use pos_domain::{UndoKind, UndoStatus};
use pos_ledger::{LedgerError, Net};

use crate::support::{
    Home, add_void_with_attempt, approve_clearing, clear, home_with_sale, id, owed, undo,
};

/// The sale `S1` with the void `V1`, sent and unproven, whose item is escalated.
fn stuck_void() -> Home {
    let home = home_with_sale();
    add_void_with_attempt(&home);
    home.write(|tx| {
        tx.set_undo_status(&id("V1"), UndoStatus::Escalated, None)?;
        tx.set_obligation_status(&id("V1"), ObligationStatus::Escalated, None)
    })
    .unwrap();
    home
}

fn said(result: Result<(), LedgerError>) -> String {
    result.unwrap_err().to_string()
}

#[test]
fn i04_a_cleared_void_leaves_the_list_and_nothing_else() {
    let home = stuck_void();
    home.write(|tx| clear(tx, &id("V1"))).unwrap();
    assert!(home.read(|query| query.left()).is_empty());
    assert!(home.read(|query| query.open_obligations()).is_empty());
    let kept = home.read(|query| query.cleared());
    assert_eq!(kept.len(), 1);
    assert_eq!(home.read(|query| query.sale(&id("S1"))).net, Net::Unknown);
    assert_eq!(home.read(|query| query.remaining(&id("S1"))), 0);
    let refund = home.write(|tx| tx.insert_undo(&undo(&id("F1"), &id("S1"), UndoKind::Refund, 1)));
    assert!(said(refund).contains("undo rule"));
    assert!(home.problems().is_empty(), "{:?}", home.problems());
    let stone = home.read(|query| query.tombstone(&id("V1"))).unwrap();
    assert_eq!(
        (stone.approver.as_str(), stone.second.as_str()),
        ("00", "02")
    );
    assert_eq!(stone.reason, "host cannot tell");
    let entries = home.read(|query| query.audit_of("V1"));
    assert!(entries.iter().any(|entry| entry.action == "cleared"
        && entry.before.as_deref() == Some("escalated")
        && entry.after.as_deref() == Some("host cannot tell")));
    let told = home.read(|query| query.events_of("V1"));
    assert_eq!(told.last().unwrap().payload, "cleared");
}

#[test]
fn i04_clearing_wants_two_different_people_and_a_reason() {
    let home = stuck_void();
    let clear = |second: Option<&str>, reason: &str| {
        home.write(|tx| {
            if let Some(second) = second {
                approve_clearing(tx, &id("V1"), Some(second).filter(|no| !no.is_empty()))?;
            }
            tx.clear_obligation(&id("V1"), reason)
        })
    };
    for second in [None, Some(""), Some("00")] {
        assert!(said(clear(second, "why")).contains("two different people"));
    }
    assert!(said(clear(Some("02"), "")).contains("CHECK"));
    let bare =
        home.write(|tx| tx.set_obligation_status(&id("V1"), ObligationStatus::Cleared, None));
    assert!(said(bare).contains("only with its tombstone"));
    let born = home.write(|tx| {
        let (c1, s1) = (id("C1"), id("S1"));
        let mut debt = owed(&c1, ObligationKind::Query, &s1);
        debt.status = ObligationStatus::Cleared;
        tx.insert_obligation(&debt)
    });
    assert!(said(born).contains("only with its tombstone"));
    clear(Some("02"), "why").unwrap();
}

#[test]
fn i04_a_cleared_item_is_only_closed_and_only_with_its_proof() {
    let home = stuck_void();
    home.write(|tx| clear(tx, &id("V1"))).unwrap();
    for status in ObligationStatus::ALL {
        let moved = home.write(|tx| tx.set_obligation_status(&id("V1"), *status, None));
        assert_eq!(
            moved.is_ok(),
            *status == ObligationStatus::Cleared,
            "{status}"
        );
    }
    for change in ["DELETE FROM tombstone", "UPDATE tombstone SET reason = 'x'"] {
        assert!(
            home.sql(change).unwrap_err().contains("tombstone"),
            "{change}"
        );
    }
    assert!(home.write(|tx| tx.close_obligation(&id("V1"), "")).is_err());
    home.write(|tx| {
        tx.set_undo_status(&id("V1"), UndoStatus::Voided, None)?;
        tx.close_obligation(&id("V1"), "stated by the acquirer, letter 7")
    })
    .unwrap();
    assert!(home.read(|query| query.cleared()).is_empty());
    assert!(home.read(|query| query.tombstone(&id("V1"))).is_some());
    assert_eq!(home.read(|query| query.sale(&id("S1"))).net, Net::Known(0));
}
