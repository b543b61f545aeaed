//! Answers that come beside, twice, or too late: kept, matched, never applied twice.

use pos_domain::{SaleStatus, UndoStatus};
use pos_ledger::Net;
use pos_scenarios::{Shop, fault, findings};

/// One fault with an argument.
fn late(shop: &Shop, on: &str, requests: &str) {
    shop.faults(&fault(on, "after_booking", "late", requests));
}

#[tokio::test(start_paused = true)]
async fn i06_i07_a_foreign_answer_before_the_right_one_is_kept_and_waits_no_longer() {
    let shop = Shop::open();
    shop.fault("sale", "after_booking", "foreign_answer");
    let sale = shop.sell(1000).await.unwrap();
    assert_eq!(shop.status(&sale), SaleStatus::Approved);
    shop.fault("void", "after_booking", "foreign_answer");
    shop.void_id(&sale).await;
    assert_eq!(shop.undo_status(&sale), Some(UndoStatus::Voided));
    let kept = shop.late_answers();
    assert_eq!(kept.len(), 2, "{kept:?}");
    assert!(
        kept.iter().all(|late| late[0] == "0210" && late[4] == "-"),
        "an answer to nothing of ours belongs to nothing: {kept:?}"
    );
    assert_eq!(findings(&shop), []);
}

#[tokio::test(start_paused = true)]
async fn i07_an_answer_that_comes_twice_counts_once() {
    let shop = Shop::open();
    shop.fault("sale", "after_booking", "duplicate");
    let sale = shop.sell(1000).await.unwrap();
    shop.fault("void", "after_answer", "duplicate");
    let void = shop.void_id(&sale).await;
    let told = shop.read(|query| query.events_of(void.as_str()));
    let voided = told.iter().filter(|event| event.payload == "voided");
    assert_eq!(voided.count(), 1);
    assert_eq!(
        (shop.status(&sale), shop.view(&sale).net),
        (SaleStatus::Voided, Net::Known(0))
    );
    assert_eq!(findings(&shop), []);
}

#[tokio::test(start_paused = true)]
async fn i07_a_request_that_arrives_twice_is_one_void() {
    let shop = Shop::open();
    let sale = shop.sell(1000).await.unwrap();
    shop.fault("void", "request_read", "duplicate");
    shop.void_id(&sale).await;
    shop.finish(9).await.unwrap();
    assert_eq!(shop.undo_status(&sale), Some(UndoStatus::Voided));
    assert_eq!(findings(&shop), []);
}

#[tokio::test(start_paused = true)]
async fn i07_a_late_answer_of_a_sale_is_matched_and_does_not_undo_its_reversal() {
    let shop = Shop::open();
    shop.sell(500).await.unwrap();
    late(&shop, "sale", "1");
    let sale = shop.sell(1000).await.unwrap();
    assert_eq!(
        shop.status(&sale),
        SaleStatus::Reversed,
        "its late answer came before that of its reversal"
    );
    let attempt = shop.read(|query| query.attempts_of(&sale))[0].id.clone();
    let trace = shop.view(&sale).original.trace.unwrap();
    assert_eq!(
        shop.late_answers(),
        [["0210", &trace, "00", "1", attempt.as_str()]]
    );
    assert_eq!(findings(&shop), []);
}

#[tokio::test(start_paused = true)]
async fn i07_a_late_answer_of_a_void_is_not_applied_beside_the_next_attempt() {
    let shop = Shop::open();
    let sale = shop.sell(1000).await.unwrap();
    late(&shop, "void", "2");
    let void = shop.void_id(&sale).await;
    assert_eq!(
        shop.undo(&void).status,
        UndoStatus::Queued,
        "reversed, the sale stands again"
    );
    shop.work_off(5).await.unwrap();
    assert_eq!(shop.undo(&void).status, UndoStatus::Voided);
    let late = shop.late_answers();
    assert_eq!(late.len(), 1);
    let first = &shop.read(|query| query.attempts_at(&void))[0];
    assert_eq!(
        (late[0][3].as_str(), late[0][4].as_str()),
        ("1", first.id.as_str())
    );
    assert_eq!(first.state.as_str(), "reversed");
    assert_eq!(shop.count("void"), 2);
    assert_eq!(findings(&shop), []);
}

#[tokio::test(start_paused = true)]
async fn i07_a_late_answer_of_a_reversal_closes_that_reversal_once() {
    let shop = Shop::open();
    shop.sell(500).await.unwrap();
    shop.fault("sale", "after_booking", "drop");
    late(&shop, "reversal_sale", "1");
    let sale = shop.sell(1000).await.unwrap();
    assert_eq!(shop.status(&sale), SaleStatus::Unknown);
    shop.finish(9).await.unwrap();
    assert_eq!(shop.status(&sale), SaleStatus::Reversed);
    assert_eq!(shop.reversal(&sale).proof.unwrap(), "answered 00");
    assert_eq!(findings(&shop), []);
}

#[tokio::test(start_paused = true)]
async fn i07_what_is_kept_of_a_late_answer_is_sealed() {
    let shop = Shop::open();
    late(&shop, "sale", "1");
    shop.sell(1000).await.unwrap();
    let kept = shop.rows("SELECT frame FROM late_answer");
    assert_eq!(kept.len(), 1);
    assert!(!kept[0][0].contains("6222020000"), "{kept:?}");
}
