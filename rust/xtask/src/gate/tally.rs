//! Counting tests from what the test runners print.

use crate::stop::Stop;

/// Tests that ran.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tally {
    pub passed: u64,
    pub failed: u64,
}

impl Tally {
    pub const NONE: Self = Self {
        passed: 0,
        failed: 0,
    };

    pub fn all_passed(count: usize) -> Self {
        Self {
            passed: count.try_into().unwrap_or(u64::MAX),
            failed: 0,
        }
    }

    pub fn add(&mut self, other: Self) {
        self.passed = self.passed.saturating_add(other.passed);
        self.failed = self.failed.saturating_add(other.failed);
    }

    /// In words, for the list of steps.
    pub fn result(self) -> String {
        match self {
            Self::NONE => "ok".to_owned(),
            Self { passed, failed: 0 } => format!("ok, {passed} tests"),
            Self { passed, failed } => format!("FAILED, {failed} of {} tests", passed + failed),
        }
    }

    /// A runner's exit status and its counts must agree: a run that fails without a failed
    /// test (it did not compile, it crashed) is a failure, and so is one without any test.
    pub fn confirmed(self, success: bool, runner: &str) -> Result<Self, Stop> {
        match (success, self) {
            (false, Self { failed: 0, .. }) => Err(Stop::failed(format!(
                "{runner} failed before or beside its tests"
            ))),
            (true, Self { failed: 1.., .. }) => Err(Stop::failed(format!(
                "{runner} succeeded although tests failed"
            ))),
            (true, Self::NONE) => Err(Stop::failed(format!("{runner} ran no test"))),
            _ => Ok(self),
        }
    }
}

/// The counts in one line of cargo's test harness, None for any other line. Ignored tests
/// count as failed: a test that never runs proves nothing.
pub fn of_cargo(line: &str) -> Option<Tally> {
    let counts = line.trim().strip_prefix("test result: ")?;
    let (_, counts) = counts.split_once(". ")?;
    let number = |name: &str| {
        counts
            .split(';')
            .find_map(|part| part.trim().strip_suffix(name)?.trim().parse().ok())
    };
    let failed: u64 = number("failed")?;
    let ignored: u64 = number("ignored")?;
    Some(Tally {
        passed: number("passed")?,
        failed: failed.saturating_add(ignored),
    })
}

/// The counts in one summary line of Maven Surefire, None for any other line (the line of a
/// single class ends with its time). Skipped tests count as failed.
pub fn of_maven(line: &str) -> Option<Tally> {
    let (_, counts) = line.split_once("Tests run: ")?;
    let mut numbers = counts.split(", ");
    let run: u64 = numbers.next()?.trim().parse().ok()?;
    let mut named = |name: &str| -> Option<u64> {
        numbers
            .next()?
            .trim()
            .strip_prefix(name)?
            .trim()
            .parse()
            .ok()
    };
    let failed = named("Failures:")?.saturating_add(named("Errors:")?);
    let failed = failed.saturating_add(named("Skipped:")?);
    numbers.next().is_none().then(|| Tally {
        passed: run.saturating_sub(failed),
        failed,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cargo_lines_are_counted_and_an_ignored_test_is_a_failure() {
        let line = "test result: ok. 7 passed; 0 failed; 0 ignored; 0 measured; 2 filtered out; \
                    finished in 0.00s";
        assert_eq!(
            of_cargo(line),
            Some(Tally {
                passed: 7,
                failed: 0
            })
        );
        let line = "test result: FAILED. 5 passed; 2 failed; 1 ignored; 0 measured; 0 filtered out";
        assert_eq!(
            of_cargo(line),
            Some(Tally {
                passed: 5,
                failed: 3
            })
        );
        assert_eq!(of_cargo("test ledger::i02_intent_before_wire ... ok"), None);
    }

    #[test]
    fn maven_summaries_are_counted_once() {
        let class = "[INFO] Tests run: 3, Failures: 0, Errors: 0, Skipped: 0, Time elapsed: 1 s";
        assert_eq!(of_maven(class), None);
        let good = "[INFO] Tests run: 3, Failures: 0, Errors: 0, Skipped: 0";
        assert_eq!(
            of_maven(good),
            Some(Tally {
                passed: 3,
                failed: 0
            })
        );
        let bad = "[ERROR] Tests run: 9, Failures: 1, Errors: 2, Skipped: 1";
        assert_eq!(
            of_maven(bad),
            Some(Tally {
                passed: 5,
                failed: 4
            })
        );
    }

    #[test]
    fn status_and_counts_must_agree() {
        let one = Tally {
            passed: 1,
            failed: 0,
        };
        assert!(one.confirmed(true, "x").is_ok());
        assert!(
            one.confirmed(false, "x").is_err(),
            "a crash after the tests is a failure"
        );
        assert!(
            Tally::NONE.confirmed(true, "x").is_err(),
            "no test at all is a failure"
        );
        let bad = Tally {
            passed: 1,
            failed: 1,
        };
        assert_eq!(bad.confirmed(false, "x").ok(), Some(bad));
        assert!(bad.confirmed(true, "x").is_err());
    }
}
