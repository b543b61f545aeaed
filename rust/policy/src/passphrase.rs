//! The passphrase of a safety copy, and Argon2id over it. Whoever has the file can guess for as
//! long as they like, so the passphrase is long and each guess is slow.

use std::fmt;

use argon2::{Algorithm, Argon2, Block, Params, Version};
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use crate::HashError;

/// Fewest characters.
pub const FEWEST: usize = 12;
/// Most characters.
pub const MOST: usize = 128;
/// Fewest different characters.
const DIFFERENT: usize = 6;
/// Fewest characters of one that has digits alone.
const FEWEST_DIGITS: usize = 20;

/// Why a passphrase cannot be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PassphraseFault {
    /// Not 12 to 128 letters, digits, signs and spaces of a plain keyboard.
    #[error("a passphrase has 12 to 128 letters, digits, signs or spaces")]
    Form,
    /// Few different characters, or a short row of digits.
    #[error("too easy to guess: 6 different characters, and 20 where there are only digits")]
    Trivial,
}

/// A passphrase as entered. In memory for one command, never stored.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct Passphrase(Vec<u8>);

impl fmt::Debug for Passphrase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Passphrase(…)")
    }
}

impl Passphrase {
    /// From what was typed. Only plain characters, since others are typed differently elsewhere.
    ///
    /// # Errors
    /// [`PassphraseFault::Form`].
    pub fn parse(typed: &[u8]) -> Result<Self, PassphraseFault> {
        let plain = typed.iter().all(|byte| matches!(byte, b' '..=b'~'));
        if plain && (FEWEST..=MOST).contains(&typed.len()) {
            Ok(Self(typed.to_vec()))
        } else {
            Err(PassphraseFault::Form)
        }
    }

    /// Whether it may protect a copy.
    ///
    /// # Errors
    /// [`PassphraseFault::Trivial`].
    pub fn check_choice(&self) -> Result<(), PassphraseFault> {
        let mut different = Zeroizing::new(self.0.clone());
        different.sort_unstable();
        different.dedup();
        let only_digits = self.0.iter().all(u8::is_ascii_digit);
        if different.len() < DIFFERENT || (only_digits && self.0.len() < FEWEST_DIGITS) {
            return Err(PassphraseFault::Trivial);
        }
        Ok(())
    }
}

/// How slow a guess is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stretching {
    /// Memory in KiB.
    pub memory_kib: u32,
    /// Passes over that memory.
    pub passes: u32,
    /// Lanes.
    pub lanes: u32,
}

impl Stretching {
    /// For a new copy: 64 MiB, three passes, about a second on an old terminal.
    pub const NEW: Self = Self {
        memory_kib: 64 * 1024,
        passes: 3,
        lanes: 1,
    };

    /// What this program makes of a file that asks for it: a changed file must neither exhaust the
    /// terminal nor make guessing cheap.
    #[must_use]
    pub const fn is_bearable(self) -> bool {
        self.memory_kib >= 19 * 1024
            && self.memory_kib <= 256 * 1024
            && self.passes >= 2
            && self.passes <= 10
            && self.lanes >= 1
            && self.lanes <= 4
    }

    /// The 32 bytes that a passphrase and a salt give (Argon2id, version 1.3).
    ///
    /// # Errors
    /// [`HashError::Malformed`] when it is not bearable, [`HashError::Failed`] without the memory.
    pub fn stretch(
        self,
        passphrase: &Passphrase,
        salt: &[u8; 16],
    ) -> Result<Zeroizing<[u8; 32]>, HashError> {
        if !self.is_bearable() {
            return Err(HashError::Malformed);
        }
        let params = Params::new(self.memory_kib, self.passes, self.lanes, Some(32))
            .map_err(|_| HashError::Failed)?;
        let count = params.block_count();
        let mut blocks: Vec<Block> = Vec::new();
        blocks
            .try_reserve_exact(count)
            .map_err(|_| HashError::Failed)?;
        blocks.resize(count, Block::default());
        let mut key = Zeroizing::new([0; 32]);
        let filled = Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
            .hash_password_into_with_memory(&passphrase.0, salt, key.as_mut_slice(), &mut blocks);
        filled.map_err(|_| HashError::Failed)?;
        Ok(key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken(typed: &str) -> Result<(), PassphraseFault> {
        Passphrase::parse(typed.as_bytes())?.check_choice()
    }

    #[test]
    fn a_passphrase_is_long_and_not_all_alike() {
        for good in [
            "a lamp in the rain",
            "Zx81-Zx82-Zx83",
            "90417725318846205571",
        ] {
            assert_eq!(taken(good), Ok(()), "{good}");
        }
        for easy in ["aaaaaaaaaaaaaa", "ababababcdcd", "904177253188"] {
            assert_eq!(taken(easy), Err(PassphraseFault::Trivial), "{easy}");
        }
        let long = "ab3".repeat(50);
        for odd in [
            "",
            "short 1234",
            &long,
            "雨中的一盏路灯亮着呢",
            "tab\tin the middle",
        ] {
            assert_eq!(taken(odd), Err(PassphraseFault::Form), "{odd}");
        }
    }

    #[test]
    fn the_key_depends_on_passphrase_salt_and_slowness() {
        let least = Stretching {
            memory_kib: 19 * 1024,
            passes: 2,
            lanes: 1,
        };
        let more = Stretching { passes: 3, ..least };
        let one = Passphrase::parse(b"a lamp in the rain").unwrap();
        let other = Passphrase::parse(b"a lamp in the snow").unwrap();
        let key = |how: Stretching, what, salt| *how.stretch(what, &[salt; 16]).unwrap();
        assert_eq!(key(least, &one, 1), key(least, &one, 1));
        assert_ne!(key(least, &one, 1), key(least, &other, 1));
        assert_ne!(key(least, &one, 1), key(least, &one, 2));
        assert_ne!(key(least, &one, 1), key(more, &one, 1));
        assert_eq!(format!("{one:?}"), "Passphrase(…)");
    }

    #[test]
    fn what_would_exhaust_the_terminal_or_cost_a_thief_nothing_is_refused() {
        let one = Passphrase::parse(b"a lamp in the rain").unwrap();
        for (memory_kib, passes, lanes) in [
            (u32::MAX, 3, 1),
            (64 * 1024, u32::MAX, 1),
            (64 * 1024, 3, 64),
            (8, 3, 1),
            (64 * 1024, 1, 1),
            (64 * 1024, 3, 0),
        ] {
            let asked = Stretching {
                memory_kib,
                passes,
                lanes,
            };
            let refused = asked.stretch(&one, &[0; 16]);
            assert_eq!(refused, Err(HashError::Malformed), "{asked:?}");
        }
        assert!(Stretching::NEW.is_bearable());
    }
}
