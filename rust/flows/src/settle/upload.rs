//! Batch upload: one message at a time, each step of it persisted.

use pos_channels::unionpay::{
    Detail, Draft, Fields, Org, batch_details, batch_end, chip_upload, notice_copy,
};
use pos_domain::status::AttemptState;
use pos_domain::{Amount, Code, Id};
use pos_ledger::{BatchRecord, LedgerError, Phase, Settlement, Tx};

use super::verdict_is_balanced;
use crate::coded::erase_codes;
use crate::desk::Desk;
use crate::error::FlowError;
use crate::transmit::{Told, keep_others};

/// Records in one upload message at most (spec unionpay-8583 §8.3).
const DETAILS_AT_ONCE: usize = 8;

/// Messages that go up again as they were.
const NOTICES: [&str; 2] = ["refund", "completion_advice"];

/// One message of the upload, in order.
enum Upload {
    Details(Vec<BatchRecord>),
    Notice(BatchRecord),
    Chip(BatchRecord),
    End(u32),
}

impl Desk {
    /// Uploads what is left to upload, one message at a time; gives why it stopped, if it did.
    pub(super) async fn upload(&self, who: &str, batch: &str) -> Result<Option<Code>, FlowError> {
        let plan = plan(&self.settlement(batch)?);
        loop {
            let settlement = self.settlement(batch)?;
            let done = usize::try_from(settlement.uploaded).unwrap_or(usize::MAX);
            let Some(next) = plan.get(done) else { break };
            let draft = match self.upload_draft(batch, &settlement, next) {
                Ok(draft) => draft,
                Err(FlowError::Ledger(LedgerError::Seal)) => {
                    // What cannot be opened any more stops no settlement: it counts as failed.
                    log::error!("settlement: message {done} of batch {batch} cannot be opened");
                    self.write(who, |tx| note_uploaded(tx, batch, &settlement, true))?;
                    continue;
                }
                Err(error) => return Err(error),
            };
            let (attempt, told) = self
                .exchange_upload(who, batch, "upload", |trace| {
                    let mut draft = draft.clone();
                    // A notice and a chip's transaction go up under their own trace.
                    if matches!(next, Upload::Details(_) | Upload::End(_)) {
                        draft.message.fields.set(11, trace);
                    }
                    draft
                })
                .await?;
            let (state, code, refused) = match told {
                Told::Answer(answer) => {
                    let taken = matches!(answer.code.as_str(), "00" | "94");
                    (AttemptState::Answered, None, !taken)
                }
                Told::NotSent(net) => (AttemptState::NotSent, Some(Code::from(net)), false),
                Told::Unproven(net) => (AttemptState::NoAnswer, Some(Code::from(net)), false),
            };
            self.write(who, |tx| {
                tx.close_attempt(&attempt, state, code.as_ref(), None)?;
                if code.is_none() {
                    note_uploaded(tx, batch, &settlement, refused)?;
                }
                Ok(())
            })?;
            if code.is_some() {
                return Ok(code);
            }
        }
        self.write(who, |tx| clear(tx, batch))?;
        Ok(None)
    }

    fn upload_draft(
        &self,
        batch: &str,
        settlement: &Settlement,
        upload: &Upload,
    ) -> Result<Draft, FlowError> {
        let identity = &self.rules.identity;
        match upload {
            Upload::Details(records) => {
                let details = records
                    .iter()
                    .map(|record| self.detail(record))
                    .collect::<Result<Vec<_>, _>>()?;
                Ok(batch_details(identity, "000001", batch, &details))
            }
            Upload::Notice(record) => Ok(notice_copy(identity, &self.request_of(record)?)),
            Upload::Chip(record) => {
                let original = Id::parse(&record.original).map_err(|_| corrupt())?;
                let certificate = self.read(|query| query.chip_result(&original))?;
                let request = self.request_of(record)?;
                let org = Org::of(record.card_org.as_deref());
                let balanced = verdict_is_balanced(settlement);
                certificate
                    .and_then(|chip| chip_upload(identity, batch, &request, &chip, org, balanced))
                    .ok_or(FlowError::Ledger(LedgerError::Seal))
            }
            Upload::End(count) => {
                let balanced = verdict_is_balanced(settlement);
                Ok(batch_end(identity, "000001", batch, *count, balanced))
            }
        }
    }

