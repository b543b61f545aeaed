//! The v2 signature (spec wechat-pay §2).

use md5::{Digest, Md5};
use ring::hmac;

use crate::wallet::ApiKey;

/// The way to sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignType {
    /// The default of the interface.
    Md5,
    /// `HMAC-SHA256`.
    HmacSha256,
}

/// The signature of `fields`: upper-case hex, 32 or 64 digits. Empty values and `sign` itself are
/// left out; the order given does not matter.
#[must_use]
pub fn sign<'a>(
    fields: impl Iterator<Item = (&'a str, &'a str)>,
    key: &ApiKey,
    sign_type: SignType,
) -> String {
    let mut fields: Vec<_> = fields
        .filter(|(name, value)| !value.is_empty() && *name != "sign")
        .collect();
    fields.sort_unstable();
    let parts = fields
        .iter()
        .flat_map(|(name, value)| [*name, "=", *value, "&"])
        .chain(["key="])
        .map(str::as_bytes)
        .chain([key.bytes()]);
    match sign_type {
        SignType::Md5 => {
            let digest = parts.fold(Md5::new(), |hash, part| hash.chain_update(part));
            hex(&digest.finalize())
        }
        SignType::HmacSha256 => {
            let mac_key = hmac::Key::new(hmac::HMAC_SHA256, key.bytes());
            let mut mac = hmac::Context::with_key(&mac_key);
            for part in parts {
                mac.update(part);
            }
            hex(mac.sign().as_ref())
        }
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02X}")).collect()
}
