//! Everything that happened to one sale: its messages and every change of state.

use pos_domain::Id;
use pos_ledger::{Attempt, AuditEntry, LedgerError};

use super::{EngineError, Terminal};

/// What happened to a sale, its undos and what was owed for them.
#[derive(Clone, Debug)]
pub struct Story {
    /// Messages, oldest first.
    pub attempts: Vec<Attempt>,
    /// Changes of state, oldest first.
    pub entries: Vec<AuditEntry>,
}

impl Terminal {
    /// Everything that happened to a sale.
    ///
    /// # Errors
    /// Those of the ledger.
    pub fn story(&self, sale: &Id) -> Result<Story, EngineError> {
        Ok(self.ledger.read(|query| {
            let attempts = query.attempts_of(sale)?;
            let mut subjects = vec![sale.clone()];
            subjects.extend(query.undos_of(sale)?.into_iter().map(|undo| undo.id));
            subjects.extend(query.obligations_of(sale)?.into_iter().map(|owed| owed.id));
            subjects.extend(attempts.iter().map(|attempt| attempt.id.clone()));
            let mut entries = Vec::new();
            for subject in &subjects {
                entries.extend(query.audit_of(subject.as_str())?);
            }
            // A void and what is owed for it share an identifier.
            entries.sort_by_key(|entry| entry.seq);
            entries.dedup_by_key(|entry| entry.seq);
            Ok::<_, LedgerError>(Story { attempts, entries })
        })?)
    }
}
