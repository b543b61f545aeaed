//! What is owed: delivering it, listing it, and what a person may do with an item.

use std::time::{Duration, Instant};

use pos_domain::{Id, Lang};
use pos_policy::Act;

use super::people::{self, Approving};
use super::{EngineError, ItemReport, SyncReport, Terminal};

/// Passes that `sync` makes at once when items are due again at once, such as after a sign-in.
const PASSES_AT_ONCE: u32 = 4;

impl Terminal {
    /// Begins a new round of everything owed and delivers what it can, for at most `wait`.
    ///
    /// # Errors
    /// [`EngineError`]; what was delivered before stands.
    pub fn sync(&self, who: &str, wait: Duration, lang: Lang) -> Result<SyncReport, EngineError> {
        let desk = self.desk()?;
        let end = Instant::now().checked_add(wait);
        let mut delivered = 0u32;
        self.run(async { desk.begin_round(who) })?;
        let mut passes = 0u32;
        loop {
            let report = self.run(desk.pass(who))?;
            delivered = delivered.saturating_add(report.delivered);
            passes = passes.saturating_add(1);
            if report.left == 0 {
                break;
            }
            let due = u64::try_from(report.next_due_ms.unwrap_or(i64::MAX)).unwrap_or(0);
            let left = end.map_or(Duration::ZERO, |end| {
                end.saturating_duration_since(Instant::now())
            });
            let at_once = due == 0 && report.delivered > 0 && passes < PASSES_AT_ONCE;
            if at_once {
                continue;
            }
            let pause = Duration::from_millis(due).max(Duration::from_millis(200));
            if pause >= left {
                break;
            }
            self.runtime.block_on(tokio::time::sleep(pause));
        }
        let items = self.queue(lang)?;
        let left = u32::try_from(items.len()).unwrap_or(u32::MAX);
        Ok(SyncReport {
            delivered,
            left,
            items,
        })
    }

    /// Everything owed, in the order in which it will be tried.
    ///
    /// # Errors
    /// Those of the ledger.
    pub fn queue(&self, lang: Lang) -> Result<Vec<ItemReport>, EngineError> {
        let owed = self.ledger.read(|query| query.left())?;
        let mut items = owed
            .iter()
            .map(|owed| self.item_report(owed, lang))
            .collect::<Result<Vec<_>, _>>()?;
        items.sort_by_key(ItemReport::turn);
        Ok(items)
    }

    /// One owed item.
    ///
    /// # Errors
    /// [`EngineError::Ledger`] when there is none.
    pub fn item(&self, id: &Id, lang: Lang) -> Result<ItemReport, EngineError> {
        let owed = self.ledger.read(|query| query.obligation(id))?;
        self.item_report(&owed, lang)
    }

    // What follows changes the ledger alone, each in one transaction that checks the state it
    // changes. It does not take the line: an exchange under way may hang for its whole time-out,
    // and what it comes back to is checked again in its own transaction.

    /// Holds a void back.
    ///
    /// # Errors
    /// [`EngineError::Refused`] in another state.
    pub fn hold(&self, who: &str, id: &Id) -> Result<(), EngineError> {
        Ok(self.desk()?.hold(who, id)?)
    }

    /// Lets a held void go on.
    ///
    /// # Errors
    /// [`EngineError::Refused`] in another state.
    pub fn release(&self, who: &str, id: &Id) -> Result<(), EngineError> {
        self.desk()?.release(who, id)?;
        self.wake.notify_one();
        Ok(())
    }

    /// Withdraws a void with the consent that the void itself needed.
    ///
    /// # Errors
    /// [`EngineError::Refused`] when an attempt is unproven or consent is missing.
    pub fn withdraw(&self, who: &str, id: &Id, approving: &[Approving]) -> Result<(), EngineError> {
        let desk = self.desk()?;
        let undo = self.ledger.read(|query| query.undo(id))?;
        let original = self.ledger.read(|query| query.original(&undo.original))?;
        let consent = self.consent(Act::Withdraw, &original, undo.amount, approving)?;
        Ok(desk.withdraw(who, id, |tx, undo| {
            let used_by = tx.new_id('W')?;
            people::store(tx, consent.as_ref(), &original, undo.amount, &used_by)
        })?)
    }

    /// Hands an item to the acquirer: out of the gate, still owed.
    ///
    /// # Errors
    /// [`EngineError::Refused`] in another state, on its way at this moment, or without consent.
    pub fn escalate(&self, who: &str, id: &Id, approving: &[Approving]) -> Result<(), EngineError> {
        let desk = self.desk()?;
        let owed = self.ledger.read(|query| query.obligation(id))?;
        let Some(original) = &owed.original else {
            return Ok(desk.escalate(who, id)?);
        };
        let original = self.ledger.read(|query| query.original(original))?;
        let amount = original.amount;
        let consent = self.consent(Act::Escalate, &original, amount, approving)?;
        Ok(desk.escalate_with(who, id, |tx| {
            let used_by = tx.new_id('W')?;
            people::store(tx, consent.as_ref(), &original, amount, &used_by)
        })?)
    }
}
