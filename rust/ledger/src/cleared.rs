//! Clearing: what is stuck leaves gate and list, and a tombstone says who gave it up and why.

use pos_domain::status::ObligationStatus;
use pos_domain::{Id, WallTime};
use rusqlite::params;

use crate::row::id;
use crate::{LedgerError, Obligation, Query, Tx};

/// Why an item was cleared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tombstone {
    /// The item.
    pub item: Id,
    /// What the two people gave as reason.
    pub reason: String,
    /// The supervisor who consented.
    pub approver: String,
    /// The other person.
    pub second: String,
    /// When.
    pub created: WallTime,
}

impl Query<'_> {
    /// Everything that was cleared and that no proof closed since, oldest first.
    ///
    /// # Errors
    /// Those of the database.
    pub fn cleared(&self) -> Result<Vec<Obligation>, LedgerError> {
        // The first condition finds the index of what is not closed.
        self.obligations("status <> 'closed' AND status = 'cleared' ORDER BY seq", [])
    }

    /// The tombstone of an item; none when it was never cleared.
    ///
    /// # Errors
    /// Those of the database.
    pub fn tombstone(&self, item: &Id) -> Result<Option<Tombstone>, LedgerError> {
        let mut statement = self.inner.prepare_cached(
            "SELECT t.obligation, t.reason, a.approver, a.second, t.created FROM tombstone t
             JOIN approval a ON a.kind = 'clear' AND a.used_by = t.obligation
             WHERE t.obligation = ?1",
        )?;
        let mut rows = statement.query_map([item.as_str()], |row| {
            Ok(Tombstone {
                item: id(row, 0)?,
                reason: row.get(1)?,
                approver: row.get(2)?,
                second: row.get(3)?,
                created: WallTime(row.get(4)?),
            })
        })?;
        Ok(rows.next().transpose()?)
    }
}

impl Tx<'_> {
    /// Takes an item out of gate and list. Nothing is proven by that: what it is about stays as
    /// it is. Two people's approval, used by this item, has to be stored before.
    ///
    /// # Errors
    /// [`LedgerError::Rule`] without that approval, or when it is closed or cleared already.
    pub fn clear_obligation(&self, item: &Id, reason: &str) -> Result<(), LedgerError> {
        let before = self.query().obligation(item)?.status;
        self.inner
            .prepare_cached("INSERT INTO tombstone VALUES (?1, ?2, ?3)")?
            .execute(params![item.as_str(), reason, self.now()])?;
        self.set_obligation_status(item, ObligationStatus::Cleared, None)?;
        self.audit(
            "cleared",
            item.as_str(),
            Some(before.as_str()),
            Some(reason),
        )
    }
}
