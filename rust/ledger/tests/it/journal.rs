//! What people read: status, worth and newest undo of each sale.

use pos_domain::status::AttemptState;
use pos_domain::{Id, OriginalKind, SaleStatus, UndoKind, UndoStatus};
use pos_ledger::{JournalFilter, Net, SaleView, Stamp};

use crate::support::{
    Home, NOW, account, add_void_with_attempt, attempt, close_attempt, fen, home_with_sale, id,
    sale, stamp, undo,
};

fn view(home: &Home) -> SaleView {
    home.read(|query| query.sale(&id("S1")))
}

/// A sale of 10.00 in this status of its own.
fn sale_in(status: SaleStatus) -> Home {
    let home = Home::new();
    home.write(|tx| tx.insert_original(&sale(&id("S1"), 1_000, status)))
        .unwrap();
    home
}

#[test]
fn the_worth_of_a_sale_without_undos() {
    for (status, net) in [
        (SaleStatus::Sending, Net::Unknown),
        (SaleStatus::Unknown, Net::Unknown),
        (SaleStatus::Approved, Net::Known(1_000)),
        (SaleStatus::Held, Net::Known(1_000)),
        (SaleStatus::Declined, Net::Known(0)),
        (SaleStatus::Reversed, Net::Known(0)),
        (SaleStatus::NotSent, Net::Known(0)),
    ] {
        let view = view(&sale_in(status));
        assert_eq!((view.status, view.net), (status, net), "{status}");
        assert!(view.undo.is_none());
    }
}

/// The sale with a void in this status; `sent` = an attempt at it in that state.
fn voided_in(status: UndoStatus, sent: Option<AttemptState>) -> SaleView {
    let home = home_with_sale();
    add_void_with_attempt(&home);
    let Some(state) = sent else {
        // No byte was ever sent: the same void without its attempt.
        let home = home_with_sale();
        home.write(|tx| {
            tx.insert_undo(&undo(&id("V1"), &id("S1"), UndoKind::Void, 1_000))?;
            tx.set_undo_status(&id("V1"), status, None)
        })
        .unwrap();
        return view(&home);
    };
    close_attempt(&home, state);
    home.write(|tx| tx.set_undo_status(&id("V1"), status, None))
        .unwrap();
    view(&home)
}

#[test]
fn the_worth_of_a_sale_with_a_void() {
    use AttemptState::{Answered, Intended, NoAnswer, NotSent, Reversed};
    let (whole, nothing) = (Net::Known(1_000), Net::Known(0));
    for (status, sent, net) in [
        (UndoStatus::Queued, None, whole),
        (UndoStatus::Queued, Some(NotSent), whole),
        (UndoStatus::Queued, Some(Reversed), whole),
        (UndoStatus::Queued, Some(Answered), whole),
        (UndoStatus::Queued, Some(NoAnswer), Net::Unknown),
        (UndoStatus::Queued, Some(Intended), Net::Unknown),
        (UndoStatus::NeedsCard, None, whole),
        (UndoStatus::NeedsCard, Some(NoAnswer), Net::Unknown),
        (UndoStatus::NeedsCard, Some(Reversed), whole),
        (UndoStatus::OnHold, None, whole),
        (UndoStatus::OnHold, Some(NoAnswer), Net::Unknown),
        (UndoStatus::OnHold, Some(Reversed), whole),
        (UndoStatus::Sending, Some(Intended), Net::Unknown),
        (UndoStatus::Unknown, Some(NoAnswer), Net::Unknown),
        (UndoStatus::Unknown, None, Net::Unknown),
        (UndoStatus::Escalated, Some(NoAnswer), Net::Unknown),
        (UndoStatus::Escalated, None, Net::Unknown),
        (UndoStatus::Refused, Some(Answered), whole),
        (UndoStatus::Withdrawn, None, whole),
        (UndoStatus::Withdrawn, Some(Reversed), whole),
        (UndoStatus::RefundOffered, None, whole),
        (UndoStatus::Voided, Some(Answered), nothing),
    ] {
        let view = voided_in(status, sent);
        assert_eq!(view.net, net, "{status} {sent:?}");
        let shown = match status {
            UndoStatus::Voided => SaleStatus::Voided,
            _ => SaleStatus::Approved,
        };
        assert_eq!(view.status, shown, "{status}");
        let undo = view.undo.unwrap();
        assert_eq!((undo.status, undo.kind), (status, UndoKind::Void));
        assert_eq!((undo.id, undo.amount), (id("V1"), fen(1_000)));
    }
}

