//! The life of a card void: online, offline, lost answers, refusals.

use pos_domain::{SaleStatus, UndoStatus};
use pos_flows::Voided;
use pos_ledger::Net;
use pos_scenarios::{Shop, findings};

pub(crate) fn id(voided: &Voided) -> pos_domain::Id {
    match voided {
        Voided::Recorded(id) => id.clone(),
        Voided::Refused(code) => panic!("refused: {code}"),
    }
}

#[tokio::test(start_paused = true)]
async fn a_sale_and_its_void_online() {
    let shop = Shop::open();
    let sale = shop.sell(1234).await.unwrap();
    assert_eq!(shop.status(&sale), SaleStatus::Approved);
    assert_eq!(shop.view(&sale).net, Net::Known(1234));
    let void = id(&shop.void(&sale).await.unwrap());
    assert_eq!(shop.undo(&void).status, UndoStatus::Voided);
    assert_eq!(
        (shop.status(&sale), shop.view(&sale).net),
        (SaleStatus::Voided, Net::Known(0))
    );
    assert_eq!(findings(&shop), []);
}

#[tokio::test(start_paused = true)]
async fn i01_an_offline_void_is_queued_survives_a_restart_and_arrives_once() {
    let mut shop = Shop::open();
    let sale = shop.sell(1234).await.unwrap();
    shop.link.unplug(true);
    let void = id(&shop.void(&sale).await.unwrap());
    assert_eq!(shop.undo(&void).status, UndoStatus::Queued);
    assert_eq!(
        shop.view(&sale).net,
        Net::Known(1234),
        "an unsent void does not lower it"
    );
    shop.restart();
    assert_eq!(shop.undo(&void).status, UndoStatus::Queued);
    shop.link.unplug(false);
    let report = shop.work_off(5).await.unwrap();
    assert_eq!(
        (report.left, shop.undo(&void).status),
        (0, UndoStatus::Voided)
    );
    assert_eq!(findings(&shop), []);
}

#[tokio::test(start_paused = true)]
async fn i04_a_void_without_answer_is_unknown_then_reversed_then_made_again() {
    let shop = Shop::open();
    let sale = shop.sell(1234).await.unwrap();
    shop.faults("[[fault]]\non=\"void\"\nat=\"after_booking\"\ndo=\"drop\"\n");
    shop.faults("[[fault]]\non=\"reversal_void\"\nat=\"after_booking\"\ndo=\"drop\"\n");
    let void = id(&shop.void(&sale).await.unwrap());
    assert_eq!(
        shop.view(&sale).undo.unwrap().status,
        shop.undo(&void).status
    );
    let report = shop.work_off(10).await.unwrap();
    assert_eq!(
        (report.left, shop.undo(&void).status),
        (0, UndoStatus::Voided)
    );
    assert_eq!(findings(&shop), []);
}

#[tokio::test(start_paused = true)]
async fn i03_a_second_void_shows_the_first() {
    let shop = Shop::open();
    let sale = shop.sell(1234).await.unwrap();
    shop.link.unplug(true);
    let first = id(&shop.void(&sale).await.unwrap());
    assert_eq!(id(&shop.void(&sale).await.unwrap()), first);
    shop.link.unplug(false);
    shop.work_off(5).await.unwrap();
    let again = shop.void(&sale).await.unwrap();
    assert_eq!(
        again,
        Voided::Refused(pos_domain::LocalCode::AlreadyUndone.into())
    );
    assert_eq!(findings(&shop), []);
}
