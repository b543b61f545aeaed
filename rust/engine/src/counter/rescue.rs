//! What only people can put right: a restored ledger, and what the host can no longer prove.

use pos_diagnosis::Situation;
use pos_flows::Statement;

use super::people::approving;
use super::{Approval, Change, Counter, Failure, id};
use crate::terminal::Approving;

impl Counter {
    /// A supervisor says that the terminal a restored ledger came from is retired: this one goes
    /// on.
    ///
    /// # Errors
    /// [`Failure::WrongPin`] of who consents; [`Failure::Refused`] when nothing was restored.
    pub fn accept_restored(&self, approval: &Approval) -> Result<(), Failure> {
        let (who, people) = (self.who()?, approving(Some(approval)));
        let done = self.opened()?.terminal.accept_restored(&who, &people);
        done.map_err(|e| self.consent_failure(e, Situation::Operator, Some(approval)))?;
        self.hints.tell(Change::TerminalChanged);
        Ok(())
    }

    /// Enters the acquirer's written statement about an unknown sale or undo: whether it was
    /// carried out, with the statement's own reference. Two people consent, one of them a
    /// supervisor.
    ///
    /// # Errors
    /// [`Failure::WrongPin`] of the first who consents, since a second is not tried then;
    /// [`Failure::Refused`] when it is not unknown.
    pub fn resolve(
        &self,
        item: &str,
        executed: bool,
        reference: &str,
        approvals: &[Approval],
    ) -> Result<(), Failure> {
        let (who, item) = (self.who()?, id(item)?);
        let statement = if executed {
            Statement::Executed
        } else {
            Statement::NotExecuted
        };
        let people: Vec<Approving> = approvals
            .iter()
            .flat_map(|approval| approving(Some(approval)))
            .collect();
        let terminal = &self.opened()?.terminal;
        let done = terminal.resolve(&who, &item, statement, reference, &people);
        done.map(drop)
            .map_err(|e| self.consent_failure(e, Situation::Operator, approvals.first()))
    }
}
