//! `show`: one sale with everything that happened to it.

use super::Command;
use super::which::sale_id;
use crate::args::{Opt, Options};
use crate::context::Context;
use crate::output::ShowOut;
use crate::{Exit, Failure, open, report};

pub(super) const COMMAND: Command = Command {
    name: "show",
    usage: "show SALE",
    about: "show a sale with every message about it and everything that happened to it",
    run,
};

fn run(context: &Context, options: &mut Options) -> Result<Exit, Failure> {
    let mut id = None;
    while let Some(opt) = options.read()? {
        match &opt {
            Opt::Argument(text) if id.is_none() => id = Some(sale_id(text, "SALE")?),
            _ => return Err(options.unexpected(&opt)),
        }
    }
    let id = id.ok_or_else(|| options.missing("SALE"))?;
    let terminal = open::looking(context)?;
    let original = terminal.ledger().read(|query| query.original(&id));
    original.map_err(super::missing("SALE", "there is no such sale"))?;
    let sale = report::journal_sale(terminal.sale_report(&id, context.lang)?);
    let story = terminal.story(&id)?;
    context.print(&ShowOut {
        sale,
        attempts: story.attempts.into_iter().map(report::attempt).collect(),
        events: story.entries.into_iter().map(report::event).collect(),
    })?;
    Ok(Exit::Good)
}
