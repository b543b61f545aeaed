//! Delivering a recorded void or refund: one call with its question, and what they prove.

use pos_channels::wallet::Checked;
use pos_domain::status::{AttemptState, ObligationStatus};
use pos_domain::{Code, Id, LocalCode, Rail, SaleStatus, UndoKind, UndoMethod, UndoStatus};
use pos_ledger::{LedgerError, Obligation, Original, Tx, Undo};

use super::exchange::{Call, Said};
use super::rail::{Ask, Back, Fact, Return, Seen, Subject, Wire};
use super::round::{Round, round_of};
use super::rules::REFUND_EVERY;
use super::till::{Till, subject_of};
use crate::error::{FlowError, refuse};

/// Purposes of attempts that ask only.
const QUESTIONS: [&str; 2] = ["query", "refund_query"];

/// A void or refund about to be delivered.
struct Delivery {
    undo: Undo,
    original: Original,
    owed: Obligation,
    back: Return,
    subject: Subject,
    /// Whether an earlier call of it may have reached the wallet.
    may_be_done: bool,
}

impl Delivery {
    const fn doing(&self) -> Ask<'_> {
        match self.back.method {
            UndoMethod::Reverse => Ask::TakeBack,
            _ => Ask::Refund(&self.back),
        }
    }

    const fn asking(&self) -> Ask<'_> {
        match self.back.method {
            UndoMethod::Reverse => Ask::Query,
            _ => Ask::RefundQuery(&self.back),
        }
    }
}

impl Till {
    /// Makes one round of a recorded void or refund, if its turn has come: what may have been done
    /// before is asked about first.
    ///
    /// # Errors
    /// Those of the ledger.
    pub async fn deliver_undo(&self, who: &str, undo: &Id) -> Result<(), FlowError> {
        if self.is_restored()? {
            return Ok(());
        }
        let Some(mut delivery) = self.delivery(undo)? else {
            return Ok(());
        };
        if self.expire(who, &delivery)? {
            return Ok(());
        }
        if delivery.may_be_done {
            if self.ask_first(who, &delivery).await? {
                return Ok(());
            }
            match self.delivery(undo)? {
                Some(again) => delivery = again,
                None => return Ok(()),
            }
        }
        match self.deliver_once(who, &delivery).await {
            Err(FlowError::Refused(code)) => self.write(who, |tx| {
                let delivery = &delivery;
                tx.set_undo_status(undo, delivery.undo.status, Some(&code))?;
                self.note_and_wait(tx, &delivery.owed, Some(&code), false)
            }),
            done => done,
        }
    }

    /// What there is to deliver; none when nothing can be sent now.
    fn delivery(&self, undo: &Id) -> Result<Option<Delivery>, FlowError> {
        self.ledger.read(|query| {
            let undo = query.undo(undo)?;
            let original = query.original(&undo.original)?;
            let owed = query.obligation(&undo.id)?;
            let Some(web) = query.web_undo(&undo.id)? else {
                return refuse(LocalCode::NotInThisState);
            };
            let waits = !matches!(undo.status, UndoStatus::Queued | UndoStatus::Unknown)
                || owed.status != ObligationStatus::Owed
                || original.status != SaleStatus::Approved;
            if waits {
                return Ok(None);
            }
            let number = web.number.parse();
            let mut back = Return {
                number: number.map_err(|_| LedgerError::Value("refund number"))?,
                amount: undo.amount,
                method: web.method,
                at: undo.created,
            };
            let may_be_done = undo.status == UndoStatus::Unknown
                || query.attempts_at(&undo.id)?.iter().any(|attempt| {
                    !QUESTIONS.contains(&attempt.purpose.as_str())
                        && attempt.state != AttemptState::NotSent
                });
            if may_be_done && pos_domain::planted!(RefundWithNewNumber) {
                back.number = self.new_number()?;
            }
            Ok(Some(Delivery {
                subject: subject_of(&original)?,
                undo,
                original,
                owed,
                back,
                may_be_done,
            }))
        })
    }

    /// Offers the refund when a void's deadline has passed for certain and no call of it can have
    /// been carried out.
    fn expire(&self, who: &str, delivery: &Delivery) -> Result<bool, FlowError> {
        let waits = delivery.undo.kind == UndoKind::Void && !delivery.may_be_done;
        if !waits {
            return Ok(false);
        }
        let passed = self
            .ledger
            .read(|query| self.deadline_of(query, &delivery.original))?
            .has_passed();
        if passed {
            let code = Code::from(LocalCode::DeadlinePassed);
            self.write(who, |tx| {
                tx.set_undo_status(&delivery.undo.id, UndoStatus::RefundOffered, Some(&code))?;
                Ok(tx.close_obligation(&delivery.undo.id, "deadline passed, nothing unproven")?)
            })?;
        }
        Ok(passed)
    }

