//! A terminal is opened by the edition that it belongs to.

use pos_ledger::{Ledger, Stamp};

use super::{EngineError, Ports, Terminal};
use crate::edition::{EDITION, is_training};
use crate::profile::Profile;
use crate::secrets::Secrets;

/// Refuses another edition's ledger and what this edition does not take, before anything is
/// recovered or sent; `marks` an older ledger as this edition's.
pub(super) fn admit(
    ledger: &Ledger,
    ports: &Ports,
    (profile, secrets): (&Profile, Option<&Secrets>),
    marks: bool,
) -> Result<(), EngineError> {
    let Some(edition) = ports.edition else {
        return Ok(());
    };
    ledger.read(|query| edition.check_ledger(query))??;
    edition.check(profile, secrets)?;
    let is_marked = ledger.read(|query| query.setting(EDITION))?.is_some();
    if is_marked || !marks {
        return Ok(());
    }
    let stamp = Stamp {
        at: ports.clock.now(),
        operator: "system".to_owned(),
    };
    Ok(ledger.write(stamp, |tx| {
        tx.set_setting(EDITION, edition.as_str())?;
        tx.audit("setting", EDITION, None, Some(edition.as_str()))
    })?)
}

impl Terminal {
    /// Whether what is done here is marked as practice.
    #[must_use]
    pub fn is_training(&self) -> bool {
        is_training(self.ports.edition, &self.profile)
    }
}
