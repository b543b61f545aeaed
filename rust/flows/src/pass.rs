//! One pass over everything owed, in the order of the gate.

use pos_domain::status::{ObligationKind, ObligationStatus};
use pos_domain::{Id, LocalCode, Moment, UndoKind, UndoStatus};
use pos_ledger::Obligation;

use crate::desk::{Desk, state};
use crate::error::FlowError;
use crate::gate::Gate;
use crate::notice::purpose_of;

/// What a pass came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PassReport {
    /// Items closed by delivery.
    pub delivered: u32,
    /// Items still owed that count as left.
    pub left: u32,
    /// Milliseconds until the next item is due; none when nothing waits for a time.
    pub next_due_ms: Option<i64>,
}

impl Desk {
    /// Begins a new round of everything owed, due at once.
    ///
    /// # Errors
    /// Those of the ledger.
    pub fn begin_round(&self, who: &str) -> Result<(), FlowError> {
        self.write(who, |tx| Ok(tx.make_all_due()?))
    }

    /// Tries everything owed and due once: reversals oldest first, then hosts' jobs, then voids by
    /// deadline, then uploads and confirmations. Stops at the first that gets no answer, since the
    /// rest would not either.
    ///
    /// # Errors
    /// Those of the ledger.
    pub async fn pass(&self, who: &str) -> Result<PassReport, FlowError> {
        self.pass_until(who, &|| false).await
    }

    /// As [`Desk::pass`], and stops between two items once `stop` says so: the person at the
    /// counter comes before queued voids and uploads. What was not tried is still due.
    ///
    /// # Errors
    /// Those of the ledger.
    pub async fn pass_until(
        &self,
        who: &str,
        stop: &(dyn Fn() -> bool + Sync),
    ) -> Result<PassReport, FlowError> {
        let before = self.closed_so_far()?;
        #[cfg(feature = "planted")]
        self.forget_if_planted(who)?;
        self.expire_voids(who)?;
        if self.anything_due()? {
            self.try_everything(who, stop).await?;
        }
        self.expire_voids(who)?;
        let delivered = self.closed_so_far()?.saturating_sub(before);
        let left = self.read(|query| query.left())?;
        let now = self.now();
        Ok(PassReport {
            delivered: u32::try_from(delivered).unwrap_or(u32::MAX),
            left: u32::try_from(left.len()).unwrap_or(u32::MAX),
            next_due_ms: self.next_due(&now)?,
        })
    }

    async fn try_everything(
        &self,
        who: &str,
        stop: &(dyn Fn() -> bool + Sync),
    ) -> Result<(), FlowError> {
        if self.gate(who).await? != Gate::Open {
            self.put_off_due(who)?;
            return Ok(());
        }
        if !self.retry_escalated(who).await? {
            return Ok(());
        }
        for undo in self.due_voids()? {
            if stop() {
                return Ok(());
            }
            self.deliver_void(who, &undo, None).await?;
            let status = self.read(|query| query.undo(&undo))?.status;
            let reached = !matches!(status, UndoStatus::Queued | UndoStatus::Unknown);
            let answered = self.read(|query| query.obligation(&undo))?.answered > 0;
            if !reached && !answered {
                return Ok(());
            }
        }
        for refund in self.due_refunds()? {
            if stop() {
                return Ok(());
            }
            self.deliver_code_refund(who, &refund).await?;
            if self.read(|query| query.undo(&refund))?.status == UndoStatus::Queued {
                return Ok(());
            }
        }
        for kind in [ObligationKind::BatchUpload, ObligationKind::Signature] {
            for owed in self.due(kind)? {
                if stop() || self.deliver_notice(who, &owed.id).await?.unanswered {
                    return Ok(());
                }
            }
        }
        for owed in self.due(ObligationKind::Confirmation)? {
            if stop() || self.deliver_reversal(who, &owed.id).await?.unanswered {
                return Ok(());
            }
        }
        Ok(())
    }

