//! From a frame to checked fields, without copying.

use crate::bcd;
use crate::error::{DecodeError, DecodeErrorKind as Kind};
use crate::frame::{Frame, Span};
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

impl Frame<'_> {
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
