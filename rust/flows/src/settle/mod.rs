//! Settlement (批结算) as persisted phases: Draining, Closing, Uploading, Cleared.
//!
//! In Draining queued voids go out; an undo that is still open stops it with the list. From
//! Closing on the batch takes no void. Every later step has its own persisted progress and is
//! resumed before anything else.

mod owed;
mod upload;

use pos_channels::unionpay::{Org, Totals, settlement};
use pos_domain::status::{AttemptState, ObligationStatus};
use pos_domain::{Amount, Code, Id, LocalCode, UndoStatus};
use pos_ledger::{BatchRecord, LedgerError, Phase, Query, Settlement, Tx, Undo};

use crate::desk::Desk;
use crate::error::FlowError;
use crate::gate::Gate;
use crate::history::may_have_arrived;
use crate::sign_in::note_host;
use crate::transmit::Told;

/// How a settlement stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Balance {
    /// Cleared; the host's totals agreed.
    Balanced,
    /// Cleared; they did not, and the details went up.
    NotBalanced,
    /// A step got no answer; it is resumed first next time.
    Unknown,
    /// Something open stands in the way; nothing was closed.
    Blocked,
}

pos_domain::text_enum!(Balance {
    Balanced => "balanced",
    NotBalanced => "not_balanced",
    Unknown => "unknown",
    Blocked => "blocked",
});

/// What a settlement came to.
#[derive(Clone, Debug)]
pub struct Settled {
    /// How it stands.
    pub balance: Balance,
    /// Which batch.
    pub batch: String,
    /// Takings and givings back of both organisations.
    pub totals: Totals,
    /// Upload messages that the host took.
    pub uploaded: u32,
    /// Chip takings of the batch whose second cryptogram nobody told, so that it could not go up;
    /// where the totals differed, they went up as plain details.
    pub without_cryptogram: u32,
    /// Why it stopped.
    pub code: Option<Code>,
    /// Undos that stand in the way, or were passed over and are still open.
    pub open: Vec<Id>,
    /// What two people cleared, of any batch, and no proof closed since.
    pub cleared: Vec<Id>,
}

impl Desk {
    /// Settles the oldest open batch, or resumes where it was interrupted. Undos in `over` do not
    /// stop it: a waiting void among them becomes an offered refund, an unknown one stays unknown.
    ///
    /// # Errors
    /// Those of the ledger.
    pub async fn settle(&self, who: &str, over: &[Id]) -> Result<Settled, FlowError> {
        self.settle_with(who, over, |_, _| Ok(())).await
    }

