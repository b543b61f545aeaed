//! What a chip card said last: its second cryptogram and the results of scripts.

use pos_domain::Id;
use rusqlite::{OptionalExtension, params};
use zeroize::Zeroizing;

use crate::{LedgerError, Query, Tx};

impl Query<'_> {
    /// The chip data (BER-TLV) of a card's last word about an original; none when it never came.
    ///
    /// # Errors
    /// Those of the database; [`LedgerError::Seal`] when it cannot be opened any more.
    pub fn chip_result(&self, original: &Id) -> Result<Option<Zeroizing<Vec<u8>>>, LedgerError> {
        let sealed: Option<Vec<u8>> = self
            .inner
            .prepare_cached("SELECT sealed FROM chip_result WHERE original = ?1")?
            .query_row([original.as_str()], |row| row.get(0))
            .optional()?;
        let place = format!("chip_result:{original}");
        sealed
            .map(|sealed| self.sealer.open(&place, &sealed))
            .transpose()
    }
}

impl Tx<'_> {
    /// Stores the chip data of a card's last word; sealed here. `has_cryptogram` says whether it
    /// holds the cryptogram that a batch upload needs.
    ///
    /// # Errors
    /// Those of the database.
    pub fn set_chip_result(
        &self,
        original: &Id,
        data: &[u8],
        has_cryptogram: bool,
    ) -> Result<(), LedgerError> {
        let sealed = self.sealer.seal(&format!("chip_result:{original}"), data)?;
        self.inner.execute(
            "INSERT INTO chip_result (original, has_cryptogram, sealed, created)
             VALUES (?1, ?2, ?3, ?4) ON CONFLICT (original) DO UPDATE SET
             has_cryptogram = excluded.has_cryptogram, sealed = excluded.sealed",
            params![original.as_str(), has_cryptogram, sealed, self.now()],
        )?;
        self.audit("chip_result", original.as_str(), None, None)
    }
}
