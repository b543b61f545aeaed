//! The undo rule, held by the database itself.

use pos_domain::{
    ObligationKind, ObligationStatus, OriginalKind, SaleStatus, UndoKind, UndoStatus,
};
use pos_ledger::LedgerError;

use crate::support::{Home, fen, home_with_sale, id, owed, sale, undo};

const CLOSED: [UndoStatus; 5] = [
    UndoStatus::Voided,
    UndoStatus::Refunded,
    UndoStatus::Refused,
    UndoStatus::Withdrawn,
    UndoStatus::RefundOffered,
];

fn take_back(home: &Home, name: &str, kind: UndoKind, minor: i64) -> Result<(), LedgerError> {
    home.write(|tx| tx.insert_undo(&undo(&id(name), &id("S1"), kind, minor)))
}

fn end(home: &Home, name: &str, status: UndoStatus) -> Result<(), LedgerError> {
    home.write(|tx| tx.set_undo_status(&id(name), status, None))
}

/// Asserts that the database refused, and that it said this.
#[track_caller]
fn refused(result: Result<(), LedgerError>, why: &str) {
    match result {
        Err(LedgerError::Rule(text)) => assert!(text.contains(why), "{text}"),
        other => panic!("{why}: {other:?}"),
    }
}

#[test]
fn i03_one_undo_in_flight_at_a_time() {
    for status in UndoStatus::ALL.iter().filter(|status| status.is_open()) {
        let home = home_with_sale();
        take_back(&home, "U1", UndoKind::Refund, 100).unwrap();
        end(&home, "U1", *status).unwrap();
        let second = take_back(&home, "U2", UndoKind::Refund, 100);
        refused(second, "one in flight");
    }
    for status in CLOSED {
        let home = home_with_sale();
        take_back(&home, "U1", UndoKind::Refund, 100).unwrap();
        end(&home, "U1", status).unwrap();
        take_back(&home, "U2", UndoKind::Refund, 100).unwrap();
    }
}

#[test]
fn i03_undos_never_take_more_than_the_original() {
    let home = home_with_sale();
    refused(
        take_back(&home, "U0", UndoKind::Refund, 1_001),
        "more than the original",
    );
    take_back(&home, "U1", UndoKind::Refund, 600).unwrap();
    end(&home, "U1", UndoStatus::Refunded).unwrap();
    refused(
        take_back(&home, "U2", UndoKind::Refund, 401),
        "more than the original",
    );
    take_back(&home, "U3", UndoKind::Refund, 400).unwrap();
    end(&home, "U3", UndoStatus::Refused).unwrap();
    assert_eq!(home.read(|query| query.remaining(&id("S1"))), 400);
    take_back(&home, "U4", UndoKind::Refund, 400).unwrap();
    assert_eq!(home.read(|query| query.remaining(&id("S1"))), 0);
}

#[test]
fn i03_a_void_takes_all_and_needs_an_untouched_original() {
    let home = home_with_sale();
    refused(
        take_back(&home, "V0", UndoKind::Void, 999),
        "a void takes all of it",
    );
    take_back(&home, "U1", UndoKind::Refund, 1).unwrap();
    end(&home, "U1", UndoStatus::Refunded).unwrap();
    refused(
        take_back(&home, "V1", UndoKind::Void, 1_000),
        "more than the original",
    );
    let home = home_with_sale();
    take_back(&home, "V1", UndoKind::Void, 1_000).unwrap();
    end(&home, "V1", UndoStatus::Voided).unwrap();
    refused(
        take_back(&home, "V2", UndoKind::Void, 1_000),
        "more than the original",
    );
    refused(
        take_back(&home, "U2", UndoKind::Refund, 1),
        "more than the original",
    );
}

#[test]
fn i03_a_closed_undo_is_never_opened_again() {
    for from in CLOSED {
        for to in UndoStatus::ALL.iter().filter(|to| **to != from) {
            let home = home_with_sale();
            take_back(&home, "V1", UndoKind::Void, 1_000).unwrap();
            end(&home, "V1", from).unwrap();
            refused(end(&home, "V1", *to), "a closed undo stays as it is");
        }
    }
}

#[test]
fn i08_the_same_status_again_changes_nothing() {
    let home = home_with_sale();
    take_back(&home, "V1", UndoKind::Void, 1_000).unwrap();
    end(&home, "V1", UndoStatus::Voided).unwrap();
    let entries = home.verify().entries;
    end(&home, "V1", UndoStatus::Voided).unwrap();
    assert_eq!(home.verify().entries, entries);
    let twice = home.write(|tx| {
        let (v2, s1) = (id("V2"), id("S1"));
        let mut again = undo(&v2, &s1, UndoKind::Refund, 1);
        again.request = Some("tap-1");
        tx.insert_undo(&again)
    });
    refused(twice, "more than the original");
}

