//! Safety copies 安全副本: the whole ledger with its keys, encrypted under a supervisor's passphrase,
//! outside the app, from which a replacement terminal goes on. The format stands in
//! `docs/safety-copy.md`.
//!
//! At opt-in a random copy key is made. The passphrase wraps it in the head of each copy, and the
//! terminal keeps it sealed, so that later copies need no passphrase. Nothing secret is in clear in
//! a copy, and what the ledger seals stays sealed inside it.
//!
//! This module must not know a screen or Android: it writes through [`CopyPlace`].

mod envelope;
mod folder;
mod keeper;
mod make;
mod restore;
mod sections;
mod stream;

pub use folder::FolderPlace;
pub use keeper::{CopyState, Keeper, LastCopy, Mark};
pub(crate) use keeper::{Named, enabled};
pub use make::Copied;
pub use restore::{look_at_copy, restore_copy};
pub use sections::CopyFacts;

use std::path::Path;

use pos_domain::LocalCode;
use pos_domain::ports::PortError;
use pos_ledger::LedgerError;
use pos_policy::{HashError, PassphraseFault};

use crate::files::FileError;
use crate::home::HomeError;
use crate::secrets::VaultError;
use crate::terminal::EngineError;

/// How many copies of one terminal are kept in a place.
pub const KEPT: usize = 3;
/// How a copy's name ends.
pub const SUFFIX: &str = ".voidcopy";

/// Where copies lie, outside the app: a folder that a person chose. May block; never called on the
/// way of a payment.
pub trait CopyPlace: Send + Sync {
    /// Puts `file` there under `name`, whole or not at all.
    ///
    /// # Errors
    /// [`PlaceError`]; what was there before stands.
    fn put(&self, name: &str, file: &Path) -> Result<(), PlaceError>;

    /// The names of the files there.
    ///
    /// # Errors
    /// [`PlaceError`].
    fn names(&self) -> Result<Vec<String>, PlaceError>;

    /// Removes a file; it may be absent.
    ///
    /// # Errors
    /// [`PlaceError`].
    fn remove(&self, name: &str) -> Result<(), PlaceError>;
}

/// Why the place could not be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PlaceError {
    /// No place was chosen, or it is there no longer: a card was pulled, a folder was removed.
    #[error("the folder for safety copies is not there")]
    Gone,
    /// It is full.
    #[error("the folder for safety copies is full")]
    Full,
    /// No right to write there any more.
    #[error("no right to write into the folder for safety copies")]
    Denied,
    /// Anything else.
    #[error("the folder for safety copies failed: {0}")]
    Failed(String),
}

/// Why a safety copy was not made, or not taken. Nothing was lost.
#[derive(Debug, thiserror::Error)]
pub enum CopyError {
    /// Copies are not switched on.
    #[error("safety copies are not switched on")]
    Off,
    /// A passphrase that nobody could use.
    #[error(transparent)]
    Passphrase(#[from] PassphraseFault),
    /// Not the passphrase of this copy.
    #[error("this is not the passphrase of the copy")]
    WrongPassphrase,
    /// The file is something else.
    #[error("the file is no safety copy")]
    NotACopy,
    /// A newer program made it.
    #[error("the copy has format {found}, this program reads {known}; update the app first")]
    Newer {
        /// Its format.
        found: u16,
        /// The newest that this program reads.
        known: u16,
    },
    /// It ends too early.
    #[error("the copy ends too early, at byte {at}: it was not copied whole")]
    Truncated {
        /// Where.
        at: u64,
    },
    /// It was changed or damaged.
    #[error("the copy is damaged near byte {at}; take another one")]
    Damaged {
        /// Where.
        at: u64,
    },
    /// It is another merchant's.
    #[error("the copy is of merchant {found}, not of {wanted}")]
    OtherMerchant {
        /// Whose it is.
        found: String,
        /// Whose it should be.
        wanted: String,
    },
    /// There is a terminal already; a copy never overwrites a ledger.
    #[error("this terminal has its ledger already; a copy is taken only where there is none")]
    NotEmpty,
    /// The passphrase could not be stretched, for want of memory most likely.
    #[error(transparent)]
    Stretch(#[from] HashError),
    /// The place outside.
    #[error(transparent)]
    Place(#[from] PlaceError),
    /// The home.
    #[error(transparent)]
    Home(#[from] HomeError),
    /// A file of the home.
    #[error(transparent)]
    File(#[from] FileError),
    /// The ledger.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// The sealed store.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// A port.
    #[error(transparent)]
    Port(#[from] PortError),
    /// Consent is missing.
    #[error(transparent)]
    Engine(#[from] EngineError),
}

impl CopyError {
    /// What explains it to people, with the next step; kept with the last failure.
    #[must_use]
    pub const fn code(&self) -> LocalCode {
        match self {
            Self::Off => LocalCode::CopiesOff,
            Self::Passphrase(_) => LocalCode::PassphraseUnfit,
            Self::WrongPassphrase => LocalCode::PassphraseWrong,
            Self::NotACopy => LocalCode::CopyForeign,
            Self::Newer { .. } | Self::Ledger(LedgerError::Newer { .. }) => LocalCode::CopyNewer,
            Self::Truncated { .. }
            | Self::Damaged { .. }
            | Self::Ledger(LedgerError::Corrupt(_)) => LocalCode::CopyDamaged,
            Self::OtherMerchant { .. } => LocalCode::CopyOfOther,
            Self::NotEmpty => LocalCode::CopyNotNeeded,
            Self::Place(PlaceError::Gone) => LocalCode::CopyPlaceGone,
            Self::Place(PlaceError::Full) => LocalCode::CopyPlaceFull,
            Self::Place(PlaceError::Denied) => LocalCode::CopyPlaceDenied,
            Self::File(FileError::DiskFull(_)) | Self::Ledger(LedgerError::DiskFull) => {
                LocalCode::CopyNoRoom
            }
            Self::Vault(VaultError::KeysLost(_)) => LocalCode::KeysLost,
            Self::Place(PlaceError::Failed(_))
            | Self::Stretch(_)
            | Self::Home(_)
            | Self::File(_)
            | Self::Ledger(_)
            | Self::Vault(_)
            | Self::Port(_)
            | Self::Engine(_) => LocalCode::CopyFailed,
        }
    }
}
