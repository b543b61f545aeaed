//! `journal`: the sales, oldest first.

use pos_engine::domain::WallTime;
use pos_engine::terminal::JournalFilter;
use time::format_description::well_known::Rfc3339;
use time::{OffsetDateTime, UtcOffset};

use super::Command;
use crate::args::{Opt, Options};
use crate::context::Context;
use crate::output::JournalOut;
use crate::{Exit, Failure, open, report};

pub(super) const COMMAND: Command = Command {
    name: "journal",
    usage: "journal [--since YYYY-MM-DD | --since RFC3339]",
    about: "list the sales, oldest first, with what each is worth now",
    run,
};

fn run(context: &Context, options: &mut Options) -> Result<Exit, Failure> {
    let mut since = None;
    while let Some(opt) = options.read()? {
        match &opt {
            Opt::Flag(name) if name == "since" => since = Some(moment(&options.value()?)?),
            _ => return Err(options.unexpected(&opt)),
        }
    }
    let terminal = open::looking(context)?;
    let filter = JournalFilter {
        since: since.map(|since| since.0),
        limit: u32::MAX,
        ..JournalFilter::default()
    };
    let mut sales = terminal.sales(&filter, context.lang)?;
    sales.reverse();
    let sales = sales.into_iter().map(report::journal_sale).collect();
    context.print(&JournalOut { sales })?;
    Ok(Exit::Good)
}

/// A moment, or the beginning of a day in UTC+8.
pub(super) fn moment(text: &str) -> Result<WallTime, Failure> {
    let whole = if text.len() == 10 {
        format!("{text}T00:00:00+08:00")
    } else {
        text.to_owned()
    };
    let wrong = || {
        Failure::usage(
            "--since",
            "is a date such as 2026-11-24 or a time such as 2026-11-24T18:20:00+08:00",
        )
    };
    let parsed = OffsetDateTime::parse(&whole, &Rfc3339).map_err(|_| wrong())?;
    let ms = parsed.to_offset(UtcOffset::UTC).unix_timestamp_nanos() / 1_000_000;
    i64::try_from(ms).map(WallTime).map_err(|_| wrong())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_begins_in_beijing() {
        let told = |text| moment(text).ok().map(WallTime::rfc3339);
        assert_eq!(
            told("2026-11-24").as_deref(),
            Some("2026-11-24T00:00:00+08:00")
        );
        assert_eq!(
            told("2026-11-24T10:20:00Z").as_deref(),
            Some("2026-11-24T18:20:00+08:00")
        );
        for wrong in [
            "",
            "yesterday",
            "2026-13-01",
            "20261124",
            "2026-11-24 10:00",
        ] {
            assert_eq!(told(wrong), None, "{wrong}");
        }
    }
}
