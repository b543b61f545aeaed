//! Secrets in memory: wiped when dropped, never shown; and on disk: sealed, in [`Vault`].

mod vault;

pub use vault::{Vault, VaultError};

use std::collections::BTreeMap;
use std::fmt;

use zeroize::Zeroizing;

/// A secret or a PEM file: bytes that mask themselves in `Debug` and are wiped when dropped.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Zeroizing<Vec<u8>>);

impl Secret {
    /// Takes the bytes over.
    #[must_use]
    pub const fn new(bytes: Zeroizing<Vec<u8>>) -> Self {
        Self(bytes)
    }

    /// The bytes in clear, for the one use that needs them.
    #[must_use]
    pub fn expose(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// Secrets by the profile key that they came from, such as `unionpay.tmk`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Secrets(BTreeMap<String, Secret>);

impl Secrets {
    /// Adds or replaces one.
    pub fn set(&mut self, key: &str, secret: Secret) {
        self.0.insert(key.to_owned(), secret);
    }

    /// The secret of a profile key; none when the profile gave none.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Secret> {
        self.0.get(key)
    }

    /// All, in key order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Secret)> {
        self.0.iter().map(|(key, secret)| (key.as_str(), secret))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn i11_a_secret_does_not_show_itself() {
        let mut secrets = Secrets::default();
        let secret = Secret::new(Zeroizing::new(b"0123456789".to_vec()));
        secrets.set("unionpay.tmk", secret);
        let shown = format!("{secrets:?}");
        assert!(
            shown.contains("unionpay.tmk") && !shown.contains("0123"),
            "{shown}"
        );
        assert!(!shown.contains("48, 49"), "{shown}");
    }
}
