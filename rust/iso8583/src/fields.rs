//! A message in value form: what builders write and readers read.

use std::fmt;

use zeroize::Zeroizing;

use crate::describe;
use crate::header::{Header, Mti, Tpdu};

/// A whole message in value form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Transport header.
    pub tpdu: Tpdu,
    /// Application header.
    pub header: Header,
    /// Message type.
    pub mti: Mti,
    /// The fields.
    pub fields: Fields,
}

/// Fields by number, in ascending order, each in *value form*:
///
/// - digit fields: ASCII digits, without prefix and filler;
/// - tracks: ASCII digits and `=`; encrypted ones any nibble as `0`-`9` `A`-`F`, where `=` stands
///   for nibble D (encoding takes `D` too);
/// - all others: the bytes themselves.
///
/// Nothing is checked here: [`crate::encode`] checks all. Values are wiped when dropped or
/// replaced, and hidden in `Debug`.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Fields(Vec<(u8, Zeroizing<Vec<u8>>)>);

impl Fields {
    /// No fields.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets or replaces a field.
    pub fn set(&mut self, field: u8, value: impl AsRef<[u8]>) -> &mut Self {
        self.put(field, Zeroizing::new(value.as_ref().to_vec()));
        self
    }

    pub(crate) fn put(&mut self, field: u8, value: Zeroizing<Vec<u8>>) {
        match self.position(field) {
            Ok(at) => {
                if let Some(entry) = self.0.get_mut(at) {
                    entry.1 = value;
                }
            }
            Err(at) => self.0.insert(at, (field, value)),
        }
    }

    /// The value of a field.
    #[must_use]
    pub fn get(&self, field: u8) -> Option<&[u8]> {
        let at = self.position(field).ok()?;
        self.0.get(at).map(|(_, value)| value.as_slice())
    }

    /// The value of a field as text; `None` when absent or not UTF-8 (GBK texts).
    #[must_use]
    pub fn text(&self, field: u8) -> Option<&str> {
        std::str::from_utf8(self.get(field)?).ok()
    }

    /// Takes a field out; true when it was there.
    pub fn remove(&mut self, field: u8) -> bool {
        match self.position(field) {
            Ok(at) => {
                self.0.remove(at);
                true
            }
            Err(_) => false,
        }
    }

    /// True when the field is there.
    #[must_use]
    pub fn contains(&self, field: u8) -> bool {
        self.position(field).is_ok()
    }

    /// Number and value of each field, ascending.
    pub fn iter(&self) -> impl Iterator<Item = (u8, &[u8])> {
        self.0
            .iter()
            .map(|(field, value)| (*field, value.as_slice()))
    }

    /// How many fields there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// True when there is no field.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn position(&self, field: u8) -> Result<usize, usize> {
        self.0.binary_search_by_key(&field, |(number, _)| *number)
    }
}

impl fmt::Debug for Fields {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map()
            .entries(
                self.iter()
                    .map(|(field, value)| (field, describe::masked(field, value))),
            )
            .finish()
    }
}
