//! A day in sums, and what failed on it.

use pos_diagnosis::Situation;
use pos_domain::WallTime;

use super::failure::invalid;
use super::shapes::{CauseCount, CodeCount, Report, Total};
use super::{Counter, Failure};
use crate::terminal::{DayReport, Turnover};

impl Counter {
    /// The sums of a day, given as `2026-11-24` or as none for today, and what failed on it.
    ///
    /// # Errors
    /// [`Failure::InputInvalid`] for what is no day.
    pub fn report(&self, day: Option<&str>) -> Result<Report, Failure> {
        let parse = |text| {
            WallTime::of_day(text).ok_or_else(|| invalid("day", "is a day such as 2026-11-24"))
        };
        let day = day.map(parse).transpose()?;
        self.ask(Situation::Other, |reader| {
            let terminal = reader.terminal;
            let day = day.unwrap_or_else(|| terminal.today());
            Ok(shown(terminal.day_report(day, reader.lang)?))
        })
    }
}

fn short(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

fn shown(report: DayReport) -> Report {
    let total = |Turnover { count, amount }| Total { count, amount };
    let causes = report.causes.into_iter().map(|(cause, count)| CauseCount {
        cause,
        count: short(count),
    });
    let codes = report.codes.into_iter();
    let codes = codes.map(|(rail, code, count)| CodeCount {
        rail,
        code,
        count: short(count),
    });
    Report {
        day: report.day,
        taken: total(report.taken),
        voided: total(report.voided),
        refunded: total(report.refunded),
        held: total(report.held),
        declined: total(report.declined),
        reversed: total(report.reversed),
        unknown: total(report.unknown),
        net: report.net,
        owed: short(report.owed),
        causes: causes.collect(),
        codes: codes.collect(),
        advice: report.advice,
    }
}
