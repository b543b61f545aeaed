//! What failed lately, as the statistics want it.

use pos_diagnosis::Situation;
use pos_diagnosis::statistics::Record;
use pos_domain::{Code, WallTime};
use pos_ledger::{Attempt, JournalFilter, LedgerError, Query, SaleView};

use super::reports::situation_of;
use super::{EngineError, Terminal};

impl Terminal {
    /// Every failure since then that the ledger knows of: messages that were not simply answered
    /// yes, and sales and undos that never came to a message.
    ///
    /// # Errors
    /// Those of the ledger.
    pub fn failures(&self, since: WallTime) -> Result<Vec<Record>, EngineError> {
        let filter = JournalFilter {
            since: Some(since.0),
            limit: u32::MAX,
            ..JournalFilter::default()
        };
        Ok(self.ledger.read(|query| {
            let mut records = Vec::new();
            for view in query.sales(&filter)? {
                failures_of(query, &view, &mut records)?;
            }
            records.sort_by_key(|record| record.at);
            Ok::<_, LedgerError>(records)
        })?)
    }
}

fn failures_of(
    query: Query<'_>,
    view: &SaleView,
    records: &mut Vec<Record>,
) -> Result<(), LedgerError> {
    let original = &view.original;
    let attempts = query.attempts_of(&original.id)?;
    let mut note = |at, situation, code: &Code| {
        records.push(Record {
            at,
            rail: Some(original.rail),
            situation,
            code: code.clone(),
        });
    };
    for attempt in &attempts {
        if let Some(code) = &attempt.code {
            note(attempt.created, situation_of_attempt(attempt, view), code);
        }
    }
    let own = |attempt: &&Attempt| attempt.undo.is_none() && attempt.purpose != "reversal";
    if !attempts.iter().any(|attempt| own(&attempt))
        && let Some(code) = &original.code
    {
        note(original.created, situation_of(original.kind), code);
    }
    for undo in query.undos_of(&original.id)? {
        let tried = attempts.iter().any(|a| a.undo.as_ref() == Some(&undo.id));
        if let (false, Some(code)) = (tried, &undo.code) {
            note(undo.created, situation_of_undo(undo.kind), code);
        }
    }
    Ok(())
}

const fn situation_of_undo(kind: pos_domain::UndoKind) -> Situation {
    match kind {
        pos_domain::UndoKind::Void => Situation::Void,
        pos_domain::UndoKind::Refund => Situation::Refund,
    }
}

fn situation_of_attempt(attempt: &Attempt, view: &SaleView) -> Situation {
    match (attempt.purpose.as_str(), &attempt.undo) {
        ("reversal", _) => Situation::Reversal,
        ("refund", _) => Situation::Refund,
        (_, Some(_)) => Situation::Void,
        (_, None) => situation_of(view.original.kind),
    }
}
