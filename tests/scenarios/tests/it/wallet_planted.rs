//! Bugs planted on purpose in the wallets' flows: each is reported by the check that is named, and
//! the same day without it is clean.

use pos_domain::planted::Bug;
use pos_scenarios::fault;
use pos_scenarios::web::{WebShop, alipay_code, asked_for, web_findings, wechat_code};
use pos_sim::{WebRequest, WebResponse, WebStep};

use crate::bugs::{assert_reported, with_and_without};

#[tokio::test(start_paused = true)]
async fn i04_a_second_number_while_the_first_is_unknown() {
    let found = with_and_without(Bug::SecondNumberWhileUnknown, async || {
        let shop = WebShop::open();
        shop.fault("sale", "after_booking", "drop");
        let sale = shop.sell(880, &wechat_code(0)).await.unwrap();
        shop.follow(&sale).await.unwrap();
        web_findings(&shop)
    })
    .await;
    assert_reported(&found, "violation", "");
}

#[tokio::test(start_paused = true)]
async fn i04_the_success_of_a_take_back_is_no_proof() {
    let found = with_and_without(Bug::TrustTakeBack, async || {
        let shop = WebShop::open();
        let sale = shop.sell_through(9_001_019, &wechat_code(0)).await;
        shop.void(&sale).await.unwrap();
        shop.work_off(9).await.unwrap();
        web_findings(&shop)
    })
    .await;
    assert_reported(&found, "equal", "terminal 0, wallet 9001019");
}

#[tokio::test(start_paused = true)]
async fn i03_a_refund_repeated_under_a_new_number() {
    let found = with_and_without(Bug::RefundWithNewNumber, async || {
        let shop = WebShop::open();
        let sale = shop.sell_through(1_000, &alipay_code(0)).await;
        shop.fault("refund", "after_booking", "drop");
        shop.refund(&sale, 400).await.unwrap();
        shop.work_off(9).await.unwrap();
        web_findings(&shop)
    })
    .await;
    assert_reported(&found, "equal", "terminal 600, wallet 200");
}

#[tokio::test(start_paused = true)]
async fn i04_a_bad_status_counts_as_declined() {
    let found = with_and_without(Bug::DeclineOnBadStatus, async || {
        let shop = WebShop::open();
        shop.faults(&fault("sale", "after_booking", "http", "502"));
        shop.sell_through(880, &wechat_code(0)).await;
        web_findings(&shop)
    })
    .await;
    assert_reported(&found, "equal", "terminal 0, wallet 880");
}

#[tokio::test(start_paused = true)]
async fn i06_an_answer_about_another_order_is_believed() {
    let found = with_and_without(Bug::BelieveOtherOrder, async || {
        let shop = WebShop::open();
        // The sale was never booked; its answer speaks of another order.
        shop.faults(&fault("sale", "request_read", "foreign_answer", ""));
        shop.sell_through(880, &wechat_code(0)).await;
        web_findings(&shop)
    })
    .await;
    assert_reported(&found, "equal", "terminal 880, wallet 0");
}

/// A forged yes to the sale of a request, without a signature or with a wrong one.
fn forged(request: &WebRequest, sign: &str) -> WebStep {
    let body = String::from_utf8(request.body.clone()).unwrap();
    let field = |name: &str| {
        let (_, rest) = body.split_once(&format!("<{name}>")).unwrap();
        rest.split_once('<').unwrap().0.to_owned()
    };
    let fields = [
        ("return_code", "SUCCESS".to_owned()),
        ("result_code", "SUCCESS".to_owned()),
        ("appid", field("appid")),
        ("mch_id", field("mch_id")),
        ("out_trade_no", field("out_trade_no")),
        ("total_fee", field("total_fee")),
        ("transaction_id", "4200000000202611240000000001".to_owned()),
        ("sign", sign.to_owned()),
    ];
    let fields = fields.map(|(name, value)| format!("<{name}>{value}</{name}>"));
    WebStep::Answer(WebResponse {
        status: 200,
        headers: Vec::new(),
        body: format!("<xml>{}</xml>", fields.concat()).into_bytes(),
    })
}

#[tokio::test(start_paused = true)]
async fn i06_an_answer_without_a_good_signature_is_believed() {
    for sign in ["", "9A0A8659F005D6984697E2CA0A9CF3B7"] {
        let found = with_and_without(Bug::BelieveUnsigned, async || {
            let shop = WebShop::open();
            shop.network.tamper(Box::new(|request, steps| {
                if asked_for(request) == "micropay" {
                    vec![forged(request, sign)]
                } else {
                    steps
                }
            }));
            // The customer never confirms.
            shop.sell_through(880, &wechat_code(2)).await;
            web_findings(&shop)
        })
        .await;
        assert_reported(&found, "equal", "terminal 880, wallet 0");
    }
}
