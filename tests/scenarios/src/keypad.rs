//! A key pad in the program's memory, as a desk has one.

use std::collections::BTreeMap;
use std::sync::Mutex;

use pos_domain::ports::{Cipher, CipherError};
use pos_domain::{Pan, Pin};
use pos_iso8583::security::{self, Family, KeyMode, MacAlgorithm, WorkingKeys};
use zeroize::Zeroizing;

/// Working keys by generation, under a master key.
pub struct KeyPad {
    master: [u8; 16],
    mode: KeyMode,
    algorithm: &'static dyn MacAlgorithm,
    keys: Mutex<BTreeMap<u32, WorkingKeys>>,
}

impl KeyPad {
    /// With the dialect's own way to make a MAC.
    pub fn new(master: [u8; 16], mode: KeyMode) -> Self {
        let algorithm = match mode.family() {
            Family::Des => "cup-ecb",
            Family::Sm4 => "sm4-fold",
        };
        Self {
            master,
            mode,
            algorithm: security::algorithm(algorithm).expect("a usual algorithm"),
            keys: Mutex::default(),
        }
    }

    fn keys(&self, generation: u32) -> Result<WorkingKeys, CipherError> {
        let keys = self.keys.lock().expect("a test panicked");
        keys.get(&generation).cloned().ok_or(CipherError::NoKey)
    }
}

impl Cipher for KeyPad {
    fn load_working_keys(&self, generation: u32, field62: &[u8]) -> Result<(), CipherError> {
        let keys = security::unwrap_working_keys(field62, self.mode, &self.master)
            .map_err(|_| CipherError::CheckValue)?;
        let mut all = self.keys.lock().expect("a test panicked");
        all.insert(generation, keys);
        Ok(())
    }

    fn mac(&self, generation: u32, input: &[u8]) -> Result<[u8; 8], CipherError> {
        let keys = self.keys(generation)?;
        let mac = self.algorithm.mac(keys.mak.as_bytes(), input);
        mac.map_err(|_| CipherError::Device)
    }

    fn pin_block(
        &self,
        generation: u32,
        pin: &Pin,
        pan: Option<&Pan>,
    ) -> Result<Vec<u8>, CipherError> {
        let keys = self.keys(generation)?;
        let (family, key) = (self.mode.family(), keys.pik.as_bytes());
        security::encrypted_pin_block(family, key, pin.digits(), pan.map(Pan::digits))
            .map_err(|_| CipherError::Device)
    }

    fn encrypt_track(
        &self,
        generation: u32,
        track: &str,
    ) -> Result<Option<Zeroizing<String>>, CipherError> {
        let Some(key) = self.keys(generation)?.tdk else {
            return Ok(None);
        };
        let bytes = security::encrypt_track(track.as_bytes(), key.as_bytes())
            .map_err(|_| CipherError::Device)?;
        let text = std::str::from_utf8(&bytes).map_err(|_| CipherError::Device)?;
        Ok(Some(Zeroizing::new(text.to_owned())))
    }
}
