//! A day in sums, and what failed on it.

use pos_diagnosis::statistics::{by_cause, by_code, worth_fixing};
use pos_domain::time::DAY_MS;
use pos_domain::{Cause, Lang, OriginalKind, Rail, SaleStatus, UndoKind, WallTime};
use pos_ledger::{JournalFilter, Net};

use super::{EngineError, SaleReport, Terminal, Turnover};

/// The sums of one day, and what failed on it. Pre-authorisations are held, not taken.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DayReport {
    /// Such as `2026-11-24`, in UTC+8.
    pub day: String,
    /// Sales and completions that were approved, whatever became of them.
    pub taken: Turnover,
    /// Of those, voided.
    pub voided: Turnover,
    /// Given back by refunds.
    pub refunded: Turnover,
    /// What is left of them, less what was given back for other terminals' sales; minor units.
    pub net: i64,
    /// Held by pre-authorisations.
    pub held: Turnover,
    /// Sent and not proven either way; not in `net`.
    pub unknown: Turnover,
    /// Refused by the host.
    pub declined: Turnover,
    /// Undone by reversal.
    pub reversed: Turnover,
    /// Items that are owed now.
    pub owed: usize,
    /// Failures by cause, most frequent first.
    pub causes: Vec<(Cause, usize)>,
    /// Failures by code with the rail it came on, most frequent first.
    pub codes: Vec<(Option<Rail>, String, usize)>,
    /// The one thing worth fixing first.
    pub advice: Option<String>,
}

impl Terminal {
    /// The day that it is now in UTC+8, as its first moment.
    #[must_use]
    pub fn today(&self) -> WallTime {
        let next = self.ports.clock.now().wall.next_daily(0);
        next.plus(DAY_MS.saturating_neg())
    }

    /// Adds up the day that begins at `day`.
    ///
    /// # Errors
    /// Those of the ledger.
    pub fn day_report(&self, day: WallTime, lang: Lang) -> Result<DayReport, EngineError> {
        let end = day.plus(DAY_MS);
        let filter = JournalFilter {
            since: Some(day.0),
            limit: u32::MAX,
            ..JournalFilter::default()
        };
        let mut report = DayReport {
            day: day.rfc3339().chars().take(10).collect(),
            owed: self.ledger.read(|query| query.left())?.len(),
            ..DayReport::default()
        };
        for sale in self.sales(&filter, lang)? {
            if sale.view.original.created < end {
                report.add(&sale);
            }
        }
        let mut failures = self.failures(day)?;
        failures.retain(|record| record.at < end);
        report.causes = by_cause(&failures);
        let codes = by_code(&failures).into_iter();
        report.codes = codes
            .map(|((rail, code), count)| (rail, code, count))
            .collect();
        report.advice = worth_fixing(&failures).map(|worth| worth.sentence(lang));
        Ok(report)
    }
}

impl Turnover {
    fn add(&mut self, amount: i64) {
        self.count = self.count.saturating_add(1);
        self.amount = self.amount.saturating_add(amount);
    }
}

impl DayReport {
    fn add(&mut self, sale: &SaleReport) {
        let (view, amount) = (&sale.view, sale.view.original.amount.minor());
        let kind = view.original.kind;
        match (kind, view.status) {
            (OriginalKind::Unmatched, _) | (_, SaleStatus::NotSent) => {}
            (_, SaleStatus::Declined) => self.declined.add(amount),
            (_, SaleStatus::Reversed) => self.reversed.add(amount),
            (_, SaleStatus::Unknown | SaleStatus::Sending) => self.unknown.add(amount),
            (_, SaleStatus::Held) => self.held.add(amount),
            (OriginalKind::Preauth, _) => {}
            _ => self.taken.add(amount),
        }
        let Net::Known(net) = view.net else {
            if !matches!(view.status, SaleStatus::Unknown | SaleStatus::Sending) {
                self.unknown.add(amount);
            }
            return;
        };
        let given = match kind {
            OriginalKind::Preauth => return,
            // The sale was another terminal's; only what was given back happened here.
            OriginalKind::Unmatched => net.saturating_neg(),
            _ => amount.saturating_sub(net),
        };
        self.net = self.net.saturating_add(net);
        match view.undo.as_ref().map(|undo| undo.kind) {
            Some(UndoKind::Void) if view.status == SaleStatus::Voided => self.voided.add(amount),
            Some(UndoKind::Refund) if given > 0 => self.refunded.add(given),
            _ => {}
        }
    }
}
