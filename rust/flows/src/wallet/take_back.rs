//! Taking an unknown order back: told first, then called until a question proves it.

use pos_channels::wallet::Checked;
use pos_domain::status::{AttemptState, ObligationKind, ObligationStatus};
use pos_domain::{Code, Id, LocalCode, SaleStatus, ToldUnpaid, UndoMethod};
use pos_ledger::{LedgerError, NewObligation, Obligation, Original, Tx, WebOrder};

use super::exchange::{Call, Said};
use super::rail::{Ask, Back, Fact, Return, Seen, Subject, Wire};
use super::rules::{CALL_AGAIN, QUESTION_EVERY, REFUND_EVERY, may_arrive_ms, take_back_after_ms};
use super::till::{Till, subject_of};
use crate::error::{FlowError, refuse};

/// What one call and its question came to.
enum Round {
    /// Proven: nothing was taken, or all of it went back.
    Undone(&'static str),
    /// Money went back; whether all of it, one more question has to tell.
    Returned,
    /// Not proven; again after this many milliseconds.
    Again(i64),
    /// Not proven; again with growing waits.
    Later,
    /// The wallet does not take it back any more: the money goes back as a refund.
    Refund,
    /// Only a person can go on.
    Stuck(Code),
}

impl Till {
    /// The cashier stops, or the counter decides against a late payment: the order counts as not
    /// paid from now on. Nothing is sent yet, so that it can be shown first.
    ///
    /// # Errors
    /// [`FlowError::Refused`] when the order is proven already.
    pub fn take_back(&self, who: &str, sale: &Id) -> Result<(), FlowError> {
        self.write(who, |tx| {
            let (original, _) = Self::order(tx.query(), sale)?;
            if original.status != SaleStatus::Unknown {
                return refuse(LocalCode::NotInThisState);
            }
            self.begin_take_back(tx, &original)
        })
    }

