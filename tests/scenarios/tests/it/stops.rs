//! A program that is stopped at every write of what it does, and started again.

use pos_flows::FlowError;
use pos_scenarios::{Shop, findings};

/// Stops a shop at each commit of `day`, once before and once after it is durable, starts it again,
/// works everything off, and has `look` at it. Both ledgers must be equal every time.
pub async fn everywhere(
    open: impl Fn() -> Shop,
    day: impl AsyncFn(&Shop) -> Result<(), FlowError>,
    look: impl AsyncFn(&Shop, &str),
) {
    let shop = open();
    let before = shop.commits();
    day(&shop).await.unwrap();
    let commits = shop.commits() - before;
    assert!(
        commits >= 2,
        "intent and proof are two commits, saw {commits}"
    );
    for nth in 1..=commits {
        for committed in [false, true] {
            let mut shop = open();
            shop.stop_at(nth, committed);
            let place = format!("stopped at commit {nth} of {commits} ({committed})");
            assert!(day(&shop).await.is_err(), "{place}: never reached");
            shop.restart();
            let report = shop.work_off(12).await.unwrap();
            assert_eq!(findings(&shop), [], "{place}");
            assert_eq!(report.left, 0, "{place}");
            look(&shop, &place).await;
        }
    }
}
