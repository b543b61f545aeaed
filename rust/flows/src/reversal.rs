//! Delivering a reversal (spec unionpay-8583 §5, decisions 2 to 4): one try, and what it proves.

use pos_channels::unionpay::{Draft, Reason, reversal};
use pos_domain::status::{AttemptState, ObligationKind, ObligationStatus};
use pos_domain::{Code, Id, LocalCode, Rail, SaleStatus, UndoStatus};
use pos_ledger::{Attempt, LedgerError, NewObligation, Obligation, Tx};

use crate::backoff;
use crate::desk::{Desk, packing_code, state};
use crate::error::FlowError;
use crate::history::not_there_yet;
use crate::intent::Sending;
use crate::sign_in::note_host;
use crate::transmit::{Heard, Told, keep_others, log_exchange};

/// What one try came to, as far as the gate cares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Tried {
    /// Whether the host did not answer.
    pub unanswered: bool,
    /// Whether it is closed now.
    pub closed: bool,
}

/// What an answer code means for a reversal.
enum Verdict {
    /// Nothing is owed any more, by this proof.
    Closed(String),
    /// As closed, but one more reversal goes out after the late window.
    ClosedForNow(String),
    /// The terminal cannot prove it any more.
    Escalated,
    /// Still owed.
    Owed,
}

/// The attempt that something owed is about.
pub(crate) fn attempt_of(owed: &Obligation) -> Result<&Id, LedgerError> {
    owed.attempt.as_ref().ok_or_else(|| LedgerError::Missing {
        what: "attempt of",
        id: owed.id.to_string(),
    })
}

impl Desk {
    /// Makes one try at an owed reversal or confirmation.
    ///
    /// # Errors
    /// Those of the ledger.
    pub(crate) async fn deliver_reversal(
        &self,
        who: &str,
        obligation: &Id,
    ) -> Result<Tried, FlowError> {
        let owed = self.read(|query| query.obligation(obligation))?;
        if owed.status != ObligationStatus::Owed && owed.status != ObligationStatus::Escalated {
            return Ok(Tried {
                unanswered: false,
                closed: true,
            });
        }
        let subject = self.subject_of(&owed)?;
        let prepared = match self.write(who, |tx| self.prepare_reversal(tx, &owed, &subject)) {
            Ok(prepared) => prepared,
            Err(FlowError::Draft(error)) => {
                return self.unpackable(who, &owed, &packing_code(&error).into());
            }
            Err(FlowError::Ledger(LedgerError::Seal)) => {
                return self.unpackable(who, &owed, &LocalCode::KeysLost.into());
            }
            Err(error) => return Err(error),
        };
        let heard = self.transmit(&prepared.frame, &prepared.expected).await;
        log_exchange("reversal", obligation, &heard.told);
        self.settle_reversal(who, &owed, &subject, &prepared, heard)
    }

    fn subject_of(&self, owed: &Obligation) -> Result<Attempt, FlowError> {
        let attempt = attempt_of(owed)?;
        self.read(|query| query.attempt(attempt))
    }

    fn prepare_reversal(
        &self,
        tx: &Tx<'_>,
        owed: &Obligation,
        subject: &Attempt,
    ) -> Result<Sending, FlowError> {
        let fields = Draft::fields_of(&tx.query().attempt_fields(&subject.id)?)?;
        let reason = owed.reason.as_deref().and_then(|r| r.parse().ok());
        let draft = reversal(
            &self.rules.identity,
            &fields,
            reason.unwrap_or(Reason::NoAnswer),
            None,
        );
        // The key that is current when it is sent, whatever the original was made with.
        let place = (subject.trace.as_str(), subject.batch.as_str());
        let (original, undo) = (owed.original.as_ref(), owed.undo.as_ref());
        self.commit_attempt(tx, "reversal", original, undo, &draft, place)
    }

    /// A reversal that cannot be packed is not a reversal that is not owed.
    fn unpackable(&self, who: &str, owed: &Obligation, code: &Code) -> Result<Tried, FlowError> {
        log::error!("reversal {}: {code}", owed.id);
        self.write(who, |tx| {
            if pos_domain::planted!(DropReversalOnPackingError) {
                tx.close_obligation(&owed.id, "dropped")?;
                return Ok(Tried {
                    unanswered: false,
                    closed: true,
                });
            }
            tx.note_try(&owed.id, Some(code), false, backoff::between_rounds(1))?;
            self.escalate_reversal(tx, owed, code)?;
            Ok(Tried {
                unanswered: false,
                closed: false,
            })
        })
    }

