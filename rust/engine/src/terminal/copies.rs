//! Safety copies of this terminal, and whether it is a good moment to update the app.

use std::sync::Arc;

use super::Terminal;
use crate::copies::{Keeper, Named};

impl Terminal {
    /// Makes safety copies of this terminal; may be kept by another thread.
    #[must_use]
    pub fn keeper(&self) -> Keeper {
        let profile = &self.profile;
        Keeper {
            home: self.home.clone(),
            ledger: Arc::clone(&self.ledger),
            clock: Arc::clone(&self.ports.clock),
            random: Arc::clone(&self.ports.random),
            key_store: Arc::clone(&self.ports.key_store),
            outside: Arc::clone(&self.ports.outside),
            storage: Arc::clone(&self.ports.storage),
            named: Named {
                merchant: profile.merchant.id.clone(),
                name: profile.merchant.name.clone(),
                terminal: profile.terminal.id.clone(),
            },
            busy: Arc::clone(&self.copying),
        }
    }
}
