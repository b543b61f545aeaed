//! From fields to a frame.

use zeroize::Zeroizing;

use crate::bcd;
use crate::decode::{LENGTH_SIZE, MTI_AT};
use crate::error::{EncodeError, EncodeMacError};
use crate::fields::{Fields, Message};
use crate::table::{self, Coding, FieldSpec, Prefix};
use crate::tlv;

const MAC_FIELD: u8 = 64;
const MAC_SIZE: usize = 8;

/// Writes a whole frame, its two length bytes included; F64 goes out as it is given.
///
/// # Errors
/// The first field that the dialect does not have or whose value does not fit its row.
pub fn encode(message: &Message) -> Result<Vec<u8>, EncodeError> {
    let mut out = write_without_mac(message, message.fields.contains(MAC_FIELD))?;
    if let Some(mac) = message.fields.get(MAC_FIELD) {
        if mac.len() != MAC_SIZE {
            return Err(EncodeError::Length {
                field: MAC_FIELD,
                max: MAC_SIZE,
                found: mac.len(),
            });
        }
        out.extend_from_slice(mac);
    }
    Ok(with_length(out))
}

/// Writes a whole frame whose F64 is made by `mac`, which gets message type to F63 with bit 64
/// set (spec 6.5 step 1). An F64 in the message is replaced.
///
/// # Errors
/// As [`encode`], and whatever `mac` answers.
pub fn encode_with_mac<E>(
    message: &Message,
    mac: impl FnOnce(&[u8]) -> Result<[u8; 8], E>,
) -> Result<Vec<u8>, EncodeMacError<E>> {
    let mut out = write_without_mac(message, true)?;
    let mac = mac(out.get(MTI_AT..).unwrap_or_default()).map_err(EncodeMacError::Mac)?;
    out.extend_from_slice(&mac);
    Ok(with_length(out))
}

/// Everything up to F63. Wiped when a later step fails: it holds account data.
fn write_without_mac(
    message: &Message,
    mac_follows: bool,
) -> Result<Zeroizing<Vec<u8>>, EncodeError> {
    let mut bitmap = if mac_follows {
        table::bit(MAC_FIELD)
    } else {
        0
    };
    let mut capacity = MTI_AT + 2 + 8 + MAC_SIZE;
    for (field, value) in message.fields.iter() {
        if table::field(field).is_none() {
            return Err(EncodeError::FieldUnknown { field });
        }
        bitmap |= table::bit(field);
        capacity += 2 + value.len();
    }
    let mut out = Zeroizing::new(Vec::with_capacity(capacity));
    out.extend_from_slice(&[0; LENGTH_SIZE]);
    out.extend_from_slice(&message.tpdu.to_bytes());
    out.extend_from_slice(&message.header.to_bytes());
    out.extend_from_slice(&message.mti.to_bytes());
    out.extend_from_slice(&bitmap.to_be_bytes());
    for (field, value) in message.fields.iter() {
        match table::field(field) {
            Some(spec) if field != MAC_FIELD => {
                write_field(&mut out, spec, value, &message.fields)?
            }
            _ => {}
        }
    }
    Ok(out)
}

/// The table's maxima keep a message far below the 65535 bytes that a frame can announce.
fn with_length(mut out: Zeroizing<Vec<u8>>) -> Vec<u8> {
    let mut frame = std::mem::take(&mut *out);
    let [.., high, low] = (frame.len() - LENGTH_SIZE).to_be_bytes();
    for (slot, byte) in frame.iter_mut().zip([high, low]) {
        *slot = byte;
    }
    frame
}

fn write_field(
    out: &mut Vec<u8>,
    spec: &FieldSpec,
    value: &[u8],
    fields: &Fields,
) -> Result<(), EncodeError> {
    let fixed = spec.prefix == Prefix::Fixed;
    if value.len() > spec.max || (fixed && value.len() != spec.max) {
        return Err(EncodeError::Length {
            field: spec.number,
            max: spec.max,
            found: value.len(),
        });
    }
    match spec.prefix {
        Prefix::Fixed => {}
        Prefix::Ll => out.push(bcd::byte_of(value.len())),
        Prefix::Lll => {
            out.extend_from_slice(&[bcd::byte_of(value.len() / 100), bcd::byte_of(value.len())]);
        }
    }
    let packed = match spec.coding {
        Coding::DigitsRight => pack_right(out, value),
        Coding::DigitsLeft => pack_left(out, value, digit),
        Coding::Track if tracks_encrypted(fields) => pack_left(out, value, track_nibble),
        Coding::Track => pack_left(out, value, plain_track_nibble),
        Coding::Binary if spec.number == 55 => {
            tlv::check(value).map_err(|e| EncodeError::Tlv {
                field: spec.number,
                at: e.at,
            })?;
            out.extend_from_slice(value);
            Some(())
        }
        Coding::Text | Coding::Binary => {
            out.extend_from_slice(value);
            Some(())
        }
    };
    packed.ok_or_else(|| bad_character(spec, value, fields))
}

#[cold]
fn bad_character(spec: &FieldSpec, value: &[u8], fields: &Fields) -> EncodeError {
    let allowed = match spec.coding {
        Coding::Track if tracks_encrypted(fields) => track_nibble,
        Coding::Track => plain_track_nibble,
        _ => digit,
    };
    let at = value
        .iter()
        .position(|&c| allowed(c).is_none())
        .unwrap_or_default();
    EncodeError::Digit {
        field: spec.number,
        at,
    }
}

fn tracks_encrypted(fields: &Fields) -> bool {
    fields.get(53).and_then(|value| value.get(2)) == Some(&b'1')
}

const fn digit(character: u8) -> Option<u8> {
    if character.is_ascii_digit() {
        Some(character & 0x0F)
    } else {
        None
    }
}

const fn plain_track_nibble(character: u8) -> Option<u8> {
    if character == b'=' {
        Some(0xD)
    } else {
        digit(character)
    }
}

const fn track_nibble(character: u8) -> Option<u8> {
    match character {
        b'=' => Some(0xD),
        b'0'..=b'9' | b'A'..=b'F' => bcd::hex_value(character),
        _ => None,
    }
}

fn pack_left(out: &mut Vec<u8>, value: &[u8], nibble: fn(u8) -> Option<u8>) -> Option<()> {
    let (pairs, last) = value.as_chunks::<2>();
    for &[high, low] in pairs {
        out.push((nibble(high)? << 4) | nibble(low)?);
    }
    if let [last] = last {
        out.push(nibble(*last)? << 4);
    }
    Some(())
}

fn pack_right(out: &mut Vec<u8>, value: &[u8]) -> Option<()> {
    let (first, pairs) = value.as_rchunks::<2>();
    if let [first] = first {
        out.push(digit(*first)?);
    }
    for &[high, low] in pairs {
        out.push((digit(high)? << 4) | digit(low)?);
    }
    Some(())
}