    /// As [`Desk::settle`]; `consent` stores the approval of each undo passed over, in the
    /// transaction that passes it over, or fails.
    ///
    /// # Errors
    /// Those of the ledger and of `consent`; nothing was closed then.
    pub async fn settle_with(
        &self,
        who: &str,
        over: &[Id],
        consent: impl Fn(&Tx<'_>, &Undo) -> Result<(), FlowError>,
    ) -> Result<Settled, FlowError> {
        if let Some(interrupted) = self.read(|query| query.interrupted_settlement())? {
            return self.resume_settlement(who, &interrupted.batch).await;
        }
        let batches = self.read(|query| query.open_batches())?;
        let batch = batches.into_iter().next().unwrap_or_default();
        self.write(who, |tx| {
            Ok(tx.set_settlement_phase(&batch, Phase::Draining, None, None)?)
        })?;
        self.begin_round(who)?;
        self.pass(who).await?;
        if let Gate::Blocked(code) = self.gate(who).await? {
            return self.settled(&batch, Balance::Blocked, Some(code));
        }
        if let Some(code) = self.uploads_first(who).await? {
            return self.settled(&batch, Balance::Blocked, Some(code));
        }
        // Nothing is passed over while something else stands in the way.
        let open = self.read(|query| in_the_way(query, &batch))?;
        if open.iter().any(|undo| !over.contains(&undo.id)) {
            let code = Some(LocalCode::UndosOpen.into());
            return self.settled(&batch, Balance::Blocked, code);
        }
        self.pass_over(who, &batch, over, consent)?;
        if !self.write(who, |tx| self.close_batch(tx, &batch, over))? {
            let code = Some(LocalCode::UndosOpen.into());
            return self.settled(&batch, Balance::Blocked, code);
        }
        self.resume_settlement(who, &batch).await
    }

    /// Goes on with a settlement from where it is.
    ///
    /// # Errors
    /// Those of the ledger.
    pub async fn resume_settlement(&self, who: &str, batch: &str) -> Result<Settled, FlowError> {
        if self.sign_in_needed(&self.now())?.is_some() {
            self.sign_in(who).await?;
        }
        if self.settlement(batch)?.phase == Phase::Closing
            && let Some(stopped) = self.send_totals(who, batch).await?
        {
            return Ok(stopped);
        }
        if self.settlement(batch)?.phase == Phase::Uploading
            && let Some(code) = self.upload(who, batch).await?
        {
            return self.settled(batch, Balance::Unknown, Some(code));
        }
        let balanced = verdict_is_balanced(&self.settlement(batch)?);
        let balance = if balanced {
            Balance::Balanced
        } else {
            Balance::NotBalanced
        };
        self.settled(batch, balance, None)
    }

    fn settlement(&self, batch: &str) -> Result<Settlement, FlowError> {
        self.read(|query| query.settlement(batch))?
            .ok_or_else(|| FlowError::Refused(LocalCode::NotFound.into()))
    }

    /// A waiting void that a supervisor passed over can only be refunded now; an unknown one stays
    /// unknown.
    fn pass_over(
        &self,
        who: &str,
        batch: &str,
        over: &[Id],
        consent: impl Fn(&Tx<'_>, &Undo) -> Result<(), FlowError>,
    ) -> Result<(), FlowError> {
        for undo in self.read(|query| in_the_way(query, batch))? {
            if !over.contains(&undo.id) {
                continue;
            }
            self.write(who, |tx| {
                // It may have been withdrawn since.
                let undo = tx.query().undo(&undo.id)?;
                if !undo.status.is_open() {
                    return Ok(());
                }
                let waits = matches!(
                    undo.status,
                    UndoStatus::Queued | UndoStatus::NeedsCard | UndoStatus::OnHold
                );
                consent(tx, &undo)?;
                if !waits || tx.query().has_unproven_attempt(&undo.id)? {
                    return Ok(());
                }
                if !may_have_arrived(tx.query(), &undo.id)?.is_empty() {
                    return self.proof_is_missing(tx, &undo.id, None);
                }
                let code = Code::from(LocalCode::Settled);
                tx.set_undo_status(&undo.id, UndoStatus::RefundOffered, Some(&code))?;
                Ok(tx.close_obligation(&undo.id, "passed over at settlement, nothing unproven")?)
            })?;
        }
        Ok(())
    }

    /// Commits the totals and what they are made of; from here on the batch takes no void. Tells
    /// whether it did: a void may have been recorded since the last look.
    fn close_batch(&self, tx: &Tx<'_>, batch: &str, over: &[Id]) -> Result<bool, FlowError> {
        let open = in_the_way(tx.query(), batch)?;
        if open.iter().any(|undo| !over.contains(&undo.id)) {
            return Ok(false);
        }
        let records = tx.query().batch_records(batch)?;
        tx.set_settlement_phase(batch, Phase::Closing, None, None)?;
        tx.set_batch_records(batch, &records)?;
        Ok(true)
    }

    /// Sends the totals. Gives the result when it stops here.
    async fn send_totals(&self, who: &str, batch: &str) -> Result<Option<Settled>, FlowError> {
        let records = self.settlement(batch)?.records;
        let (domestic, foreign) = (
            totals(&records, Org::Domestic),
            totals(&records, Org::Foreign),
        );
        let build =
            |trace: &str| settlement(&self.rules.identity, trace, batch, who, &domestic, &foreign);
        let (attempt, told) = self.exchange_upload(who, batch, "settle", build).await?;
        self.write(who, |tx| match told {
            Told::Answer(answer) => {
                let text = answer.fields.text(48).unwrap_or_default();
                let digit = |at: usize| text.get(at..=at).unwrap_or("3");
                let verdict = format!("{}{}", digit(30), digit(61));
                tx.close_attempt(&attempt, AttemptState::Answered, None, None)?;
                note_host(tx, &answer)?;
                tx.set_settlement_phase(batch, Phase::Uploading, None, Some(&verdict))?;
                Ok(None)
            }
            Told::NotSent(net) => {
                let code = Code::from(net);
                tx.close_attempt(&attempt, AttemptState::NotSent, Some(&code), None)?;
                // Proven not sent: voids may still be made.
                tx.set_settlement_phase(batch, Phase::Draining, None, None)?;
                Ok(Some((Balance::Blocked, code)))
            }
            Told::Unproven(net) => {
                let code = Code::from(net);
                tx.close_attempt(&attempt, AttemptState::NoAnswer, Some(&code), None)?;
                Ok(Some((Balance::Unknown, code)))
            }
        })?
        .map(|(balance, code)| self.settled(batch, balance, Some(code)))
        .transpose()
    }

    fn settled(
        &self,
        batch: &str,
        balance: Balance,
        code: Option<Code>,
    ) -> Result<Settled, FlowError> {
        let settlement = self.settlement(batch)?;
        let records = if settlement.records.is_empty() {
            self.read(|query| query.batch_records(batch))?
        } else {
            settlement.records
        };
        let bare = records
            .iter()
            .filter(|record| record.chip && !record.certified);
        let without_cryptogram = u32::try_from(bare.count()).unwrap_or(u32::MAX);
        let mut all = totals(&records, Org::Domestic);
        let foreign = totals(&records, Org::Foreign);
        all.debit_amount = all.debit_amount.saturating_add(foreign.debit_amount);
        all.debit_count = all.debit_count.saturating_add(foreign.debit_count);
        all.credit_amount = all.credit_amount.saturating_add(foreign.credit_amount);
        all.credit_count = all.credit_count.saturating_add(foreign.credit_count);
        Ok(Settled {
            balance,
            batch: batch.to_owned(),
            totals: all,
            uploaded: settlement.uploaded,
            without_cryptogram,
            code,
            open: self
                .read(|query| in_the_way(query, batch))?
                .into_iter()
                .map(|undo| undo.id)
                .collect(),
            cleared: self
                .read(|query| query.cleared())?
                .into_iter()
                .map(|owed| owed.id)
                .collect(),
        })
    }
}

/// Undos of this batch that are neither proven, nor handed to the acquirer, nor cleared.
fn in_the_way(query: Query<'_>, batch: &str) -> Result<Vec<Undo>, LedgerError> {
    let mut open = Vec::new();
    for undo in query.open_undos()? {
        let original = query.original(&undo.original)?;
        let ours = original.batch.as_deref() == Some(batch);
        if ours && undo.status != UndoStatus::Escalated && !is_cleared(query, &undo)? {
            open.push(undo);
        }
    }
    Ok(open)
}

fn is_cleared(query: Query<'_>, undo: &Undo) -> Result<bool, LedgerError> {
    Ok(query.obligation(&undo.id)?.status == ObligationStatus::Cleared)
}

/// Sums of one organisation. A voided sale stays in debit, its void adds to credit (§8.1).
fn totals(records: &[BatchRecord], org: Org) -> Totals {
    let mut totals = Totals::default();
    for record in records
        .iter()
        .filter(|r| Org::of(r.card_org.as_deref()) == org)
    {
        if let Ok(amount) = Amount::from_minor(record.amount) {
            if record.debit {
                totals.add_debit(amount)
            } else {
                totals.add_credit(amount)
            }
        }
    }
    totals
}

fn verdict_is_balanced(settlement: &Settlement) -> bool {
    settlement.verdict.as_deref() == Some("11")
}
