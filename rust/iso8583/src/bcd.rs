//! Packing of decimal digits, two a byte, and the checks on them.

/// Position of the first byte that has a nibble above nine.
pub(crate) fn first_bad_byte(bytes: &[u8]) -> Option<usize> {
    if is_bcd(bytes) {
        return None;
    }
    bytes.iter().position(|&b| !byte_is_bcd(b))
}

/// True when both nibbles are at most nine.
pub(crate) const fn byte_is_bcd(byte: u8) -> bool {
    byte & 0x88 & ((byte << 1) | (byte << 2)) == 0
}

/// True when all nibbles are at most nine. Looks at eight bytes at a time; the last eight may
/// overlap those before.
pub(crate) fn is_bcd(bytes: &[u8]) -> bool {
    let (chunks, rest) = bytes.as_chunks::<8>();
    if let Some(last) = bytes.last_chunk::<8>() {
        let bad = chunks
            .iter()
            .fold(high_nibbles(*last), |bad, chunk| bad | high_nibbles(*chunk));
        return bad == 0;
    }
    let mut all = [0; 8];
    for (slot, byte) in all.iter_mut().zip(rest) {
        *slot = *byte;
    }
    high_nibbles(all) == 0
}

/// Marks the nibbles above nine: their top bit is set together with one of the middle two.
const fn high_nibbles(bytes: [u8; 8]) -> u64 {
    let x = u64::from_ne_bytes(bytes);
    x & ((x << 1) | (x << 2)) & 0x8888_8888_8888_8888
}

/// The number that one BCD byte says, 0 to 99.
pub(crate) const fn decimal(byte: u8) -> Option<usize> {
    if byte_is_bcd(byte) {
        Some((byte >> 4) as usize * 10 + (byte & 0x0F) as usize)
    } else {
        None
    }
}

/// The BCD byte for 0 to 99; larger numbers lose their hundreds.
pub(crate) const fn byte_of(number: usize) -> u8 {
    let pair = (number % 100).to_le_bytes()[0];
    ((pair / 10) << 4) | (pair % 10)
}

/// The nibble as an upper-case hexadecimal character.
pub(crate) const fn hex_digit(nibble: u8) -> u8 {
    let low = nibble & 0x0F;
    if low < 10 {
        b'0' + low
    } else {
        b'A' + low - 10
    }
}

/// The value of an upper- or lower-case hexadecimal character.
pub(crate) const fn hex_value(character: u8) -> Option<u8> {
    match character {
        b'0'..=b'9' => Some(character - b'0'),
        b'A'..=b'F' => Some(character - b'A' + 10),
        b'a'..=b'f' => Some(character - b'a' + 10),
        _ => None,
    }
}

/// Nibble number `index` of packed bytes, the high one first.
pub(crate) fn nibble(bytes: &[u8], index: usize) -> Option<u8> {
    let byte = *bytes.get(index / 2)?;
    Some(if index.is_multiple_of(2) {
        byte >> 4
    } else {
        byte & 0x0F
    })
}

/// Packed bytes of exactly `2 * N` decimal digits.
pub(crate) fn parse_digits<const N: usize>(text: &str) -> Option<[u8; N]> {
    if text.len() != 2 * N {
        return None;
    }
    let mut out = [0; N];
    for (slot, pair) in out.iter_mut().zip(text.as_bytes().chunks_exact(2)) {
        let [high, low] = pair else { return None };
        if !high.is_ascii_digit() || !low.is_ascii_digit() {
            return None;
        }
        *slot = ((high & 0x0F) << 4) | (low & 0x0F);
    }
    Some(out)
}

/// Writes packed bytes as digits.
pub(crate) fn write_digits(f: &mut std::fmt::Formatter<'_>, bytes: &[u8]) -> std::fmt::Result {
    bytes.iter().try_for_each(|byte| write!(f, "{byte:02X}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_high_nibble_is_found_wherever_it_stands() {
        for length in 0..40 {
            let mut bytes = vec![0x99; length];
            assert!(is_bcd(&bytes), "{length} good bytes");
            assert_eq!(first_bad_byte(&bytes), None);
            for at in 0..length {
                for bad in [0xA0, 0x0A, 0xB9, 0x9C, 0xD0, 0x0E, 0xFF] {
                    bytes[at] = bad;
                    assert!(!is_bcd(&bytes), "{bad:02X} at {at} of {length}");
                    assert_eq!(first_bad_byte(&bytes), Some(at));
                    assert!(!byte_is_bcd(bad) && decimal(bad).is_none());
                }
                bytes[at] = 0x99;
            }
        }
    }

    #[test]
    fn two_digits_a_byte() {
        for number in 0..100 {
            assert_eq!(decimal(byte_of(number)), Some(number));
        }
        assert_eq!((byte_of(42), byte_of(142)), (0x42, 0x42));
    }
}
