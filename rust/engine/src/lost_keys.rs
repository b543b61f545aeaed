//! A terminal whose wrapping key is gone: a supervisor imports the profile's secrets again.
//!
//! Everything that needs no account data goes on. A card void asks for its card; a reversal whose
//! fields stay sealed is handed to the acquirer, still owed.

use std::sync::Arc;

use pos_ledger::{DataKey, Ledger, LedgerError, LedgerOptions, Sealer, Stamp};
use pos_policy::{Act, Consent};

use crate::consent::{self, Approving, Wanted};
use crate::copies;
use crate::files::{self, FileError};
use crate::home::{Home, HomeError};
use crate::profile::Loaded;
use crate::secrets::{Vault, VaultError};
use crate::setup::SetupError;
use crate::setup::{SetupPorts, check_edition, write_settings};
use crate::terminal::EngineError;

/// Why lost keys were not replaced. The home is as it was.
#[derive(Debug, thiserror::Error)]
pub enum LostKeysError {
    /// The keys are not lost.
    #[error("the keys of this terminal are not lost")]
    NotLost,
    /// The folder cannot be used.
    #[error(transparent)]
    Home(#[from] HomeError),
    /// The sealed store cannot be used.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// A file of the home cannot be used.
    #[error(transparent)]
    File(#[from] FileError),
    /// The ledger cannot be used.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// Consent is missing, or the new settings are another terminal's.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// The settings could not be written.
    #[error(transparent)]
    Setup(#[from] SetupError),
}

/// Replaces keys that are lost for good by those of the profile, with a supervisor's consent where
/// the home has one.
///
/// # Errors
/// [`LostKeysError`]; nothing was replaced.
pub fn replace_lost_keys(
    home: &Home,
    loaded: &Loaded,
    ports: &SetupPorts<'_>,
    who: &str,
    approving: &[Approving],
) -> Result<(), LostKeysError> {
    home.check()?;
    let _lock = home.lock()?;
    match Vault::open(&home.keys(), ports.key_store, Arc::clone(&ports.random)) {
        Ok(_) => return Err(LostKeysError::NotLost),
        Err(VaultError::KeysLost(_)) => {}
        Err(error) => return Err(error.into()),
    }
    let consent = import_consent(home, loaded, ports, approving)?;
    let store = ports.key_store;
    let vault = Vault::replace_lost(&home.keys(), store, Arc::clone(&ports.random))?;
    vault.replace(&loaded.secrets)?;
    // Safety copies would wrap the key that is lost; a supervisor switches them on again.
    files::remove(&copies::enabled(home))?;
    let ledger = open(home, vault.sealer(), ports)?;
    let stamp = Stamp {
        at: ports.clock.now(),
        operator: who.to_owned(),
    };
    write_settings(&ledger, stamp.clone(), &loaded.settings)?;
    let approver = consent.map(|consent| consent.approver);
    Ok(ledger.write(stamp, |tx| {
        tx.audit("keys_replaced", "terminal", None, approver.as_deref())
    })?)
}

/// Checks consent on the ledger as it is; its sealed values are not needed for that.
fn import_consent(
    home: &Home,
    loaded: &Loaded,
    ports: &SetupPorts<'_>,
    approving: &[Approving],
) -> Result<Option<Consent>, LostKeysError> {
    let mut unused = DataKey([0; 32]);
    ports
        .random
        .fill(&mut unused.0)
        .map_err(LedgerError::from)?;
    let sealer = Sealer::new(&unused, Arc::clone(&ports.random));
    let ledger = open(home, sealer, ports)?;
    check_edition(&ledger, loaded)?;
    let wanted = Wanted {
        act: Act::ImportKeys,
        original: None,
        amount: None,
    };
    Ok(consent::obtain(&ledger, ports.clock, wanted, approving)?)
}

fn open(home: &Home, sealer: Sealer, ports: &SetupPorts<'_>) -> Result<Ledger, LedgerError> {
    let random = Arc::clone(&ports.random);
    Ledger::open(LedgerOptions {
        path: home.ledger(),
        sealer,
        random,
    })
}
