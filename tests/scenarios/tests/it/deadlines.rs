//! Until when a void can be made: trusted time decides, the wall clock only shows.

use pos_domain::{Id, LocalCode, SaleStatus, UndoStatus};
use pos_flows::Voided;
use pos_ledger::Net;
use pos_scenarios::{Shop, findings};

const DAY: i64 = 86_400_000;
/// The shop opens at 18:20, the acquirer's cut-over is at 23:00.
const TO_CUT_OVER: i64 = 280 * 60_000;

/// A void that waits because the network is down.
async fn queued() -> (Shop, Id, Id) {
    let shop = Shop::open();
    let sale = shop.sell(1000).await.unwrap();
    shop.link.unplug(true);
    let void = shop.void_id(&sale).await;
    (shop, sale, void)
}

#[tokio::test(start_paused = true)]
async fn i09_the_deadline_is_the_next_cut_over_by_the_hosts_time() {
    let shop = Shop::open();
    let sale = shop.sell(1000).await.unwrap();
    let deadline = shop.desk.void_deadline(&sale).unwrap();
    assert_eq!(deadline.at.rfc3339(), "2026-11-24T23:00:00+08:00");
    assert_eq!((deadline.left_ms, deadline.certain), (TO_CUT_OVER, true));
    for jump in [DAY, -2 * DAY, DAY] {
        shop.clock.jump_wall(jump);
        assert_eq!(shop.desk.void_deadline(&sale).unwrap(), deadline);
        assert_eq!(shop.desk.void_refusal(&sale).unwrap(), None);
    }
    shop.void_id(&sale).await;
    assert_eq!(shop.undo_status(&sale), Some(UndoStatus::Voided));
    assert_eq!(findings(&shop), []);
}

#[tokio::test(start_paused = true)]
async fn i09_a_wall_clock_set_by_a_day_expires_nothing_and_saves_nothing() {
    for jump in [DAY, -DAY] {
        let (shop, _, void) = queued().await;
        shop.clock.jump_wall(jump);
        shop.desk.pass("01").await.unwrap();
        assert_eq!(
            shop.undo(&void).status,
            UndoStatus::Queued,
            "set by {jump} ms"
        );
        shop.wait(TO_CUT_OVER - 60_000).await;
        shop.desk.pass("01").await.unwrap();
        assert_eq!(
            shop.undo(&void).status,
            UndoStatus::Queued,
            "set by {jump} ms"
        );
        shop.wait(60_000).await;
        shop.desk.pass("01").await.unwrap();
        assert_eq!(
            shop.undo(&void).status,
            UndoStatus::RefundOffered,
            "set by {jump} ms"
        );
        assert_eq!(findings(&shop), []);
    }
}

#[tokio::test(start_paused = true)]
async fn i09_a_clock_that_was_wrong_at_the_sale_expires_nothing() {
    for jump in [-3 * DAY, 3 * DAY] {
        let shop = Shop::open();
        shop.clock.jump_wall(jump);
        shop.sell(500).await.unwrap();
        let sale = shop.sell(1000).await.unwrap();
        let deadline = shop.desk.void_deadline(&sale).unwrap();
        assert_eq!((deadline.left_ms, deadline.certain), (TO_CUT_OVER, true));
        shop.fault("sale", "after_booking", "drop");
        shop.fault("reversal_sale", "request_read", "drop");
        let unknown = shop.sell(700).await.unwrap();
        assert_eq!(shop.status(&unknown), SaleStatus::Unknown);
        assert_eq!(shop.desk.void_refusal(&unknown).unwrap(), None, "{jump}");
        let left = shop.desk.void_deadline(&unknown).unwrap().left_ms;
        assert_eq!(left, TO_CUT_OVER - 120_000, "{jump}");
    }
}

#[tokio::test(start_paused = true)]
async fn i09_after_a_reboot_nothing_expires_until_a_host_tells_the_time() {
    let (mut shop, sale, void) = queued().await;
    shop.clock.reboot();
    shop.restart();
    assert!(!shop.desk.void_deadline(&sale).unwrap().certain);
    shop.wait(3 * DAY).await;
    shop.desk.pass("01").await.unwrap();
    assert_eq!(shop.undo(&void).status, UndoStatus::Queued);
    shop.link.unplug(false);
    shop.desk.echo("01").await.unwrap();
    assert!(shop.desk.void_deadline(&sale).unwrap().certain);
    shop.desk.pass("01").await.unwrap();
    assert_eq!(shop.undo(&void).status, UndoStatus::RefundOffered);
    assert_eq!(
        shop.count("void"),
        0,
        "known to be too late before it was sent"
    );
    assert_eq!(findings(&shop), []);
}

#[tokio::test(start_paused = true)]
async fn a_void_tapped_after_the_deadline_is_refused_and_when_uncertain_the_host_decides() {
    let shop = Shop::set_up(|setup| setup.acquirer.day_cutover = Some(23 * 60));
    let sale = shop.sell(1000).await.unwrap();
    shop.wait(TO_CUT_OVER + 1).await;
    assert_eq!(
        shop.void(&sale).await.unwrap(),
        Voided::Refused(LocalCode::DeadlinePassed.into())
    );
    assert_eq!(shop.undo_status(&sale), None, "nothing was recorded");
    shop.clock.reboot();
    let void = shop.void_id(&sale).await;
    assert_eq!(shop.undo(&void).status, UndoStatus::RefundOffered);
    assert_eq!(shop.undo(&void).code.unwrap().to_string(), "12");
    assert_eq!(shop.view(&sale).net, Net::Known(1000));
    assert_eq!(findings(&shop), []);
}

#[tokio::test(start_paused = true)]
async fn i04_an_unknown_void_stays_unknown_past_the_deadline_and_no_refund_is_offered() {
    let shop = Shop::open();
    let sale = shop.sell(1000).await.unwrap();
    shop.fault("void", "after_booking", "drop");
    shop.fault("reversal_void", "request_read", "drop");
    let void = shop.void_id(&sale).await;
    shop.link.unplug(true);
    for _ in 0..20 {
        shop.wait(DAY).await;
        shop.desk.pass("01").await.unwrap();
    }
    assert_eq!(shop.undo(&void).status, UndoStatus::Unknown);
    assert_eq!(shop.view(&sale).net, Net::Unknown);
    assert_eq!(
        shop.reversal(&sale).status.as_str(),
        "owed",
        "the reversal goes on"
    );
    assert_eq!(
        shop.read(|query| query.remaining(&sale)),
        0,
        "its room stays taken"
    );
    assert_eq!(findings(&shop), []);
}

#[tokio::test(start_paused = true)]
async fn i04_an_unknown_sale_stays_unknown_for_days() {
    let shop = Shop::open();
    shop.sell(500).await.unwrap();
    shop.fault("sale", "after_booking", "drop");
    shop.fault("reversal_sale", "request_read", "drop");
    let sale = shop.sell(1000).await.unwrap();
    shop.link.unplug(true);
    for _ in 0..20 {
        shop.wait(DAY).await;
        shop.desk.pass("01").await.unwrap();
    }
    assert_eq!(shop.status(&sale), SaleStatus::Unknown);
    shop.link.unplug(false);
    shop.finish(9).await.unwrap();
    assert_eq!(
        shop.status(&sale),
        SaleStatus::Reversed,
        "the host's day never changed"
    );
    assert_eq!(findings(&shop), []);
}
