//! Questions: the journal, finding a sale, what a void would need, the check of the ledger.

use pos_diagnosis::{Situation, explain};
use pos_domain::{Code, Entry, Explanation, Id, Lang, UndoMethod};
use pos_flows::Deadline;
use pos_ledger::{Attempt, Event, JournalFilter, Original, Verification};

use super::reports::report_of;
use super::{EngineError, SaleReport, Terminal};
use crate::secrets::VaultError;

/// What a void would be and need, decided now.
#[derive(Clone, Debug)]
pub struct VoidPreview {
    /// Why it is not possible; none when it is.
    pub refusal: Option<(Code, Explanation)>,
    /// Until when it is possible.
    pub deadline: Option<Deadline>,
    /// Whether the card must be read.
    pub needs_card: bool,
    /// Whether a supervisor must approve.
    pub needs_approval: bool,
    /// Whether it is made as a full refund, which takes longer to reach the customer.
    pub by_refund: bool,
}

/// Which sale somebody means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Which {
    /// By its identifier.
    Id(Id),
    /// By its voucher number, up to six digits.
    Voucher(String),
    /// The newest sale attempt, whatever became of it.
    Last,
}

impl Terminal {
    /// Sales, newest first.
    ///
    /// # Errors
    /// Those of the ledger.
    pub fn sales(
        &self,
        filter: &JournalFilter,
        lang: Lang,
    ) -> Result<Vec<SaleReport>, EngineError> {
        let views = self.ledger.read(|query| query.sales(filter))?;
        Ok(views
            .into_iter()
            .map(|view| report_of(view, lang))
            .collect())
    }

    /// The sale that somebody means; none when there is no such sale.
    ///
    /// # Errors
    /// Those of the ledger.
    pub fn find(&self, which: &Which) -> Result<Option<Original>, EngineError> {
        let found = self.ledger.read(|query| match which {
            Which::Id(id) => query.original(id).map(Some),
            Which::Voucher(no) => query.original_by_voucher(&format!("{no:0>6}")),
            Which::Last => query.last_original(),
        });
        match found {
            Err(pos_ledger::LedgerError::Missing { .. }) => Ok(None),
            other => Ok(other?),
        }
    }

    /// All attempts and events of a sale, oldest first.
    ///
    /// # Errors
    /// Those of the ledger.
    pub fn history(&self, sale: &Id) -> Result<(Vec<Attempt>, Vec<Event>), EngineError> {
        Ok(self.ledger.read(|query| {
            let mut events = query.events_of(sale.as_str())?;
            for undo in query.undos_of(sale)? {
                events.extend(query.events_of(undo.id.as_str())?);
            }
            for owed in query.obligations_of(sale)? {
                events.extend(query.events_of(owed.id.as_str())?);
            }
            events.sort_by_key(|event| event.seq);
            events.dedup_by_key(|event| event.seq);
            Ok::<_, pos_ledger::LedgerError>((query.attempts_of(sale)?, events))
        })?)
    }

    /// What a void of this sale would be and need, decided now; changes nothing.
    ///
    /// # Errors
    /// Those of the ledger.
    pub fn preview_void(&self, sale: &Id, lang: Lang) -> Result<VoidPreview, EngineError> {
        let original = self.ledger.read(|query| query.original(sale))?;
        let (needs_card, by_refund) = match self.till_of_sale(sale)? {
            Some(till) => (false, till.void_method(sale)? == UndoMethod::Refund),
            None => {
                let wanted = self.desk()?.rules.wanted_for_void(original.kind);
                let by_card = original.entry != Entry::Code;
                (by_card && (wanted.card || wanted.pin), false)
            }
        };
        let refusal = self.void_refusal(sale)?.map(|code| {
            let explanation = explain(&code, Situation::Void, lang, sale.as_str());
            (code, explanation)
        });
        Ok(VoidPreview {
            refusal,
            deadline: self.deadline(sale)?,
            needs_card,
            needs_approval: self.void_needs_approval(original.amount)?,
            by_refund,
        })
    }

    /// Checks audit chain and rules.
    ///
    /// # Errors
    /// Those of the ledger; what is wrong is in the result. [`VaultError::KeysLost`] without the
    /// terminal's keys, since the head of the chain is keyed.
    pub fn verify(&self) -> Result<Verification, EngineError> {
        if !self.has_keys {
            return Err(
                VaultError::KeysLost("the audit cannot be checked without them".into()).into(),
            );
        }
        Ok(self.ledger.read(|query| query.verify())?)
    }

    /// Events that nobody acknowledged yet, oldest first.
    ///
    /// # Errors
    /// Those of the ledger.
    pub fn waiting_events(&self, limit: u32) -> Result<Vec<Event>, EngineError> {
        Ok(self.ledger.read(|query| query.waiting_events(limit))?)
    }

    /// Acknowledges all events up to and including `seq`.
    ///
    /// # Errors
    /// Those of the ledger.
    pub fn acknowledge(&self, who: &str, seq: i64) -> Result<(), EngineError> {
        Ok(self
            .ledger
            .write(self.stamp(who), |tx| tx.acknowledge_events(seq))?)
    }
}
