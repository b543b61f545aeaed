//! CRC-16 of merchant-presented codes.

/// Polynomial 1021, initial value FFFF, not reflected, no final exclusive-or (spec section 3).
#[must_use]
pub const fn crc16(bytes: &[u8]) -> u16 {
    let mut crc = u16::MAX;
    let mut rest = bytes;
    while let [byte, tail @ ..] = rest {
        crc ^= (*byte as u16) << 8;
        let mut bit = 0;
        while bit < 8 {
            let carry = crc & 0x8000 != 0;
            crc <<= 1;
            if carry {
                crc ^= 0x1021;
            }
            bit += 1;
        }
        rest = tail;
    }
    crc
}
