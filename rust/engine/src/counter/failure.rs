//! Why the counter gets no answer: few kinds, each of which a screen treats differently.

use pos_diagnosis::Situation;
use pos_domain::ports::PortError;
use pos_domain::{Code, Explanation, LocalCode};
use pos_ledger::LedgerError;

use super::Counter;
use crate::edition::EditionError;
use crate::files::FileError;
use crate::home::HomeError;
use crate::profile::ProfileError;
use crate::secrets::VaultError;
use crate::setup::SetupError;
use crate::terminal::{EngineError, PeopleError};

/// Why there is no answer. Outcomes of money are never failures.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// A profile that cannot be used.
    #[error("line {line}: {key}: {detail}")]
    ProfileInvalid {
        /// Counts from 1; 0 when the whole is meant.
        line: u32,
        /// The key with its section; empty when the whole is meant.
        key: String,
        /// What is wrong and what would be right.
        detail: String,
        /// The file that it names and that was not given.
        missing: Option<String>,
    },
    /// A PIN was wrong.
    #[error("wrong PIN")]
    WrongPin {
        /// Whose.
        operator: String,
        /// Tries until none is taken for a while; none when that is not known.
        attempts_left: Option<u32>,
    },
    /// A rule forbids it; nothing was recorded.
    #[error("refused")]
    Refused {
        /// Which, and what to do now.
        explanation: Box<Explanation>,
    },
    /// What was given can be used by nobody; nothing was recorded.
    #[error("{what} {detail}")]
    InputInvalid {
        /// Which of it.
        what: String,
        /// What would be right.
        detail: String,
    },
    /// No such sale, undo or item.
    #[error("no {id}")]
    NotFound {
        /// What was asked for.
        id: String,
    },
    /// The disk is full.
    #[error("the disk is full")]
    DiskFull,
    /// The home cannot be written.
    #[error("the home cannot be written")]
    ReadOnly,
    /// The ledger is damaged.
    #[error("the ledger is damaged: {detail}")]
    LedgerCorrupt {
        /// What the database said.
        detail: String,
    },
    /// The ledger was written by a newer version.
    #[error("the ledger is a newer version's")]
    LedgerNewer,
    /// The ledger, or the profile in it, is not for this edition of the app.
    #[error("{key}: {detail}")]
    EditionRefused {
        /// The key of the profile; `app.edition` when the ledger is another edition's.
        key: String,
        /// What is wrong and what would be right.
        detail: String,
    },
    /// Another program holds the home.
    #[error("the home is in use")]
    HomeInUse,
    /// The keys of this terminal cannot be opened.
    #[error("the keys are lost: {detail}")]
    KeysLost {
        /// What could not be opened.
        detail: String,
    },
    /// A fault of the core.
    #[error("internal: {detail}")]
    Internal {
        /// For support.
        detail: String,
    },
}

/// Something given that nobody can use, and what would be right.
pub(super) fn invalid(what: &str, detail: &str) -> Failure {
    Failure::InputInvalid {
        what: what.to_owned(),
        detail: detail.to_owned(),
    }
}

/// A fault of the core, in words for support.
pub(super) fn internal(detail: impl ToString) -> Failure {
    Failure::Internal {
        detail: detail.to_string(),
    }
}

impl From<FileError> for Failure {
    fn from(error: FileError) -> Self {
        match error {
            FileError::DiskFull(_) => Self::DiskFull,
            FileError::ReadOnly(_) => Self::ReadOnly,
            FileError::Other { .. } => internal(error),
        }
    }
}

impl From<HomeError> for Failure {
    fn from(error: HomeError) -> Self {
        match error {
            HomeError::InUse(_) => Self::HomeInUse,
            HomeError::File(error) => error.into(),
            HomeError::Empty(_) => internal(error),
        }
    }
}

impl From<EditionError> for Failure {
    fn from(error: EditionError) -> Self {
        Self::EditionRefused {
            key: error.key,
            detail: error.detail.to_owned(),
        }
    }
}

