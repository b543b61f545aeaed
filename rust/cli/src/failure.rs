//! What ends a command without a result: `{"error":{"kind","where","detail"}}`.

use std::io::Write;

use pos_engine::copies::{CopyError, PlaceError};
use pos_engine::domain::ports::PortError;
use pos_engine::{
    EngineError, FileError, HomeError, LedgerError, ProfileError, SetupError, VaultError,
};
use serde::Serialize;
use serde_json::json;

use crate::Exit;

/// The kinds of failures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// The command line is wrong, or there is no terminal where it looks.
    Usage,
    /// The profile is refused.
    ProfileInvalid,
    /// Another program writes to the home.
    HomeInUse,
    /// The ledger is damaged.
    LedgerCorrupt,
    /// The ledger is a newer program's.
    LedgerNewer,
    /// The disk is full.
    DiskFull,
    /// The home cannot be written.
    ReadOnly,
    /// Keys are lost or the key store does not work.
    KeyStore,
    /// Anything else.
    Internal,
}

/// Why there is no result. Quotes nothing that could be card data or a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// What kind.
    pub kind: Kind,
    /// Where: an option, a file, a line, a field.
    pub place: String,
    /// What is wrong there.
    pub detail: String,
}

impl Failure {
    /// A failure of any kind.
    pub fn new(kind: Kind, place: impl Into<String>, detail: impl Into<String>) -> Self {
        let (place, detail) = (place.into(), detail.into());
        Self {
            kind,
            place,
            detail,
        }
    }

    /// A mistake on the command line.
    pub fn usage(place: impl Into<String>, detail: impl Into<String>) -> Self {
        Self::new(Kind::Usage, place, detail)
    }

    /// The exit code that goes with it.
    #[must_use]
    pub const fn exit(&self) -> Exit {
        match self.kind {
            Kind::Usage | Kind::ProfileInvalid => Exit::Usage,
            _ => Exit::Internal,
        }
    }

    /// Tells it: as the one object on stdout, or in words on stderr.
    pub fn tell(&self, json: bool) {
        // Nobody is left to be told when this fails.
        let _ = if json {
            let (kind, place, detail) = (self.kind, &self.place, &self.detail);
            let error = json!({"error": {"kind": kind, "where": place, "detail": detail}});
            writeln!(std::io::stdout(), "{error}")
        } else {
            writeln!(
                std::io::stderr(),
                "voidproof: {}: {}",
                self.place,
                self.detail
            )
        };
    }
}

impl From<FileError> for Failure {
    fn from(error: FileError) -> Self {
        let (kind, path) = match &error {
            FileError::DiskFull(path) => (Kind::DiskFull, path),
            FileError::ReadOnly(path) => (Kind::ReadOnly, path),
            FileError::Other { path, .. } => (Kind::Internal, path),
        };
        Self::new(kind, path.display().to_string(), error.to_string())
    }
}

impl From<HomeError> for Failure {
    fn from(error: HomeError) -> Self {
        let detail = error.to_string();
        match error {
            HomeError::InUse(path) => {
                Self::new(Kind::HomeInUse, path.display().to_string(), detail)
            }
            HomeError::Empty(path) => {
                let detail = format!("{detail}; `voidproof init` sets one up");
                Self::new(Kind::Usage, path.display().to_string(), detail)
            }
            HomeError::File(error) => error.into(),
        }
    }
}

impl From<PortError> for Failure {
    fn from(error: PortError) -> Self {
        let kind = if error.port == "key_store" {
            Kind::KeyStore
        } else {
            Kind::Internal
        };
        Self::new(kind, error.port, error.detail)
    }
}

impl From<VaultError> for Failure {
    fn from(error: VaultError) -> Self {
        match error {
            VaultError::File(error) => error.into(),
            VaultError::Port(error) => error.into(),
            VaultError::KeysLost(_) | VaultError::Exists | VaultError::Changed(_) => {
                Self::new(Kind::KeyStore, "keys", error.to_string())
            }
            VaultError::Name => Self::new(Kind::Internal, "keys", error.to_string()),
        }
    }
}

