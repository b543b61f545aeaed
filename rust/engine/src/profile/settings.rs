//! Settings as texts, the form in which the ledger keeps them.

use std::collections::BTreeMap;

use super::Profile;
use super::keys::{self, KEYS};

/// Settings by key, such as `unionpay.timeout_s` = `60`. Holds no secret.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settings(BTreeMap<String, String>);

/// A stored setting that cannot be read: the ledger was changed by something else.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the setting {key} cannot be read")]
pub struct SettingError {
    /// The key with its section.
    pub key: String,
}

impl Settings {
    /// The names of all settings that a profile has.
    pub fn names() -> impl Iterator<Item = &'static str> {
        KEYS.iter()
            .filter(|key| key.is_setting())
            .map(|key| key.name)
    }

    /// The names of all secrets and PEM files that a profile may have.
    pub fn secret_names() -> impl Iterator<Item = &'static str> {
        KEYS.iter()
            .filter(|key| !key.is_setting())
            .map(|key| key.name)
    }

    /// Takes the settings among `pairs`; other keys, which are not a profile's, are left out.
    pub fn from_pairs(pairs: impl IntoIterator<Item = (String, String)>) -> Self {
        let known = |(key, _): &(String, String)| keys::find(key).is_some_and(|k| k.is_setting());
        Self(pairs.into_iter().filter(known).collect())
    }

    /// The text of a setting; none when it is not there.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&str> {
        self.0.get(key).map(String::as_str)
    }

    /// All, in key order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0
            .iter()
            .map(|(key, value)| (key.as_str(), value.as_str()))
    }

    pub(super) fn set(&mut self, key: &str, value: &str) {
        self.0.insert(key.to_owned(), value.to_owned());
    }

    /// The typed form. A setting that is absent, since an older program wrote the rest, has its
    /// default; a section whose address is empty is off.
    ///
    /// # Errors
    /// [`SettingError`] for a value that no profile could have set.
    pub fn profile(&self) -> Result<Profile, SettingError> {
        Profile::from_settings(self)
    }

    /// The text of a setting or its default.
    pub(super) fn text(&self, key: &str) -> Result<&str, SettingError> {
        let default = || keys::find(key).and_then(|k| k.default);
        self.get(key).or_else(default).ok_or_else(|| SettingError {
            key: key.to_owned(),
        })
    }

    /// A setting read by its type.
    pub(super) fn read<T: std::str::FromStr>(&self, key: &str) -> Result<T, SettingError> {
        self.text(key)?.parse().map_err(|_| SettingError {
            key: key.to_owned(),
        })
    }
}
