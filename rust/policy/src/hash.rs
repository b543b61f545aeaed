//! Argon2id over a PIN. A PIN has few digits, so the hash only slows a thief of the ledger down;
//! the lockout is what stops guessing at the terminal.

use argon2::password_hash::Error as PhcError;
use argon2::{Algorithm, Argon2, Params, PasswordHash, PasswordHasher, PasswordVerifier, Version};
use pos_domain::ports::{PortError, Random};

use crate::OperatorPin;

/// Memory of one hash in KiB: 19 MiB, bearable on a terminal with 1 GB.
pub const MEMORY_KIB: u32 = 19 * 1024;
/// Passes over that memory.
pub const PASSES: u32 = 2;
/// Lanes.
const LANES: u32 = 1;
/// Bytes of salt.
const SALT: usize = 16;
/// The most memory in KiB that a stored hash may ask for: a changed ledger must not exhaust the
/// terminal.
const MOST_MEMORY_KIB: u32 = 64 * 1024;
/// The most passes that a stored hash may ask for.
const MOST_PASSES: u32 = 10;

/// Why a PIN cannot be hashed or compared.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HashError {
    /// No random bytes for the salt.
    #[error(transparent)]
    Random(#[from] PortError),
    /// The stored hash is not one that this program makes, or asks for too much memory or time.
    #[error("the stored PIN hash cannot be used")]
    Malformed,
    /// The hash function failed, for want of memory most likely.
    #[error("the PIN cannot be hashed on this terminal")]
    Failed,
}

/// Hashes a PIN with a fresh salt; gives the text to store (`$argon2id$v=19$m=19456,t=2,p=1$…`).
///
/// # Errors
/// [`HashError::Random`] without random bytes, [`HashError::Failed`].
pub fn hash_pin(pin: &OperatorPin, random: &dyn Random) -> Result<String, HashError> {
    let mut salt = [0; SALT];
    random.fill(&mut salt)?;
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None).map_err(|_| HashError::Failed)?;
    let hash: PasswordHash = Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_with_salt(pin.bytes(), &salt)
        .map_err(|_| HashError::Failed)?;
    Ok(hash.to_string())
}

/// Whether `pin` is the one that `stored` was made of. Takes the same time either way.
///
/// # Errors
/// [`HashError::Malformed`] for a text that [`hash_pin`] does not make; [`HashError::Failed`].
pub fn pin_matches(pin: &OperatorPin, stored: &str) -> Result<bool, HashError> {
    let hash = PasswordHash::new(stored).map_err(|_| HashError::Malformed)?;
    let params = Params::try_from(&hash).map_err(|_| HashError::Malformed)?;
    let fits = hash.algorithm.as_str() == Algorithm::Argon2id.as_str()
        && hash.salt.is_some()
        && hash.hash.is_some()
        && params.m_cost() <= MOST_MEMORY_KIB
        && params.t_cost() <= MOST_PASSES
        && params.p_cost() == LANES;
    if !fits {
        return Err(HashError::Malformed);
    }
    match Argon2::default().verify_password(pin.bytes(), &hash) {
        Ok(()) => Ok(true),
        Err(PhcError::PasswordInvalid) => Ok(false),
        Err(_) => Err(HashError::Failed),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operator::testing::{Counting, pin};

    #[test]
    fn a_pin_matches_its_own_hash_only() {
        let random = Counting::default();
        let stored = hash_pin(&pin("8264"), &random).unwrap();
        assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        assert!(pin_matches(&pin("8264"), &stored).unwrap());
        for wrong in ["8265", "08264", "82640"] {
            assert!(!pin_matches(&pin(wrong), &stored).unwrap(), "{wrong}");
        }
    }

    #[test]
    fn two_hashes_of_one_pin_differ_by_their_salt() {
        let random = Counting::default();
        let one = hash_pin(&pin("8264"), &random).unwrap();
        assert_ne!(one, hash_pin(&pin("8264"), &random).unwrap());
        assert!(!one.contains("8264$"));
    }

    #[test]
    fn a_stored_hash_that_asks_for_too_much_or_too_little_is_refused() {
        let tail = "AAECAwQFBgcICQoLDA0ODw$S1RwMZFm2Y3bWw2Uxq3Zl1XW4nQDc0ofjZCzBqg6mYo";
        for head in [
            "$argon2id$v=19$m=4194304,t=2,p=1",
            "$argon2id$v=19$m=19456,t=4000000,p=1",
            "$argon2id$v=19$m=19456,t=2,p=64",
            "$argon2i$v=19$m=19456,t=2,p=1",
        ] {
            let stored = format!("{head}${tail}");
            assert_eq!(
                pin_matches(&pin("8264"), &stored),
                Err(HashError::Malformed),
                "{head}"
            );
        }
        for text in ["", "8264", "$argon2id$v=19$m=19456,t=2,p=1", "$2b$10$x"] {
            assert_eq!(
                pin_matches(&pin("8264"), text),
                Err(HashError::Malformed),
                "{text}"
            );
        }
    }

    #[test]
    fn without_random_bytes_no_hash_is_made() {
        struct Dry;
        impl Random for Dry {
            fn fill(&self, _: &mut [u8]) -> Result<(), PortError> {
                Err(PortError {
                    port: "random",
                    detail: "dry".into(),
                })
            }
        }
        let error = hash_pin(&pin("8264"), &Dry).unwrap_err();
        assert!(matches!(&error, HashError::Random(_)));
        assert!(!format!("{error} {error:?}").contains("8264"));
    }
}
