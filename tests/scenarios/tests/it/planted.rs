//! Bugs planted on purpose. Each test passes only if the check that is named reports the bug, and
//! the same day without it is clean: a check that cannot fail checks nothing.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use pos_domain::planted::{Bug, plant};
use pos_domain::{Id, UndoStatus};
use pos_ledger::{Approval, Original, Tx};
use pos_scenarios::{Death, Request, Shop, fault, findings, swiped};
use pos_sim::Step;
use rusqlite::Connection;

use crate::bugs::{assert_reported, with_and_without};

/// A sale that was made and never answered, whose reversal got no answer either.
async fn lost_sale(shop: &Shop) -> Id {
    shop.sell(500).await.unwrap();
    shop.fault("sale", "after_booking", "drop");
    shop.fault("reversal_sale", "request_read", "drop");
    shop.sell(1000).await.unwrap()
}

const WITHOUT_PROOF: &str = "an unanswered attempt whose reversal was closed without proof of it";

#[tokio::test(start_paused = true)]
async fn i04_a_reversal_of_an_earlier_day_that_is_dropped() {
    let found = with_and_without(Bug::DropEarlierDayReversal, async || {
        let shop = Shop::open();
        lost_sale(&shop).await;
        shop.wait(86_400_000).await;
        shop.finish(9).await.unwrap();
        findings(&shop)
    })
    .await;
    assert_reported(&found, "verify", WITHOUT_PROOF);
}

#[tokio::test(start_paused = true)]
async fn i04_a_reversal_closed_on_any_code() {
    let found = with_and_without(Bug::CloseReversalOnAnyCode, async || {
        let shop = Shop::open();
        lost_sale(&shop).await;
        shop.faults(&fault("reversal_sale", "request_read", "code", "96"));
        shop.finish(9).await.unwrap();
        findings(&shop)
    })
    .await;
    assert_reported(&found, "equal", "terminal 0, host 1000");
}

#[tokio::test(start_paused = true)]
async fn i04_a_reversal_dropped_because_it_cannot_be_packed() {
    let found = with_and_without(Bug::DropReversalOnPackingError, async || {
        let mut shop = Shop::open();
        lost_sale(&shop).await;
        shop.lose_data_key();
        shop.restart();
        shop.finish(9).await.unwrap();
        // The audit's mark is made with the lost key, so it cannot be checked any more.
        let mut found = findings(&shop);
        found.retain(|f| !f.detail.starts_with("audit chain"));
        found
    })
    .await;
    assert_reported(&found, "verify", WITHOUT_PROOF);
}

#[tokio::test(start_paused = true)]
async fn i04_a_time_out_taken_for_a_no() {
    let found = with_and_without(Bug::TimeoutIsDeclined, async || {
        let shop = Shop::open();
        lost_sale(&shop).await;
        shop.finish(9).await.unwrap();
        findings(&shop)
    })
    .await;
    assert_reported(&found, "equal", "terminal 0, host 1000");
}

#[tokio::test(start_paused = true)]
async fn i03_a_void_sent_again_before_the_first_is_reversed() {
    let found = with_and_without(Bug::ResendVoidBeforeReversal, async || {
        let shop = Shop::open();
        let sale = shop.sell(1000).await.unwrap();
        shop.fault("void", "after_booking", "drop");
        shop.fault("reversal_void", "request_read", "drop");
        let void = shop.void_id(&sale).await;
        if shop.undo(&void).status == UndoStatus::Queued {
            shop.desk.escalate("01", &shop.reversal(&sale).id).unwrap();
        }
        shop.finish(9).await.unwrap();
        findings(&shop)
    })
    .await;
    assert_reported(&found, "violation", "void_resent");
}

#[tokio::test(start_paused = true)]
async fn i05_a_refund_offered_while_an_attempt_is_unproven() {
    let found = with_and_without(Bug::OfferRefundWhileUnproven, async || {
        let shop = Shop::open();
        let sale = shop.sell(1000).await.unwrap();
        shop.fault("void", "after_booking", "drop");
        shop.fault("reversal_void", "request_read", "drop");
        shop.void_id(&sale).await;
        findings(&shop)
    })
    .await;
    let rule = "a void refused or offered as a refund while an attempt is unproven";
    assert_reported(&found, "verify", rule);
}

#[tokio::test(start_paused = true)]
async fn i04_an_unknown_closed_by_age() {
    let found = with_and_without(Bug::AgeClosesUnknown, async || {
        let shop = Shop::open();
        lost_sale(&shop).await;
        shop.wait(30 * 86_400_000).await;
        shop.finish(9).await.unwrap();
        findings(&shop)
    })
    .await;
    assert_reported(
        &found,
        "verify",
        "an unknown sale without a reversal or a question",
    );
}

#[tokio::test(start_paused = true)]
async fn i03_i04_a_card_refund_sent_again() {
    let found = with_and_without(Bug::ResendCardRefund, async || {
        let shop = Shop::open();
        let sale = shop.sell(1000).await.unwrap();
        shop.fault("refund", "after_booking", "drop");
        let refund = shop.refund(&sale, 1000).await;
        // Refused when it is as it must be: unknown, and waiting for no card.
        let _ = shop.desk.present_card("01", &refund, &swiped()).await;
        findings(&shop)
    })
    .await;
    assert_reported(&found, "violation", "refund_resent");
}

