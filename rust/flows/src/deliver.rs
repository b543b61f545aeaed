//! Delivering a recorded void: one attempt, and what it proves.

use pos_channels::unionpay::{Kind, financial};
use pos_diagnosis::Cure;
use pos_domain::status::AttemptState;
use pos_domain::{CardInput, Code, Id, LocalCode, OriginalKind, SaleStatus, UndoStatus};
use pos_ledger::{LedgerError, Original, Tx, Undo};

use crate::backoff;
use crate::coded::is_coded;
use crate::desk::{Desk, packing_code, state};
use crate::error::FlowError;
use crate::gate::Gate;
use crate::history::{has_unknown_attempt, may_have_arrived};
use crate::intent::Intent;
use crate::judge::{Judged, judge};
use crate::original::{related_to, stored_card};
use crate::transmit::{Heard, keep_others, log_exchange};
use crate::void::kind_of;

/// What there is to do with a void before an attempt.
enum Ready {
    /// Nothing can be sent now.
    No,
    /// It can be sent with this card.
    With(Box<(CardInput, Original)>),
}

/// Whether an undo still waits to be sent: somebody may have held it back or withdrawn it while
/// the line was busy with something else.
pub(crate) fn is_waiting(tx: &Tx<'_>, undo: &Id) -> Result<bool, FlowError> {
    let status = tx.query().undo(undo)?.status;
    Ok(matches!(status, UndoStatus::Queued | UndoStatus::NeedsCard))
}

impl Desk {
    /// Makes one attempt at a void, if it is the void's turn: what must go first goes first.
    ///
    /// # Errors
    /// Those of the ledger.
    pub async fn deliver_void(
        &self,
        who: &str,
        undo: &Id,
        card: Option<&CardInput>,
    ) -> Result<(), FlowError> {
        let original = self.read(|query| query.original(&query.undo(undo)?.original))?;
        if is_coded(&original) {
            return self.deliver_code_void(who, undo).await;
        }
        let Ready::With(ready) = self.ready(who, undo, card)? else {
            return Ok(());
        };
        let (card, original) = *ready;
        if let Gate::Blocked(code) = self.gate(who).await? {
            return self.put_off(who, undo, &code);
        }
        let kind = kind_of(original.kind);
        self.reserve_traces()?;
        let intended = self.write(who, |tx| self.intend_void(tx, undo, &original, &card, kind));
        let intent = match intended {
            Ok(intent) => intent,
            Err(FlowError::Draft(error)) => {
                log::error!("void {undo}: {error}");
                return self.put_off(who, undo, &packing_code(&error).into());
            }
            // The sale or the void moved on while the gate was worked off.
            Err(FlowError::Refused(_)) => return Ok(()),
            Err(error) => return Err(error),
        };
        let heard = self.transmit(&intent.frame, &intent.expected).await;
        log_exchange(kind.as_str(), undo, &heard.told);
        if self.settle_void(who, undo, kind, &intent, heard)? {
            self.deliver_reversal(who, &intent.reversal).await?;
        }
        Ok(())
    }

    /// Whether an attempt may be made now, and with which card.
    fn ready(&self, who: &str, undo: &Id, card: Option<&CardInput>) -> Result<Ready, FlowError> {
        let (void, original) = self.read(|query| {
            let void = query.undo(undo)?;
            let original = query.original(&void.original)?;
            Ok((void, original))
        })?;
        let waits = match void.status {
            UndoStatus::Queued => false,
            UndoStatus::NeedsCard => card.is_none(),
            _ => true,
        };
        let sale_known = matches!(original.status, SaleStatus::Approved | SaleStatus::Held);
        let unproven = self.read(|query| query.has_unproven_attempt(undo))?
            && !pos_domain::planted!(ResendVoidBeforeReversal);
        if waits || !sale_known || unproven {
            return Ok(Ready::No);
        }
        if self.expire_void(who, &void, &original)? {
            return Ok(Ready::No);
        }
        if let Some(card) = card {
            return Ok(Ready::With(Box::new((card.clone(), original))));
        }
        if let Some(missing) = self.missing_from(&original, None) {
            self.write(who, |tx| {
                if !is_waiting(tx, undo)? {
                    return Ok(());
                }
                Ok(tx.set_undo_status(undo, UndoStatus::NeedsCard, Some(&missing.into()))?)
            })?;
            return Ok(Ready::No);
        }
        match self.read(|query| query.account(&original.id)) {
            Ok(Some(account)) => Ok(Ready::With(Box::new((stored_card(account), original)))),
            Ok(None) | Err(FlowError::Ledger(LedgerError::Seal)) => {
                let code = LocalCode::KeysLost.into();
                self.write(who, |tx| {
                    if !is_waiting(tx, undo)? {
                        return Ok(());
                    }
                    tx.set_undo_needs_card(undo, true)?;
                    Ok(tx.set_undo_status(undo, UndoStatus::NeedsCard, Some(&code))?)
                })?;
                Ok(Ready::No)
            }
            Err(error) => Err(error),
        }
    }

