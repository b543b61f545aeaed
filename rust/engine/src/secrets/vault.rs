//! Secrets on disk: one sealed file each, under the data key that the key store wraps.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use pos_domain::ports::{KeyStore, PortError, Random};
use pos_ledger::{DataKey, Sealer};
use zeroize::Zeroizing;

use super::{Secret, Secrets};
use crate::files::{self, FileError};
use crate::home::Home;
use crate::profile::Settings;

const DATA_KEY: &str = "data.key";
const SUFFIX: &str = ".sealed";
/// A profile of a real host cannot carry the master key, so its absence there means nothing.
const KEPT: &str = crate::profile::TMK;

/// Why the sealed store cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VaultError {
    /// The data key is gone or its wrapping key is another: what is sealed stays closed.
    #[error("the keys of this terminal are lost: {0}")]
    KeysLost(String),
    /// There is a data key already; a second one would lock out what the first sealed.
    #[error("this terminal has its keys already")]
    Exists,
    /// A sealed file was changed or belongs to another home.
    #[error("the sealed file of {0} cannot be opened")]
    Changed(String),
    /// No secret of the terminal has this name.
    #[error("no secret has this name")]
    Name,
    /// A file could not be read or written.
    #[error(transparent)]
    File(#[from] FileError),
    /// A port failed.
    #[error(transparent)]
    Port(#[from] PortError),
}

/// The sealed store in the folder `keys/`.
pub struct Vault {
    folder: PathBuf,
    sealer: Sealer,
}

impl fmt::Debug for Vault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Vault(…)")
    }
}

impl Vault {
    /// Makes a data key and wraps it.
    ///
    /// # Errors
    /// [`VaultError::Exists`] when there is one; [`VaultError::Port`], [`VaultError::File`].
    pub fn create(
        folder: &Path,
        store: &dyn KeyStore,
        random: Arc<dyn Random>,
    ) -> Result<Self, VaultError> {
        let path = folder.join(DATA_KEY);
        if files::read(&path)?.is_some() {
            return Err(VaultError::Exists);
        }
        let mut key = DataKey([0; 32]);
        random.fill(&mut key.0)?;
        files::write(&path, &store.wrap(&key.0)?)?;
        Ok(Self::with_key(folder, &key, random))
    }

    /// Unwraps the data key.
    ///
    /// # Errors
    /// [`VaultError::KeysLost`] when it is absent or cannot be unwrapped; [`VaultError::File`].
    pub fn open(
        folder: &Path,
        store: &dyn KeyStore,
        random: Arc<dyn Random>,
    ) -> Result<Self, VaultError> {
        let key = Self::data_key(folder, store)?;
        Ok(Self::with_key(folder, &key, random))
    }

    /// The data key itself, to be wrapped for a safety copy.
    pub(crate) fn data_key(folder: &Path, store: &dyn KeyStore) -> Result<DataKey, VaultError> {
        let lost = |why: &dyn fmt::Display| VaultError::KeysLost(why.to_string());
        let wrapped = files::read(&folder.join(DATA_KEY))?;
        let wrapped = wrapped.ok_or_else(|| lost(&"there is no data key"))?;
        let clear = store.unwrap(&wrapped).map_err(|error| lost(&error))?;
        let mut key = DataKey([0; 32]);
        if clear.len() != key.0.len() {
            return Err(lost(&"the data key has a wrong length"));
        }
        key.0.copy_from_slice(&clear);
        Ok(key)
    }

    /// Opens the store of a home that is being set up, or makes it. A home that has a ledger but no
    /// data key has lost it: a new one would not open what the ledger sealed.
    ///
    /// # Errors
    /// As [`Vault::create`] and [`Vault::open`].
    pub fn prepare(
        home: &Home,
        store: &dyn KeyStore,
        random: Arc<dyn Random>,
    ) -> Result<Self, VaultError> {
        let keys = home.keys();
        if home.check().is_ok() || files::read(&keys.join(DATA_KEY))?.is_some() {
            Self::open(&keys, store, random)
        } else {
            Self::create(&keys, store, random)
        }
    }

    /// Sets a data key aside that cannot be unwrapped any more, and makes a new one. What the old
    /// one sealed stays closed; the old file is kept, numbered, in case its wrapping key returns.
    ///
    /// # Errors
    /// [`VaultError::Port`], [`VaultError::File`].
    pub(crate) fn replace_lost(
        folder: &Path,
        store: &dyn KeyStore,
        random: Arc<dyn Random>,
    ) -> Result<Self, VaultError> {
        set_aside(folder)?;
        Self::create(folder, store, random)
    }

