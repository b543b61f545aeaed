//! Key store and outside place of a terminal on a desk: plain files in `keys/`.
//!
//! They protect a ledger that is copied alone. They do not protect a home that is copied whole,
//! and cannot detect it; a device has better ones.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use pos_domain::ports::{KeyStore, PortError, Random};
use pos_ledger::{DataKey, LedgerError, Sealer};
use zeroize::Zeroizing;

use crate::files;
pub use crate::outside::FileOutside as DeskOutside;

const PLACE: &str = "data.key";

/// Wraps under a random AES-256 key in `wrap.key`.
pub struct DeskKeyStore {
    path: PathBuf,
    random: Arc<dyn Random>,
}

fn failed(why: impl ToString) -> PortError {
    PortError {
        port: "key_store",
        detail: why.to_string(),
    }
}

impl DeskKeyStore {
    /// The key store in the folder `keys`; its key is made at the first wrapping.
    #[must_use]
    pub fn new(keys: &Path, random: Arc<dyn Random>) -> Self {
        Self {
            path: keys.join("wrap.key"),
            random,
        }
    }

    fn key(&self) -> Result<Option<DataKey>, PortError> {
        let stored = files::read(&self.path).map_err(failed)?;
        let Some(stored) = stored.map(Zeroizing::new) else {
            return Ok(None);
        };
        let mut key = DataKey([0; 32]);
        if stored.len() != key.0.len() {
            return Err(failed("the wrapping key has a wrong length"));
        }
        key.0.copy_from_slice(&stored);
        Ok(Some(key))
    }

    fn make_key(&self) -> Result<DataKey, PortError> {
        let mut key = DataKey([0; 32]);
        self.random.fill(&mut key.0)?;
        files::write(&self.path, &key.0).map_err(failed)?;
        Ok(key)
    }

    fn sealer(&self, key: &DataKey) -> Sealer {
        Sealer::new(key, Arc::clone(&self.random))
    }
}

fn sealing(error: LedgerError) -> PortError {
    match error {
        LedgerError::Port(error) => error,
        other => failed(other),
    }
}

impl KeyStore for DeskKeyStore {
    fn wrap(&self, clear: &[u8]) -> Result<Vec<u8>, PortError> {
        let key = match self.key()? {
            Some(key) => key,
            None => self.make_key()?,
        };
        self.sealer(&key).seal(PLACE, clear).map_err(sealing)
    }

    fn unwrap(&self, wrapped: &[u8]) -> Result<Zeroizing<Vec<u8>>, PortError> {
        let key = self
            .key()?
            .ok_or_else(|| failed("the wrapping key is gone"))?;
        self.sealer(&key).open(PLACE, wrapped).map_err(sealing)
    }
}
