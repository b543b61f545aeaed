//! An order whose outcome is unknown: one question at a time, and what each answer leads to.

use std::time::Duration;

use pos_channels::wallet::Checked;
use pos_domain::status::{ObligationKind, ObligationStatus};
use pos_domain::{Code, Id, LocalCode, Moment, SaleStatus, ToldUnpaid, UndoStatus};
use pos_ledger::{AnswerFacts, Obligation, Original, Tx, WebOrder};

use super::exchange::Said;
use super::rail::{Ask, Fact, Payment, Seen};
use super::rules::{
    DECIDE_BEFORE, QUESTION_EVERY, WINDOW_SLACK, revoke_window_ms, take_back_after_ms, window_ms,
};
use super::till::{Till, subject_of, trusted};
use crate::backoff;
use crate::error::FlowError;

/// What closes an obligation that another one took over.
const SUPERSEDED: &str = "superseded";

/// When there is something to do next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// Not before this time has passed.
    After(Duration),
    /// The order is proven either way, or only a person can go on.
    Ended,
}

/// What is owed for an unknown order and when.
enum Due {
    Now(Box<(Original, WebOrder, Obligation)>),
    Later(Next),
}

/// Milliseconds until a take-back may be called, however much somebody wants it now.
fn too_early_ms(order: &WebOrder, now: &Moment) -> i64 {
    let earliest = take_back_after_ms(order.method);
    let age = order.age_ms(now).unwrap_or(earliest);
    earliest.saturating_sub(age).max(0)
}

impl Till {
    /// Does what is due for an unknown order: one question, or one call to take it back and its
    /// question. What the counter has to be told is committed, and the next step is due after that.
    ///
    /// # Errors
    /// Those of the ledger; [`FlowError::Refused`] for an order that does not go over the web.
    pub async fn step(&self, who: &str, sale: &Id) -> Result<Next, FlowError> {
        let (original, order, owed) = match self.due(sale)? {
            Due::Now(due) => *due,
            Due::Later(next) => return Ok(next),
        };
        if owed.kind == ObligationKind::Revoke {
            self.take_back_once(who, &original, &order, &owed).await?;
        } else if self.is_near_the_end(&order)? {
            self.write(who, |tx| self.begin_take_back(tx, &original))?;
        } else {
            self.ask_once(who, &original, &order, &owed).await?;
        }
        Ok(match self.due(sale)? {
            Due::Now(_) => Next::After(Duration::ZERO),
            Due::Later(next) => next,
        })
    }

    fn due(&self, sale: &Id) -> Result<Due, FlowError> {
        if self.is_restored()? {
            return Ok(Due::Later(Next::Ended));
        }
        let now = self.now();
        self.ledger.read(|query| {
            let (original, order) = Self::order(query, sale)?;
            if original.status != SaleStatus::Unknown {
                return Ok(Due::Later(Next::Ended));
            }
            for kind in [ObligationKind::Query, ObligationKind::Revoke] {
                let Some(owed) = query.web_obligation(sale, kind)? else {
                    continue;
                };
                if owed.status != ObligationStatus::Owed {
                    continue;
                }
                let too_early = match kind {
                    ObligationKind::Revoke => too_early_ms(&order, &now),
                    _ => 0,
                };
                if owed.is_due(&now) && too_early == 0 {
                    return Ok(Due::Now(Box::new((original, order, owed))));
                }
                let wait = owed.next_try_at(&now).0.saturating_sub(now.wall.0);
                let wait = wait.max(too_early);
                let wait = Duration::from_millis(u64::try_from(wait).unwrap_or(0));
                return Ok(Due::Later(Next::After(wait)));
            }
            Ok(Due::Later(Next::Ended))
        })
    }

    /// Whether nobody decided and the time in which it can be taken back is nearly over.
    fn is_near_the_end(&self, order: &WebOrder) -> Result<bool, FlowError> {
        let now = self.now();
        let limit = revoke_window_ms(order.method).saturating_sub(DECIDE_BEFORE);
        if order.age_ms(&now).is_some_and(|age| age >= limit) {
            return Ok(true);
        }
        let trusted = self.read(|query| trusted(query, &now))?;
        let last = order.revoke_until.0.saturating_sub(DECIDE_BEFORE);
        Ok(trusted.is_some_and(|now| now.0 >= last))
    }

