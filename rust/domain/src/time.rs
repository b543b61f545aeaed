//! Time: the wall clock for showing, the time since boot for deadlines.

use std::fmt;

use time::format_description::well_known::Rfc3339;
use time::{OffsetDateTime, UtcOffset};

/// Milliseconds in a day.
pub const DAY_MS: i64 = 86_400_000;

/// Business dates are UTC+8 whatever the device says.
const BEIJING_MS: i64 = 8 * 3_600_000;

/// A point on the wall clock: milliseconds since 1970-01-01 UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WallTime(pub i64);

impl WallTime {
    /// RFC 3339 in UTC+8, to the second.
    #[must_use]
    pub fn rfc3339(self) -> String {
        let beijing = UtcOffset::from_hms(8, 0, 0).unwrap_or(UtcOffset::UTC);
        OffsetDateTime::from_unix_timestamp(self.0.div_euclid(1000))
            .ok()
            .and_then(|at| at.to_offset(beijing).format(&Rfc3339).ok())
            .unwrap_or_else(|| "0000-00-00T00:00:00+08:00".to_owned())
    }

    fn beijing(self) -> OffsetDateTime {
        let seconds = self.0.saturating_add(BEIJING_MS).div_euclid(1000);
        OffsetDateTime::from_unix_timestamp(seconds).unwrap_or(OffsetDateTime::UNIX_EPOCH)
    }

    /// The business date in UTC+8 as four digits, MMDD: fields 13 and 15.
    #[must_use]
    pub fn mmdd(self) -> String {
        let at = self.beijing();
        format!("{:02}{:02}", u8::from(at.month()), at.day())
    }

    /// The time of day in UTC+8 as six digits, hhmmss: field 12.
    #[must_use]
    pub fn hhmmss(self) -> String {
        let at = self.beijing();
        format!("{:02}{:02}{:02}", at.hour(), at.minute(), at.second())
    }

    /// The year and date in UTC+8 as eight digits, YYYYMMDD.
    #[must_use]
    pub fn yyyymmdd(self) -> String {
        format!("{:04}{}", self.beijing().year(), self.mmdd())
    }

    /// The midnight in UTC+8 with which a day such as `2026-11-24` begins.
    #[must_use]
    pub fn of_day(text: &str) -> Option<Self> {
        if text.len() != "2026-11-24".len() {
            return None;
        }
        let at = OffsetDateTime::parse(&format!("{text}T00:00:00+08:00"), &Rfc3339).ok()?;
        Some(Self(at.unix_timestamp().saturating_mul(1000)))
    }

    /// The next moment strictly after this one at which the clock in UTC+8 shows
    /// `minute_of_day` (0 to 1440; 1440 is midnight).
    #[must_use]
    pub fn next_daily(self, minute_of_day: i64) -> Self {
        let local = self.0.saturating_add(BEIJING_MS);
        let midnight = local.div_euclid(DAY_MS).saturating_mul(DAY_MS);
        let today = midnight.saturating_add(minute_of_day.rem_euclid(1440).saturating_mul(60_000));
        let next = if today > local {
            today
        } else {
            today.saturating_add(DAY_MS)
        };
        Self(next.saturating_sub(BEIJING_MS))
    }

    /// Reads a host's local date MMDD and time hhmmss (fields 13 and 12) as the moment nearest to
    /// this one, since they carry no year.
    #[must_use]
    pub fn nearest_host_time(self, mmdd: &str, hhmmss: &str) -> Option<Self> {
        let number = |text: &str, at: usize| text.get(at..at + 2)?.parse::<u8>().ok();
        let month = time::Month::try_from(number(mmdd, 0)?).ok()?;
        let (day, hour) = (number(mmdd, 2)?, number(hhmmss, 0)?);
        let clock = time::Time::from_hms(hour, number(hhmmss, 2)?, number(hhmmss, 4)?).ok()?;
        let year = self.beijing().year();
        [year - 1, year, year + 1]
            .into_iter()
            .filter_map(|y| time::Date::from_calendar_date(y, month, day).ok())
            .map(|date| {
                let local = date.with_time(clock).assume_utc().unix_timestamp();
                Self(local.saturating_mul(1000).saturating_sub(BEIJING_MS))
            })
            .min_by_key(|at| at.0.abs_diff(self.0))
    }

