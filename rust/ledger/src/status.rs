//! Changing the status of an original or an undo: the row, its audit entry and its event together,
//! so that none can be had without the others.

use pos_domain::{Code, Id};
use rusqlite::{OptionalExtension, params};

use crate::{LedgerError, Tx};

/// What has a status.
pub(crate) struct Kept {
    /// What it is called where it is missing, and in its event.
    word: &'static str,
    read: &'static str,
    write: &'static str,
}

pub(crate) const ORIGINAL: Kept = Kept {
    word: "sale",
    read: "SELECT status FROM original WHERE id = ?1",
    write: "UPDATE original SET status = ?2, code = COALESCE(?3, code) WHERE id = ?1",
};

pub(crate) const UNDO: Kept = Kept {
    word: "undo",
    read: "SELECT status FROM undo WHERE id = ?1",
    write: "UPDATE undo SET status = ?2, code = COALESCE(?3, code) WHERE id = ?1",
};

impl Tx<'_> {
    /// Changes a status, with the reason; without one the reason of before stays. The same status
    /// again is no change and is not told.
    ///
    /// # Errors
    /// [`LedgerError::Missing`], or [`LedgerError::Rule`] where the status is an end.
    pub(crate) fn set_status(
        &self,
        kept: &Kept,
        id: &Id,
        to: &str,
        code: Option<&Code>,
    ) -> Result<(), LedgerError> {
        let id = id.as_str();
        let from: String = self
            .inner
            .prepare_cached(kept.read)?
            .query_row([id], |row| row.get(0))
            .optional()?
            .ok_or_else(|| LedgerError::Missing {
                what: kept.word,
                id: id.to_owned(),
            })?;
        self.inner.prepare_cached(kept.write)?.execute(params![
            id,
            to,
            code.map(Code::to_string)
        ])?;
        if from == to {
            return Ok(());
        }
        self.audit("status", id, Some(&from), Some(to))?;
        self.event(kept.word, id, to)
    }
}
