//! Hashes that bind what is told about a sale to what is stored.

use pos_domain::Id;
use rusqlite::{OptionalExtension, params};

use crate::{LedgerError, Query};

impl Query<'_> {
    /// The keyed hash of an attempt's frame as it was sent, without its MAC.
    ///
    /// # Errors
    /// [`LedgerError::Missing`] when there is no such attempt.
    pub fn attempt_hash(&self, id: &Id) -> Result<Vec<u8>, LedgerError> {
        self.inner
            .prepare_cached("SELECT frame_hash FROM attempt WHERE id = ?1")?
            .query_row([id.as_str()], |row| row.get(0))
            .optional()?
            .ok_or_else(|| LedgerError::Missing {
                what: "attempt",
                id: id.to_string(),
            })
    }

    /// Number and hash of an audit entry; none when there is none of this number.
    ///
    /// # Errors
    /// Those of the database.
    pub fn audit_hash(&self, seq: i64) -> Result<Option<(i64, Vec<u8>)>, LedgerError> {
        self.audit_link("SELECT seq, hash FROM audit WHERE seq = ?1", params![seq])
    }

    /// Number and hash of the newest audit entry; none before the first.
    ///
    /// # Errors
    /// Those of the database.
    pub fn audit_end(&self) -> Result<Option<(i64, Vec<u8>)>, LedgerError> {
        let sql = "SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1";
        self.audit_link(sql, params![])
    }

    fn audit_link(
        &self,
        sql: &str,
        values: impl rusqlite::Params,
    ) -> Result<Option<(i64, Vec<u8>)>, LedgerError> {
        let mut statement = self.inner.prepare_cached(sql)?;
        let found = statement.query_row(values, |row| Ok((row.get(0)?, row.get(1)?)));
        Ok(found.optional()?)
    }
}
