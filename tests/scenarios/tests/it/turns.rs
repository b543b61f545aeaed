//! The person at the counter comes before queued voids: a pass leaves the line between two of them.

use std::sync::atomic::{AtomicBool, Ordering};

use pos_domain::UndoStatus;
use pos_scenarios::{Shop, findings};

#[tokio::test(start_paused = true)]
async fn i10_a_pass_stops_between_two_voids_for_a_person_and_goes_on_later() {
    let shop = Shop::open();
    let mut sales = Vec::new();
    for fen in [100, 200, 300] {
        sales.push(shop.sell(fen).await.unwrap());
    }
    shop.link.unplug(true);
    for sale in &sales {
        shop.void_id(sale).await;
    }
    shop.link.unplug(false);
    shop.desk.begin_round("01").unwrap();
    // Somebody begins to wait while the first void is on its way.
    let asked = AtomicBool::new(false);
    let stop = || asked.swap(true, Ordering::SeqCst);
    let report = shop.desk.pass_until("system", &stop).await.unwrap();
    let statuses = || sales.iter().map(|sale| shop.undo_status(sale).unwrap());
    let voided = || {
        statuses()
            .filter(|status| *status == UndoStatus::Voided)
            .count()
    };
    assert_eq!((voided(), report.left), (1, 2));
    assert!(
        report.next_due_ms.is_some_and(|wait| wait <= 0),
        "the rest is still due"
    );
    shop.sell(400).await.unwrap();
    let report = shop.desk.pass("system").await.unwrap();
    assert_eq!((voided(), report.left), (3, 0));
    assert_eq!(findings(&shop), []);
}
