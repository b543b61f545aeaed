//! Ports that give the same values in every run.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use pos_domain::ports::{Clock, Outside, PortError, Random, Storage};
use pos_domain::{Moment, WallTime};
use tokio::time::Instant;

/// Clocks that follow tokio's paused time; a test may jump the wall or reboot.
#[derive(Debug)]
pub struct TestClock {
    start: Instant,
    wall: AtomicI64,
    boot: AtomicU64,
    booted: AtomicI64,
}

/// 2026-11-24 18:20 in Beijing.
const MORNING: i64 = 1_795_515_600_000;

impl Default for TestClock {
    fn default() -> Self {
        let start = Instant::now();
        let (wall, boot, booted) = (MORNING.into(), 1.into(), 0.into());
        Self {
            start,
            wall,
            boot,
            booted,
        }
    }
}

impl TestClock {
    fn elapsed(&self) -> i64 {
        i64::try_from(self.start.elapsed().as_millis()).unwrap_or(i64::MAX)
    }

    /// The true time: what the host's clock shows.
    pub fn true_time(&self) -> WallTime {
        WallTime(MORNING + self.elapsed())
    }

    /// Somebody sets the device's wall clock by this much, milliseconds.
    pub fn jump_wall(&self, by: i64) {
        self.wall.fetch_add(by, Ordering::SeqCst);
    }

    /// The device restarts.
    pub fn reboot(&self) {
        self.boot.fetch_add(1, Ordering::SeqCst);
        self.booted.store(self.elapsed(), Ordering::SeqCst);
    }
}

impl Clock for TestClock {
    fn now(&self) -> Moment {
        let elapsed = self.elapsed();
        Moment {
            wall: WallTime(self.wall.load(Ordering::SeqCst) + elapsed),
            since_boot: elapsed - self.booted.load(Ordering::SeqCst),
            boot_id: format!("boot-{}", self.boot.load(Ordering::SeqCst)),
        }
    }
}

/// A counter for random bytes: distinct and the same in every run.
#[derive(Debug, Default)]
pub struct CountingRandom(AtomicU64);

impl Random for CountingRandom {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), PortError> {
        for chunk in bytes.chunks_mut(8) {
            let next = self
                .0
                .fetch_add(1, Ordering::SeqCst)
                .wrapping_mul(0x9E37_79B9_7F4A_7C15);
            chunk
                .iter_mut()
                .zip(next.to_be_bytes())
                .for_each(|(byte, value)| *byte = value);
        }
        Ok(())
    }
}

/// The place outside the ledger, and a disk whose free space a test sets.
#[derive(Debug, Default)]
pub struct MemoryOutside {
    numbers: Mutex<BTreeMap<String, u64>>,
    /// Free bytes of the disk; none when zero is not meant.
    pub free: Mutex<Option<u64>>,
}

impl MemoryOutside {
    /// Another device: nothing of the old one is there.
    pub fn forget_all(&self) {
        self.numbers.lock().expect("a test panicked").clear();
    }
}

impl Outside for MemoryOutside {
    fn read(&self, name: &str) -> Result<Option<u64>, PortError> {
        Ok(self
            .numbers
            .lock()
            .expect("a test panicked")
            .get(name)
            .copied())
    }

    fn write(&self, name: &str, value: u64) -> Result<(), PortError> {
        self.numbers
            .lock()
            .expect("a test panicked")
            .insert(name.to_owned(), value);
        Ok(())
    }
}

impl Storage for MemoryOutside {
    fn free_bytes(&self) -> Option<u64> {
        *self.free.lock().expect("a test panicked")
    }
}
