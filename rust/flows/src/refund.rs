//! A card refund (退货): a notice with the card read. Without a proven answer it is never sent
//! again and never reversed; only a late answer or the acquirer's statement closes it.

use pos_channels::unionpay::{Kind, financial};
use pos_domain::status::{AttemptState, ObligationStatus};
use pos_domain::{
    Amount, CardInput, Code, Entry, Id, LocalCode, OriginalKind, Rail, SaleStatus, UndoKind,
    UndoStatus,
};
use pos_ledger::{AnswerFacts, NewOriginal, NewUndo, Original, Query, Tx};

use crate::deliver::is_waiting;
use crate::desk::{Desk, packing_code, state};
use crate::error::{FlowError, refuse};
use crate::gate::Gate;
use crate::intent::Sending;
use crate::judge::{Judged, judge};
use crate::original::{account_of, related_to};
use crate::sign_in::note_host;
use crate::transmit::{Heard, keep_others, log_exchange};
use crate::undo::{delivered, made_before, record_undo};
use crate::void::{Recorded, Voided};

/// Which sale a refund gives back.
#[derive(Clone, Debug)]
pub enum RefundOf<'a> {
    /// A sale of this ledger.
    Sale(&'a Id),
    /// A sale by the host's reference and date, perhaps of another ledger.
    Reference {
        /// Field 37 of the sale's answer, twelve characters.
        reference: &'a str,
        /// Its date, MMDD.
        date: &'a str,
        /// What the sale was for; none takes the refund's own amount.
        of: Option<Amount>,
    },
}

/// What the person at the counter asks for.
#[derive(Clone, Debug)]
pub struct RefundRequest<'a> {
    /// Of which sale.
    pub of: RefundOf<'a>,
    /// How much.
    pub amount: Amount,
    /// The card as presented.
    pub card: &'a CardInput,
    /// Why, in the counter's words.
    pub reason: Option<&'a str>,
    /// The caller's own identifier of the command.
    pub request: Option<&'a str>,
}

