//! Objects of a merchant-presented code: id (2 digits), length (2 digits), value.
//!
//! A length counts Unicode code points, not bytes.

use std::fmt;

use serde::ser::{Serialize, Serializer};

use super::error::{QrError, QrErrorKind as Kind};

/// The longest value that a length of two digits can tell, in characters.
const MAX_VALUE: usize = 99;

/// An object's id, 00 to 99.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ObjectId(u8);

impl ObjectId {
    /// From 0 to 99.
    #[must_use]
    pub const fn new(id: u8) -> Option<Self> {
        if id <= 99 { Some(Self(id)) } else { None }
    }

    /// An id that is known when compiling.
    pub(crate) const fn fixed<const ID: u8>() -> Self {
        const { assert!(ID <= 99) };
        Self(ID)
    }

    /// The number.
    #[must_use]
    pub const fn get(self) -> u8 {
        self.0
    }

    /// The number whose hexadecimal digits are the id's, as errors name objects and tags.
    pub(crate) const fn as_tag(self) -> u32 {
        (self.0 / 10 * 16 + self.0 % 10) as u32
    }

    /// Whether the value is itself a sequence of objects, on the first level (spec section 3).
    #[must_use]
    pub const fn is_template(self) -> bool {
        matches!(self.0, 26..=51 | 62 | 64 | 80..=99)
    }
}

impl fmt::Display for ObjectId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}", self.0)
    }
}

impl fmt::Debug for ObjectId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// An object, known or not. Serialises to `["59", "BEST TRANSPORT"]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Object {
    id: ObjectId,
    value: String,
}

impl Object {
    /// An object with a text.
    ///
    /// # Errors
    /// [`Kind::ValueInvalid`] for an id above 99 or more than 99 characters.
    pub fn new(id: u8, value: impl Into<String>) -> Result<Self, QrError> {
        let value = value.into();
        let found = value.chars().count();
        let id = ObjectId::new(id).filter(|_| found <= MAX_VALUE);
        let id = id.ok_or_else(|| QrError::new(Kind::ValueInvalid, 0).sized(MAX_VALUE, found))?;
        Ok(Self { id, value })
    }

    /// A template: an object whose value is objects.
    ///
    /// # Errors
    /// As [`Object::new`]; [`Kind::IdDuplicate`] when an id comes twice.
    pub fn template(id: u8, objects: &[Self]) -> Result<Self, QrError> {
        let value: String = objects.iter().map(ToString::to_string).collect();
        sequence(&value)?;
        Self::new(id, value)
    }

    /// The id.
    #[must_use]
    pub const fn id(&self) -> ObjectId {
        self.id
    }

    /// The value as it stands in the code.
    #[must_use]
    pub fn value(&self) -> &str {
        &self.value
    }

    /// The objects in the value; empty when it is not a sequence of objects.
    #[must_use]
    pub fn objects(&self) -> Vec<Self> {
        sequence(&self.value).unwrap_or_default()
    }

    /// Characters that the object takes in the code.
    pub(crate) fn width(&self) -> usize {
        HEAD + self.value.chars().count()
    }
}

impl fmt::Display for Object {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let length = self.value.chars().count();
        write!(f, "{}{length:02}{}", self.id, self.value)
    }
}

impl Serialize for Object {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        (self.id.to_string(), &self.value).serialize(s)
    }
}

/// Characters of id and length.
pub(crate) const HEAD: usize = 4;

/// Reads a whole text as objects with different ids.
pub(crate) fn sequence(text: &str) -> Result<Vec<Object>, QrError> {
    sequence_to(text, None).map(|(objects, _)| objects)
}

/// Reads objects with different ids, through the one with the id `last`; gives what follows it.
pub(crate) fn sequence_to(
    text: &str,
    last: Option<ObjectId>,
) -> Result<(Vec<Object>, &str), QrError> {
    let mut objects: Vec<Object> = Vec::new();
    let (mut rest, mut at) = (text, 0);
    while !rest.is_empty()
        && objects
            .last()
            .map(|object| object.id)
            .is_none_or(|id| Some(id) != last)
    {
        let (object, tail) = take(rest).map_err(|error| error.moved(at))?;
        if objects.iter().any(|earlier| earlier.id == object.id) {
            return Err(QrError::new(Kind::IdDuplicate, at).about(object.id.as_tag()));
        }
        at += object.width();
        rest = tail;
        objects.push(object);
    }
    Ok((objects, rest))
}

/// Reads one object from the beginning of a text that is not empty.
fn take(text: &str) -> Result<(Object, &str), QrError> {
    let short =
        |at, wanted, found| Err(QrError::new(Kind::ObjectTruncated, at).sized(wanted, found));
    let Some((id, rest)) = split(text, 2) else {
        return short(0, 2, text.chars().count());
    };
    let id = ObjectId(two_digits(id).ok_or(QrError::new(Kind::IdNotDigits, 0))?);
    let Some((length, rest)) = split(rest, 2) else {
        return short(2, 2, rest.chars().count());
    };
    let length = two_digits(length).ok_or(QrError::new(Kind::LengthNotDigits, 2))?;
    let Some((value, tail)) = split(rest, length.into()) else {
        return short(HEAD, length.into(), rest.chars().count());
    };
    let value = value.to_owned();
    Ok((Object { id, value }, tail))
}

/// Splits after `count` characters; none when there are fewer.
fn split(text: &str, count: usize) -> Option<(&str, &str)> {
    let ends = text.char_indices().map(|(at, _)| at);
    let at = ends.chain([text.len()]).nth(count)?;
    text.split_at_checked(at)
}

fn two_digits(text: &str) -> Option<u8> {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| digits)
}
