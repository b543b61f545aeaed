//! Opaque identifiers of sales, undos, obligations and attempts.

use std::fmt;

/// An opaque ASCII identifier of at most 32 characters, such as `S3K9…`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Id(String);

/// No identifier: empty, longer than 32 characters, or with a character outside `[0-9A-Za-z-]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an id has 1 to 32 letters, digits or hyphens")]
pub struct IdError;

const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

impl Id {
    /// Makes an identifier: a letter for its kind and 80 random bits, sixteen characters that a
    /// person can read over the telephone (no I, L, O, U).
    #[must_use]
    pub fn from_random(kind: char, random: [u8; 10]) -> Self {
        let mut text = String::with_capacity(17);
        text.push(kind);
        let mut bits = random
            .iter()
            .fold(0u128, |all, byte| (all << 8) | u128::from(*byte));
        for _ in 0..16 {
            let index = usize::try_from(bits & 31).unwrap_or(0);
            text.push(char::from(ALPHABET.get(index).copied().unwrap_or(b'0')));
            bits >>= 5;
        }
        Self(text)
    }

    /// From a text a person or another program gave.
    ///
    /// # Errors
    /// [`IdError`] when it cannot be an identifier of ours.
    pub fn parse(text: &str) -> Result<Self, IdError> {
        let fits = (1..=32).contains(&text.len())
            && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
        if fits {
            Ok(Self(text.to_owned()))
        } else {
            Err(IdError)
        }
    }

    /// The text form.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl serde::Serialize for Id {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_readable_and_distinct() {
        let one = Id::from_random('S', [1; 10]);
        let other = Id::from_random('S', [2; 10]);
        assert_ne!(one, other);
        assert_eq!(one.as_str().len(), 17);
        assert_eq!(Id::parse(one.as_str()), Ok(one));
    }

    #[test]
    fn a_text_that_is_no_id_is_refused() {
        for text in ["", "a b", "撤销", "'; --", &"x".repeat(33)] {
            assert_eq!(Id::parse(text), Err(IdError));
        }
    }
}
