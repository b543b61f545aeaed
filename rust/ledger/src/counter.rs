//! Counters: trace, batch, key generation, epoch.

use rusqlite::{OptionalExtension, params};

use crate::{LedgerError, Query, Tx};

/// The largest trace and batch number: six digits (spec unionpay-8583 §8.4, §8.5).
const SIX_DIGITS: i64 = 999_999;

impl Query<'_> {
    /// A counter's value; none when it was never set.
    ///
    /// # Errors
    /// Those of the database.
    pub fn counter(&self, name: &str) -> Result<Option<i64>, LedgerError> {
        Ok(self
            .inner
            .prepare_cached("SELECT value FROM counter WHERE name = ?1")?
            .query_row([name], |row| row.get(0))
            .optional()?)
    }

    /// The current batch number, six digits; `000001` before the first sign-in.
    ///
    /// # Errors
    /// Those of the database.
    pub fn batch(&self) -> Result<String, LedgerError> {
        Ok(six(self.counter("batch")?.unwrap_or(1)))
    }
}

fn six(number: i64) -> String {
    format!("{number:06}")
}

impl Tx<'_> {
    /// Sets a counter.
    ///
    /// # Errors
    /// Those of the database.
    pub fn set_counter(&self, name: &str, value: i64) -> Result<(), LedgerError> {
        self.inner
            .prepare_cached(
                "INSERT INTO counter (name, value) VALUES (?1, ?2)
                 ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            )?
            .execute(params![name, value])?;
        Ok(())
    }

    /// Takes the next trace number, 000001 to 999999 and round again, leaving out numbers that the
    /// current batch already used. It is used up by the commit, whatever becomes of the message.
    ///
    /// # Errors
    /// Those of the database; [`LedgerError::Rule`] when the batch holds every number.
    pub fn next_trace(&self) -> Result<String, LedgerError> {
        let query = self.query();
        let batch = query.batch()?;
        let mut trace = query.counter("trace")?.unwrap_or(0);
        for _ in 0..SIX_DIGITS {
            trace = if trace >= SIX_DIGITS {
                1
            } else {
                trace.saturating_add(1)
            };
            let taken: bool = self
                .inner
                .prepare_cached(
                    "SELECT EXISTS (SELECT 1 FROM attempt WHERE trace = ?1 AND batch = ?2)",
                )?
                .query_row(params![six(trace), batch], |row| row.get(0))?;
            if !taken {
                self.set_counter("trace", trace)?;
                return Ok(six(trace));
            }
        }
        Err(LedgerError::Rule(
            "every trace number of this batch is used".into(),
        ))
    }

    /// Replaces the batch number (a sign-in answer, or a settled batch).
    ///
    /// # Errors
    /// Those of the database.
    pub fn set_batch(&self, batch: i64) -> Result<(), LedgerError> {
        let before = self.query().batch()?;
        let after = six(batch);
        if before != after {
            self.audit("batch", "terminal", Some(&before), Some(&after))?;
        }
        self.set_counter("batch", batch)
    }

    /// The batch number after `batch`: +1, and 1 after 999999.
    #[must_use]
    pub const fn batch_after(batch: i64) -> i64 {
        if batch >= SIX_DIGITS {
            1
        } else {
            batch.saturating_add(1)
        }
    }
}
