//! What is owed: delivering it, listing it, and what a person may do with an item.

use std::time::{Duration, Instant};

use pos_domain::{Id, Lang};
use pos_flows::PassReport;
use pos_ledger::{Tx, Undo};
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
        let end = Instant::now().checked_add(wait);
        let mut delivered = 0u32;
        self.begin_round(who)?;
        let mut passes = 0u32;
        loop {
            let report = self.pass(who)?;
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
            self.sleep(pause);
        }
        let items = self.queue(lang)?;
        let left = u32::try_from(items.len()).unwrap_or(u32::MAX);
        Ok(SyncReport {
            delivered,
            left,
            items,
        })
    }

    /// Makes everything owed due at once.
    pub(super) fn begin_round(&self, who: &str) -> Result<(), EngineError> {
        // One transaction, which need not wait for an exchange under way.
        match (&self.desk, &self.till) {
            (Some(desk), _) => Ok(desk.begin_round(who)?),
            (None, Some(till)) => Ok(till.begin_round(who)?),
            (None, None) => Ok(()),
        }
    }

    /// One pass on the card rail, then one over the web.
    fn pass(&self, who: &str) -> Result<PassReport, EngineError> {
        let cards = match &self.desk {
            Some(desk) => Some(self.run(desk.pass(who))?),
            None => None,
        };
        let web = match &self.till {
            Some(till) => Some(self.run_web(till.pass(who))?),
            None => None,
        };
        let all = || cards.iter().chain(&web);
        Ok(PassReport {
            delivered: all().map(|report| report.delivered).sum(),
            left: all().last().map_or(0, |report| report.left),
            next_due_ms: all().filter_map(|report| report.next_due_ms).min(),
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
        match self.till_of_item(id)? {
            Some(till) => till.hold(who, id)?,
            None => self.desk()?.hold(who, id)?,
        }
        Ok(())
    }

    /// Lets a held void go on.
    ///
    /// # Errors
    /// [`EngineError::Refused`] in another state.
    pub fn release(&self, who: &str, id: &Id) -> Result<(), EngineError> {
        match self.till_of_item(id)? {
            Some(till) => till.release(who, id)?,
            None => self.desk()?.release(who, id)?,
        }
        self.nudge();
        Ok(())
    }

    /// Withdraws a void with the consent that the void itself needed.
    ///
    /// # Errors
    /// [`EngineError::Refused`] when an attempt is unproven or consent is missing.
    pub fn withdraw(&self, who: &str, id: &Id, approving: &[Approving]) -> Result<(), EngineError> {
        let undo = self.ledger.read(|query| query.undo(id))?;
        let original = self.ledger.read(|query| query.original(&undo.original))?;
        let consent = self.consent(Act::Withdraw, &original, undo.amount, approving)?;
        let store = |tx: &Tx<'_>, undo: &Undo| {
            let used_by = tx.new_id('W')?;
            people::store(tx, consent.as_ref(), &original, undo.amount, &used_by)
        };
        match self.till_of_item(id)? {
            Some(till) => till.withdraw(who, id, store)?,
            None => self.desk()?.withdraw(who, id, store)?,
        }
        Ok(())
    }

    /// Hands an item to the acquirer: out of the gate, still owed.
    ///
    /// # Errors
    /// [`EngineError::Refused`] in another state, on its way at this moment, or without consent.
    pub fn escalate(&self, who: &str, id: &Id, approving: &[Approving]) -> Result<(), EngineError> {
        let owed = self.ledger.read(|query| query.obligation(id))?;
        let Some(original) = &owed.original else {
            return Ok(self.desk()?.escalate(who, id)?);
        };
        let original = self.ledger.read(|query| query.original(original))?;
        let amount = original.amount;
        let consent = self.consent(Act::Escalate, &original, amount, approving)?;
        let store = |tx: &Tx<'_>| {
            let used_by = tx.new_id('W')?;
            people::store(tx, consent.as_ref(), &original, amount, &used_by)
        };
        match self.till_of_item(id)? {
            Some(till) => till.escalate_with(who, id, store)?,
            None => self.desk()?.escalate_with(who, id, store)?,
        }
        Ok(())
    }
}
