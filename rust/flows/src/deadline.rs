//! Until when a void can be made, on trusted time.

use pos_domain::time::TrustedTime;
use pos_domain::{Moment, WallTime};
use pos_ledger::Original;

use crate::rules::Rules;

/// A deadline and whether the time it is measured by can be trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deadline {
    /// The last moment.
    pub at: WallTime,
    /// Milliseconds left; negative when it has passed.
    pub left_ms: i64,
    /// Whether a host told the time since boot. If not, nothing expires.
    pub certain: bool,
}

impl Deadline {
    /// Whether it has passed for certain.
    #[must_use]
    pub const fn has_passed(&self) -> bool {
        self.certain && self.left_ms <= 0
    }
}

/// The deadline for a void of `original`: the acquirer's next cut-over after the sale.
pub(crate) fn of(
    original: &Original,
    trusted: Option<&TrustedTime>,
    rules: &Rules,
    now: &Moment,
) -> Deadline {
    // One that nobody told on trusted time stands on the wall clock: good to show, no more.
    let told = original.facts.deadline;
    let at = told.unwrap_or_else(|| original.created.next_daily(rules.day_cutover_minute));
    let trusted_now = trusted.and_then(|trusted| trusted.at(now));
    let reference = trusted_now.unwrap_or(now.wall);
    let left_ms = at.0.saturating_sub(reference.0);
    Deadline {
        at,
        left_ms,
        certain: trusted_now.is_some() && told.is_some(),
    }
}
