//! F55: which chip tags a message needs (spec 2.8). Access to the tags is [`crate::tlv`].

use crate::tlv;

/// Tags that a sale, pre-auth or inquiry from a chip must have.
pub const REQUEST: [u32; 14] = [
    0x9F26, 0x9F27, 0x9F10, 0x9F37, 0x9F36, 0x95, 0x9A, 0x9C, 0x9F02, 0x5F2A, 0x82, 0x9F1A, 0x9F03,
    0x9F33,
];

/// Tags that such a request may have besides.
pub const REQUEST_OPTIONAL: [u32; 8] =
    [0x9F34, 0x9F35, 0x84, 0x9F09, 0x9F41, 0x9F1E, 0x9F63, 0x9F74];

/// Tags of a reversal: 9F36 only after a valid answer, DF31 only when a script ran.
pub const REVERSAL: [u32; 5] = [0x95, 0x9F1E, 0x9F10, 0x9F36, 0xDF31];

/// Tags of a script result notice.
pub const SCRIPT_NOTICE: [u32; 11] = [
    0x9F33, 0x95, 0x9F37, 0x9F1E, 0x9F10, 0x9F26, 0x9F36, 0x82, 0xDF31, 0x9F1A, 0x9A,
];

/// The tags of `wanted` that the value does not have, in their order.
#[must_use]
pub fn missing(value: &[u8], wanted: &[u32]) -> Vec<u32> {
    wanted
        .iter()
        .copied()
        .filter(|&tag| tlv::find(value, tag).is_none())
        .collect()
}

/// A new value with the elements whose tag is in `wanted`, in the order of the old one.
///
/// # Errors
/// A value that is not a TLV sequence.
pub fn only(value: &[u8], wanted: &[u32]) -> Result<Vec<u8>, tlv::TlvError> {
    let mut out = Vec::with_capacity(value.len());
    for element in tlv::elements(value) {
        let element = element?;
        if wanted.contains(&element.tag) {
            tlv::push(&mut out, element.tag, element.value)?;
        }
    }
    Ok(out)
}
