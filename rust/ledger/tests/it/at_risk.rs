//! What comes to life again: only what a confirmation left at risk, and nothing else.

use pos_domain::status::{ObligationKind, ObligationStatus};
use pos_domain::{SaleStatus, UndoKind, UndoStatus};
use pos_ledger::{LedgerError, Net};

use crate::support::{Home, attempt, clear, home_with_sale, id, owed, undo};

/// The sale `S1`, in this status, with a confirmation of the attempt `A1` in that one; the attempt
/// is at the void `V1` when there is one.
fn home_with(sale: SaleStatus, confirmation: ObligationStatus, void: Option<UndoStatus>) -> Home {
    let home = home_with_sale();
    home.write(|tx| {
        let (s1, a1, c1, v1) = (id("S1"), id("A1"), id("C1"), id("V1"));
        if let Some(status) = void {
            tx.insert_undo(&undo(&v1, &s1, UndoKind::Void, 1_000))?;
            tx.set_undo_status(&v1, status, None)?;
        }
        let mut sent = attempt(&a1, &s1, "000001");
        sent.undo = void.filter(|s| *s == UndoStatus::Withdrawn).map(|_| &v1);
        tx.insert_attempt(&sent)?;
        let mut confirms = owed(&c1, ObligationKind::Confirmation, &s1);
        confirms.attempt = Some(&a1);
        tx.insert_obligation(&confirms)?;
        match confirmation {
            ObligationStatus::Closed => tx.close_obligation(&c1, "answered 00")?,
            ObligationStatus::Cleared => clear(tx, &c1)?,
            other => tx.set_obligation_status(&c1, other, None)?,
        }
        tx.set_original_status(&s1, sale, None)
    })
    .unwrap();
    home
}

/// What nobody proved is at risk, whether it still stands in the list or was cleared.
fn is_at_risk(confirmation: ObligationStatus) -> bool {
    matches!(
        confirmation,
        ObligationStatus::Escalated | ObligationStatus::Cleared
    )
}

fn set_sale(home: &Home, to: SaleStatus) -> Result<(), LedgerError> {
    home.write(|tx| tx.set_original_status(&id("S1"), to, None))
}

fn set_void(home: &Home, to: UndoStatus) -> Result<(), LedgerError> {
    home.write(|tx| tx.set_undo_status(&id("V1"), to, None))
}

fn net(home: &Home) -> Net {
    home.read(|query| query.sale(&id("S1"))).net
}

#[test]
fn i04_a_reversed_sale_comes_to_life_only_while_its_confirmation_is_escalated() {
    for confirmation in ObligationStatus::ALL {
        let open = || home_with(SaleStatus::Reversed, *confirmation, None);
        let at_risk = is_at_risk(*confirmation);
        for alive in [SaleStatus::Approved, SaleStatus::Held] {
            assert_eq!(set_sale(&open(), alive).is_ok(), at_risk, "{confirmation}");
        }
        for other in [
            SaleStatus::Unknown,
            SaleStatus::Sending,
            SaleStatus::Declined,
        ] {
            assert!(set_sale(&open(), other).is_err(), "{confirmation} {other}");
        }
        let known = if at_risk { Net::Unknown } else { Net::Known(0) };
        assert_eq!(net(&open()), known, "{confirmation}");
    }
    for dead in [SaleStatus::Declined, SaleStatus::NotSent] {
        let home = home_with(dead, ObligationStatus::Escalated, None);
        assert!(set_sale(&home, SaleStatus::Approved).is_err(), "{dead}");
    }
}

#[test]
fn i03_i04_a_void_done_with_its_sale_is_refused_only_while_the_sale_is_at_risk() {
    for confirmation in ObligationStatus::ALL {
        let void = Some(UndoStatus::Voided);
        let at_risk = is_at_risk(*confirmation);
        let home = home_with(SaleStatus::Reversed, *confirmation, void);
        assert!(set_void(&home, UndoStatus::Queued).is_err());
        assert_eq!(
            set_void(&home, UndoStatus::Refused).is_ok(),
            at_risk,
            "{confirmation}"
        );
        let stands = home_with(SaleStatus::Approved, *confirmation, void);
        assert!(
            set_void(&stands, UndoStatus::Refused).is_err(),
            "{confirmation}"
        );
    }
}

#[test]
fn i03_i04_a_withdrawn_void_is_made_only_while_its_attempt_is_at_risk() {
    for confirmation in ObligationStatus::ALL {
        let withdrawn = Some(UndoStatus::Withdrawn);
        let open = || home_with(SaleStatus::Approved, *confirmation, withdrawn);
        let at_risk = is_at_risk(*confirmation);
        let home = open();
        let before = if at_risk {
            Net::Unknown
        } else {
            Net::Known(1_000)
        };
        assert_eq!(net(&home), before, "{confirmation}");
        assert!(set_void(&home, UndoStatus::Refused).is_err());
        assert_eq!(
            set_void(&home, UndoStatus::Voided).is_ok(),
            at_risk,
            "{confirmation}"
        );
        // Not on top of what was given back since.
        let home = open();
        home.write(|tx| tx.insert_undo(&undo(&id("F1"), &id("S1"), UndoKind::Refund, 1)))
            .unwrap();
        assert!(
            set_void(&home, UndoStatus::Voided).is_err(),
            "{confirmation}"
        );
    }
}
