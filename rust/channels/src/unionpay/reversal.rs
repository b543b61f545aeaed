//! Reversal (冲正) of a message from its stored fields (spec §5.4).

use pos_iso8583::{Fields, Mti, tlv};

use super::draft::Draft;
use super::terminal::{Identity, VoidReversalOriginal};

/// Why, as field 39 of the request says it (§5.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// Sent, no answer.
    NoAnswer,
    /// The answer's MAC was wrong or missing.
    Mac,
    /// The answer failed another check, or the terminal failed after it.
    Invalid,
}

pos_domain::text_enum!(Reason { NoAnswer => "98", Mac => "A0", Invalid => "06" });

/// Copied as in the original. Field 36, 26, 35, 52 and 53 are dropped.
const COPIED: [u8; 12] = [2, 3, 4, 11, 14, 22, 23, 25, 38, 49, 59, 60];

/// Tags of field 55 that a reversal keeps; 9F36 only goes with a valid answer (§2.8).
const CHIP_TAGS: [u32; 3] = [0x95, 0x9F1E, 0x9F10];

/// Builds the reversal of the message whose stored fields are `original`. Its trace and batch are
/// the original's; `answered_on` is field 13 of an answer that came with a bad MAC.
#[must_use]
pub fn reversal(
    identity: &Identity,
    original: &Fields,
    reason: Reason,
    answered_on: Option<&str>,
) -> Draft {
    let mut message = identity.message(Mti::REVERSAL);
    for field in COPIED {
        if let Some(value) = original.get(field) {
            message.fields.set(field, value);
        }
    }
    message.fields.set(39, reason.as_str());
    if let Some(chip) = original
        .get(55)
        .map(kept_chip_data)
        .filter(|chip| !chip.is_empty())
    {
        message.fields.set(55, chip);
    }
    if let Some(named) = named_original(identity, original, answered_on) {
        message.fields.set(61, named);
    }
    Draft::plain(message, true)
}

fn kept_chip_data(field55: &[u8]) -> Vec<u8> {
    let mut kept = Vec::new();
    for tag in CHIP_TAGS {
        if let Some(value) = tlv::find(field55, tag) {
            // The value was read from a TLV of the same kind, so it fits.
            let _ = tlv::push(&mut kept, tag, value);
        }
    }
    kept
}

/// Field 61 (§2.7): the reversal of a follow-up names an original, that of a sale where the
/// acquirer wants it to.
fn named_original(
    identity: &Identity,
    original: &Fields,
    answered_on: Option<&str>,
) -> Option<String> {
    let private = original.text(60)?;
    let own = format!("{}{}", private.get(2..8)?, original.text(11)?);
    let dated = || format!("{own}{}", answered_on.unwrap_or("0000"));
    let Some(named) = original.text(61) else {
        return identity.habits.sale_reversal_f61.then(dated);
    };
    let is_sale_void = private.starts_with("23");
    match (is_sale_void, identity.void_reversal) {
        (true, VoidReversalOriginal::Void) => Some(own),
        (true, VoidReversalOriginal::Sale) => Some(named.to_owned()),
        (false, _) => Some(dated()),
    }
}