    /// Offers the refund when the deadline has passed for certain and no attempt can have been
    /// carried out. A hold does not stop the deadline.
    pub(crate) fn expire_void(
        &self,
        who: &str,
        void: &Undo,
        original: &Original,
    ) -> Result<bool, FlowError> {
        self.write(who, |tx| {
            let query = tx.query();
            let current = query.undo(&void.id)?.status;
            let waiting = matches!(
                current,
                UndoStatus::Queued | UndoStatus::NeedsCard | UndoStatus::OnHold
            );
            let proven = !query.has_unproven_attempt(&void.id)?;
            if !waiting || !proven || !self.deadline_of(query, original)?.has_passed() {
                return Ok(false);
            }
            if !may_have_arrived(query, &void.id)?.is_empty() {
                self.proof_is_missing(tx, &void.id, None)?;
                return Ok(true);
            }
            let code = Code::from(LocalCode::DeadlinePassed);
            tx.set_undo_status(&void.id, UndoStatus::RefundOffered, Some(&code))?;
            tx.close_obligation(&void.id, "deadline passed, nothing unproven")?;
            Ok(true)
        })
    }

    /// Leaves a void in the queue, with the reason and the next try.
    pub(crate) fn put_off(&self, who: &str, undo: &Id, code: &Code) -> Result<(), FlowError> {
        self.write(who, |tx| {
            if !is_waiting(tx, undo)? {
                return Ok(());
            }
            tx.set_undo_status(undo, self.waiting_status(tx, undo)?, Some(code))?;
            self.note_unanswered(tx, undo, code)
        })
    }

    /// Notes a try that got no answer: it never escalates, however often.
    pub(crate) fn note_unanswered(
        &self,
        tx: &Tx<'_>,
        obligation: &Id,
        code: &Code,
    ) -> Result<(), FlowError> {
        let owed = tx.query().obligation(obligation)?;
        let tries = owed.tries.saturating_add(1);
        if tries < self.rules.resend_limit {
            tx.note_try(obligation, Some(code), false, backoff::within_round(tries))?;
        } else {
            let rounds = owed.rounds.saturating_add(1);
            tx.note_try(
                obligation,
                Some(code),
                false,
                backoff::between_rounds(rounds),
            )?;
            tx.new_round(obligation)?;
        }
        Ok(())
    }

    /// Commits, before the first byte: the attempt, the void as sending, the intent to reverse.
    fn intend_void(
        &self,
        tx: &Tx<'_>,
        undo: &Id,
        original: &Original,
        card: &CardInput,
        kind: Kind,
    ) -> Result<Intent, FlowError> {
        let moved_on = FlowError::Refused(LocalCode::NotInThisState.into());
        let query = tx.query();
        if !is_waiting(tx, undo)? {
            return Err(moved_on);
        }
        let (trace, batch) = (tx.next_trace()?, query.batch()?);
        let mut related = related_to(original);
        let completed = original
            .parent
            .as_ref()
            .filter(|_| original.kind == OriginalKind::Completion);
        let preauth = completed.map(|id| query.original(id)).transpose()?;
        if let Some(preauth) = &preauth {
            // A completion is voided under the pre-authorisation's code (spec §4.1).
            related.auth_code = preauth.facts.auth_code.as_deref();
        }
        let draft = financial(
            &self.rules.identity,
            kind,
            original.amount,
            &trace,
            &batch,
            card,
            Some(&related),
        );
        let place = (trace.as_str(), batch.as_str());
        let intent = self.intend(tx, kind.as_str(), &original.id, Some(undo), &draft, place)?;
        tx.set_undo_status(undo, UndoStatus::Sending, None)?;
        Ok(intent)
    }