    /// Takes over the data key and the sealed files of a safety copy, in a home without a ledger.
    /// A data key that is there already is set aside.
    pub(crate) fn adopt(
        folder: &Path,
        store: &dyn KeyStore,
        key: &DataKey,
        sealed: &[(String, Vec<u8>)],
    ) -> Result<(), VaultError> {
        set_aside(folder)?;
        let known = |name: &str| Settings::secret_names().any(|secret| secret == name);
        for name in Settings::secret_names() {
            files::remove(&sealed_file(folder, name))?;
        }
        // A name that this program does not know opens nothing here.
        for (name, bytes) in sealed.iter().filter(|(name, _)| known(name)) {
            files::write(&sealed_file(folder, name), bytes)?;
        }
        Ok(files::write(&folder.join(DATA_KEY), &store.wrap(&key.0)?)?)
    }

    /// The sealed files as they lie there, by the profile key of each.
    pub(crate) fn sealed_files(folder: &Path) -> Result<Vec<(String, Vec<u8>)>, VaultError> {
        let mut found = Vec::new();
        for name in Settings::secret_names() {
            if let Some(bytes) = files::read(&sealed_file(folder, name))? {
                found.push((name.to_owned(), bytes));
            }
        }
        Ok(found)
    }

    fn with_key(folder: &Path, key: &DataKey, random: Arc<dyn Random>) -> Self {
        Self {
            folder: folder.to_owned(),
            sealer: Sealer::new(key, random),
        }
    }

    /// The sealer for the ledger, under the same data key.
    #[must_use]
    pub fn sealer(&self) -> Sealer {
        self.sealer.clone()
    }

    /// Seals one secret under its profile key; durable when this returns.
    ///
    /// # Errors
    /// [`VaultError::Name`] for a name that no profile key has; [`VaultError::File`].
    pub fn put(&self, name: &str, secret: &Secret) -> Result<(), VaultError> {
        let path = self.path(name)?;
        let sealed = self.sealer.seal(&place(name), secret.expose());
        let sealed = sealed.map_err(|_| VaultError::Changed(name.to_owned()))?;
        Ok(files::write(&path, &sealed)?)
    }

    /// Opens one secret; none when it was never put.
    ///
    /// # Errors
    /// [`VaultError::Changed`], [`VaultError::Name`], [`VaultError::File`].
    pub fn get(&self, name: &str) -> Result<Option<Secret>, VaultError> {
        let Some(sealed) = files::read(&self.path(name)?)? else {
            return Ok(None);
        };
        let clear: Zeroizing<Vec<u8>> = self
            .sealer
            .open(&place(name), &sealed)
            .map_err(|_| VaultError::Changed(name.to_owned()))?;
        Ok(Some(Secret::new(clear)))
    }

    /// Replaces all secrets by a profile's: what it has is put, what it has not is removed. Only
    /// the terminal master key stays, since profiles of real hosts never carry it.
    ///
    /// # Errors
    /// As [`Vault::put`]; what was done before stands, and doing it again is safe.
    pub fn replace(&self, secrets: &Secrets) -> Result<(), VaultError> {
        for name in Settings::secret_names() {
            match secrets.get(name) {
                Some(secret) => self.put(name, secret)?,
                None if name == KEPT => {}
                None => files::remove(&self.path(name)?)?,
            }
        }
        Ok(())
    }

    /// Opens all secrets.
    ///
    /// # Errors
    /// As [`Vault::get`].
    pub fn secrets(&self) -> Result<Secrets, VaultError> {
        let mut secrets = Secrets::default();
        for name in Settings::secret_names() {
            if let Some(secret) = self.get(name)? {
                secrets.set(name, secret);
            }
        }
        Ok(secrets)
    }

    fn path(&self, name: &str) -> Result<PathBuf, VaultError> {
        if Settings::secret_names().any(|known| known == name) {
            Ok(sealed_file(&self.folder, name))
        } else {
            Err(VaultError::Name)
        }
    }
}

/// Where the secret of a profile key lies.
fn sealed_file(folder: &Path, name: &str) -> PathBuf {
    folder.join(format!("{name}{SUFFIX}"))
}

/// Sets a data key that is there aside, numbered.
fn set_aside(folder: &Path) -> Result<(), VaultError> {
    let path = folder.join(DATA_KEY);
    if let Some(lost) = files::read(&path)? {
        let mut number = 1u32;
        let mut aside = folder.join(format!("{DATA_KEY}.lost-{number}"));
        while files::read(&aside)?.is_some() {
            number = number.saturating_add(1);
            aside = folder.join(format!("{DATA_KEY}.lost-{number}"));
        }
        files::write(&aside, &lost)?;
        files::remove(&path)?;
    }
    Ok(())
}

/// What a sealed file is bound to, so that one cannot stand in for another.
fn place(name: &str) -> String {
    format!("keys/{name}")
}
