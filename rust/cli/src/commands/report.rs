//! `report`: the totals of a day, and what failed.

use pos_diagnosis::statistics::{by_cause, by_code, worth_fixing};
use pos_engine::SystemClock;
use pos_engine::domain::ports::Clock;
use pos_engine::domain::time::DAY_MS;
use pos_engine::domain::{OriginalKind, SaleStatus, UndoKind, WallTime};
use pos_engine::terminal::{JournalFilter, Net, SaleReport, Terminal};

use super::Command;
use super::journal::moment;
use crate::args::{Opt, Options};
use crate::context::Context;
use crate::output::{CauseOut, CodeOut, ReportOut, TurnoverOut};
use crate::{Exit, Failure, open};

pub(super) const COMMAND: Command = Command {
    name: "report",
    usage: "report [--date YYYY-MM-DD]",
    about: "add up a day, by cause what failed, and the one thing worth fixing first",
    run,
};

fn run(context: &Context, options: &mut Options) -> Result<Exit, Failure> {
    let mut date = None;
    while let Some(opt) = options.read()? {
        match &opt {
            Opt::Flag(name) if name == "date" => date = Some(day(&options.value()?)?),
            _ => return Err(options.unexpected(&opt)),
        }
    }
    let day = match date {
        Some(day) => day,
        None => today()?,
    };
    let terminal = open::looking(context)?;
    context.print(&add_up(context, &terminal, day)?)?;
    Ok(Exit::Good)
}

fn day(text: &str) -> Result<WallTime, Failure> {
    let wrong = || Failure::usage("--date", "is a date such as 2026-11-24");
    if text.len() == 10 {
        moment(text).map_err(|_| wrong())
    } else {
        Err(wrong())
    }
}

fn today() -> Result<WallTime, Failure> {
    // The next midnight in UTC+8, a day earlier.
    let next = SystemClock::new()?.now().wall.next_daily(0);
    Ok(next.plus(DAY_MS.saturating_neg()))
}

fn add_up(context: &Context, terminal: &Terminal, day: WallTime) -> Result<ReportOut, Failure> {
    let end = day.plus(DAY_MS);
    let filter = JournalFilter {
        since: Some(day.0),
        limit: u32::MAX,
        ..JournalFilter::default()
    };
    let mut sales = terminal.sales(&filter, context.lang)?;
    sales.retain(|sale| sale.view.original.created < end);
    let mut out = ReportOut {
        date: day.rfc3339().chars().take(10).collect(),
        owed: terminal.queue(context.lang)?.len(),
        ..ReportOut::default()
    };
    for sale in &sales {
        add(&mut out, sale);
    }
    let mut failures = terminal.failures(day)?;
    failures.retain(|record| record.at < end);
    let causes = by_cause(&failures).into_iter();
    out.causes = causes
        .map(|(cause, count)| CauseOut { cause, count })
        .collect();
    let codes = by_code(&failures).into_iter();
    out.codes = codes
        .map(|((rail, code), count)| CodeOut { rail, code, count })
        .collect();
    out.advice = worth_fixing(&failures).map(|worth| worth.sentence(context.lang));
    Ok(out)
}

fn count(turnover: &mut TurnoverOut, amount: i64) {
    turnover.count = turnover.count.saturating_add(1);
    turnover.amount = turnover.amount.saturating_add(amount);
}

fn add(out: &mut ReportOut, sale: &SaleReport) {
    let (view, amount) = (&sale.view, sale.view.original.amount.minor());
    let held = view.original.kind == OriginalKind::Preauth;
    match (view.original.kind, view.status) {
        (OriginalKind::Unmatched, _) | (_, SaleStatus::NotSent) => {}
        (_, SaleStatus::Declined) => count(&mut out.declined, amount),
        (_, SaleStatus::Reversed) => count(&mut out.reversed, amount),
        (_, SaleStatus::Unknown | SaleStatus::Sending) => count(&mut out.unknown, amount),
        (_, SaleStatus::Held) => count(&mut out.held, amount),
        _ if held => {}
        _ => count(&mut out.taken, amount),
    }
    let Net::Known(net) = view.net else {
        if !matches!(view.status, SaleStatus::Unknown | SaleStatus::Sending) {
            count(&mut out.unknown, amount);
        }
        return;
    };
    if held {
        return;
    }
    let given = match view.original.kind {
        // The sale was another terminal's; only what was given back happened here.
        OriginalKind::Unmatched => net.saturating_neg(),
        _ => amount.saturating_sub(net),
    };
    out.net = out.net.saturating_add(net);
    match view.undo.as_ref().map(|undo| undo.kind) {
        Some(UndoKind::Void) if view.status == SaleStatus::Voided => {
            count(&mut out.voided, amount);
        }
        Some(UndoKind::Refund) if given > 0 => count(&mut out.refunded, given),
        _ => {}
    }
}