#[test]
fn the_worth_of_a_sale_made_elsewhere_is_what_went_out_here() {
    for (status, net) in [
        (UndoStatus::Queued, Net::Known(0)),
        (UndoStatus::Unknown, Net::Unknown),
        (UndoStatus::Refused, Net::Known(0)),
        (UndoStatus::Refunded, Net::Known(-400)),
    ] {
        let home = Home::new();
        home.write(|tx| {
            let (s1, f1) = (id("S1"), id("F1"));
            let mut elsewhere = sale(&s1, 1_000, SaleStatus::Approved);
            (elsewhere.kind, elsewhere.trace) = (OriginalKind::Unmatched, None);
            tx.insert_original(&elsewhere)?;
            tx.insert_undo(&undo(&f1, &s1, UndoKind::Refund, 400))?;
            tx.set_undo_status(&f1, status, None)
        })
        .unwrap();
        assert_eq!(view(&home).net, net, "{status}");
        let left = if status.is_proven_failed() {
            1_000
        } else {
            600
        };
        assert_eq!(home.read(|query| query.remaining(&id("S1"))), left);
        assert_eq!(home.problems(), Vec::<String>::new());
        // A message of its own would make it a sale of this terminal.
        home.write(|tx| tx.insert_attempt(&attempt(&id("A1"), &id("S1"), "000001")))
            .unwrap();
        let said = "a sale made elsewhere that counts as taken here: S1";
        assert_eq!(home.problems(), [said]);
    }
}

#[test]
fn a_reversal_of_the_void_that_has_no_answer_yet_is_not_the_void_itself() {
    let home = home_with_sale();
    add_void_with_attempt(&home);
    close_attempt(&home, AttemptState::Reversed);
    home.write(|tx| {
        let (a2, s1, v1) = (id("A2"), id("S1"), id("V1"));
        let mut sent = attempt(&a2, &s1, "000002");
        (sent.undo, sent.purpose) = (Some(&v1), "reversal");
        tx.insert_attempt(&sent)
    })
    .unwrap();
    assert_eq!(view(&home).net, Net::Known(1_000));
    let newest = home.read(|query| query.newest_attempt_state(&id("V1")));
    assert_eq!(newest, Some(AttemptState::Reversed));
}

fn refund(home: &Home, name: &str, minor: i64, status: UndoStatus) {
    home.write(|tx| {
        tx.insert_undo(&undo(&id(name), &id("S1"), UndoKind::Refund, minor))?;
        tx.set_undo_status(&id(name), status, None)
    })
    .unwrap();
}

#[test]
fn the_worth_of_a_sale_with_refunds() {
    let home = home_with_sale();
    refund(&home, "U1", 300, UndoStatus::Refunded);
    let seen = view(&home);
    assert_eq!(seen.status, SaleStatus::PartlyRefunded);
    assert_eq!(seen.net, Net::Known(700));
    refund(&home, "U2", 700, UndoStatus::Refused);
    assert_eq!(view(&home).net, Net::Known(700));
    refund(&home, "U3", 700, UndoStatus::Unknown);
    let seen = view(&home);
    assert_eq!(
        (seen.status, seen.net),
        (SaleStatus::PartlyRefunded, Net::Unknown)
    );
    assert_eq!(seen.undo.unwrap().id, id("U3"));
    home.write(|tx| tx.set_undo_status(&id("U3"), UndoStatus::Refunded, None))
        .unwrap();
    let seen = view(&home);
    assert_eq!(
        (seen.status, seen.net),
        (SaleStatus::Refunded, Net::Known(0))
    );
}

#[test]
fn a_void_that_became_a_refund_shows_the_refund() {
    let home = home_with_sale();
    home.write(|tx| {
        let (v1, u2, s1) = (id("V1"), id("U2"), id("S1"));
        tx.insert_undo(&undo(&v1, &s1, UndoKind::Void, 1_000))?;
        tx.set_undo_status(&v1, UndoStatus::RefundOffered, None)?;
        let mut refund = undo(&u2, &s1, UndoKind::Refund, 1_000);
        refund.follows = Some(&v1);
        tx.insert_undo(&refund)?;
        tx.set_undo_status(&u2, UndoStatus::Refunded, None)
    })
    .unwrap();
    let seen = view(&home);
    assert_eq!(
        (seen.status, seen.net),
        (SaleStatus::Refunded, Net::Known(0))
    );
    let shown = seen.undo.unwrap();
    assert_eq!((shown.id, shown.kind), (id("U2"), UndoKind::Refund));
}

#[test]
fn an_unknown_sale_stays_unknown_whatever_its_void() {
    let home = sale_in(SaleStatus::Unknown);
    home.write(|tx| tx.insert_undo(&undo(&id("V1"), &id("S1"), UndoKind::Void, 1_000)))
        .unwrap();
    let seen = view(&home);
    assert_eq!((seen.status, seen.net), (SaleStatus::Unknown, Net::Unknown));
}

#[test]
fn a_preauth_is_completed_by_an_approved_completion_only() {
    for status in [
        SaleStatus::Unknown,
        SaleStatus::Declined,
        SaleStatus::Approved,
    ] {
        let home = Home::new();
        home.write(|tx| {
            let (s1, c1) = (id("S1"), id("C1"));
            let mut preauth = sale(&s1, 1_000, SaleStatus::Held);
            preauth.kind = OriginalKind::Preauth;
            tx.insert_original(&preauth)?;
            let mut completion = sale(&c1, 900, status);
            (completion.kind, completion.parent) = (OriginalKind::Completion, Some(&s1));
            tx.insert_original(&completion)
        })
        .unwrap();
        let completed = status == SaleStatus::Approved;
        let shown = if completed {
            SaleStatus::Completed
        } else {
            SaleStatus::Held
        };
        assert_eq!(view(&home).status, shown, "{status}");
    }
}

