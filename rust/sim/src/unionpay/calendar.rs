//! The host's business day.

use pos_domain::WallTime;
use pos_domain::time::DAY_MS;

const BEIJING_MS: i64 = 8 * 3_600_000;
const MINUTES_A_DAY: i64 = 1440;

/// The business day, and how long code 90 is answered after a change.
#[derive(Clone, Debug)]
pub(crate) struct Calendar {
    /// Minute of the day at which it changes by itself.
    cut_minute: Option<i64>,
    /// The day of the first request, when it does not change by itself.
    first_day: Option<i64>,
    /// How often it was moved by hand.
    moved: i64,
    paused_until: Option<WallTime>,
}

impl Calendar {
    pub(crate) const fn new(cut_minute: Option<i64>) -> Self {
        Self {
            cut_minute,
            first_day: None,
            moved: 0,
            paused_until: None,
        }
    }

    /// The business day, counted from 1970-01-01.
    pub(crate) fn day(&mut self, now: WallTime) -> i64 {
        let day_of = |at: WallTime| at.0.saturating_add(BEIJING_MS).div_euclid(DAY_MS);
        let natural = match self.cut_minute {
            Some(minute) => {
                let left = MINUTES_A_DAY - minute.clamp(0, MINUTES_A_DAY);
                day_of(now.plus(left * 60_000))
            }
            None => *self.first_day.get_or_insert(day_of(now)),
        };
        natural.saturating_add(self.moved)
    }

    /// The business date as MMDD: field 15.
    pub(crate) fn date(&mut self, now: WallTime) -> String {
        let day = self.day(now);
        WallTime(day.saturating_mul(DAY_MS).saturating_sub(BEIJING_MS)).mmdd()
    }

    pub(crate) fn cutover(&mut self, now: WallTime, pause_ms: i64) {
        self.day(now);
        self.moved = self.moved.saturating_add(1);
        self.paused_until = Some(now.plus(pause_ms));
    }

    /// True while code 90 is answered.
    pub(crate) fn is_paused(&self, now: WallTime) -> bool {
        self.paused_until.is_some_and(|until| now < until)
    }
}
