//! F62: terminal serial, parameters, key and application lists, chip uploads (spec 2.10).
//!
//! Working keys are read by [`crate::security::unwrap_working_keys`]; downloaded keys and
//! applications, and private QR data, are plain [`crate::tlv`].

use super::{Reader, SubfieldError, put_number};

const F62: u8 = 62;
const SEQUENCE: &str = "Sequence No";

/// F62 of a sign-in: the terminal's vendor and serial number in one text of at most 99 bytes.
///
/// # Errors
/// A text that is longer or not printable ASCII.
pub fn device_value(vendor_and_serial: &str) -> Result<String, SubfieldError> {
    let rule = "vendor and serial, at most 99 printable characters";
    let length = vendor_and_serial.len();
    if length > 99
        || !vendor_and_serial
            .bytes()
            .all(|c| (0x20..=0x7E).contains(&c))
    {
        return Err(SubfieldError {
            field: F62,
            at: SEQUENCE.len(),
            rule,
        });
    }
    Ok(format!("{SEQUENCE}{length:02}{vendor_and_serial}"))
}

/// Reads F62 of a sign-in: vendor and serial number.
///
/// # Errors
/// Another beginning, or a text that does not have the announced length.
pub fn parse_device(value: &[u8]) -> Result<&str, SubfieldError> {
    let mut reader = Reader::new(F62, value);
    let error = reader.error("the words Sequence No");
    if reader.take(SEQUENCE.len(), "the words Sequence No")? != SEQUENCE.as_bytes() {
        return Err(error);
    }
    let length: u8 = reader.small(2, "length, 2 digits")?;
    let error = reader.error("text of the announced length");
    let text = reader.take(length.into(), "text of the announced length")?;
    reader.end("end after the serial number")?;
    std::str::from_utf8(text).map_err(|_| error)
}

/// One downloaded terminal parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parameter<'a> {
    /// Two digits, such as `22` for the merchant name.
    pub code: &'a str,
    /// The value; GBK for names.
    pub value: &'a [u8],
}

/// Reads downloaded terminal parameters: two-digit codes, each with a value of a fixed size.
/// The sizes differ between acquirers and are the caller's.
///
/// # Errors
/// A code that `sizes` does not have, or a value cut short.
pub fn parse_parameters<'a>(
    value: &'a [u8],
    sizes: &[(&str, usize)],
) -> Result<Vec<Parameter<'a>>, SubfieldError> {
    let mut reader = Reader::new(F62, value);
    let mut parameters = Vec::new();
    while !reader.is_done() {
        let error = reader.error("a parameter code with a known size");
        let code = reader.digits(2, "parameter code, 2 digits")?;
        let size = sizes
            .iter()
            .find(|(known, _)| *known == code)
            .map(|(_, size)| *size);
        let value = reader.take(size.ok_or(error)?, "parameter value of its size")?;
        parameters.push(Parameter { code, value });
    }
    Ok(parameters)
}

/// F62 of a query for the list of keys or applications: how many were received so far.
///
/// # Errors
/// More than 99.
pub fn query_value(received: u8) -> Result<String, SubfieldError> {
    let mut out = String::from("1");
    put_number(
        &mut out,
        F62,
        received.into(),
        2,
        "count received, 2 digits",
    )?;
    Ok(out)
}

/// What the first byte of a list answer says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ListState {
    /// `1`: all is here, or this is the last part.
    Complete,
    /// `2`: more follow.
    More,
    /// `3`: in the middle of the list; more follow.
    Continuing,
}

/// Reads F62 of a list answer: the state, and the elements to read with [`crate::tlv`].
///
/// # Errors
/// Another first byte, or none.
pub fn parse_list(value: &[u8]) -> Result<(ListState, &[u8]), SubfieldError> {
    let state = match value.first() {
        Some(b'1') => ListState::Complete,
        Some(b'2') => ListState::More,
        Some(b'3') => ListState::Continuing,
        _ => {
            return Err(SubfieldError {
                field: F62,
                at: 0,
                rule: "list state 1, 2 or 3",
            });
        }
    };
    Ok((state, value.get(1..).unwrap_or_default()))
}

/// One contactless parameter, such as `FF8058`, the limit without PIN.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Contactless<'a> {
    /// Six characters.
    pub tag: &'a str,
    /// The value in ASCII.
    pub value: &'a [u8],
}

/// Reads contactless parameters: six-character tags with three-digit lengths.
///
/// # Errors
/// A tag that is not hexadecimal, a length that is not digits, a value cut short.
pub fn parse_contactless(value: &[u8]) -> Result<Vec<Contactless<'_>>, SubfieldError> {
    let mut reader = Reader::new(F62, value);
    let mut parameters = Vec::new();
    while !reader.is_done() {
        let error = reader.error("tag, 6 hexadecimal characters");
        let tag = reader.take(6, "tag, 6 hexadecimal characters")?;
        if !tag.iter().all(u8::is_ascii_hexdigit) {
            return Err(error);
        }
        let tag = std::str::from_utf8(tag).map_err(|_| error)?;
        let length: u16 = reader.small(3, "length, 3 digits")?;
        let value = reader.take(length.into(), "value of the announced length")?;
        parameters.push(Contactless { tag, value });
    }
    Ok(parameters)
}

/// F62 of a chip transaction in a batch upload (60.3 = 203 to 206).
///
/// # Errors
/// An amount of more than 12 digits.
pub fn chip_upload_value(upload: ChipUpload) -> Result<String, SubfieldError> {
    let mut out = String::with_capacity(23);
    match upload {
        ChipUpload::Good { foreign, .. } => {
            out.push_str(if foreign { "610100" } else { "610000" });
        }
        ChipUpload::Failed { .. } => out.push_str("710011"),
    }
    let (ChipUpload::Good { amount, .. } | ChipUpload::Failed { amount }) = upload;
    put_number(&mut out, F62, amount, 12, "amount, 12 digits")?;
    out.push_str("156");
    if matches!(upload, ChipUpload::Failed { .. }) {
        out.push_str("10");
    }
    Ok(out)
}

/// A chip transaction in a batch upload.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChipUpload {
    /// An approved transaction.
    Good {
        /// True for a foreign card.
        foreign: bool,
        /// Amount in minor units.
        amount: u64,
    },
    /// A failed or refused transaction.
    Failed {
        /// Amount in minor units.
        amount: u64,
    },
}
