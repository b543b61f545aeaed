//! Pre-authorisations that hold, and what became of them.

use pos_domain::Id;
use rusqlite::params;

use crate::{LedgerError, Original, Query};

impl Query<'_> {
    /// What completes or adds to a pre-authorisation, oldest first.
    ///
    /// # Errors
    /// Those of the database.
    pub fn follow_ups(&self, preauth: &Id) -> Result<Vec<Original>, LedgerError> {
        self.originals("parent = ?1 ORDER BY seq", [preauth.as_str()])
    }

    /// Pre-authorisations that the acquirer granted and that add to no other, newest first, those
    /// before `before_seq` in order. Some may be completed or voided by now.
    ///
    /// # Errors
    /// Those of the database.
    pub fn granted_preauths(
        &self,
        before_seq: Option<i64>,
        limit: u32,
    ) -> Result<Vec<Original>, LedgerError> {
        self.originals(
            "kind = 'preauth' AND status = 'held' AND parent IS NULL AND seq < ?1
             ORDER BY seq DESC LIMIT ?2",
            params![before_seq.unwrap_or(i64::MAX), limit],
        )
    }
}
