//! Statistics of failures: counts, and the one thing worth fixing. Pure functions over records.
//!
//! Codes that say yes and items that people closed are no failures and are left out everywhere.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use pos_domain::{Cause, Code, Lang, Rail, WallTime};

use crate::situation::Situation;
use crate::table::Tables;
use crate::verdict::Class;
use crate::words::Words;

/// One failure as the ledger knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// When it was told.
    pub at: WallTime,
    /// The rail it happened on; none for operators and the terminal itself.
    pub rail: Option<Rail>,
    /// What was being done.
    pub situation: Situation,
    /// The code it was told by.
    pub code: Code,
}

/// What to put right first: the cause that comes most often among those that the shop, alone or
/// by a call, can do something about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorthFixing {
    /// The cause.
    pub cause: Cause,
    /// How often it came.
    pub count: usize,
    /// Of how many failures in all.
    pub total: usize,
    /// The hour of day in UTC+8 (0 to 23) in which it comes most; the earliest of equals.
    pub hour: usize,
    /// The code by which it is mostly told.
    pub code: Code,
    situation: Situation,
}

/// Failures per cause, most frequent first.
#[must_use]
pub fn by_cause(records: &[Record]) -> Vec<(Cause, usize)> {
    ranked(failures(records).map(|(_, words)| words.cause()))
}

/// Failures per code with the rail it came on, most frequent first.
#[must_use]
pub fn by_code(records: &[Record]) -> Vec<((Option<Rail>, String), usize)> {
    ranked(failures(records).map(|(record, _)| (record.rail, record.code.to_string())))
}

/// Failures per hour of day in UTC+8; index 0 is midnight to one.
#[must_use]
pub fn by_hour(records: &[Record]) -> [usize; 24] {
    hours(failures(records).map(|(record, _)| record))
}

/// The one thing worth fixing; none unless something fixable came at least twice.
#[must_use]
pub fn worth_fixing(records: &[Record]) -> Option<WorthFixing> {
    let total = failures(records).count();
    let mut causes: BTreeMap<Cause, Vec<&Record>> = BTreeMap::new();
    for (record, words) in failures(records).filter(|(_, words)| words.fixable()) {
        causes.entry(words.cause()).or_default().push(record);
    }
    // Of equals, the one that hurts undos more: there money waits for a customer.
    let (cause, of_cause) = causes.into_iter().max_by_key(|(cause, of_cause)| {
        let undos = of_cause
            .iter()
            .filter(|record| takes_back(record.situation))
            .count();
        (of_cause.len(), undos, Reverse(*cause))
    })?;
    if of_cause.len() < 2 {
        return None;
    }
    let mut by_hour = hours(of_cause.iter().copied()).into_iter().enumerate();
    let (hour, _) = by_hour
        .by_ref()
        .max_by_key(|(hour, count)| (*count, Reverse(*hour)))?;
    let ((code, situation), _) = ranked(of_cause.iter().map(|r| (r.code.to_string(), r.situation)))
        .into_iter()
        .next()?;
    let code = of_cause
        .iter()
        .find(|r| r.situation == situation && r.code.to_string() == code)?;
    let (count, code) = (of_cause.len(), code.code.clone());
    Some(WorthFixing {
        cause,
        count,
        total,
        hour,
        code,
        situation,
    })
}

impl WorthFixing {
    /// One or two sentences for the shop's owner.
    #[must_use]
    pub fn sentence(&self, lang: Lang) -> String {
        let tables = Tables::get();
        let title = Words::find(tables, tables.entry(&self.code), self.situation).title(lang);
        let (cause, advice) = tables.cause(self.cause, lang);
        let (count, hour) = (self.count, self.hour);
        let percent = self
            .count
            .saturating_mul(100)
            .checked_div(self.total)
            .unwrap_or(0);
        match lang {
            Lang::Zh => format!(
                "最值得先解决的是{cause}：{count} 次，占 {percent}%，{hour} 点最多，常见的是\
                 “{title}”。{advice}"
            ),
            Lang::En => format!(
                "Fix {cause} first: {count} times, {percent}% of all, mostly after {hour}:00, \
                 usually \"{title}\". {advice}"
            ),
        }
    }
}

const fn takes_back(situation: Situation) -> bool {
    matches!(
        situation,
        Situation::Void | Situation::Refund | Situation::Reversal
    )
}

fn failures(records: &[Record]) -> impl Iterator<Item = (&Record, Words<'static>)> {
    let tables = Tables::get();
    records.iter().filter_map(move |record| {
        let words = Words::find(tables, tables.entry(&record.code), record.situation);
        let failed = !matches!(words.class(), Class::Approved | Class::Closed);
        failed.then_some((record, words))
    })
}

fn hours<'a>(records: impl Iterator<Item = &'a Record>) -> [usize; 24] {
    let mut hours = [0; 24];
    for record in records {
        let hour = record
            .at
            .hhmmss()
            .get(..2)
            .and_then(|text| text.parse::<usize>().ok());
        if let Some(count) = hour.and_then(|hour| hours.get_mut(hour)) {
            *count += 1;
        }
    }
    hours
}

/// Counts equal things; the most frequent first, equals in their own order.
fn ranked<T: Ord>(things: impl Iterator<Item = T>) -> Vec<(T, usize)> {
    let mut counts = BTreeMap::new();
    for thing in things {
        *counts.entry(thing).or_insert(0) += 1;
    }
    let mut ranked: Vec<_> = counts.into_iter().collect();
    ranked.sort_by_key(|(_, count)| Reverse(*count));
    ranked
}
