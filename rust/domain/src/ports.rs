//! What the core needs from outside. Implementations may block for a moment; none may call back
//! into the core.

use std::fmt;

use zeroize::Zeroizing;

use crate::card::{Pan, Pin};
use crate::time::Moment;

/// Reads the clocks.
pub trait Clock: Send + Sync {
    /// Wall clock, time since boot (suspend included) and boot identity, read together.
    fn now(&self) -> Moment;
}

/// A source of random bytes fit for keys.
pub trait Random: Send + Sync {
    /// Fills `bytes`.
    ///
    /// # Errors
    /// [`PortError`] when the platform has none to give.
    fn fill(&self, bytes: &mut [u8]) -> Result<(), PortError>;
}

/// Wraps the ledger's data key under a key that never leaves the platform.
pub trait KeyStore: Send + Sync {
    /// Wraps clear bytes.
    ///
    /// # Errors
    /// [`PortError`] when the store cannot be used.
    fn wrap(&self, clear: &[u8]) -> Result<Vec<u8>, PortError>;

    /// Unwraps what [`KeyStore::wrap`] made.
    ///
    /// # Errors
    /// [`PortError`] when the wrapping key is gone or the bytes were changed.
    fn unwrap(&self, wrapped: &[u8]) -> Result<Zeroizing<Vec<u8>>, PortError>;
}

/// A small place outside the ledger that a backup does not copy: the restore epoch and the end of
/// the reserved block of trace numbers.
pub trait Outside: Send + Sync {
    /// Reads a number; none when it was never written.
    ///
    /// # Errors
    /// [`PortError`] when the place cannot be read.
    fn read(&self, name: &str) -> Result<Option<u64>, PortError>;

    /// Writes a number durably.
    ///
    /// # Errors
    /// [`PortError`] when it was not written.
    fn write(&self, name: &str, value: u64) -> Result<(), PortError>;
}

/// The disk that the ledger lies on.
pub trait Storage: Send + Sync {
    /// Free bytes; none when the platform does not say.
    fn free_bytes(&self) -> Option<u64>;
}

/// The key pad: working keys by generation, under a master key that it alone holds.
pub trait Cipher: Send + Sync {
    /// Loads the working keys of field 62 of a sign-in answer as generation `generation`, after all
    /// check values were found right.
    ///
    /// # Errors
    /// [`CipherError::CheckValue`] when any check value differs; no key is kept then.
    fn load_working_keys(&self, generation: u32, field62: &[u8]) -> Result<(), CipherError>;

    /// Field 64 over the MAC input (spec unionpay-8583 §6.5).
    ///
    /// # Errors
    /// [`CipherError::NoKey`] when that generation is not loaded.
    fn mac(&self, generation: u32, input: &[u8]) -> Result<[u8; 8], CipherError>;

    /// Field 52: the PIN block of `pin`, with the number when there is one (§6.3).
    ///
    /// # Errors
    /// [`CipherError::NoKey`] when that generation is not loaded.
    fn pin_block(
        &self,
        generation: u32,
        pin: &Pin,
        pan: Option<&Pan>,
    ) -> Result<Vec<u8>, CipherError>;

    /// A track encrypted in place, when the key mode asks for it; else none (§6.4). Digits and `=`
    /// in, hexadecimal digits out.
    ///
    /// # Errors
    /// [`CipherError::NoKey`] when that generation is not loaded.
    fn encrypt_track(
        &self,
        generation: u32,
        track: &str,
    ) -> Result<Option<Zeroizing<String>>, CipherError>;
}

/// Why the key pad could not do it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CipherError {
    /// That generation of working keys is not loaded.
    #[error("the working keys are not loaded")]
    NoKey,
    /// A key's check value differs.
    #[error("a working key's check value differs")]
    CheckValue,
    /// The field of keys has a length that the key mode does not know.
    #[error("the working keys have an unexpected length")]
    Length,
    /// The device failed.
    #[error("the key pad failed")]
    Device,
}

/// A port failed; the text says which and why, without any secret.
#[derive(Clone, PartialEq, Eq)]
pub struct PortError {
    /// Which port: `clock`, `random`, `key_store`, `outside`.
    pub port: &'static str,
    /// Why, for support.
    pub detail: String,
}

impl fmt::Debug for PortError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PortError({}: {})", self.port, self.detail)
    }
}

impl fmt::Display for PortError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.port, self.detail)
    }
}

impl std::error::Error for PortError {}