#[tokio::test(start_paused = true)]
async fn i03_i04_a_clearing_that_frees_the_undo_room() {
    let found = with_and_without(Bug::ClearingFreesRoom, async || {
        let shop = Shop::open();
        let sale = shop.sell(1000).await.unwrap();
        shop.fault("refund", "after_booking", "drop");
        let refund = shop.refund(&sale, 1000).await;
        let two = |tx: &Tx<'_>, original: &Original| {
            tx.use_approval(&Approval {
                kind: "clear",
                original: &original.id,
                amount: original.amount,
                approver: "00",
                second: Some("02"),
                used_by: &refund,
            })?;
            Ok(())
        };
        shop.desk.clear("00", &refund, "why", two).unwrap();
        // Refused where the room stays taken.
        if shop.desk.refund_room(&sale).is_ok() {
            shop.refund(&sale, 1000).await;
        }
        findings(&shop)
    })
    .await;
    assert_reported(&found, "violation", "refund_resent");
    assert_reported(&found, "verify", "a closed void with an open obligation");
}

#[tokio::test(start_paused = true)]
async fn i04_a_reversal_closed_on_12_after_a_cut_over() {
    let found = with_and_without(Bug::CloseReversalOn12AfterCutover, async || {
        let shop = Shop::open();
        lost_sale(&shop).await;
        shop.cut_over();
        shop.finish(9).await.unwrap();
        findings(&shop)
    })
    .await;
    assert_reported(&found, "equal", "terminal 0, host 1000");
}

/// Somebody on the line answers every sale with a yes that he cannot sign, and lets none through.
fn forge(shop: &Shop) {
    shop.faults(&fault("sale", "request_read", "code", "00"));
    shop.link.tamper(Box::new(|request, steps| {
        let unsigned = |step| match step {
            Step::Send(mut answer) => {
                let last = answer.len() - 1;
                answer[last] ^= 0x0F;
                Step::Send(answer)
            }
            other => other,
        };
        match Request::of(request).kind() {
            "sale" => steps.into_iter().map(unsigned).collect(),
            _ => steps,
        }
    }));
}

#[tokio::test(start_paused = true)]
async fn i06_an_answer_believed_without_its_mac() {
    let found = with_and_without(Bug::BelieveWithoutMac, async || {
        let shop = Shop::open();
        shop.sell(500).await.unwrap();
        forge(&shop);
        shop.sell(1000).await.unwrap();
        shop.link.honest();
        shop.finish(9).await.unwrap();
        findings(&shop)
    })
    .await;
    assert_reported(&found, "equal", "terminal 1000, host 0");
}

#[tokio::test(start_paused = true)]
async fn i02_a_message_on_the_wire_before_its_intent() {
    let found = with_and_without(Bug::SendBeforeIntent, async || {
        let mut shop = Shop::open();
        shop.sell(500).await.unwrap();
        let told = shop.dies_in(1, Death::BeforeAnswer, shop.sell(1000)).await;
        assert!(told.is_none());
        shop.restart();
        shop.finish(9).await.unwrap();
        findings(&shop)
    })
    .await;
    assert_reported(&found, "equal", "only the host knows it");
}

/// The stops before a commit was durable at which somebody had been told of it all the same, in a
/// day of sale and void.
async fn told_too_early() -> Vec<usize> {
    let mut early = Vec::new();
    for nth in 1.. {
        let shop = Shop::open();
        let told = Arc::new(AtomicUsize::new(0));
        let ears = Arc::clone(&told);
        let hear = move || {
            ears.fetch_add(1, Ordering::SeqCst);
        };
        shop.desk.ledger.watch(Box::new(hear));
        shop.stop_at(i64::try_from(nth).unwrap(), false);
        let Ok(sale) = shop.sell(1000).await else {
            early.extend((told.load(Ordering::SeqCst) >= nth).then_some(nth));
            continue;
        };
        if shop.void(&sale).await.is_ok() {
            break;
        }
        early.extend((told.load(Ordering::SeqCst) >= nth).then_some(nth));
    }
    early
}

#[tokio::test(start_paused = true)]
async fn i01_somebody_told_before_the_commit() {
    plant(None);
    assert_eq!(told_too_early().await, [0; 0]);
    plant(Some(Bug::TellBeforeCommit));
    let planted = told_too_early().await;
    plant(None);
    assert!(planted.len() >= 6, "at every commit: {planted:?}");
}

#[tokio::test(start_paused = true)]
async fn i09_a_migration_that_makes_the_queue_anew() {
    for (recreate, rule) in [
        (false, None),
        (true, Some("an open void without its obligation")),
        (
            true,
            Some("an unknown sale without a reversal or a question"),
        ),
    ] {
        let mut shop = Shop::open();
        let sale = shop.sell(500).await.unwrap();
        lost_sale(&shop).await;
        shop.link.unplug(true);
        shop.void_id(&sale).await;
        if recreate {
            let file = Connection::open(shop.folder().join("ledger.db")).unwrap();
            let text = "SELECT sql FROM sqlite_schema WHERE name = 'obligation'";
            let made: String = file.query_row(text, [], |row| row.get(0)).unwrap();
            let script = format!("DROP TABLE obligation; {made};");
            file.execute_batch(&script).unwrap();
        }
        shop.restart();
        let found = findings(&shop);
        match rule {
            None => assert_eq!(found, []),
            Some(rule) => assert_reported(&found, "verify", rule),
        }
    }
}
