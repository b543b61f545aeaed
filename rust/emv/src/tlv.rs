//! BER-TLV as cards speak it, read without copying.
//!
//! Cards are strangers: lengths are checked against what is there, nesting is bounded, and the
//! indefinite form, which no payment card uses, is refused.

/// How deep templates may stand in each other. A directory entry stands at depth four.
pub(crate) const DEEPEST: usize = 6;

/// Where a sequence stops being tag, length and value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a tag, length and value at byte {at}")]
pub struct TlvError {
    /// Offset of the element that is wrong, from the start of the sequence that holds it.
    pub at: usize,
}

/// One element. `Debug` shows no value: it may be a track.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Element<'a> {
    /// The tag bytes as one number, such as `0x9F26`.
    pub tag: u32,
    /// The value.
    pub value: &'a [u8],
    /// Whether the value is a sequence of elements again (bit 6 of the tag's first byte).
    pub constructed: bool,
}

impl std::fmt::Debug for Element<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Element({:X}, {} bytes)", self.tag, self.value.len())
    }
}

/// The elements of one level. Ends after the first error. Zero bytes between elements are
/// padding and skipped.
#[derive(Clone, Debug)]
pub struct Elements<'a> {
    bytes: &'a [u8],
    at: usize,
}

/// Reads one level of a sequence.
#[must_use]
pub const fn elements(bytes: &[u8]) -> Elements<'_> {
    Elements { bytes, at: 0 }
}

impl<'a> Iterator for Elements<'a> {
    type Item = Result<Element<'a>, TlvError>;

    fn next(&mut self) -> Option<Self::Item> {
        while self.bytes.get(self.at) == Some(&0) {
            self.at = self.at.saturating_add(1);
        }
        let rest = self.bytes.get(self.at..)?;
        if rest.is_empty() {
            return None;
        }
        match split(rest) {
            Some((element, used)) => {
                self.at = self.at.saturating_add(used);
                Some(Ok(element))
            }
            None => {
                let at = std::mem::replace(&mut self.at, self.bytes.len());
                Some(Err(TlvError { at }))
            }
        }
    }
}

/// The first element of `bytes` and how many bytes it takes.
fn split(bytes: &[u8]) -> Option<(Element<'_>, usize)> {
    let (tag, tag_len) = tag(bytes)?;
    let (len, len_len) = length(bytes.get(tag_len..)?)?;
    let start = tag_len.checked_add(len_len)?;
    let end = start.checked_add(len)?;
    let constructed = bytes.first()? & 0x20 != 0;
    let value = bytes.get(start..end)?;
    Some((
        Element {
            tag,
            value,
            constructed,
        },
        end,
    ))
}

/// A tag of one to three bytes.
pub(crate) fn tag(bytes: &[u8]) -> Option<(u32, usize)> {
    let first = *bytes.first()?;
    let mut number = u32::from(first);
    if first & 0x1F != 0x1F {
        return Some((number, 1));
    }
    for place in 1..=2 {
        let byte = *bytes.get(place)?;
        number = (number << 8) | u32::from(byte);
        if byte & 0x80 == 0 {
            return Some((number, place + 1));
        }
    }
    None
}

fn length(bytes: &[u8]) -> Option<(usize, usize)> {
    match *bytes.first()? {
        short @ 0..=0x7F => Some((usize::from(short), 1)),
        0x81 => Some((usize::from(*bytes.get(1)?), 2)),
        0x82 => Some((
            usize::from(*bytes.get(1)?) << 8 | usize::from(*bytes.get(2)?),
            3,
        )),
        _ => None,
    }
}

/// Calls `see` for every element that is not a template, templates opened, in order.
///
/// # Errors
/// The first malformed element, or templates nested deeper than any card needs.
pub fn walk<'a>(bytes: &'a [u8], see: &mut dyn FnMut(Element<'a>)) -> Result<(), TlvError> {
    walk_level(bytes, DEEPEST, see)
}

fn walk_level<'a>(
    bytes: &'a [u8],
    deeper: usize,
    see: &mut dyn FnMut(Element<'a>),
) -> Result<(), TlvError> {
    for element in elements(bytes) {
        let element = element?;
        if !element.constructed {
            see(element);
            continue;
        }
        let deeper = deeper.checked_sub(1).ok_or(TlvError { at: 0 })?;
        walk_level(element.value, deeper, see)?;
    }
    Ok(())
}

/// The value of the first element of one level that has this tag, or `None`.
///
/// # Errors
/// The level is malformed, at any place: half a sequence is not trusted.
pub fn find(bytes: &[u8], wanted: u32) -> Result<Option<&[u8]>, TlvError> {
    let mut found = None;
    for element in elements(bytes) {
        let element = element?;
        if element.tag == wanted && found.is_none() {
            found = Some(element.value);
        }
    }
    Ok(found)
}

/// Appends an element whose value has at most 255 bytes; a longer one is left out, and `false`
/// returned.
#[must_use]
pub fn push(out: &mut Vec<u8>, tag: u32, value: &[u8]) -> bool {
    let Ok(len) = u8::try_from(value.len()) else {
        return false;
    };
    out.extend(tag.to_be_bytes().into_iter().skip_while(|&byte| byte == 0));
    if len >= 0x80 {
        out.push(0x81);
    }
    out.push(len);
    out.extend_from_slice(value);
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_tags_of_all_lengths_and_padding() {
        let bytes = [
            0, 0x57, 1, 9, 0, 0x9F, 0x26, 2, 1, 2, 0x9F, 0x81, 0x01, 1, 7, 0,
        ];
        let tags: Vec<u32> = elements(&bytes).map(|e| e.unwrap().tag).collect();
        assert_eq!(tags, [0x57, 0x9F26, 0x9F_81_01]);
    }

    #[test]
    fn long_lengths_are_read_and_the_indefinite_form_is_not() {
        let mut bytes = vec![0x70, 0x81, 0x80];
        bytes.extend([0_u8; 0x80]);
        assert_eq!(elements(&bytes).next().unwrap().unwrap().value.len(), 0x80);
        assert_eq!(
            elements(&[0x70, 0x80, 0, 0]).next(),
            Some(Err(TlvError { at: 0 }))
        );
        assert_eq!(
            elements(&[0x70, 0x84, 0, 0, 0, 1, 5]).next(),
            Some(Err(TlvError { at: 0 }))
        );
    }

    #[test]
    fn a_length_past_the_end_says_where_and_ends() {
        let mut seen = elements(&[0x5A, 1, 1, 0x57, 9, 1]);
        assert_eq!(seen.next().unwrap().unwrap().tag, 0x5A);
        assert_eq!(seen.next(), Some(Err(TlvError { at: 3 })));
        assert_eq!(seen.next(), None);
    }

    #[test]
    fn templates_without_end_are_refused() {
        let mut bytes = vec![0x5A, 0];
        for _ in 0..20 {
            let mut outer = vec![0x70, u8::try_from(bytes.len()).unwrap()];
            outer.append(&mut bytes);
            bytes = outer;
        }
        assert!(walk(&bytes, &mut |_| {}).is_err());
    }

    #[test]
    fn what_is_pushed_is_read_again() {
        let mut out = Vec::new();
        assert!(push(&mut out, 0x9F26, &[7; 8]) && push(&mut out, 0x57, &[1; 200]));
        assert!(!push(&mut out, 0x57, &[1; 256]));
        let lens: Vec<usize> = elements(&out).map(|e| e.unwrap().value.len()).collect();
        assert_eq!(lens, [8, 200]);
    }
}
