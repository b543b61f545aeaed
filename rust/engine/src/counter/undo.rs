//! Taking a sale back, and the way of an undo.

use pos_diagnosis::Situation;
use pos_domain::status::AttemptState;
use pos_domain::{Code, Id, LocalCode, ObligationKind, ObligationStatus, UndoStatus};
use pos_ledger::{Attempt, LedgerError, Obligation, Undo as Row};

use super::owed::why_of;
use super::people::approving;
use super::reader::{Reader, deadline, leaves_refund};
use super::shapes::{
    Consent, Consequences, OwedAction, Step, StepKind, StepState, Undo, UndoReason, VoidPreview,
    Why,
};
use super::{CardRead, Counter, Failure, VoidRequest, id};
use crate::terminal::{EngineError, UndoReport, UndoRequest};

/// What a refund of a card sale means: the card is read again, the money takes days.
pub(super) const REFUND: Consequences = Consequences {
    days_from: 1,
    days_to: 7,
    fee_may_stay: true,
    needs_card: true,
    needs_pin: false,
    by_refund: false,
};

/// What a refund by a wallet means: it comes at once, without the customer.
pub(super) const WALLET_REFUND: Consequences = Consequences {
    days_from: 0,
    days_to: 0,
    fee_may_stay: false,
    needs_card: false,
    needs_pin: false,
    by_refund: true,
};

impl Counter {
    /// What a void would do and need, decided now. Changes nothing.
    ///
    /// # Errors
    /// [`Failure::NotFound`].
    pub fn preview_void(&self, sale: &str) -> Result<VoidPreview, Failure> {
        let sale = id(sale)?;
        self.ask(Situation::Void, |reader| reader.preview_void(&sale))
    }

    /// Records a void, so that it is owed, and sends it as a job of the engine.
    ///
    /// # Errors
    /// [`Failure::WrongPin`] of who consents; [`Failure::Refused`] when a rule forbids it.
    pub fn void(&self, asked: &VoidRequest) -> Result<Undo, Failure> {
        let (who, sale) = (self.who()?, id(&asked.sale)?);
        if let Some(made) = self.undone_before(asked.card.as_ref(), &asked.request)? {
            return Ok(made);
        }
        let amount = || Ok(self.sale(&asked.sale)?.amount);
        let read = |card: &CardRead| self.card(card, Situation::Void, amount);
        let request = UndoRequest {
            card: asked.card.as_ref().map(read).transpose()?,
            reason: Some(asked.reason.as_str().to_owned()),
            request: Some(asked.request.clone()),
            approving: approving(asked.approval.as_ref()),
        };
        let opened = self.opened()?;
        let made = opened.terminal.start_void(&who, &sale, request);
        let approval = asked.approval.as_ref();
        let made = made.map_err(|e| self.consent_failure(e, Situation::Void, approval))?;
        self.ask(Situation::Void, |reader| reader.undo_of(&made))
    }

    /// One undo.
    ///
    /// # Errors
    /// [`Failure::NotFound`].
    pub fn undo(&self, undo: &str) -> Result<Undo, Failure> {
        let undo = id(undo)?;
        self.ask(Situation::Void, |reader| reader.undo_of(&undo))
    }

    /// The undo that a request made; none when it never was committed.
    ///
    /// # Errors
    /// Those of the ledger.
    pub fn undo_of_request(&self, request: &str) -> Result<Option<Undo>, Failure> {
        self.ask(Situation::Void, |reader| {
            let ledger = reader.terminal.ledger();
            let made = ledger.read(|query| query.undo_of_request(request))?;
            made.map(|made| reader.undo_of(&made.id)).transpose()
        })
    }

    /// The undo that a request made before, where its card is not there a second time.
    pub(super) fn undone_before(
        &self,
        card: Option<&CardRead>,
        request: &str,
    ) -> Result<Option<Undo>, Failure> {
        match card {
            Some(CardRead::Held { .. }) => self.undo_of_request(request),
            _ => Ok(None),
        }
    }

    /// Presents the card that a void waits for; the attempt is a job of the engine.
    ///
    /// # Errors
    /// [`Failure::Refused`] for another card, or a void that waits for none.
    pub fn present_card(&self, undo: &str, card: &CardRead) -> Result<Undo, Failure> {
        let (who, undo) = (self.who()?, id(undo)?);
        let amount = || Ok(self.undo(undo.as_str())?.amount);
        let card = self.card(card, Situation::Void, amount)?;
        self.ask(Situation::Void, |reader| {
            reader.terminal.start_present_card(&who, &undo, card)?;
            reader.undo_of(&undo)
        })
    }
}

