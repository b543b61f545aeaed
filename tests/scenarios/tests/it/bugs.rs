//! A bug planted on purpose, and whether a check reports it.

use pos_domain::planted::{Bug, plant};
use pos_scenarios::Finding;

/// What the checker finds after `day` with the bug; without it the same day has to be clean.
pub async fn with_and_without(bug: Bug, day: impl AsyncFn() -> Vec<Finding>) -> Vec<Finding> {
    plant(None);
    assert_eq!(day().await, [], "{bug:?}: clean without the bug");
    plant(Some(bug));
    let found = day().await;
    plant(None);
    found
}

/// One of the findings is of this check and says this.
#[track_caller]
pub fn assert_reported(found: &[Finding], check: &str, says: &str) {
    let reported = found
        .iter()
        .any(|f| f.check == check && f.detail.contains(says));
    assert!(reported, "not reported: {found:?}");
}
