//! Own order and refund numbers, and nonces (decision 17).

use std::fmt;
use std::str::FromStr;

use pos_domain::ports::{PortError, Random};

/// 32 symbols, five bits each: digits and capitals without I, L, O and U, which people misread.
const SYMBOLS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// Random bytes of a number: 120 bits, 24 symbols.
const RANDOM_BYTES: usize = 15;

/// The longest prefix that leaves room for the random part.
const LONGEST_PREFIX: usize = 8;

/// An order or refund number of our own: 24 to 32 characters `[0-9A-Za-z]`, unique for the
/// merchant across all its terminals. Made and stored before the first call, never used for
/// anything else.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct OrderNumber(String);

/// A text is no number of ours, or none could be made.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NumberError {
    /// Not 24 to 32 letters and digits.
    #[error("an order number is 24 to 32 letters and digits")]
    Malformed,
    /// The prefix is longer than eight or not letters and digits.
    #[error("the prefix of an order number is at most 8 letters and digits")]
    Prefix,
    /// No random bytes.
    #[error(transparent)]
    Random(#[from] PortError),
}

impl OrderNumber {
    /// A new number: `prefix` (for people, such as the terminal's number), then 120 random bits.
    ///
    /// # Errors
    /// A prefix of more than 8 characters or with other than letters and digits; no random bytes.
    pub fn generate(random: &dyn Random, prefix: &str) -> Result<Self, NumberError> {
        let plain = prefix.bytes().all(|b| b.is_ascii_alphanumeric());
        if !plain || prefix.len() > LONGEST_PREFIX {
            return Err(NumberError::Prefix);
        }
        let mut bytes = [0; RANDOM_BYTES];
        random.fill(&mut bytes)?;
        Ok(Self(format!("{prefix}{}", symbols(&bytes))))
    }

    /// The number.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for OrderNumber {
    type Err = NumberError;

    fn from_str(text: &str) -> Result<Self, NumberError> {
        let plain = text.bytes().all(|b| b.is_ascii_alphanumeric());
        if plain && (24..=32).contains(&text.len()) {
            Ok(Self(text.to_owned()))
        } else {
            Err(NumberError::Malformed)
        }
    }
}

impl fmt::Display for OrderNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// A random text that makes each signed request unlike any other: 32 characters `[0-9A-Z]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Nonce(String);

impl Nonce {
    /// A new nonce of 160 random bits.
    ///
    /// # Errors
    /// No random bytes.
    pub fn generate(random: &dyn Random) -> Result<Self, PortError> {
        let mut bytes = [0; 20];
        random.fill(&mut bytes)?;
        Ok(Self(symbols(&bytes)))
    }

    /// The nonce.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Nonce {
    type Err = NumberError;

    /// A given nonce: 1 to 32 letters and digits.
    fn from_str(text: &str) -> Result<Self, NumberError> {
        let plain = text.bytes().all(|b| b.is_ascii_alphanumeric());
        if plain && (1..=32).contains(&text.len()) {
            Ok(Self(text.to_owned()))
        } else {
            Err(NumberError::Malformed)
        }
    }
}

/// Five bits a symbol, first bits first; `bytes` is a multiple of five long.
fn symbols(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len() / 5 * 8);
    for group in bytes.chunks(5) {
        let bits = group.iter().fold(0_u64, |all, b| all << 8 | u64::from(*b));
        for place in (0..8).rev() {
            let index = usize::try_from(bits >> (place * 5) & 31).unwrap_or_default();
            out.extend(SYMBOLS.get(index).map(|symbol| char::from(*symbol)));
        }
    }
    out
}
