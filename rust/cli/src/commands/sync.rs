//! `sync`: delivers what is owed, then says what is left.

use std::time::Duration;

use super::Command;
use crate::args::{Opt, Options};
use crate::context::Context;
use crate::{Exit, Failure, open, report};

pub(super) const COMMAND: Command = Command {
    name: "sync",
    usage: "sync [--wait S]",
    about: "deliver what is owed, for at most S seconds, then say what is left",
    run,
};

/// Longer than any shop waits.
const MOST_SECONDS: u64 = 7 * 24 * 3600;

/// Needs nobody: what is owed was approved when it was asked for.
fn run(context: &Context, options: &mut Options) -> Result<Exit, Failure> {
    let mut wait = 0;
    while let Some(opt) = options.read()? {
        match &opt {
            Opt::Flag(name) if name == "wait" => {
                wait = options.parsed(name, "is a number of seconds")?;
            }
            _ => return Err(options.unexpected(&opt)),
        }
    }
    if wait > MOST_SECONDS {
        return Err(Failure::usage("--wait", "is at most a week"));
    }
    let terminal = open::working(context)?;
    let done = terminal.sync("system", Duration::from_secs(wait), context.lang)?;
    let out = report::sync(done);
    context.print(&out)?;
    Ok(if out.left == 0 {
        Exit::Good
    } else {
        Exit::Owed
    })
}