    /// Asks what an earlier call came to. Tells whether the round is over with that.
    async fn ask_first(&self, who: &str, delivery: &Delivery) -> Result<bool, FlowError> {
        let wire = self.wire_of(&delivery.original)?;
        let question = self.build(wire.as_ref(), &delivery.subject, delivery.asking())?;
        let asking = self.write(who, |tx| self.intend_undo(tx, &question, delivery))?;
        let seen = self
            .make(wire.as_ref(), &delivery.subject, &question, true)
            .await;
        let round = match seen.fact() {
            Some(Fact::Seen(Seen::Revoked)) => Some(Round::Done("asked: taken back")),
            Some(Fact::Back(Back::Done)) => Some(Round::Done("asked: refunded")),
            Some(Fact::Back(Back::UnderWay | Back::Taken)) => Some(Round::UnderWay),
            Some(Fact::Back(Back::Stuck)) => Some(Round::Stuck),
            // It is not there yet: the same call again, under the same number.
            Some(Fact::Seen(Seen::Paid(_) | Seen::Returned) | Fact::Back(Back::NotFound)) => None,
            _ => Some(Round::Unknown(0)),
        };
        self.write(who, |tx| {
            Self::close(tx, &asking, &seen)?;
            match &round {
                Some(round) => self.settle_undo(tx, delivery, round, &seen),
                None => Ok(()),
            }
        })?;
        Ok(round.is_some())
    }

    async fn deliver_once(&self, who: &str, delivery: &Delivery) -> Result<(), FlowError> {
        let wire = self.wire_of(&delivery.original)?;
        let subject = &delivery.subject;
        let call = self.build(wire.as_ref(), subject, delivery.doing())?;
        let question = self.build(wire.as_ref(), subject, delivery.asking())?;
        let intended = self.write(who, |tx| {
            let current = tx.query().undo(&delivery.undo.id)?.status;
            if current != delivery.undo.status {
                // A person held or withdrew it meanwhile.
                return Ok(None);
            }
            let doing = self.intend_undo(tx, &call, delivery)?;
            let asking = self.intend_undo(tx, &question, delivery)?;
            tx.set_undo_status(&delivery.undo.id, UndoStatus::Sending, None)?;
            Ok(Some((doing, asking)))
        })?;
        let Some((doing, asking)) = intended else {
            return Ok(());
        };
        let done = self
            .make(wire.as_ref(), subject, &call, !delivery.may_be_done)
            .await;
        let seen = self
            .question(wire.as_ref(), delivery, &question, &done)
            .await;
        let mut round = round_of(delivery.back.method, &done, seen.as_ref());
        if matches!(round, Round::Returned) {
            round = self.whole_or_not(who, wire.as_ref(), delivery).await?;
        }
        self.write(who, |tx| {
            Self::close(tx, &doing, &done)?;
            match &seen {
                Some(seen) => Self::close(tx, &asking, seen)?,
                None => Self::close_unmade(tx, &asking)?,
            }
            let telling = match &done {
                Said::Answered(Checked::Yes(_), _) => seen.as_ref().unwrap_or(&done),
                _ => &done,
            };
            self.settle_undo(tx, delivery, &round, telling)
        })
    }

    /// The wallet says that money went back: done only when all of it did.
    async fn whole_or_not(
        &self,
        who: &str,
        wire: &dyn Wire,
        delivery: &Delivery,
    ) -> Result<Round, FlowError> {
        let about = (&delivery.original.id, Some(&delivery.undo.id));
        let whole = self
            .went_back_whole(who, wire, &delivery.subject, about)
            .await?;
        Ok(match whole {
            Some(true) => Round::Done("asked: returned whole"),
            Some(false) => Round::Stuck,
            None => Round::Unknown(0),
        })
    }

    /// The question after a call; Alipay wants a pause before one about a refund (spec alipay §9),
    /// so that one begins the next round.
    async fn question(
        &self,
        wire: &dyn Wire,
        delivery: &Delivery,
        question: &Call<'_>,
        done: &Said,
    ) -> Option<Said> {
        if delivery.original.rail == Rail::Alipay {
            return None;
        }
        self.confirm(wire, &delivery.subject, question, done).await
    }

    fn intend_undo(
        &self,
        tx: &Tx<'_>,
        call: &Call<'_>,
        delivery: &Delivery,
    ) -> Result<Id, FlowError> {
        let (subject, undo) = (&delivery.subject, &delivery.undo.id);
        Self::intend(tx, call, subject, &delivery.original.id, Some(undo))
    }

