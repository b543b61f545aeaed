//! A sale with all that happened to it.

use pos_diagnosis::Situation;
use pos_domain::status::AttemptState;
use pos_domain::{Id, ObligationKind};
use pos_ledger::{Attempt, Event, LedgerError, Obligation, Undo};

use super::reader::Reader;
use super::shapes::{SaleRecord, TimelineEntry, TimelineKind as Kind, UndoSummary};
use super::{Counter, Failure, id};
use crate::terminal::EngineError;

impl Counter {
    /// A sale with its undos and all that happened, oldest first.
    ///
    /// # Errors
    /// [`Failure::NotFound`].
    pub fn record(&self, sale: &str) -> Result<SaleRecord, Failure> {
        let sale = id(sale)?;
        self.ask(Situation::Sale, |reader| reader.record(&sale))
    }
}

/// What the events of one sale are about.
struct Subjects {
    operator: String,
    undos: Vec<Undo>,
    owed: Vec<Obligation>,
}

impl Reader<'_> {
    fn record(&self, id: &Id) -> Result<SaleRecord, EngineError> {
        let (attempts, events) = self.terminal.history(id)?;
        let subjects = self.terminal.ledger().read(|query| {
            Ok::<_, LedgerError>(Subjects {
                operator: query.original(id)?.operator,
                undos: query.undos_of(id)?,
                owed: query.obligations_of(id)?,
            })
        })?;
        let told = events.iter().filter_map(|event| told(event, &subjects));
        let mut timeline: Vec<_> = told.chain(attempts.iter().filter_map(sent)).collect();
        timeline.sort_by_key(|entry| entry.at);
        let undos = subjects.undos.iter().map(|undo| UndoSummary {
            id: undo.id.to_string(),
            kind: undo.kind,
            status: undo.status,
            amount: undo.amount.minor(),
        });
        Ok(SaleRecord {
            sale: self.sale_of(id)?,
            undos: undos.collect(),
            timeline,
        })
    }
}

/// The entry of a message that left the terminal.
fn sent(attempt: &Attempt) -> Option<TimelineEntry> {
    if attempt.state == AttemptState::NotSent {
        return None;
    }
    let kind = match (attempt.purpose.as_str(), &attempt.undo) {
        ("reversal", _) => Kind::ReversalSent,
        (_, Some(_)) => Kind::UndoSent,
        (_, None) => Kind::SaleSent,
    };
    Some(TimelineEntry {
        at: attempt.created.0,
        kind,
        operator: None,
        trace: Some(attempt.trace.clone()),
        code: attempt.code.as_ref().map(ToString::to_string),
    })
}

/// The entry of an event; none for one that only repeats another.
fn told(event: &Event, subjects: &Subjects) -> Option<TimelineEntry> {
    let payload = event.payload.as_str();
    let undo = || {
        subjects
            .undos
            .iter()
            .find(|u| u.id.as_str() == event.subject)
    };
    let (kind, operator) = match event.kind.as_str() {
        "sale" => (sale_kind(payload)?, Some(&subjects.operator)),
        "undo" => {
            let recorded = undo().filter(|undo| undo.created.0 == event.created);
            let first = recorded.map(|undo| (Kind::UndoRecorded, Some(&undo.operator)));
            first.or_else(|| undo_kind(payload).map(|kind| (kind, None)))?
        }
        "obligation" => (owed_kind(event, subjects)?, None),
        "slip" => (Kind::SlipPrinted, None),
        _ => return None,
    };
    Some(TimelineEntry {
        at: event.created,
        kind,
        operator: operator.filter(|_| kind != Kind::SaleApproved).cloned(),
        trace: None,
        code: None,
    })
}

fn sale_kind(payload: &str) -> Option<Kind> {
    Some(match payload {
        "sending" => Kind::SaleRecorded,
        "approved" | "held" => Kind::SaleApproved,
        "declined" => Kind::SaleDeclined,
        "not_sent" => Kind::SaleNotSent,
        "unknown" => Kind::NoAnswer,
        // Its reversal's own entry says so.
        _ => return None,
    })
}

fn undo_kind(payload: &str) -> Option<Kind> {
    Some(match payload {
        "queued" => Kind::UndoQueued,
        "needs_card" => Kind::CardNeeded,
        "on_hold" => Kind::UndoHeld,
        "unknown" => Kind::NoAnswer,
        "voided" | "refunded" => Kind::UndoConfirmed,
        "refused" => Kind::UndoRefused,
        "withdrawn" => Kind::UndoWithdrawn,
        "refund_offered" => Kind::RefundOffered,
        "escalated" => Kind::Escalated,
        // The message's own entry says so.
        _ => return None,
    })
}

fn owed_kind(event: &Event, subjects: &Subjects) -> Option<Kind> {
    let mut owed = subjects.owed.iter();
    let owed = owed.find(|owed| owed.id.as_str() == event.subject)?;
    match (owed.kind, event.payload.as_str()) {
        (ObligationKind::Reversal, "owed") => Some(Kind::ReversalOwed),
        (ObligationKind::Reversal, "escalated") => Some(Kind::Escalated),
        (ObligationKind::Reversal, "closed") if owed.attempts > 0 => Some(Kind::Reversed),
        (ObligationKind::Void, "owed") => Some(Kind::UndoReleased),
        _ => None,
    }
}
