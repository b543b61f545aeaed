//! A restored ledger, and the supervisor who lets it go on.

use pos_ledger::Tx;
use pos_policy::Act;

use super::{EngineError, Terminal};
use crate::consent::{self, Approving, Wanted};

impl Terminal {
    /// Whether the ledger was put back from a copy and waits for a supervisor; nothing is sent
    /// until then.
    ///
    /// # Errors
    /// Those of the ledger.
    pub fn is_restored(&self) -> Result<bool, EngineError> {
        Ok(match (&self.desk, &self.till) {
            (Some(desk), _) => desk.is_restored()?,
            (None, Some(till)) => till.is_restored()?,
            (None, None) => false,
        })
    }

    /// A supervisor says that the terminal this ledger came from is retired: this one goes on.
    ///
    /// # Errors
    /// [`EngineError::Refused`] when nothing was restored or consent is missing.
    pub fn accept_restored(&self, who: &str, approving: &[Approving]) -> Result<(), EngineError> {
        let wanted = Wanted {
            act: Act::RetireTerminal,
            original: None,
            amount: None,
        };
        let clock = self.ports.clock.as_ref();
        let consent = consent::obtain(&self.ledger, clock, wanted, approving)?;
        let approver = consent.map(|consent| consent.approver);
        let note = |tx: &Tx<'_>| Ok(tx.audit("retired", "terminal", None, approver.as_deref())?);
        match (&self.desk, &self.till) {
            (None, Some(till)) => {
                self.run_on(&self.web_line, async { till.accept_restored(who, note) })?;
            }
            _ => {
                let desk = self.desk()?;
                self.run(async { desk.accept_restored(who, note) })?;
            }
        }
        self.nudge();
        Ok(())
    }
}
