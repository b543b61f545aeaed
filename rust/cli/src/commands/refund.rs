//! `refund`: gives money back after the void's time, or a part of a sale.

use pos_engine::EngineError;
use pos_engine::domain::{
    Amount, CardInput, Code, Entry, Id, Lang, LocalCode, UndoKind, UndoStatus,
};
use pos_engine::terminal::{Approving, RefundOrder, RefundSource, Terminal, UndoReport};

use super::Command;
use super::which::WhichOptions;
use crate::args::{Opt, Options};
use crate::card::CardOptions;
use crate::context::Context;
use crate::output::RefundOut;
use crate::{Exit, Failure, open, people, report};

pub(super) const COMMAND: Command = Command {
    name: "refund",
    usage: "refund (--sale ID | --voucher NO | --last | --reference RRN --date MMDD [--of 12.34]) \
            --amount 1.00 (--card PAN=YYMM | --track2 T2) [--field55 HEX] [--card-pin] \
            [--approve NO]",
    about: "give money back to the card; --of says what the sale was for, when it is not in the \
            journal",
    run,
};

/// What is asked for.
#[derive(Default)]
struct Asked {
    which: WhichOptions,
    card: CardOptions,
    amount: Option<Amount>,
    of: Option<Amount>,
    reference: Option<String>,
    date: Option<String>,
    approve: Vec<String>,
}

fn read(options: &mut Options) -> Result<Asked, Failure> {
    let mut asked = Asked::default();
    while let Some(opt) = options.read()? {
        match &opt {
            Opt::Flag(name) if name == "amount" => asked.amount = Some(options.amount(name)?),
            Opt::Flag(name) if name == "of" => asked.of = Some(options.amount(name)?),
            Opt::Flag(name) if name == "approve" => asked.approve.push(options.number(name)?),
            Opt::Flag(name) if name == "reference" => {
                asked.reference = Some(reference(&options.value()?)?);
            }
            Opt::Flag(name) if name == "date" => asked.date = Some(date(&options.value()?)?),
            Opt::Flag(name) if asked.which.take(name, options)? => {}
            Opt::Flag(name) if asked.card.take(name, options)? => {}
            _ => return Err(options.unexpected(&opt)),
        }
    }
    Ok(asked)
}

fn run(context: &Context, options: &mut Options) -> Result<Exit, Failure> {
    let asked = read(options)?;
    let amount = asked.amount.ok_or_else(|| options.missing("--amount"))?;
    if !asked.which.is_named() {
        asked.card.check_present(options)?;
    }
    let foreign = match (asked.reference, asked.date, asked.of) {
        (Some(_), _, _) if asked.which.is_named() => {
            return Err(Failure::usage(
                "--reference",
                "goes without --sale, --voucher, --last",
            ));
        }
        (Some(reference), Some(date), of) => Some(RefundSource::Reference {
            reference,
            date,
            of,
        }),
        (Some(_), None, _) => return Err(options.missing("--date")),
        (None, None, None) => None,
        (None, ..) => return Err(options.missing("--reference")),
    };
    let which = match &foreign {
        Some(_) => None,
        None => Some(asked.which.which(options)?),
    };
    let mut pins = context.pins();
    let terminal = open::working(context)?;
    let sale = match which {
        Some(which) => which.find(&terminal, None, context.lang)?,
        None => None,
    };
    let allowed = people::ask(context, &terminal, &asked.approve, &mut pins)?;
    let card = asked.card.card(&mut pins)?;
    if card.is_none() && needs_card(&terminal, sale.as_ref(), context.lang)? {
        return Err(options.missing("--card or --track2"));
    }
    let source = foreign.or_else(|| sale.clone().map(RefundSource::Sale));
    let done = match (source, allowed) {
        (None, _) => Err(EngineError::Refused(LocalCode::NotFound.into())),
        (_, Err(code)) => Err(EngineError::Refused(code)),
        (Some(of), Ok(approving)) => {
            let order = order(of, amount, card, approving);
            refund(context, &terminal, sale.as_ref(), &order)
        }
    };
    let out = match done {
        Ok(done) => {
            let (refund, undo) = report::undo(done);
            RefundOut { refund, undo }
        }
        Err(EngineError::Refused(code)) => refused(context, &terminal, sale.as_ref(), &code)?,
        Err(error) => return Err(error.into()),
    };
    context.print(&out)?;
    Ok(out.undo.status.into())
}

const fn order(
    of: RefundSource,
    amount: Amount,
    card: Option<CardInput>,
    approving: Vec<Approving>,
) -> RefundOrder {
    RefundOrder {
        of,
        amount,
        card,
        reason: None,
        request: None,
        approving,
    }
}

/// Whether a refund of this sale wants its card: all but those by code.
fn needs_card(terminal: &Terminal, sale: Option<&Id>, lang: Lang) -> Result<bool, Failure> {
    let Some(sale) = sale else {
        return Ok(false);
    };
    let sale = terminal.sale_report(sale, lang)?;
    Ok(sale.view.original.entry != Entry::Code)
}

/// Makes a refund, or presents the card to the same one that waits for it.
fn refund(
    context: &Context,
    terminal: &Terminal,
    sale: Option<&Id>,
    order: &RefundOrder,
) -> Result<UndoReport, EngineError> {
    let (who, lang) = (&context.operator, context.lang);
    if let Some(sale) = sale {
        let undo = terminal.sale_report(sale, lang)?.view.undo;
        let waiting = undo.filter(|undo| {
            undo.kind == UndoKind::Refund
                && undo.status == UndoStatus::NeedsCard
                && undo.amount == order.amount
        });
        if let (Some(undo), Some(card)) = (waiting, &order.card) {
            return terminal.present_card(who, &undo.id, card, lang);
        }
    }
    terminal.refund(who, order, lang)
}

fn refused(
    context: &Context,
    terminal: &Terminal,
    sale: Option<&Id>,
    code: &Code,
) -> Result<RefundOut, Failure> {
    let undo = report::refused_undo(terminal, sale, UndoKind::Refund, code, context.lang)?;
    Ok(RefundOut { refund: None, undo })
}

/// Field 37.
fn reference(text: &str) -> Result<String, Failure> {
    let fits = text.len() == 12 && text.bytes().all(|b| b.is_ascii_alphanumeric());
    if fits {
        Ok(text.to_owned())
    } else {
        Err(Failure::usage(
            "--reference",
            "has twelve letters or digits",
        ))
    }
}

/// Month and day.
fn date(text: &str) -> Result<String, Failure> {
    let number = |part: Option<&str>| part.and_then(|part| part.parse::<u8>().ok());
    let (month, day) = (number(text.get(..2)), number(text.get(2..)));
    let digits = text.len() == 4 && text.bytes().all(|b| b.is_ascii_digit());
    let fits =
        month.is_some_and(|m| (1..=12).contains(&m)) && day.is_some_and(|d| (1..=31).contains(&d));
    if digits && fits {
        Ok(text.to_owned())
    } else {
        Err(Failure::usage("--date", "is the sale's date, MMDD"))
    }
}
