//! Setting a terminal up from a profile, and changing its settings later.

use std::collections::BTreeSet;
use std::sync::Arc;

use pos_domain::ports::{Clock, KeyStore, Random};
use pos_ledger::{Ledger, LedgerError, LedgerOptions, Query, Stamp};

use crate::edition::{EDITION, Edition, EditionError};
use crate::home::{Home, HomeError};
use crate::profile::{Loaded, Profile, Settings, TMK, UnionPay, test_master_key};
use crate::secrets::{Vault, VaultError};

/// What the host knows the terminal by: while anything is owed, it would not know the debt again.
const IDENTITY: [&str; 10] = [
    "terminal.id",
    "merchant.id",
    "unionpay.header",
    "unionpay.keys",
    "wechat.app_id",
    "wechat.mch_id",
    "wechat.sub_mch_id",
    "alipay.app_id",
    "unionpay_qr.mode",
    "unionpay_qr.mer_id",
];

/// What setting up needs from outside.
pub struct SetupPorts<'a> {
    /// The clocks.
    pub clock: &'a dyn Clock,
    /// Random bytes for keys.
    pub random: Arc<dyn Random>,
    /// Wraps the data key.
    pub key_store: &'a dyn KeyStore,
}

/// Why a terminal was not set up. What was there before stands.
#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    /// The folder cannot be used.
    #[error(transparent)]
    Home(#[from] HomeError),
    /// The sealed store cannot be used.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// The ledger cannot be used.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// The ledger or the profile is not this edition's.
    #[error(transparent)]
    Edition(#[from] EditionError),
    /// The profile is another terminal's while this one still owes something.
    #[error("{key} cannot change while {owed} items are owed")]
    Owed {
        /// The setting that would change.
        key: &'static str,
        /// How many items are owed.
        owed: usize,
    },
}

/// Puts a profile into a home: settings into the ledger, secrets into the sealed store. Done again
/// it changes settings; the same profile twice changes nothing.
///
/// # Errors
/// [`SetupError`]; settings are written last and at once.
pub fn set_up(
    home: &Home,
    loaded: &Loaded,
    ports: &SetupPorts<'_>,
    operator: &str,
) -> Result<(), SetupError> {
    home.create()?;
    let _lock = home.lock()?;
    let vault = Vault::prepare(home, ports.key_store, Arc::clone(&ports.random))?;
    let ledger = Ledger::open(LedgerOptions {
        path: home.ledger(),
        sealer: vault.sealer(),
        random: Arc::clone(&ports.random),
    })?;
    check_edition(&ledger, loaded)?;
    ledger.read(|query| refuse_another_terminal(query, &loaded.settings))?;
    vault.replace(&loaded.secrets)?;
    add_test_master_key(&vault, &loaded.profile)?;
    let stamp = Stamp {
        at: ports.clock.now(),
        operator: operator.to_owned(),
    };
    write_settings(&ledger, stamp, &loaded.settings)
}

/// Where an edition brings the profile, it has to take both the profile and the ledger.
pub(crate) fn check_edition(ledger: &Ledger, loaded: &Loaded) -> Result<(), SetupError> {
    let Some(edition) = loaded
        .settings
        .get(EDITION)
        .and_then(|text| text.parse().ok())
    else {
        return Ok(());
    };
    let edition: Edition = edition;
    edition.check(&loaded.profile, Some(&loaded.secrets))?;
    ledger.read(|query| edition.check_ledger(query))??;
    Ok(())
}

/// The published test key stands in for a `tmk` that no profile of this home ever gave, and only
/// where no real host can be.
fn add_test_master_key(vault: &Vault, profile: &Profile) -> Result<(), VaultError> {
    let test_host = |unionpay: &UnionPay| unionpay.host.is_test();
    if profile.unionpay.as_ref().is_some_and(test_host) && vault.get(TMK)?.is_none() {
        vault.put(TMK, &test_master_key())?;
    }
    Ok(())
}

fn refuse_another_terminal(query: Query<'_>, new: &Settings) -> Result<(), SetupError> {
    // A void and its obligation share one identifier; a message cut off is owed until recovery.
    let mut ids = BTreeSet::new();
    ids.extend(query.open_obligations()?.into_iter().map(|item| item.id));
    ids.extend(query.cleared()?.into_iter().map(|item| item.id));
    ids.extend(query.open_undos()?.into_iter().map(|undo| undo.id));
    ids.extend(
        query
            .interrupted_attempts()?
            .into_iter()
            .map(|attempt| attempt.id),
    );
    let owed = ids.len();
    if owed == 0 {
        return Ok(());
    }
    for key in IDENTITY {
        if query.setting(key)?.as_deref() != new.get(key) {
            return Err(SetupError::Owed { key, owed });
        }
    }
    Ok(())
}

pub(crate) fn write_settings(
    ledger: &Ledger,
    stamp: Stamp,
    settings: &Settings,
) -> Result<(), SetupError> {
    ledger.write(stamp, |tx| {
        let changed = settings
            .iter()
            .filter_map(|(key, value)| match tx.query().setting(key) {
                Ok(old) if old.as_deref() == Some(value) => None,
                Ok(old) => Some(Ok((key, old, value))),
                Err(error) => Some(Err(error)),
            });
        for change in changed {
            let (key, old, value) = change?;
            tx.set_setting(key, value)?;
            tx.audit("setting", key, old.as_deref(), Some(value))?;
        }
        Ok(())
    })
}

/// The settings that a terminal was set up with.
///
/// # Errors
/// Those of the database.
pub fn settings(query: Query<'_>) -> Result<Settings, LedgerError> {
    Ok(Settings::from_pairs(query.settings("")?))
}
