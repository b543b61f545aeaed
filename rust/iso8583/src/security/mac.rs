//! Message authentication codes (spec 6.5 and 6.7).

use crate::bcd;
use crate::frame::Frame;

use super::ecb::{Family, Keyed};
use super::{CheckError, SecurityError};

/// A way to make F64 from the bytes between message type and F63.
pub trait MacAlgorithm: Send + Sync {
    /// Name in settings, such as `cup-ecb`.
    fn name(&self) -> &'static str;

    /// The eight bytes of F64.
    ///
    /// # Errors
    /// A key length that the algorithm does not take, or empty input.
    fn mac(&self, key: &[u8], input: &[u8]) -> Result<[u8; 8], SecurityError>;
}

/// The default of the dialect: fold, expand to hexadecimal, encrypt twice; key of 8 or 16 bytes.
#[derive(Clone, Copy, Debug)]
pub struct CupEcb;

/// DES-CBC-MAC, zero padding; key of 8 bytes.
#[derive(Clone, Copy, Debug)]
pub struct X9_9;

/// CBC with the left half of the key, the last block also through the right; key of 16 bytes.
#[derive(Clone, Copy, Debug)]
pub struct X9_19;

/// SM4-CBC-MAC, zero padding; key of 16 bytes.
#[derive(Clone, Copy, Debug)]
pub struct Sm4Cbc(pub Sm4Form);

/// As [`CupEcb`] with SM4 and blocks of 16; key of 16 bytes.
#[derive(Clone, Copy, Debug)]
pub struct Sm4Fold(pub Sm4Form);

/// Which eight bytes of an SM4 result go into F64; acquirers differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sm4Form {
    /// The first four bytes as eight hexadecimal characters.
    Ascii,
    /// The first eight bytes.
    Raw,
}

static ALGORITHMS: [&dyn MacAlgorithm; 7] = [
    &CupEcb,
    &X9_9,
    &X9_19,
    &Sm4Cbc(Sm4Form::Ascii),
    &Sm4Cbc(Sm4Form::Raw),
    &Sm4Fold(Sm4Form::Ascii),
    &Sm4Fold(Sm4Form::Raw),
];

/// The algorithm with this name in settings: `cup-ecb`, `x9.9`, `x9.19`, `sm4-cbc`,
/// `sm4-cbc-raw`, `sm4-fold`, `sm4-fold-raw`.
#[must_use]
pub fn algorithm(name: &str) -> Option<&'static dyn MacAlgorithm> {
    ALGORITHMS
        .into_iter()
        .find(|algorithm| algorithm.name() == name)
}

/// Checks F64 of a frame.
///
/// # Errors
/// `mac_missing`, `mac_mismatch`, or a key that the algorithm does not take.
pub fn verify_mac(
    frame: &Frame<'_>,
    algorithm: &dyn MacAlgorithm,
    key: &[u8],
) -> Result<(), CheckError> {
    let expected = algorithm.mac(key, frame.mac_input())?;
    Ok(frame.check_mac(&expected)?)
}

impl MacAlgorithm for CupEcb {
    fn name(&self) -> &'static str {
        "cup-ecb"
    }

    fn mac(&self, key: &[u8], input: &[u8]) -> Result<[u8; 8], SecurityError> {
        expect_key(key, &[8, 16], "8 or 16")?;
        let keyed = Keyed::new(Family::Des, key)?;
        let folded: [u8; 8] = fold(input)?;
        Ok(hex_of_first_four(&expand_and_encrypt(&keyed, &folded)))
    }
}

impl MacAlgorithm for X9_9 {
    fn name(&self) -> &'static str {
        "x9.9"
    }

    fn mac(&self, key: &[u8], input: &[u8]) -> Result<[u8; 8], SecurityError> {
        expect_key(key, &[8], "8")?;
        chain(&Keyed::new(Family::Des, key)?, input)
    }
}