    async fn ask_once(
        &self,
        who: &str,
        original: &Original,
        order: &WebOrder,
        owed: &Obligation,
    ) -> Result<(), FlowError> {
        let wire = self.wire(order)?;
        let subject = subject_of(original)?;
        let call = self.build(wire.as_ref(), &subject, Ask::Query)?;
        let age = order.age_ms(&self.now());
        let attempt = self.write(who, |tx| {
            Self::intend(tx, &call, &subject, &original.id, None)
        })?;
        let said = self.make(wire.as_ref(), &subject, &call, true).await;
        self.write(who, |tx| {
            Self::close(tx, &attempt, &said)?;
            // The counter may have decided while the question was on its way.
            let (original, order) = Self::order(tx.query(), &original.id)?;
            if original.status != SaleStatus::Unknown || order.told == ToldUnpaid::NotPaid {
                return Ok(());
            }
            self.settle_question(tx, &original, &order, owed, age, &said)
        })
    }

    /// Commits what an answer about an unknown order leads to. `age` is the order's age when it was
    /// asked, none after a reboot.
    fn settle_question(
        &self,
        tx: &Tx<'_>,
        original: &Original,
        order: &WebOrder,
        owed: &Obligation,
        age: Option<i64>,
        said: &Said,
    ) -> Result<(), FlowError> {
        let code = said.code();
        let Said::Answered(Checked::Yes(Fact::Seen(seen)), _) = said else {
            let in_window = age.is_some_and(|age| age < window_ms(order.method));
            return self.note_question(tx, owed, code.as_ref(), said.is_answered(), in_window);
        };
        let window = window_ms(order.method);
        let on_time = age.is_some_and(|age| age < window.saturating_add(WINDOW_SLACK));
        let is_over = age.is_none_or(|age| age >= window);
        match (seen, order.told) {
            (Seen::Paid(payment), ToldUnpaid::HandedOver) => {
                self.paid(tx, &original.id, payment, None)
            }
            (Seen::Paid(payment), ToldUnpaid::Waiting) if on_time => {
                self.paid(tx, &original.id, payment, None)
            }
            (Seen::Paid(payment), _) => self.ask_the_counter(tx, order, owed, payment),
            (Seen::Waiting | Seen::NotFound, ToldUnpaid::HandedOver) => {
                self.note_question(tx, owed, None, true, false)
            }
            (Seen::Waiting | Seen::NotFound, _) if !is_over => {
                self.note_question(tx, owed, None, true, true)
            }
            // Also after a payment that was seen before: nothing says any more that it stands.
            (Seen::Waiting | Seen::NotFound | Seen::Failed, _) => {
                self.begin_take_back(tx, original)
            }
            (Seen::Closed | Seen::Revoked, _) => {
                tx.note_try(&owed.id, None, true, 0)?;
                self.end(
                    tx,
                    &original.id,
                    SaleStatus::Declined,
                    None,
                    "closed unpaid",
                )
            }
            (Seen::Returned, _) => {
                let code = Code::from(LocalCode::ReturnedElsewhere);
                tx.note_try(&owed.id, Some(&code), true, 0)?;
                tx.set_original_status(&original.id, SaleStatus::Unknown, Some(&code))?;
                Ok(tx.set_obligation_status(&owed.id, ObligationStatus::Escalated, Some(&code))?)
            }
        }
    }

    /// Notes one question that settled nothing.
    fn note_question(
        &self,
        tx: &Tx<'_>,
        owed: &Obligation,
        code: Option<&Code>,
        answered: bool,
        in_window: bool,
    ) -> Result<(), FlowError> {
        if in_window {
            return Ok(tx.note_try(&owed.id, code, answered, QUESTION_EVERY)?);
        }
        self.note_and_wait(tx, owed, code, answered)
    }

