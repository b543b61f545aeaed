//! `sale`, `preauth` and `complete`: take money, hold it, take what was held.

use pos_engine::EngineError;
use pos_engine::domain::{Amount, Code, Id, Lang, LocalCode, OriginalKind};
use pos_engine::terminal::{SaleReport, TakeRequest, Terminal, situation_of};

use super::Command;
use super::by_code::{self, Means};
use super::which::WhichOptions;
use crate::args::{Opt, Options};
use crate::card::CardOptions;
use crate::context::Context;
use crate::output::SaleOut;
use crate::{Exit, Failure, open, people, report};

pub(super) const SALE: Command = Command {
    name: "sale",
    usage: "sale --amount 12.34 (--card PAN=YYMM | --track2 T2) [--field55 HEX [--contactless]] \
            [--card-pin]\n  sale --amount 12.34 (--code PAYCODE | --show wechat|alipay|unionpay)",
    about: "take money by card (--card-pin reads the customer's PIN as the last line of input), by \
            the customer's payment code, or by a code that is shown for 120 s at most",
    run: |context, options| take(context, options, OriginalKind::Sale),
};

pub(super) const PREAUTH: Command = Command {
    name: "preauth",
    usage: "preauth --amount 12.34 (--card PAN=YYMM | --track2 T2) [--field55 HEX] [--card-pin] \
            [--sale ID | --voucher NO | --last]",
    about: "hold money on a card, to be taken later; with --sale it adds to what that one holds",
    run: |context, options| take(context, options, OriginalKind::Preauth),
};

pub(super) const COMPLETE: Command = Command {
    name: "complete",
    usage: "complete (--sale ID | --voucher NO | --last) --amount 12.34 (--card PAN=YYMM | \
            --track2 T2) [--card-pin] [--advice]",
    about: "take what a pre-authorisation holds, once, up to 115 % of it; --advice tells the \
            acquirer instead of asking it",
    run: |context, options| take(context, options, OriginalKind::Completion),
};

fn take(context: &Context, options: &mut Options, kind: OriginalKind) -> Result<Exit, Failure> {
    let (mut amount, mut card) = (None, CardOptions::default());
    let (mut which, mut advice) = (WhichOptions::default(), false);
    let (mut means, sells) = (None, kind == OriginalKind::Sale);
    let completes = kind == OriginalKind::Completion;
    while let Some(opt) = options.read()? {
        match &opt {
            Opt::Flag(name) if name == "amount" => amount = Some(options.amount(name)?),
            Opt::Flag(name) if card.take(name, options)? => {}
            Opt::Flag(name) if kind != OriginalKind::Sale && which.take(name, options)? => {}
            Opt::Flag(name) if completes && name == "advice" => advice = true,
            Opt::Flag(name) if sells && Means::take(&mut means, name, options)? => {}
            _ => return Err(options.unexpected(&opt)),
        }
    }
    let amount: Amount = amount.ok_or_else(|| options.missing("--amount"))?;
    if let Some(means) = means {
        if card.is_named() {
            return Err(Failure::usage("--card", "goes without --code and --show"));
        }
        return by_code::sell(context, amount, &means);
    }
    card.check_present(options)?;
    let named = completes || which.is_named();
    let which = named.then(|| which.which(options)).transpose()?;
    let mut pins = context.pins();
    let terminal = open::working(context)?;
    let allowed = people::ask(context, &terminal, &[], &mut pins)?;
    let card = card
        .card(&mut pins)?
        .ok_or_else(|| options.missing("--card"))?;
    let parent = match which {
        None => Ok(None),
        Some(which) => match which.find(&terminal, Some(OriginalKind::Preauth), context.lang)? {
            Some(preauth) => Ok(Some(preauth)),
            None => Err(Code::from(LocalCode::NotFound)),
        },
    };
    let asked = |parent: Option<Id>| TakeRequest {
        kind,
        amount,
        card,
        parent,
        request: None,
    };
    let way = if advice {
        Terminal::complete_by_advice
    } else {
        Terminal::take
    };
    let out = match allowed.and(parent) {
        Ok(parent) => taken(context, &terminal, way, &asked(parent))?,
        Err(code) => refused(context, kind, amount, &code),
    };
    context.print(&out)?;
    Ok(out.status.into())
}

type Way = fn(&Terminal, &str, &TakeRequest, Lang) -> Result<SaleReport, EngineError>;

fn taken(
    context: &Context,
    terminal: &Terminal,
    way: Way,
    asked: &TakeRequest,
) -> Result<SaleOut, Failure> {
    match way(terminal, &context.operator, asked, context.lang) {
        Ok(taken) => Ok(report::sale(taken)),
        Err(EngineError::Refused(code)) => Ok(refused(context, asked.kind, asked.amount, &code)),
        Err(error) => Err(error.into()),
    }
}

fn refused(context: &Context, kind: OriginalKind, amount: Amount, code: &Code) -> SaleOut {
    report::refused_sale(amount.minor(), code, situation_of(kind), context.lang)
}