    fn settle_reversal(
        &self,
        who: &str,
        owed: &Obligation,
        subject: &Attempt,
        prepared: &Sending,
        heard: Heard,
    ) -> Result<Tried, FlowError> {
        self.write(who, |tx| {
            keep_others(self, tx, &heard.others)?;
            let answer = match &heard.told {
                Told::Answer(answer) => answer,
                Told::NotSent(net) | Told::Unproven(net) => {
                    let not_sent = matches!(heard.told, Told::NotSent(_));
                    let code = Code::from(*net);
                    let state = if not_sent {
                        AttemptState::NotSent
                    } else {
                        AttemptState::NoAnswer
                    };
                    tx.close_attempt(&prepared.attempt, state, Some(&code), None)?;
                    if matches!(
                        net,
                        pos_domain::NetCode::MacWrong | pos_domain::NetCode::MacMissing
                    ) {
                        tx.set_setting(state::SIGN_IN_NEEDED, "mac")?;
                    }
                    self.note_unanswered(tx, &owed.id, &code)?;
                    return Ok(Tried {
                        unanswered: true,
                        closed: false,
                    });
                }
            };
            let code = Code::Wire(Rail::UnionPay, answer.code.clone());
            let answered = AttemptState::Answered;
            tx.close_attempt(
                &prepared.attempt,
                answered,
                Some(&code),
                Some(&answer.stored),
            )?;
            // Which day it is must be known before the code is read.
            let same_day = self.same_day(tx, subject, answer)?;
            note_host(tx, answer)?;
            if matches!(answer.code.as_str(), "77" | "88" | "A0") || answer.wants_sign_in() {
                tx.set_setting(state::SIGN_IN_NEEDED, "host")?;
            }
            let verdict = self.read_verdict(tx, owed, subject, &answer.code, same_day)?;
            self.apply_verdict(tx, owed, subject, &code, verdict)
        })
    }

    /// Whether the host is still in the business day and batch of the reversed message.
    fn same_day(
        &self,
        tx: &Tx<'_>,
        subject: &Attempt,
        answer: &pos_channels::unionpay::Answer,
    ) -> Result<bool, FlowError> {
        let query = tx.query();
        let today = match answer.host_day() {
            Some(day) => Some(day),
            None => query.setting(state::HOST_DAY)?,
        };
        Ok(subject.host_day == today && subject.batch == query.batch()?)
    }

    /// Decisions 2 and 3.
    fn read_verdict(
        &self,
        tx: &Tx<'_>,
        owed: &Obligation,
        subject: &Attempt,
        code: &str,
        same_day: bool,
    ) -> Result<Verdict, FlowError> {
        if pos_domain::planted!(CloseReversalOnAnyCode) {
            return Ok(Verdict::Closed(format!("answered {code}")));
        }
        let same_day = same_day || pos_domain::planted!(CloseReversalOn12AfterCutover);
        let is_repeat = self.was_sent_before(tx, subject)?;
        let proof = format!("answered {code}");
        Ok(match code {
            "00" => Verdict::Closed(proof),
            "12" | "25" if !same_day => Verdict::Escalated,
            "12" | "25" if !self.may_still_arrive(tx, owed, subject)? => Verdict::Closed(proof),
            // The next attempt at the void tells whether this one arrived after all.
            "12" | "25" if subject.undo.is_some() => Verdict::Closed(not_there_yet(&proof)),
            "12" | "25" => Verdict::ClosedForNow(proof),
            "22" | "94" if is_repeat => {
                Verdict::Closed(format!("acknowledged by repeat, answered {code}"))
            }
            "22" => Verdict::Closed("already undone, to be reconciled, answered 22".to_owned()),
            _ => Verdict::Owed,
        })
    }

    /// Whether this reversal went out before without an answer.
    fn was_sent_before(&self, tx: &Tx<'_>, subject: &Attempt) -> Result<bool, FlowError> {
        let same_trace = tx.query().attempts_by_trace(&subject.trace)?;
        Ok(same_trace.iter().any(|attempt| {
            attempt.purpose == "reversal"
                && attempt.batch == subject.batch
                && attempt.state == AttemptState::NoAnswer
        }))
    }

    /// Whether a message may still be on its way to the host. The wall clock does not count; after
    /// a reboot nobody knows how old the message is.
    fn may_still_arrive(
        &self,
        tx: &Tx<'_>,
        owed: &Obligation,
        subject: &Attempt,
    ) -> Result<bool, FlowError> {
        if owed.kind != ObligationKind::Reversal {
            return Ok(false);
        }
        let now = &tx.stamp().at;
        let made = tx.query().audit_of(subject.id.as_str())?.into_iter().next();
        let age = made
            .filter(|made| made.boot_id == now.boot_id)
            .map(|made| now.since_boot.saturating_sub(made.since_boot));
        Ok(age.is_none_or(|age| age < self.rules.late_window_ms))
    }

