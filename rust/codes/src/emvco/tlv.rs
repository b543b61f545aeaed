//! BER-TLV as consumer-presented codes use it. Values mask and wipe themselves.

use std::fmt;

use zeroize::{Zeroize, ZeroizeOnDrop};

use super::error::{QrError, QrErrorKind as Kind};

/// Code, application, transparent template, and one to spare.
const MAX_DEPTH: usize = 4;
/// Marks a tag whose value is elements.
const CONSTRUCTED: u8 = 0x20;

/// One element: a tag and what it holds.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct Tlv {
    tag: u32,
    content: Content,
}

/// What an element holds.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub enum Content {
    /// Bytes.
    Bytes(Vec<u8>),
    /// Elements, for a tag marked as constructed.
    Elements(Vec<Tlv>),
}

impl Tlv {
    /// An element with bytes.
    ///
    /// # Errors
    /// [`Kind::TlvMalformed`] for a tag that is no tag or is marked as constructed, or more than
    /// 65535 bytes.
    pub fn bytes(tag: u32, bytes: impl Into<Vec<u8>>) -> Result<Self, QrError> {
        Self::checked(tag, Content::Bytes(bytes.into()))
    }

    /// An element with elements.
    ///
    /// # Errors
    /// [`Kind::TlvMalformed`] for a tag that is no tag or is not marked as constructed.
    pub fn template(tag: u32, elements: Vec<Self>) -> Result<Self, QrError> {
        Self::checked(tag, Content::Elements(elements))
    }

    fn checked(tag: u32, content: Content) -> Result<Self, QrError> {
        let element = Self { tag, content };
        let mut written = Vec::new();
        element.write(&mut written);
        let read = read_all(&written, 0, MAX_DEPTH);
        written.zeroize();
        if read?.as_slice() == std::slice::from_ref(&element) {
            Ok(element)
        } else {
            Err(QrError::new(Kind::TlvMalformed, 0).about(tag))
        }
    }

    /// The tag bytes as one number, such as `0x5F34`.
    #[must_use]
    pub const fn tag(&self) -> u32 {
        self.tag
    }

    /// What it holds.
    #[must_use]
    pub const fn content(&self) -> &Content {
        &self.content
    }

    /// The bytes, unless it holds elements.
    #[must_use]
    pub fn value(&self) -> Option<&[u8]> {
        match &self.content {
            Content::Bytes(bytes) => Some(bytes),
            Content::Elements(_) => None,
        }
    }

    /// The elements; none when it holds bytes.
    #[must_use]
    pub fn elements(&self) -> &[Self] {
        match &self.content {
            Content::Bytes(_) => &[],
            Content::Elements(elements) => elements,
        }
    }

    /// The bytes of the first element with this tag, in it or in a template in it.
    #[must_use]
    pub fn find(&self, tag: u32) -> Option<&[u8]> {
        self.elements()
            .iter()
            .find_map(|element| match element.value() {
                Some(bytes) => (element.tag == tag).then_some(bytes),
                None => element.find(tag),
            })
    }

    pub(super) fn write(&self, out: &mut Vec<u8>) {
        let tag = self.tag.to_be_bytes();
        let unused = tag.iter().take_while(|&&byte| byte == 0).count();
        out.extend_from_slice(tag.get(unused..).unwrap_or_default());
        match &self.content {
            Content::Bytes(bytes) => write_value(out, bytes),
            Content::Elements(elements) => {
                let mut inner = Vec::new();
                elements
                    .iter()
                    .for_each(|element| element.write(&mut inner));
                write_value(out, &inner);
                inner.zeroize();
            }
        }
    }
}

impl fmt::Debug for Tlv {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.content {
            Content::Bytes(bytes) => write!(f, "{:X}({} bytes)", self.tag, bytes.len()),
            Content::Elements(elements) => {
                write!(f, "{:X}", self.tag)?;
                f.debug_list().entries(elements).finish()
            }
        }
    }
}

impl fmt::Debug for Content {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bytes(bytes) => write!(f, "{} bytes", bytes.len()),
            Self::Elements(elements) => f.debug_list().entries(elements).finish(),
        }
    }
}

fn write_value(out: &mut Vec<u8>, value: &[u8]) {
    let [.., third, second, low] = value.len().to_be_bytes();
    match (third, second, low) {
        (0, 0, 0..0x80) => out.push(low),
        (0, 0, _) => out.extend_from_slice(&[0x81, low]),
        (0, _, _) => out.extend_from_slice(&[0x82, second, low]),
        _ => out.extend_from_slice(&[0x83, third, second, low]),
    }
    out.extend_from_slice(value);
}

/// Reads a whole sequence.
pub(super) fn read(bytes: &[u8]) -> Result<Vec<Tlv>, QrError> {
    read_all(bytes, 0, MAX_DEPTH)
}

fn read_all(bytes: &[u8], start: usize, depth: usize) -> Result<Vec<Tlv>, QrError> {
    if depth == 0 {
        return Err(QrError::new(Kind::TooDeep, start).sized(MAX_DEPTH, MAX_DEPTH + 1));
    }
    let mut elements = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let (head, value) = split_element(bytes.get(at..).unwrap_or_default())
            .ok_or(QrError::new(Kind::TlvMalformed, start + at))?;
        let inside = at + head.width;
        let content = if head.constructed {
            Content::Elements(read_all(value, start + inside, depth - 1)?)
        } else {
            Content::Bytes(value.to_vec())
        };
        elements.push(Tlv {
            tag: head.tag,
            content,
        });
        at = inside + value.len();
    }
    Ok(elements)
}

struct Head {
    tag: u32,
    constructed: bool,
    /// Bytes of tag and length.
    width: usize,
}

fn split_element(bytes: &[u8]) -> Option<(Head, &[u8])> {
    let (tag, tag_width) = split_tag(bytes)?;
    let (length, length_width) = split_length(bytes.get(tag_width..)?)?;
    let width = tag_width + length_width;
    let head = Head {
        tag,
        constructed: bytes.first()? & CONSTRUCTED != 0,
        width,
    };
    Some((head, bytes.get(width..width + length)?))
}

/// One to three bytes; a first byte of zero is no tag.
fn split_tag(bytes: &[u8]) -> Option<(u32, usize)> {
    let first = *bytes.first().filter(|&&first| first != 0)?;
    let mut tag = u32::from(first);
    if first & 0x1F != 0x1F {
        return Some((tag, 1));
    }
    for at in 1..=2 {
        let next = *bytes.get(at)?;
        tag = (tag << 8) | u32::from(next);
        if next & 0x80 == 0 {
            return Some((tag, at + 1));
        }
    }
    None
}

/// Short form, or `81` and `82`.
fn split_length(bytes: &[u8]) -> Option<(usize, usize)> {
    match *bytes {
        [short @ 0..=0x7F, ..] => Some((short.into(), 1)),
        [0x81, low, ..] => Some((low.into(), 2)),
        [0x82, high, low, ..] => Some((u16::from_be_bytes([high, low]).into(), 3)),
        _ => None,
    }
}
