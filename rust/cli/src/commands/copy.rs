//! `copy`: safety copies of the ledger, and going on from one on another terminal.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use pos_diagnosis::{Situation, explain};
use pos_engine::copies::{CopyError, CopyFacts, FolderPlace, look_at_copy, restore_copy};
use pos_engine::domain::ports::Random;
use pos_engine::domain::{Code, WallTime};
use pos_engine::terminal::Passphrase;
use pos_engine::{EngineError, SystemRandom};

use super::Command;
use crate::args::{Opt, Options};
use crate::context::Context;
use crate::output::{CopiedOut, CopiesOut, CopyFactsOut, SwitchedOut};
use crate::pins::Pins;
use crate::{Exit, Failure, open, people};

pub(super) const COMMAND: Command = Command {
    name: "copy",
    usage: "copy (on [--approve NO] | off [--approve NO] | write --folder DIR | state | look FILE \
            | restore FILE [--merchant ID])",
    about: "keep encrypted copies of ledger and keys outside the home, or go on from one in an \
            empty home; the passphrase comes as a PIN does, behind the PINs",
    run,
};

#[derive(Default)]
struct Asked {
    verb: Option<String>,
    file: Option<PathBuf>,
    folder: Option<PathBuf>,
    merchant: Option<String>,
    approve: Vec<String>,
}

fn run(context: &Context, options: &mut Options) -> Result<Exit, Failure> {
    let asked = read(options)?;
    let file = || asked.file.as_deref().ok_or_else(|| options.missing("FILE"));
    match asked.verb.as_deref().unwrap_or_default() {
        "on" => switch(context, &asked.approve, true),
        "off" => switch(context, &asked.approve, false),
        "write" => {
            let folder = asked.folder.as_ref();
            write(context, folder.ok_or_else(|| options.missing("--folder"))?)
        }
        "state" => state(context),
        "look" => {
            let facts = look_at_copy(file()?, &passphrase(&mut context.pins())?, &random())?;
            tell(context, facts, false)
        }
        "restore" => restore(context, file()?, asked.merchant.as_deref()),
        _ => Err(options.missing("on, off, write, state, look or restore")),
    }
}

fn read(options: &mut Options) -> Result<Asked, Failure> {
    let mut asked = Asked::default();
    while let Some(opt) = options.read()? {
        let verb = asked.verb.as_deref();
        match &opt {
            Opt::Argument(text) if verb.is_none() => asked.verb = Some(text.clone()),
            Opt::Argument(text)
                if matches!(verb, Some("look" | "restore")) && asked.file.is_none() =>
            {
                asked.file = Some(PathBuf::from(text));
            }
            Opt::Flag(name) if name == "approve" && matches!(verb, Some("on" | "off")) => {
                asked.approve.push(options.number(name)?);
            }
            Opt::Flag(name) if name == "folder" && verb == Some("write") => {
                asked.folder = Some(PathBuf::from(options.value()?));
            }
            Opt::Flag(name) if name == "merchant" && verb == Some("restore") => {
                asked.merchant = Some(options.value()?);
            }
            _ => return Err(options.unexpected(&opt)),
        }
    }
    Ok(asked)
}

fn random() -> Arc<dyn Random> {
    Arc::new(SystemRandom)
}

/// The next line of what PINs come by.
fn passphrase(pins: &mut Pins) -> Result<Passphrase, Failure> {
    let typed = pins.take()?.unwrap_or_default();
    let parsed = Passphrase::parse(typed.as_bytes());
    parsed.map_err(|fault| CopyError::from(fault).into())
}

fn switch(context: &Context, approve: &[String], on: bool) -> Result<Exit, Failure> {
    let terminal = open::working(context)?;
    let (keeper, mut pins) = (terminal.keeper(), context.pins());
    let done = match people::ask(context, &terminal, approve, &mut pins)? {
        Ok(people) if on => keeper.begin(&context.operator, &passphrase(&mut pins)?, &people),
        Ok(people) => keeper.end(&context.operator, &people),
        Err(code) => Err(EngineError::Refused(code).into()),
    };
    let refusal = match done {
        Ok(()) => None,
        Err(CopyError::Engine(EngineError::Refused(code))) => Some(code),
        Err(error) => return Err(error.into()),
    };
    let explained = |code: &Code| explain(code, Situation::Operator, context.lang, "");
    context.print(&SwitchedOut {
        on: keeper.state()?.on,
        code: refusal.as_ref().map(Code::to_string),
        explanation: refusal.as_ref().map(explained),
    })?;
    Ok(Exit::after(refusal.as_ref()))
}

fn write(context: &Context, folder: &Path) -> Result<Exit, Failure> {
    let terminal = open::working(context)?;
    let made = terminal.keeper().write(&FolderPlace(folder.to_owned()))?;
    context.print(&CopiedOut {
        file: folder.join(made.name).display().to_string(),
        bytes: made.bytes,
    })?;
    Ok(Exit::Good)
}

fn state(context: &Context) -> Result<Exit, Failure> {
    let terminal = open::looking(context)?;
    let keeper = terminal.keeper();
    let (state, now) = (keeper.state()?, keeper.mark()?);
    let (due, last) = (state.is_due(&now), state.last);
    context.print(&CopiesOut {
        on: state.on,
        due,
        at: last.as_ref().map(|last| WallTime(last.at)),
        last: last.map(|last| last.name),
        failed: state.failed.map(|code| Code::from(code).to_string()),
        failed_at: state.failed_at.map(WallTime),
    })?;
    Ok(Exit::Good)
}

fn restore(context: &Context, file: &Path, merchant: Option<&str>) -> Result<Exit, Failure> {
    let passphrase = passphrase(&mut context.pins())?;
    let (key_store, outside) = (context.key_store(), context.outside());
    let ports = (&key_store as _, &outside as _, &random());
    let facts = restore_copy(&context.home, file, &passphrase, merchant, ports)?;
    tell(context, facts, true)
}

fn tell(context: &Context, facts: CopyFacts, restored: bool) -> Result<Exit, Failure> {
    context.print(&CopyFactsOut {
        merchant: facts.merchant,
        name: facts.name,
        terminal: facts.terminal,
        made: WallTime(facts.made),
        program: facts.program,
        owed: facts.owed,
        restored,
    })?;
    Ok(Exit::Good)
}
