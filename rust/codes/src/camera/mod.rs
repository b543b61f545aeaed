//! Reads QR codes and Code 128 bars from camera frames: a luminance plane in, texts out.
//!
//! The frame is looked at in three sizes, because each has its strength: half size is quick and
//! evens out noise, full size sees small codes, quarter size bridges blur. In each, pixels become
//! ink or paper by their neighbourhood, finder patterns are collected and grouped by threes, and
//! each group's grid is laid through its perspective and read. A group that is no code does not
//! survive the code's own error correction. All arithmetic is in integers, so every device sees
//! the same.

mod bars;
mod finder;
mod frame;
mod geometry;
mod grey;
mod grid;
mod ink;
mod triple;

use std::fmt;

use zeroize::{Zeroize, ZeroizeOnDrop};

pub use frame::{Frame, FrameError};

use grey::Grey;
use ink::Ink;

/// How many modules of grids are read in one size before it is given up. Honest frames need few;
/// a frame made to waste time must not get it.
const MODULES: i64 = 40_000;

/// A text read from a frame. It may be a payment code, so it masks and wipes itself.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Zeroize, ZeroizeOnDrop)]
pub struct ScannedText(String);

impl ScannedText {
    /// The text, for [`crate::recognise`].
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for ScannedText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ScannedText(…)")
    }
}

/// All different texts of the QR codes in a frame; where there is none, the text of a Code 128
/// bar code along rows or columns; empty when nothing can be read.
///
/// QR codes may be turned, mirrored, and seen from the side. Codes of very different sizes in one
/// frame may need several frames.
#[must_use]
pub fn read_codes(frame: &Frame<'_>) -> Vec<ScannedText> {
    let full = Grey::of(frame);
    let half = full.halved();
    let found = read_squares(&Ink::of(&half));
    if !found.is_empty() {
        return found;
    }
    let ink = Ink::of(&full);
    let found = read_squares(&ink);
    if !found.is_empty() {
        return found;
    }
    let found = read_squares(&Ink::of(&half.halved()));
    if !found.is_empty() {
        return found;
    }
    bars::read(&ink).map(ScannedText).into_iter().collect()
}

/// The QR codes of a picture in two colours.
fn read_squares(ink: &Ink) -> Vec<ScannedText> {
    let finders = finder::finders(ink);
    let mut used = vec![false; finders.len()];
    let mut texts: Vec<ScannedText> = Vec::new();
    let mut budget = MODULES;
    for triple in triple::triples(&finders) {
        if budget < 0 {
            break;
        }
        if triple
            .members
            .iter()
            .any(|&member| used.get(member) == Some(&true))
        {
            continue;
        }
        let Some(text) = grid::read(ink, &triple, &mut budget) else {
            continue;
        };
        for member in triple.members {
            used.get_mut(member)
                .into_iter()
                .for_each(|used| *used = true);
        }
        let text = ScannedText(text);
        if !texts.contains(&text) {
            texts.push(text);
        }
    }
    texts
}