    /// The fields that a record's message was made of.
    fn request_of(&self, record: &BatchRecord) -> Result<Fields, FlowError> {
        let id = Id::parse(&record.attempt).map_err(|_| corrupt())?;
        let stored = self.read(|query| query.attempt_fields(&id))?;
        Ok(Draft::fields_of(&stored)?)
    }

    fn detail(&self, record: &BatchRecord) -> Result<Detail, FlowError> {
        let original = Id::parse(&record.original).map_err(|_| corrupt())?;
        let account = self.read(|query| query.account(&original))?;
        let code = self.read(|query| query.payment_code(&original))?;
        let digits = |code: &String| code.len() <= 20 && code.bytes().all(|b| b.is_ascii_digit());
        let by_code = code.filter(|code| digits(code));
        let pan = account
            .map(|account| account.pan.digits().to_owned())
            .or_else(|| by_code.map(|code| code.to_string()))
            .unwrap_or_default();
        Ok(Detail {
            org: Org::of(record.card_org.as_deref()),
            trace: record.trace.clone(),
            pan: zeroize::Zeroizing::new(pan),
            amount: Amount::from_minor(record.amount).map_err(|_| corrupt())?,
        })
    }

    /// Commits one message of a settlement with a new trace, then sends it.
    pub(super) async fn exchange_upload(
        &self,
        who: &str,
        batch: &str,
        purpose: &str,
        build: impl Fn(&str) -> Draft,
    ) -> Result<(Id, Told), FlowError> {
        self.reserve_traces()?;
        let sending = self.write(who, |tx| {
            let trace = tx.next_trace()?;
            let draft = build(&trace);
            self.commit_attempt(tx, purpose, None, None, &draft, (&trace, batch))
        })?;
        let heard = self.transmit(&sending.frame, &sending.expected).await;
        if !heard.others.is_empty() {
            self.write(who, |tx| keep_others(self, tx, &heard.others))?;
        }
        Ok((sending.attempt, heard.told))
    }
}

/// One more message of the upload is behind us.
fn note_uploaded(
    tx: &Tx<'_>,
    batch: &str,
    settlement: &Settlement,
    failed: bool,
) -> Result<(), FlowError> {
    let failed = settlement.failed.saturating_add(u32::from(failed));
    Ok(tx.set_uploaded(batch, settlement.uploaded.saturating_add(1), failed)?)
}

fn corrupt() -> FlowError {
    FlowError::Ledger(LedgerError::Value("record"))
}

/// Whether the host's totals of this organisation agreed.
fn agreed(settlement: &Settlement, org: Org) -> bool {
    let at = if org == Org::Domestic { 0 } else { 1 };
    settlement
        .verdict
        .as_deref()
        .and_then(|verdict| verdict.get(at..=at))
        == Some("1")
}

/// What goes up: chip certificates and the end when the totals agreed; else, of the organisation
/// whose totals did not, online details, notices and chip certificates.
fn plan(settlement: &Settlement) -> Vec<Upload> {
    let balanced = verdict_is_balanced(settlement);
    let mut details: Vec<BatchRecord> = Vec::new();
    let (mut notices, mut chips) = (Vec::new(), Vec::new());
    for record in &settlement.records {
        let disputed = !agreed(settlement, Org::of(record.card_org.as_deref()));
        let is_notice = NOTICES.contains(&record.purpose.as_str());
        match (disputed, record.certified) {
            (true, true) => chips.push(Upload::Chip(record.clone())),
            (true, false) if is_notice => notices.push(Upload::Notice(record.clone())),
            (true, false) => details.push(record.clone()),
            (false, true) if balanced => chips.push(Upload::Chip(record.clone())),
            (false, _) => {}
        }
    }
    let sent = details.len() + notices.len() + chips.len();
    let chunks = details.chunks(DETAILS_AT_ONCE);
    let mut plan: Vec<Upload> = chunks
        .map(|chunk| Upload::Details(chunk.to_vec()))
        .collect();
    plan.extend(notices);
    plan.extend(chips);
    plan.push(Upload::End(u32::try_from(sent).unwrap_or(u32::MAX)));
    plan
}

/// The batch is done: the next one opens. Nothing of the old one is deleted.
fn clear(tx: &Tx<'_>, batch: &str) -> Result<(), FlowError> {
    tx.set_settlement_phase(batch, Phase::Cleared, None, None)?;
    erase_codes(tx)?;
    let current = tx.query().batch()?;
    if current == batch {
        let number = batch.parse().unwrap_or(0);
        tx.set_batch(Tx::batch_after(number))?;
    }
    log::info!("settlement: batch {batch} cleared");
    Ok(())
}