impl Reader<'_> {
    fn preview_void(&self, sale: &Id) -> Result<VoidPreview, EngineError> {
        let preview = self.terminal.preview_void(sale, self.lang)?;
        let above = self.approval_limit()?;
        let refund_instead = preview
            .refusal
            .as_ref()
            .is_some_and(|(code, _)| leaves_refund(code));
        let habits = self.terminal.void_habits();
        Ok(VoidPreview {
            sale: self.sale_of(sale)?,
            deadline: preview.deadline.as_ref().map(deadline),
            consequences: Consequences {
                days_from: 0,
                days_to: 0,
                fee_may_stay: false,
                needs_card: preview.needs_card,
                needs_pin: preview.needs_card && habits.is_some_and(|habits| habits.needs_pin),
                by_refund: preview.by_refund,
            },
            consent: if preview.needs_approval {
                Consent::Supervisor { above }
            } else {
                Consent::Nobody
            },
            blocked: preview.refusal.map(|(_, explanation)| explanation),
            refund_instead,
        })
    }

    /// Above which amount a void needs a supervisor; none: always.
    fn approval_limit(&self) -> Result<Option<i64>, EngineError> {
        let ledger = self.terminal.ledger();
        let over = ledger.read(|query| query.setting("void_approval_over"))?;
        Ok(over.and_then(|text| text.parse().ok()))
    }

    pub(super) fn undo_of(&self, id: &Id) -> Result<Undo, EngineError> {
        let report = self.terminal.undo_report(id, self.lang)?;
        let ledger = self.terminal.ledger();
        let attempts = ledger.read(|query| query.attempts_at(id))?;
        let last_change = ledger.read(|query| query.events_of(id.as_str()))?;
        let ended = last_change.last().map(|event| event.created);
        let owed = ledger.read(|query| {
            let owed = query.obligations_of(&query.undo(id)?.original)?;
            Ok::<_, LedgerError>(owed)
        })?;
        self.shape_undo(report, &attempts, &owed, ended)
    }

    fn shape_undo(
        &self,
        report: UndoReport,
        attempts: &[Attempt],
        owed: &[Obligation],
        ended: Option<i64>,
    ) -> Result<Undo, EngineError> {
        let Some(row) = report.undo.clone() else {
            return Err(EngineError::Refused(LocalCode::NotFound.into()));
        };
        let why = why_of(report.status.as_str(), report.code.as_ref());
        let own = || attempts.iter().filter(|attempt| is_own(attempt));
        let newest = own().next_back();
        let under_way = attempts
            .iter()
            .rfind(|attempt| attempt.state == AttemptState::Intended);
        let sale = report.sale.original.id.clone();
        let proven = !self
            .terminal
            .ledger()
            .read(|query| query.has_unproven_attempt(&row.id))?;
        Ok(Undo {
            id: row.id.to_string(),
            kind: row.kind,
            status: report.status,
            sale: self.sale_of(&sale)?,
            amount: row.amount.minor(),
            reason: reason(&row),
            recorded_at: row.created.0,
            deadline: report.deadline.as_ref().map(deadline),
            steps: steps(&row, report.status, attempts, why, ended),
            attempts: u32::try_from(own().count()).unwrap_or(u32::MAX),
            next_try: self.next_try(&row.id, owed),
            waiting: under_way.map(|attempt| self.waiting_since(attempt.created.0)),
            trace: newest.map(|attempt| attempt.trace.clone()),
            code: report.code.as_ref().map(Code::to_string),
            explanation: report.explanation,
            refund: (report.status == UndoStatus::RefundOffered).then_some(REFUND),
            actions: actions(report.status, proven),
        })
    }

    /// Time until the next try of an undo or of the reversal before it.
    fn next_try(&self, undo: &Id, owed: &[Obligation]) -> Option<i64> {
        let now = self.terminal.now();
        owed.iter()
            .filter(|o| o.undo.as_ref() == Some(undo) && o.status == ObligationStatus::Owed)
            .filter(|o| o.kind != ObligationKind::Confirmation)
            .map(|o| o.next_try_at(&now).0.saturating_sub(now.wall.0))
            .max()
    }
}

/// Whether an attempt is at the undo itself and left the terminal.
fn is_own(attempt: &Attempt) -> bool {
    attempt.purpose != "reversal" && attempt.state != AttemptState::NotSent
}

