//! Customers' signatures, until the host has them.

use pos_domain::Id;
use rusqlite::{OptionalExtension, params};
use zeroize::Zeroizing;

use crate::{LedgerError, Query, Tx};

/// A signature as stored.
#[derive(Clone, Debug)]
pub struct Signature {
    /// The feature code that lies behind it on the screen, eight hexadecimal digits.
    pub feature: String,
    /// The compressed image; none once the host has it.
    pub image: Option<Zeroizing<Vec<u8>>>,
}

impl Query<'_> {
    /// The signature to an original; none when nobody signed on the screen.
    ///
    /// # Errors
    /// Those of the database; [`LedgerError::Seal`] when it cannot be opened any more.
    pub fn signature(&self, original: &Id) -> Result<Option<Signature>, LedgerError> {
        let row: Option<(String, Option<Vec<u8>>)> = self
            .inner
            .prepare_cached("SELECT feature, sealed FROM signature WHERE original = ?1")?
            .query_row([original.as_str()], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        let place = format!("signature:{original}");
        row.map(|(feature, sealed)| {
            let image = sealed
                .map(|sealed| self.sealer.open(&place, &sealed))
                .transpose()?;
            Ok(Signature { feature, image })
        })
        .transpose()
    }
}

impl Tx<'_> {
    /// Stores a signature; the image is sealed here.
    ///
    /// # Errors
    /// Those of the database; a second signature to one original is one.
    pub fn insert_signature(
        &self,
        original: &Id,
        feature: &str,
        image: &[u8],
    ) -> Result<(), LedgerError> {
        let sealed = self.sealer.seal(&format!("signature:{original}"), image)?;
        self.inner.execute(
            "INSERT INTO signature (original, feature, sealed, created) VALUES (?1, ?2, ?3, ?4)",
            params![original.as_str(), feature, sealed, self.now()],
        )?;
        self.audit("signature", original.as_str(), None, Some(feature))
    }

    /// The host has the image: it is not kept here any longer.
    ///
    /// # Errors
    /// Those of the database.
    pub fn drop_signature_image(&self, original: &Id) -> Result<(), LedgerError> {
        self.inner.execute(
            "UPDATE signature SET sealed = NULL WHERE original = ?1",
            [original.as_str()],
        )?;
        Ok(())
    }
}
