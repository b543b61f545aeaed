//! `void`, `preauth-void` and `complete-void`: take a whole original back.

use pos_engine::EngineError;
use pos_engine::domain::{Code, Id, LocalCode, OriginalKind, UndoKind, UndoStatus};
use pos_engine::terminal::{Terminal, UndoReport, UndoRequest};

use super::Command;
use super::which::WhichOptions;
use crate::args::{Opt, Options};
use crate::card::CardOptions;
use crate::context::Context;
use crate::output::VoidOut;
use crate::{Exit, Failure, open, people, report};

pub(super) const VOID: Command = Command {
    name: "void",
    usage: "void (--sale ID | --voucher NO | --last) [--card PAN=YYMM | --track2 T2] [--card-pin] \
            [--approve NO]",
    about: "take a whole sale back: now if the acquirer answers, else as soon as it does",
    run: |context, options| run(context, options, None),
};

pub(super) const PREAUTH_VOID: Command = Command {
    name: "preauth-void",
    usage: "preauth-void (--sale ID | --voucher NO | --last) [--card PAN=YYMM | --track2 T2] \
            [--card-pin] [--approve NO]",
    about: "let go of what a pre-authorisation holds",
    run: |context, options| run(context, options, Some(OriginalKind::Preauth)),
};

pub(super) const COMPLETE_VOID: Command = Command {
    name: "complete-void",
    usage: "complete-void (--sale ID | --voucher NO | --last) [--card PAN=YYMM | --track2 T2] \
            [--card-pin] [--approve NO]",
    about: "take the whole of a completion back",
    run: |context, options| run(context, options, Some(OriginalKind::Completion)),
};

fn run(
    context: &Context,
    options: &mut Options,
    kind: Option<OriginalKind>,
) -> Result<Exit, Failure> {
    let (mut which, mut card) = (WhichOptions::default(), CardOptions::default());
    let mut approve = Vec::new();
    while let Some(opt) = options.read()? {
        match &opt {
            Opt::Flag(name) if name == "approve" => approve.push(options.number(name)?),
            Opt::Flag(name) if which.take(name, options)? => {}
            Opt::Flag(name) if card.take(name, options)? => {}
            _ => return Err(options.unexpected(&opt)),
        }
    }
    let which = which.which(options)?;
    let mut pins = context.pins();
    let terminal = open::working(context)?;
    let sale = which.find(&terminal, kind, context.lang)?;
    let allowed = people::ask(context, &terminal, &approve, &mut pins)?;
    let card = card.card(&mut pins)?;
    let done = match (&sale, allowed) {
        (None, _) => Err(EngineError::Refused(LocalCode::NotFound.into())),
        (_, Err(code)) => Err(EngineError::Refused(code)),
        (Some(sale), Ok(approving)) => {
            let asked = UndoRequest {
                card,
                approving,
                ..UndoRequest::default()
            };
            void(context, &terminal, sale, &asked)
        }
    };
    let out = match done {
        Ok(done) => {
            let (void, undo) = report::undo(done);
            VoidOut { void, undo }
        }
        Err(EngineError::Refused(code)) => refused(context, &terminal, sale.as_ref(), &code)?,
        Err(error) => return Err(error.into()),
    };
    context.print(&out)?;
    Ok(out.undo.status.into())
}

/// Makes a void, or presents the card to the one that waits for it.
fn void(
    context: &Context,
    terminal: &Terminal,
    sale: &Id,
    asked: &UndoRequest,
) -> Result<UndoReport, EngineError> {
    let (who, lang) = (&context.operator, context.lang);
    let undo = terminal.sale_report(sale, lang)?.view.undo;
    let waiting = undo.filter(|u| u.kind == UndoKind::Void && u.status == UndoStatus::NeedsCard);
    match (waiting, &asked.card) {
        (Some(undo), Some(card)) => terminal.present_card(who, &undo.id, card, lang),
        _ => terminal.void(who, sale, asked, lang),
    }
}

fn refused(
    context: &Context,
    terminal: &Terminal,
    sale: Option<&Id>,
    code: &Code,
) -> Result<VoidOut, Failure> {
    let undo = report::refused_undo(terminal, sale, UndoKind::Void, code, context.lang)?;
    Ok(VoidOut { void: None, undo })
}
