//! `settle`: compares the totals of a batch with the acquirer and closes it.

use pos_diagnosis::{Situation, explain};
use pos_engine::EngineError;
use pos_engine::domain::Code;
use pos_engine::terminal::{Balance, SettleReport, Terminal, Turnover};

use super::Command;
use super::which::sale_id;
use crate::args::{Opt, Options};
use crate::context::Context;
use crate::output::{ItemOut, SettleOut, TurnoverOut};
use crate::{Exit, Failure, open, people, report};

pub(super) const COMMAND: Command = Command {
    name: "settle",
    usage: "settle [--pass-over ID ...] [--approve NO]",
    about: "deliver what is owed, compare the totals of the oldest batch, close it; a supervisor \
            may pass over what is still open, item by item",
    run,
};

fn run(context: &Context, options: &mut Options) -> Result<Exit, Failure> {
    let (mut over, mut approve) = (Vec::new(), Vec::new());
    while let Some(opt) = options.read()? {
        match &opt {
            Opt::Flag(name) if name == "approve" => approve.push(options.number(name)?),
            Opt::Flag(name) if name == "pass-over" => {
                over.push(sale_id(&options.value()?, "--pass-over")?);
            }
            _ => return Err(options.unexpected(&opt)),
        }
    }
    let terminal = open::working(context)?;
    for undo in &over {
        let found = terminal.ledger().read(|query| query.undo(undo));
        let wrong = super::missing(
            "--pass-over",
            "there is no void or refund of this identifier",
        );
        found.map_err(wrong)?;
    }
    let allowed = people::ask(context, &terminal, &approve, &mut context.pins())?;
    let done = match allowed {
        Ok(approving) => terminal.settle(&context.operator, &over, &approving, context.lang),
        Err(code) => Err(EngineError::Refused(code)),
    };
    let (out, exit) = match done {
        Ok(done) => {
            let exit = exit_of(done.balance);
            (settled(done), exit)
        }
        Err(EngineError::Refused(code)) => (refused(context, &terminal, &code)?, Exit::No),
        Err(error) => return Err(error.into()),
    };
    context.print(&out)?;
    Ok(exit)
}

const fn exit_of(balance: Balance) -> Exit {
    match balance {
        Balance::Balanced => Exit::Good,
        Balance::NotBalanced => Exit::No,
        Balance::Unknown | Balance::Blocked => Exit::Owed,
    }
}

fn settled(done: SettleReport) -> SettleOut {
    let turnover = |of: Turnover| TurnoverOut {
        count: of.count,
        amount: of.amount,
    };
    SettleOut {
        status: done.balance.as_str(),
        batch: done.batch,
        debit: Some(turnover(done.debit)),
        credit: Some(turnover(done.credit)),
        uploaded: done.uploaded,
        left: done.items.len(),
        items: done.items.into_iter().map(report::item).collect(),
        cleared: done.cleared.into_iter().map(report::item).collect(),
        code: done.code.map(|code| code.to_string()),
        explanation: done.explanation,
    }
}

/// What two people cleared and no proof closed since.
fn cleared(context: &Context, terminal: &Terminal) -> Result<Vec<ItemOut>, Failure> {
    let cleared = terminal.ledger().read(|query| query.cleared())?;
    let items = cleared.iter().map(|owed| {
        let item = terminal.item(&owed.id, context.lang)?;
        Ok(report::item(item))
    });
    items.collect()
}

/// Nobody may settle like this: nothing was sent.
fn refused(context: &Context, terminal: &Terminal, code: &Code) -> Result<SettleOut, Failure> {
    let queue = report::queue(terminal.queue(context.lang)?);
    Ok(SettleOut {
        status: Balance::Blocked.as_str(),
        batch: terminal.ledger().read(|query| query.batch())?,
        debit: None,
        credit: None,
        uploaded: 0,
        left: queue.left,
        items: queue.items,
        cleared: cleared(context, terminal)?,
        code: Some(code.to_string()),
        explanation: Some(explain(code, Situation::Settlement, context.lang, "")),
    })
}
