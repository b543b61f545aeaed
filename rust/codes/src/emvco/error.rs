//! Errors of EMVCo codes. None ever holds content of a code.

use std::fmt;

use serde::ser::{Serialize, SerializeStruct, Serializer};

/// What is wrong with a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum QrErrorKind {
    /// Not UTF-8.
    NotUtf8,
    /// The text ends inside an object's id, length or value.
    ObjectTruncated,
    /// An id is not two digits.
    IdNotDigits,
    /// A length is not two digits.
    LengthNotDigits,
    /// An id comes twice on the same level.
    IdDuplicate,
    /// The code does not begin with its payload format.
    FormatInvalid,
    /// An object that every code has is absent.
    ObjectMissing,
    /// An object that every code fills is empty.
    ObjectEmpty,
    /// A value has more than 99 characters, or does not have the form that its id asks for.
    ValueInvalid,
    /// There is no object 63.
    CrcMissing,
    /// Object 63 is not four hexadecimal digits.
    CrcInvalid,
    /// Something follows object 63.
    CrcNotLast,
    /// The CRC is not the one of the text.
    CrcMismatch,
    /// Not base64.
    Base64Invalid,
    /// Not a sequence of tag, length, value.
    TlvMalformed,
    /// Templates lie deeper than any code needs.
    TooDeep,
    /// Longer than the largest QR code.
    TooLong,
}

text_form!(QrErrorKind {
    NotUtf8 => "not_utf8",
    ObjectTruncated => "object_truncated",
    IdNotDigits => "id_not_digits",
    LengthNotDigits => "length_not_digits",
    IdDuplicate => "id_duplicate",
    FormatInvalid => "format_invalid",
    ObjectMissing => "object_missing",
    ObjectEmpty => "object_empty",
    ValueInvalid => "value_invalid",
    CrcMissing => "crc_missing",
    CrcInvalid => "crc_invalid",
    CrcNotLast => "crc_not_last",
    CrcMismatch => "crc_mismatch",
    Base64Invalid => "base64_invalid",
    TlvMalformed => "tlv_malformed",
    TooDeep => "too_deep",
    TooLong => "too_long",
});

/// Why a code is refused, and where. Serialises to `kind`, `at`, `detail`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QrError {
    /// What is wrong.
    pub kind: QrErrorKind,
    /// Position from 0, in characters of the text; for [`QrErrorKind::TlvMalformed`] and what
    /// else concerns the inside of a consumer-presented code, in bytes of its decoded data.
    pub at: usize,
    /// The object or tag that is concerned, as its hexadecimal digits: object 63 is 0x63.
    pub object: Option<u32>,
    /// What was needed and what was there, where sizes or checksums explain the error.
    pub sizes: Option<(usize, usize)>,
}

impl QrError {
    pub(crate) const fn new(kind: QrErrorKind, at: usize) -> Self {
        Self {
            kind,
            at,
            object: None,
            sizes: None,
        }
    }

    pub(crate) const fn about(mut self, object: u32) -> Self {
        self.object = Some(object);
        self
    }

    pub(crate) const fn sized(mut self, wanted: usize, found: usize) -> Self {
        self.sizes = Some((wanted, found));
        self
    }

    /// The same error inside a text that begins `by` characters later.
    pub(crate) const fn moved(mut self, by: usize) -> Self {
        self.at += by;
        self
    }

    /// One sentence for a person; sizes, ids and checksums only, never content.
    #[must_use]
    pub fn detail(&self) -> String {
        use QrErrorKind as K;
        let (wanted, found) = self.sizes.unwrap_or_default();
        let object = self.object.unwrap_or_default();
        match self.kind {
            K::NotUtf8 => "not UTF-8 text".into(),
            K::ObjectTruncated => format!("{wanted} characters needed, {found} left"),
            K::IdNotDigits => "an id is two digits".into(),
            K::LengthNotDigits => "a length is two digits".into(),
            K::IdDuplicate => format!("object {object:02X} comes a second time"),
            K::FormatInvalid => "the code must begin with its payload format".into(),
            K::ObjectMissing => format!("object {object:02X} is absent"),
            K::ObjectEmpty => format!("object {object:02X} is empty"),
            K::ValueInvalid => format!("object {object:02X} does not have the form it must have"),
            K::CrcMissing => "there is no CRC, object 63".into(),
            K::CrcInvalid => "a CRC is four hexadecimal digits".into(),
            K::CrcNotLast => format!("{found} characters follow the CRC"),
            K::CrcMismatch => format!("the CRC should be {wanted:04X}, it is {found:04X}"),
            K::Base64Invalid => "not base64".into(),
            K::TlvMalformed => "not a sequence of tag, length and value".into(),
            K::TooDeep => format!("templates lie more than {wanted} deep"),
            K::TooLong => format!("at most {wanted} bytes, {found} given"),
        }
    }
}

impl fmt::Display for QrError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at {}: {}", self.kind, self.at, self.detail())
    }
}

impl std::error::Error for QrError {}

impl Serialize for QrError {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        let mut object = s.serialize_struct("QrError", 3)?;
        object.serialize_field("kind", &self.kind)?;
        object.serialize_field("at", &self.at)?;
        object.serialize_field("detail", &self.detail())?;
        object.end()
    }
}
