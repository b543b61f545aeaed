//! From a frame to checked fields, without copying.

use std::fmt;

use zeroize::Zeroizing;

use crate::bcd;
use crate::describe;
use crate::error::{DecodeError, DecodeErrorKind as Kind};
use crate::fields::{Fields, Message};
use crate::header::{Header, Mti, Tpdu};
use crate::table::{self, Coding, FieldSpec, Prefix};
use crate::tlv;

pub(crate) const LENGTH_SIZE: usize = 2;
const TPDU_AT: usize = LENGTH_SIZE;
const HEADER_AT: usize = TPDU_AT + 5;
/// Where the message type stands, and with it the input of the MAC (spec 1.2).
pub(crate) const MTI_AT: usize = HEADER_AT + 6;
const BITMAP_AT: usize = MTI_AT + 2;
const FIELDS_AT: usize = BITMAP_AT + 8;

/// A decoded frame: every field is checked, nothing is copied.
#[derive(Clone)]
pub struct Frame<'a> {
    bytes: &'a [u8],
    tpdu: Tpdu,
    header: Header,
    mti: Mti,
    bitmap: u64,
    spans: [Span; 65],
}

/// Where the content of a field stands, and how many digits or bytes it has.
#[derive(Clone, Copy, Default)]
struct Span {
    at: u16,
    units: u16,
}

/// Decodes a whole frame, its two length bytes included, and checks every field.
///
/// # Errors
/// The first thing that is wrong, with its byte offset.
pub fn decode(frame: &[u8]) -> Result<Frame<'_>, DecodeError> {
    check_length(frame)?;
    let tpdu = array(frame, TPDU_AT)
        .and_then(Tpdu::from_bytes)
        .ok_or(DecodeError::new(Kind::TpduInvalid, TPDU_AT))?;
    let header = array(frame, HEADER_AT)
        .and_then(Header::from_bytes)
        .ok_or(DecodeError::new(Kind::HeaderNotBcd, HEADER_AT))?;
    let mti = array(frame, MTI_AT).ok_or(DecodeError::new(Kind::MtiTruncated, MTI_AT))?;
    let mti = Mti::from_bytes(mti).ok_or(DecodeError::new(Kind::MtiNotBcd, MTI_AT))?;
    let bitmap =
        array(frame, BITMAP_AT).ok_or(DecodeError::new(Kind::BitmapTruncated, BITMAP_AT))?;
    let bitmap = u64::from_be_bytes(bitmap);
    check_bitmap(bitmap)?;
    let mut decoded = Frame {
        bytes: frame,
        tpdu,
        header,
        mti,
        bitmap,
        spans: [Span::default(); 65],
    };
    decoded.read_fields()?;
    Ok(decoded)
}

fn check_length(frame: &[u8]) -> Result<(), DecodeError> {
    let Some(length) = array(frame, 0) else {
        let error = DecodeError::new(Kind::FrameTruncated, frame.len());
        return Err(error.sized(LENGTH_SIZE, frame.len()));
    };
    let length = usize::from(u16::from_be_bytes(length));
    let end = LENGTH_SIZE + length;
    if frame.len() < end {
        return Err(DecodeError::new(Kind::FrameTruncated, frame.len()).sized(end, frame.len()));
    }
    if frame.len() > end {
        return Err(DecodeError::new(Kind::FrameTrailing, end).sized(end, frame.len() - end));
    }
    if end < MTI_AT {
        let error = DecodeError::new(Kind::FrameTooShort, end);
        return Err(error.sized(MTI_AT - LENGTH_SIZE, length));
    }
    Ok(())
}

fn check_bitmap(bitmap: u64) -> Result<(), DecodeError> {
    let unknown = bitmap & !table::KNOWN;
    if unknown == 0 {
        return Ok(());
    }
    let before = unknown.leading_zeros();
    if before == 0 {
        return Err(DecodeError::new(Kind::BitmapSecondary, BITMAP_AT));
    }
    let field = u8::try_from(before + 1).unwrap_or(u8::MAX);
    let offset = BITMAP_AT + usize::from(field - 1) / 8;
    Err(DecodeError::new(Kind::FieldUnknown, offset).in_field(field))
}

fn array<const N: usize>(bytes: &[u8], at: usize) -> Option<[u8; N]> {
    bytes.get(at..)?.first_chunk().copied()
}

impl<'a> Frame<'a> {
    fn read_fields(&mut self) -> Result<(), DecodeError> {
        let mut at = FIELDS_AT;
        let mut left = self.bitmap;
        while left != 0 {
            let before = left.leading_zeros();
            left &= !(1 << (63 - before));
            let index = before as usize + 1;
            let (Some(spec), Some(span)) = (table::at(index), self.spans.get_mut(index)) else {
                continue;
            };
            let units = read_units(self.bytes, at, spec)?;
            let content_at = at + spec.prefix.size();
            let size = spec.coding.wire_size(units);
            let Some(content) = self.bytes.get(content_at..content_at + size) else {
                let left = self.bytes.len().saturating_sub(content_at);
                return Err(truncated(spec, at, size, left));
            };
            check_content(spec, content, units, content_at)?;
            *span = Span {
                at: narrow(content_at),
                units: narrow(units),
            };
            at = content_at + size;
        }
        self.check_plain_tracks()?;
        match self.bytes.len() - at {
            0 => Ok(()),
            rest => Err(DecodeError::new(Kind::TrailingBytes, at).sized(0, rest)),
        }
    }

