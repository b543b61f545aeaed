//! Errors. None ever holds content of a field.

use std::fmt;

use thiserror::Error;

/// What is wrong with a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DecodeErrorKind {
    /// The input ends before the length in its first two bytes.
    FrameTruncated,
    /// The input goes on after the length in its first two bytes.
    FrameTrailing,
    /// The length leaves no room for TPDU and header.
    FrameTooShort,
    /// The TPDU does not begin with 60 or has a nibble above nine.
    TpduInvalid,
    /// The header has a nibble above nine.
    HeaderNotBcd,
    /// The message ends inside the message type.
    MtiTruncated,
    /// The message type has a nibble above nine.
    MtiNotBcd,
    /// The message ends inside the bitmap.
    BitmapTruncated,
    /// Bit 1 announces a second bitmap, which the dialect does not have.
    BitmapSecondary,
    /// The bitmap names a field that the dialect does not have.
    FieldUnknown,
    /// The message ends inside a field.
    FieldTruncated,
    /// A length prefix has a nibble above nine.
    LengthPrefixNotBcd,
    /// A length prefix is above the field's maximum.
    LengthOverMax,
    /// A digit field has a nibble above nine, or a plain track one that is no digit and no `=`.
    DigitInvalid,
    /// The unused nibble of F22 or F23 is neither 0 nor F.
    FillerInvalid,
    /// Bytes are left after the last field.
    TrailingBytes,
    /// A MAC is needed and there is none.
    MacMissing,
    /// The MAC is not the one that the key gives.
    MacMismatch,
    /// F55 is not a sequence of tag, length, value.
    TlvMalformed,
    /// A working key does not have its check value.
    KcvMismatch,
}

impl DecodeErrorKind {
    /// Every kind.
    pub const ALL: [Self; 20] = [
        Self::FrameTruncated,
        Self::FrameTrailing,
        Self::FrameTooShort,
        Self::TpduInvalid,
        Self::HeaderNotBcd,
        Self::MtiTruncated,
        Self::MtiNotBcd,
        Self::BitmapTruncated,
        Self::BitmapSecondary,
        Self::FieldUnknown,
        Self::FieldTruncated,
        Self::LengthPrefixNotBcd,
        Self::LengthOverMax,
        Self::DigitInvalid,
        Self::FillerInvalid,
        Self::TrailingBytes,
        Self::MacMissing,
        Self::MacMismatch,
        Self::TlvMalformed,
        Self::KcvMismatch,
    ];

    /// The name used on the command line and in tests.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::FrameTruncated => "frame_truncated",
            Self::FrameTrailing => "frame_trailing",
            Self::FrameTooShort => "frame_too_short",
            Self::TpduInvalid => "tpdu_invalid",
            Self::HeaderNotBcd => "header_not_bcd",
            Self::MtiTruncated => "mti_truncated",
            Self::MtiNotBcd => "mti_not_bcd",
            Self::BitmapTruncated => "bitmap_truncated",
            Self::BitmapSecondary => "bitmap_secondary",
            Self::FieldUnknown => "field_unknown",
            Self::FieldTruncated => "field_truncated",
            Self::LengthPrefixNotBcd => "length_prefix_not_bcd",
            Self::LengthOverMax => "length_over_max",
            Self::DigitInvalid => "digit_invalid",
            Self::FillerInvalid => "filler_invalid",
            Self::TrailingBytes => "trailing_bytes",
            Self::MacMissing => "mac_missing",
            Self::MacMismatch => "mac_mismatch",
            Self::TlvMalformed => "tlv_malformed",
            Self::KcvMismatch => "kcv_mismatch",
        }
    }
}

/// Why a frame, or key material in it, is refused, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DecodeError {
    /// What is wrong.
    pub reason: DecodeErrorKind,
    /// The field, where one is concerned.
    pub field: Option<u8>,
    /// Byte offset in the frame, counted from its first length byte. For
    /// [`crate::security::unwrap_working_keys`]: in the content of F62.
    pub offset: usize,
    /// Sizes that explain the error: what was needed or allowed, and what was there.
    pub sizes: Option<(usize, usize)>,
}

