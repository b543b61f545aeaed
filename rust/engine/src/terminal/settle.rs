//! Settling a batch (批结算), and what a supervisor passes over.

use pos_diagnosis::Situation;
use pos_domain::{Code, Explanation, Id, Lang, LocalCode};
use pos_flows::{Balance, Settled};
use pos_policy::{Act, Consent};

use super::people::{self, Approving};
use super::reports::explained;
use super::{EngineError, ItemReport, Terminal};

/// One direction of a batch, or one line of a day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Turnover {
    /// How many.
    pub count: u32,
    /// How much, minor units.
    pub amount: i64,
}

/// What a settlement came to.
#[derive(Clone, Debug)]
pub struct SettleReport {
    /// How it stands.
    pub balance: Balance,
    /// The batch.
    pub batch: String,
    /// Money taken.
    pub debit: Turnover,
    /// Money given back.
    pub credit: Turnover,
    /// Upload messages that the host took.
    pub uploaded: u32,
    /// Undos of the batch that stand in the way, or were passed over and are still open.
    pub items: Vec<ItemReport>,
    /// What two people cleared, of any batch, and no proof closed since.
    pub cleared: Vec<ItemReport>,
    /// Why it stopped.
    pub code: Option<Code>,
    /// What that means and what to do now.
    pub explanation: Option<Explanation>,
}

impl Terminal {
    /// Settles the oldest open batch, or goes on with an interrupted settlement. Undos in `over`
    /// do not stop it: with a supervisor's consent for each, one that waits becomes an offered
    /// refund, and an unknown one stays unknown.
    ///
    /// # Errors
    /// [`EngineError::Refused`] when consent is missing, or `over` names nothing that is open;
    /// nothing was sent then.
    pub fn settle(
        &self,
        who: &str,
        over: &[Id],
        approving: &[Approving],
        lang: Lang,
    ) -> Result<SettleReport, EngineError> {
        let desk = self.desk()?;
        let consents = over
            .iter()
            .map(|undo| Ok((undo, self.consent_to_pass_over(undo, approving)?)))
            .collect::<Result<Vec<_>, EngineError>>()?;
        let settled = self.run(desk.settle_with(who, over, |tx, undo| {
            let given = consents.iter().find(|(id, _)| **id == undo.id);
            let consent = given.and_then(|(_, consent)| consent.as_ref());
            let original = tx.query().original(&undo.original)?;
            // What it is used for is this settlement's look at that undo, not the undo itself.
            let used_by = tx.new_id('W')?;
            people::store(tx, consent, &original, undo.amount, &used_by)?;
            let before = Some(undo.status.as_str());
            Ok(tx.audit("pass_over", undo.id.as_str(), before, None)?)
        }))?;
        self.settle_report(settled, lang)
    }

    /// A supervisor's consent to leave one undo behind.
    fn consent_to_pass_over(
        &self,
        undo: &Id,
        approving: &[Approving],
    ) -> Result<Option<Consent>, EngineError> {
        let undo = self.ledger.read(|query| query.undo(undo))?;
        if !undo.status.is_open() {
            return Err(EngineError::Refused(LocalCode::NotInThisState.into()));
        }
        let original = self.ledger.read(|query| query.original(&undo.original))?;
        let act = Act::SettleWithOpenUndos;
        self.consent(act, &original, undo.amount, approving)
    }

    fn items(&self, ids: &[Id], lang: Lang) -> Result<Vec<ItemReport>, EngineError> {
        ids.iter().map(|id| self.item(id, lang)).collect()
    }

    fn settle_report(&self, settled: Settled, lang: Lang) -> Result<SettleReport, EngineError> {
        let items = self.items(&settled.open, lang)?;
        let cleared = self.items(&settled.cleared, lang)?;
        let totals = settled.totals;
        let reference = Id::parse(&settled.batch).ok();
        let explanation = reference.and_then(|batch| {
            explained(settled.code.as_ref(), Situation::Settlement, lang, &batch)
        });
        Ok(SettleReport {
            balance: settled.balance,
            batch: settled.batch,
            debit: Turnover {
                count: totals.debit_count,
                amount: totals.debit_amount,
            },
            credit: Turnover {
                count: totals.credit_count,
                amount: totals.credit_amount,
            },
            uploaded: settled.uploaded,
            items,
            cleared,
            code: settled.code,
            explanation,
        })
    }
}