    /// Tracks are checked last: F53, which says whether they are encrypted, comes after them.
    fn check_plain_tracks(&self) -> Result<(), DecodeError> {
        const TRACKS: u64 = table::bit(35) | table::bit(36);
        if self.bitmap & TRACKS == 0 || self.tracks_encrypted() {
            return Ok(());
        }
        for field in [35, 36] {
            let (Some(content), Some(span)) = (self.raw(field), self.span(field)) else {
                continue;
            };
            let bad = (0..usize::from(span.units)).find(|&index| {
                bcd::nibble(content, index).is_none_or(|nibble| nibble > 9 && nibble != 0xD)
            });
            if let Some(index) = bad {
                let offset = usize::from(span.at) + index / 2;
                return Err(DecodeError::new(Kind::DigitInvalid, offset).in_field(field));
            }
        }
        Ok(())
    }

    /// True when F53 says that the tracks are encrypted (spec 2.6).
    #[must_use]
    pub fn tracks_encrypted(&self) -> bool {
        self.raw(53).and_then(|content| bcd::nibble(content, 2)) == Some(1)
    }

    fn span(&self, field: u8) -> Option<Span> {
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
}

impl fmt::Debug for Frame<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&describe::Masked(self), f)
    }
}

fn read_units(bytes: &[u8], at: usize, spec: &FieldSpec) -> Result<usize, DecodeError> {
    let read = |offset: usize| {
        let Some(byte) = bytes.get(at + offset) else {
            let left = bytes.len().saturating_sub(at);
            return Err(truncated(spec, at, spec.prefix.size(), left));
        };
        bcd::decimal(*byte)
            .ok_or(DecodeError::new(Kind::LengthPrefixNotBcd, at + offset).in_field(spec.number))
    };
    let units = match spec.prefix {
        Prefix::Fixed => return Ok(spec.max),
        Prefix::Ll => read(0)?,
        Prefix::Lll => read(0)? * 100 + read(1)?,
    };
    if units > spec.max {
        let error = DecodeError::new(Kind::LengthOverMax, at).in_field(spec.number);
        return Err(error.sized(spec.max, units));
    }
    Ok(units)
}

fn check_content(
    spec: &FieldSpec,
    content: &[u8],
    units: usize,
    at: usize,
) -> Result<(), DecodeError> {
    match spec.coding {
        Coding::Text | Coding::Track => Ok(()),
        Coding::Binary if spec.number == 55 => tlv::check(content)
            .map_err(|error| DecodeError::new(Kind::TlvMalformed, at + error.at).in_field(55)),
        Coding::Binary => Ok(()),
        Coding::DigitsLeft | Coding::DigitsRight if units.is_multiple_of(2) => {
            if bcd::is_bcd(content) {
                Ok(())
            } else {
                Err(bad_digit(spec, content, at))
            }
        }
        Coding::DigitsLeft | Coding::DigitsRight => check_odd_digits(spec, content, at),
    }
}

/// An odd count of digits leaves a nibble over. Variable fields may have anything there; F22 and
/// F23 may have 0 or F.
fn check_odd_digits(spec: &FieldSpec, content: &[u8], at: usize) -> Result<(), DecodeError> {
    let right = spec.coding == Coding::DigitsRight;
    let edge = if right {
        content.split_first()
    } else {
        content.split_last()
    };
    let Some((&edge, rest)) = edge else {
        return Ok(());
    };
    let (filler, digit) = if right {
        (edge >> 4, edge & 0x0F)
    } else {
        (edge & 0x0F, edge >> 4)
    };
    let edge_at = if right { at } else { at + rest.len() };
    let rest_at = if right { at + 1 } else { at };
    if !bcd::is_bcd(rest) {
        return Err(bad_digit(spec, rest, rest_at));
    }
    if digit > 9 {
        return Err(DecodeError::new(Kind::DigitInvalid, edge_at).in_field(spec.number));
    }
    if spec.prefix == Prefix::Fixed && !matches!(filler, 0 | 0xF) {
        return Err(DecodeError::new(Kind::FillerInvalid, edge_at).in_field(spec.number));
    }
    Ok(())
}

#[cold]
fn bad_digit(spec: &FieldSpec, content: &[u8], at: usize) -> DecodeError {
    let offset = at + bcd::first_bad_byte(content).unwrap_or_default();
    DecodeError::new(Kind::DigitInvalid, offset).in_field(spec.number)
}

#[cold]
fn truncated(spec: &FieldSpec, at: usize, wanted: usize, found: usize) -> DecodeError {
    DecodeError::new(Kind::FieldTruncated, at)
        .in_field(spec.number)
        .sized(wanted, found)
}

/// Offsets and lengths in a frame fit 16 bits: the table's maxima add up to far less.
fn narrow(number: usize) -> u16 {
    u16::try_from(number).unwrap_or(u16::MAX)
}
