//! PIN blocks (spec 6.3).

use zeroize::Zeroizing;

use super::SecurityError;
use super::ecb::{Family, encrypt_ecb};

/// The clear PIN block of ISO 9564 format 0: PIN and card number combined. Without a card number
/// (F53 digit 1 = 1) the second half of the combination is zero.
///
/// # Errors
/// A PIN that is not 4 to 12 digits, or a card number that is not digits.
pub fn pin_block(pin: &str, pan: Option<&str>) -> Result<Zeroizing<[u8; 8]>, SecurityError> {
    combined(pin, pan)
}

/// The clear 16-byte block that SM4 encrypts; it goes out in F59 tag A1.
///
/// # Errors
/// As [`pin_block`].
pub fn pin_block_sm4(pin: &str, pan: Option<&str>) -> Result<Zeroizing<[u8; 16]>, SecurityError> {
    combined(pin, pan)
}

/// The PIN block under the PIN key: 8 bytes for F52, or 16 for SM4.
///
/// # Errors
/// As [`pin_block`], and a key length that the family does not have.
pub fn encrypted_pin_block(
    family: Family,
    pik: &[u8],
    pin: &str,
    pan: Option<&str>,
) -> Result<Vec<u8>, SecurityError> {
    let out = match family {
        Family::Des => encrypt_ecb(family, pik, pin_block(pin, pan)?.as_slice())?,
        Family::Sm4 => encrypt_ecb(family, pik, pin_block_sm4(pin, pan)?.as_slice())?,
    };
    Ok(out.to_vec())
}

fn combined<const N: usize>(
    pin: &str,
    pan: Option<&str>,
) -> Result<Zeroizing<[u8; N]>, SecurityError> {
    let mut block = Zeroizing::new(pin_field(pin)?);
    for (byte, other) in block
        .iter_mut()
        .zip(pan_field::<N>(pan.unwrap_or_default())?.iter())
    {
        *byte ^= other;
    }
    Ok(block)
}

/// `0`, the length, the PIN, then F.
fn pin_field<const N: usize>(pin: &str) -> Result<[u8; N], SecurityError> {
    let length = u8::try_from(pin.len()).map_err(|_| SecurityError::Pin)?;
    if !(4..=12).contains(&length) || !pin.bytes().all(|c| c.is_ascii_digit()) {
        return Err(SecurityError::Pin);
    }
    let digits = pin.bytes().map(|character| character & 0x0F);
    let nibbles = [0, length]
        .into_iter()
        .chain(digits)
        .chain(std::iter::repeat(0xF));
    Ok(packed(nibbles))
}

/// The 12 rightmost digits without the check digit, at the right end of the block.
fn pan_field<const N: usize>(pan: &str) -> Result<Zeroizing<[u8; N]>, SecurityError> {
    if !pan.bytes().all(|c| c.is_ascii_digit()) {
        return Err(SecurityError::Pan);
    }
    let digits = pan
        .bytes()
        .rev()
        .skip(1)
        .take(12)
        .map(|character| character & 0x0F);
    Ok(Zeroizing::new(packed_from_right(digits)))
}

fn packed<const N: usize>(nibbles: impl Iterator<Item = u8>) -> [u8; N] {
    let mut nibbles = nibbles;
    std::array::from_fn(|_| {
        let high = nibbles.next().unwrap_or_default();
        (high << 4) | nibbles.next().unwrap_or_default()
    })
}

fn packed_from_right<const N: usize>(nibbles: impl Iterator<Item = u8>) -> [u8; N] {
    let mut nibbles = nibbles;
    let mut block: [u8; N] = std::array::from_fn(|_| {
        let low = nibbles.next().unwrap_or_default();
        (nibbles.next().unwrap_or_default() << 4) | low
    });
    block.reverse();
    block
}
