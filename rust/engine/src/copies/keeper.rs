//! Keeping copies: switched on and off by a supervisor, and how that went.

use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use pos_domain::LocalCode;
use pos_domain::ports::{Clock, KeyStore, Outside, Random, Storage};
use pos_ledger::{Ledger, LedgerError, Query, Sealer, Stamp};
use pos_policy::{Act, Passphrase};
use serde::{Deserialize, Serialize};

use super::CopyError;
use super::envelope::Fixed;
use crate::consent::{self, Approving, Wanted};
use crate::files;
use crate::hex::hex;
use crate::home::Home;
use crate::secrets::Vault;

/// Where the copy key is sealed for.
pub(super) const KEY_PLACE: &str = "copies/key";

/// How far the ledger was when a copy was made.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    /// Entries of the audit.
    pub audit: i64,
    /// A hash over what is owed and its states.
    pub queue: String,
}

/// The last copy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LastCopy {
    /// Its name.
    pub name: String,
    /// When it was made, epoch milliseconds of the wall clock.
    pub at: i64,
    /// How far the ledger was.
    pub mark: Mark,
}

/// Whether copies are kept, and how that went.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CopyState {
    /// Whether a supervisor switched them on.
    pub on: bool,
    /// The last one that was made.
    pub last: Option<LastCopy>,
    /// Why none was made since; none when the last try worked.
    pub failed: Option<LocalCode>,
    /// When it failed, epoch milliseconds.
    pub failed_at: Option<i64>,
}

impl CopyState {
    /// Whether something changed since the last copy; also where there is none.
    #[must_use]
    pub fn is_due(&self, now: &Mark) -> bool {
        self.last.as_ref().is_none_or(|last| last.mark != *now)
    }
}

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Stored {
    pub last: Option<LastCopy>,
    pub failed: Option<String>,
    pub failed_at: Option<i64>,
}

/// Who the terminal is, for the facts of a copy.
#[derive(Clone, Debug)]
pub(crate) struct Named {
    pub merchant: String,
    pub name: String,
    pub terminal: String,
}

/// Makes copies of one open ledger.
pub struct Keeper {
    pub(crate) home: Home,
    pub(crate) ledger: Arc<Ledger>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) random: Arc<dyn Random>,
    pub(crate) key_store: Arc<dyn KeyStore>,
    pub(crate) outside: Arc<dyn Outside>,
    pub(crate) storage: Arc<dyn Storage>,
    pub(crate) named: Named,
    /// One copy at a time.
    pub(crate) busy: Arc<Mutex<()>>,
}

fn folder(home: &Home) -> PathBuf {
    home.root().join("copies")
}

/// The file that is there while copies are switched on.
pub(crate) fn enabled(home: &Home) -> PathBuf {
    folder(home).join("enabled")
}

impl std::fmt::Debug for Keeper {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Keeper({})", self.named.terminal)
    }
}

impl Keeper {
    pub(super) fn folder(&self) -> PathBuf {
        folder(&self.home)
    }

    pub(super) fn enabled(&self) -> PathBuf {
        enabled(&self.home)
    }

    fn state_file(&self) -> PathBuf {
        self.folder().join("state")
    }

    /// Switches copies on under a passphrase, or changes it, with a supervisor's consent. Copies
    /// made before keep the passphrase that they had.
    ///
    /// # Errors
    /// [`CopyError::Passphrase`], [`CopyError::Engine`] without consent; nothing was changed.
    pub fn begin(
        &self,
        who: &str,
        passphrase: &Passphrase,
        approving: &[Approving],
    ) -> Result<(), CopyError> {
        passphrase.check_choice()?;
        let approver = self.consent(approving)?;
        let (keys, random) = (self.home.keys(), &self.random);
        let data_key = Vault::data_key(&keys, self.key_store.as_ref())?;
        let sealer = Sealer::new(&data_key, Arc::clone(random));
        let (fixed, copy_key) = Fixed::make(passphrase, &data_key, random)?;
        let sealed = sealer.seal(KEY_PLACE, &copy_key.0)?;
        files::make_folder(&self.folder())?;
        files::write(&self.enabled(), &[&fixed.0[..], &sealed].concat())?;
        // A copy under the new passphrase is due at once.
        self.store(&Stored::default())?;
        self.note(who, "on", approver.as_deref())
    }

    /// Switches copies off. Those that were made stay.
    ///
    /// # Errors
    /// [`CopyError::Engine`] without consent.
    pub fn end(&self, who: &str, approving: &[Approving]) -> Result<(), CopyError> {
        let approver = self.consent(approving)?;
        files::remove(&self.enabled())?;
        self.note(who, "off", approver.as_deref())
    }

    fn consent(&self, approving: &[Approving]) -> Result<Option<String>, CopyError> {
        let wanted = Wanted {
            act: Act::KeepCopies,
            original: None,
            amount: None,
        };
        let given = consent::obtain(&self.ledger, self.clock.as_ref(), wanted, approving)?;
        Ok(given.map(|consent| consent.approver))
    }

    fn note(&self, who: &str, to: &str, approver: Option<&str>) -> Result<(), CopyError> {
        let stamp = Stamp {
            at: self.clock.now(),
            operator: who.to_owned(),
        };
        let noted: Result<(), LedgerError> = self.ledger.write(stamp, |tx| {
            tx.audit("safety_copies", "terminal", approver, Some(to))
        });
        Ok(noted?)
    }

    /// Whether copies are kept, and how that went. A state that cannot be read counts as none.
    ///
    /// # Errors
    /// [`CopyError::File`].
    pub fn state(&self) -> Result<CopyState, CopyError> {
        let on = files::read(&self.enabled())?.is_some();
        let Stored {
            last,
            failed,
            failed_at,
        } = self.stored()?;
        Ok(CopyState {
            on,
            last,
            failed: failed.and_then(|code| code.parse().ok()),
            failed_at,
        })
    }

    pub(super) fn stored(&self) -> Result<Stored, CopyError> {
        let bytes = files::read(&self.state_file())?.unwrap_or_default();
        let text = String::from_utf8(bytes).unwrap_or_default();
        Ok(toml::from_str(&text).unwrap_or_default())
    }

    pub(super) fn store(&self, stored: &Stored) -> Result<(), CopyError> {
        // Three small tables of texts and numbers always have a text.
        let text = toml::to_string(stored).unwrap_or_default();
        Ok(files::write(&self.state_file(), text.as_bytes())?)
    }

    /// How far the ledger is now.
    ///
    /// # Errors
    /// Those of the ledger.
    pub fn mark(&self) -> Result<Mark, CopyError> {
        let mark = |query: Query<'_>| -> Result<Mark, LedgerError> {
            let mut text = String::new();
            for owed in query.left()? {
                text.push_str(owed.id.as_str());
                text.push_str(owed.status.as_str());
            }
            for undo in query.open_undos()? {
                text.push_str(undo.id.as_str());
                text.push_str(undo.status.as_str());
            }
            let hash = query.hash("copy mark", text.as_bytes());
            let (short, _) = hash.split_at(8);
            Ok(Mark {
                audit: query.audit_length()?,
                queue: hex(short),
            })
        };
        Ok(self.ledger.read(mark)?)
    }
}
