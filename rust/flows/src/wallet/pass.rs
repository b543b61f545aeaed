//! One pass over everything owed over the web. Each order stands alone: one that gets no answer
//! stops nothing but the rest of its own wallet.

use std::collections::BTreeSet;

use pos_domain::Id;
use pos_domain::status::{ObligationKind, ObligationStatus};
use pos_ledger::{Obligation, Tx};

use super::till::Till;
use crate::error::FlowError;
use crate::pass::PassReport;

/// What is tried, in this order: money that was told as not taken first, then what a person waits
/// for, then what was promised.
const ORDER: [ObligationKind; 4] = [
    ObligationKind::Revoke,
    ObligationKind::Query,
    ObligationKind::Void,
    ObligationKind::Refund,
];

impl Till {
    /// Begins a new round of everything owed, due at once.
    ///
    /// # Errors
    /// Those of the ledger.
    pub fn begin_round(&self, who: &str) -> Result<(), FlowError> {
        self.write(who, |tx| Ok(tx.make_all_due()?))
    }

    /// Tries everything owed over the web and due once. A wallet that gives no answer is left alone
    /// for the rest of the pass.
    ///
    /// # Errors
    /// Those of the ledger.
    pub async fn pass(&self, who: &str) -> Result<PassReport, FlowError> {
        self.pass_until(who, &|| false).await
    }

    /// As [`Till::pass`], and stops between two items once `stop` says so: the person at the
    /// counter comes before what is queued. What was not tried is still due.
    ///
    /// # Errors
    /// Those of the ledger.
    pub async fn pass_until(
        &self,
        who: &str,
        stop: &(dyn Fn() -> bool + Sync),
    ) -> Result<PassReport, FlowError> {
        let before = self.read(|query| query.delivered_count())?;
        if !self.is_restored()? {
            self.try_everything(who, stop).await?;
        }
        let delivered = self
            .read(|query| query.delivered_count())?
            .saturating_sub(before);
        let left = self.read(|query| query.left())?;
        Ok(PassReport {
            delivered: u32::try_from(delivered).unwrap_or(u32::MAX),
            left: u32::try_from(left.len()).unwrap_or(u32::MAX),
            next_due_ms: self.next_due(&left),
        })
    }

    async fn try_everything(
        &self,
        who: &str,
        stop: &(dyn Fn() -> bool + Sync),
    ) -> Result<(), FlowError> {
        let mut silent = BTreeSet::new();
        for kind in ORDER {
            for owed in self.due_of(kind)? {
                let Some(sale) = &owed.original else {
                    continue;
                };
                let rail = self.read(|query| query.original(sale))?.rail;
                if silent.contains(&rail.as_str()) {
                    continue;
                }
                if stop() {
                    return Ok(());
                }
                if !self.try_one(who, &owed, sale).await? {
                    log::info!("{rail}: no answer, left alone for now");
                    silent.insert(rail.as_str());
                }
            }
        }
        Ok(())
    }

    /// Tries one item. Tells whether the wallet answered, as far as that can be seen.
    async fn try_one(&self, who: &str, owed: &Obligation, sale: &Id) -> Result<bool, FlowError> {
        let tried = match owed.kind {
            ObligationKind::Query | ObligationKind::Revoke => {
                self.step(who, sale).await.map(|_| ())
            }
            _ => self.deliver_undo(who, &owed.id).await,
        };
        match tried {
            // Switched off, or not to be built: it waits, the rest goes on.
            Err(FlowError::Refused(code)) => {
                let stays = |tx: &Tx<'_>| self.note_and_wait(tx, owed, Some(&code), false);
                self.write(who, stays)?;
                return Ok(false);
            }
            tried => tried?,
        }
        let after = self.read(|query| query.obligation(&owed.id))?;
        let tried = after.attempts > owed.attempts;
        let heard = after.answered > owed.answered || after.rounds > owed.rounds;
        let moved = after.status != ObligationStatus::Owed;
        Ok(!tried || heard || moved)
    }

    fn due_of(&self, kind: ObligationKind) -> Result<Vec<Obligation>, FlowError> {
        let now = self.now();
        let mut owed = self.read(|query| query.owed_web(kind))?;
        owed.retain(|owed| owed.is_due(&now));
        if kind == ObligationKind::Void {
            let mut by_deadline = Vec::with_capacity(owed.len());
            for item in owed {
                let deadline = match &item.original {
                    Some(sale) => self.read(|query| query.original(sale))?.facts.deadline,
                    None => None,
                };
                by_deadline.push((deadline, item));
            }
            by_deadline.sort_by_key(|(deadline, item)| (*deadline, item.seq));
            return Ok(by_deadline.into_iter().map(|(_, item)| item).collect());
        }
        Ok(owed)
    }

    fn next_due(&self, left: &[Obligation]) -> Option<i64> {
        let now = self.now();
        left.iter()
            .filter(|owed| owed.web && owed.status == ObligationStatus::Owed)
            .map(|owed| owed.next_try_at(&now).0.saturating_sub(now.wall.0))
            .min()
    }
}