impl From<LedgerError> for Failure {
    fn from(error: LedgerError) -> Self {
        use LedgerError as L;
        let kind = match &error {
            L::Corrupt(_) | L::Value(_) => Kind::LedgerCorrupt,
            L::Newer { .. } => Kind::LedgerNewer,
            L::DiskFull => Kind::DiskFull,
            L::ReadOnly(_) | L::Older { .. } => Kind::ReadOnly,
            L::InUse => Kind::HomeInUse,
            L::Seal => Kind::KeyStore,
            L::Port(error) => return error.clone().into(),
            _ => Kind::Internal,
        };
        let detail = match kind {
            Kind::DiskFull => {
                format!("{error}; free some space and repeat, what is recorded is kept")
            }
            _ => error.to_string(),
        };
        Self::new(kind, "ledger.db", detail)
    }
}

impl From<ProfileError> for Failure {
    fn from(error: ProfileError) -> Self {
        let place = match (error.line, error.key.is_empty()) {
            (Some(line), true) => format!("line {line}"),
            (Some(line), false) => format!("line {line}, {}", error.key),
            (None, true) => "the profile".to_owned(),
            (None, false) => error.key,
        };
        Self::new(Kind::ProfileInvalid, place, error.detail)
    }
}

impl From<EngineError> for Failure {
    fn from(error: EngineError) -> Self {
        match error {
            EngineError::Home(error) => error.into(),
            EngineError::Vault(error) => error.into(),
            EngineError::Ledger(error) => error.into(),
            EngineError::Port(error) => error.into(),
            EngineError::Setting(error) => {
                Self::new(Kind::LedgerCorrupt, error.key.clone(), error.to_string())
            }
            // The desk has no edition, so this is no home of the desk's.
            EngineError::Edition(error) => {
                Self::new(Kind::ProfileInvalid, "edition", error.to_string())
            }
            EngineError::Link(error) => Self::new(Kind::Internal, "the link", error.to_string()),
            EngineError::Refused(code) => Self::usage("the command", code.to_string()),
            EngineError::Runtime(detail) => Self::new(Kind::Internal, "the engine", detail),
        }
    }
}

impl From<SetupError> for Failure {
    fn from(error: SetupError) -> Self {
        match error {
            SetupError::Home(error) => error.into(),
            SetupError::Vault(error) => error.into(),
            SetupError::Ledger(error) => error.into(),
            SetupError::Edition(error) => {
                Self::new(Kind::ProfileInvalid, "edition", error.to_string())
            }
            SetupError::Owed { key, owed } => {
                let detail = format!("cannot change while {owed} items are owed");
                Self::new(Kind::ProfileInvalid, key, detail)
            }
        }
    }
}

impl From<CopyError> for Failure {
    fn from(error: CopyError) -> Self {
        let detail = error.to_string();
        match error {
            CopyError::Off => {
                Self::usage("copy", format!("{detail}; `voidproof copy on` does that"))
            }
            CopyError::Passphrase(_) | CopyError::WrongPassphrase => {
                Self::usage("passphrase", detail)
            }
            CopyError::NotACopy
            | CopyError::Newer { .. }
            | CopyError::Truncated { .. }
            | CopyError::Damaged { .. } => Self::usage("FILE", detail),
            CopyError::OtherMerchant { .. } => Self::usage("--merchant", detail),
            CopyError::NotEmpty => Self::usage("--home", detail),
            CopyError::Place(place) => {
                let kind = match place {
                    PlaceError::Gone => Kind::Usage,
                    PlaceError::Full => Kind::DiskFull,
                    PlaceError::Denied => Kind::ReadOnly,
                    PlaceError::Failed(_) => Kind::Internal,
                };
                Self::new(kind, "--folder", detail)
            }
            CopyError::Stretch(_) => Self::new(Kind::Internal, "passphrase", detail),
            CopyError::Home(error) => error.into(),
            CopyError::File(error) => error.into(),
            CopyError::Ledger(error) => error.into(),
            CopyError::Vault(error) => error.into(),
            CopyError::Port(error) => error.into(),
            CopyError::Engine(error) => error.into(),
        }
    }
}