    /// Commits what an exchange proved about a void. Tells whether its reversal is owed now.
    pub(crate) fn settle_void(
        &self,
        who: &str,
        undo: &Id,
        kind: Kind,
        intent: &Intent,
        heard: Heard,
    ) -> Result<bool, FlowError> {
        let judged = judge(kind, heard.told);
        let code = judged.code();
        let code = code.as_ref();
        self.write(who, |tx| {
            keep_others(self, tx, &heard.others)?;
            if let Some(reason) = judged.sign_in_reason() {
                tx.set_setting(state::SIGN_IN_NEEDED, reason)?;
            }
            match &judged {
                Judged::NotSent(net) => {
                    self.close(tx, intent, AttemptState::NotSent, code, "not sent")?;
                    tx.set_undo_status(undo, self.waiting_status(tx, undo)?, code)?;
                    self.note_unanswered(tx, undo, &(*net).into())?;
                }
                Judged::Approved(answer) => {
                    self.close_answered(tx, intent, code, answer)?;
                    tx.set_undo_status(undo, UndoStatus::Voided, code)?;
                    tx.close_obligation(undo, &format!("answered {}", answer.code))?;
                }
                Judged::Declined(_) | Judged::TooLate(_) => {
                    self.close(tx, intent, AttemptState::Answered, code, "declined")?;
                    self.declined(tx, undo, &judged)?;
                }
                Judged::Curable(_, cure) => {
                    self.close(tx, intent, AttemptState::Answered, code, "declined")?;
                    tx.set_undo_status(undo, self.waiting_status(tx, undo)?, code)?;
                    self.note_curable(tx, undo, code, *cure)?;
                }
                Judged::NeedsHistory(history) => {
                    return self.settle_by_history(tx, undo, intent, history);
                }
                Judged::Unproven(_, reason) => {
                    tx.close_attempt(&intent.attempt, AttemptState::NoAnswer, code, None)?;
                    if self.is_foreign_duplicate(tx, intent, code)? {
                        self.proof_is_missing(tx, undo, code)?;
                        return Ok(false);
                    }
                    tx.owe_reversal(&intent.reversal, reason.as_str(), code)?;
                    tx.set_undo_status(undo, UndoStatus::Unknown, code)?;
                    if pos_domain::planted!(OfferRefundWhileUnproven) {
                        self.offer_refund(tx, undo, code)?;
                    }
                    if pos_domain::planted!(ResendVoidBeforeReversal) {
                        tx.set_undo_status(undo, UndoStatus::Queued, code)?;
                    }
                    return Ok(true);
                }
            }
            Ok(false)
        })
    }

    /// The host definitely did not carry out this attempt. That proves the void failed only if no
    /// earlier attempt can have been carried out. Where the host did not know an earlier one, it
    /// may have come after its reversal; a host that looks at the card, its limits or its own
    /// hours first then says no to the next one without ever looking at the sale (decision 5 says
    /// the same of 25 and 12). A refund on top of such a void would give the money back twice, so
    /// nothing is offered: the acquirer has to say, which costs the shop a call and no money.
    pub(crate) fn declined(
        &self,
        tx: &Tx<'_>,
        undo: &Id,
        judged: &Judged,
    ) -> Result<(), FlowError> {
        let code = judged.code();
        let code = code.as_ref();
        if has_unknown_attempt(tx.query(), undo)? {
            return self.proof_is_missing(tx, undo, code);
        }
        if matches!(judged, Judged::TooLate(_)) {
            return self.offer_refund(tx, undo, code);
        }
        tx.set_undo_status(undo, UndoStatus::Refused, code)?;
        Ok(tx.close_obligation(undo, "declined")?)
    }

    /// A definite "too late": the refund is offered, never made by itself.
    fn offer_refund(&self, tx: &Tx<'_>, undo: &Id, code: Option<&Code>) -> Result<(), FlowError> {
        tx.set_undo_status(undo, UndoStatus::RefundOffered, code)?;
        Ok(tx.close_obligation(undo, "too late, nothing unproven")?)
    }

    /// Where a void waits: for its card again, or in the queue.
    pub(crate) fn waiting_status(&self, tx: &Tx<'_>, undo: &Id) -> Result<UndoStatus, FlowError> {
        let query = tx.query();
        let undo = query.undo(undo)?;
        let missing = self.missing_from(&query.original(&undo.original)?, None);
        Ok(if undo.needs_card || missing.is_some() {
            UndoStatus::NeedsCard
        } else {
            UndoStatus::Queued
        })
    }

    /// A curable answer: back to the queue, at most `resend_limit` times a round.
    pub(crate) fn note_curable(
        &self,
        tx: &Tx<'_>,
        undo: &Id,
        code: Option<&Code>,
        cure: Cure,
    ) -> Result<(), FlowError> {
        let owed = tx.query().obligation(undo)?;
        let tries = owed.tries.saturating_add(1);
        let wait = match cure {
            Cure::SignInAgain => 0,
            Cure::WaitMinutes(minutes) => i64::from(minutes).saturating_mul(60_000),
            Cure::SameKeyLater => backoff::within_round(tries),
        };
        if tries < self.rules.resend_limit {
            tx.note_try(undo, code, true, wait)?;
        } else {
            let rounds = owed.rounds.saturating_add(1);
            tx.note_try(undo, code, true, wait.max(backoff::between_rounds(rounds)))?;
            tx.new_round(undo)?;
        }
        Ok(())
    }
}