    /// Tries every escalated reversal and notice once more after a sign-in. A reversal without a
    /// reason is never sent: nobody knows what it would take back. Tells whether the host answered.
    async fn retry_escalated(&self, who: &str) -> Result<bool, FlowError> {
        let escalated = self.escalated_to_retry()?;
        if escalated.is_empty() {
            return Ok(true);
        }
        self.write(who, |tx| Ok(tx.set_setting(state::RETRY_ESCALATED, "")?))?;
        for owed in escalated {
            let tried = match owed.kind {
                ObligationKind::Reversal => self.deliver_reversal(who, &owed.id).await?,
                _ => self.deliver_notice(who, &owed.id).await?,
            };
            if tried.unanswered {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn escalated_to_retry(&self) -> Result<Vec<Obligation>, FlowError> {
        let wanted = self.read(|query| query.setting(state::RETRY_ESCALATED))?;
        if wanted.is_none_or(|wanted| wanted.is_empty()) {
            return Ok(Vec::new());
        }
        let mut owed = self.read(|query| query.open_obligations())?;
        owed.retain(|o| {
            let confirms = o.kind == ObligationKind::Confirmation;
            let reverses = confirms || (o.kind == ObligationKind::Reversal && o.reason.is_some());
            o.status == ObligationStatus::Escalated && (reverses || purpose_of(o.kind).is_some())
        });
        Ok(owed)
    }

    /// Everything owed of one kind that is due, oldest first.
    fn due(&self, kind: ObligationKind) -> Result<Vec<Obligation>, FlowError> {
        let now = self.now();
        let mut owed = self.owed_of(kind)?;
        owed.retain(|o| o.is_due(&now));
        Ok(owed)
    }

    /// Due voids, nearest deadline first.
    fn due_voids(&self) -> Result<Vec<Id>, FlowError> {
        let mut voids = Vec::new();
        for owed in self.due(ObligationKind::Void)? {
            let undo = self.read(|query| query.undo(&owed.id))?;
            if undo.status == UndoStatus::Queued {
                voids.push((self.void_deadline(&undo.original)?.at, undo.id));
            }
        }
        voids.sort_by_key(|(at, _)| *at);
        Ok(voids.into_iter().map(|(_, id)| id).collect())
    }

    /// Due refunds that need no card: only these can be sent without a person.
    fn due_refunds(&self) -> Result<Vec<Id>, FlowError> {
        let mut refunds = Vec::new();
        for owed in self.due(ObligationKind::Refund)? {
            let undo = self.read(|query| query.undo(&owed.id))?;
            if undo.status == UndoStatus::Queued && !undo.needs_card {
                refunds.push(undo.id);
            }
        }
        Ok(refunds)
    }

    fn anything_due(&self) -> Result<bool, FlowError> {
        let kinds = [
            ObligationKind::ScriptNotice,
            ObligationKind::Reversal,
            ObligationKind::Confirmation,
            ObligationKind::BatchUpload,
            ObligationKind::Signature,
        ];
        for kind in kinds {
            if !self.due(kind)?.is_empty() {
                return Ok(true);
            }
        }
        Ok(!self.due_voids()?.is_empty()
            || !self.due_refunds()?.is_empty()
            || !self.escalated_to_retry()?.is_empty()
            || self.due_job()?.is_some())
    }

    /// The gate is shut: what could not even be tried waits like the item that shut it, so that a
    /// failing sign-in does not spin the worker.
    fn put_off_due(&self, who: &str) -> Result<(), FlowError> {
        let code = LocalCode::GateBlocked.into();
        let mut waiting = self.due_voids()?;
        waiting.extend(self.due_refunds()?);
        for kind in [ObligationKind::Reversal, ObligationKind::Confirmation] {
            waiting.extend(self.due(kind)?.into_iter().map(|owed| owed.id));
        }
        for id in waiting {
            self.write(who, |tx| self.note_unanswered(tx, &id, &code))?;
        }
        Ok(())
    }

    fn expire_voids(&self, who: &str) -> Result<(), FlowError> {
        for undo in self.read(|query| query.open_undos())? {
            if undo.kind == UndoKind::Void && !undo.web {
                let original = self.read(|query| query.original(&undo.original))?;
                self.expire_void(who, &undo, &original)?;
            }
        }
        Ok(())
    }

    /// When the next item that can be acted on is due: a void behind its own reversal waits for
    /// that, not for a time.
    fn next_due(&self, now: &Moment) -> Result<Option<i64>, FlowError> {
        let waiting = |owed: &Obligation| owed.next_try_at(now).0.saturating_sub(now.wall.0);
        let jobs = self.pending_jobs()?;
        let mut next: Option<i64> = jobs.iter().map(|job| job.wait_ms(now)).min();
        for owed in self.read(|query| query.open_obligations())? {
            let acts = match owed.kind {
                _ if owed.status != ObligationStatus::Owed || owed.web => false,
                ObligationKind::Reversal
                | ObligationKind::Confirmation
                | ObligationKind::ScriptNotice
                | ObligationKind::BatchUpload
                | ObligationKind::Signature => true,
                ObligationKind::Void => {
                    self.read(|query| query.undo(&owed.id))?.status == UndoStatus::Queued
                }
                ObligationKind::Refund => {
                    let undo = self.read(|query| query.undo(&owed.id))?;
                    undo.status == UndoStatus::Queued && !undo.needs_card
                }
                _ => false,
            };
            if acts {
                let wait = waiting(&owed);
                next = Some(next.map_or(wait, |least| least.min(wait)));
            }
        }
        Ok(next)
    }

    fn closed_so_far(&self) -> Result<i64, FlowError> {
        self.read(|query| query.delivered_count())
    }
}
