//! Keys, message authentication, PIN blocks and track encryption (spec 6).
//!
//! All functions take clear keys as bytes; whoever keeps keys in a PIN pad uses
//! [`crate::encode_with_mac`] and [`crate::Frame::check_mac`] with values of its own.

mod ecb;
mod keys;
mod mac;
mod pin;
mod track;

pub use ecb::{Family, decrypt_ecb, encrypt_ecb, kcv};
pub use keys::{KeyMode, SecretKey, WorkingKeys, unwrap_working_keys};
pub use mac::{CupEcb, MacAlgorithm, Sm4Cbc, Sm4Fold, Sm4Form, X9_9, X9_19, algorithm, verify_mac};
pub use pin::{encrypted_pin_block, pin_block, pin_block_sm4};
pub use track::encrypt_track;

use thiserror::Error;

use crate::error::DecodeError;

/// Why a cryptographic operation is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum SecurityError {
    /// The algorithm does not take keys of this length.
    #[error("key has {found} bytes, this algorithm takes {allowed}")]
    KeyLength {
        /// Bytes given.
        found: usize,
        /// The lengths that are taken, in words.
        allowed: &'static str,
    },
    /// The data does not consist of whole blocks.
    #[error("data of {found} bytes is not a multiple of {block}")]
    BlockLength {
        /// Bytes given.
        found: usize,
        /// Block size in bytes.
        block: usize,
    },
    /// There is nothing to authenticate.
    #[error("nothing to authenticate")]
    EmptyInput,
    /// A PIN that is not 4 to 12 digits.
    #[error("a PIN has 4 to 12 digits")]
    Pin,
    /// A card number that is not digits.
    #[error("a card number has digits only")]
    Pan,
    /// A track with other characters than digits, `=` and `A`-`F`.
    #[error("the track has a character that no track has")]
    Track,
    /// A track of fewer than ten packed bytes has no block to encrypt.
    #[error("track of {found} digits is too short to encrypt")]
    TrackTooShort {
        /// Digits given.
        found: usize,
    },
}

/// Why authenticated content is refused: either it, or the key to check it with, is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum CheckError {
    /// The content is wrong.
    #[error(transparent)]
    Content(#[from] DecodeError),
    /// The key cannot be used.
    #[error(transparent)]
    Key(#[from] SecurityError),
}
