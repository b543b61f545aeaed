//! `sale`: takes money by card.

use pos_diagnosis::Situation;
use pos_engine::EngineError;
use pos_engine::domain::{Amount, OriginalKind};
use pos_engine::terminal::TakeRequest;

use super::Command;
use crate::args::{Opt, Options};
use crate::card::CardOptions;
use crate::context::Context;
use crate::{Exit, Failure, open, people, report};

pub(super) const COMMAND: Command = Command {
    name: "sale",
    usage: "sale --amount 12.34 (--card PAN=YYMM | --track2 T2) [--field55 HEX [--contactless]] \
            [--card-pin]",
    about: "take money by card; --card-pin reads the customer's PIN as the last line of input",
    run,
};

fn run(context: &Context, options: &mut Options) -> Result<Exit, Failure> {
    let (mut amount, mut card) = (None, CardOptions::default());
    while let Some(opt) = options.read()? {
        match &opt {
            Opt::Flag(name) if name == "amount" => amount = Some(options.amount(name)?),
            Opt::Flag(name) if card.take(name, options)? => {}
            _ => return Err(options.unexpected(&opt)),
        }
    }
    let amount: Amount = amount.ok_or_else(|| options.missing("--amount"))?;
    let mut pins = context.pins();
    card.check_present(options)?;
    let terminal = open::working(context)?;
    let allowed = people::ask(context, &terminal, &[], &mut pins)?;
    let card = card
        .card(&mut pins)?
        .ok_or_else(|| options.missing("--card"))?;
    let asked = TakeRequest {
        kind: OriginalKind::Sale,
        amount,
        card,
        parent: None,
        request: None,
    };
    let taken = match allowed {
        Ok(_) => terminal.take(&context.operator, &asked, context.lang),
        Err(code) => Err(EngineError::Refused(code)),
    };
    let out = match taken {
        Ok(taken) => report::sale(taken),
        Err(EngineError::Refused(code)) => {
            report::refused_sale(amount.minor(), &code, Situation::Sale, context.lang)
        }
        Err(error) => return Err(error.into()),
    };
    context.print(&out)?;
    Ok(out.status.into())
}
