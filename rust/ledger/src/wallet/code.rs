//! UnionPay payment codes: sealed while something may need them, then erased (decision 22).

use pos_domain::Id;
use rusqlite::{OptionalExtension, params};
use zeroize::Zeroizing;

use crate::{LedgerError, Query, Tx};

impl Query<'_> {
    /// The payment code of a sale; none when it had none or it was erased.
    ///
    /// # Errors
    /// [`LedgerError::Seal`] when it cannot be opened any more.
    pub fn payment_code(&self, original: &Id) -> Result<Option<Zeroizing<String>>, LedgerError> {
        let sealed: Option<Vec<u8>> = self
            .inner
            .prepare_cached("SELECT sealed FROM payment_code WHERE original = ?1")?
            .query_row([original.as_str()], |row| row.get(0))
            .optional()?
            .flatten();
        let Some(sealed) = sealed else {
            return Ok(None);
        };
        let clear = self
            .sealer
            .open(&format!("payment_code:{original}"), &sealed)?;
        let text = std::str::from_utf8(&clear).map_err(|_| LedgerError::Seal)?;
        Ok(Some(Zeroizing::new(text.to_owned())))
    }

    /// Sales whose payment code is still there though their batch is cleared and nothing is owed.
    ///
    /// # Errors
    /// Those of the database.
    pub fn erasable_codes(&self) -> Result<Vec<Id>, LedgerError> {
        let mut statement = self.inner.prepare_cached(
            "SELECT c.original FROM payment_code c JOIN original o ON o.id = c.original
             JOIN settlement s ON s.batch = o.batch AND s.phase = 'cleared'
             WHERE c.sealed IS NOT NULL AND o.status NOT IN ('sending', 'unknown')
             AND NOT EXISTS (SELECT 1 FROM obligation b WHERE b.original = o.id
             AND b.status IN ('owed', 'on_hold', 'escalated'))",
        )?;
        let rows = statement.query_map([], |row| crate::row::id(row, 0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

impl Tx<'_> {
    /// Stores the payment code of a new sale, sealed, and its masked form in clear.
    ///
    /// # Errors
    /// Those of the database.
    pub fn insert_payment_code(
        &self,
        original: &Id,
        code: &str,
        masked: &str,
    ) -> Result<(), LedgerError> {
        let place = format!("payment_code:{original}");
        let sealed = self.sealer.seal(&place, code.as_bytes())?;
        self.inner
            .prepare_cached(
                "INSERT INTO payment_code (original, sealed, created) VALUES (?1, ?2, ?3)",
            )?
            .execute(params![original.as_str(), sealed, self.now()])?;
        self.inner
            .prepare_cached("UPDATE original SET card_mask = ?2 WHERE id = ?1")?
            .execute(params![original.as_str(), masked])?;
        Ok(())
    }

    /// Erases a payment code.
    ///
    /// # Errors
    /// Those of the database.
    pub fn erase_payment_code(&self, original: &Id) -> Result<(), LedgerError> {
        self.inner.execute(
            "UPDATE payment_code SET sealed = NULL WHERE original = ?1",
            [original.as_str()],
        )?;
        self.audit("erased", original.as_str(), None, Some("payment code"))
    }

    /// Stores an attempt's fields once more, without what was erased from them.
    ///
    /// # Errors
    /// Those of the database.
    pub fn replace_attempt_fields(&self, attempt: &Id, fields: &[u8]) -> Result<(), LedgerError> {
        let sealed = self
            .sealer
            .seal(&format!("attempt.fields:{attempt}"), fields)?;
        self.inner
            .prepare_cached("UPDATE attempt SET fields = ?2 WHERE id = ?1")?
            .execute(params![attempt.as_str(), sealed])?;
        Ok(())
    }
}