    /// Notes a try that settled nothing: the next one waits longer, and none is the last.
    pub(super) fn note_and_wait(
        &self,
        tx: &Tx<'_>,
        owed: &Obligation,
        code: Option<&Code>,
        answered: bool,
    ) -> Result<(), FlowError> {
        let tries = owed.tries.saturating_add(1);
        if tries < self.rules.resend_limit {
            return Ok(tx.note_try(&owed.id, code, answered, backoff::within_round(tries))?);
        }
        let rounds = owed.rounds.saturating_add(1);
        tx.note_try(&owed.id, code, answered, backoff::between_rounds(rounds))?;
        Ok(tx.new_round(&owed.id)?)
    }

    /// The customer paid while nobody could be told: the counter has to say what holds.
    fn ask_the_counter(
        &self,
        tx: &Tx<'_>,
        order: &WebOrder,
        owed: &Obligation,
        payment: &Payment,
    ) -> Result<(), FlowError> {
        let code = Code::from(LocalCode::PaidLate);
        let id = &order.original;
        tx.set_web_payment(id, payment.number.as_deref(), payment.at.as_deref())?;
        tx.tell(id, ToldUnpaid::Ask)?;
        tx.set_original_status(id, SaleStatus::Unknown, Some(&code))?;
        // Nobody answers by machine: the next look is when time runs short.
        let now = self.best_time(tx.query())?;
        let last = order.revoke_until.0.saturating_sub(DECIDE_BEFORE);
        tx.note_try(
            &owed.id,
            Some(&code),
            true,
            last.saturating_sub(now.0).max(0),
        )?;
        Ok(())
    }

    /// The money is taken, and that stands.
    pub(super) fn paid(
        &self,
        tx: &Tx<'_>,
        id: &Id,
        payment: &Payment,
        code: Option<&Code>,
    ) -> Result<(), FlowError> {
        let (original, order) = Self::order(tx.query(), id)?;
        tx.set_web_payment(id, payment.number.as_deref(), payment.at.as_deref())?;
        let days = self.rails.refund_days(original.rail);
        let now = self.best_time(tx.query())?;
        // Counted from the submission, which was not after the payment.
        let age = order.age_ms(&tx.stamp().at);
        let submitted = age.map(|age| now.plus(age.saturating_neg()));
        let deadline = submitted.map(|at| self.rules.void_until(order.method, days, at));
        tx.set_answer_facts(
            id,
            &AnswerFacts {
                reference: payment.number.clone(),
                deadline,
                ..AnswerFacts::default()
            },
        )?;
        self.end(tx, id, SaleStatus::Approved, code, "paid")
    }

    /// An order is proven either way: nothing is owed for it any more, and a void that waited for
    /// it goes on or is done.
    pub(super) fn end(
        &self,
        tx: &Tx<'_>,
        id: &Id,
        status: SaleStatus,
        code: Option<&Code>,
        proof: &str,
    ) -> Result<(), FlowError> {
        tx.set_original_status(id, status, code)?;
        for owed in tx.query().obligations_of(id)? {
            let kinds = [ObligationKind::Query, ObligationKind::Revoke];
            if owed.undo.is_none() && kinds.contains(&owed.kind) {
                let proof = match owed.status {
                    ObligationStatus::Armed if owed.attempts > 0 => SUPERSEDED,
                    _ => proof,
                };
                tx.close_obligation(&owed.id, proof)?;
            }
        }
        let stands = status == SaleStatus::Approved;
        for undo in tx.query().undos_of(id)? {
            if undo.status != UndoStatus::Unknown {
                continue;
            }
            if stands {
                let waiting = LocalCode::Waiting.into();
                tx.set_undo_status(&undo.id, UndoStatus::Queued, Some(&waiting))?;
            } else {
                tx.set_undo_status(&undo.id, UndoStatus::Voided, None)?;
                tx.close_obligation(&undo.id, "the sale itself is proven undone")?;
            }
        }
        Ok(())
    }
}
