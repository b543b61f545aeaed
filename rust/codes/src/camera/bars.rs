//! Code 128 bars along the rows or the columns of a picture: the other form in which phones show
//! a payment code.

use super::ink::Ink;

/// Lines that are looked at in each direction.
const LINES: usize = 48;
/// Lines that must agree, since the check character alone lets one wrong reading in a hundred
/// pass.
const AGREE: usize = 2;
/// Modules of a character, and its bars and gaps.
const MODULES: usize = 11;
const PARTS: usize = 6;
/// The longest text, in characters.
const MOST: usize = 80;

/// Widths of bar, gap, bar, gap, bar, gap for the characters 0 to 105, as decimal digits.
const WIDTHS: [u32; 106] = [
    212222, 222122, 222221, 121223, 121322, 131222, 122213, 122312, 132212, 221213, 221312, 231212,
    112232, 122132, 122231, 113222, 123122, 123221, 223211, 221132, 221231, 213212, 223112, 312131,
    311222, 321122, 321221, 312212, 322112, 322211, 212123, 212321, 232121, 111323, 131123, 131321,
    112313, 132113, 132311, 211313, 231113, 231311, 112133, 112331, 132131, 113123, 113321, 133121,
    313121, 211331, 231131, 213113, 213311, 213131, 311123, 311321, 331121, 312113, 312311, 332111,
    314111, 221411, 431111, 111224, 111422, 121124, 121421, 141122, 141221, 112214, 112412, 122114,
    122411, 142112, 142211, 241211, 221114, 413111, 241112, 134111, 111242, 121142, 121241, 114212,
    124112, 124211, 411212, 421112, 421211, 212141, 214121, 412121, 111143, 111341, 131141, 114113,
    114311, 411113, 411311, 113141, 114131, 311141, 411131, 211412, 211214, 211232,
];
/// The stop character without its last bar.
const STOP: u32 = 233111;
const STOP_VALUE: u8 = 106;
const CHECK: u32 = 103;

/// A character set.
#[derive(Clone, Copy, PartialEq)]
enum Set {
    A,
    B,
    C,
}

/// The text of a bar code that enough lines agree on.
pub(super) fn read(ink: &Ink) -> Option<String> {
    let mut seen: Vec<String> = Vec::new();
    for line in ink.lines(LINES) {
        let Some(text) = line_text(&line) else {
            continue;
        };
        let before = seen.iter().filter(|earlier| **earlier == text).count();
        if before + 1 >= AGREE {
            return Some(text);
        }
        seen.push(text);
    }
    None
}

/// Tries to begin at every bar, forwards and backwards.
fn line_text(line: &[u8]) -> Option<String> {
    let runs: Vec<usize> = line.chunk_by(|a, b| a == b).map(<[u8]>::len).collect();
    let first_bar = usize::from(line.first() == Some(&0));
    let backwards: Vec<usize> = runs.iter().rev().copied().collect();
    let first_bar_back = usize::from(line.last() == Some(&0));
    from_bars(&runs, first_bar).or_else(|| from_bars(&backwards, first_bar_back))
}

fn from_bars(runs: &[usize], first_bar: usize) -> Option<String> {
    (first_bar..runs.len()).step_by(2).find_map(|at| {
        let character = runs.get(at..at + PARTS)?;
        // Light before the start, at least half of the ten modules that are asked for.
        let quiet = at.checked_sub(1).and_then(|before| runs.get(before))?;
        if quiet * 2 * MODULES < character.iter().sum::<usize>() * 10 {
            return None;
        }
        let set = start(character)?;
        text(runs.get(at..).unwrap_or_default(), set)
    })
}

/// Reads characters from the start through the stop and checks them.
fn text(runs: &[usize], set: Set) -> Option<String> {
    let mut values = Vec::new();
    for character in runs.as_chunks::<PARTS>().0 {
        match value(character)? {
            STOP_VALUE => return checked(&values, set),
            _ if values.len() > MOST => return None,
            value => values.push(value),
        }
    }
    None
}

/// The character set that a start character asks for. Most runs are none, so only the three are
/// compared.
fn start(runs: &[usize]) -> Option<Set> {
    let starts = [(Set::A, 103), (Set::B, 104), (Set::C, 105)];
    let (set, value) = starts.into_iter().min_by_key(|(_, value)| {
        let widths = WIDTHS.get(*value).copied();
        widths.map_or(usize::MAX, |widths| off(runs, widths))
    })?;
    near(runs, *WIDTHS.get(value)?).then_some(set)
}

/// The character whose widths are nearest.
fn value(runs: &[usize]) -> Option<u8> {
    let all = (0..).zip(WIDTHS.into_iter().chain([STOP]));
    let (value, widths) = all.min_by_key(|(_, widths)| off(runs, *widths))?;
    near(runs, widths).then_some(value)
}

/// Whether runs differ from widths by no more than two modules in all.
fn near(runs: &[usize], widths: u32) -> bool {
    off(runs, widths) <= 2 * runs.iter().sum::<usize>()
}

/// By how much runs differ from widths, in modules times their sum.
fn off(runs: &[usize], widths: u32) -> usize {
    let total: usize = runs.iter().sum();
    let digits = std::iter::successors(Some(widths), |rest| Some(rest / 10));
    let widths = digits.map(|rest| usize::try_from(rest % 10).unwrap_or_default());
    let parts = runs.iter().rev().zip(widths);
    parts
        .map(|(run, width)| (run * MODULES).abs_diff(width * total))
        .sum()
}

/// The text of the values start, data, check.
fn checked(values: &[u8], set: Set) -> Option<String> {
    let (check, rest) = values.split_last()?;
    let (start, data) = rest.split_first()?;
    let weighted = (1..)
        .zip(data)
        .map(|(weight, value)| weight * u32::from(*value));
    let sum = u32::from(*start) + weighted.sum::<u32>();
    (sum % CHECK == u32::from(*check) && !data.is_empty()).then(|| characters(data, set))?
}

/// None for a function character that changes the meaning of what follows.
fn characters(data: &[u8], mut set: Set) -> Option<String> {
    let mut text = String::new();
    let mut shifted = None;
    for &value in data {
        let here = shifted.take().unwrap_or(set);
        match (here, value) {
            (Set::C, 0..=99) => {
                text.extend([value / 10, value % 10].map(|digit| char::from(b'0' + digit)));
            }
            (Set::A, 64..=95) => text.push(char::from(value - 64)),
            (Set::A | Set::B, 0..=95) => text.push(char::from(value + 32)),
            (Set::A, 98) => shifted = Some(Set::B),
            (Set::B, 98) => shifted = Some(Set::A),
            (Set::A | Set::B, 99) => set = Set::C,
            (Set::A | Set::C, 100) => set = Set::B,
            (Set::B | Set::C, 101) => set = Set::A,
            // Function 1 marks a use, not a character.
            (_, 102) => {}
            _ => return None,
        }
    }
    Some(text)
}
