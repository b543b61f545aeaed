//! `signature` and `chip-result`: what comes after a payment.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use pos_diagnosis::{Situation, explain};
use pos_engine::domain::{Code, Explanation, Id};
use pos_engine::terminal::{LARGEST_IMAGE, Terminal};
use pos_engine::{EngineError, in_words};
use zeroize::Zeroizing;

use super::Command;
use super::which::sale_id;
use crate::args::{Opt, Options};
use crate::card::chip_data;
use crate::context::Context;
use crate::output::{ChipResultOut, SignatureOut, Stored};
use crate::{Exit, Failure, open, people};

pub(super) const SIGNATURE: Command = Command {
    name: "signature",
    usage: "signature SALE --image FILE",
    about: "store the customer's signature, a compressed image, to be uploaded before settlement",
    run: signature,
};

pub(super) const CHIP_RESULT: Command = Command {
    name: "chip-result",
    usage: "chip-result SALE --field55 HEX",
    about: "store what the chip said after the answer: its last cryptogram, results of scripts",
    run: chip_result,
};

fn signature(context: &Context, options: &mut Options) -> Result<Exit, Failure> {
    let (mut id, mut image) = (None, None);
    while let Some(opt) = options.read()? {
        match &opt {
            Opt::Flag(name) if name == "image" => image = Some(PathBuf::from(options.value()?)),
            Opt::Argument(text) if id.is_none() => id = Some(sale_id(text, "SALE")?),
            _ => return Err(options.unexpected(&opt)),
        }
    }
    let id = id.ok_or_else(|| options.missing("SALE"))?;
    let image = picture(&image.ok_or_else(|| options.missing("--image"))?)?;
    let terminal = open_at(context, &id)?;
    let stored = by_operator(context, &terminal, |terminal, who| {
        terminal.add_signature(who, &id, &image)
    })?;
    let paper_slip = terminal.needs_paper_slip(&id)?;
    let (status, feature, refusal, exit) = match stored {
        Ok(feature) => (Stored::Owed, Some(feature), None, Exit::Owed),
        Err(code) => (Stored::Refused, None, Some(code), Exit::No),
    };
    let (code, explanation) = told(context, refusal.as_ref(), &id);
    context.print(&SignatureOut {
        sale: id.to_string(),
        status,
        feature,
        paper_slip,
        code,
        explanation,
    })?;
    Ok(exit)
}

fn chip_result(context: &Context, options: &mut Options) -> Result<Exit, Failure> {
    let (mut id, mut data) = (None, None);
    while let Some(opt) = options.read()? {
        match &opt {
            Opt::Flag(name) if name == "field55" => {
                data = Some(chip_data(&Zeroizing::new(options.value()?))?);
            }
            Opt::Argument(text) if id.is_none() => id = Some(sale_id(text, "SALE")?),
            _ => return Err(options.unexpected(&opt)),
        }
    }
    let id = id.ok_or_else(|| options.missing("SALE"))?;
    let data = data.ok_or_else(|| options.missing("--field55"))?;
    let terminal = open_at(context, &id)?;
    let stored = by_operator(context, &terminal, |terminal, who| {
        terminal.add_chip_result(who, &id, &data)
    })?;
    let (status, exit) = match stored {
        Ok(()) => (Stored::Stored, Exit::Good),
        Err(_) => (Stored::Refused, Exit::No),
    };
    let (code, explanation) = told(context, stored.as_ref().err(), &id);
    context.print(&ChipResultOut {
        sale: id.to_string(),
        status,
        code,
        explanation,
    })?;
    Ok(exit)
}

/// The image, which must fit one message.
fn picture(path: &Path) -> Result<Vec<u8>, Failure> {
    let failed = |detail: String| Failure::usage("--image", detail);
    let limit = u64::try_from(LARGEST_IMAGE).unwrap_or(u64::MAX);
    let mut image = Vec::new();
    // One byte more than fits is enough to know.
    let read = File::open(path)
        .and_then(|file| file.take(limit.saturating_add(1)).read_to_end(&mut image));
    read.map_err(|error| failed(format!("{}: {}", path.display(), in_words(&error))))?;
    match image.len() {
        0 => Err(failed("is empty".to_owned())),
        size if size > LARGEST_IMAGE => {
            let detail = format!("has more than {LARGEST_IMAGE} bytes; compress it further");
            Err(failed(detail))
        }
        _ => Ok(image),
    }
}

fn open_at(context: &Context, id: &Id) -> Result<Terminal, Failure> {
    let terminal = open::working(context)?;
    let original = terminal.ledger().read(|query| query.original(id));
    original.map_err(super::missing("SALE", "there is no such sale"))?;
    Ok(terminal)
}

/// Does it as the operator; a refusal is a code.
fn by_operator<T>(
    context: &Context,
    terminal: &Terminal,
    work: impl FnOnce(&Terminal, &str) -> Result<T, EngineError>,
) -> Result<Result<T, Code>, Failure> {
    if let Err(code) = people::ask(context, terminal, &[], &mut context.pins())? {
        return Ok(Err(code));
    }
    match work(terminal, &context.operator) {
        Ok(done) => Ok(Ok(done)),
        Err(EngineError::Refused(code)) => Ok(Err(code)),
        Err(error) => Err(error.into()),
    }
}

fn told(context: &Context, code: Option<&Code>, id: &Id) -> (Option<String>, Option<Explanation>) {
    let explained = |code| explain(code, Situation::Operator, context.lang, id.as_str());
    (code.map(Code::to_string), code.map(explained))
}
