//! PEM files of a profile, checked when they are read, so that a wrong one is told at once and not
//! at the first payment.

use pos_channels::wallet::{Certificate, KeyError, PublicKey, SigningKey, bundle_serial};
use zeroize::Zeroizing;

use super::beside::Beside;
use super::read::{Entry, Value};
use crate::link::tls;

/// What a PEM file has to hold.
#[derive(Clone, Copy)]
pub(super) enum Content {
    /// The only CA certificates that count.
    Authorities,
    /// A certificate to show, and perhaps its key.
    ClientCertificate,
    /// A private key for TLS.
    ClientKey,
    /// The merchant's RSA key for signatures.
    SigningKey,
    /// A wallet's RSA public key, or a certificate that has it.
    PublicKey,
    /// A certificate.
    Certificate,
    /// Root certificates.
    Roots,
}

impl Content {
    fn check(self, bytes: &[u8]) -> Result<(), String> {
        let said = |error: KeyError| error.to_string();
        let text = std::str::from_utf8(bytes).map_err(|_| "is not UTF-8".to_owned());
        match self {
            Self::Authorities => tls::roots(bytes).map(drop).map_err(|e| e.to_string()),
            Self::ClientCertificate => tls::chain(bytes).map(drop).map_err(|e| e.to_string()),
            Self::ClientKey => tls::key(bytes).map(drop).map_err(|e| e.to_string()),
            Self::SigningKey => SigningKey::from_text(text?).map(drop).map_err(said),
            Self::PublicKey => PublicKey::from_text(text?).map(drop).map_err(said),
            Self::Certificate => Certificate::from_text(text?)
                .and_then(|certificate| certificate.public_key())
                .map(drop)
                .map_err(said),
            Self::Roots => bundle_serial(text?).map(drop).map_err(said),
        }
    }
}

/// The bytes of the file that an entry names; of the file called `default` when there is no entry
/// and that file is there.
///
/// # Errors
/// What is wrong with the file; nothing of its content.
pub(super) fn read(
    content: Content,
    default: &str,
    entry: Option<&Entry>,
    beside: &dyn Beside,
) -> Result<Option<Zeroizing<Vec<u8>>>, String> {
    let name = match entry.map(|entry| &entry.value) {
        None if default.is_empty() || !beside.has(default) => return Ok(None),
        None => default,
        Some(Value::Text(name)) if name.is_empty() => return Ok(None),
        Some(Value::Text(name)) => name,
        Some(other) => return Err(other.wants("a text in quotation marks")),
    };
    let bytes = beside.read(name)?;
    if bytes.is_empty() {
        return Err(format!("{name}: is empty"));
    }
    content
        .check(&bytes)
        .map_err(|what| format!("{name}: {what}"))?;
    Ok(Some(bytes))
}
