//! `verify`: checks the audit chain and the ledger's rules.

use super::Command;
use crate::args::Options;
use crate::context::Context;
use crate::output::{ProblemOut, VerifyOut};
use crate::{Exit, Failure, open};

pub(super) const COMMAND: Command = Command {
    name: "verify",
    usage: "verify",
    about: "check the audit chain and the ledger's rules over every row",
    run,
};

fn run(context: &Context, options: &mut Options) -> Result<Exit, Failure> {
    options.end()?;
    let checked = open::looking(context)?.verify()?;
    let problems = checked.problems.into_iter().map(|problem| ProblemOut {
        rule: problem.rule.to_owned(),
        subject: problem.subject,
    });
    let out = VerifyOut {
        ok: checked.ok,
        entries: checked.entries,
        problems: problems.collect(),
    };
    context.print(&out)?;
    Ok(if out.ok { Exit::Good } else { Exit::No })
}
