//! A sale with all that happened to it.

use pos_diagnosis::Situation;
use pos_domain::status::AttemptState;
use pos_domain::{Id, ObligationKind};
use pos_ledger::{Attempt, AuditEntry, LedgerError, Obligation, Undo};

use super::reader::Reader;
use super::shapes::{SaleRecord, TimelineEntry, TimelineKind as Kind, UndoSummary};
use super::{Counter, Failure, id};
use crate::terminal::EngineError;

/// Who the audit names when no person did it.
const NOBODY: &str = "system";

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

/// How the proof begins of what a written statement closed.
const STATED: &str = "stated by the acquirer";

/// What the entries of one sale are about.
struct Subjects {
    undos: Vec<Undo>,
    owed: Vec<Obligation>,
}

impl Reader<'_> {
    fn record(&self, id: &Id) -> Result<SaleRecord, EngineError> {
        let sale = self.sale_of(id)?;
        let story = self.terminal.story(id)?;
        let subjects = self.terminal.ledger().read(|query| {
            Ok::<_, LedgerError>(Subjects {
                undos: query.undos_of(id)?,
                owed: query.obligations_of(id)?,
            })
        })?;
        let told = story
            .entries
            .iter()
            .filter_map(|entry| subjects.told(entry));
        let sent = story.attempts.iter().filter_map(sent);
        let mut timeline: Vec<_> = told.chain(sent).collect();
        timeline.sort_by_key(|entry| entry.at);
        let undos = subjects.undos.iter().map(|undo| UndoSummary {
            id: undo.id.to_string(),
            kind: undo.kind,
            status: undo.status,
            amount: undo.amount.minor(),
        });
        let parent = sale.parent.as_deref().and_then(|id| Id::parse(id).ok());
        Ok(SaleRecord {
            parent: parent.map(|parent| self.sale_of(&parent)).transpose()?,
            children: self.family(id)?,
            sale,
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
        // What is told about a sale afterwards moves no money.
        ("script_notice" | "signature", _) => return None,
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

impl Subjects {
    /// What the counter is told of an audit entry; none for one that says nothing new to it.
    fn told(&self, entry: &AuditEntry) -> Option<TimelineEntry> {
        let is_undo = self
            .undos
            .iter()
            .any(|undo| undo.id.as_str() == entry.subject);
        let after = entry.after.as_deref().unwrap_or_default();
        let kind = match entry.action.as_str() {
            "sale" | "preauth" | "completion" | "unmatched" => Kind::SaleRecorded,
            "void" | "refund" => Kind::UndoRecorded,
            "approval" if is_undo => Kind::UndoApproval,
            "status" if is_undo => undo_kind(after)?,
            "status" => sale_kind(after)?,
            "owed" => self.owed_kind(entry, after)?,
            "closed" if after.starts_with(STATED) => Kind::Resolved,
            "cleared" => Kind::Cleared,
            "closed" => self.closed_kind(entry)?,
            "slip" => Kind::SlipPrinted,
            _ => return None,
        };
        let who = match kind {
            Kind::UndoApproval => after,
            _ => entry.operator.as_str(),
        };
        Some(TimelineEntry {
            at: entry.wall,
            kind,
            operator: Some(who).filter(|who| *who != NOBODY).map(str::to_owned),
            trace: None,
            code: None,
        })
    }

    fn reversal(&self, entry: &AuditEntry) -> Option<&Obligation> {
        let mut owed = self.owed.iter();
        owed.find(|o| o.kind == ObligationKind::Reversal && o.id.as_str() == entry.subject)
    }

    fn owed_kind(&self, entry: &AuditEntry, after: &str) -> Option<Kind> {
        match (self.reversal(entry), entry.before.as_deref(), after) {
            (Some(_), _, "owed") => Some(Kind::ReversalOwed),
            (Some(_), _, "escalated") => Some(Kind::Escalated),
            (None, Some("on_hold"), "owed") => Some(Kind::UndoReleased),
            _ => None,
        }
    }

    /// A reversal that was closed unsent was never needed.
    fn closed_kind(&self, entry: &AuditEntry) -> Option<Kind> {
        let tried = self.reversal(entry).filter(|owed| owed.attempts > 0);
        tried.map(|_| Kind::Reversed)
    }
}

fn sale_kind(status: &str) -> Option<Kind> {
    Some(match status {
        "approved" | "held" => Kind::SaleApproved,
        "declined" => Kind::SaleDeclined,
        "not_sent" => Kind::SaleNotSent,
        "unknown" => Kind::NoAnswer,
        // Its reversal's own entry says so.
        _ => return None,
    })
}

fn undo_kind(status: &str) -> Option<Kind> {
    Some(match status {
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
