//! What can go wrong with the ledger file.

use pos_domain::ports::PortError;

/// Why the ledger could not do it. Nothing was half done: a transaction commits whole or not.
#[derive(Debug, thiserror::Error)]
pub enum LedgerError {
    /// The file is no ledger or is damaged.
    #[error("the ledger is damaged: {0}")]
    Corrupt(String),
    /// The file was written by a newer version of the program.
    #[error("the ledger has schema {found}, this program knows up to {known}")]
    Newer {
        /// The file's schema.
        found: i64,
        /// The newest this program knows.
        known: i64,
    },
    /// The file was written by an older version of the program, and was opened only to be read.
    #[error(
        "the ledger has schema {found}, this program reads {known}; it is updated when the \
         terminal is next opened to work"
    )]
    Older {
        /// The file's schema.
        found: i64,
        /// The one this program reads.
        known: i64,
    },
    /// The disk is full.
    #[error("the disk is full")]
    DiskFull,
    /// The file or its folder cannot be written.
    #[error("the ledger cannot be written: {0}")]
    ReadOnly(String),
    /// Another program holds the file.
    #[error("the ledger is in use")]
    InUse,
    /// The database's own rules refused the change: a second undo, a deletion, a reopened proof.
    #[error("refused by the ledger: {0}")]
    Rule(String),
    /// A row that must be there is not.
    #[error("no {what} {id} in the ledger")]
    Missing {
        /// The kind of row.
        what: &'static str,
        /// Its identifier.
        id: String,
    },
    /// A sealed value cannot be opened: the data key is another or the bytes were changed.
    #[error("a sealed value cannot be opened")]
    Seal,
    /// A stored value has a form that this program does not know.
    #[error("the ledger holds an unknown {0}")]
    Value(&'static str),
    /// A port failed.
    #[error(transparent)]
    Port(#[from] PortError),
    /// A test stopped the program here.
    #[cfg(feature = "planted")]
    #[error("stopped by a test")]
    Stopped,
    /// Anything else that SQLite reports.
    #[error("the ledger failed: {0}")]
    Sqlite(String),
}

impl From<rusqlite::Error> for LedgerError {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode as C;
        if let rusqlite::Error::FromSqlConversionFailure(_, _, inner) = &error
            && let Some(Self::Value(what)) = inner.downcast_ref()
        {
            return Self::Value(what);
        }
        let text = error.to_string();
        let extended = error.sqlite_error().map(|told| told.extended_code);
        match error.sqlite_error_code() {
            // There is no room for the index of the log of changes, the first that SQLite makes.
            _ if extended == Some(rusqlite::ffi::SQLITE_IOERR_SHMSIZE) => Self::DiskFull,
            Some(C::DiskFull) => Self::DiskFull,
            Some(C::ReadOnly | C::CannotOpen | C::PermissionDenied) => Self::ReadOnly(text),
            Some(C::DatabaseBusy | C::DatabaseLocked) => Self::InUse,
            Some(C::DatabaseCorrupt | C::NotADatabase) => Self::Corrupt(text),
            Some(C::ConstraintViolation) => Self::Rule(text),
            _ => Self::Sqlite(text),
        }
    }
}

impl From<pos_domain::UnknownText> for LedgerError {
    fn from(error: pos_domain::UnknownText) -> Self {
        Self::Value(error.what)
    }
}
