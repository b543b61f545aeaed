//! F59: two-character tags with decimal lengths (spec 2.9).

use super::{Reader, SubfieldError};

const F59: u8 = 59;

/// SM4 PIN block, 16 raw bytes; F52 is then eight zero bytes.
pub const SM4_PIN: &str = "A1";
/// Terminal information, itself a sequence of tags.
pub const TERMINAL: &str = "A2";
/// Payment code read from the customer's phone (付款码).
pub const PAYMENT_CODE: &str = "A3";
/// Payment voucher of the answer (付款凭证码), 20 digits.
pub const VOUCHER: &str = "A4";
/// Place of the terminal.
pub const LOCATION: &str = "A5";

/// How many digits a length has; acquirers differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LengthWidth {
    /// Two digits, values up to 99 bytes.
    Two,
    /// Three digits, values up to 999 bytes.
    Three,
}

impl LengthWidth {
    const fn digits(self) -> usize {
        match self {
            Self::Two => 2,
            Self::Three => 3,
        }
    }
}

/// One element. The value is hidden in `Debug`: it may be a payment code.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Entry<'a> {
    /// Two ASCII characters.
    pub tag: &'a str,
    /// The value.
    pub value: &'a [u8],
}

impl std::fmt::Debug for Entry<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Entry({}, {} bytes)", self.tag, self.value.len())
    }
}

/// Reads a sequence of tags; for F59 and for the inside of [`TERMINAL`].
///
/// # Errors
/// A tag that is not two ASCII letters or digits, a length that is not digits, a value cut short.
pub fn parse(value: &[u8], width: LengthWidth) -> Result<Vec<Entry<'_>>, SubfieldError> {
    let mut reader = Reader::new(F59, value);
    let mut entries = Vec::new();
    while !reader.is_done() {
        let error = reader.error("tag, 2 letters or digits");
        let tag = reader.take(2, "tag, 2 letters or digits")?;
        if !tag.iter().all(u8::is_ascii_alphanumeric) {
            return Err(error);
        }
        let tag = std::str::from_utf8(tag).map_err(|_| error)?;
        let length: u16 = reader.small(width.digits(), "length in digits")?;
        let value = reader.take(length.into(), "value of the announced length")?;
        entries.push(Entry { tag, value });
    }
    Ok(entries)
}

/// The value of the first element with this tag; `None` when it is absent or anything is wrong.
#[must_use]
pub fn find<'a>(value: &'a [u8], width: LengthWidth, tag: &str) -> Option<&'a [u8]> {
    parse(value, width)
        .ok()?
        .into_iter()
        .find(|entry| entry.tag == tag)
        .map(|e| e.value)
}

/// Writes a sequence of tags.
///
/// # Errors
/// A tag that is not two ASCII letters or digits, or a value too long for the width.
pub fn to_value(entries: &[Entry<'_>], width: LengthWidth) -> Result<Vec<u8>, SubfieldError> {
    let mut out = Vec::new();
    for entry in entries {
        let error = |rule| SubfieldError {
            field: F59,
            at: out.len(),
            rule,
        };
        if entry.tag.len() != 2 || !entry.tag.bytes().all(|c| c.is_ascii_alphanumeric()) {
            return Err(error("tag, 2 letters or digits"));
        }
        let digits = width.digits();
        let length = format!("{:0digits$}", entry.value.len());
        if length.len() > digits {
            return Err(error("value that the length can say"));
        }
        out.extend_from_slice(entry.tag.as_bytes());
        out.extend_from_slice(length.as_bytes());
        out.extend_from_slice(entry.value);
    }
    Ok(out)
}
