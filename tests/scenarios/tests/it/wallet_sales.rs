//! Sales by payment code: each way the customer and the wallet can go.

use pos_domain::{Rail, SaleStatus, ToldUnpaid, UndoStatus};
use pos_scenarios::web::{WebShop, alipay_code, web_findings, wechat_code};
use pos_sim::Customer;

#[tokio::test(start_paused = true)]
async fn a_wechat_sale_and_its_void() {
    let shop = WebShop::open();
    let sale = shop.sell_through(880, &wechat_code(0)).await;
    assert_eq!(shop.status(&sale), SaleStatus::Approved);
    let void = shop.void_id(&sale).await;
    assert_eq!(shop.undo(&void).status, UndoStatus::Voided);
    assert_eq!(shop.asked(), ["micropay", "reverse", "orderquery"]);
    assert_eq!(web_findings(&shop), []);
}

#[tokio::test(start_paused = true)]
async fn an_alipay_sale_and_its_void() {
    let shop = WebShop::open();
    let sale = shop.sell_through(880, &alipay_code(0)).await;
    assert_eq!(shop.status(&sale), SaleStatus::Approved);
    let void = shop.void_id(&sale).await;
    assert_eq!(shop.undo(&void).status, UndoStatus::Voided);
    assert_eq!(shop.asked(), ["pay", "refund"]);
    assert_eq!(web_findings(&shop), []);
}

/// What each scripted customer's sale comes to, for both wallets.
#[tokio::test(start_paused = true)]
async fn every_way_a_customer_can_go() {
    use SaleStatus::{Approved, Declined, Reversed};
    for (script, wechat, alipay) in [
        (0, Approved, Approved),
        (1, Approved, Approved),
        (2, Reversed, Reversed),
        (3, Reversed, Declined),
        (4, Declined, Declined),
        (5, Declined, Declined),
        (6, Reversed, Reversed),
        (7, Approved, Approved),
        (8, Approved, Approved),
        (9, Reversed, Reversed),
        (10, Reversed, Declined),
    ] {
        let shop = WebShop::open();
        for (code, status) in [(wechat_code(script), wechat), (alipay_code(script), alipay)] {
            let sale = shop.sell_through(880, &code).await;
            let said = shop.code(&sale);
            assert_eq!(shop.status(&sale), status, "{script} {code:?} {said}");
        }
        assert_eq!(web_findings(&shop), [], "{script}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_take_back_that_asks_for_patience_gets_it() {
    for code in [wechat_code, alipay_code] {
        // Recall twice; refused once while the customer types.
        for (amount, script) in [(9_001_011, 2), (9_001_012, 2), (9_001_019, 2)] {
            let shop = WebShop::open();
            let sale = shop.sell_through(amount, &code(script)).await;
            let said = shop.code(&sale);
            assert_eq!(shop.status(&sale), SaleStatus::Reversed, "{amount} {said}");
            assert_eq!(web_findings(&shop), [], "{amount}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn not_paid_is_told_before_the_first_byte_of_a_take_back() {
    let shop = WebShop::open();
    let sale = shop.sell(880, &wechat_code(2)).await.unwrap();
    shop.follow_until_told(&sale, ToldUnpaid::NotPaid).await;
    assert!(!shop.asked().iter().any(|asked| asked == "reverse"));
    assert_eq!(shop.code(&sale), "local.TAKEN_BACK");
    // The customer pays after all: the money goes back.
    shop.customer(Rail::WeChat, Customer::Pays);
    shop.follow(&sale).await.unwrap();
    assert_eq!(shop.status(&sale), SaleStatus::Reversed);
    assert_eq!(web_findings(&shop), []);
}
