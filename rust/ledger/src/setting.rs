//! Settings and the little state of the terminal that is neither money nor a counter.

use pos_domain::WallTime;
use pos_domain::time::TrustedTime;
use rusqlite::{OptionalExtension, params};
use zeroize::Zeroizing;

use crate::{LedgerError, Query, Tx};

impl Query<'_> {
    /// A setting's text; none when it was never set.
    ///
    /// # Errors
    /// Those of the database.
    pub fn setting(&self, key: &str) -> Result<Option<String>, LedgerError> {
        Ok(self
            .inner
            .prepare_cached("SELECT value FROM setting WHERE key = ?1")?
            .query_row([key], |row| row.get(0))
            .optional()?)
    }

    /// All settings whose key begins with `prefix`, in key order.
    ///
    /// # Errors
    /// Those of the database.
    pub fn settings(&self, prefix: &str) -> Result<Vec<(String, String)>, LedgerError> {
        let mut statement = self.inner.prepare_cached(
            "SELECT key, value FROM setting WHERE substr(key, 1, length(?1)) = ?1 ORDER BY key",
        )?;
        let rows = statement.query_map([prefix], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// What a host last told of the time; none before the first answer.
    ///
    /// # Errors
    /// Those of the database; [`LedgerError::Value`] for a malformed number.
    pub fn trusted_time(&self) -> Result<Option<TrustedTime>, LedgerError> {
        let number = |text: String| text.parse().map_err(|_| LedgerError::Value("time"));
        let Some(host) = self.setting("time.host")? else {
            return Ok(None);
        };
        let since_boot = self.setting("time.since_boot")?.unwrap_or_default();
        let boot_id = self.setting("time.boot_id")?.unwrap_or_default();
        Ok(Some(TrustedTime {
            host: WallTime(number(host)?),
            since_boot: number(since_boot)?,
            boot_id,
        }))
    }

    /// The working keys of one generation, as the host sent them.
    ///
    /// # Errors
    /// Those of the database; [`LedgerError::Seal`] when they cannot be opened.
    pub fn working_keys(&self, generation: u32) -> Result<Option<Zeroizing<Vec<u8>>>, LedgerError> {
        let sealed: Option<Vec<u8>> = self
            .inner
            .prepare_cached("SELECT sealed FROM key_generation WHERE generation = ?1")?
            .query_row([generation], |row| row.get(0))
            .optional()?;
        let place = format!("key_generation:{generation}");
        sealed
            .map(|sealed| self.sealer.open(&place, &sealed))
            .transpose()
    }

    /// The generations whose keys are stored, oldest first.
    ///
    /// # Errors
    /// Those of the database.
    pub fn key_generations(&self) -> Result<Vec<u32>, LedgerError> {
        let sql = "SELECT generation FROM key_generation ORDER BY generation";
        let mut statement = self.inner.prepare_cached(sql)?;
        let rows = statement.query_map([], |row| row.get(0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

impl Tx<'_> {
    /// Sets a setting.
    ///
    /// # Errors
    /// Those of the database.
    pub fn set_setting(&self, key: &str, value: &str) -> Result<(), LedgerError> {
        self.inner
            .prepare_cached(
                "INSERT INTO setting (key, value) VALUES (?1, ?2)
                 ON CONFLICT (key) DO UPDATE SET value = excluded.value",
            )?
            .execute(params![key, value])?;
        Ok(())
    }

    /// Notes the time that a host told, against the monotonic clock of this transaction.
    ///
    /// # Errors
    /// Those of the database.
    pub fn set_trusted_time(&self, host: WallTime) -> Result<(), LedgerError> {
        self.set_setting("time.host", &host.0.to_string())?;
        self.set_setting("time.since_boot", &self.stamp.at.since_boot.to_string())?;
        self.set_setting("time.boot_id", &self.stamp.at.boot_id)
    }

    /// Stores the working keys of a sign-in answer and makes them the current generation.
    ///
    /// # Errors
    /// Those of the database.
    pub fn add_working_keys(&self, generation: u32, field62: &[u8]) -> Result<(), LedgerError> {
        let sealed = self
            .sealer
            .seal(&format!("key_generation:{generation}"), field62)?;
        self.inner.execute(
            "INSERT INTO key_generation (generation, sealed, created) VALUES (?1, ?2, ?3)",
            params![generation, sealed, self.now()],
        )?;
        self.set_counter("key_generation", i64::from(generation))
    }
}