impl MacAlgorithm for X9_19 {
    fn name(&self) -> &'static str {
        "x9.19"
    }

    fn mac(&self, key: &[u8], input: &[u8]) -> Result<[u8; 8], SecurityError> {
        expect_key(key, &[16], "16")?;
        let (left, right) = key.split_at(8);
        let left = Keyed::new(Family::Des, left)?;
        let right = Keyed::new(Family::Des, right)?;
        let mut block: [u8; 8] = chain(&left, input)?;
        right.decrypt(&mut block);
        left.encrypt(&mut block);
        Ok(block)
    }
}

impl MacAlgorithm for Sm4Cbc {
    fn name(&self) -> &'static str {
        match self.0 {
            Sm4Form::Ascii => "sm4-cbc",
            Sm4Form::Raw => "sm4-cbc-raw",
        }
    }

    fn mac(&self, key: &[u8], input: &[u8]) -> Result<[u8; 8], SecurityError> {
        let block: [u8; 16] = chain(&Keyed::new(Family::Sm4, key)?, input)?;
        Ok(self.0.of(&block))
    }
}

impl MacAlgorithm for Sm4Fold {
    fn name(&self) -> &'static str {
        match self.0 {
            Sm4Form::Ascii => "sm4-fold",
            Sm4Form::Raw => "sm4-fold-raw",
        }
    }

    fn mac(&self, key: &[u8], input: &[u8]) -> Result<[u8; 8], SecurityError> {
        let keyed = Keyed::new(Family::Sm4, key)?;
        let folded: [u8; 16] = fold(input)?;
        Ok(self.0.of(&expand_and_encrypt(&keyed, &folded)))
    }
}

impl Sm4Form {
    fn of(self, block: &[u8; 16]) -> [u8; 8] {
        match self {
            Self::Ascii => hex_of_first_four(block),
            Self::Raw => block.first_chunk().copied().unwrap_or_default(),
        }
    }
}

fn expect_key(key: &[u8], lengths: &[usize], allowed: &'static str) -> Result<(), SecurityError> {
    if lengths.contains(&key.len()) {
        return Ok(());
    }
    Err(SecurityError::KeyLength {
        found: key.len(),
        allowed,
    })
}

/// XOR of all blocks; the last one is filled with zeros.
fn fold<const N: usize>(input: &[u8]) -> Result<[u8; N], SecurityError> {
    if input.is_empty() {
        return Err(SecurityError::EmptyInput);
    }
    let mut folded = [0; N];
    input.chunks(N).for_each(|chunk| xor(&mut folded, chunk));
    Ok(folded)
}

/// CBC with a zero start; the last block is filled with zeros. Gives the last block.
fn chain<const N: usize>(keyed: &Keyed, input: &[u8]) -> Result<[u8; N], SecurityError> {
    if input.is_empty() {
        return Err(SecurityError::EmptyInput);
    }
    let mut state = [0; N];
    for chunk in input.chunks(N) {
        xor(&mut state, chunk);
        keyed.encrypt(&mut state);
    }
    Ok(state)
}

/// Steps 4 and 5 of spec 6.5: the block as hexadecimal text in two halves, the first encrypted,
/// combined with the second, encrypted again.
fn expand_and_encrypt<const N: usize>(keyed: &Keyed, folded: &[u8; N]) -> [u8; N] {
    let half = |from: usize| {
        let mut text = [0; N];
        for (index, slot) in text.iter_mut().enumerate() {
            *slot = bcd::nibble(folded, from + index).map_or(0, bcd::hex_digit);
        }
        text
    };
    let mut state = half(0);
    keyed.encrypt(&mut state);
    xor(&mut state, &half(N));
    keyed.encrypt(&mut state);
    state
}

fn xor(state: &mut [u8], with: &[u8]) {
    state
        .iter_mut()
        .zip(with)
        .for_each(|(byte, other)| *byte ^= other);
}

fn hex_of_first_four(block: &[u8]) -> [u8; 8] {
    let mut text = [0; 8];
    for (index, slot) in text.iter_mut().enumerate() {
        *slot = bcd::nibble(block, index).map_or(0, bcd::hex_digit);
    }
    text
}
