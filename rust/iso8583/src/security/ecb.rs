//! Block ciphers on whole blocks, each by itself (ECB).

use cipher::{BlockCipherDecrypt, BlockCipherEncrypt, KeyInit};
use des::{Des, TdesEde2, TdesEde3};
use sm4::Sm4;
use zeroize::Zeroizing;

use super::SecurityError;

/// The family of ciphers that a key belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Family {
    /// DES with 8 bytes, triple DES with 16 or 24.
    Des,
    /// SM4 with 16 bytes.
    Sm4,
}

impl Family {
    /// Block size in bytes.
    #[must_use]
    pub const fn block(self) -> usize {
        match self {
            Self::Des => 8,
            Self::Sm4 => 16,
        }
    }
}

/// A cipher with its key set; the key schedule is wiped on drop.
pub(super) enum Keyed {
    Des(Des),
    Des2(TdesEde2),
    Des3(TdesEde3),
    Sm4(Sm4),
}

impl Keyed {
    pub(super) fn new(family: Family, key: &[u8]) -> Result<Self, SecurityError> {
        let keyed = match (family, key.len()) {
            (Family::Des, 8) => Des::new_from_slice(key).map(Self::Des),
            (Family::Des, 16) => TdesEde2::new_from_slice(key).map(Self::Des2),
            (Family::Des, _) => TdesEde3::new_from_slice(key).map(Self::Des3),
            (Family::Sm4, _) => Sm4::new_from_slice(key).map(Self::Sm4),
        };
        let allowed = match family {
            Family::Des => "8, 16 or 24",
            Family::Sm4 => "16",
        };
        keyed.map_err(|_| SecurityError::KeyLength {
            found: key.len(),
            allowed,
        })
    }

    /// Encrypts whole blocks in place; a rest shorter than a block stays as it is.
    pub(super) fn encrypt(&self, data: &mut [u8]) {
        match self {
            Self::Des(c) => blocks(data, |block| c.encrypt_block(block)),
            Self::Des2(c) => blocks(data, |block| c.encrypt_block(block)),
            Self::Des3(c) => blocks(data, |block| c.encrypt_block(block)),
            Self::Sm4(c) => blocks(data, |block| c.encrypt_block(block)),
        }
    }

    /// Decrypts whole blocks in place; a rest shorter than a block stays as it is.
    pub(super) fn decrypt(&self, data: &mut [u8]) {
        match self {
            Self::Des(c) => blocks(data, |block| c.decrypt_block(block)),
            Self::Des2(c) => blocks(data, |block| c.decrypt_block(block)),
            Self::Des3(c) => blocks(data, |block| c.decrypt_block(block)),
            Self::Sm4(c) => blocks(data, |block| c.decrypt_block(block)),
        }
    }
}

fn blocks<N: cipher::array::ArraySize>(
    data: &mut [u8],
    mut each: impl FnMut(&mut cipher::Array<u8, N>),
) {
    let (whole, _) = cipher::Array::<u8, N>::slice_as_chunks_mut(data);
    whole.iter_mut().for_each(&mut each);
}

fn whole_blocks(family: Family, data: &[u8]) -> Result<(), SecurityError> {
    if data.len().is_multiple_of(family.block()) {
        return Ok(());
    }
    Err(SecurityError::BlockLength {
        found: data.len(),
        block: family.block(),
    })
}

/// Encrypts whole blocks with a key of 8, 16 or 24 bytes (DES) or 16 bytes (SM4).
///
/// # Errors
/// A key of another length, or data that is not whole blocks.
pub fn encrypt_ecb(
    family: Family,
    key: &[u8],
    data: &[u8],
) -> Result<Zeroizing<Vec<u8>>, SecurityError> {
    whole_blocks(family, data)?;
    let mut out = Zeroizing::new(data.to_vec());
    Keyed::new(family, key)?.encrypt(&mut out);
    Ok(out)
}

/// Decrypts whole blocks; see [`encrypt_ecb`].
///
/// # Errors
/// A key of another length, or data that is not whole blocks.
pub fn decrypt_ecb(
    family: Family,
    key: &[u8],
    data: &[u8],
) -> Result<Zeroizing<Vec<u8>>, SecurityError> {
    whole_blocks(family, data)?;
    let mut out = Zeroizing::new(data.to_vec());
    Keyed::new(family, key)?.decrypt(&mut out);
    Ok(out)
}

/// First eight bytes of an encrypted block of zeros: the key check value. Sign-in answers carry
/// the first four (spec 6.1).
///
/// # Errors
/// A key length that the family does not have.
pub fn kcv(family: Family, key: &[u8]) -> Result<[u8; 8], SecurityError> {
    let mut block = [0; 16];
    Keyed::new(family, key)?.encrypt(&mut block);
    let [b0, b1, b2, b3, b4, b5, b6, b7, ..] = block;
    Ok([b0, b1, b2, b3, b4, b5, b6, b7])
}