    /// This much later (milliseconds).
    #[must_use]
    pub const fn plus(self, ms: i64) -> Self {
        Self(self.0.saturating_add(ms))
    }
}

impl fmt::Display for WallTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.rfc3339())
    }
}

impl serde::Serialize for WallTime {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// One reading of all clocks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moment {
    /// What the wall clock shows; a person may have set it wrong.
    pub wall: WallTime,
    /// Milliseconds since boot, suspend included; never goes back within one boot.
    pub since_boot: i64,
    /// Which boot this is.
    pub boot_id: String,
}

/// The last time that a host or wallet told, and when it was told on the monotonic clock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrustedTime {
    /// The host's time.
    pub host: WallTime,
    /// Milliseconds since boot at that moment.
    pub since_boot: i64,
    /// The boot in which it was told.
    pub boot_id: String,
}

impl TrustedTime {
    /// The trusted time now; none after a reboot, until a host has spoken again.
    #[must_use]
    pub fn at(&self, now: &Moment) -> Option<WallTime> {
        let same_boot = self.boot_id == now.boot_id && now.since_boot >= self.since_boot;
        same_boot.then(|| {
            self.host
                .plus(now.since_boot.saturating_sub(self.since_boot))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2026-11-24 10:20:00 UTC, 18:20 in Beijing.
    const NOW: WallTime = WallTime(1_795_515_600_000);

    #[test]
    fn business_dates_are_beijing() {
        assert_eq!(NOW.rfc3339(), "2026-11-24T18:20:00+08:00");
        assert_eq!(
            (NOW.mmdd().as_str(), NOW.hhmmss().as_str()),
            ("1124", "182000")
        );
        assert_eq!(NOW.plus(6 * 3_600_000).yyyymmdd(), "20261125");
    }

    #[test]
    fn the_next_cut_over_is_always_ahead() {
        assert_eq!(
            NOW.next_daily(23 * 60).rfc3339(),
            "2026-11-24T23:00:00+08:00"
        );
        assert_eq!(
            NOW.next_daily(18 * 60 + 20).rfc3339(),
            "2026-11-25T18:20:00+08:00"
        );
        assert_eq!(NOW.next_daily(1440).rfc3339(), "2026-11-25T00:00:00+08:00");
    }

    #[test]
    fn a_day_begins_in_beijing() {
        let told = |text| WallTime::of_day(text).map(WallTime::rfc3339);
        assert_eq!(
            told("2026-11-24").as_deref(),
            Some("2026-11-24T00:00:00+08:00")
        );
        for wrong in ["", "2026-02-30", "20261124", "2026-1-24", "2026-11-2é"] {
            assert_eq!(told(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_host_date_without_a_year_is_the_nearest_one() {
        let new_year = WallTime(1_798_732_800_000); // 2027-01-01 00:00 in Beijing
        let eve = new_year.nearest_host_time("1231", "235959").unwrap();
        assert_eq!(eve.rfc3339(), "2026-12-31T23:59:59+08:00");
        assert_eq!(
            NOW.nearest_host_time("1124", "182001"),
            Some(NOW.plus(1000))
        );
        for (date, clock) in [
            ("1332", "000000"),
            ("0101", "240000"),
            ("01", ""),
            ("日期", "0000"),
        ] {
            assert_eq!(NOW.nearest_host_time(date, clock), None);
        }
    }

    #[test]
    fn i09_trusted_time_ends_with_the_boot() {
        let told = TrustedTime {
            host: NOW,
            since_boot: 1000,
            boot_id: "a".into(),
        };
        let mut now = Moment {
            wall: WallTime(0),
            since_boot: 61_000,
            boot_id: "a".into(),
        };
        assert_eq!(told.at(&now), Some(NOW.plus(60_000)));
        now.boot_id = "b".into();
        assert_eq!(told.at(&now), None);
    }
}
