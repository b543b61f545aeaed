//! Events for whoever watches: persisted with the change they tell of, told at least once.

use rusqlite::params;

use crate::{LedgerError, Query, Tx};

/// Something that happened, to be told until it is acknowledged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// Position; acknowledging one acknowledges all before it.
    pub seq: i64,
    /// `sale`, `undo`, `obligation`, `sign_in`, `settlement`.
    pub kind: String,
    /// The identifier of what it is about.
    pub subject: String,
    /// The new state's text form.
    pub payload: String,
    /// Wall clock, milliseconds.
    pub created: i64,
}

/// The counter that says up to where events were acknowledged.
const ACKNOWLEDGED: &str = "events_acknowledged";

impl Tx<'_> {
    /// Adds an event to be told after the commit.
    ///
    /// # Errors
    /// Those of the database.
    pub fn event(&self, kind: &str, subject: &str, payload: &str) -> Result<(), LedgerError> {
        self.inner
            .prepare_cached(
                "INSERT INTO event (kind, subject, payload, created) VALUES (?1, ?2, ?3, ?4)",
            )?
            .execute(params![kind, subject, payload, self.now()])?;
        Ok(())
    }

    /// Acknowledges all events up to and including `seq`.
    ///
    /// # Errors
    /// Those of the database.
    pub fn acknowledge_events(&self, seq: i64) -> Result<(), LedgerError> {
        let query = self.query();
        let newest: i64 = self
            .inner
            .prepare_cached("SELECT COALESCE(MAX(seq), 0) FROM event")?
            .query_row([], |row| row.get(0))?;
        // What is still to come is not acknowledged, and nothing is told a second time.
        let seq = seq.min(newest);
        if seq <= query.counter(ACKNOWLEDGED)?.unwrap_or(0) {
            return Ok(());
        }
        self.set_counter(ACKNOWLEDGED, seq)
    }
}

impl Query<'_> {
    /// Up to `limit` events that nobody acknowledged yet, oldest first.
    ///
    /// # Errors
    /// Those of the database.
    pub fn waiting_events(&self, limit: u32) -> Result<Vec<Event>, LedgerError> {
        self.events_after(self.counter(ACKNOWLEDGED)?.unwrap_or(0), limit)
    }

    /// Up to `limit` events after number `seq`, acknowledged or not, oldest first: what a watcher
    /// that has seen all up to `seq` has not seen yet.
    ///
    /// # Errors
    /// Those of the database.
    pub fn events_after(&self, seq: i64, limit: u32) -> Result<Vec<Event>, LedgerError> {
        self.events("WHERE seq > ?1 ORDER BY seq LIMIT ?2", params![seq, limit])
    }

    /// The events about `subject`, oldest first.
    ///
    /// # Errors
    /// Those of the database.
    pub fn events_of(&self, subject: &str) -> Result<Vec<Event>, LedgerError> {
        self.events("WHERE subject = ?1 ORDER BY seq", params![subject])
    }

    fn events(&self, tail: &str, values: impl rusqlite::Params) -> Result<Vec<Event>, LedgerError> {
        let sql = format!("SELECT seq, kind, subject, payload, created FROM event {tail}");
        let mut statement = self.inner.prepare_cached(&sql)?;
        let rows = statement.query_map(values, |row| {
            Ok(Event {
                seq: row.get(0)?,
                kind: row.get(1)?,
                subject: row.get(2)?,
                payload: row.get(3)?,
                created: row.get(4)?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}
