//! Sealing of account data: AES-256-GCM under a data key that the platform's key store wraps.
//!
//! A sealed value is one byte for the algorithm, twelve of nonce, then cipher text and tag. The
//! place where the value stands is authenticated with it, so a value moved to another row or
//! column does not open.

use aes_gcm::aead::{Aead, KeyInit, Payload};
use aes_gcm::{Aes256Gcm, Nonce};
use hmac::{Hmac, Mac};
use pos_domain::ports::Random;
use sha2::Sha256;
use std::sync::Arc;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use crate::LedgerError;

/// AES-256-GCM; a second algorithm gets a second number.
const AES_256_GCM: u8 = 1;
const NONCE: usize = 12;

/// The 32 bytes under which a ledger's account data is sealed.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct DataKey(pub [u8; 32]);

impl std::fmt::Debug for DataKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("DataKey(…)")
    }
}

/// Seals and opens values, and makes keyed hashes.
#[derive(Clone)]
pub struct Sealer {
    cipher: Aes256Gcm,
    hash_key: Zeroizing<[u8; 32]>,
    random: Arc<dyn Random>,
}

impl std::fmt::Debug for Sealer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Sealer(…)")
    }
}

fn keyed(key: &[u8], parts: &[&[u8]]) -> [u8; 32] {
    // HMAC takes a key of any length, so this cannot fail; an empty hash would only fail to match.
    let Ok(mut mac) = <Hmac<Sha256> as KeyInit>::new_from_slice(key) else {
        return [0; 32];
    };
    for part in parts {
        mac.update(&u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

impl Sealer {
    /// With the ledger's data key.
    #[must_use]
    pub fn new(key: &DataKey, random: Arc<dyn Random>) -> Self {
        let cipher = Aes256Gcm::new(&key.0.into());
        let hash_key = Zeroizing::new(keyed(&key.0, &[b"keyed hash"]));
        Self {
            cipher,
            hash_key,
            random,
        }
    }

    /// Seals `clear` for the place `place`, such as `original.account:S…`.
    ///
    /// # Errors
    /// [`LedgerError::Port`] without random bytes, [`LedgerError::Seal`] for an absurd length.
    pub fn seal(&self, place: &str, clear: &[u8]) -> Result<Vec<u8>, LedgerError> {
        let mut nonce = [0; NONCE];
        self.random.fill(&mut nonce)?;
        let payload = Payload {
            msg: clear,
            aad: place.as_bytes(),
        };
        let sealed = self
            .cipher
            .encrypt(&Nonce::from(nonce), payload)
            .map_err(|_| LedgerError::Seal)?;
        Ok([&[AES_256_GCM], &nonce[..], &sealed].concat())
    }

    /// Opens what [`Sealer::seal`] made for the same place.
    ///
    /// # Errors
    /// [`LedgerError::Seal`] when key, place or bytes differ.
    pub fn open(&self, place: &str, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, LedgerError> {
        let (algorithm, rest) = sealed.split_first().ok_or(LedgerError::Seal)?;
        let (nonce, msg) = rest.split_first_chunk::<NONCE>().ok_or(LedgerError::Seal)?;
        if *algorithm != AES_256_GCM {
            return Err(LedgerError::Seal);
        }
        let payload = Payload {
            msg,
            aad: place.as_bytes(),
        };
        self.cipher
            .decrypt(&Nonce::from(*nonce), payload)
            .map(Zeroizing::new)
            .map_err(|_| LedgerError::Seal)
    }

    /// A keyed hash that shows equality and nothing else.
    #[must_use]
    pub fn hash(&self, purpose: &str, bytes: &[u8]) -> [u8; 32] {
        keyed(self.hash_key.as_slice(), &[purpose.as_bytes(), bytes])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use pos_domain::ports::PortError;

    struct Counting;

    impl Random for Counting {
        fn fill(&self, bytes: &mut [u8]) -> Result<(), PortError> {
            bytes.iter_mut().zip(1..).for_each(|(byte, n)| *byte = n);
            Ok(())
        }
    }

    fn sealer(first: u8) -> Sealer {
        Sealer::new(&DataKey([first; 32]), Arc::new(Counting))
    }

    #[test]
    fn a_sealed_value_opens_only_in_its_place_under_its_key_and_unchanged() {
        let sealed = sealer(1).seal("original.account:S1", b"clear").unwrap();
        assert_eq!(
            sealer(1)
                .open("original.account:S1", &sealed)
                .unwrap()
                .as_slice(),
            b"clear"
        );
        assert!(!sealed.windows(5).any(|w| w == b"clear"));
        assert!(sealer(1).open("original.account:S2", &sealed).is_err());
        assert!(sealer(2).open("original.account:S1", &sealed).is_err());
        for at in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[at] ^= 1;
            assert!(
                sealer(1).open("original.account:S1", &changed).is_err(),
                "byte {at}"
            );
        }
        assert!(sealer(1).open("", &[]).is_err());
    }

    #[test]
    fn a_keyed_hash_depends_on_key_and_purpose() {
        assert_eq!(sealer(1).hash("card", b"x"), sealer(1).hash("card", b"x"));
        assert_ne!(sealer(1).hash("card", b"x"), sealer(2).hash("card", b"x"));
        assert_ne!(sealer(1).hash("card", b"x"), sealer(1).hash("frame", b"x"));
    }
}
