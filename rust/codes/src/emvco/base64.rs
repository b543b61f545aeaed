//! Base64 with the standard alphabet, as consumer-presented codes use it.

use zeroize::Zeroizing;

use super::error::{QrError, QrErrorKind as Kind};

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const PAD: u8 = b'=';

/// Decodes; padding may be absent, as some scanners drop it, but not wrong.
pub(super) fn decode(text: &[u8]) -> Result<Zeroizing<Vec<u8>>, QrError> {
    let invalid = |at| Err(QrError::new(Kind::Base64Invalid, at));
    let padding = text.iter().rev().take_while(|&&byte| byte == PAD).count();
    let digits = text.len() - padding;
    if padding > 0 && (padding > 2 || !text.len().is_multiple_of(4)) {
        return invalid(digits);
    }
    let mut out = Zeroizing::new(Vec::with_capacity(digits / 4 * 3 + 2));
    let (mut held, mut bits) = (0u32, 0);
    for (at, byte) in text.iter().take(digits).enumerate() {
        let Some(value) = value(*byte) else {
            return invalid(at);
        };
        held = (held << 6) | u32::from(value);
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            let [.., byte] = (held >> bits).to_be_bytes();
            out.push(byte);
            held &= (1 << bits) - 1;
        }
    }
    // One digit alone holds no byte; the bits after the last byte are zero.
    if bits >= 6 || held != 0 {
        return invalid(digits.saturating_sub(1));
    }
    Ok(out)
}

/// Encodes with padding.
pub(super) fn encode(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let mut three = [0; 3];
        three
            .iter_mut()
            .zip(chunk)
            .for_each(|(to, from)| *to = *from);
        let [a, b, c] = three.map(u32::from);
        let word = (a << 16) | (b << 8) | c;
        for place in 0..4usize {
            let digit = (word >> (18 - 6 * place)) & 0x3F;
            let digit = usize::try_from(digit)
                .ok()
                .and_then(|digit| ALPHABET.get(digit));
            let used = place <= chunk.len();
            text.push(char::from(*digit.filter(|_| used).unwrap_or(&PAD)));
        }
    }
    text
}

fn value(byte: u8) -> Option<u8> {
    match byte {
        b'A'..=b'Z' => Some(byte - b'A'),
        b'a'..=b'z' => Some(byte - b'a' + 26),
        b'0'..=b'9' => Some(byte - b'0' + 52),
        b'+' => Some(62),
        b'/' => Some(63),
        _ => None,
    }
}