#[test]
fn i08_one_command_makes_one_sale_and_one_undo() {
    let home = Home::new();
    let named = |name: &str| {
        home.write(|tx| {
            let name = id(name);
            let mut new = sale(&name, 1_000, SaleStatus::Approved);
            new.request = Some("tap-1");
            tx.insert_original(&new)
        })
    };
    named("S1").unwrap();
    refused(named("S2"), "original.request");
    let found = home.read(|query| query.original_of_request("tap-1"));
    assert_eq!(found.unwrap().id, id("S1"));
    let take = |name: &str| {
        home.write(|tx| {
            let (name, s1) = (id(name), id("S1"));
            let mut new = undo(&name, &s1, UndoKind::Refund, 1);
            new.request = Some("tap-2");
            new.status = UndoStatus::Refused;
            tx.insert_undo(&new)
        })
    };
    take("U1").unwrap();
    refused(take("U2"), "undo.request");
    let found = home.read(|query| query.undo_of_request("tap-2"));
    assert_eq!(found.unwrap().id, id("U1"));
}

#[test]
fn i03_what_an_undo_takes_never_changes() {
    let home = home_with_sale();
    take_back(&home, "U1", UndoKind::Refund, 100).unwrap();
    for change in [
        "amount = 1",
        "kind = 'void'",
        "original = 'S2'",
        "id = 'U9'",
        "seq = 9",
    ] {
        let said = home.sql(&format!("UPDATE undo SET {change}")).unwrap_err();
        assert!(said.contains("what an undo takes never changes"), "{said}");
    }
}

#[test]
fn i03_an_original_never_changes_and_what_is_proven_stays() {
    let home = home_with_sale();
    for change in [
        "amount = 9999",
        "rail = 'wechat'",
        "kind = 'preauth'",
        "currency = 840",
        "parent = 'S1'",
        "id = 'S9'",
        "seq = 9",
    ] {
        let said = home
            .sql(&format!("UPDATE original SET {change}"))
            .unwrap_err();
        assert!(said.contains("amount or identity"), "{change}: {said}");
    }
    for proven in [
        SaleStatus::Declined,
        SaleStatus::Reversed,
        SaleStatus::NotSent,
    ] {
        let home = home_with_sale();
        let set = |status| home.write(|tx| tx.set_original_status(&id("S1"), status, None));
        set(proven).unwrap();
        for later in [SaleStatus::Approved, SaleStatus::Unknown] {
            refused(set(later), "stays so");
        }
        set(proven).unwrap();
    }
}

/// A pre-authorisation `P1` of 10.00.
fn home_with_preauth() -> Home {
    let home = Home::new();
    home.write(|tx| {
        let p1 = id("P1");
        let mut new = sale(&p1, 1_000, SaleStatus::Held);
        new.kind = OriginalKind::Preauth;
        tx.insert_original(&new)
    })
    .unwrap();
    home
}

fn complete(home: &Home, name: &str, status: SaleStatus) -> Result<(), LedgerError> {
    home.write(|tx| {
        let (name, p1) = (id(name), id("P1"));
        let mut new = sale(&name, 900, status);
        new.kind = OriginalKind::Completion;
        new.parent = Some(&p1);
        tx.insert_original(&new)
    })
}

fn void_preauth(home: &Home, name: &str) -> Result<(), LedgerError> {
    home.write(|tx| tx.insert_undo(&undo(&id(name), &id("P1"), UndoKind::Void, 1_000)))
}

#[test]
fn i03_a_preauth_is_completed_once() {
    for live in [
        SaleStatus::Sending,
        SaleStatus::Unknown,
        SaleStatus::Approved,
    ] {
        let home = home_with_preauth();
        complete(&home, "C1", live).unwrap();
        assert!(home.read(|query| query.has_live_completion(&id("P1"))));
        refused(complete(&home, "C2", SaleStatus::Sending), "is completed");
        refused(void_preauth(&home, "V1"), "is completed");
    }
    for dead in [
        SaleStatus::Declined,
        SaleStatus::NotSent,
        SaleStatus::Reversed,
    ] {
        let home = home_with_preauth();
        complete(&home, "C1", dead).unwrap();
        assert!(!home.read(|query| query.has_live_completion(&id("P1"))));
        complete(&home, "C2", SaleStatus::Sending).unwrap();
    }
}

