//! Light access to BER-TLV: the chip data of F55 and the key lists of F62.

/// Where a TLV sequence stops being one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a tag, length and value at byte {at}")]
pub struct TlvError {
    /// Offset of the element that is wrong.
    pub at: usize,
}

/// One element.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Element<'a> {
    /// The tag bytes as one number, such as `0x9F26`.
    pub tag: u32,
    /// The value.
    pub value: &'a [u8],
}

impl std::fmt::Debug for Element<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Element({:X}, {} bytes)", self.tag, self.value.len())
    }
}

/// The elements of a sequence, top level only. Zero bytes between elements are skipped.
///
/// Tags have one to three bytes; a tag that begins with FF (receipt data, spec 9.4) always has
/// two. Lengths are short, or `81` and `82` long form. Ends after the first error.
#[derive(Clone)]
pub struct Elements<'a> {
    bytes: &'a [u8],
    at: usize,
}

/// Reads a TLV sequence.
#[must_use]
pub const fn elements(bytes: &[u8]) -> Elements<'_> {
    Elements { bytes, at: 0 }
}

/// The value of the first element with this tag; `None` when absent or behind an error.
#[must_use]
pub fn find(bytes: &[u8], tag: u32) -> Option<&[u8]> {
    elements(bytes)
        .map_while(Result::ok)
        .find(|element| element.tag == tag)
        .map(|e| e.value)
}

/// Checks a whole sequence.
///
/// # Errors
/// The offset of the first element that is cut or malformed.
pub fn check(bytes: &[u8]) -> Result<(), TlvError> {
    elements(bytes).try_for_each(|element| element.map(|_| ()))
}

/// Appends an element.
///
/// # Errors
/// A value of more than 65535 bytes, or a tag that does not fit the rules of [`Elements`].
pub fn push(out: &mut Vec<u8>, tag: u32, value: &[u8]) -> Result<(), TlvError> {
    let error = TlvError { at: out.len() };
    let all = tag.to_be_bytes();
    let skip = all.iter().take_while(|&&byte| byte == 0).count();
    let bytes = all.get(skip..).unwrap_or_default();
    if take_tag(bytes, 0) != Some((tag, bytes.len())) || bytes.is_empty() {
        return Err(error);
    }
    let [high, low] = u16::try_from(value.len()).map_err(|_| error)?.to_be_bytes();
    out.extend_from_slice(bytes);
    match (high, low) {
        (0, 0..0x80) => out.push(low),
        (0, _) => out.extend_from_slice(&[0x81, low]),
        _ => out.extend_from_slice(&[0x82, high, low]),
    }
    out.extend_from_slice(value);
    Ok(())
}

impl<'a> Iterator for Elements<'a> {
    type Item = Result<Element<'a>, TlvError>;

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        while *self.bytes.get(self.at)? == 0 {
            self.at += 1;
        }
        let start = self.at;
        let found = take_element(self.bytes, start);
        self.at = found.map_or(self.bytes.len(), |(_, end)| end);
        Some(
            found
                .map(|(element, _)| element)
                .ok_or(TlvError { at: start }),
        )
    }
}

#[inline]
fn take_element(bytes: &[u8], at: usize) -> Option<(Element<'_>, usize)> {
    let (tag, at) = take_tag(bytes, at)?;
    let (length, at) = take_length(bytes, at)?;
    let end = at + length;
    Some((
        Element {
            tag,
            value: bytes.get(at..end)?,
        },
        end,
    ))
}

#[inline]
fn take_tag(bytes: &[u8], at: usize) -> Option<(u32, usize)> {
    let first = *bytes.get(at)?;
    let mut tag = u32::from(first);
    if first & 0x1F != 0x1F {
        return Some((tag, at + 1));
    }
    let longest = if first == 0xFF { 1 } else { 2 };
    for step in 1..=longest {
        let next = *bytes.get(at + step)?;
        tag = (tag << 8) | u32::from(next);
        if next & 0x80 == 0 || first == 0xFF {
            return Some((tag, at + step + 1));
        }
    }
    None
}

#[inline]
fn take_length(bytes: &[u8], at: usize) -> Option<(usize, usize)> {
    match *bytes.get(at)? {
        short @ 0..=0x7F => Some((usize::from(short), at + 1)),
        0x81 => Some((usize::from(*bytes.get(at + 1)?), at + 2)),
        0x82 => {
            let pair = [*bytes.get(at + 1)?, *bytes.get(at + 2)?];
            Some((usize::from(u16::from_be_bytes(pair)), at + 3))
        }
        _ => None,
    }
}
