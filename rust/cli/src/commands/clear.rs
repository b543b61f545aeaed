//! `clear`: two people take a stuck item out of gate and list.

use pos_diagnosis::{Situation, explain};
use pos_engine::EngineError;
use pos_engine::domain::{Code, LocalCode};

use super::Command;
use super::resolve::{statement_text, tell_how_to_be_two};
use super::which::sale_id;
use crate::args::{Opt, Options};
use crate::context::Context;
use crate::output::ClearedOut;
use crate::{Exit, Failure, open, people};

pub(super) const COMMAND: Command = Command {
    name: "clear",
    usage: "clear ID --reason TEXT --approve A --approve B",
    about: "take a stuck item out of the queue and the gate; its money stays unknown, each \
            settlement tells it; two people, one of them a supervisor",
    run,
};

fn run(context: &Context, options: &mut Options) -> Result<Exit, Failure> {
    let (mut id, mut reason, mut approve) = (None, None, Vec::new());
    while let Some(opt) = options.read()? {
        match &opt {
            Opt::Flag(name) if name == "approve" => approve.push(options.number(name)?),
            Opt::Flag(name) if name == "reason" => {
                reason = Some(statement_text(options, "--reason")?)
            }
            Opt::Argument(text) if id.is_none() => id = Some(sale_id(text, "ID")?),
            _ => return Err(options.unexpected(&opt)),
        }
    }
    let id = id.ok_or_else(|| options.missing("ID"))?;
    let reason = reason.ok_or_else(|| options.missing("--reason"))?;
    let terminal = open::working(context)?;
    let owed = terminal.ledger().read(|query| query.obligation(&id));
    let owed = owed.map_err(super::missing("ID", "nothing of this identifier is owed"))?;
    let done = match people::ask(context, &terminal, &approve, &mut context.pins())? {
        Ok(approving) => terminal.clear(&context.operator, &id, &reason, &approving),
        Err(code) => Err(EngineError::Refused(code)),
    };
    let refusal = match done {
        Ok(()) => None,
        Err(EngineError::Refused(code)) => Some(code),
        Err(error) => return Err(error.into()),
    };
    if refusal == Some(Code::from(LocalCode::TwoPeopleNeeded)) {
        tell_how_to_be_two(context, &terminal)?;
    }
    let explained = |code: &Code| explain(code, Situation::Operator, context.lang, id.as_str());
    context.print(&ClearedOut {
        id: id.to_string(),
        kind: owed.kind,
        sale: owed.original.map(|sale| sale.to_string()),
        status: if refusal.is_none() {
            "cleared"
        } else {
            "refused"
        },
        code: refusal.as_ref().map(Code::to_string),
        explanation: refusal.as_ref().map(explained),
    })?;
    Ok(Exit::after(refusal.as_ref()))
}
