//! The merchant's keys and the wallets' public keys.

use std::fmt;

use base64ct::{Base64, Encoding};
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use ring::rand::SystemRandom;
use ring::rsa::KeyPair;
use ring::signature::{RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256, UnparsedPublicKey};
use zeroize::Zeroizing;

use super::certificate::Certificate;
use super::der::{BIT_STRING, INTEGER, OID, Reader, SEQUENCE};
use super::pem;

/// rsaEncryption, 1.2.840.113549.1.1.1.
const RSA_ENCRYPTION: &[u8] = &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x01];

/// Why a key cannot be used. No text holds any of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// An API key has another length or other characters.
    #[error("an API key is 32 letters and digits")]
    ApiKey,
    /// No PEM, or not what it is named.
    #[error("this is no PEM or base64 text of the key that is wanted")]
    Malformed,
    /// A private RSA key that is too short, too long or inconsistent.
    #[error("the private key is no RSA key of 2048 to 4096 bits")]
    Unfit,
    /// Signing failed.
    #[error("the key did not sign")]
    Signing,
    /// Encrypted data that this key does not open.
    #[error("the sealed data does not open with this key")]
    Sealed,
}

/// A merchant's API key, 32 letters and digits (v2 API密钥, or APIv3密钥). Wiped on drop.
#[derive(Clone)]
pub struct ApiKey(Zeroizing<[u8; 32]>);

impl ApiKey {
    /// From its text.
    ///
    /// # Errors
    /// Another length, or anything but letters and digits (a newline at the end, for one).
    pub fn new(text: &str) -> Result<Self, KeyError> {
        let bytes = <[u8; 32]>::try_from(text.as_bytes()).map_err(|_| KeyError::ApiKey)?;
        let plain = bytes.iter().all(u8::is_ascii_alphanumeric);
        let bytes = Zeroizing::new(bytes);
        if plain {
            Ok(Self(bytes))
        } else {
            Err(KeyError::ApiKey)
        }
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        &*self.0
    }
}

impl fmt::Debug for ApiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ApiKey(…)")
    }
}

/// The merchant's RSA key.
pub struct SigningKey(KeyPair);

impl SigningKey {
    /// From PKCS#8 or PKCS#1, as PEM or bare base64.
    ///
    /// # Errors
    /// [`KeyError::Malformed`] or [`KeyError::Unfit`].
    pub fn from_text(text: &str) -> Result<Self, KeyError> {
        let blocks = pem::blocks(text).ok_or(KeyError::Malformed)?;
        let [block] = blocks.as_slice() else {
            return Err(KeyError::Malformed);
        };
        let pair = match block.label {
            "PRIVATE KEY" => KeyPair::from_pkcs8(&block.der),
            "RSA PRIVATE KEY" => KeyPair::from_der(&block.der),
            "" => KeyPair::from_pkcs8(&block.der).or_else(|_| KeyPair::from_der(&block.der)),
            _ => return Err(KeyError::Malformed),
        };
        pair.map(Self).map_err(|_| KeyError::Unfit)
    }

    /// Base64 of the RSASSA-PKCS1-v1_5 signature with SHA-256.
    ///
    /// # Errors
    /// [`KeyError::Signing`] when the library fails.
    pub fn sign(&self, message: &[u8]) -> Result<String, KeyError> {
        let mut signature = vec![0; self.0.public().modulus_len()];
        self.0
            .sign(
                &RSA_PKCS1_SHA256,
                &SystemRandom::new(),
                message,
                &mut signature,
            )
            .map_err(|_| KeyError::Signing)?;
        Ok(Base64::encode_string(&signature))
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SigningKey(…)")
    }
}

/// A wallet's RSA public key, 2048 to 8192 bits.
#[derive(Clone, PartialEq, Eq)]
pub struct PublicKey {
    /// PKCS#1.
    der: Vec<u8>,
}

impl PublicKey {
    /// From a public key (SubjectPublicKeyInfo or PKCS#1) or a certificate, as PEM, or from bare
    /// base64 of a SubjectPublicKeyInfo. Of several certificates the first is taken.
    ///
    /// # Errors
    /// [`KeyError::Malformed`].
    pub fn from_text(text: &str) -> Result<Self, KeyError> {
        let blocks = pem::blocks(text).ok_or(KeyError::Malformed)?;
        let block = blocks.first().ok_or(KeyError::Malformed)?;
        match block.label {
            "PUBLIC KEY" | "" => Self::from_spki(&block.der),
            "RSA PUBLIC KEY" => Self::from_pkcs1(&block.der),
            "CERTIFICATE" => return Certificate::from_text(text)?.public_key(),
            _ => None,
        }
        .ok_or(KeyError::Malformed)
    }

    /// From the DER of a SubjectPublicKeyInfo.
    pub(super) fn from_spki(der: &[u8]) -> Option<Self> {
        let mut outer = Reader::new(der);
        let mut spki = outer.enter(SEQUENCE)?;
        let mut algorithm = spki.enter(SEQUENCE)?;
        let key = spki.expect(BIT_STRING)?;
        let whole = outer.is_empty() && spki.is_empty();
        if !whole || algorithm.expect(OID)? != RSA_ENCRYPTION {
            return None;
        }
        let (unused_bits, key) = key.split_first()?;
        (*unused_bits == 0).then(|| Self::from_pkcs1(key))?
    }

    fn from_pkcs1(der: &[u8]) -> Option<Self> {
        let mut outer = Reader::new(der);
        let mut key = outer.enter(SEQUENCE)?;
        key.expect(INTEGER)?;
        key.expect(INTEGER)?;
        let whole = outer.is_empty() && key.is_empty();
        whole.then(|| Self { der: der.to_vec() })
    }

    /// Whether `signature` (base64) is this key's RSASSA-PKCS1-v1_5 signature with SHA-256.
    #[must_use]
    pub fn verifies(&self, message: &[u8], signature: &str) -> bool {
        let Ok(signature) = Base64::decode_vec(signature) else {
            return false;
        };
        self.verifies_raw(message, &signature)
    }

    /// As [`PublicKey::verifies`], for a signature that is no text.
    pub(super) fn verifies_raw(&self, message: &[u8], signature: &[u8]) -> bool {
        UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, &self.der)
            .verify(message, signature)
            .is_ok()
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PublicKey({} bytes)", self.der.len())
    }
}

/// Opens an APIv3 resource (spec wechat-pay §10.3): base64 of ciphertext and tag, a nonce of 12
/// bytes, and associated data that may be empty.
///
/// # Errors
/// [`KeyError::Sealed`] when any of the four does not fit the others.
pub fn unseal(
    key: &ApiKey,
    nonce: &str,
    associated_data: &str,
    ciphertext: &str,
) -> Result<Zeroizing<Vec<u8>>, KeyError> {
    let sealed = |_| KeyError::Sealed;
    let nonce = Nonce::try_assume_unique_for_key(nonce.as_bytes()).map_err(sealed)?;
    let key = UnboundKey::new(&AES_256_GCM, key.bytes()).map_err(sealed)?;
    let bytes = Base64::decode_vec(ciphertext).map_err(|_| KeyError::Sealed)?;
    let mut bytes = Zeroizing::new(bytes);
    let length = LessSafeKey::new(key)
        .open_in_place(nonce, Aad::from(associated_data.as_bytes()), &mut bytes)
        .map_err(sealed)?
        .len();
    bytes.truncate(length);
    Ok(bytes)
}