impl From<PortError> for Failure {
    fn from(error: PortError) -> Self {
        if error.port == "key_store" {
            let detail = error.detail;
            return Self::KeysLost { detail };
        }
        internal(error)
    }
}

impl From<VaultError> for Failure {
    fn from(error: VaultError) -> Self {
        match error {
            VaultError::File(error) => error.into(),
            VaultError::Port(error) => error.into(),
            other => Self::KeysLost {
                detail: other.to_string(),
            },
        }
    }
}

impl From<LedgerError> for Failure {
    fn from(error: LedgerError) -> Self {
        match error {
            LedgerError::Corrupt(detail) => Self::LedgerCorrupt { detail },
            LedgerError::Value(what) => Self::LedgerCorrupt {
                detail: format!("unknown {what}"),
            },
            LedgerError::Newer { .. } => Self::LedgerNewer,
            LedgerError::DiskFull => Self::DiskFull,
            LedgerError::ReadOnly(_) => Self::ReadOnly,
            LedgerError::InUse => Self::HomeInUse,
            LedgerError::Missing { id, .. } => Self::NotFound { id },
            LedgerError::Port(error) => error.into(),
            LedgerError::Seal => Self::KeysLost {
                detail: error.to_string(),
            },
            other => internal(other),
        }
    }
}

/// A profile that cannot be used, for want of the file `missing` where there is one.
pub(super) fn profile_invalid(error: ProfileError, missing: Option<String>) -> Failure {
    let line = error.line.and_then(|line| u32::try_from(line).ok());
    Failure::ProfileInvalid {
        line: line.unwrap_or(0),
        key: error.key,
        detail: error.detail,
        missing,
    }
}

impl From<SetupError> for Failure {
    fn from(error: SetupError) -> Self {
        match error {
            SetupError::Home(error) => error.into(),
            SetupError::Vault(error) => error.into(),
            SetupError::Ledger(error) => error.into(),
            SetupError::Edition(error) => error.into(),
            SetupError::Owed { key, .. } => Self::ProfileInvalid {
                line: 0,
                key: key.to_owned(),
                detail: error.to_string(),
                missing: None,
            },
        }
    }
}

impl Counter {
    /// A refusal in words.
    pub(super) fn refused(&self, code: &Code, situation: Situation) -> Failure {
        let lang = self.language();
        Failure::Refused {
            explanation: Box::new(pos_diagnosis::explain(code, situation, lang, "")),
        }
    }

    /// An error of the engine as the counter is told it; `situation` chooses the words.
    pub(super) fn failure(&self, error: EngineError, situation: Situation) -> Failure {
        match error {
            EngineError::Home(error) => error.into(),
            EngineError::Vault(error) => error.into(),
            EngineError::Ledger(error) => error.into(),
            EngineError::Port(error) => error.into(),
            EngineError::Edition(error) => error.into(),
            EngineError::Refused(code) => self.refused(&code, situation),
            EngineError::Setting(_) | EngineError::Link(_) | EngineError::Runtime(_) => {
                internal(error)
            }
        }
    }

    /// As [`Counter::failure`], with a wrong PIN told apart: whose it was, and what is left.
    pub(super) fn pin_failure(
        &self,
        error: EngineError,
        situation: Situation,
        operator: &str,
    ) -> Failure {
        let wrong = [LocalCode::OperatorPinWrong, LocalCode::ApprovalPinWrong].map(Code::from);
        match &error {
            EngineError::Refused(code) if wrong.contains(code) => Failure::WrongPin {
                operator: operator.to_owned(),
                attempts_left: self.attempts_left(operator),
            },
            _ => self.failure(error, situation),
        }
    }

    pub(super) fn people_failure(&self, error: PeopleError, approver: &str) -> Failure {
        match error {
            PeopleError::Pin(_) => self.refused(&LocalCode::PinUnfit.into(), Situation::Operator),
            PeopleError::Engine(error) => self.pin_failure(error, Situation::Operator, approver),
        }
    }
}