/// Ten sales, one a minute, of 1.00, 2.00 … with traces 000001 …; every second one by card.
fn ten_sales() -> Home {
    let home = Home::new();
    let card = account();
    for n in 1..=10i64 {
        let mut at = stamp();
        at.at.wall.0 = NOW + n * 60_000;
        let insert = |stamp: Stamp| {
            home.ledger.write(stamp, |tx| {
                let (name, trace) = (id(&format!("S{n}")), format!("{n:06}"));
                let mut new = sale(&name, n * 100, SaleStatus::Approved);
                new.trace = Some(&trace);
                new.account = (n % 2 == 0).then_some(&card);
                tx.insert_original(&new)
            })
        };
        insert(at).unwrap_or_else(|error: pos_ledger::LedgerError| panic!("{error}"));
    }
    home
}

fn listed(home: &Home, filter: &JournalFilter) -> Vec<String> {
    let sales = home.read(|query| query.sales(filter));
    sales
        .iter()
        .map(|view| view.original.id.to_string())
        .collect()
}

fn page(limit: u32) -> JournalFilter {
    JournalFilter {
        limit,
        ..JournalFilter::default()
    }
}

#[test]
fn pages_go_back_from_the_newest() {
    let home = ten_sales();
    assert_eq!(listed(&home, &page(3)), ["S10", "S9", "S8"]);
    let mut next = page(3);
    next.before_seq = Some(8);
    assert_eq!(listed(&home, &next), ["S7", "S6", "S5"]);
    next.before_seq = Some(1);
    assert!(listed(&home, &next).is_empty());
}

#[test]
fn since_asks_the_clock_and_not_the_order() {
    let home = ten_sales();
    let since = |at: i64| JournalFilter {
        since: Some(at),
        ..page(50)
    };
    assert_eq!(listed(&home, &since(NOW + 9 * 60_000)), ["S10", "S9"]);
    assert_eq!(listed(&home, &since(NOW)).len(), 10);
    assert!(listed(&home, &since(NOW + 3_600_000)).is_empty());
    // The clock was set back by an hour: that sale is the newest, and older by the clock.
    let mut back = stamp();
    back.at.wall.0 = NOW - 3_600_000;
    home.ledger
        .write(back, |tx| {
            tx.insert_original(&sale(&id("S11"), 1, SaleStatus::Approved))
        })
        .unwrap_or_else(|error: pos_ledger::LedgerError| panic!("{error}"));
    assert_eq!(listed(&home, &since(NOW + 9 * 60_000)), ["S10", "S9"]);
    assert_eq!(listed(&home, &page(1)), ["S11"]);
}

#[test]
fn a_text_finds_voucher_card_and_amount() {
    let home = ten_sales();
    let find = |text: &str| JournalFilter {
        text: Some(text.into()),
        ..page(3)
    };
    assert_eq!(listed(&home, &find("000007")), ["S7"]);
    assert_eq!(listed(&home, &find("0018")), ["S10", "S8", "S6"]);
    assert_eq!(listed(&home, &find("5.00")), ["S5"]);
    assert_eq!(listed(&home, &find("5")), ["S5"]);
    assert!(listed(&home, &find("' OR 1 --")).is_empty());
    let mut narrowed = find("0018");
    (narrowed.before_seq, narrowed.since) = (Some(8), Some(NOW + 5 * 60_000));
    assert_eq!(listed(&home, &narrowed), ["S6"]);
}

#[test]
fn finding_one_sale() {
    let home = ten_sales();
    let of = |found: Option<pos_ledger::Original>| found.map(|o| o.id);
    let voucher = |trace: &str| of(home.read(|query| query.original_by_voucher(trace)));
    assert_eq!(voucher("000004"), Some(id("S4")));
    assert_eq!(voucher("000044"), None);
    assert_eq!(
        of(home.read(|query| query.last_original())),
        Some(id("S10"))
    );
    home.write(|tx| tx.insert_original(&sale(&id("S11"), 1, SaleStatus::Declined)))
        .unwrap();
    assert_eq!(voucher("000001"), Some(id("S11")));
    assert_eq!(
        of(home.read(|query| query.last_original())),
        Some(id("S11"))
    );
    let missing = home
        .ledger
        .read(|query| query.sale(&Id::parse("S99").unwrap()));
    assert_eq!(
        missing.unwrap_err().to_string(),
        "no sale S99 in the ledger"
    );
    let batch = home.read(|query| query.originals_of_batch("000001"));
    assert_eq!(batch.len(), 11);
    assert_eq!(home.read(|query| query.batch_size("000001")), 10);
}
