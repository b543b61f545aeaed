//! The crash matrix over the web: the program is stopped at every write, before and after it is
//! durable, and in every call; then it starts again and works everything off.

use pos_domain::{Rail, SaleStatus};
use pos_flows::FlowError;
use pos_scenarios::Death;
use pos_scenarios::web::{WebShop, alipay_code, web_findings, wechat_code};

/// Where the program stops.
#[derive(Clone, Copy, Debug)]
enum Stop {
    Commit(i64, bool),
    Wire(u32, Death),
}

type Day = Result<(), FlowError>;

/// Runs `day` once undisturbed, to know where it can stop.
async fn places(prepare: impl Fn(&WebShop), day: impl AsyncFn(&WebShop) -> Day) -> Vec<Stop> {
    let shop = WebShop::open();
    prepare(&shop);
    let commits = shop.commits();
    day(&shop).await.unwrap();
    let commits = shop.commits() - commits;
    let calls = u32::try_from(shop.network.requests().len()).unwrap();
    let writes = (1..=commits).flat_map(|n| [Stop::Commit(n, false), Stop::Commit(n, true)]);
    let deaths = [Death::BeforeSending, Death::BeforeAnswer];
    let wires = (1..=calls).flat_map(|n| deaths.map(|place| Stop::Wire(n, place)));
    writes.chain(wires).collect()
}

async fn everywhere(prepare: impl Fn(&WebShop), day: impl AsyncFn(&WebShop) -> Day) {
    for stop in places(&prepare, &day).await {
        let mut shop = WebShop::open();
        prepare(&shop);
        match stop {
            Stop::Commit(nth, committed) => {
                shop.stop_at(nth, committed);
                assert!(day(&shop).await.is_err(), "{stop:?}: never reached");
            }
            Stop::Wire(nth, place) => {
                let told = shop.dies_in(nth, place, day(&shop)).await;
                assert!(told.is_none(), "{stop:?}: never reached");
            }
        }
        shop.restart();
        // A payment that nobody was told of waits for a person; here it is kept.
        for _ in 0..40 {
            let report = shop.work_off(1).await.unwrap();
            for order in shop.read(|query| query.waiting_web_orders()) {
                let _ = shop.till.keep("01", &order.original);
            }
            if report.left == 0 {
                break;
            }
        }
        let left = shop.read(|query| query.left());
        assert!(left.is_empty(), "{stop:?}: {left:?} {:?}", shop.asked());
        assert_eq!(web_findings(&shop), [], "{stop:?}");
    }
}

async fn sale_and_void(shop: &WebShop, code: &pos_flows::wallet::PaymentCode) -> Day {
    let sale = shop.sell(880, code).await?;
    shop.follow(&sale).await?;
    if shop.status(&sale) == SaleStatus::Approved {
        shop.void(&sale).await?;
        shop.work_off(10).await?;
    }
    Ok(())
}

#[tokio::test(start_paused = true)]
async fn i02_i08_a_sale_and_its_void() {
    for code in [wechat_code(0), alipay_code(0)] {
        everywhere(|_| {}, async |shop| sale_and_void(shop, &code).await).await;
    }
}

#[tokio::test(start_paused = true)]
async fn i08_a_sale_that_is_paid_late_or_never() {
    for script in [1, 2, 6] {
        for code in [wechat_code(script), alipay_code(script)] {
            everywhere(|_| {}, async |shop| sale_and_void(shop, &code).await).await;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn i08_a_sale_and_its_void_with_lost_answers() {
    for code in [wechat_code(0), alipay_code(0)] {
        for on in ["sale", "void", "query"] {
            for at in ["request_read", "after_booking"] {
                everywhere(
                    |shop| shop.fault(on, at, "drop"),
                    async |shop| sale_and_void(shop, &code).await,
                )
                .await;
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn i08_a_qr_of_ours() {
    for rail in [Rail::WeChat, Rail::Alipay] {
        everywhere(
            |_| {},
            async |shop| {
                let sale = shop.show(9_001_002, rail).await?;
                shop.follow_for(&sale, 9_000).await?;
                shop.customer(rail, pos_sim::Customer::Pays);
                shop.follow(&sale).await?;
                if shop.status(&sale) == SaleStatus::Approved {
                    shop.void(&sale).await?;
                }
                Ok(())
            },
        )
        .await;
    }
}
