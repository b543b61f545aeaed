//! `sign-in`, `sign-out` and `echo`: what keeps terminal and acquirer in touch.

use pos_diagnosis::{Situation, explain};
use pos_engine::EngineError;
use pos_engine::domain::SaleStatus;
use pos_engine::terminal::{Management, Terminal};

use super::Command;
use crate::args::Options;
use crate::context::Context;
use crate::output::SignInOut;
use crate::{Exit, Failure, open, people, report};

pub(super) const SIGN_IN: Command = Command {
    name: "sign-in",
    usage: "sign-in",
    about: "fetch working keys, batch number and time from the acquirer",
    run: |context, options| by_operator(context, options, Terminal::sign_in),
};

pub(super) const SIGN_OUT: Command = Command {
    name: "sign-out",
    usage: "sign-out",
    about: "sign out; the next payment signs in again by itself",
    run: |context, options| by_operator(context, options, Terminal::sign_out),
};

pub(super) const ECHO: Command = Command {
    name: "echo",
    usage: "echo",
    about: "ask whether the acquirer is there",
    run: echo,
};

type Exchange = fn(&Terminal, &str) -> Result<Management, EngineError>;

fn by_operator(
    context: &Context,
    options: &mut Options,
    exchange: Exchange,
) -> Result<Exit, Failure> {
    options.end()?;
    let terminal = open::working(context)?;
    match people::ask(context, &terminal, &[], &mut context.pins())? {
        Ok(_) => {
            let result = exchange(&terminal, &context.operator)?;
            tell(context, &terminal, &result, Situation::SignIn)
        }
        Err(code) => {
            let out = SignInOut {
                status: SaleStatus::NotSent,
                batch: Some(terminal.ledger().read(|query| query.batch())?),
                code: Some(code.to_string()),
                explanation: Some(explain(&code, Situation::Operator, context.lang, "")),
            };
            context.print(&out)?;
            Ok(Exit::No)
        }
    }
}

/// Needs nobody: it moves no money and tells nothing.
fn echo(context: &Context, options: &mut Options) -> Result<Exit, Failure> {
    options.end()?;
    let terminal = open::working(context)?;
    let result = terminal.echo("system")?;
    tell(context, &terminal, &result, Situation::Other)
}

fn tell(
    context: &Context,
    terminal: &Terminal,
    result: &Management,
    situation: Situation,
) -> Result<Exit, Failure> {
    let out = report::management(terminal, result, situation, context.lang)?;
    context.print(&out)?;
    Ok(out.status.into())
}
