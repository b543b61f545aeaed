//! The end of the day.

use pos_diagnosis::Situation;
use pos_domain::Id;
use pos_flows::Balance;
use pos_ledger::{BatchRecord, LedgerError, Phase};

use super::people::approving;
use super::reader::Reader;
use super::shapes::{OwedItem, Settlement, SettlementPhase, SettlementResult, Total};
use super::{Approval, Counter, Failure, id};
use crate::terminal::{EngineError, ItemReport, SettleReport};

impl Counter {
    /// How the batch stands that would be settled next. Changes nothing.
    ///
    /// # Errors
    /// Those of the ledger.
    pub fn settlement(&self) -> Result<Settlement, Failure> {
        self.ask(Situation::Settlement, |reader| reader.settlement())
    }

    /// Settles, or goes on where it was interrupted, and waits for what comes of it. With a
    /// supervisor's consent undos that stand in the way are passed over, those of `over` (owed
    /// items) or, without it, all: each becomes a refund that needs the card, and an unknown one
    /// stays unknown.
    ///
    /// # Errors
    /// [`Failure::WrongPin`] of who consents; [`Failure::Refused`], [`Failure::NotFound`].
    pub fn settle(
        &self,
        approval: Option<&Approval>,
        over: Option<&[String]>,
    ) -> Result<Settlement, Failure> {
        let who = self.who()?;
        let named = over.map(|items| items.iter().map(|item| id(item)).collect());
        let named: Option<Vec<Id>> = named.transpose()?;
        let open = self.ask(Situation::Settlement, |reader| match (approval, named) {
            (None, _) => Ok(Vec::new()),
            (Some(_), Some(items)) => reader.undos_of_items(&items),
            (Some(_), None) => reader.open_undos(),
        })?;
        let (opened, lang) = (self.opened()?, self.language());
        let people = approving(approval);
        let settled = opened.terminal.settle(&who, &open, &people, lang);
        let report =
            settled.map_err(|e| self.consent_failure(e, Situation::Settlement, approval))?;
        self.ask(Situation::Settlement, |reader| reader.settled(report))
    }
}

impl Reader<'_> {
    /// The batch that would be settled next, and how far that is.
    fn batch(&self) -> Result<(String, Option<pos_ledger::Settlement>), EngineError> {
        Ok(self.terminal.ledger().read(|query| {
            if let Some(begun) = query.interrupted_settlement()? {
                return Ok::<_, LedgerError>((begun.batch.clone(), Some(begun)));
            }
            let batch = query.open_batches()?.into_iter().next();
            let batch = batch.unwrap_or_default();
            let begun = query.settlement(&batch)?;
            Ok((batch, begun))
        })?)
    }

    fn settlement(&self) -> Result<Settlement, EngineError> {
        let (batch, begun) = self.batch()?;
        let ledger = self.terminal.ledger();
        let records = ledger.read(|query| query.batch_records(&batch))?;
        let open = self.queue()?;
        let phase = begun.as_ref().map(|begun| begun.phase);
        Ok(Settlement {
            phase: phase_of(phase),
            taken: total(&records, true),
            returned: total(&records, false),
            uploaded: begun.map_or(0, |begun| begun.uploaded),
            open: open
                .into_iter()
                .filter(|item| item.undo.is_some())
                .collect(),
            cleared: self.cleared()?,
            result: None,
            explanation: None,
            batch,
        })
    }

    /// What two people cleared and no proof closed since.
    pub(super) fn cleared(&self) -> Result<Vec<OwedItem>, EngineError> {
        let cleared = self.terminal.ledger().read(|query| query.cleared())?;
        let items = cleared.iter().map(|owed| {
            let report = self.terminal.item(&owed.id, self.lang)?;
            self.item(report)
        });
        items.collect()
    }

    /// The undos that owed items are about.
    fn undos_of_items(&self, items: &[Id]) -> Result<Vec<Id>, EngineError> {
        let undo = |item: &Id| {
            let owed = self
                .terminal
                .ledger()
                .read(|query| query.obligation(item))?;
            let missing = || LedgerError::Missing {
                what: "undo",
                id: item.to_string(),
            };
            Ok(owed.undo.ok_or_else(missing)?)
        };
        items.iter().map(undo).collect()
    }

    /// The open undos of the batch.
    fn open_undos(&self) -> Result<Vec<Id>, EngineError> {
        let (batch, _) = self.batch()?;
        Ok(self.terminal.ledger().read(|query| {
            let mut over = Vec::new();
            for undo in query.open_undos()? {
                if query.original(&undo.original)?.batch.as_ref() == Some(&batch) {
                    over.push(undo.id);
                }
            }
            Ok::<_, LedgerError>(over)
        })?)
    }

    fn settled(&self, report: SettleReport) -> Result<Settlement, EngineError> {
        let ledger = self.terminal.ledger();
        let begun = ledger.read(|query| query.settlement(&report.batch))?;
        let shown = |items: Vec<ItemReport>| {
            let items = items.into_iter().map(|item| self.item(item));
            items.collect::<Result<Vec<_>, _>>()
        };
        let (open, cleared) = (shown(report.items)?, shown(report.cleared)?);
        let total = |turnover: crate::terminal::Turnover| Total {
            count: turnover.count,
            amount: turnover.amount,
        };
        Ok(Settlement {
            batch: report.batch,
            phase: phase_of(begun.map(|begun| begun.phase)),
            taken: total(report.debit),
            returned: total(report.credit),
            uploaded: report.uploaded,
            open,
            cleared,
            result: Some(match report.balance {
                Balance::Balanced => SettlementResult::Balanced,
                Balance::NotBalanced => SettlementResult::NotBalanced,
                Balance::Unknown => SettlementResult::Unknown,
                Balance::Blocked => SettlementResult::Blocked,
            }),
            explanation: report.explanation,
        })
    }
}

const fn phase_of(phase: Option<Phase>) -> SettlementPhase {
    match phase {
        None => SettlementPhase::Open,
        Some(Phase::Draining) => SettlementPhase::Draining,
        Some(Phase::Closing) => SettlementPhase::Closing,
        Some(Phase::Uploading) => SettlementPhase::Uploading,
        Some(Phase::Cleared) => SettlementPhase::Cleared,
    }
}

pub(super) fn total(records: &[BatchRecord], debit: bool) -> Total {
    let mine = || records.iter().filter(|record| record.debit == debit);
    Total {
        count: u32::try_from(mine().count()).unwrap_or(u32::MAX),
        amount: mine().map(|record| record.amount).sum(),
    }
}
