//! `operator`: who works here.

use pos_diagnosis::{Situation, explain};
use pos_engine::EngineError;
use pos_engine::domain::Code;
use pos_engine::terminal::{Approving, NewOperator, OperatorPin, PeopleError, Role, Terminal};

use super::Command;
use crate::args::{Opt, Options};
use crate::context::Context;
use crate::output::{OperatorOut, OperatorsOut};
use crate::pins::Pins;
use crate::{Exit, Failure, open, people};

pub(super) const COMMAND: Command = Command {
    name: "operator",
    usage: "operator list | operator add NO [--name NAME] [--supervisor] [--no-pin] \
            [--approve NO] | operator disable NO [--approve NO]",
    about: "list, add or change, or disable who works here; the new PIN is the last line of input",
    run,
};

/// What is asked for.
#[derive(Default)]
struct Asked {
    action: Option<String>,
    no: Option<String>,
    name: Option<String>,
    supervisor: bool,
    no_pin: bool,
    approve: Vec<String>,
}

fn run(context: &Context, options: &mut Options) -> Result<Exit, Failure> {
    let mut asked = Asked::default();
    while let Some(opt) = options.read()? {
        match &opt {
            Opt::Flag(name) if name == "approve" => asked.approve.push(options.number(name)?),
            Opt::Flag(name) if name == "name" => asked.name = Some(options.value()?),
            Opt::Flag(name) if name == "supervisor" => asked.supervisor = true,
            Opt::Flag(name) if name == "no-pin" => asked.no_pin = true,
            Opt::Argument(text) if asked.action.is_none() => asked.action = Some(text.clone()),
            Opt::Argument(text) if asked.no.is_none() => {
                asked.no = Some(crate::args::operator(text, "NO")?);
            }
            _ => return Err(options.unexpected(&opt)),
        }
    }
    match asked.action.as_deref() {
        Some("list") if asked.no.is_none() => {
            let terminal = open::looking(context)?;
            tell(context, &terminal, None)
        }
        Some("add" | "disable") if asked.no.is_none() => Err(options.missing("NO")),
        Some("add") => change(context, &asked, add),
        Some("disable") => change(context, &asked, disable),
        _ => Err(options.missing("list, add or disable")),
    }
}

type Change = fn(&Context, &Terminal, &Asked, &[Approving], &mut Pins) -> Result<(), PeopleError>;

fn change(context: &Context, asked: &Asked, change: Change) -> Result<Exit, Failure> {
    let terminal = open::working(context)?;
    let mut pins = context.pins();
    let refusal = match people::ask(context, &terminal, &asked.approve, &mut pins)? {
        Err(code) => Some(code),
        Ok(approving) => match change(context, &terminal, asked, &approving, &mut pins) {
            Ok(()) => None,
            Err(PeopleError::Engine(EngineError::Refused(code))) => Some(code),
            Err(PeopleError::Engine(error)) => return Err(error.into()),
            Err(PeopleError::Pin(fault)) => {
                return Err(Failure::usage("standard input", fault.to_string()));
            }
        },
    };
    tell(context, &terminal, refusal.as_ref())
}

fn add(
    context: &Context,
    terminal: &Terminal,
    asked: &Asked,
    approving: &[Approving],
    pins: &mut Pins,
) -> Result<(), PeopleError> {
    let no = asked.no.clone().unwrap_or_default();
    let pin = if asked.no_pin {
        None
    } else {
        // Standard input that cannot be read gives no PIN, which has no right form.
        let text = pins.take().ok().flatten().unwrap_or_default();
        Some(OperatorPin::parse(&text)?)
    };
    let role = if asked.supervisor {
        Role::Supervisor
    } else {
        Role::Cashier
    };
    let new = NewOperator {
        name: asked.name.clone().unwrap_or_else(|| no.clone()),
        no,
        role,
        pin,
    };
    terminal.put_operator(&context.operator, &new, approving)
}

fn disable(
    context: &Context,
    terminal: &Terminal,
    asked: &Asked,
    approving: &[Approving],
    _: &mut Pins,
) -> Result<(), PeopleError> {
    let no = asked.no.as_deref().unwrap_or_default();
    Ok(terminal.disable_operator(&context.operator, no, approving)?)
}

/// Everybody, and why nothing was changed.
fn tell(context: &Context, terminal: &Terminal, refusal: Option<&Code>) -> Result<Exit, Failure> {
    let operators = terminal
        .operators()?
        .into_iter()
        .map(|operator| OperatorOut {
            no: operator.no,
            name: operator.name,
            role: operator.role.as_str(),
            has_pin: operator.pin_hash.is_some(),
            enabled: !operator.disabled,
        });
    let explained = |code: &Code| explain(code, Situation::Operator, context.lang, "");
    context.print(&OperatorsOut {
        operators: operators.collect(),
        code: refusal.map(Code::to_string),
        explanation: refusal.map(explained),
    })?;
    Ok(Exit::after(refusal))
}
