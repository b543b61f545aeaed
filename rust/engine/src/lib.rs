//! Assembly of the terminal: its profile, its home folder, the sealed store of its secrets, the
//! links to its hosts, its clocks.
//!
//! This crate must not know a screen, a command line or a simulator. A link to the simulator is
//! handed in by whoever has one.

mod consent;
pub mod copies;
pub mod counter;
#[cfg(feature = "desk")]
pub mod desk;
mod edition;
mod files;
mod hex;
pub mod home;
pub mod link;
pub mod lost_keys;
mod outside;
pub mod profile;
pub mod receipt;
pub mod secrets;
pub mod setup;
pub mod soft_cipher;
pub mod system;
pub mod terminal;

/// The words of the shop counter, for callers that use this crate alone.
pub use pos_domain as domain;
pub use pos_ledger::LedgerError;

pub use edition::{Edition, EditionError};
pub use files::{FileError, in_words};
pub use home::{Home, HomeError, HomeLock};
pub use outside::FileOutside;
pub use profile::{Loaded, Profile, ProfileError, Settings};
pub use secrets::{Secret, Secrets, Vault, VaultError};
pub use setup::{SetupError, SetupPorts, set_up};
pub use soft_cipher::SoftCipher;
pub use system::{SystemClock, SystemRandom, SystemStorage};
pub use terminal::{EngineError, Opening, Ports, Terminal};
