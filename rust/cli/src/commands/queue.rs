//! `queue`: what is owed, and what a person may do with an item.

use pos_diagnosis::{Situation, explain};
use pos_engine::EngineError;
use pos_engine::domain::{Code, Id, UndoStatus};
use pos_engine::terminal::{Approving, Terminal};

use super::Command;
use super::which::sale_id;
use crate::args::{Opt, Options};
use crate::context::Context;
use crate::output::{QueueActionOut, QueueOut};
use crate::{Exit, Failure, open, people, report};

pub(super) const COMMAND: Command = Command {
    name: "queue",
    usage: "queue [show ID | hold ID | release ID | withdraw ID | escalate ID] [--approve NO]",
    about: "list what is owed; hold a void back, let it go on, withdraw it, or hand it to the \
            acquirer",
    run,
};

/// What to do with an item.
#[derive(Clone, Copy)]
enum Action {
    Show,
    Hold,
    Release,
    Withdraw,
    Escalate,
}

impl Action {
    fn parse(text: &str) -> Option<Self> {
        Some(match text {
            "show" => Self::Show,
            "hold" => Self::Hold,
            "release" => Self::Release,
            "withdraw" => Self::Withdraw,
            "escalate" => Self::Escalate,
            _ => return None,
        })
    }
}

fn run(context: &Context, options: &mut Options) -> Result<Exit, Failure> {
    let (mut action, mut id, mut approve) = (None, None, Vec::new());
    while let Some(opt) = options.read()? {
        match &opt {
            Opt::Flag(name) if name == "approve" => approve.push(options.number(name)?),
            Opt::Argument(text) if action.is_none() => {
                let known = Action::parse(text);
                let rule = "is show, hold, release, withdraw or escalate";
                action = Some(known.ok_or_else(|| Failure::usage("queue", rule))?);
            }
            Opt::Argument(text) if id.is_none() => id = Some(sale_id(text, "ID")?),
            _ => return Err(options.unexpected(&opt)),
        }
    }
    match (action, id) {
        (None, _) => list(context),
        (Some(_), None) => Err(options.missing("ID")),
        (Some(Action::Show), Some(id)) => show(context, &id),
        (Some(action), Some(id)) => act(context, action, &id, &approve),
    }
}

fn list(context: &Context) -> Result<Exit, Failure> {
    let terminal = open::looking(context)?;
    context.print(&report::queue(terminal.queue(context.lang)?))?;
    Ok(Exit::Good)
}

fn show(context: &Context, id: &Id) -> Result<Exit, Failure> {
    let terminal = open::looking(context)?;
    context.print(&one(context, &terminal, id)?)?;
    Ok(Exit::Good)
}

/// The queue with only this item listed; none is listed when it is no longer owed.
fn one(context: &Context, terminal: &Terminal, id: &Id) -> Result<QueueOut, Failure> {
    let all = terminal.queue(context.lang)?;
    let left = all.len();
    let items = all.into_iter().filter(|item| item.id == *id);
    let items: Vec<_> = items.map(report::item).collect();
    Ok(QueueOut {
        delivered: 0,
        left,
        items,
    })
}

fn act(context: &Context, action: Action, id: &Id, approve: &[String]) -> Result<Exit, Failure> {
    let terminal = open::working(context)?;
    terminal
        .ledger()
        .read(|query| query.obligation(id))
        .map_err(super::missing("ID", "nothing of this identifier is owed"))?;
    let done = match people::ask(context, &terminal, approve, &mut context.pins())? {
        Ok(approving) => change(context, &terminal, action, id, &approving),
        Err(code) => Err(EngineError::Refused(code)),
    };
    let refusal = match done {
        Ok(()) => None,
        Err(EngineError::Refused(code)) => Some(code),
        Err(error) => return Err(error.into()),
    };
    let out = QueueActionOut {
        queue: one(context, &terminal, id)?,
        code: refusal.as_ref().map(Code::to_string),
        explanation: refusal
            .as_ref()
            .map(|code| explain(code, Situation::Operator, context.lang, id.as_str())),
    };
    context.print(&out)?;
    if refusal.is_some() {
        return Ok(Exit::No);
    }
    // A reversal has no status of its own beyond being owed.
    let status = terminal
        .undo_report(id, context.lang)
        .map(|undo| undo.status);
    Ok(status.map_or(Exit::Owed, |status: UndoStatus| status.into()))
}

fn change(
    context: &Context,
    terminal: &Terminal,
    action: Action,
    id: &Id,
    approving: &[Approving],
) -> Result<(), EngineError> {
    let who = &context.operator;
    match action {
        Action::Show => Ok(()),
        Action::Hold => terminal.hold(who, id),
        Action::Release => terminal.release(who, id),
        Action::Withdraw => terminal.withdraw(who, id, approving),
        Action::Escalate => terminal.escalate(who, id, approving),
    }
}
