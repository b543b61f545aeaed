//! A decoded frame and the ways to read it.

use std::fmt;

use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use crate::bcd;
use crate::decode::MTI_AT;
use crate::describe;
use crate::error::{DecodeError, DecodeErrorKind};
use crate::fields::{Fields, Message};
use crate::header::{Header, Mti, Tpdu};
use crate::table::{self, Coding};

/// A decoded frame: every field is checked, nothing is copied.
#[derive(Clone)]
pub struct Frame<'a> {
    pub(crate) bytes: &'a [u8],
    pub(crate) tpdu: Tpdu,
    pub(crate) header: Header,
    pub(crate) mti: Mti,
    pub(crate) bitmap: u64,
    pub(crate) spans: [Span; 65],
}

/// Where the content of a field stands, and how many digits or bytes it has.
#[derive(Clone, Copy, Default)]
pub(crate) struct Span {
    pub(crate) at: u16,
    pub(crate) units: u16,
}

impl<'a> Frame<'a> {
    pub(crate) fn span(&self, field: u8) -> Option<Span> {
        if !self.has(field) {
            return None;
        }
        self.spans.get(usize::from(field)).copied()
    }

    /// Transport header.
    #[must_use]
    pub const fn tpdu(&self) -> Tpdu {
        self.tpdu
    }

    /// Application header.
    #[must_use]
    pub const fn header(&self) -> Header {
        self.header
    }

    /// Message type.
    #[must_use]
    pub const fn mti(&self) -> Mti {
        self.mti
    }

    /// The bitmap; the leftmost bit is field 1.
    #[must_use]
    pub const fn bitmap(&self) -> u64 {
        self.bitmap
    }

    /// True when the field is there.
    #[must_use]
    pub const fn has(&self, field: u8) -> bool {
        self.bitmap & table::bit(field) != 0
    }

    /// Numbers of the fields that are there, ascending.
    pub fn numbers(&self) -> impl Iterator<Item = u8> {
        table::FIELDS
            .iter()
            .map(|spec| spec.number)
            .filter(|&number| self.has(number))
    }

    /// The content on the wire, without its length prefix.
    #[must_use]
    pub fn raw(&self, field: u8) -> Option<&'a [u8]> {
        let span = self.span(field)?;
        let spec = table::field(field)?;
        let at = usize::from(span.at);
        self.bytes
            .get(at..at + spec.coding.wire_size(usize::from(span.units)))
    }

    /// Byte offset of the content in the frame.
    #[must_use]
    pub fn offset(&self, field: u8) -> Option<usize> {
        self.span(field).map(|span| usize::from(span.at))
    }

    /// The digits of a digit field or track in value form; `None` for other fields.
    #[must_use]
    pub fn digits(&self, field: u8) -> Option<String> {
        let bytes = self.nibbles(field)?;
        String::from_utf8(bytes).ok()
    }

    fn nibbles(&self, field: u8) -> Option<Vec<u8>> {
        let units = usize::from(self.span(field)?.units);
        let spec = table::field(field)?;
        let content = self.raw(field)?;
        let skip = match spec.coding {
            Coding::DigitsRight => units % 2,
            Coding::DigitsLeft | Coding::Track => 0,
            Coding::Text | Coding::Binary => return None,
        };
        let characters = content
            .iter()
            .flat_map(|byte| [bcd::hex_digit(byte >> 4), bcd::hex_digit(*byte)])
            .skip(skip)
            .take(units)
            .map(|character| if character == b'D' { b'=' } else { character });
        let mut value = Vec::with_capacity(units);
        value.extend(characters);
        Some(value)
    }

    /// The bytes of a text or binary field; `None` for digit fields.
    #[must_use]
    pub fn bytes(&self, field: u8) -> Option<&'a [u8]> {
        let spec = table::field(field)?;
        if spec.coding.counts_nibbles() {
            None
        } else {
            self.raw(field)
        }
    }

    /// The bytes of a text field, when they are UTF-8 (GBK texts are not: see [`Self::bytes`]).
    #[must_use]
    pub fn text(&self, field: u8) -> Option<&'a str> {
        std::str::from_utf8(self.bytes(field)?).ok()
    }

    /// F64.
    #[must_use]
    pub fn mac(&self) -> Option<&'a [u8; 8]> {
        self.raw(64)?.first_chunk()
    }

    /// What the MAC is made over: message type to the last field before F64 (spec 6.5).
    #[must_use]
    pub fn mac_input(&self) -> &'a [u8] {
        let end = if self.has(64) {
            self.bytes.len() - 8
        } else {
            self.bytes.len()
        };
        self.bytes.get(MTI_AT..end).unwrap_or_default()
    }

    /// The value of a field in value form.
    #[must_use]
    pub fn value(&self, field: u8) -> Option<Zeroizing<Vec<u8>>> {
        let value = match self.bytes(field) {
            Some(bytes) => bytes.to_vec(),
            None => self.nibbles(field)?,
        };
        Some(Zeroizing::new(value))
    }

    /// A copy of its own in value form.
    #[must_use]
    pub fn to_message(&self) -> Message {
        let mut fields = Fields::new();
        for number in self.numbers() {
            if let Some(value) = self.value(number) {
                fields.put(number, value);
            }
        }
        Message {
            tpdu: self.tpdu,
            header: self.header,
            mti: self.mti,
            fields,
        }
    }

    /// Compares F64 with the MAC that it should be, in constant time.
    ///
    /// # Errors
    /// `mac_missing` or `mac_mismatch`.
    pub fn check_mac(&self, expected: &[u8; 8]) -> Result<(), DecodeError> {
        let (Some(mac), Some(offset)) = (self.mac(), self.offset(64)) else {
            let end = self.bytes.len();
            return Err(DecodeError::new(DecodeErrorKind::MacMissing, end).in_field(64));
        };
        if bool::from(mac.ct_eq(expected)) {
            return Ok(());
        }
        Err(DecodeError::new(DecodeErrorKind::MacMismatch, offset).in_field(64))
    }

    /// True when F53 says that the tracks are encrypted (spec 2.6).
    #[must_use]
    pub fn tracks_encrypted(&self) -> bool {
        self.raw(53).and_then(|content| bcd::nibble(content, 2)) == Some(1)
    }
}

impl fmt::Debug for Frame<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&describe::Masked(self), f)
    }
}
