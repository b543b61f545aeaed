//! The profile: a TOML file that is read once. Settings go to the ledger, secrets and PEM files
//! to the sealed store; the file is not needed again.

mod beside;
mod check;
mod habits;
mod keys;
mod pem;
mod read;
mod settings;
mod tap;
mod typed;
mod wallet_check;
mod wallets;

use std::fmt;
use std::path::Path;

use zeroize::Zeroizing;

use crate::edition::{EDITION, Edition};
use crate::files::in_words;
use crate::secrets::Secrets;

pub use beside::{Beside, Chosen};
pub use habits::{HexBytes, ParameterSizes, WireHabits};
pub(crate) use keys::{TMK, test_master_key};
pub use settings::{SettingError, Settings};
pub use typed::{
    HostAddress, KeyMode, Merchant, PlainTcp, Profile, ReversalOriginal, Terminal, UnionPay,
};
pub use wallets::{Alipay, HttpMethod, QrMode, SIMULATOR, SignType, UnionPayQr, WeChat};

/// The largest profile or PEM file that is read, in bytes.
const MAX_FILE: u64 = 256 * 1024;

/// A profile as read: typed, as texts for the ledger, and the secrets apart.
#[derive(Debug)]
pub struct Loaded {
    /// The settings in typed form.
    pub profile: Profile,
    /// The same settings as texts; a value for every setting there is.
    pub settings: Settings,
    /// Secrets and PEM files.
    pub secrets: Secrets,
    /// Whether the file itself holds a secret, which it still does when all is done.
    pub has_own_secrets: bool,
}

/// Why a profile is refused. Holds no value of any secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProfileError {
    /// The line in the file, counted from 1; none when something is absent.
    pub line: Option<usize>,
    /// The key with its section, such as `unionpay.host`; empty for the file as a whole.
    pub key: String,
    /// What is wrong and what would be right.
    pub detail: String,
}

impl fmt::Display for ProfileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(line) = self.line {
            write!(f, "line {line}: ")?;
        }
        if self.key.is_empty() {
            f.write_str(&self.detail)
        } else {
            write!(f, "{}: {}", self.key, self.detail)
        }
    }
}

impl std::error::Error for ProfileError {}

impl Loaded {
    /// The same, to be written as this edition's: [`crate::set_up`] then refuses what it does not
    /// take.
    #[must_use]
    pub fn for_edition(mut self, edition: Edition) -> Self {
        self.settings.set(EDITION, edition.as_str());
        self
    }

    /// Reads a profile and the PEM files that it names, which are relative to it.
    ///
    /// # Errors
    /// [`ProfileError`] with line and key: no file, not TOML, an unknown key, a value out of range,
    /// a rule between keys broken, a PEM file that cannot be read.
    pub fn from_file(path: &Path) -> Result<Self, ProfileError> {
        let bytes = read_file(path).map_err(|detail| ProfileError {
            line: None,
            key: String::new(),
            detail,
        })?;
        Self::from_bytes(&bytes, path.parent().unwrap_or(Path::new("")))
    }

    /// Reads a profile from its bytes; `beside` has the files that it names.
    ///
    /// # Errors
    /// As [`Loaded::from_file`].
    pub fn from_bytes<B: Beside + ?Sized>(bytes: &[u8], beside: &B) -> Result<Self, ProfileError> {
        let whole = |line, detail: &str| ProfileError {
            line,
            key: String::new(),
            detail: detail.to_owned(),
        };
        if u64::try_from(bytes.len()).is_ok_and(|length| length > MAX_FILE) {
            return Err(whole(None, "is larger than 262144 bytes"));
        }
        let text = std::str::from_utf8(bytes).map_err(|error| {
            let line = read::line_at(bytes, error.valid_up_to());
            whole(Some(line), "is not UTF-8")
        })?;
        Self::from_text(text, beside)
    }

    /// Reads a profile from its text; `beside` has the files that it names.
    ///
    /// # Errors
    /// As [`Loaded::from_file`].
    pub fn from_text<B: Beside + ?Sized>(text: &str, beside: &B) -> Result<Self, ProfileError> {
        let entries = read::entries(text)?;
        let (settings, secrets) = keys::collect(&entries, &beside)?;
        let profile = settings.profile().map_err(|error| ProfileError {
            line: entries.line_of(&error.key),
            key: error.key,
            detail: "cannot be used".into(),
        })?;
        check::rules(&profile, &secrets, &entries)?;
        Ok(Self {
            has_own_secrets: keys::has_secret_texts(&entries),
            profile,
            settings,
            secrets,
        })
    }
}

/// The line of a key in a profile's bytes; none when it is not there.
pub(crate) fn line_of(bytes: &[u8], key: &str) -> Option<usize> {
    let entries = read::entries(std::str::from_utf8(bytes).ok()?).ok()?;
    entries.line_of(key)
}

/// A small file's bytes, or why not, without its content.
fn read_file(path: &Path) -> Result<Zeroizing<Vec<u8>>, String> {
    use std::io::Read;

    let failed = |error: std::io::Error| format!("{}: {}", path.display(), in_words(&error));
    let file = std::fs::File::open(path).map_err(failed)?;
    // One allocation of the largest size: a growing buffer would leave copies behind.
    let capacity = usize::try_from(MAX_FILE + 1).unwrap_or_default();
    let mut bytes = Zeroizing::new(Vec::with_capacity(capacity));
    file.take(MAX_FILE + 1)
        .read_to_end(&mut bytes)
        .map_err(failed)?;
    if bytes.len() >= capacity {
        return Err(format!("{}: larger than {MAX_FILE} bytes", path.display()));
    }
    Ok(bytes)
}
