//! `accept-restored` and `import-keys`: what a supervisor does after a copy of the ledger was put
//! back, or the keys were lost.

use std::path::PathBuf;
use std::sync::Arc;

use pos_diagnosis::{Situation, explain};
use pos_engine::domain::Code;
use pos_engine::lost_keys::{LostKeysError, replace_lost_keys};
use pos_engine::{EngineError, Loaded, SetupPorts, SystemClock, SystemRandom};

use super::Command;
use crate::args::{Opt, Options};
use crate::context::Context;
use crate::output::RescueOut;
use crate::{Exit, Failure, Kind, open, people};

pub(super) const ACCEPT_RESTORED: Command = Command {
    name: "accept-restored",
    usage: "accept-restored [--approve NO]",
    about: "say that the terminal which this ledger was copied from is retired: this one goes on",
    run: accept_restored,
};

pub(super) const IMPORT_KEYS: Command = Command {
    name: "import-keys",
    usage: "import-keys --profile FILE [--approve NO]",
    about: "replace keys that are lost for good by those of the profile; asks for the approver's \
            PIN alone",
    run: import_keys,
};

fn accept_restored(context: &Context, options: &mut Options) -> Result<Exit, Failure> {
    let mut approve = Vec::new();
    while let Some(opt) = options.read()? {
        match &opt {
            Opt::Flag(name) if name == "approve" => approve.push(options.number(name)?),
            _ => return Err(options.unexpected(&opt)),
        }
    }
    let terminal = open::working(context)?;
    if !terminal.is_restored()? {
        context.note(
            "账本不是从副本放回来的：没有什么要放行。",
            "This ledger was not put back from a copy: there is nothing to accept.",
        );
    }
    let done = match people::ask(context, &terminal, &approve, &mut context.pins())? {
        Ok(approving) => terminal.accept_restored(&context.operator, &approving),
        Err(code) => Err(EngineError::Refused(code)),
    };
    match done {
        Ok(()) => tell(context, None),
        Err(EngineError::Refused(code)) => tell(context, Some(&code)),
        Err(error) => Err(error.into()),
    }
}

fn import_keys(context: &Context, options: &mut Options) -> Result<Exit, Failure> {
    let (mut file, mut approve) = (None, Vec::new());
    while let Some(opt) = options.read()? {
        match &opt {
            Opt::Flag(name) if name == "approve" => approve.push(options.number(name)?),
            Opt::Flag(name) if name == "profile" => file = Some(PathBuf::from(options.value()?)),
            _ => return Err(options.unexpected(&opt)),
        }
    }
    let file = file.ok_or_else(|| options.missing("--profile"))?;
    let home = context.terminal()?;
    let loaded = Loaded::from_file(&file)?;
    let ports = SetupPorts {
        clock: &SystemClock::new()?,
        random: Arc::new(SystemRandom),
        key_store: &context.key_store(),
    };
    let approving = people::approvers(&approve, &mut context.pins())?;
    match replace_lost_keys(home, &loaded, &ports, &context.operator, &approving) {
        Ok(()) => tell(context, None),
        Err(LostKeysError::Engine(EngineError::Refused(code))) => tell(context, Some(&code)),
        Err(error) => Err(failure(error)),
    }
}

fn failure(error: LostKeysError) -> Failure {
    match error {
        LostKeysError::NotLost => Failure::new(Kind::Usage, "keys", error.to_string()),
        LostKeysError::Home(error) => error.into(),
        LostKeysError::Vault(error) => error.into(),
        LostKeysError::File(error) => error.into(),
        LostKeysError::Ledger(error) => error.into(),
        LostKeysError::Engine(error) => error.into(),
        LostKeysError::Setup(error) => error.into(),
    }
}

fn tell(context: &Context, refusal: Option<&Code>) -> Result<Exit, Failure> {
    let explained = |code: &Code| explain(code, Situation::Operator, context.lang, "");
    context.print(&RescueOut {
        done: refusal.is_none(),
        code: refusal.map(Code::to_string),
        explanation: refusal.map(explained),
    })?;
    Ok(Exit::after(refusal))
}
