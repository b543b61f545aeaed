//! The key pad in software: for the desk, for training, and for devices without one.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{PoisonError, RwLock};

use pos_domain::ports::{Cipher, CipherError};
use pos_domain::{Pan, Pin};
use pos_iso8583::security::{
    self, CheckError, KeyMode, MacAlgorithm, SecretKey, SecurityError, WorkingKeys,
};
use zeroize::Zeroizing;

use crate::profile::UnionPay;
use crate::secrets::Secret;

/// Generations kept: the current one, and those of requests that may still be answered.
const KEPT: usize = 16;

/// The terminal master key and, under it, working keys by generation.
pub struct SoftCipher {
    master: SecretKey,
    mode: KeyMode,
    algorithm: &'static dyn MacAlgorithm,
    keys: RwLock<BTreeMap<u32, WorkingKeys>>,
}

impl fmt::Debug for SoftCipher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SoftCipher({:?}, {})", self.mode, self.algorithm.name())
    }
}

impl SoftCipher {
    /// With a master key of 16 bytes.
    #[must_use]
    pub fn new(master: &[u8; 16], mode: KeyMode, algorithm: &'static dyn MacAlgorithm) -> Self {
        Self {
            master: SecretKey::new(master),
            mode,
            algorithm,
            keys: RwLock::default(),
        }
    }

    /// As the profile says, with the master key in the form of its `tmk`: 32 hexadecimal digits.
    ///
    /// # Errors
    /// [`CipherError::Length`] when the master key is not that.
    pub fn from_profile(unionpay: &UnionPay, tmk: &Secret) -> Result<Self, CipherError> {
        let master = master_key(tmk.expose()).ok_or(CipherError::Length)?;
        Ok(Self::new(
            &master,
            unionpay.keys.mode(),
            unionpay.mac_algorithm(),
        ))
    }

    fn with<T>(
        &self,
        generation: u32,
        work: impl FnOnce(&WorkingKeys) -> Result<T, SecurityError>,
    ) -> Result<T, CipherError> {
        let keys = self.keys.read().unwrap_or_else(PoisonError::into_inner);
        let keys = keys.get(&generation).ok_or(CipherError::NoKey)?;
        work(keys).map_err(|_| CipherError::Device)
    }
}

fn master_key(digits: &[u8]) -> Option<Zeroizing<[u8; 16]>> {
    let mut key = Zeroizing::new([0; 16]);
    let (pairs, rest) = digits.as_chunks::<2>();
    if pairs.len() != key.len() || !rest.is_empty() {
        return None;
    }
    for (byte, pair) in key.iter_mut().zip(pairs) {
        for digit in pair {
            let nibble = char::from(*digit)
                .to_digit(16)
                .and_then(|n| u8::try_from(n).ok())?;
            *byte = (*byte << 4) | nibble;
        }
    }
    Some(key)
}

impl Cipher for SoftCipher {
    fn load_working_keys(&self, generation: u32, field62: &[u8]) -> Result<(), CipherError> {
        let loaded = security::unwrap_working_keys(field62, self.mode, self.master.as_bytes());
        let loaded = loaded.map_err(|error| match error {
            CheckError::Content(e) if e.reason == pos_iso8583::DecodeErrorKind::KcvMismatch => {
                CipherError::CheckValue
            }
            CheckError::Content(_) => CipherError::Length,
            CheckError::Key(_) => CipherError::Device,
        })?;
        let mut keys = self.keys.write().unwrap_or_else(PoisonError::into_inner);
        keys.insert(generation, loaded);
        while keys.len() > KEPT {
            keys.pop_first();
        }
        Ok(())
    }

    fn mac(&self, generation: u32, input: &[u8]) -> Result<[u8; 8], CipherError> {
        self.with(generation, |keys| {
            self.algorithm.mac(keys.mak.as_bytes(), input)
        })
    }

    fn pin_block(
        &self,
        generation: u32,
        pin: &Pin,
        pan: Option<&Pan>,
    ) -> Result<Vec<u8>, CipherError> {
        self.with(generation, |keys| {
            let (family, key) = (self.mode.family(), keys.pik.as_bytes());
            security::encrypted_pin_block(family, key, pin.digits(), pan.map(Pan::digits))
        })
    }

    fn encrypt_track(
        &self,
        generation: u32,
        track: &str,
    ) -> Result<Option<Zeroizing<String>>, CipherError> {
        let encrypted = self.with(generation, |keys| match &keys.tdk {
            None => Ok(None),
            Some(key) => security::encrypt_track(track.as_bytes(), key.as_bytes()).map(Some),
        })?;
        encrypted
            .map(|bytes| match std::str::from_utf8(&bytes) {
                Ok(text) => Ok(Zeroizing::new(text.to_owned())),
                Err(_) => Err(CipherError::Device),
            })
            .transpose()
    }
}