    fn apply_verdict(
        &self,
        tx: &Tx<'_>,
        owed: &Obligation,
        subject: &Attempt,
        code: &Code,
        verdict: Verdict,
    ) -> Result<Tried, FlowError> {
        let closed = Tried {
            unanswered: false,
            closed: true,
        };
        match verdict {
            Verdict::Closed(proof) => {
                tx.note_try(&owed.id, Some(code), true, 0)?;
                tx.close_obligation(&owed.id, &proof)?;
                self.proven_undone(tx, owed, subject, code)?;
                Ok(closed)
            }
            Verdict::ClosedForNow(proof) => {
                tx.note_try(&owed.id, Some(code), true, 0)?;
                tx.close_obligation(&owed.id, &proof)?;
                self.confirm_later(tx, subject)?;
                self.proven_undone(tx, owed, subject, code)?;
                Ok(closed)
            }
            Verdict::Escalated => {
                tx.note_try(&owed.id, Some(code), true, backoff::between_rounds(1))?;
                self.escalate_reversal(tx, owed, code)?;
                Ok(Tried {
                    unanswered: false,
                    closed: false,
                })
            }
            Verdict::Owed => {
                if self.note_refused(tx, owed, code)? {
                    self.escalate_reversal(tx, owed, code)?;
                }
                Ok(Tried {
                    unanswered: false,
                    closed: false,
                })
            }
        }
    }

    /// The host answered and it is still owed. Tells whether a round was used up by answers, which
    /// escalates; an answer that only asks to wait (90) is none.
    pub(crate) fn note_refused(
        &self,
        tx: &Tx<'_>,
        owed: &Obligation,
        code: &Code,
    ) -> Result<bool, FlowError> {
        if let Some(wait) = backoff::asked_to_wait(code) {
            tx.note_try(&owed.id, Some(code), false, wait)?;
            return Ok(false);
        }
        let (tries, answered) = (
            owed.tries.saturating_add(1),
            owed.answered.saturating_add(1),
        );
        let limit = self.rules.resend_limit;
        if tries < limit {
            tx.note_try(&owed.id, Some(code), true, backoff::within_round(tries))?;
        } else if answered >= limit {
            tx.note_try(&owed.id, Some(code), true, backoff::between_rounds(1))?;
            return Ok(true);
        } else {
            let rounds = owed.rounds.saturating_add(1);
            tx.note_try(&owed.id, Some(code), true, backoff::between_rounds(rounds))?;
            tx.new_round(&owed.id)?;
        }
        Ok(false)
    }

    /// Out of the gate and still owed: what it was for is the acquirer's to prove.
    fn escalate_reversal(
        &self,
        tx: &Tx<'_>,
        owed: &Obligation,
        code: &Code,
    ) -> Result<(), FlowError> {
        tx.set_obligation_status(&owed.id, ObligationStatus::Escalated, Some(code))?;
        if let Some(undo) = &owed.undo
            && tx.query().undo(undo)?.status == UndoStatus::Unknown
        {
            tx.set_undo_status(undo, UndoStatus::Escalated, Some(code))?;
            tx.set_obligation_status(undo, ObligationStatus::Escalated, Some(code))?;
        }
        Ok(())
    }

    /// Owes one more reversal of `subject` after the late window.
    pub(crate) fn confirm_later(&self, tx: &Tx<'_>, subject: &Attempt) -> Result<(), FlowError> {
        let id = tx.new_id('C')?;
        tx.insert_obligation(&NewObligation {
            id: &id,
            kind: ObligationKind::Confirmation,
            original: subject.original.as_ref(),
            undo: None,
            attempt: Some(&subject.id),
            status: ObligationStatus::Owed,
        })?;
        Ok(tx.note_try(&id, None, false, self.rules.late_window_ms)?)
    }

    /// The reversed message is proven to have no effect: its sale is undone, or the sale that its
    /// void wanted back stands again.
    pub(crate) fn proven_undone(
        &self,
        tx: &Tx<'_>,
        owed: &Obligation,
        subject: &Attempt,
        code: &Code,
    ) -> Result<(), FlowError> {
        if owed.kind == ObligationKind::Confirmation {
            return Ok(());
        }
        tx.close_attempt(&subject.id, AttemptState::Reversed, None, None)?;
        match (&owed.undo, &owed.original) {
            (Some(undo), _) => {
                let status = tx.query().undo(undo)?.status;
                if matches!(status, UndoStatus::Unknown | UndoStatus::Escalated) {
                    let waiting = self.waiting_status(tx, undo)?;
                    tx.set_undo_status(undo, waiting, Some(code))?;
                    tx.set_obligation_status(undo, ObligationStatus::Owed, Some(code))?;
                }
            }
            (None, Some(original)) => {
                tx.set_original_status(original, SaleStatus::Reversed, None)?;
                self.close_waiting_void(tx, original)?;
            }
            (None, None) => {}
        }
        Ok(())
    }

    /// A void of an unknown sale is done when the sale proves undone.
    fn close_waiting_void(&self, tx: &Tx<'_>, original: &Id) -> Result<(), FlowError> {
        for undo in tx.query().undos_of(original)? {
            if matches!(undo.status, UndoStatus::Unknown | UndoStatus::Escalated) {
                tx.set_undo_status(&undo.id, UndoStatus::Voided, None)?;
                tx.close_obligation(&undo.id, "the sale itself is proven undone")?;
            }
        }
        Ok(())
    }
}
