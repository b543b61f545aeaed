//! A void's earlier attempts (decision 5) and what they let an answer prove.

use pos_domain::{Id, LocalCode, SaleStatus, UndoStatus};
use pos_flows::Voided;
use pos_ledger::Net;
use pos_scenarios::{Shop, fault, findings, other_card};

/// The host answers a void with this code and does nothing.
fn says(shop: &Shop, code: &str) {
    shop.faults(&fault("void", "request_read", "code", code));
}

/// Beyond the terminal: the net is unknown, its amount stays taken, no refund is offered.
fn assert_escalated(shop: &Shop, sale: &Id, void: &Id) {
    assert_eq!(shop.undo(void).status, UndoStatus::Escalated);
    assert_eq!(shop.view(sale).net, Net::Unknown);
    assert_eq!(shop.owed(void).status.as_str(), "escalated");
    assert_eq!(shop.read(|query| query.remaining(sale)), 0);
}

#[tokio::test(start_paused = true)]
async fn i03_i04_a_22_after_an_attempt_the_host_did_not_know_proves_the_void() {
    let shop = Shop::open();
    let sale = shop.sell(1000).await.unwrap();
    // It arrives right after its reversal was answered 25.
    shop.faults(&fault("void", "request_read", "late", "1"));
    let void = shop.void_id(&sale).await;
    assert_eq!(shop.undo(&void).status, UndoStatus::Queued);
    shop.finish(9).await.unwrap();
    assert_eq!(shop.undo(&void).status, UndoStatus::Voided);
    assert_eq!(shop.undo(&void).code.unwrap().to_string(), "22");
    assert_eq!(findings(&shop), []);
}

#[tokio::test(start_paused = true)]
async fn i04_a_22_out_of_the_blue_proves_nothing() {
    let shop = Shop::open();
    let sale = shop.sell(1000).await.unwrap();
    says(&shop, "22");
    let void = shop.void_id(&sale).await;
    assert_escalated(&shop, &sale, &void);
    shop.finish(9).await.unwrap();
    assert_eq!(shop.void_id(&sale).await, void, "tapping again shows it");
    assert_eq!(shop.count("void"), 1, "and sends nothing");
    assert_eq!(findings(&shop), []);
}

#[tokio::test(start_paused = true)]
async fn i04_a_22_after_a_reversal_that_worked_proves_nothing() {
    let shop = Shop::open();
    let sale = shop.sell(1000).await.unwrap();
    shop.fault("void", "after_booking", "drop");
    let void = shop.void_id(&sale).await;
    assert_eq!(shop.reversal(&sale).proof.unwrap(), "answered 00");
    says(&shop, "22");
    shop.finish(9).await.unwrap();
    assert_escalated(&shop, &sale, &void);
}

#[tokio::test(start_paused = true)]
async fn a_25_refuses_a_first_attempt_and_proves_nothing_after_an_unknown_one() {
    let shop = Shop::open();
    let sale = shop.sell(1000).await.unwrap();
    says(&shop, "25");
    let void = shop.void_id(&sale).await;
    assert_eq!(shop.undo(&void).status, UndoStatus::Refused);
    shop.fault("void", "request_read", "drop");
    let second = shop.void_id(&sale).await;
    says(&shop, "25");
    shop.finish(9).await.unwrap();
    assert_escalated(&shop, &sale, &second);
}

#[tokio::test(start_paused = true)]
async fn i05_a_definite_too_late_offers_the_refund_when_nothing_is_unproven() {
    for lost in [false, true] {
        let shop = Shop::open();
        let sale = shop.sell(1000).await.unwrap();
        if lost {
            // A first attempt, carried out and taken back.
            shop.fault("void", "after_booking", "drop");
            shop.void_id(&sale).await;
            assert_eq!(shop.reversal(&sale).proof.unwrap(), "answered 00");
        }
        shop.cut_over();
        let void = shop.void_id(&sale).await;
        shop.finish(9).await.unwrap();
        assert_eq!(shop.undo(&void).status, UndoStatus::RefundOffered);
        assert_eq!(shop.view(&sale).net, Net::Known(1000));
        assert_eq!(shop.count("refund"), 0, "offered, never made by itself");
        assert_eq!(findings(&shop), []);
    }
}

#[tokio::test(start_paused = true)]
async fn i04_i05_a_too_late_after_an_attempt_the_host_did_not_know_offers_no_refund() {
    let shop = Shop::open();
    let sale = shop.sell(1000).await.unwrap();
    // Carried out after its reversal was answered 25, and then the day changed.
    shop.faults(&fault("void", "request_read", "late", "1"));
    let void = shop.void_id(&sale).await;
    assert_eq!(shop.undo(&void).status, UndoStatus::Queued);
    shop.cut_over();
    shop.finish(9).await.unwrap();
    assert_eq!(shop.undo(&void).code.unwrap().to_string(), "12");
    assert_escalated(&shop, &sale, &void);
    assert_eq!(findings(&shop), [], "the host did make the void");
}

