//! The crash matrix: the program is stopped at every write of a day and started again.

use pos_domain::{SaleStatus, UndoStatus};
use pos_scenarios::{Shop, findings};

/// A day at the counter; an error means that the program stopped.
async fn sale_and_void(shop: &Shop) -> Result<(), pos_flows::FlowError> {
    let sale = shop.sell(1234).await?;
    if shop.status(&sale) == SaleStatus::Approved {
        shop.void(&sale).await?;
    }
    Ok(())
}

async fn count_commits(faults: &str) -> i64 {
    let shop = Shop::open();
    shop.faults(faults);
    let before = shop.commits();
    sale_and_void(&shop).await.unwrap();
    shop.commits() - before
}

async fn stop_everywhere(faults: &str) {
    let commits = count_commits(faults).await;
    assert!(
        commits >= 6,
        "a sale and a void make at least six commits, saw {commits}"
    );
    for nth in 1..=commits {
        for committed in [false, true] {
            let mut shop = Shop::open();
            shop.faults(faults);
            shop.stop_at(nth, committed);
            let stopped = sale_and_void(&shop).await;
            assert!(
                stopped.is_err(),
                "commit {nth} of {commits} was never reached"
            );
            shop.restart();
            let report = shop.work_off(12).await.unwrap();
            let place = format!("stopped at commit {nth} ({committed}), faults {faults:?}");
            assert_eq!(findings(&shop), [], "{place}");
            assert_eq!(report.left, 0, "{place}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn i02_i08_a_stop_at_any_write_loses_and_doubles_nothing() {
    stop_everywhere("").await;
}

#[tokio::test(start_paused = true)]
async fn i08_a_stop_at_any_write_of_a_day_with_lost_answers() {
    for (on, at) in [
        ("sale", "request_read"),
        ("sale", "after_booking"),
        ("void", "request_read"),
        ("void", "after_booking"),
        ("reversal_sale", "after_booking"),
        ("reversal_void", "after_booking"),
    ] {
        let lost = format!("[[fault]]\non=\"{on}\"\nat=\"{at}\"\ndo=\"drop\"\n");
        let both = match on {
            "reversal_sale" => "[[fault]]\non=\"sale\"\nat=\"after_booking\"\ndo=\"drop\"\n",
            "reversal_void" => "[[fault]]\non=\"void\"\nat=\"after_booking\"\ndo=\"drop\"\n",
            _ => "",
        };
        stop_everywhere(&format!("{both}{lost}")).await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_stopped_void_is_in_exactly_one_state() {
    let mut shop = Shop::open();
    let sale = shop.sell(1234).await.unwrap();
    shop.stop_at(3, true);
    assert!(shop.void(&sale).await.is_err());
    shop.restart();
    let status = shop.undo_status(&sale).unwrap();
    assert!(matches!(
        status,
        UndoStatus::Unknown | UndoStatus::Queued | UndoStatus::Voided
    ));
}
