//! The void of a sale by payment code. Where the acquirer knows no reversal of it, one without an
//! answer is sent again with a new trace, and only 00 or 22 closes it (decision 6).

use pos_channels::unionpay::Kind;
use pos_domain::status::AttemptState;
use pos_domain::{Code, Id, LocalCode, SaleStatus, UndoStatus};
use pos_ledger::{Attempt, Original, Query, Tx};

use crate::deliver::is_waiting;
use crate::desk::{Desk, packing_code, state};
use crate::error::FlowError;
use crate::gate::Gate;
use crate::intent::{Intent, Sending};
use crate::judge::{Judged, judge};
use crate::sign_in::note_host;
use crate::transmit::{Heard, keep_others, log_exchange};

/// A committed attempt at a void, with its reversal where there is such a thing.
enum Way {
    Reversible(Intent),
    Plain(Sending),
}

impl Desk {
    /// Makes one attempt at the void of a sale by payment code, if it is its turn.
    pub(crate) async fn deliver_code_void(&self, who: &str, undo: &Id) -> Result<(), FlowError> {
        let Some(original) = self.code_void_ready(who, undo)? else {
            return Ok(());
        };
        if let Gate::Blocked(code) = self.gate(who).await? {
            return self.put_off(who, undo, &code);
        }
        self.reserve_traces()?;
        let way = match self.write(who, |tx| self.intend_code_void(tx, undo, &original)) {
            Ok(way) => way,
            Err(FlowError::Draft(error)) => {
                log::error!("void {undo}: {error}");
                return self.put_off(who, undo, &packing_code(&error).into());
            }
            Err(FlowError::Refused(_)) => return Ok(()),
            Err(error) => return Err(error),
        };
        match way {
            Way::Reversible(intent) => {
                let heard = self.transmit(&intent.frame, &intent.expected).await;
                log_exchange("void", undo, &heard.told);
                if self.settle_void(who, undo, Kind::Void, &intent, heard)? {
                    self.deliver_reversal(who, &intent.reversal).await?;
                }
            }
            Way::Plain(sending) => {
                let heard = self.transmit(&sending.frame, &sending.expected).await;
                log_exchange("void", undo, &heard.told);
                self.settle_code_void(who, undo, &sending, heard)?;
            }
        }
        Ok(())
    }

    fn code_void_ready(&self, who: &str, undo: &Id) -> Result<Option<Original>, FlowError> {
        let (void, original, unproven) = self.read(|query| {
            let void = query.undo(undo)?;
            let original = query.original(&void.original)?;
            let unproven = query.has_unproven_attempt(undo)?;
            Ok((void, original, unproven))
        })?;
        let blocked = unproven && self.rules.qr_void_reversal;
        let waits = void.status != UndoStatus::Queued || original.status != SaleStatus::Approved;
        if waits || blocked || self.expire_void(who, &void, &original)? {
            return Ok(None);
        }
        Ok(Some(original))
    }

    fn intend_code_void(
        &self,
        tx: &Tx<'_>,
        undo: &Id,
        original: &Original,
    ) -> Result<Way, FlowError> {
        if !is_waiting(tx, undo)? {
            return Err(FlowError::Refused(LocalCode::NotInThisState.into()));
        }
        let (trace, batch) = (tx.next_trace()?, tx.query().batch()?);
        let place = (trace.as_str(), batch.as_str());
        let draft = self.follow_up(Kind::Void, original, original.amount, place)?;
        let (of, void) = (&original.id, Some(undo));
        let way = if self.rules.qr_void_reversal {
            Way::Reversible(self.intend(tx, "void", of, void, &draft, place)?)
        } else {
            Way::Plain(self.commit_attempt(tx, "void", Some(of), void, &draft, place)?)
        };
        tx.set_undo_status(undo, UndoStatus::Sending, None)?;
        Ok(way)
    }

    /// Commits what an exchange proved about a void without a reversal.
    fn settle_code_void(
        &self,
        who: &str,
        undo: &Id,
        sending: &Sending,
        heard: Heard,
    ) -> Result<(), FlowError> {
        let judged = judge(Kind::Void, heard.told);
        let code = judged.code();
        let code = code.as_ref();
        let attempt = &sending.attempt;
        self.write(who, |tx| {
            keep_others(self, tx, &heard.others)?;
            if let Some(reason) = judged.sign_in_reason() {
                tx.set_setting(state::SIGN_IN_NEEDED, reason)?;
            }
            let answer = match &judged {
                Judged::Approved(answer) => Some(answer.stored.as_slice()),
                _ => None,
            };
            tx.close_attempt(attempt, state_of(&judged), code, answer)?;
            let earlier = unproven(tx.query(), undo, attempt)?;
            match &judged {
                Judged::Approved(answer) => {
                    note_host(tx, answer)?;
                    self.code_void_is_made(tx, undo, &earlier, code)
                }
                Judged::NeedsHistory(code) if code.to_string() == "22" && !earlier.is_empty() => {
                    self.code_void_is_made(tx, undo, &earlier, Some(code))
                }
                Judged::NotSent(_) | Judged::Unproven(..) => {
                    tx.set_undo_status(undo, UndoStatus::Queued, code)?;
                    let waiting = LocalCode::Waiting.into();
                    self.note_unanswered(tx, undo, code.unwrap_or(&waiting))
                }
                Judged::Curable(_, cure) => {
                    tx.set_undo_status(undo, UndoStatus::Queued, code)?;
                    self.note_curable(tx, undo, code, *cure)
                }
                Judged::Declined(_) | Judged::TooLate(_) if earlier.is_empty() => {
                    self.declined(tx, undo, &judged)
                }
                // A no to this one says nothing of the ones before it.
                Judged::NeedsHistory(_) | Judged::Declined(_) | Judged::TooLate(_) => {
                    self.proof_is_missing(tx, undo, code)
                }
            }
        })
    }

    fn code_void_is_made(
        &self,
        tx: &Tx<'_>,
        undo: &Id,
        earlier: &[Attempt],
        code: Option<&Code>,
    ) -> Result<(), FlowError> {
        for attempt in earlier {
            tx.close_attempt(&attempt.id, AttemptState::Answered, code, None)?;
        }
        tx.set_undo_status(undo, UndoStatus::Voided, code)?;
        Ok(tx.close_obligation(undo, "answered as made")?)
    }
}

const fn state_of(judged: &Judged) -> AttemptState {
    match judged {
        Judged::NotSent(_) => AttemptState::NotSent,
        Judged::Unproven(..) => AttemptState::NoAnswer,
        _ => AttemptState::Answered,
    }
}

/// Attempts at a void, but the one just made, that were sent and never answered.
fn unproven(query: Query<'_>, undo: &Id, but: &Id) -> Result<Vec<Attempt>, FlowError> {
    let mut attempts = query.attempts_at(undo)?;
    attempts.retain(|attempt| {
        let open = matches!(
            attempt.state,
            AttemptState::Intended | AttemptState::NoAnswer
        );
        attempt.id != *but && open
    });
    Ok(attempts)
}
