//! The clocks and the randomness of the machine that this runs on.

use std::time::{SystemTime, UNIX_EPOCH};

use pos_domain::ports::{Clock, PortError, Random, Storage};
use pos_domain::{Moment, WallTime};
use pos_ledger::free_bytes;
use rustix::time::{ClockId, clock_gettime};

/// Random bytes of the operating system.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemRandom;

impl Random for SystemRandom {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), PortError> {
        getrandom::fill(bytes).map_err(|error| PortError {
            port: "random",
            detail: error.to_string(),
        })
    }
}

/// The wall clock, and the time since boot with suspend counted.
#[derive(Clone, Debug)]
pub struct SystemClock {
    boot_id: String,
}

impl SystemClock {
    /// Reads which boot this is. Where the system does not tell, the name is made up at random, so
    /// that no trusted time outlives this process.
    ///
    /// # Errors
    /// [`PortError`] when there is neither a boot name nor randomness.
    pub fn new() -> Result<Self, PortError> {
        let told = std::fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap_or_default();
        let boot_id = match told.trim() {
            "" => {
                let mut random = [0; 16];
                SystemRandom.fill(&mut random)?;
                format!("{:032x}", u128::from_be_bytes(random))
            }
            told => told.to_owned(),
        };
        Ok(Self { boot_id })
    }
}

impl Clock for SystemClock {
    fn now(&self) -> Moment {
        // Before 1970 the wall clock is wrong anyway; it only shows.
        let wall = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default();
        let boot = clock_gettime(ClockId::Boottime);
        let since_boot = boot
            .tv_sec
            .saturating_mul(1000)
            .saturating_add(boot.tv_nsec / 1_000_000);
        Moment {
            wall: WallTime(i64::try_from(wall.as_millis()).unwrap_or(i64::MAX)),
            since_boot,
            boot_id: self.boot_id.clone(),
        }
    }
}

/// The disk under a folder.
#[derive(Clone, Debug)]
pub struct SystemStorage(pub std::path::PathBuf);

impl Storage for SystemStorage {
    fn free_bytes(&self) -> Option<u64> {
        free_bytes(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn i09_the_monotonic_clock_goes_on_within_one_boot() {
        let clock = SystemClock::new().unwrap();
        let first = clock.now();
        let later = SystemClock::new().unwrap().now();
        assert!(later.since_boot >= first.since_boot && first.since_boot > 0);
        assert_eq!(first.boot_id, later.boot_id);
        assert!(first.wall > WallTime(1_700_000_000_000));
        let uptime = std::fs::read_to_string("/proc/uptime").unwrap();
        let seconds: i64 = uptime.split('.').next().unwrap().parse().unwrap();
        assert!((later.since_boot / 1000 - seconds).abs() <= 2);
    }

    #[test]
    fn random_bytes_are_not_all_alike() {
        let mut bytes = [0; 32];
        SystemRandom.fill(&mut bytes).unwrap();
        assert_ne!(bytes, [0; 32]);
    }
}
