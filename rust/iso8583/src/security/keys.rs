//! Working keys of a sign-in answer (spec 6.2).

use std::fmt;

use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use crate::error::{DecodeError, DecodeErrorKind as Kind};

use super::CheckError;
use super::ecb::{Family, decrypt_ecb, kcv};

/// A clear key: wiped on drop, hidden in `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub struct SecretKey(Zeroizing<Vec<u8>>);

impl SecretKey {
    /// Takes key bytes; the caller keeps the duty to wipe its own copy.
    #[must_use]
    pub fn new(bytes: &[u8]) -> Self {
        Self(Zeroizing::new(bytes.to_vec()))
    }

    /// The clear key.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SecretKey({} bytes)", self.0.len())
    }
}

/// Which keys a sign-in asks for; decides 60.3 and the layout of F62.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum KeyMode {
    /// 001: single-length DES keys, 24 bytes.
    Single,
    /// 003: double-length DES keys, 40 bytes.
    Double,
    /// 004: double-length DES keys with a track key, 60 bytes.
    DoubleTrack,
    /// 005: SM4 keys, 40 bytes.
    Sm4,
    /// 006: SM4 keys with a track key, 60 bytes.
    Sm4Track,
}

impl KeyMode {
    /// 60.3 of the sign-in.
    #[must_use]
    pub const fn network_code(self) -> &'static str {
        match self {
            Self::Single => "001",
            Self::Double => "003",
            Self::DoubleTrack => "004",
            Self::Sm4 => "005",
            Self::Sm4Track => "006",
        }
    }

    /// The cipher family of the keys.
    #[must_use]
    pub const fn family(self) -> Family {
        match self {
            Self::Single | Self::Double | Self::DoubleTrack => Family::Des,
            Self::Sm4 | Self::Sm4Track => Family::Sm4,
        }
    }

    const fn slot(self) -> usize {
        if matches!(self, Self::Single) { 8 } else { 16 }
    }

    const fn slots(self) -> usize {
        if matches!(self, Self::DoubleTrack | Self::Sm4Track) {
            3
        } else {
            2
        }
    }

    /// Bytes of F62.
    #[must_use]
    pub const fn size(self) -> usize {
        (self.slot() + KCV_SIZE) * self.slots()
    }
}

/// The keys of one sign-in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkingKeys {
    /// PIN key.
    pub pik: SecretKey,
    /// MAC key.
    pub mak: SecretKey,
    /// Track key.
    pub tdk: Option<SecretKey>,
}

const KCV_SIZE: usize = 4;
const F62: u8 = 62;

/// Decrypts the keys of a sign-in answer with the terminal master key and checks the check value
/// of each. Either all keys are good or none is given.
///
/// In the 16-byte MAK slot of a DES mode only the first half counts when the second half *of the
/// encrypted slot* is zero.
///
/// # Errors
/// `field_truncated` or `trailing_bytes` when F62 does not have the mode's length, `kcv_mismatch`
/// with the offset of the check value in F62, or a master key of a wrong length.
pub fn unwrap_working_keys(
    f62: &[u8],
    mode: KeyMode,
    tmk: &[u8],
) -> Result<WorkingKeys, CheckError> {
    let size = mode.size();
    if f62.len() != size {
        let (kind, at) = if f62.len() < size {
            (Kind::FieldTruncated, f62.len())
        } else {
            (Kind::TrailingBytes, size)
        };
        let found = if f62.len() < size {
            f62.len()
        } else {
            f62.len() - size
        };
        return Err(DecodeError::new(kind, at)
            .in_field(F62)
            .sized(size, found)
            .into());
    }
    let open = |index: usize, is_mak: bool| unwrap_slot(f62, mode, index, is_mak, tmk);
    let tdk = if mode.slots() == 3 {
        Some(open(2, false)?)
    } else {
        None
    };
    Ok(WorkingKeys {
        pik: open(0, false)?,
        mak: open(1, true)?,
        tdk,
    })
}

fn unwrap_slot(
    f62: &[u8],
    mode: KeyMode,
    index: usize,
    is_mak: bool,
    tmk: &[u8],
) -> Result<SecretKey, CheckError> {
    let start = index * (mode.slot() + KCV_SIZE);
    let check_at = start + mode.slot();
    let (slot, check) = f62
        .get(start..check_at + KCV_SIZE)
        .unwrap_or_default()
        .split_at_checked(mode.slot())
        .unwrap_or_default();
    let encrypted = match slot.split_at_checked(8) {
        Some((first, second))
            if is_mak && mode.family() == Family::Des && second.iter().all(|&b| b == 0) =>
        {
            first
        }
        _ => slot,
    };
    let key = decrypt_ecb(mode.family(), tmk, encrypted)?;
    let value = kcv(mode.family(), &key)?;
    let same = value
        .get(..KCV_SIZE)
        .is_some_and(|value| value.ct_eq(check).into());
    if same {
        return Ok(SecretKey(key));
    }
    Err(DecodeError::new(Kind::KcvMismatch, check_at)
        .in_field(F62)
        .into())
}