    /// Commits what a round proved.
    fn settle_undo(
        &self,
        tx: &Tx<'_>,
        delivery: &Delivery,
        round: &Round,
        said: &Said,
    ) -> Result<(), FlowError> {
        let (undo, owed) = (&delivery.undo.id, &delivery.owed);
        let code = said.code();
        let code = code.as_ref();
        let answered = said.is_answered();
        match round {
            Round::Done(proof) => {
                let status = match delivery.undo.kind {
                    UndoKind::Void => UndoStatus::Voided,
                    UndoKind::Refund => UndoStatus::Refunded,
                };
                tx.note_try(undo, code, true, 0)?;
                tx.set_undo_status(undo, status, code)?;
                Ok(tx.close_obligation(undo, proof)?)
            }
            Round::Refused | Round::TooLate => {
                let offered = matches!(round, Round::TooLate);
                let status = match delivery.undo.kind {
                    UndoKind::Void if offered => UndoStatus::RefundOffered,
                    _ => UndoStatus::Refused,
                };
                // One number is carried out once: this answer speaks for the earlier calls, too.
                close_earlier(tx, undo, code)?;
                tx.note_try(undo, code, true, 0)?;
                tx.set_undo_status(undo, status, code)?;
                Ok(tx.close_obligation(undo, "refused")?)
            }
            Round::Queued(wait) => {
                tx.set_undo_status(undo, self.waiting(tx, undo)?, code)?;
                self.note_and_wait(tx, owed, code, answered)?;
                self.wait_at_least(tx, undo, *wait)
            }
            Round::Returned | Round::Unknown(_) => {
                let wait = match round {
                    Round::Unknown(wait) => *wait,
                    _ => 0,
                };
                // What the link saw stands with the attempt; the counter is told what happens now.
                let asking = Code::from(LocalCode::AskingWallet);
                let code = code
                    .filter(|code| matches!(code, Code::Wire(..)))
                    .or(Some(&asking));
                tx.set_undo_status(undo, UndoStatus::Unknown, code)?;
                self.note_and_wait(tx, owed, code, answered)?;
                self.wait_at_least(tx, undo, wait)
            }
            Round::UnderWay => {
                let code = Code::from(LocalCode::RefundUnderWay);
                tx.set_undo_status(undo, UndoStatus::Unknown, Some(&code))?;
                self.note_and_wait(tx, owed, Some(&code), true)?;
                self.wait_at_least(tx, undo, REFUND_EVERY)
            }
            Round::Stuck => {
                let code = Code::from(LocalCode::RefundStuck);
                tx.note_try(undo, Some(&code), true, 0)?;
                tx.set_undo_status(undo, UndoStatus::Escalated, Some(&code))?;
                Ok(tx.set_obligation_status(undo, ObligationStatus::Escalated, Some(&code))?)
            }
        }
    }

    /// Where an undo waits whose last call did nothing: unknown while an earlier one is unproven.
    pub(super) fn waiting(&self, tx: &Tx<'_>, undo: &Id) -> Result<UndoStatus, FlowError> {
        Ok(if tx.query().has_unproven_attempt(undo)? {
            UndoStatus::Unknown
        } else {
            UndoStatus::Queued
        })
    }

    fn wait_at_least(&self, tx: &Tx<'_>, undo: &Id, wait_ms: i64) -> Result<(), FlowError> {
        let owed = tx.query().obligation(undo)?;
        let now = &tx.stamp().at;
        let waits = owed.next_try_at(now).0.saturating_sub(now.wall.0);
        if waits < wait_ms {
            tx.set_due(undo, wait_ms)?;
        }
        Ok(())
    }

    fn wire_of(&self, original: &Original) -> Result<Box<dyn Wire + '_>, FlowError> {
        let order = self
            .ledger
            .read(|query| Self::order(query, &original.id))?
            .1;
        self.wire(&order)
    }
}

/// Closes what was called before under the same number and not proven.
fn close_earlier(tx: &Tx<'_>, undo: &Id, code: Option<&Code>) -> Result<(), FlowError> {
    for attempt in tx.query().attempts_at(undo)? {
        let unproven = matches!(
            attempt.state,
            AttemptState::Intended | AttemptState::NoAnswer
        );
        if unproven && !QUESTIONS.contains(&attempt.purpose.as_str()) {
            tx.close_attempt(&attempt.id, AttemptState::Answered, code, None)?;
        }
    }
    Ok(())
}