fn reason(row: &Row) -> UndoReason {
    let text = row.reason.as_deref().unwrap_or_default();
    text.parse().unwrap_or(UndoReason::Other)
}

/// What a person may do with an undo. `proven`: every attempt is proven undone.
pub(super) fn actions(status: UndoStatus, proven: bool) -> Vec<OwedAction> {
    let mut may = match status {
        UndoStatus::Queued => vec![OwedAction::RetryNow, OwedAction::Hold],
        UndoStatus::NeedsCard => vec![OwedAction::Hold],
        UndoStatus::OnHold => vec![OwedAction::Release],
        UndoStatus::Unknown => vec![OwedAction::RetryNow, OwedAction::Escalate],
        _ => Vec::new(),
    };
    let waits = matches!(
        status,
        UndoStatus::Queued | UndoStatus::NeedsCard | UndoStatus::OnHold
    );
    if waits && proven {
        may.push(OwedAction::Withdraw);
    }
    may
}

fn steps(
    row: &Row,
    status: UndoStatus,
    attempts: &[Attempt],
    why: Why,
    ended: Option<i64>,
) -> Vec<Step> {
    let mut steps = vec![Step {
        kind: StepKind::Recorded,
        state: StepState::Done,
        at: Some(row.created.0),
        trace: None,
        attempt: 0,
        operator: Some(row.operator.clone()),
    }];
    let mut number = 0;
    for attempt in attempts {
        steps.extend(sent_step(attempt, &mut number));
    }
    let under_way = steps.iter().any(|step| step.state == StepState::Now);
    let send = if number == 0 {
        StepKind::Send
    } else {
        StepKind::SendAgain
    };
    let (now, later) = ahead(status, why, send);
    steps.extend(
        now.filter(|_| !under_way)
            .map(|kind| plain(kind, StepState::Now)),
    );
    steps.extend(later.iter().map(|kind| plain(*kind, StepState::Later)));
    let end = match status {
        UndoStatus::Voided | UndoStatus::Refunded => Some((StepKind::Confirm, StepState::Done)),
        UndoStatus::Refused | UndoStatus::RefundOffered => {
            Some((StepKind::Refused, StepState::Failed))
        }
        UndoStatus::Withdrawn => Some((StepKind::Withdrawn, StepState::Done)),
        _ => None,
    };
    steps.extend(end.map(|(kind, state)| Step {
        at: ended,
        ..plain(kind, state)
    }));
    steps
}

const fn plain(kind: StepKind, state: StepState) -> Step {
    Step {
        kind,
        state,
        at: None,
        trace: None,
        attempt: 0,
        operator: None,
    }
}

/// The step of a message that left the terminal; none for one that did not.
fn sent_step(attempt: &Attempt, number: &mut u32) -> Option<Step> {
    let kind = match (attempt.purpose.as_str(), *number) {
        _ if attempt.state == AttemptState::NotSent => return None,
        ("reversal", _) => StepKind::Reverse,
        (_, 0) => StepKind::Send,
        _ => StepKind::SendAgain,
    };
    if kind != StepKind::Reverse {
        *number = number.saturating_add(1);
    }
    Some(Step {
        at: Some(attempt.created.0),
        trace: Some(attempt.trace.clone()),
        attempt: *number,
        ..plain(
            kind,
            match attempt.state {
                AttemptState::Intended => StepState::Now,
                AttemptState::Answered => StepState::Done,
                _ => StepState::Failed,
            },
        )
    })
}

/// What happens now and what is still to come.
fn ahead(status: UndoStatus, why: Why, send: StepKind) -> (Option<StepKind>, Vec<StepKind>) {
    let waits = match status {
        UndoStatus::Queued if why == Why::Network => StepKind::WaitNetwork,
        UndoStatus::Queued => StepKind::WaitTurn,
        UndoStatus::NeedsCard => StepKind::WaitCard,
        UndoStatus::OnHold => StepKind::Held,
        UndoStatus::Unknown if why == Why::SaleUnknown => StepKind::WaitSale,
        UndoStatus::Unknown | UndoStatus::Escalated => {
            let later = vec![StepKind::SendAgain, StepKind::Confirm];
            return (Some(StepKind::Reverse), later);
        }
        UndoStatus::Sending => return (Some(send), vec![StepKind::Confirm]),
        _ => return (None, Vec::new()),
    };
    (Some(waits), vec![send, StepKind::Confirm])
}
