//! Notices and uploads: messages that the terminal owes and repeats, with the same fields and the
//! same trace, until the host took them (00, or 94 for one it has). They are never reversed.

use pos_channels::unionpay::{Answer, Draft};
use pos_diagnosis::{Situation, Verdict, verdict_in};
use pos_domain::status::{AttemptState, ObligationKind, ObligationStatus};
use pos_domain::{Code, Id, LocalCode, NetCode, Rail};
use pos_ledger::{LedgerError, Obligation, Tx};

use crate::backoff;
use crate::desk::{Desk, packing_code, state};
use crate::error::FlowError;
use crate::intent::Sending;
use crate::reversal::Tried;
use crate::sign_in::note_host;
use crate::transmit::{Heard, Told, keep_others, log_exchange};

/// A notice ready to go.
pub(crate) struct Notice {
    pub draft: Draft,
    pub trace: String,
    pub batch: String,
}

/// What an attempt at something owed is for; none for what is no notice.
pub(crate) const fn purpose_of(kind: ObligationKind) -> Option<&'static str> {
    match kind {
        ObligationKind::ScriptNotice => Some("script_notice"),
        ObligationKind::BatchUpload => Some("completion_advice"),
        ObligationKind::Signature => Some("signature"),
        _ => None,
    }
}

/// What a notice is about.
pub(crate) fn original_of(owed: &Obligation) -> Result<&Id, FlowError> {
    let missing = || LedgerError::Missing {
        what: "original of",
        id: owed.id.to_string(),
    };
    Ok(owed.original.as_ref().ok_or_else(missing)?)
}

/// The notice as it went out before, when it did.
pub(crate) fn sent_before(
    tx: &Tx<'_>,
    original: &Id,
    purpose: &str,
) -> Result<Option<Notice>, FlowError> {
    let query = tx.query();
    let before = query.attempts_of(original)?;
    let Some(attempt) = before.into_iter().rfind(|a| a.purpose == purpose) else {
        return Ok(None);
    };
    let draft = Draft::again(&query.attempt_fields(&attempt.id)?)?;
    let (trace, batch) = (attempt.trace, attempt.batch);
    Ok(Some(Notice {
        draft,
        trace,
        batch,
    }))
}

impl Desk {
    /// Everything owed of one kind that is neither held nor escalated, oldest first.
    pub(crate) fn owed_of(&self, kind: ObligationKind) -> Result<Vec<Obligation>, FlowError> {
        self.read(|query| query.owed(kind))
    }

    /// Makes one try at an owed notice or upload.
    pub(crate) async fn deliver_notice(&self, who: &str, id: &Id) -> Result<Tried, FlowError> {
        let owed = self.read(|query| query.obligation(id))?;
        let open = [ObligationStatus::Owed, ObligationStatus::Escalated].contains(&owed.status);
        let Some(purpose) = purpose_of(owed.kind).filter(|_| open) else {
            return Ok(Tried {
                unanswered: false,
                closed: true,
            });
        };
        self.reserve_traces()?;
        let prepared = self.write(who, |tx| {
            let notice = self.prepare_notice(tx, &owed)?;
            let place = (notice.trace.as_str(), notice.batch.as_str());
            let original = owed.original.as_ref();
            self.commit_attempt(tx, purpose, original, None, &notice.draft, place)
        });
        let sending = match prepared {
            Ok(sending) => sending,
            Err(FlowError::Draft(error)) => {
                return self.cannot_pack(who, &owed, &packing_code(&error).into());
            }
            Err(FlowError::Ledger(LedgerError::Seal)) => {
                return self.cannot_pack(who, &owed, &LocalCode::KeysLost.into());
            }
            Err(error) => return Err(error),
        };
        let heard = self.transmit(&sending.frame, &sending.expected).await;
        log_exchange(purpose, id, &heard.told);
        self.write(who, |tx| self.settle_notice(tx, &owed, &sending, &heard))
    }

    fn prepare_notice(&self, tx: &Tx<'_>, owed: &Obligation) -> Result<Notice, FlowError> {
        match owed.kind {
            ObligationKind::Signature => self.prepare_signature(tx, owed),
            ObligationKind::BatchUpload => self.prepare_advice(tx, owed),
            _ => self.prepare_script_notice(tx, owed),
        }
    }

    /// What cannot be packed is still owed: a person has to look.
    fn cannot_pack(&self, who: &str, owed: &Obligation, code: &Code) -> Result<Tried, FlowError> {
        log::error!("{} {}: {code}", owed.kind, owed.id);
        self.write(who, |tx| {
            tx.note_try(&owed.id, Some(code), false, backoff::between_rounds(1))?;
            tx.set_obligation_status(&owed.id, ObligationStatus::Escalated, Some(code))?;
            Ok(Tried {
                unanswered: false,
                closed: false,
            })
        })
    }

    fn settle_notice(
        &self,
        tx: &Tx<'_>,
        owed: &Obligation,
        sending: &Sending,
        heard: &Heard,
    ) -> Result<Tried, FlowError> {
        keep_others(self, tx, &heard.others)?;
        let (net, state) = match &heard.told {
            Told::Answer(answer) => {
                let code = Code::Wire(Rail::UnionPay, answer.code.clone());
                let (done, kept) = (AttemptState::Answered, Some(answer.stored.as_slice()));
                tx.close_attempt(&sending.attempt, done, Some(&code), kept)?;
                note_host(tx, answer)?;
                return self.notice_answered(tx, owed, answer, &code);
            }
            Told::NotSent(net) => (*net, AttemptState::NotSent),
            Told::Unproven(net) => (*net, AttemptState::NoAnswer),
        };
        if matches!(net, NetCode::MacWrong | NetCode::MacMissing) {
            tx.set_setting(state::SIGN_IN_NEEDED, "mac")?;
        }
        let code = Code::from(net);
        tx.close_attempt(&sending.attempt, state, Some(&code), None)?;
        self.note_unanswered(tx, &owed.id, &code)?;
        Ok(Tried {
            unanswered: true,
            closed: false,
        })
    }

    fn notice_answered(
        &self,
        tx: &Tx<'_>,
        owed: &Obligation,
        answer: &Answer,
        code: &Code,
    ) -> Result<Tried, FlowError> {
        if matches!(answer.code.as_str(), "77" | "88" | "A0") {
            tx.set_setting(state::SIGN_IN_NEEDED, "host")?;
        }
        let approved = verdict_in(&answer.code, Situation::Upload) == Verdict::Approved;
        let taken = approved || answer.code == "94";
        let closed = taken || self.advice_is_declined(tx, owed, code)?;
        if closed {
            tx.note_try(&owed.id, Some(code), true, 0)?;
            tx.close_obligation(&owed.id, &format!("answered {}", answer.code))?;
            self.notice_closed(tx, owed, answer, taken)?;
        } else if self.note_refused(tx, owed, code)? {
            tx.set_obligation_status(&owed.id, ObligationStatus::Escalated, Some(code))?;
        }
        Ok(Tried {
            unanswered: false,
            closed,
        })
    }

    /// What follows from a notice that the host took, or definitely did not.
    fn notice_closed(
        &self,
        tx: &Tx<'_>,
        owed: &Obligation,
        answer: &Answer,
        taken: bool,
    ) -> Result<(), FlowError> {
        match owed.kind {
            ObligationKind::Signature => Ok(tx.drop_signature_image(original_of(owed)?)?),
            ObligationKind::BatchUpload => self.advice_closed(tx, owed, answer, taken),
            _ => Ok(()),
        }
    }
}
