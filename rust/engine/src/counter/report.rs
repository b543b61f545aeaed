//! A day in sums, and what failed on it.

use pos_diagnosis::Situation;
use pos_diagnosis::statistics::{by_cause, by_code, worth_fixing};
use pos_domain::time::DAY_MS;
use pos_domain::{OriginalKind, SaleStatus, UndoKind, WallTime};
use pos_ledger::{JournalFilter, Net};

use super::failure::invalid;
use super::reader::Reader;
use super::shapes::{CauseCount, CodeCount, Report, Total};
use super::{Counter, Failure};
use crate::terminal::{EngineError, SaleReport};

impl Counter {
    /// The sums of a day, given as `2026-11-24` or as none for today, and what failed on it.
    ///
    /// # Errors
    /// [`Failure::InputInvalid`] for what is no day.
    pub fn report(&self, day: Option<&str>) -> Result<Report, Failure> {
        let today = || {
            let next = self.ports.clock.now().wall.next_daily(0);
            Ok(next.plus(DAY_MS.saturating_neg()))
        };
        let parse = |text| {
            WallTime::of_day(text).ok_or_else(|| invalid("day", "is a day such as 2026-11-24"))
        };
        let day = day.map_or_else(today, parse)?;
        self.ask(Situation::Other, |reader| reader.report(day))
    }
}

impl Reader<'_> {
    fn report(&self, day: WallTime) -> Result<Report, EngineError> {
        let end = day.plus(DAY_MS);
        let filter = JournalFilter {
            since: Some(day.0),
            limit: u32::MAX,
            ..JournalFilter::default()
        };
        let mut report = Report {
            owed: self.owed()?.count,
            ..empty(day)
        };
        for sale in self.terminal.sales(&filter, self.lang)? {
            if sale.view.original.created < end {
                report.add(&sale);
            }
        }
        let mut failures = self.terminal.failures(day)?;
        failures.retain(|record| record.at < end);
        report.causes = by_cause(&failures)
            .into_iter()
            .map(|(cause, count)| CauseCount {
                cause,
                count: short(count),
            })
            .collect();
        report.codes = by_code(&failures)
            .into_iter()
            .map(|((rail, code), count)| CodeCount {
                rail,
                code,
                count: short(count),
            })
            .collect();
        report.advice = worth_fixing(&failures).map(|worth| worth.sentence(self.lang));
        Ok(report)
    }
}

fn short(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

fn empty(day: WallTime) -> Report {
    const NONE: Total = Total {
        count: 0,
        amount: 0,
    };
    Report {
        day: day.rfc3339().chars().take(10).collect(),
        taken: NONE,
        voided: NONE,
        refunded: NONE,
        held: NONE,
        declined: NONE,
        reversed: NONE,
        unknown: NONE,
        net: 0,
        owed: 0,
        causes: Vec::new(),
        codes: Vec::new(),
        advice: None,
    }
}

impl Total {
    fn count(&mut self, amount: i64) {
        self.count = self.count.saturating_add(1);
        self.amount = self.amount.saturating_add(amount);
    }
}

impl Report {
    fn add(&mut self, sale: &SaleReport) {
        let (view, amount) = (&sale.view, sale.view.original.amount.minor());
        let kind = view.original.kind;
        match (kind, view.status) {
            (OriginalKind::Unmatched, _) | (_, SaleStatus::NotSent) => {}
            (_, SaleStatus::Declined) => self.declined.count(amount),
            (_, SaleStatus::Reversed) => self.reversed.count(amount),
            (_, SaleStatus::Unknown | SaleStatus::Sending) => self.unknown.count(amount),
            (_, SaleStatus::Held) => self.held.count(amount),
            (OriginalKind::Preauth, _) => {}
            _ => self.taken.count(amount),
        }
        let Net::Known(net) = view.net else {
            if !matches!(view.status, SaleStatus::Unknown | SaleStatus::Sending) {
                self.unknown.count(amount);
            }
            return;
        };
        if kind == OriginalKind::Preauth {
            return;
        }
        let given = amount.saturating_sub(net);
        self.net = match kind {
            // The sale was another terminal's; only what was given back happened here.
            OriginalKind::Unmatched => self.net.saturating_sub(given),
            _ => self.net.saturating_add(net),
        };
        match view.undo.as_ref().map(|undo| undo.kind) {
            Some(UndoKind::Void) if view.status == SaleStatus::Voided => self.voided.count(amount),
            Some(UndoKind::Refund) if given > 0 => self.refunded.count(given),
            _ => {}
        }
    }
}
