//! A message as an object: the shape that `decode` prints and `encode` takes.

use std::collections::BTreeMap;

use pos_iso8583::security::{
    CheckError, CupEcb, KeyMode, MacAlgorithm, SecurityError, unwrap_working_keys, verify_mac,
};
use pos_iso8583::table::{self, Coding};
use pos_iso8583::{
    DecodeError, EncodeMacError, Fields, Frame, Message, Mti, decode, describe, encode,
    encode_with_mac,
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use zeroize::Zeroizing;

use crate::Failure;

/// What `decode` prints.
#[derive(Debug, Serialize)]
pub(super) struct Decoded {
    pub tpdu: String,
    pub header: String,
    pub mti: String,
    pub fields: Map<String, Value>,
    pub mac: Option<bool>,
}

/// Keys to check a message with.
#[derive(Default)]
pub(super) struct Keys {
    pub mak: Option<Zeroizing<Vec<u8>>>,
    pub tmk: Option<Zeroizing<Vec<u8>>>,
}

/// Decodes a frame and checks MAC and working keys as far as keys are given.
pub(super) fn decoded(bytes: &[u8], keys: &Keys, clear: bool) -> Result<Decoded, CheckError> {
    let frame = decode(bytes)?;
    let mac = match &keys.mak {
        Some(mak) => Some(verify_mac(&frame, &CupEcb, mak).map(|()| true)?),
        None => None,
    };
    if let Some(tmk) = &keys.tmk {
        check_working_keys(&frame, tmk)?;
    }
    let show = if clear {
        describe::clear
    } else {
        describe::masked
    };
    let shown = |number: u8| {
        let value = frame.value(number)?;
        Some((number.to_string(), Value::String(show(number, &value))))
    };
    Ok(Decoded {
        tpdu: frame.tpdu().to_string(),
        header: frame.header().to_string(),
        mti: frame.mti().to_string(),
        fields: frame.numbers().filter_map(shown).collect(),
        mac,
    })
}

/// Checks F62 of a sign-in answer; any other message has no working keys to check.
fn check_working_keys(frame: &Frame<'_>, tmk: &[u8]) -> Result<(), CheckError> {
    if frame.mti() != Mti::SIGN_IN.response() {
        return Ok(());
    }
    let f60 = frame.digits(60).unwrap_or_default();
    let mode = KEY_MODES
        .into_iter()
        .find(|mode| f60.get(8..11) == Some(mode.network_code()));
    let (Some(mode), Some(f62)) = (mode, frame.bytes(62)) else {
        return Ok(());
    };
    match unwrap_working_keys(f62, mode, tmk) {
        Ok(_) => Ok(()),
        Err(CheckError::Content(error)) => {
            let offset = frame.offset(62).unwrap_or_default() + error.offset;
            Err(DecodeError { offset, ..error }.into())
        }
        Err(error) => Err(error),
    }
}

const KEY_MODES: [KeyMode; 5] = [
    KeyMode::Single,
    KeyMode::Double,
    KeyMode::DoubleTrack,
    KeyMode::Sm4,
    KeyMode::Sm4Track,
];

/// What `encode` takes.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Given {
    tpdu: String,
    header: String,
    mti: String,
    fields: BTreeMap<String, String>,
    /// As `decode` printed it; the frame's own F64 or `mak` decides.
    #[serde(default, rename = "mac")]
    _mac: Option<bool>,
    #[serde(default)]
    mak: Option<String>,
}

/// Builds the frame of an object in decode's shape.
pub(super) fn encoded(json: &str) -> Result<Vec<u8>, Failure> {
    let given: Given = serde_json::from_str(json).map_err(|error| {
        // The reader's own words could quote a value.
        let (line, column) = (error.line(), error.column());
        let what = if error.is_data() {
            "wants tpdu, header, mti and fields (texts by number), and may have mak"
        } else {
            "is not JSON"
        };
        Failure::usage(format!("line {line}, column {column}"), what)
    })?;
    let mak = given.mak.map(Zeroizing::new);
    let mak = mak
        .map(|digits| key("mak", &digits, &[16, 32]))
        .transpose()?;
    let mut fields = Fields::new();
    for (number, text) in given.fields {
        let text = Zeroizing::new(text);
        let (field, value) = value_of(&number, &text)?;
        fields.set(field, value.as_slice());
    }
    let header_error =
        |place: &str, error: pos_iso8583::ParseError| Failure::usage(place, error.to_string());
    let message = Message {
        tpdu: given.tpdu.parse().map_err(|e| header_error("tpdu", e))?,
        header: given
            .header
            .parse()
            .map_err(|e| header_error("header", e))?,
        mti: given.mti.parse().map_err(|e| header_error("mti", e))?,
        fields,
    };
    let wrong = |detail: String| Failure::usage("fields", detail);
    match mak {
        None => encode(&message).map_err(|error| wrong(error.to_string())),
        Some(mak) => encode_with_mac(&message, |input| CupEcb.mac(&mak, input))
            .map_err(|error: EncodeMacError<SecurityError>| wrong(error.to_string())),
    }
}

/// A field's value form from its text: bare hexadecimal digits for binary fields, `hex:` and
/// hexadecimal digits for texts with other bytes, else the text itself.
fn value_of(number: &str, text: &str) -> Result<(u8, Zeroizing<Vec<u8>>), Failure> {
    let name: String = number.chars().take(8).collect();
    let wrong = |detail: &str| Failure::usage(format!("field {name}"), detail);
    let field = number
        .parse()
        .ok()
        .filter(|field: &u8| field.to_string() == number);
    let spec = field.and_then(table::field);
    let spec = spec.ok_or_else(|| wrong("is not part of this dialect"))?;
    let value = if spec.coding == Coding::Binary {
        unhex(text).ok_or_else(|| wrong("wants pairs of hexadecimal digits"))?
    } else if let Some(digits) = text.strip_prefix("hex:") {
        unhex(digits).ok_or_else(|| wrong("wants pairs of hexadecimal digits behind hex:"))?
    } else if text.bytes().all(|byte| (0x20..=0x7E).contains(&byte)) {
        Zeroizing::new(text.as_bytes().to_vec())
    } else {
        return Err(wrong(
            "has characters outside ASCII; write its bytes as hex:…",
        ));
    };
    Ok((spec.number, value))
}

/// The bytes of pairs of hexadecimal digits.
pub(super) fn unhex(text: &str) -> Option<Zeroizing<Vec<u8>>> {
    let (pairs, rest) = text.as_bytes().as_chunks::<2>();
    if !rest.is_empty() {
        return None;
    }
    let mut bytes = Zeroizing::new(Vec::with_capacity(pairs.len()));
    for [high, low] in pairs {
        let digit = |c: &u8| {
            char::from(*c)
                .to_digit(16)
                .and_then(|n| u8::try_from(n).ok())
        };
        bytes.push((digit(high)? << 4) | digit(low)?);
    }
    Some(bytes)
}

/// Upper-case hexadecimal digits.
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02X}")).collect()
}

/// A key of one of these numbers of hexadecimal digits.
pub(super) fn key(
    place: &str,
    digits: &str,
    lengths: &[usize],
) -> Result<Zeroizing<Vec<u8>>, Failure> {
    let bytes = unhex(digits).filter(|_| lengths.contains(&digits.len()));
    bytes.ok_or_else(|| {
        let allowed: Vec<_> = lengths.iter().map(usize::to_string).collect();
        Failure::usage(
            place,
            format!("has {} hexadecimal digits", allowed.join(" or ")),
        )
    })
}