#[tokio::test(start_paused = true)]
async fn i04_i05_a_no_after_an_attempt_the_host_did_not_know_refuses_nothing() {
    for code in ["14", "51", "58", "61", "64"] {
        for known in [false, true] {
            let shop = Shop::open();
            let sale = shop.sell(1000).await.unwrap();
            if known {
                shop.fault("void", "after_booking", "drop");
            } else {
                shop.faults(&fault("void", "request_read", "late", "1"));
            }
            let void = shop.void_id(&sale).await;
            says(&shop, code);
            shop.finish(9).await.unwrap();
            assert_eq!(shop.undo(&void).code.unwrap().to_string(), code);
            if known {
                // Carried out and taken back: nothing of it can be left.
                assert_eq!(shop.undo(&void).status, UndoStatus::Refused);
                assert_eq!(shop.view(&sale).net, Net::Known(1000));
            } else {
                assert_escalated(&shop, &sale, &void);
                let refused = shop.try_refund(&sale, 1000).await.unwrap();
                assert!(matches!(refused, Voided::Refused(_)), "{refused:?}");
            }
            assert_eq!(findings(&shop), [], "{code}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn i04_i05_a_deadline_passed_over_an_attempt_that_may_have_arrived_offers_no_refund() {
    let shop = Shop::open();
    let sale = shop.sell(1000).await.unwrap();
    shop.faults(&fault("void", "request_read", "late", "1"));
    let void = shop.void_id(&sale).await;
    assert_eq!(shop.undo(&void).status, UndoStatus::Queued);
    shop.link.unplug(true);
    shop.wait(6 * 3_600_000).await;
    shop.desk.pass("01").await.unwrap();
    assert_escalated(&shop, &sale, &void);
    assert_eq!(findings(&shop), [], "the host did make the void");
}

#[tokio::test(start_paused = true)]
async fn a_deadline_passed_over_an_attempt_surely_undone_offers_the_refund() {
    let shop = Shop::open();
    let sale = shop.sell(1000).await.unwrap();
    shop.fault("void", "after_booking", "drop");
    let void = shop.void_id(&sale).await;
    shop.link.unplug(true);
    shop.wait(6 * 3_600_000).await;
    shop.desk.pass("01").await.unwrap();
    assert_eq!(shop.undo(&void).status, UndoStatus::RefundOffered);
    assert_eq!(findings(&shop), []);
}

#[tokio::test(start_paused = true)]
async fn a_withdrawn_void_that_came_late_is_taken_back() {
    let shop = Shop::open();
    let sale = shop.sell(1000).await.unwrap();
    shop.faults(&fault("void", "request_read", "late", "2"));
    let void = shop.void_id(&sale).await;
    assert_eq!(shop.undo(&void).status, UndoStatus::Queued);
    let consent = |_: &pos_ledger::Tx<'_>, _: &pos_ledger::Undo| Ok(());
    shop.desk.withdraw("01", &void, consent).unwrap();
    shop.sell(300).await.unwrap();
    assert_ne!(findings(&shop), [], "the host made the void after all");
    shop.finish(9).await.unwrap();
    assert_eq!(shop.undo(&void).status, UndoStatus::Withdrawn);
    assert_eq!(shop.view(&sale).net, Net::Known(1000));
    assert_eq!(findings(&shop), []);
}

#[tokio::test(start_paused = true)]
async fn i04_a_duplicate_by_trace_is_reversed_only_while_the_numbers_are_unbroken() {
    for (broken, void) in [(false, false), (true, false), (false, true), (true, true)] {
        let shop = Shop::open();
        let set_trace = |value| {
            let stamp = pos_ledger::Stamp {
                at: pos_domain::ports::Clock::now(shop.clock.as_ref()),
                operator: "01".to_owned(),
            };
            let set = shop
                .desk
                .ledger
                .write(stamp, |tx| tx.set_counter("trace", value));
            set.unwrap();
        };
        set_trace(500);
        let first = shop.sell(1000).await.unwrap();
        if broken {
            set_trace(100);
        }
        let on = if void { "void" } else { "sale" };
        shop.faults(&fault(on, "request_read", "code", "94"));
        let sale = if void {
            shop.void_id(&first).await;
            first
        } else {
            shop.sell(2000).await.unwrap()
        };
        shop.finish(9).await.unwrap();
        shop.desk.sign_in("01").await.unwrap();
        shop.finish(9).await.unwrap();
        let reversals = shop.count("reversal_sale") + shop.count("reversal_void");
        let view = shop.view(&sale);
        let undo = view.undo.map(|undo| undo.status);
        if broken {
            assert_eq!((reversals, view.net), (0, Net::Unknown), "{on}");
            assert_eq!(shop.reversal(&sale).status.as_str(), "escalated");
            assert_eq!(undo, void.then_some(UndoStatus::Escalated));
        } else {
            assert!(reversals > 0, "{on}");
            assert_eq!(view.net, Net::Known(0));
            assert_eq!(undo, void.then_some(UndoStatus::Voided));
        }
        assert_eq!(findings(&shop), []);
    }
}

#[tokio::test(start_paused = true)]
async fn i03_a_partly_refunded_sale_is_not_voided() {
    let shop = Shop::open();
    let sale = shop.sell(1000).await.unwrap();
    let refund = shop.refund(&sale, 400).await;
    assert_eq!(shop.undo(&refund).status, UndoStatus::Refunded);
    assert_eq!(
        shop.void(&sale).await.unwrap(),
        Voided::Refused(LocalCode::PartlyRefunded.into())
    );
    shop.refund(&sale, 600).await;
    assert_eq!(
        shop.void(&sale).await.unwrap(),
        Voided::Refused(LocalCode::AlreadyUndone.into())
    );
    assert_eq!(shop.status(&sale), SaleStatus::Refunded);
    assert_eq!(findings(&shop), []);
}

#[tokio::test(start_paused = true)]
async fn another_card_is_refused_before_anything_is_sent() {
    let shop = Shop::open();
    let sale = shop.sell(1000).await.unwrap();
    let sent = shop.requests().len();
    assert_eq!(
        shop.void_with(&sale, Some(&other_card())).await.unwrap(),
        Voided::Refused(LocalCode::OtherCard.into())
    );
    assert_eq!(
        (shop.requests().len(), shop.undo_status(&sale)),
        (sent, None)
    );
}