impl DecodeError {
    pub(crate) const fn new(reason: DecodeErrorKind, offset: usize) -> Self {
        Self {
            reason,
            field: None,
            offset,
            sizes: None,
        }
    }

    pub(crate) const fn in_field(mut self, field: u8) -> Self {
        self.field = Some(field);
        self
    }

    pub(crate) const fn sized(mut self, wanted: usize, found: usize) -> Self {
        self.sizes = Some((wanted, found));
        self
    }

    /// Name of the reason, such as `length_over_max`.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        self.reason.as_str()
    }

    /// One sentence for a person; sizes only, never content.
    #[must_use]
    pub fn detail(&self) -> String {
        use DecodeErrorKind as K;
        let (wanted, found) = self.sizes.unwrap_or_default();
        match self.reason {
            K::FrameTruncated => format!("{wanted} bytes needed, {found} given"),
            K::FrameTrailing => format!("frame of {wanted} bytes is followed by {found} more"),
            K::FrameTooShort => format!("TPDU and header need {wanted} bytes, {found} announced"),
            K::TpduInvalid => "TPDU must be 10 digits that begin with 60".into(),
            K::HeaderNotBcd => "header must be 12 digits".into(),
            K::MtiTruncated => "message ends inside the message type".into(),
            K::MtiNotBcd => "message type must be 4 digits".into(),
            K::BitmapTruncated => "message ends inside the bitmap".into(),
            K::BitmapSecondary => "bit 1 announces a second bitmap".into(),
            K::FieldUnknown => "field is not part of this dialect".into(),
            K::FieldTruncated => format!("{wanted} bytes needed, {found} left"),
            K::LengthPrefixNotBcd => "length prefix is not BCD".into(),
            K::LengthOverMax => format!("length {found} is over the maximum {wanted}"),
            K::DigitInvalid => "nibble is not allowed here".into(),
            K::FillerInvalid => "unused nibble is neither 0 nor F".into(),
            K::TrailingBytes => format!("{found} bytes follow the last field"),
            K::MacMissing => "message has no MAC".into(),
            K::MacMismatch => "MAC does not match".into(),
            K::TlvMalformed => "not a sequence of tag, length and value".into(),
            K::KcvMismatch => "key does not have its check value".into(),
        }
    }
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at byte {}", self.kind(), self.offset)?;
        if let Some(field) = self.field {
            write!(f, " in F{field}")?;
        }
        write!(f, ": {}", self.detail())
    }
}

impl std::error::Error for DecodeError {}

/// Why a message cannot be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum EncodeError {
    /// The dialect has no such field.
    #[error("F{field} is not part of this dialect")]
    FieldUnknown {
        /// The field.
        field: u8,
    },
    /// A fixed field does not have its length, or a variable one is over its maximum.
    #[error("F{field} has length {found}, the table says {max}")]
    Length {
        /// The field.
        field: u8,
        /// The exact or greatest length, in digits or bytes.
        max: usize,
        /// The length given.
        found: usize,
    },
    /// A character that is not allowed in this digit field or track.
    #[error("F{field} has a character that is not allowed at position {at}")]
    Digit {
        /// The field.
        field: u8,
        /// Position of the character, from 0.
        at: usize,
    },
    /// F55 is not a sequence of tag, length, value.
    #[error("F{field} is not a sequence of tag, length and value, at position {at}")]
    Tlv {
        /// The field.
        field: u8,
        /// Position of the element that is wrong.
        at: usize,
    },
}

/// Why a message with a MAC cannot be written.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum EncodeMacError<E> {
    /// The message itself is wrong.
    #[error(transparent)]
    Encode(#[from] EncodeError),
    /// The MAC could not be made.
    #[error("the MAC could not be made")]
    Mac(#[source] E),
}
