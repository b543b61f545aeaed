//! Settlement: balanced, disputed, interrupted, stopped by an open void.

use pos_domain::{SaleStatus, UndoStatus};
use pos_flows::{Balance, Voided};
use pos_scenarios::{Shop, findings};

fn recorded(voided: &Voided) -> pos_domain::Id {
    match voided {
        Voided::Recorded(id) => id.clone(),
        Voided::Refused(code) => panic!("refused: {code}"),
    }
}

#[tokio::test(start_paused = true)]
async fn a_balanced_batch_is_cleared_and_the_next_one_opens() {
    let shop = Shop::open();
    shop.sell(1000).await.unwrap();
    let second = shop.sell(2500).await.unwrap();
    shop.void(&second).await.unwrap();
    let settled = shop.desk.settle("01", &[]).await.unwrap();
    assert_eq!((settled.balance, settled.code), (Balance::Balanced, None));
    let totals = settled.totals;
    assert_eq!((totals.debit_count, totals.debit_amount), (2, 3500));
    assert_eq!((totals.credit_count, totals.credit_amount), (1, 2500));
    let batch = shop.desk.ledger.read(|query| query.batch()).unwrap();
    assert_eq!(batch, "000002");
    assert_eq!(findings(&shop), []);
    let refused = shop.void(&shop.sell(100).await.unwrap()).await.unwrap();
    assert!(
        matches!(refused, Voided::Recorded(_)),
        "the new batch takes voids"
    );
}

#[tokio::test(start_paused = true)]
async fn a_queued_void_stops_settlement_with_the_list() {
    let shop = Shop::open();
    let sale = shop.sell(1000).await.unwrap();
    shop.link.unplug(true);
    let void = recorded(&shop.void(&sale).await.unwrap());
    let settled = shop.desk.settle("01", &[]).await.unwrap();
    assert_eq!(
        (settled.balance, settled.open),
        (Balance::Blocked, vec![void.clone()])
    );
    shop.link.unplug(false);
    let settled = shop.desk.settle("01", &[]).await.unwrap();
    assert_eq!(settled.balance, Balance::Balanced);
    assert_eq!(
        shop.undo(&void).status,
        UndoStatus::Voided,
        "draining delivered it"
    );
    assert_eq!(findings(&shop), []);
}

#[tokio::test(start_paused = true)]
async fn after_closing_a_void_is_refused_at_the_tap_and_the_settlement_goes_first() {
    let mut shop = Shop::open();
    let sale = shop.sell(1000).await.unwrap();
    shop.faults("[[fault]]\non=\"settle\"\nat=\"after_booking\"\ndo=\"drop\"\n");
    let settled = shop.desk.settle("01", &[]).await.unwrap();
    assert_eq!(settled.balance, Balance::Unknown);
    let refused = shop.void(&sale).await.unwrap();
    assert_eq!(
        refused,
        Voided::Refused(pos_domain::LocalCode::Settling.into())
    );
    shop.restart();
    let next = shop.sell(200).await.unwrap();
    assert_eq!(
        shop.status(&next),
        SaleStatus::Approved,
        "the settlement was finished first"
    );
    assert_eq!(shop.view(&next).original.batch.as_deref(), Some("000002"));
    let refused = shop.void(&sale).await.unwrap();
    assert_eq!(
        refused,
        Voided::Refused(pos_domain::LocalCode::Settled.into())
    );
    assert_eq!(findings(&shop), []);
}

#[tokio::test(start_paused = true)]
async fn nothing_is_passed_over_while_something_else_stands_in_the_way() {
    let shop = Shop::open();
    let (first, second) = (shop.sell(100).await.unwrap(), shop.sell(200).await.unwrap());
    shop.link.unplug(true);
    let passed = recorded(&shop.void(&first).await.unwrap());
    let other = recorded(&shop.void(&second).await.unwrap());
    shop.desk.hold("01", &passed).unwrap();
    shop.desk.hold("01", &other).unwrap();
    shop.link.unplug(false);
    let settled = shop
        .desk
        .settle("01", std::slice::from_ref(&passed))
        .await
        .unwrap();
    assert_eq!(settled.balance, Balance::Blocked);
    assert_eq!(
        shop.undo(&passed).status,
        UndoStatus::OnHold,
        "the void can still be made"
    );
    let settled = shop
        .desk
        .settle("01", &[passed.clone(), other])
        .await
        .unwrap();
    assert_eq!(settled.balance, Balance::Balanced);
    assert_eq!(shop.undo(&passed).status, UndoStatus::RefundOffered);
    assert_eq!(findings(&shop), []);
}

#[tokio::test(start_paused = true)]
async fn i04_an_answer_without_mac_closes_no_reversal_on_a_private_network() {
    let shop = Shop::set_up(|setup| {
        setup.rules.unmaced_decline = true;
        setup.acquirer.mac_on_declines = false;
    });
    shop.faults("[[fault]]\non=\"sale\"\nat=\"request_read\"\ndo=\"drop\"\n");
    shop.faults("[[fault]]\non=\"reversal_sale\"\nat=\"request_read\"\ndo=\"drop\"\n");
    let sale = shop.sell(300).await.unwrap();
    // The host does not know the sale and answers 25 without MAC: anybody could have.
    let report = shop.work_off(3).await.unwrap();
    assert_eq!((shop.status(&sale), report.left), (SaleStatus::Unknown, 1));
}
