//! What is owed, and what a person may do with an item.

use pos_diagnosis::Situation;
use pos_domain::{Code, Id, LocalCode, NetCode, ObligationKind, ObligationStatus, Rail};
use pos_ledger::{LedgerError, Obligation};

use super::people::approving;
use super::reader::{Reader, deadline};
use super::shapes::{Owed, OwedAction, OwedItem, Why};
use super::undo::actions;
use super::{Approval, Counter, Failure, id};
use crate::terminal::{EngineError, ItemReport};

impl Counter {
    /// Everything owed, in the order in which it will be tried.
    ///
    /// # Errors
    /// Those of the ledger.
    pub fn queue(&self) -> Result<Vec<OwedItem>, Failure> {
        self.ask(Situation::Other, |reader| reader.queue())
    }

    /// Does something with an item; none when it is owed no longer.
    ///
    /// # Errors
    /// [`Failure::WrongPin`] of who consents; [`Failure::Refused`] in another state.
    pub fn act(
        &self,
        item: &str,
        action: OwedAction,
        approval: Option<&Approval>,
    ) -> Result<Option<OwedItem>, Failure> {
        let (who, item) = (self.who()?, id(item)?);
        let (opened, people) = (self.opened()?, approving(approval));
        let terminal = &opened.terminal;
        let done = match action {
            OwedAction::Hold => terminal.hold(&who, &item),
            OwedAction::Release => terminal.release(&who, &item),
            OwedAction::Withdraw => terminal.withdraw(&who, &item, &people),
            OwedAction::Escalate => terminal.escalate(&who, &item, &people),
            OwedAction::RetryNow => terminal.retry_all(&who),
        };
        done.map_err(|error| self.consent_failure(error, Situation::Void, approval))?;
        self.ask(Situation::Other, |reader| reader.item_if_owed(&item))
    }

    /// Begins a new round of everything owed, now.
    ///
    /// # Errors
    /// Those of the ledger.
    pub fn retry_all(&self) -> Result<(), Failure> {
        let who = self.who()?;
        self.ask(Situation::Other, |reader| reader.terminal.retry_all(&who))
    }
}

impl Reader<'_> {
    pub(super) fn queue(&self) -> Result<Vec<OwedItem>, EngineError> {
        let items = self.terminal.queue(self.lang)?;
        items.into_iter().map(|item| self.item(item)).collect()
    }

    fn item_if_owed(&self, id: &Id) -> Result<Option<OwedItem>, EngineError> {
        let ledger = self.terminal.ledger();
        let status = ledger.read(|query| query.obligation(id))?.status;
        if matches!(status, ObligationStatus::Closed | ObligationStatus::Cleared) {
            return Ok(None);
        }
        self.item(self.terminal.item(id, self.lang)?).map(Some)
    }

    pub(super) fn item(&self, report: ItemReport) -> Result<OwedItem, EngineError> {
        let ledger = self.terminal.ledger();
        let owed = ledger.read(|query| query.obligation(&report.id))?;
        let sale = report.sale.as_ref();
        let original = sale
            .map(|sale| ledger.read(|query| query.original(sale)))
            .transpose()?;
        let now = self.terminal.now().wall.0;
        let needs_consent = match original.as_ref().filter(|_| owed.undo.is_some()) {
            Some(original) => self.terminal.void_needs_approval(original.amount)?,
            None => false,
        };
        Ok(OwedItem {
            id: report.id.to_string(),
            kind: report.kind,
            rail: original.as_ref().map_or(Rail::UnionPay, |o| o.rail),
            sale: sale.map(Id::to_string).unwrap_or_default(),
            undo: owed.undo.as_ref().map(Id::to_string),
            amount: report.amount.unwrap_or(0),
            voucher: original.and_then(|original| original.trace),
            attempts: report.attempts,
            next_try: report.next_try.map(|at| at.0.saturating_sub(now)),
            deadline: report.deadline.as_ref().map(deadline),
            why: why_of(&report.status, report.why.as_ref()),
            first: is_first(&owed),
            actions: self.item_actions(&owed)?,
            needs_consent,
        })
    }

    fn item_actions(&self, owed: &Obligation) -> Result<Vec<OwedAction>, EngineError> {
        let undo = owed.undo.as_ref();
        let Some(undo) = undo.filter(|_| owed.kind != ObligationKind::Reversal) else {
            return Ok(match owed.status {
                ObligationStatus::Owed => vec![OwedAction::RetryNow, OwedAction::Escalate],
                _ => Vec::new(),
            });
        };
        let (status, unproven) = self.terminal.ledger().read(|query| {
            let status = query.undo(undo)?.status;
            Ok::<_, LedgerError>((status, query.has_unproven_attempt(undo)?))
        })?;
        Ok(actions(status, !unproven))
    }

    pub(super) fn owed(&self) -> Result<Owed, EngineError> {
        let items = self.queue()?;
        let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        let is_undo =
            |item: &&OwedItem| matches!(item.kind, ObligationKind::Void | ObligationKind::Refund);
        let voids = items
            .iter()
            .filter(|item| item.kind == ObligationKind::Void);
        Ok(Owed {
            count: count(items.len()),
            amount: items.iter().filter(is_undo).map(|item| item.amount).sum(),
            nearest: items
                .iter()
                .filter_map(|item| item.deadline)
                .min_by_key(|deadline| deadline.at),
            voids: count(voids.count()),
        })
    }
}

fn is_first(owed: &Obligation) -> bool {
    owed.kind == ObligationKind::Reversal && owed.status == ObligationStatus::Owed
}

/// Why something is still owed, in one word.
pub(super) fn why_of(status: &str, code: Option<&Code>) -> Why {
    match status {
        "on_hold" => return Why::Held,
        "needs_card" => return Why::Card,
        "escalated" => return Why::Escalated,
        "sending" => return Why::Running,
        _ => {}
    }
    match code {
        Some(Code::Net(net)) => why_of_net(*net),
        Some(Code::Local(local)) => match local {
            LocalCode::SaleUnknown => Why::SaleUnknown,
            LocalCode::NotSignedIn | LocalCode::KeyCheckFailed => Why::SignIn,
            LocalCode::Interrupted | LocalCode::ProofMissing => Why::NoAnswer,
            LocalCode::CardNeeded | LocalCode::PinNeeded => Why::Card,
            LocalCode::OnHold => Why::Held,
            _ => Why::Turn,
        },
        // The acquirer's codes that ask for a sign-in (spec unionpay-8583 §7).
        Some(Code::Wire(_, wire)) if matches!(wire.as_str(), "77" | "88" | "A0") => Why::SignIn,
        Some(Code::Wire(_, wire)) if matches!(wire.as_str(), "98" | "68") => Why::NoAnswer,
        Some(Code::Wire(..)) => Why::HostBusy,
        None => Why::Turn,
    }
}

const fn why_of_net(code: NetCode) -> Why {
    match code {
        NetCode::NameNotFound
        | NetCode::Unreachable
        | NetCode::Refused
        | NetCode::ConnectTimeout
        | NetCode::TlsFailed => Why::Network,
        _ => Why::NoAnswer,
    }
}
