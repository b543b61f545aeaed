//! Random numbers and random messages for the runners beside this folder.

use pos_iso8583::table::{Coding, FIELDS, FieldSpec, Prefix};
use pos_iso8583::{Fields, Message, tlv};

/// A small generator (xorshift); the same seed gives the same run.
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        // Zero would stay zero for ever.
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    pub fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D)
    }

    /// A number below `bound`, which is not zero.
    pub fn below(&mut self, bound: usize) -> usize {
        let bound = u64::try_from(bound).expect("a small bound");
        usize::try_from((self.next() >> 16) % bound).expect("a small number")
    }

    pub fn byte(&mut self) -> u8 {
        self.next().to_be_bytes()[0]
    }

    pub fn one_of<'a, T>(&mut self, choices: &'a [T]) -> &'a T {
        &choices[self.below(choices.len())]
    }

    fn text(&mut self, alphabet: &[u8], length: usize) -> Vec<u8> {
        (0..length).map(|_| *self.one_of(alphabet)).collect()
    }

    pub fn digits(&mut self, length: usize) -> String {
        String::from_utf8(self.text(b"0123456789", length)).expect("digits")
    }
}

/// A message with any fields and values that the table allows.
pub fn message(random: &mut Random) -> Message {
    let encrypted = random.below(4) == 0;
    let density = 1 + random.below(4);
    let mut fields = Fields::new();
    for spec in &FIELDS {
        if random.below(4) < density || (encrypted && spec.number == 53) {
            let value = value(random, spec, encrypted);
            fields.set(spec.number, value);
        }
    }
    Message {
        tpdu: format!("60{}", random.digits(8)).parse().expect("a TPDU"),
        header: random.digits(12).parse().expect("a header"),
        mti: random.digits(4).parse().expect("a message type"),
        fields,
    }
}

fn value(random: &mut Random, spec: &FieldSpec, encrypted: bool) -> Vec<u8> {
    let length = match (spec.prefix, random.below(4)) {
        (Prefix::Fixed, _) | (_, 0) => spec.max,
        _ => random.below(spec.max + 1),
    };
    match (spec.number, spec.coding) {
        (53, _) => {
            let mut digits = random.digits(length).into_bytes();
            digits[2] = if encrypted { b'1' } else { b'0' };
            digits
        }
        (55, _) => chip_data(random),
        (_, Coding::DigitsLeft | Coding::DigitsRight) => random.digits(length).into_bytes(),
        (_, Coding::Track) if encrypted => random.text(b"0123456789ABC=EF", length),
        (_, Coding::Track) => random.text(b"0123456789=", length),
        (_, Coding::Text | Coding::Binary) => (0..length).map(|_| random.byte()).collect(),
    }
}

fn chip_data(random: &mut Random) -> Vec<u8> {
    let mut out = Vec::new();
    for _ in 0..random.below(12) {
        let tag = *random.one_of(&[0x9F26, 0x9F36, 0x95, 0x82, 0x91, 0x71, 0xDF31, 0xFF82]);
        let value: Vec<u8> = (0..random.below(20)).map(|_| random.byte()).collect();
        tlv::push(&mut out, tag, &value).expect("a short element");
    }
    out
}

/// Frames written in hexadecimal after `frame = ` in the vector file.
pub fn published_frames() -> Vec<Vec<u8>> {
    let text = include_str!("../../../../tests/vectors/iso8583/frames.txt");
    text.lines()
        .filter_map(|line| line.strip_prefix("frame = "))
        .map(unhex)
        .collect()
}

pub fn unhex(text: &str) -> Vec<u8> {
    let digit = |at: usize| u8::from_str_radix(&text[at..at + 2], 16).expect("hexadecimal");
    (0..text.len()).step_by(2).map(digit).collect()
}

pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02X}")).collect()
}
