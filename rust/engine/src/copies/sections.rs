//! What stands in the body of a copy: named sections, the facts first, the ledger last.

use std::io::{Read, Write};

use serde::{Deserialize, Serialize};

use super::CopyError;
use super::stream::{Opening, Sealing};

/// The section of the facts.
pub(super) const FACTS: &str = "facts";
/// The section of the ledger.
pub(super) const LEDGER: &str = "ledger";
/// What the names of sealed files begin with.
pub(super) const KEYS: &str = "keys/";
/// The longest name.
const NAME_MOST: usize = 64;
/// The largest section other than the ledger, bytes.
const SMALL_MOST: u64 = 64 * 1024;
/// The most sections.
pub(super) const SECTIONS_MOST: usize = 64;

/// What a copy says of itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CopyFacts {
    /// The merchant's number.
    pub merchant: String,
    /// The merchant's name.
    pub name: String,
    /// The terminal's number.
    pub terminal: String,
    /// The program that made it.
    pub program: String,
    /// When it was made, epoch milliseconds of the terminal's wall clock.
    pub made: i64,
    /// How many items were owed.
    pub owed: u32,
    /// The ledger's epoch.
    pub epoch: u64,
    /// The end of the trace numbers reserved then; 0 when none were.
    pub trace_end: u64,
}

/// Names and lengths of what follows.
pub(super) struct Section {
    pub name: String,
    pub length: u64,
}

impl<W: Write> Sealing<W> {
    pub(super) fn section(&mut self, name: &str, length: u64) -> Result<(), CopyError> {
        let size = u8::try_from(name.len()).unwrap_or(u8::MAX);
        self.add(&[size])?;
        self.add(name.as_bytes())?;
        self.add(&length.to_be_bytes())
    }

    pub(super) fn small(&mut self, name: &str, bytes: &[u8]) -> Result<(), CopyError> {
        self.section(name, u64::try_from(bytes.len()).unwrap_or(u64::MAX))?;
        self.add(bytes)
    }
}

impl<R: Read> Opening<R> {
    /// What follows.
    pub(super) fn section(&mut self) -> Result<Section, CopyError> {
        let size = self.exactly(1)?.first().copied().unwrap_or(0);
        if usize::from(size) > NAME_MOST {
            return Err(CopyError::NotACopy);
        }
        let name = self.exactly(u64::from(size))?;
        let name = std::str::from_utf8(&name).map_err(|_| CopyError::NotACopy)?;
        let length = self.exactly(8)?;
        let length = <[u8; 8]>::try_from(length.as_slice()).unwrap_or_default();
        Ok(Section {
            name: name.to_owned(),
            length: u64::from_be_bytes(length),
        })
    }

    /// The content of a small section.
    pub(super) fn content(&mut self, section: &Section) -> Result<Vec<u8>, CopyError> {
        if section.length > SMALL_MOST {
            return Err(CopyError::NotACopy);
        }
        Ok(self.exactly(section.length)?.to_vec())
    }
}
