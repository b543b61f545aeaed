//! A ledger that was put back from a copy: what it believes may be older than what the host knows.

use std::path::Path;

use pos_domain::{LocalCode, SaleStatus, UndoStatus};
use pos_flows::{Gate, TRACE_END};
use pos_ledger::Net;
use pos_scenarios::{Shop, findings};

use crate::voids::id;

/// A copy of the ledger as it is now, all of it in one file.
fn copy(shop: &Shop, to: &Path) {
    let _ = std::fs::remove_file(to);
    let from = rusqlite::Connection::open(shop.folder().join("ledger.db")).unwrap();
    from.execute("VACUUM INTO ?1", [to.to_str().unwrap()])
        .unwrap();
}

/// Somebody puts the copy back and starts the terminal.
fn put_back(shop: &mut Shop, from: &Path) {
    let ledger = shop.folder().join("ledger.db");
    for beside in ["ledger.db", "ledger.db-wal", "ledger.db-shm"] {
        let _ = std::fs::remove_file(shop.folder().join(beside));
    }
    std::fs::copy(from, ledger).unwrap();
    shop.restart();
}

fn accept(shop: &Shop) {
    shop.desk.accept_restored("00", |_| Ok(())).unwrap();
}

#[tokio::test(start_paused = true)]
async fn i09_an_ordinary_start_is_no_restore() {
    let mut shop = Shop::open();
    for _ in 0..3 {
        assert!(!shop.desk.check_epoch().unwrap());
        shop.restart();
    }
    let sale = shop.sell(100).await.unwrap();
    assert_eq!(shop.status(&sale), SaleStatus::Approved);
}

#[tokio::test(start_paused = true)]
async fn i09_a_void_made_since_the_copy_is_not_made_again_by_the_copy() {
    let mut shop = Shop::open();
    let place = shop.folder().join("copy.db");
    assert!(!shop.desk.check_epoch().unwrap());
    let sale = shop.sell(1234).await.unwrap();
    shop.link.unplug(true);
    let void = id(&shop.void(&sale).await.unwrap());
    copy(&shop, &place);
    shop.restart();
    assert!(!shop.desk.check_epoch().unwrap());
    shop.link.unplug(false);
    shop.work_off(5).await.unwrap();
    assert_eq!(shop.undo(&void).status, UndoStatus::Voided);

    put_back(&mut shop, &place);
    assert!(
        shop.desk.check_epoch().unwrap(),
        "the copy is older than the place outside"
    );
    assert_eq!(
        (shop.undo(&void).status, shop.view(&sale).net),
        (UndoStatus::Unknown, Net::Unknown)
    );
    let gate = shop.desk.gate("01").await.unwrap();
    assert_eq!(
        gate,
        Gate::Blocked(LocalCode::Restored.into()),
        "nothing is sent before consent"
    );
    shop.work_off(3).await.unwrap();
    assert_eq!(shop.undo(&void).status, UndoStatus::Unknown);

    accept(&shop);
    shop.work_off(5).await.unwrap();
    // The host says 22; without an attempt of its own in this ledger that proves nothing.
    assert_eq!(shop.undo(&void).status, UndoStatus::Escalated);
    assert_eq!(
        shop.host().ledger()["net"],
        0,
        "and it was not voided twice"
    );
    // The host saw the second request and refused it; that is all the checker has to say.
    let found = findings(&shop);
    let second_undo = |f: &pos_scenarios::Finding| f.detail.contains("second_undo");
    assert!(found.iter().all(second_undo), "{found:?}");
}

#[tokio::test(start_paused = true)]
async fn i09_a_void_still_waiting_in_both_goes_out_after_consent() {
    let mut shop = Shop::open();
    let place = shop.folder().join("copy.db");
    shop.desk.check_epoch().unwrap();
    let sale = shop.sell(500).await.unwrap();
    shop.link.unplug(true);
    let void = id(&shop.void(&sale).await.unwrap());
    copy(&shop, &place);
    shop.restart();
    shop.desk.check_epoch().unwrap();
    put_back(&mut shop, &place);
    assert!(shop.desk.check_epoch().unwrap());
    shop.link.unplug(false);
    accept(&shop);
    shop.work_off(5).await.unwrap();
    assert_eq!(shop.undo(&void).status, UndoStatus::Voided);
    assert_eq!(findings(&shop), []);
}

#[tokio::test(start_paused = true)]
async fn i09_trace_numbers_jump_past_all_that_the_newer_ledger_could_have_used() {
    use pos_domain::ports::Outside;

    let mut shop = Shop::open();
    let place = shop.folder().join("copy.db");
    shop.desk.check_epoch().unwrap();
    shop.sell(100).await.unwrap();
    copy(&shop, &place);
    shop.restart();
    shop.desk.check_epoch().unwrap();
    for fen in 101..110 {
        shop.sell(fen).await.unwrap();
    }
    let end = shop.outside.read(TRACE_END).unwrap().unwrap();
    put_back(&mut shop, &place);
    assert!(shop.desk.check_epoch().unwrap());
    accept(&shop);
    let next = shop.sell(200).await.unwrap();
    let trace = shop.view(&next).original.trace.unwrap();
    assert!(trace.parse::<u64>().unwrap() > end, "{trace} is past {end}");
}

#[tokio::test(start_paused = true)]
async fn i09_a_ledger_imported_on_another_device_is_restored() {
    let mut shop = Shop::open();
    shop.desk.check_epoch().unwrap();
    shop.sell(100).await.unwrap();
    shop.outside.forget_all();
    shop.restart();
    assert!(
        shop.desk.check_epoch().unwrap(),
        "nothing outside, but an epoch inside"
    );
}

#[tokio::test(start_paused = true)]
async fn i09_a_stop_between_the_two_epochs_is_no_restore() {
    let mut shop = Shop::open();
    shop.desk.check_epoch().unwrap();
    shop.restart();
    // The ledger's epoch is raised and durable; the one outside is not.
    shop.stop_at(1, true);
    assert!(shop.desk.check_epoch().is_err());
    shop.restart();
    assert!(!shop.desk.check_epoch().unwrap());
}