#[test]
fn i03_a_preauth_is_held_again_once_its_completion_is_proven_voided() {
    for status in UndoStatus::ALL {
        for as_void in [true, false] {
            let home = home_with_preauth();
            complete(&home, "C1", SaleStatus::Approved).unwrap();
            let kind = if as_void {
                UndoKind::Void
            } else {
                UndoKind::Refund
            };
            home.write(|tx| tx.insert_undo(&undo(&id("V1"), &id("C1"), kind, 900)))
                .unwrap();
            end(&home, "V1", *status).unwrap();
            let shown = home.read(|query| query.sale(&id("P1"))).status;
            let again = as_void && *status == UndoStatus::Voided;
            assert_eq!(
                home.read(|query| query.has_live_completion(&id("P1"))),
                !again
            );
            if again {
                assert_eq!(shown, SaleStatus::Held);
                complete(&home, "C2", SaleStatus::Approved).unwrap();
                refused(complete(&home, "C3", SaleStatus::Sending), "is completed");
                refused(void_preauth(&home, "V2"), "is completed");
                home.write(|tx| tx.insert_undo(&undo(&id("V3"), &id("C2"), UndoKind::Void, 900)))
                    .unwrap();
                end(&home, "V3", UndoStatus::Voided).unwrap();
                void_preauth(&home, "V4").unwrap();
                refused(complete(&home, "C4", SaleStatus::Sending), "is voided");
                end(&home, "V4", UndoStatus::Voided).unwrap();
                assert_eq!(home.problems(), Vec::<String>::new());
            } else {
                assert_eq!(shown, SaleStatus::Completed, "{status}");
                refused(complete(&home, "C2", SaleStatus::Sending), "is completed");
                refused(void_preauth(&home, "V2"), "is completed");
            }
        }
    }
}

#[test]
fn i03_a_voided_preauth_is_not_completed_and_a_dead_completion_does_not_hinder_the_void() {
    for status in UndoStatus::ALL {
        let home = home_with_preauth();
        void_preauth(&home, "V1").unwrap();
        end(&home, "V1", *status).unwrap();
        let completed = complete(&home, "C1", SaleStatus::Sending);
        if status.is_proven_failed() {
            completed.unwrap();
        } else {
            refused(completed, "is voided");
        }
    }
    let home = home_with_preauth();
    complete(&home, "C1", SaleStatus::Declined).unwrap();
    void_preauth(&home, "V1").unwrap();
}

#[test]
fn i03_an_unmatched_original_is_one_row_for_one_reference() {
    let home = Home::new();
    let insert = |name: &str, reference: &str| {
        home.write(|tx| {
            let name = id(name);
            let mut new = sale(&name, 1_000, SaleStatus::Approved);
            new.kind = OriginalKind::Unmatched;
            tx.insert_original(&new)?;
            tx.set_answer_facts(
                &name,
                &pos_ledger::AnswerFacts {
                    reference: Some(reference.into()),
                    host_date: Some("1124".into()),
                    ..Default::default()
                },
            )
        })
    };
    insert("S1", "123456789012").unwrap();
    refused(insert("S2", "123456789012"), "UNIQUE");
    insert("S3", "123456789013").unwrap();
}

#[test]
fn an_undo_needs_an_original_and_a_positive_amount() {
    let home = home_with_sale();
    let orphan =
        home.write(|tx| tx.insert_undo(&undo(&id("U1"), &id("S9"), UndoKind::Refund, 100)));
    refused(orphan, "FOREIGN KEY");
    let raw = "INSERT INTO undo (id, original, kind, amount, status, operator, created)
               VALUES ('U1', 'S1', 'refund', 0, 'queued', '01', 0)";
    assert!(home.sql(raw).unwrap_err().contains("CHECK"));
    assert_eq!(fen(1).minor(), 1);
}

#[test]
fn i04_an_obligation_is_closed_only_with_proof_and_never_reopened() {
    let home = home_with_sale();
    let o1 = id("O1");
    home.write(|tx| tx.insert_obligation(&owed(&o1, ObligationKind::Reversal, &id("S1"))))
        .unwrap();
    let set = |status| home.write(|tx| tx.set_obligation_status(&o1, status, None));
    let close = |proof: &str| home.write(|tx| tx.close_obligation(&o1, proof));
    refused(set(ObligationStatus::Closed), "only with its proof");
    refused(close(""), "only with its proof");
    close("answered 00").unwrap();
    for status in [
        ObligationStatus::Armed,
        ObligationStatus::Owed,
        ObligationStatus::OnHold,
        ObligationStatus::Escalated,
    ] {
        refused(set(status), "stays closed");
    }
    close("something else").unwrap();
    let stored = home.read(|query| query.obligation(&o1));
    assert_eq!(stored.proof.as_deref(), Some("answered 00"));
    let new_proof = "UPDATE obligation SET proof = 'forged'";
    assert!(home.sql(new_proof).unwrap_err().contains("stays closed"));
    let born = home.write(|tx| {
        let (o2, s1) = (id("O2"), id("S1"));
        let mut debt = owed(&o2, ObligationKind::Reversal, &s1);
        debt.status = ObligationStatus::Closed;
        tx.insert_obligation(&debt)
    });
    refused(born, "only with its proof");
    for change in [
        "kind = 'void'",
        "original = NULL",
        "attempt = 'A'",
        "id = 'O9'",
    ] {
        let said = home.sql(&format!("UPDATE obligation SET {change}"));
        assert!(said.unwrap_err().contains("what is owed"), "{change}");
    }
}
