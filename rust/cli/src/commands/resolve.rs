//! `resolve`: enters the acquirer's written statement about something unknown.

use pos_diagnosis::{Situation, explain};
use pos_engine::EngineError;
use pos_engine::domain::{Code, Id, LocalCode, UndoKind};
use pos_engine::terminal::{Resolved, Statement, Terminal, check_statement};

use super::Command;
use super::which::sale_id;
use crate::args::{Opt, Options};
use crate::context::Context;
use crate::output::{RefundOut, ResolvedOut, VoidOut};
use crate::{Exit, Failure, open, people, report};

pub(super) const COMMAND: Command = Command {
    name: "resolve",
    usage: "resolve ID (--executed | --not-executed) --ref TEXT --approve A --approve B",
    about: "enter what the acquirer states in writing about something unknown; two people, one of \
            them a supervisor",
    run,
};

fn run(context: &Context, options: &mut Options) -> Result<Exit, Failure> {
    let (mut id, mut statement, mut reference, mut approve) = (None, None, None, Vec::new());
    while let Some(opt) = options.read()? {
        match &opt {
            Opt::Flag(name) if name == "approve" => approve.push(options.number(name)?),
            Opt::Flag(name) if name == "executed" && statement.is_none() => {
                statement = Some(Statement::Executed);
            }
            Opt::Flag(name) if name == "not-executed" && statement.is_none() => {
                statement = Some(Statement::NotExecuted);
            }
            Opt::Flag(name) if name == "ref" => reference = Some(statement_text(options, "--ref")?),
            Opt::Argument(text) if id.is_none() => id = Some(sale_id(text, "ID")?),
            _ => return Err(options.unexpected(&opt)),
        }
    }
    let id = id.ok_or_else(|| options.missing("ID"))?;
    let statement = statement.ok_or_else(|| options.missing("--executed or --not-executed"))?;
    let reference = reference.ok_or_else(|| options.missing("--ref"))?;
    let terminal = open::working(context)?;
    let done = match people::ask(context, &terminal, &approve, &mut context.pins())? {
        Ok(approving) => {
            terminal.resolve(&context.operator, &id, statement, &reference, &approving)
        }
        Err(code) => Err(EngineError::Refused(code)),
    };
    match done {
        Ok(about) => tell(context, &terminal, &about),
        Err(EngineError::Refused(code)) => {
            if code == Code::from(LocalCode::TwoPeopleNeeded) {
                tell_how_to_be_two(context, &terminal)?;
            }
            refused(context, &id, &code)
        }
        Err(error) => Err(error.into()),
    }
}

/// What the statement is called, or why an item is cleared.
pub(super) fn statement_text(
    options: &mut Options,
    place: &'static str,
) -> Result<String, Failure> {
    let text = options.value()?;
    check_statement(&text).map_err(|fault| Failure::usage(place, fault.to_string()))?;
    Ok(text)
}

/// A statement is never one person's, not even in a home that asks for no approval: whoever has
/// not entered two people yet is told how.
pub(super) fn tell_how_to_be_two(context: &Context, terminal: &Terminal) -> Result<(), Failure> {
    let people = terminal.operators()?;
    let able = people
        .iter()
        .filter(|person| !person.disabled && person.pin_hash.is_some());
    if able.count() < 2 || !terminal.has_supervisor()? {
        context.note(
            "还没有登记够人。先登记主管：operator add NO --supervisor，再登记第二个人：\
             operator add NO。密码从标准输入给。",
            "Not enough people are entered. Enter a supervisor: operator add NO --supervisor, then \
             a second person: operator add NO. PINs come by standard input.",
        );
    }
    Ok(())
}

/// The sale or the undo as it stands now.
fn tell(context: &Context, terminal: &Terminal, about: &Resolved) -> Result<Exit, Failure> {
    match about {
        Resolved::Sale(sale) => {
            let out = report::sale(terminal.sale_report(sale, context.lang)?);
            context.print(&out)?;
            Ok(out.status.into())
        }
        Resolved::Undo(undo) => {
            let report = terminal.undo_report(undo, context.lang)?;
            let kind = report.undo.as_ref().map(|undo| undo.kind);
            let (id, undo) = report::undo(report);
            let exit = undo.status.into();
            match kind {
                Some(UndoKind::Refund) => context.print(&RefundOut { refund: id, undo })?,
                _ => context.print(&VoidOut { void: id, undo })?,
            }
            Ok(exit)
        }
    }
}

fn refused(context: &Context, id: &Id, code: &Code) -> Result<Exit, Failure> {
    let explanation = explain(code, Situation::Operator, context.lang, id.as_str());
    context.print(&ResolvedOut {
        id: id.to_string(),
        status: "refused",
        code: code.to_string(),
        explanation,
    })?;
    Ok(Exit::No)
}
