//! Orders whose outcome is unknown: resolved towards what the counter was told.

use pos_domain::{Id, LocalCode, Rail, SaleStatus, ToldUnpaid, UndoStatus};
use pos_scenarios::web::{WebShop, alipay_code, code, is_refused, web_findings, wechat_code};
use pos_sim::Customer;

/// A sale that waits for a customer who does nothing by himself.
async fn waiting(shop: &WebShop) -> Id {
    let fresh = code(&format!("1346502012345678{:02}", shop.asked().len() % 100));
    shop.sell(9_001_002, &fresh).await.unwrap()
}

#[tokio::test(start_paused = true)]
async fn the_cashier_stops_and_a_payment_after_that_goes_back() {
    let shop = WebShop::open();
    let sale = waiting(&shop).await;
    shop.wait(3_000).await;
    shop.till.take_back("01", &sale).unwrap();
    assert_eq!(shop.order(&sale).told, ToldUnpaid::NotPaid);
    shop.customer(Rail::WeChat, Customer::Pays);
    // However much somebody wants everything delivered now.
    shop.till.begin_round("01").unwrap();
    shop.till.pass("01").await.unwrap();
    shop.follow(&sale).await.unwrap();
    assert_eq!(shop.status(&sale), SaleStatus::Reversed);
    // Not before 15 seconds after the submission (spec wechat-pay §3.2).
    let requests = shop.network.requests();
    let at = |name: &str| {
        let found = requests.iter().find(|(_, r)| r.path().ends_with(name));
        found.expect("a request").0.0
    };
    assert!(at("reverse") - at("micropay") >= 15_000);
    assert_eq!(web_findings(&shop), []);
}

#[tokio::test(start_paused = true)]
async fn a_void_tapped_on_an_unknown_sale_takes_it_back() {
    let shop = WebShop::open();
    let sale = waiting(&shop).await;
    let void = shop.void_id(&sale).await;
    assert_eq!(shop.undo(&void).status, UndoStatus::Unknown);
    assert_eq!(
        shop.undo(&void).code.unwrap().to_string(),
        "local.SALE_UNKNOWN"
    );
    assert_eq!(shop.order(&sale).told, ToldUnpaid::NotPaid);
    shop.follow(&sale).await.unwrap();
    assert_eq!(shop.status(&sale), SaleStatus::Reversed);
    assert_eq!(shop.undo(&void).status, UndoStatus::Voided);
    assert_eq!(web_findings(&shop), []);
}

#[tokio::test(start_paused = true)]
async fn only_before_the_first_byte_the_goods_can_have_been_handed_over() {
    let shop = WebShop::open();
    let sale = waiting(&shop).await;
    shop.till.take_back("01", &sale).unwrap();
    shop.till.handed_over("02", &sale, |_, _| Ok(())).unwrap();
    assert_eq!(shop.order(&sale).told, ToldUnpaid::HandedOver);
    shop.wait(120_000).await;
    shop.customer(Rail::WeChat, Customer::Pays);
    shop.follow(&sale).await.unwrap();
    assert_eq!(shop.status(&sale), SaleStatus::Approved);
    assert!(!shop.asked().iter().any(|asked| asked == "reverse"));
    assert_eq!(web_findings(&shop), []);

    let sale = waiting(&shop).await;
    shop.till.take_back("01", &sale).unwrap();
    shop.fault("reverse", "request_read", "drop");
    shop.wait(15_000).await;
    shop.till.step("01", &sale).await.unwrap();
    let late = shop.till.handed_over("02", &sale, |_, _| Ok(()));
    assert!(is_refused(&late, LocalCode::AlreadySending), "{late:?}");
}

/// Paid while the network was down and nobody could be told: the counter decides.
async fn paid_offline(shop: &WebShop) -> Id {
    let sale = waiting(shop).await;
    shop.follow_for(&sale, 20_000).await.unwrap();
    shop.network.unplug(true);
    shop.follow_for(&sale, 60_000).await.unwrap();
    assert_eq!(shop.order(&sale).told, ToldUnpaid::Waiting);
    shop.customer(Rail::WeChat, Customer::Pays);
    shop.wait(600_000).await;
    shop.network.unplug(false);
    shop.follow_until_told(&sale, ToldUnpaid::Ask).await;
    assert_eq!(shop.status(&sale), SaleStatus::Unknown);
    assert_eq!(shop.code(&sale), "local.PAID_LATE");
    sale
}

#[tokio::test(start_paused = true)]
async fn a_payment_made_offline_is_kept_or_given_back_as_the_counter_says() {
    let shop = WebShop::open();
    let sale = paid_offline(&shop).await;
    shop.till.keep("01", &sale).unwrap();
    assert_eq!(shop.status(&sale), SaleStatus::Approved);
    assert!(is_refused(
        &shop.till.keep("01", &sale),
        LocalCode::NotInThisState
    ));

    let sale = paid_offline(&shop).await;
    shop.till.take_back("01", &sale).unwrap();
    shop.follow(&sale).await.unwrap();
    assert_eq!(shop.status(&sale), SaleStatus::Reversed);
    assert_eq!(web_findings(&shop), []);
}

#[tokio::test(start_paused = true)]
async fn what_nobody_decides_is_taken_back_two_hours_before_it_no_longer_can() {
    let shop = WebShop::open();
    let sale = paid_offline(&shop).await;
    let hours = 3_600_000;
    shop.wait(7 * 24 * hours - 3 * hours).await;
    shop.till.begin_round("01").unwrap();
    shop.till.pass("01").await.unwrap();
    assert_eq!(shop.order(&sale).told, ToldUnpaid::Ask);
    shop.wait(hours).await;
    shop.work_off(20).await.unwrap();
    assert_eq!(shop.status(&sale), SaleStatus::Reversed);
    assert_eq!(web_findings(&shop), []);
}

#[tokio::test(start_paused = true)]
async fn not_paid_while_offline_is_taken_back_when_the_network_is_there_again() {
    let shop = WebShop::open();
    let sale = waiting(&shop).await;
    shop.network.unplug(true);
    shop.follow_for(&sale, 600_000).await.unwrap();
    assert_eq!(shop.order(&sale).told, ToldUnpaid::Waiting);
    shop.network.unplug(false);
    shop.follow(&sale).await.unwrap();
    assert_eq!(shop.status(&sale), SaleStatus::Reversed);
    assert_eq!(web_findings(&shop), []);
}

#[tokio::test(start_paused = true)]
async fn a_take_back_that_is_too_late_becomes_a_refund_by_itself() {
    for (code, asked) in [
        (wechat_code as fn(u8) -> _, "refund"),
        (alipay_code, "refund"),
    ] {
        let shop = WebShop::open();
        // Paid without our knowing, and neither reverse nor cancel takes it back.
        shop.fault("sale", "after_booking", "drop");
        let sale = shop.sell(9_001_013, &code(0)).await.unwrap();
        shop.till.take_back("01", &sale).unwrap();
        shop.follow(&sale).await.unwrap();
        let (said, requests) = (shop.code(&sale), shop.asked());
        assert_eq!(
            shop.status(&sale),
            SaleStatus::Reversed,
            "{said} {requests:?}"
        );
        assert!(
            requests.iter().any(|request| request == asked),
            "{requests:?}"
        );
        assert_eq!(web_findings(&shop), []);
    }
}
