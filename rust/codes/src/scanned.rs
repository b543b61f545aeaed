//! Takes off what scanners, keyboards and input methods put around a code.

use zeroize::Zeroizing;

/// Longest text that is looked at, in bytes. The longest EMVCo code has 512 characters, all ASCII.
const MAX_BYTES: usize = 2048;

/// The text without the scanner's framing; none when it is too long to be a payment code.
///
/// White space, control characters and invisible marks go at both ends, an AIM symbology prefix
/// (`]Q1`) at the beginning. Full-width characters, which a Chinese input method gives, become
/// ASCII. What is then only digits and white space was typed in groups: the white space goes.
pub(crate) fn cleaned(text: &str) -> Option<Zeroizing<String>> {
    if text.len() > MAX_BYTES {
        return None;
    }
    let text = text.trim_matches(is_framing);
    let text = without_aim_prefix(text).trim_matches(is_framing);
    // Narrowing never lengthens, so the buffer never moves and leaves no copy behind.
    let mut clean = Zeroizing::new(String::with_capacity(text.len()));
    let grouped = text
        .chars()
        .map(narrow)
        .all(|c| c.is_ascii_digit() || c.is_whitespace());
    clean.extend(
        text.chars()
            .map(narrow)
            .filter(|c| !(grouped && c.is_whitespace())),
    );
    Some(clean)
}

fn is_framing(c: char) -> bool {
    let invisible = matches!(c, '\u{200B}'..='\u{200F}' | '\u{2060}' | '\u{FEFF}');
    c.is_whitespace() || c.is_control() || invisible
}

/// `]`, a letter for the symbology, one modifier.
fn without_aim_prefix(text: &str) -> &str {
    let mut chars = text.chars();
    let aim = chars.next() == Some(']')
        && chars.next().is_some_and(|c| c.is_ascii_alphabetic())
        && chars.next().is_some_and(|c| c.is_ascii_alphanumeric());
    if aim { chars.as_str() } else { text }
}

/// The ASCII character for a full-width one.
fn narrow(c: char) -> char {
    match c {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
        '\u{3000}' => ' ',
        other => other,
    }
}
