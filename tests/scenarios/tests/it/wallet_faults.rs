//! Every fault at every moment of every request to a wallet: after it, both money ledgers are
//! equal and nothing is left.

use pos_domain::SaleStatus;
use pos_scenarios::fault;
use pos_scenarios::web::{WebShop, alipay_code, web_findings, wechat_code};

/// Moments, and what can go wrong at each.
const MOMENTS: [(&str, &[Wrong]); 4] = [
    ("request_read", ALL),
    ("after_booking", ALL),
    (
        "mid_answer",
        &[
            ("drop", ""),
            ("delay", "5000"),
            ("delay", "40000"),
            ("cut", ""),
            ("corrupt", ""),
        ],
    ),
    (
        "after_answer",
        &[("delay", "5000"), ("duplicate", ""), ("cut", "")],
    ),
];

/// An action and its argument.
type Wrong = (&'static str, &'static str);

const ALL: &[Wrong] = &[
    ("drop", ""),
    ("delay", "5000"),
    ("delay", "40000"),
    ("duplicate", ""),
    ("cut", ""),
    ("corrupt", ""),
    ("wrong_mac", ""),
    ("foreign_answer", ""),
    ("unsigned", ""),
    ("other_amount", ""),
    ("http", "502"),
    ("http", "500"),
    ("http", "404"),
    ("http", "html"),
    ("http", "redirect"),
    ("http", "charset"),
    ("http", "empty"),
];

/// A day with a sale and its void, and one that nobody pays and that is taken back.
async fn day(shop: &WebShop, code: fn(u8) -> pos_flows::wallet::PaymentCode) {
    let sale = shop.sell_through(880, &code(0)).await;
    if shop.status(&sale) == SaleStatus::Approved {
        shop.void(&sale).await.unwrap();
    }
    shop.sell_through(770, &code(2)).await;
    shop.work_off(40).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn i04_i06_every_fault_at_every_moment() {
    let wechat = ["sale", "query", "reverse"].map(|on| (on, wechat_code as fn(u8) -> _));
    let alipay = ["sale", "query", "cancel", "refund"].map(|on| (on, alipay_code as fn(u8) -> _));
    let mut struck = 0;
    for (on, code) in wechat.into_iter().chain(alipay) {
        for (at, wrongs) in MOMENTS {
            for (action, arg) in wrongs {
                let shop = WebShop::open();
                shop.faults(&fault(on, at, action, arg));
                day(&shop, code).await;
                let what = format!("{on} {at} {action} {arg} {:?}", code(0));
                struck += usize::from(shop.hosts().faults().as_array().unwrap().is_empty());
                let left = shop.read(|query| query.left());
                assert!(left.is_empty(), "{what}: {left:?} {:?}", shop.asked());
                assert_eq!(web_findings(&shop), [], "{what}");
            }
        }
    }
    assert!(struck > 150, "only {struck} faults struck");
}

/// Nothing that a web server can say instead of the wallet is a refusal.
#[tokio::test(start_paused = true)]
async fn i04_a_bad_answer_to_a_sale_is_never_a_refusal() {
    for code in [wechat_code, alipay_code] {
        for (action, arg) in ALL {
            if matches!(*action, "delay" | "duplicate") {
                continue;
            }
            let shop = WebShop::open();
            shop.faults(&fault("sale", "after_booking", action, arg));
            let sale = shop.sell(880, &code(0)).await.unwrap();
            assert_eq!(shop.status(&sale), SaleStatus::Unknown, "{action} {arg}");
            shop.follow(&sale).await.unwrap();
            let said = shop.code(&sale);
            assert_eq!(
                shop.status(&sale),
                SaleStatus::Approved,
                "{action} {arg} {said}"
            );
        }
    }
}