impl Desk {
    /// Gives money back by card, and waits for what becomes of it.
    ///
    /// # Errors
    /// Those of the ledger and of `consent`; nothing was recorded then.
    pub async fn refund(
        &self,
        who: &str,
        asked: &RefundRequest<'_>,
        consent: impl FnOnce(&Tx<'_>, &Original, &Id) -> Result<(), FlowError>,
    ) -> Result<Voided, FlowError> {
        let recorded = self.record_refund(who, asked, consent);
        delivered(recorded, |id| async move {
            self.deliver_refund(who, &id, asked.card).await
        })
        .await
    }

    /// Records a refund without sending anything yet.
    ///
    /// # Errors
    /// [`FlowError::Refused`] when a local rule forbids it; nothing was recorded then.
    pub fn record_refund(
        &self,
        who: &str,
        asked: &RefundRequest<'_>,
        consent: impl FnOnce(&Tx<'_>, &Original, &Id) -> Result<(), FlowError>,
    ) -> Result<Recorded, FlowError> {
        self.write(who, |tx| {
            if let Some(made) = made_before(tx.query(), asked.request)? {
                return Ok(made);
            }
            let original = self.refunded(tx, asked)?;
            let follows = refund_rules(tx.query(), &original, asked)?;
            let id = tx.new_id('F')?;
            let undo = NewUndo {
                id: &id,
                original: &original.id,
                kind: UndoKind::Refund,
                amount: asked.amount,
                status: UndoStatus::Queued,
                code: None,
                reason: asked.reason,
                follows: follows.as_ref(),
                request: asked.request,
            };
            record_undo(tx, &original, &undo, true, consent)
        })
    }

    /// The most that a refund of `sale` can give back, minor units, decided now; changes nothing.
    ///
    /// # Errors
    /// [`FlowError::Refused`] when nothing can be given back, with the reason.
    pub fn refund_room(&self, sale: &Id) -> Result<i64, FlowError> {
        self.ledger
            .read(|query| refund_room(query, &query.original(sale)?))
    }

    /// The original that a refund is of: by reference, first matched to the ledger; one that
    /// matches nothing gets a row of its own, under the same rule.
    fn refunded(&self, tx: &Tx<'_>, asked: &RefundRequest<'_>) -> Result<Original, FlowError> {
        let query = tx.query();
        let (reference, date, of) = match asked.of {
            RefundOf::Sale(id) => return Ok(query.original(id)?),
            RefundOf::Reference {
                reference,
                date,
                of,
            } => (reference, date, of),
        };
        let known = query.original_by_reference(reference)?;
        if let Some(known) = known.filter(|k| k.facts.host_date.as_deref() == Some(date)) {
            return Ok(known);
        }
        let (id, account, batch) = (tx.new_id('S')?, account_of(asked.card), query.batch()?);
        tx.insert_original(&NewOriginal {
            id: &id,
            kind: OriginalKind::Unmatched,
            rail: Rail::UnionPay,
            amount: of.unwrap_or(asked.amount),
            entry: asked.card.entry,
            account: Some(&account),
            batch: &batch,
            trace: None,
            terminal: &self.rules.identity.terminal,
            merchant: &self.rules.identity.merchant,
            status: SaleStatus::Approved,
            code: None,
            parent: None,
            deadline: None,
            request: None,
        })?;
        tx.set_answer_facts(
            &id,
            &AnswerFacts {
                reference: Some(reference.to_owned()),
                host_date: Some(date.to_owned()),
                ..AnswerFacts::default()
            },
        )?;
        Ok(query.original(&id)?)
    }

    /// Sends a recorded refund once with its card, after what must go first.
    ///
    /// # Errors
    /// Those of the ledger.
    pub async fn deliver_refund(
        &self,
        who: &str,
        undo: &Id,
        card: &CardInput,
    ) -> Result<(), FlowError> {
        self.send_refund(who, undo, |tx| self.intend_refund(tx, undo, card))
            .await
    }

    /// Sends a recorded refund once, as `intend` makes it, after what must go first.
    pub(crate) async fn send_refund(
        &self,
        who: &str,
        undo: &Id,
        intend: impl FnOnce(&Tx<'_>) -> Result<Sending, FlowError>,
    ) -> Result<(), FlowError> {
        if let Gate::Blocked(code) = self.gate(who).await? {
            return self.refund_waits(who, undo, &code);
        }
        self.reserve_traces()?;
        let sending = match self.write(who, intend) {
            Ok(sending) => sending,
            Err(FlowError::Draft(error)) => {
                return self.refund_waits(who, undo, &packing_code(&error).into());
            }
            Err(FlowError::Refused(_)) => return Ok(()),
            Err(error) => return Err(error),
        };
        let heard = self.transmit(&sending.frame, &sending.expected).await;
        log_exchange("refund", undo, &heard.told);
        self.settle_refund(who, undo, &sending, heard)
    }

    /// Nothing was sent: the refund waits, for its card to be read again where it has one.
    fn refund_waits(&self, who: &str, undo: &Id, code: &Code) -> Result<(), FlowError> {
        self.write(who, |tx| {
            if !is_waiting(tx, undo)? {
                return Ok(());
            }
            tx.set_undo_status(undo, waits_as(tx, undo)?, Some(code))?;
            self.note_unanswered(tx, undo, code)
        })
    }

    fn intend_refund(
        &self,
        tx: &Tx<'_>,
        undo: &Id,
        card: &CardInput,
    ) -> Result<Sending, FlowError> {
        let query = tx.query();
        let refund = query.undo(undo)?;
        if !is_waiting(tx, undo)? {
            return refuse(LocalCode::NotInThisState);
        }
        let original = query.original(&refund.original)?;
        let (trace, batch) = (tx.next_trace()?, query.batch()?);
        let related = related_to(&original);
        let mut draft = financial(
            &self.rules.identity,
            Kind::Refund,
            refund.amount,
            &trace,
            &batch,
            card,
            Some(&related),
        );
        if let Some(organisation) = &original.facts.card_org {
            // The sale's own (63.1); without one it is a domestic card.
            draft.message.fields.set(63, organisation);
        }
        let place = (trace.as_str(), batch.as_str());
        let of = Some(&original.id);
        let sending = self.commit_attempt(tx, "refund", of, Some(undo), &draft, place)?;
        tx.set_undo_status(undo, UndoStatus::Sending, None)?;
        Ok(sending)
    }

    fn settle_refund(
        &self,
        who: &str,
        undo: &Id,
        sending: &Sending,
        heard: Heard,
    ) -> Result<(), FlowError> {
        let judged = judge(Kind::Refund, heard.told);
        let code = judged.code();
        let code = code.as_ref();
        let attempt = &sending.attempt;
        self.write(who, |tx| {
            keep_others(self, tx, &heard.others)?;
            if let Some(reason) = judged.sign_in_reason() {
                tx.set_setting(state::SIGN_IN_NEEDED, reason)?;
            }
            match &judged {
                Judged::NotSent(net) => {
                    tx.close_attempt(attempt, AttemptState::NotSent, code, None)?;
                    tx.set_undo_status(undo, waits_as(tx, undo)?, code)?;
                    self.note_unanswered(tx, undo, &(*net).into())
                }
                Judged::Approved(answer) => {
                    tx.close_attempt(attempt, AttemptState::Answered, code, Some(&answer.stored))?;
                    note_host(tx, answer)?;
                    tx.set_undo_status(undo, UndoStatus::Refunded, code)?;
                    Ok(tx.close_obligation(undo, &format!("answered {}", answer.code))?)
                }
                Judged::Curable(..) => {
                    tx.close_attempt(attempt, AttemptState::Answered, code, None)?;
                    Ok(tx.set_undo_status(undo, waits_as(tx, undo)?, code)?)
                }
                Judged::Declined(_) | Judged::TooLate(_) => {
                    tx.close_attempt(attempt, AttemptState::Answered, code, None)?;
                    tx.set_undo_status(undo, UndoStatus::Refused, code)?;
                    Ok(tx.close_obligation(undo, "declined")?)
                }
                Judged::Unproven(..) | Judged::NeedsHistory(_) => {
                    refund_unproven(tx, undo, attempt, code)
                }
            }
        })
    }

    /// A checked answer that came late settles the refund that it answers, once.
    pub(crate) fn settle_late_refund(
        &self,
        tx: &Tx<'_>,
        attempt: &pos_ledger::Attempt,
        answer_code: &str,
    ) -> Result<(), FlowError> {
        let Some(undo) = &attempt.undo else {
            return Ok(());
        };
        let open = tx.query().undo(undo)?.status == UndoStatus::Unknown;
        if attempt.purpose != "refund" || !open {
            return Ok(());
        }
        let code = Code::Wire(Rail::UnionPay, answer_code.to_owned());
        let status = match pos_diagnosis::verdict_in(answer_code, pos_diagnosis::Situation::Refund)
        {
            pos_diagnosis::Verdict::Approved => UndoStatus::Refunded,
            pos_diagnosis::Verdict::Declined | pos_diagnosis::Verdict::TooLate => {
                UndoStatus::Refused
            }
            _ => return Ok(()),
        };
        tx.close_attempt(&attempt.id, AttemptState::Answered, Some(&code), None)?;
        tx.set_undo_status(undo, status, Some(&code))?;
        Ok(tx.close_obligation(undo, &format!("answered late {answer_code}"))?)
    }
}

/// Where a refund waits that was not sent or not taken: for its card, where it was paid by card.
fn waits_as(tx: &Tx<'_>, undo: &Id) -> Result<UndoStatus, FlowError> {
    Ok(if tx.query().undo(undo)?.needs_card {
        UndoStatus::NeedsCard
    } else {
        UndoStatus::Queued
    })
}

/// Never sent again, never reversed: its amount stays reserved until there is proof.
pub(crate) fn refund_unproven(
    tx: &Tx<'_>,
    undo: &Id,
    attempt: &Id,
    code: Option<&Code>,
) -> Result<(), FlowError> {
    tx.close_attempt(attempt, AttemptState::NoAnswer, code, None)?;
    if pos_domain::planted!(ResendCardRefund) {
        return Ok(tx.set_undo_status(undo, UndoStatus::NeedsCard, code)?);
    }
    tx.set_undo_status(undo, UndoStatus::Unknown, code)?;
    Ok(tx.set_obligation_status(undo, ObligationStatus::Escalated, code)?)
}

/// The most that can still be given back of a sale, minor units, whatever the card.
pub(crate) fn refund_room(query: Query<'_>, original: &Original) -> Result<i64, FlowError> {
    match original.status {
        SaleStatus::Approved => {}
        SaleStatus::Unknown | SaleStatus::Sending => return refuse(LocalCode::SaleUnknown),
        _ => return refuse(LocalCode::NothingToUndo),
    }
    let undos = query.undos_of(&original.id)?;
    if undos.iter().any(|undo| undo.status.is_open()) {
        return refuse(LocalCode::UndoInProgress);
    }
    match query.remaining(&original.id)? {
        0 => refuse(LocalCode::AlreadyUndone),
        left => Ok(left),
    }
}

/// The rules that refuse a refund before anything is recorded; gives the void that it follows.
fn refund_rules(
    query: Query<'_>,
    original: &Original,
    asked: &RefundRequest<'_>,
) -> Result<Option<Id>, FlowError> {
    let left = refund_room(query, original)?;
    if asked.amount.minor() > left {
        return refuse(LocalCode::OverRemaining);
    }
    if asked.card.entry == Entry::Manual && asked.card.track2.is_none() {
        return refuse(LocalCode::CardNeeded);
    }
    if original.card_mask.is_some() && !query.is_card_of(&original.id, &asked.card.pan)? {
        return refuse(LocalCode::OtherCard);
    }
    let offered = query
        .undos_of(&original.id)?
        .into_iter()
        .rfind(|undo| undo.status == UndoStatus::RefundOffered);
    Ok(offered.map(|undo| undo.id))
}
