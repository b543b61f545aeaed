//! RSA signatures and digests of the wallets, straight from the crypto libraries.

use std::fmt;

use base64ct::{Base64, Encoding};
use md5::{Digest, Md5};
use ring::rand::SystemRandom;
use ring::signature::{
    RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256, RsaKeyPair, UnparsedPublicKey,
};
use ring::{digest, hmac};

/// A key that cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WalletKeyError {
    /// Not the PEM text of such a key.
    #[error("not PEM of a key: PRIVATE KEY (PKCS#8) for signing, PUBLIC KEY for checking")]
    Malformed,
    /// Not an RSA key of 2048 bits or more.
    #[error("not an RSA key of 2048 bits or more")]
    Unfit,
}

/// Signs answers.
pub(crate) struct Signer(RsaKeyPair);

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Signer(…)")
    }
}

impl Signer {
    /// From PKCS#8 PEM.
    pub(crate) fn from_pem(text: &str) -> Result<Self, WalletKeyError> {
        let der = pem_bytes(text, "PRIVATE KEY").ok_or(WalletKeyError::Malformed)?;
        RsaKeyPair::from_pkcs8(&der)
            .map(Self)
            .map_err(|_| WalletKeyError::Unfit)
    }

    /// RSA PKCS#1 v1.5 over SHA-256, in base64. Empty should the library ever refuse.
    pub(crate) fn sign(&self, message: &[u8]) -> String {
        let mut signature = vec![0; self.0.public().modulus_len()];
        let random = SystemRandom::new();
        match self
            .0
            .sign(&RSA_PKCS1_SHA256, &random, message, &mut signature)
        {
            Ok(()) => Base64::encode_string(&signature),
            Err(_) => String::new(),
        }
    }
}

/// Checks requests.
#[derive(Clone, Debug)]
pub(crate) struct Checker(Vec<u8>);

impl Checker {
    /// From `SubjectPublicKeyInfo` PEM.
    pub(crate) fn from_pem(text: &str) -> Result<Self, WalletKeyError> {
        let der = pem_bytes(text, "PUBLIC KEY").ok_or(WalletKeyError::Malformed)?;
        let key = public_key_of(&der).ok_or(WalletKeyError::Malformed)?;
        // 256 bytes of modulus and their frame.
        if key.len() < 256 {
            return Err(WalletKeyError::Unfit);
        }
        Ok(Self(key.to_vec()))
    }

    pub(crate) fn verifies(&self, message: &[u8], signature: &str) -> bool {
        Base64::decode_vec(signature).is_ok_and(|signature| {
            UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, &self.0)
                .verify(message, &signature)
                .is_ok()
        })
    }
}

/// The bytes between the first pair of these marks.
pub(crate) fn pem_bytes(text: &str, label: &str) -> Option<Vec<u8>> {
    let (_, rest) = text.split_once(&format!("-----BEGIN {label}-----"))?;
    let (body, _) = rest.split_once(&format!("-----END {label}-----"))?;
    let body: String = body.split_ascii_whitespace().collect();
    Base64::decode_vec(&body).ok()
}

/// SEQUENCE { SEQUENCE algorithm, BIT STRING { key } }: the key.
fn public_key_of(info: &[u8]) -> Option<&[u8]> {
    let (outer, _) = der_value(info, 0x30)?;
    let (_, rest) = der_value(outer, 0x30)?;
    let (bits, _) = der_value(rest, 0x03)?;
    bits.strip_prefix(&[0])
}

/// The value of the first element, which must have this tag, and what follows it.
fn der_value(bytes: &[u8], tag: u8) -> Option<(&[u8], &[u8])> {
    let (first, rest) = bytes.split_first()?;
    let (length, rest) = rest.split_first()?;
    let (size, rest) = if *length < 0x80 {
        (usize::from(*length), rest)
    } else {
        let (digits, rest) = rest.split_at_checked(usize::from(length & 0x7F))?;
        if digits.len() > 4 {
            return None;
        }
        let size = digits
            .iter()
            .fold(0, |size, digit| size * 256 + usize::from(*digit));
        (size, rest)
    };
    (*first == tag).then(|| rest.split_at_checked(size))?
}

/// Upper-case hexadecimal MD5.
pub(crate) fn md5_hex(text: &str) -> String {
    hex_upper(&Md5::digest(text.as_bytes()))
}

/// Upper-case hexadecimal HMAC-SHA256.
pub(crate) fn hmac_hex(key: &str, text: &str) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, key.as_bytes());
    hex_upper(hmac::sign(&key, text.as_bytes()).as_ref())
}

/// Lower-case hexadecimal SHA-256.
pub(crate) fn sha256_hex(text: &str) -> String {
    let digest = digest::digest(&digest::SHA256, text.as_bytes());
    hex_upper(digest.as_ref()).to_ascii_lowercase()
}

fn hex_upper(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02X}")).collect()
}

/// Compares in a time that does not depend on where the texts differ.
pub(crate) fn same_text(one: &str, other: &str) -> bool {
    one.len() == other.len()
        && one
            .bytes()
            .zip(other.bytes())
            .fold(0, |differs, (a, b)| differs | (a ^ b))
            == 0
}
