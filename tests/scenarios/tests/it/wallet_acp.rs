//! UnionPay QR by the all-channel gateway: the same flows as for the wallets, another interface.

use pos_domain::{Id, Rail, SaleStatus, UndoStatus};
use pos_scenarios::fault;
use pos_scenarios::web::{WebShop, unionpay_code, web_findings};
use pos_sim::Customer;

async fn voided(shop: &WebShop, sale: &Id) {
    let void = shop.void_id(sale).await;
    shop.work_off(20).await.unwrap();
    let undo = shop.undo(&void);
    assert_eq!(
        undo.status,
        UndoStatus::Voided,
        "{:?} {:?}",
        undo.code,
        shop.asked()
    );
    assert_eq!(web_findings(shop), []);
}

#[tokio::test(start_paused = true)]
async fn a_sale_and_its_void() {
    let shop = WebShop::open();
    let sale = shop.sell_through(880, &unionpay_code(0)).await;
    assert_eq!(
        shop.status(&sale),
        SaleStatus::Approved,
        "{}",
        shop.code(&sale)
    );
    voided(&shop, &sale).await;
    assert_eq!(shop.asked(), ["01/06", "31/00", "00/00"]);
}

#[tokio::test(start_paused = true)]
async fn every_way_a_customer_can_go() {
    use SaleStatus::{Approved, Declined, Reversed};
    for (script, status) in [
        (1, Approved),
        (2, Reversed),
        (3, Declined),
        (4, Declined),
        (5, Declined),
        (6, Reversed),
        (7, Approved),
        (8, Approved),
        (9, Reversed),
        (10, Declined),
    ] {
        let shop = WebShop::open();
        let sale = shop.sell_through(880, &unionpay_code(script)).await;
        assert_eq!(shop.status(&sale), status, "{script} {}", shop.code(&sale));
        assert_eq!(web_findings(&shop), [], "{script}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_code_of_ours_is_paid_and_voided() {
    let shop = WebShop::open();
    let sale = shop.show(880, Rail::UnionPay).await.unwrap();
    assert!(shop.order(&sale).qr.is_some());
    shop.customer(Rail::UnionPay, Customer::Pays);
    shop.follow(&sale).await.unwrap();
    assert_eq!(shop.status(&sale), SaleStatus::Approved);
    voided(&shop, &sale).await;
}

#[tokio::test(start_paused = true)]
async fn a_void_of_another_day_is_offered_as_a_return() {
    let shop = WebShop::open();
    let sale = shop.sell_through(880, &unionpay_code(0)).await;
    shop.network.unplug(true);
    let void = shop.void_id(&sale).await;
    shop.wait(86_400_000).await;
    shop.network.unplug(false);
    shop.work_off(3).await.unwrap();
    assert_eq!(shop.undo(&void).status, UndoStatus::RefundOffered);
    shop.refund(&sale, 880).await.unwrap();
    shop.work_off(9).await.unwrap();
    assert_eq!(
        shop.status(&sale),
        SaleStatus::Refunded,
        "{:?}",
        shop.asked()
    );
    assert_eq!(web_findings(&shop), []);
}

#[tokio::test(start_paused = true)]
async fn i04_i06_faults_at_every_moment() {
    for on in ["sale", "query", "void", "reverse"] {
        for at in ["request_read", "after_booking"] {
            for (action, arg) in [
                ("drop", ""),
                ("delay", "40000"),
                ("cut", ""),
                ("corrupt", ""),
                ("wrong_mac", ""),
                ("foreign_answer", ""),
                ("unsigned", ""),
                ("other_amount", ""),
                ("http", "502"),
                ("http", "html"),
            ] {
                let shop = WebShop::open();
                shop.faults(&fault(on, at, action, arg));
                let sale = shop.sell_through(880, &unionpay_code(0)).await;
                if shop.status(&sale) == SaleStatus::Approved {
                    shop.void(&sale).await.unwrap();
                }
                shop.sell_through(770, &unionpay_code(2)).await;
                shop.work_off(40).await.unwrap();
                let (what, left) = (format!("{on} {at} {action} {arg}"), shop.read(|q| q.left()));
                assert!(left.is_empty(), "{what}: {left:?} {:?}", shop.asked());
                assert_eq!(web_findings(&shop), [], "{what}");
            }
        }
    }
}
