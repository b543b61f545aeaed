//! `balance`: asks for a card's balance.

use pos_diagnosis::{Situation, explain};
use pos_engine::domain::{Code, SaleStatus};
use pos_engine::terminal::Inquired;

use super::Command;
use crate::args::{Opt, Options};
use crate::card::CardOptions;
use crate::context::Context;
use crate::output::BalanceOut;
use crate::{Exit, Failure, open, people, report};

pub(super) const COMMAND: Command = Command {
    name: "balance",
    usage: "balance (--card PAN=YYMM | --track2 T2) [--field55 HEX [--contactless]] [--card-pin]",
    about: "ask for the balance of a card; it is told once and stored nowhere",
    run,
};

fn run(context: &Context, options: &mut Options) -> Result<Exit, Failure> {
    let mut card = CardOptions::default();
    while let Some(opt) = options.read()? {
        match &opt {
            Opt::Flag(name) if card.take(name, options)? => {}
            _ => return Err(options.unexpected(&opt)),
        }
    }
    card.check_present(options)?;
    let mut pins = context.pins();
    let terminal = open::working(context)?;
    let allowed = people::ask(context, &terminal, &[], &mut pins)?;
    let card = card
        .card(&mut pins)?
        .ok_or_else(|| options.missing("--card"))?;
    let out = match allowed {
        Err(code) => failed(context, SaleStatus::NotSent, &code),
        Ok(_) => match terminal.inquire(&context.operator, &card)? {
            Inquired::Balance(balance) => BalanceOut {
                status: SaleStatus::Approved,
                balance: Some(balance),
                code: Some("00".to_owned()),
                explanation: None,
            },
            Inquired::Failed(code) => failed(context, report::failed_status(&code), &code),
        },
    };
    context.print(&out)?;
    Ok(out.status.into())
}

fn failed(context: &Context, status: SaleStatus, code: &Code) -> BalanceOut {
    BalanceOut {
        status,
        balance: None,
        code: Some(code.to_string()),
        explanation: Some(explain(code, Situation::Other, context.lang, "")),
    }
}
