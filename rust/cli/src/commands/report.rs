//! `report`: the totals of a day, and what failed.

use pos_engine::domain::WallTime;
use pos_engine::terminal::{DayReport, Turnover};

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
    let terminal = open::looking(context)?;
    let day = date.unwrap_or_else(|| terminal.today());
    context.print(&shown(terminal.day_report(day, context.lang)?))?;
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

fn shown(report: DayReport) -> ReportOut {
    let turnover = |Turnover { count, amount }| TurnoverOut { count, amount };
    let causes = report.causes.into_iter();
    let codes = report.codes.into_iter();
    ReportOut {
        date: report.day,
        taken: turnover(report.taken),
        voided: turnover(report.voided),
        refunded: turnover(report.refunded),
        net: report.net,
        held: turnover(report.held),
        unknown: turnover(report.unknown),
        declined: turnover(report.declined),
        reversed: turnover(report.reversed),
        owed: report.owed,
        causes: causes
            .map(|(cause, count)| CauseOut { cause, count })
            .collect(),
        codes: codes
            .map(|(rail, code, count)| CodeOut { rail, code, count })
            .collect(),
        advice: report.advice,
    }
}
