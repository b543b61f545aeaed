//! Lockout after wrong PINs, on the clock that nobody can set.

use pos_domain::Moment;

/// Wrong PINs in a row until no more are tried.
pub const MAX_WRONG: u32 = 5;

/// How long no PIN is tried after that, milliseconds: 15 minutes.
pub const LOCK_MS: i64 = 15 * 60_000;

/// Until when no PIN of an operator is tried.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lock {
    /// Milliseconds since boot, in the boot `boot_id`.
    pub until: i64,
    /// The boot in which it was set.
    pub boot_id: String,
}

impl Lock {
    /// How much longer no PIN is tried, milliseconds; 0 when one may be.
    ///
    /// After a reboot nobody knows how long the terminal was off: the wait begins again with the
    /// boot. So switching the terminal off and on never shortens it, and it never outlasts
    /// 15 minutes of running time.
    #[must_use]
    pub fn remaining(&self, now: &Moment) -> i64 {
        let until = if self.boot_id == now.boot_id {
            self.until
        } else {
            LOCK_MS
        };
        until.saturating_sub(now.since_boot).clamp(0, LOCK_MS)
    }
}

/// What has to be stored about a tried PIN, before its verdict is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PinNote {
    /// Whose PIN was tried.
    pub operator: String,
    /// Wrong PINs since the last right one.
    pub failures: u32,
    /// Milliseconds since boot until when no PIN is tried, in the present boot.
    pub locked_until: Option<i64>,
}

impl PinNote {
    /// After a right PIN.
    pub(crate) fn right(operator: &str) -> Self {
        Self {
            operator: operator.to_owned(),
            failures: 0,
            locked_until: None,
        }
    }

    /// After one more wrong PIN. From the fifth on, each one locks again.
    pub(crate) fn wrong(operator: &str, before: u32, now: &Moment) -> Self {
        let failures = before.saturating_add(1);
        let locks = failures >= MAX_WRONG;
        Self {
            operator: operator.to_owned(),
            failures,
            locked_until: locks.then(|| now.since_boot.saturating_add(LOCK_MS)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operator::testing::moment;

    #[test]
    fn the_fifth_wrong_pin_locks_for_fifteen_minutes() {
        let now = moment(1_000, "a");
        for before in 0..4 {
            assert_eq!(PinNote::wrong("01", before, &now).locked_until, None);
        }
        let note = PinNote::wrong("01", 4, &now);
        assert_eq!((note.failures, note.locked_until), (5, Some(901_000)));
        let lock = Lock {
            until: 901_000,
            boot_id: "a".into(),
        };
        assert_eq!(lock.remaining(&moment(900_999, "a")), 1);
        assert_eq!(lock.remaining(&moment(901_000, "a")), 0);
        assert_eq!(PinNote::wrong("01", 5, &now).locked_until, Some(901_000));
    }

    #[test]
    fn a_reboot_begins_the_wait_again_and_the_wall_clock_does_not_matter() {
        let lock = Lock {
            until: 50_000_000,
            boot_id: "a".into(),
        };
        assert_eq!(lock.remaining(&moment(0, "b")), LOCK_MS);
        assert_eq!(lock.remaining(&moment(LOCK_MS - 1, "b")), 1);
        assert_eq!(lock.remaining(&moment(LOCK_MS, "b")), 0);
        let mut tomorrow = moment(0, "b");
        tomorrow.wall = tomorrow.wall.plus(pos_domain::time::DAY_MS);
        assert_eq!(lock.remaining(&tomorrow), LOCK_MS);
    }
}
