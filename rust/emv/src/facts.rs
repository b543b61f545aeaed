//! What a card said, kept until the reading ends. Wiped on drop, never shown.

use zeroize::Zeroizing;

use crate::failure::{Place, ReadFailure};
use crate::tlv;

/// The tags that matter; all else a card says is looked over and forgotten.
const KEPT: &[u32] = &[
    0x57, 0x5A, 0x5F24, 0x5F34, 0x82, 0x94, 0x9F10, 0x9F26, 0x9F27, 0x9F36, 0x9F63, 0x9F6C,
];

#[derive(Default)]
pub(crate) struct Facts(Vec<(u32, Zeroizing<Vec<u8>>)>);

impl Facts {
    /// Takes what an answer tells, templates opened.
    ///
    /// # Errors
    /// Malformed bytes, or a fact that was told before and was different.
    pub(crate) fn learn(&mut self, answer: &[u8], place: Place) -> Result<(), ReadFailure> {
        let mut told = Vec::new();
        tlv::walk(answer, &mut |element| told.push(element)).map_err(|error| {
            ReadFailure::Unreadable {
                place,
                at: error.at,
            }
        })?;
        told.iter()
            .try_for_each(|element| self.keep(element.tag, element.value))
    }

    /// Takes one fact.
    ///
    /// # Errors
    /// It was told before and was different.
    pub(crate) fn keep(&mut self, tag: u32, value: &[u8]) -> Result<(), ReadFailure> {
        if !KEPT.contains(&tag) {
            return Ok(());
        }
        match self.get(tag) {
            Some(before) if before == value => Ok(()),
            Some(_) => Err(ReadFailure::Contradiction { tag }),
            None => {
                self.0.push((tag, Zeroizing::new(value.to_vec())));
                Ok(())
            }
        }
    }

    pub(crate) fn get(&self, tag: u32) -> Option<&[u8]> {
        self.0
            .iter()
            .find(|(known, _)| *known == tag)
            .map(|(_, value)| value.as_slice())
    }

    /// A fact without which nobody can be charged.
    pub(crate) fn need(&self, tag: u32) -> Result<&[u8], ReadFailure> {
        self.get(tag).ok_or(ReadFailure::Missing { tag })
    }

    /// A fact of a fixed length.
    pub(crate) fn fixed<const N: usize>(&self, tag: u32) -> Result<Option<[u8; N]>, ReadFailure> {
        let fixed = |value: &[u8]| value.try_into().map_err(|_| ReadFailure::Malformed { tag });
        self.get(tag).map(fixed).transpose()
    }
}
