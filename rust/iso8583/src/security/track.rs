//! Encryption of tracks (spec 6.4).

use zeroize::Zeroizing;

use crate::bcd;

use super::SecurityError;
use super::ecb::{Family, Keyed};

const BLOCK: usize = 8;

/// Encrypts a track in value form: the eight packed bytes before the last one go through triple
/// DES with the track key, all other digits stay. Set F53 digit 3 to 1 and never encrypt twice.
///
/// # Errors
/// A track of fewer than ten packed bytes, a character that no track has, or a key length that
/// DES does not have.
pub fn encrypt_track(track: &[u8], tdk: &[u8]) -> Result<Zeroizing<Vec<u8>>, SecurityError> {
    let keyed = Keyed::new(Family::Des, tdk)?;
    let mut packed = Zeroizing::new(Vec::with_capacity(track.len().div_ceil(2)));
    for pair in track.chunks(2) {
        let high = nibble(pair.first())?;
        let low = pair.get(1).map_or(Ok(0), |low| nibble(Some(low)))?;
        packed.push((high << 4) | low);
    }
    let too_short = SecurityError::TrackTooShort { found: track.len() };
    let end = packed.len().checked_sub(1).ok_or(too_short)?;
    let start = end
        .checked_sub(BLOCK)
        .filter(|&start| start > 0)
        .ok_or(too_short)?;
    keyed.encrypt(packed.get_mut(start..end).unwrap_or_default());
    let mut out = Zeroizing::new(Vec::with_capacity(track.len() + 1));
    for byte in packed.iter() {
        out.extend([character(byte >> 4), character(byte & 0x0F)]);
    }
    out.truncate(track.len());
    Ok(out)
}

fn nibble(character: Option<&u8>) -> Result<u8, SecurityError> {
    match character {
        Some(b'=') => Ok(0xD),
        Some(&character @ (b'0'..=b'9' | b'A'..=b'F')) => {
            bcd::hex_value(character).ok_or(SecurityError::Track)
        }
        _ => Err(SecurityError::Track),
    }
}

const fn character(nibble: u8) -> u8 {
    if nibble == 0xD {
        b'='
    } else {
        bcd::hex_digit(nibble)
    }
}