    /// A supervisor says that the goods were handed over: a payment stands again. Only before the
    /// first byte of a take-back may have left. `consent` stores the approval, or fails.
    ///
    /// # Errors
    /// [`FlowError::Refused`] when it is too late or the order is proven already.
    pub fn handed_over(
        &self,
        who: &str,
        sale: &Id,
        consent: impl FnOnce(&Tx<'_>, &Original) -> Result<(), FlowError>,
    ) -> Result<(), FlowError> {
        self.write(who, |tx| {
            let (original, order) = Self::order(tx.query(), sale)?;
            if original.status != SaleStatus::Unknown {
                return refuse(LocalCode::NotInThisState);
            }
            if order.take_back_sent {
                return refuse(LocalCode::AlreadySending);
            }
            consent(tx, &original)?;
            let code = Code::from(LocalCode::HandedOver);
            let waited_for_it = order.told == ToldUnpaid::Ask;
            tx.tell(sale, ToldUnpaid::HandedOver)?;
            tx.set_original_status(sale, SaleStatus::Unknown, Some(&code))?;
            self.turn(tx, sale, ObligationKind::Query, 0, &code)?;
            if waited_for_it {
                self.keep_paid(tx, sale)?;
            }
            Ok(())
        })
    }

    /// The counter keeps a payment that was made while nobody could be told.
    ///
    /// # Errors
    /// [`FlowError::Refused`] when nobody was asked.
    pub fn keep(&self, who: &str, sale: &Id) -> Result<(), FlowError> {
        self.write(who, |tx| {
            let (original, order) = Self::order(tx.query(), sale)?;
            if original.status != SaleStatus::Unknown || order.told != ToldUnpaid::Ask {
                return refuse(LocalCode::NotInThisState);
            }
            self.keep_paid(tx, sale)
        })
    }

    fn keep_paid(&self, tx: &Tx<'_>, sale: &Id) -> Result<(), FlowError> {
        self.paid(tx, sale, &super::rail::Payment::default(), None)
    }

    /// Commits that the counter is told "not paid, keep the goods".
    pub(super) fn begin_take_back(
        &self,
        tx: &Tx<'_>,
        original: &Original,
    ) -> Result<(), FlowError> {
        let sale = &original.id;
        let (_, order) = Self::order(tx.query(), sale)?;
        if order.told == ToldUnpaid::NotPaid {
            return Ok(());
        }
        let code = Code::from(LocalCode::TakenBack);
        tx.tell(sale, ToldUnpaid::NotPaid)?;
        tx.set_original_status(sale, SaleStatus::Unknown, Some(&code))?;
        let earliest = take_back_after_ms(order.method);
        let age = order.age_ms(&tx.stamp().at).unwrap_or(earliest);
        let wait = earliest.saturating_sub(age).max(0);
        self.turn(tx, sale, ObligationKind::Revoke, wait, &code)
    }

    /// Makes one of the two obligations of an unknown order the one that is owed.
    fn turn(
        &self,
        tx: &Tx<'_>,
        sale: &Id,
        to: ObligationKind,
        wait_ms: i64,
        code: &Code,
    ) -> Result<(), FlowError> {
        let other = match to {
            ObligationKind::Query => ObligationKind::Revoke,
            _ => ObligationKind::Query,
        };
        if let Some(owed) = tx.query().web_obligation(sale, other)? {
            tx.set_obligation_status(&owed.id, ObligationStatus::Armed, None)?;
        }
        let id = match tx.query().web_obligation(sale, to)? {
            Some(owed) => {
                tx.set_obligation_status(&owed.id, ObligationStatus::Owed, Some(code))?;
                owed.id
            }
            None => {
                let id = tx.new_id('Q')?;
                tx.insert_obligation(&NewObligation {
                    id: &id,
                    kind: to,
                    original: Some(sale),
                    undo: None,
                    attempt: None,
                    status: ObligationStatus::Owed,
                })?;
                id
            }
        };
        Ok(tx.set_due(&id, wait_ms)?)
    }

    /// One call to take an order back, and the question that proves it.
    pub(super) async fn take_back_once(
        &self,
        who: &str,
        original: &Original,
        order: &WebOrder,
        owed: &Obligation,
    ) -> Result<(), FlowError> {
        let wire = self.wire(order)?;
        let subject = subject_of(original)?;
        let back = order
            .give_back
            .as_deref()
            .map(|number| give_back(original, number));
        let back = back.transpose()?;
        let (doing, asking) = match &back {
            Some(back) => (Ask::Refund(back), Ask::RefundQuery(back)),
            None => (Ask::TakeBack, Ask::Query),
        };
        let call = self.build(wire.as_ref(), &subject, doing)?;
        let question = self.build(wire.as_ref(), &subject, asking)?;
        let first = !self.was_made(original, doing.purpose())?;
        let (doing, asking) = self.write(who, |tx| {
            let intend = |call: &Call<'_>| Self::intend(tx, call, &subject, &original.id, None);
            tx.set_take_back_sent(&original.id)?;
            Ok((intend(&call)?, intend(&question)?))
        })?;
        let done = self.make(wire.as_ref(), &subject, &call, first).await;
        let seen = self
            .confirm(wire.as_ref(), &subject, &question, &done)
            .await;
        let mut round = if back.is_some() {
            refunded(&done, seen.as_ref())
        } else {
            taken_back(order, order.age_ms(&self.now()), &done, seen.as_ref())
        };
        if matches!(round, Round::Returned) {
            let whole = self
                .went_back_whole(who, wire.as_ref(), &subject, (&original.id, None))
                .await?;
            round = match whole {
                Some(true) => Round::Undone("asked: returned whole"),
                Some(false) => Round::Stuck(LocalCode::ReturnedElsewhere.into()),
                None => Round::Later,
            };
        }
        self.write(who, |tx| {
            Self::close(tx, &doing, &done)?;
            match &seen {
                Some(seen) => Self::close(tx, &asking, seen)?,
                None => Self::close_unmade(tx, &asking)?,
            }
            let current = tx.query().original(&original.id)?;
            if current.status != SaleStatus::Unknown {
                return Ok(());
            }
            self.settle_take_back(tx, &current, owed, &round, (&done, seen.as_ref()))
        })
    }

    /// Asks what a call came to, unless it is plain that nothing happened or that it is not over.
    pub(super) async fn confirm(
        &self,
        wire: &dyn Wire,
        subject: &Subject,
        question: &Call<'_>,
        done: &Said,
    ) -> Option<Said> {
        let needless = matches!(
            done,
            Said::NotSent(_)
                | Said::Answered(
                    Checked::Yes(
                        Fact::TakenBack { again: true }
                            | Fact::Back(Back::Done | Back::UnderWay | Back::Stuck)
                    ),
                    _
                )
        );
        if needless {
            return None;
        }
        if pos_domain::planted!(TrustTakeBack)
            && matches!(done.fact(), Some(Fact::TakenBack { again: false }))
        {
            return None;
        }
        Some(self.make(wire, subject, question, true).await)
    }

    /// Whether an earlier call of this purpose about an order may have reached the wallet.
    fn was_made(&self, original: &Original, purpose: &str) -> Result<bool, FlowError> {
        let attempts = self.read(|query| query.attempts_of(&original.id))?;
        Ok(attempts.iter().any(|attempt| {
            attempt.undo.is_none()
                && attempt.purpose == purpose
                && attempt.state != AttemptState::NotSent
        }))
    }

    fn settle_take_back(
        &self,
        tx: &Tx<'_>,
        original: &Original,
        owed: &Obligation,
        round: &Round,
        (done, seen): (&Said, Option<&Said>),
    ) -> Result<(), FlowError> {
        let code = seen.unwrap_or(done).code().or_else(|| done.code());
        let answered = seen.unwrap_or(done).is_answered();
        match round {
            Round::Undone(proof) => {
                tx.note_try(&owed.id, code.as_ref(), true, 0)?;
                Self::prove_undone(tx, original)?;
                let told = LocalCode::TakenBack.into();
                self.end(tx, &original.id, SaleStatus::Reversed, Some(&told), proof)
            }
            Round::Again(wait) => Ok(tx.note_try(&owed.id, code.as_ref(), answered, *wait)?),
            Round::Later | Round::Returned => self.note_and_wait(tx, owed, code.as_ref(), answered),
            Round::Refund => {
                let number = self.new_number()?;
                tx.set_give_back(&original.id, number.as_str())?;
                Ok(tx.note_try(&owed.id, code.as_ref(), answered, 0)?)
            }
            Round::Stuck(code) => {
                tx.note_try(&owed.id, Some(code), answered, 0)?;
                tx.set_original_status(&original.id, SaleStatus::Unknown, Some(code))?;
                Ok(tx.set_obligation_status(&owed.id, ObligationStatus::Escalated, Some(code))?)
            }
        }
    }

    /// What was sent for the order and not proven is proven undone now.
    fn prove_undone(tx: &Tx<'_>, original: &Original) -> Result<(), FlowError> {
        for attempt in tx.query().attempts_of(&original.id)? {
            let unproven = matches!(
                attempt.state,
                AttemptState::Intended | AttemptState::NoAnswer
            );
            if attempt.undo.is_none() && attempt.purpose == "sale" && unproven {
                tx.close_attempt(&attempt.id, AttemptState::Reversed, None, None)?;
            }
        }
        Ok(())
    }
}

/// The refund of all of an order that a take-back became.
fn give_back(original: &Original, number: &str) -> Result<Return, FlowError> {
    Ok(Return {
        number: number
            .parse()
            .map_err(|_| LedgerError::Value("refund number"))?,
        amount: original.amount,
        method: UndoMethod::Refund,
        at: original.created,
    })
}

/// Whether the wallet said for good that it does not take the order back.
const fn is_refused(said: &Said) -> bool {
    matches!(said, Said::Answered(Checked::No(_), _))
}

/// What a take-back and its question prove (specs wechat-pay §3.2 and §5, alipay §7 and §8).
fn taken_back(order: &WebOrder, age: Option<i64>, done: &Said, seen: Option<&Said>) -> Round {
    let accepted = matches!(done.fact(), Some(Fact::TakenBack { again: false }));
    let Some(seen) = seen else {
        return match done.fact() {
            Some(Fact::TakenBack { again: true }) => Round::Again(CALL_AGAIN),
            Some(_) => Round::Undone("believed"),
            None => Round::Later,
        };
    };
    let Some(Fact::Seen(seen)) = seen.fact() else {
        return Round::Later;
    };
    match seen {
        Seen::Revoked | Seen::Closed => Round::Undone("asked: closed"),
        Seen::Returned if accepted => Round::Returned,
        // Nobody can pay by a QR that nobody was shown.
        Seen::NotFound | Seen::Waiting if order.method.is_shown() && order.qr.is_none() => {
            Round::Undone("asked: never shown")
        }
        Seen::NotFound if accepted => {
            let left = age.map_or(0, |age| may_arrive_ms(order.method).saturating_sub(age));
            if left <= 0 {
                Round::Undone("taken back, asked: no such order")
            } else {
                // The submission may still be on its way.
                Round::Again(left.min(REFUND_EVERY))
            }
        }
        Seen::Paid(_) if order.method.is_shown() => Round::Refund,
        Seen::Paid(_) if is_refused(done) => match done.code() {
            Some(Code::Wire(_, code)) if code == "TRADE_ERROR" => {
                Round::Stuck(LocalCode::RefundStuck.into())
            }
            _ => Round::Refund,
        },
        Seen::Paid(_) | Seen::Returned | Seen::NotFound => Round::Later,
        Seen::Waiting | Seen::Failed => Round::Again(QUESTION_EVERY),
    }
}

/// What a refund and its question prove.
fn refunded(done: &Said, seen: Option<&Said>) -> Round {
    match seen.unwrap_or(done).fact() {
        Some(Fact::Back(Back::Done)) => Round::Undone("refunded"),
        Some(Fact::Back(Back::Stuck)) => Round::Stuck(LocalCode::RefundStuck.into()),
        Some(Fact::Back(Back::UnderWay | Back::Taken)) => Round::Again(REFUND_EVERY),
        _ if is_refused(done) => Round::Stuck(LocalCode::RefundStuck.into()),
        _ => Round::Later,
    }
}
