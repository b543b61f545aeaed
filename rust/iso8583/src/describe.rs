//! A message as a person may see it: names, and values masked by the table's secrecy.

use std::fmt;

use zeroize::Zeroizing;

use crate::bcd;
use crate::frame::Frame;
use crate::messages;
use crate::table::{self, Coding, Secrecy};

const HEX_MARK: &str = "hex:";

/// One field, ready to be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Field number.
    pub field: u8,
    /// Chinese name.
    pub name_zh: &'static str,
    /// English name.
    pub name_en: &'static str,
    /// The masked value.
    pub value: String,
}

/// All fields of a frame, masked.
#[must_use]
pub fn describe(frame: &Frame<'_>) -> Vec<Line> {
    let line = |number| {
        let spec = table::field(number)?;
        let value = masked(number, &frame.value(number)?);
        Some(Line {
            field: number,
            name_zh: spec.name_zh,
            name_en: spec.name_en,
            value,
        })
    };
    frame.numbers().filter_map(line).collect()
}

/// A value as the command line shows it in clear: digits, text, `hex:` and hexadecimal for text
/// with bytes outside 20-7E (or that itself begins with `hex:`), bare upper-case hexadecimal for
/// F52, F55, F62 and F64.
#[must_use]
pub fn clear(field: u8, value: &[u8]) -> String {
    if table::field(field).is_some_and(|spec| spec.coding == Coding::Binary) {
        return hex(value);
    }
    let printable = value.iter().all(|byte| (0x20..=0x7E).contains(byte));
    match std::str::from_utf8(value) {
        Ok(text) if printable && !text.starts_with(HEX_MARK) => text.to_owned(),
        _ => format!("{HEX_MARK}{}", hex(value)),
    }
}

/// The value form of what [`clear`] shows; `None` for hexadecimal that is none.
#[must_use]
pub fn parse_clear(field: u8, shown: &str) -> Option<Zeroizing<Vec<u8>>> {
    let coding = table::field(field).map(|spec| spec.coding);
    let value = match (coding, shown.strip_prefix(HEX_MARK)) {
        (Some(Coding::Binary), _) => unhex(shown)?,
        (Some(Coding::Text), Some(digits)) => unhex(digits)?,
        _ => shown.as_bytes().to_vec(),
    };
    Some(Zeroizing::new(value))
}

/// A value as anybody may see it. A card number keeps its first six and last four digits when it
/// has 13 or more; a hidden value shows only its length.
#[must_use]
pub fn masked(field: u8, value: &[u8]) -> String {
    match table::field(field).map(|spec| spec.secrecy) {
        Some(Secrecy::Open) => clear(field, value),
        Some(Secrecy::Account) => mask_account(value),
        Some(Secrecy::Hidden) | None => format!("<{}>", value.len()),
    }
}

pub(crate) fn mask_account(value: &[u8]) -> String {
    let readable = value.len() >= 13;
    let last = value.len().saturating_sub(4);
    let show = |(index, &byte): (usize, &u8)| {
        if readable && (index < 6 || index >= last) {
            char::from(byte)
        } else {
            '*'
        }
    };
    value.iter().enumerate().map(show).collect()
}

fn hex(bytes: &[u8]) -> String {
    bytes
        .iter()
        .flat_map(|byte| [bcd::hex_digit(byte >> 4), bcd::hex_digit(*byte)])
        .map(char::from)
        .collect()
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let (pairs, rest) = text.as_bytes().as_chunks::<2>();
    if !rest.is_empty() {
        return None;
    }
    pairs
        .iter()
        .map(|[high, low]| Some((bcd::hex_value(*high)? << 4) | bcd::hex_value(*low)?))
        .collect()
}

/// Shows a frame with masked values: what it is, then one field a line.
pub struct Masked<'f, 'a>(pub &'f Frame<'a>);

impl fmt::Display for Masked<'_, '_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (mti, tpdu, header) = (self.0.mti(), self.0.tpdu(), self.0.header());
        write!(f, "{mti}")?;
        if let Some(kind) = messages::identify(mti, &self.0.to_message().fields) {
            let row = messages::transaction(kind);
            write!(f, " {} ({})", row.name_en, row.name_zh)?;
        }
        writeln!(f, " tpdu {tpdu} header {header}")?;
        for line in describe(self.0) {
            writeln!(
                f,
                "F{} {} ({}): {}",
                line.field, line.name_en, line.name_zh, line.value
            )?;
        }
        Ok(())
    }
}
