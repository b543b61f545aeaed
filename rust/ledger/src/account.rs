//! Account data: sealed, and read only for what is to be sent.

use pos_domain::{Expiry, Id, Pan};
use rusqlite::OptionalExtension;
use zeroize::Zeroizing;

use crate::{LedgerError, Query, Tx};

/// Account data of an original; sealed in the ledger.
#[derive(Clone, Debug)]
pub struct Account {
    /// The card number.
    pub pan: Pan,
    /// The expiry date when known.
    pub expiry: Option<Expiry>,
    /// Card sequence number, three digits, of a chip.
    pub sequence: Option<String>,
}

impl Query<'_> {
    /// Account data; none for a wallet.
    ///
    /// # Errors
    /// [`LedgerError::Seal`] when it cannot be opened any more.
    pub fn account(&self, id: &Id) -> Result<Option<Account>, LedgerError> {
        let sealed: Option<Vec<u8>> = self
            .inner
            .prepare_cached("SELECT account FROM original WHERE id = ?1")?
            .query_row([id.as_str()], |row| row.get(0))
            .optional()?
            .flatten();
        let Some(sealed) = sealed else {
            return Ok(None);
        };
        let clear = self
            .sealer
            .open(&format!("original.account:{id}"), &sealed)?;
        let text = std::str::from_utf8(&clear).map_err(|_| LedgerError::Seal)?;
        let mut parts = text.split(';');
        let pan = parts
            .next()
            .and_then(|pan| Pan::parse(pan).ok())
            .ok_or(LedgerError::Seal)?;
        let expiry = parts.next().and_then(|expiry| Expiry::parse(expiry).ok());
        let sequence = parts.next().filter(|s| !s.is_empty()).map(str::to_owned);
        Ok(Some(Account {
            pan,
            expiry,
            sequence,
        }))
    }

    /// Whether `pan` is the card of this original: by keyed hash, or, once the data key was
    /// replaced, by the six and four digits that are stored in clear.
    ///
    /// # Errors
    /// Those of the database.
    pub fn is_card_of(&self, id: &Id, pan: &Pan) -> Result<bool, LedgerError> {
        let (hash, mask): (Option<Vec<u8>>, Option<String>) = self
            .inner
            .prepare_cached("SELECT card_hash, card_mask FROM original WHERE id = ?1")?
            .query_row([id.as_str()], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?
            .unwrap_or_default();
        let same = self.sealer.hash("card", pan.digits().as_bytes());
        if hash.is_some_and(|hash| hash == same) {
            return Ok(true);
        }
        let key_replaced = matches!(self.account(id), Err(LedgerError::Seal));
        Ok(key_replaced && mask.is_some_and(|mask| mask == pan.masked()))
    }
}

impl Tx<'_> {
    /// An account in the form and place in which an original keeps it.
    pub(crate) fn seal_account(&self, id: &Id, account: &Account) -> Result<Vec<u8>, LedgerError> {
        let expiry = account.expiry.as_ref().map_or("", Expiry::yymm);
        let sequence = account.sequence.as_deref().unwrap_or_default();
        let clear = Zeroizing::new(format!("{};{expiry};{sequence}", account.pan.digits()));
        self.sealer
            .seal(&format!("original.account:{id}"), clear.as_bytes())
    }
}
