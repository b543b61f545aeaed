//! What the core needs of the platform, as small foreign traits. They are called on threads of
//! the core, sometimes inside a transaction: they must be quick and must not call the core.

use std::path::Path;
use std::sync::Arc;

use pos_engine::copies::{self, PlaceError};
use pos_engine::counter::{self, Event};
use pos_engine::domain::ports::{self as domain, PortError};
use pos_engine::domain::{Moment, WallTime};
use pos_engine::{Secret, SystemClock};
use uniffi::UnexpectedUniFFICallbackError;
use zeroize::Zeroizing;

/// A platform service failed.
#[derive(Debug, thiserror::Error, uniffi::Error)]
pub enum PortFailure {
    /// It did not work.
    #[error("{reason}")]
    Failed {
        /// Why, for support; no secret.
        reason: String,
    },
}

impl From<UnexpectedUniFFICallbackError> for PortFailure {
    fn from(error: UnexpectedUniFFICallbackError) -> Self {
        let reason = error.reason;
        Self::Failed { reason }
    }
}

/// One reading of all clocks.
#[derive(Clone, Debug, uniffi::Record)]
pub struct ClockReading {
    /// Epoch milliseconds of the wall clock; for display and records only.
    pub wall: i64,
    /// Milliseconds since boot, time asleep included.
    pub since_boot: i64,
    /// Changes with each boot.
    pub boot_id: String,
}

/// Reads the clocks. Any thread of the core; must not call the core.
#[uniffi::export(foreign)]
pub trait Clock: Send + Sync {
    /// All clocks, read together.
    fn now(&self) -> Result<ClockReading, PortFailure>;
}

/// Wraps the core's data key with a key that does not leave the platform. The thread that opens or
/// sets up; must not call the core.
#[uniffi::export(foreign)]
pub trait KeyStore: Send + Sync {
    /// Wraps a key.
    fn wrap(&self, key: Secret) -> Result<Vec<u8>, PortFailure>;

    /// Unwraps what `wrap` made; null when the platform no longer has the key.
    fn unwrap(&self, wrapped: Vec<u8>) -> Result<Option<Secret>, PortFailure>;
}

/// Is told of events, one at a time, on a thread of the core. Must return at once and must not
/// call the core.
#[uniffi::export(foreign)]
pub trait Observer: Send + Sync {
    /// Takes an event.
    fn on_event(&self, event: Event) -> Result<(), PortFailure>;
}

/// Why the folder for safety copies could not be used.
#[derive(Debug, thiserror::Error, uniffi::Error)]
pub enum PlaceFailure {
    /// None was chosen, or it is there no longer.
    #[error("gone")]
    Gone,
    /// It is full.
    #[error("full")]
    Full,
    /// No right to write there any more.
    #[error("denied")]
    Denied,
    /// Anything else.
    #[error("{reason}")]
    Failed {
        /// Why, for support; no secret.
        reason: String,
    },
}

impl From<UnexpectedUniFFICallbackError> for PlaceFailure {
    fn from(error: UnexpectedUniFFICallbackError) -> Self {
        let reason = error.reason;
        Self::Failed { reason }
    }
}

/// Where safety copies lie, outside the app. A thread of its own or the one that asks for a copy;
/// may take its time; must not call the core.
#[uniffi::export(foreign)]
pub trait CopyPlace: Send + Sync {
    /// Puts the file at the path `file` there under `name`, whole or not at all.
    fn put(&self, name: String, file: String) -> Result<(), PlaceFailure>;

    /// The names of the files there.
    fn names(&self) -> Result<Vec<String>, PlaceFailure>;

    /// Removes a file; it may be absent.
    fn remove(&self, name: String) -> Result<(), PlaceFailure>;
}

pub(crate) struct ForeignCopies(pub Arc<dyn CopyPlace>);

impl From<PlaceFailure> for PlaceError {
    fn from(failure: PlaceFailure) -> Self {
        match failure {
            PlaceFailure::Gone => Self::Gone,
            PlaceFailure::Full => Self::Full,
            PlaceFailure::Denied => Self::Denied,
            PlaceFailure::Failed { reason } => Self::Failed(reason),
        }
    }
}

impl copies::CopyPlace for ForeignCopies {
    fn put(&self, name: &str, file: &Path) -> Result<(), PlaceError> {
        let file = file.to_string_lossy().into_owned();
        Ok(self.0.put(name.to_owned(), file)?)
    }

    fn names(&self) -> Result<Vec<String>, PlaceError> {
        Ok(self.0.names()?)
    }

    fn remove(&self, name: &str) -> Result<(), PlaceError> {
        Ok(self.0.remove(name.to_owned())?)
    }
}

pub(crate) struct ForeignClock(pub Arc<dyn Clock>);
pub(crate) struct ForeignKeys(pub Arc<dyn KeyStore>);
pub(crate) struct ForeignObserver(pub Arc<dyn Observer>);

fn key_store(reason: impl ToString) -> PortError {
    PortError {
        port: "key_store",
        detail: reason.to_string(),
    }
}

impl domain::Clock for ForeignClock {
    fn now(&self) -> Moment {
        match self.0.now() {
            Ok(read) => Moment {
                wall: WallTime(read.wall),
                since_boot: read.since_boot,
                boot_id: read.boot_id,
            },
            Err(error) => unsure(&error),
        }
    }
}

/// The machine's own wall clock, as of a boot that no trusted time knows: nothing expires by it.
fn unsure(error: &PortFailure) -> Moment {
    log::error!("clock: {error}");
    let own = SystemClock::new().map(|clock| domain::Clock::now(&clock));
    Moment {
        wall: own.map_or(WallTime(0), |moment| moment.wall),
        since_boot: 0,
        boot_id: String::new(),
    }
}

impl domain::KeyStore for ForeignKeys {
    fn wrap(&self, clear: &[u8]) -> Result<Vec<u8>, PortError> {
        let key = Secret::new(Zeroizing::new(clear.to_vec()));
        self.0.wrap(key).map_err(key_store)
    }

    fn unwrap(&self, wrapped: &[u8]) -> Result<Zeroizing<Vec<u8>>, PortError> {
        let key = self.0.unwrap(wrapped.to_vec()).map_err(key_store)?;
        let key = key.ok_or_else(|| key_store("the platform no longer has the key"))?;
        Ok(Zeroizing::new(key.expose().to_vec()))
    }
}

impl counter::Observer for ForeignObserver {
    fn on_event(&self, event: Event) {
        if let Err(error) = self.0.on_event(event) {
            log::error!("observer: {error}");
        }
    }
}
