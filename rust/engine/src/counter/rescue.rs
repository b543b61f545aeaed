//! What only people can put right: a restored ledger, and what the host can no longer prove.

use std::sync::Arc;

use pos_diagnosis::Situation;
use pos_domain::LocalCode;
use pos_flows::Statement;

use super::failure::invalid;
use super::people::approving;
use super::{Approval, Change, CoreState, Counter, Failure, ProfileGiven, id};
use crate::lost_keys::{LostKeysError, replace_lost_keys};
use crate::setup::SetupPorts;
use crate::system::SystemRandom;
use crate::terminal::{Approving, EngineError, check_statement};

/// The acquirer's written statement about something unknown.
#[derive(Clone, Debug)]
pub struct StatementGiven {
    /// The sale or undo, or what is owed for it.
    pub item: String,
    /// Whether it was carried out.
    pub executed: bool,
    /// What the statement is called: 1 to 64 printable characters, no card number.
    pub reference: String,
    /// Who consents.
    pub first: Approval,
    /// And who else.
    pub second: Approval,
}

/// A stuck item that two people give up.
#[derive(Clone, Debug)]
pub struct ClearingGiven {
    /// What is owed: its identifier.
    pub item: String,
    /// Why: 1 to 64 printable characters, no card number.
    pub reason: String,
    /// Who consents.
    pub first: Approval,
    /// And who else.
    pub second: Approval,
}

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

    /// Enters the acquirer's written statement about an unknown sale or undo. Two people consent,
    /// one of them a supervisor.
    ///
    /// # Errors
    /// [`Failure::WrongPin`] of who it was; [`Failure::InputInvalid`] for what cannot be the name
    /// of a statement; [`Failure::Refused`] when it is not unknown.
    pub fn resolve(&self, given: &StatementGiven) -> Result<(), Failure> {
        let (who, item) = (self.who()?, id(&given.item)?);
        check_text("reference", &given.reference)?;
        let statement = if given.executed {
            Statement::Executed
        } else {
            Statement::NotExecuted
        };
        self.by_two(&given.first, &given.second, |people| {
            let terminal = &self.opened()?.terminal;
            let done = terminal.resolve(&who, &item, statement, &given.reference, people);
            Ok(done.map(drop))
        })
    }

    /// Takes a stuck item out of gate and list, with two people's consent and a reason. Its net
    /// stays unknown and its undo room stays taken; the settlement tells it.
    ///
    /// # Errors
    /// [`Failure::WrongPin`] of who it was; [`Failure::InputInvalid`] for what cannot be a reason;
    /// [`Failure::Refused`] when it is not stuck.
    pub fn clear(&self, given: &ClearingGiven) -> Result<(), Failure> {
        let (who, item) = (self.who()?, id(&given.item)?);
        check_text("reason", &given.reason)?;
        self.by_two(&given.first, &given.second, |people| {
            let terminal = &self.opened()?.terminal;
            Ok(terminal.clear(&who, &item, &given.reason, people))
        })
    }

    /// What two people consent to; tells whose PIN was wrong.
    fn by_two(
        &self,
        first: &Approval,
        second: &Approval,
        act: impl FnOnce(&[Approving]) -> Result<Result<(), EngineError>, Failure>,
    ) -> Result<(), Failure> {
        let two = [first, second].into_iter();
        let people: Vec<Approving> = two.flat_map(|approval| approving(Some(approval))).collect();
        let before = self.failed_pins(&second.operator);
        act(&people)?.map_err(|error| {
            // Whose PIN was wrong stands in the ledger.
            let seconds = self.failed_pins(&second.operator) > before;
            let wrong = if seconds { second } else { first };
            self.consent_failure(error, Situation::Operator, Some(wrong))
        })
    }

    /// Replaces keys that are lost for good by those of a profile, with a supervisor's consent, and
    /// opens the terminal.
    ///
    /// # Errors
    /// [`Failure::ProfileInvalid`]; [`Failure::WrongPin`]; [`Failure::Refused`] when they are not
    /// lost or no supervisor consents.
    pub fn import_keys(
        &self,
        profile: &ProfileGiven,
        approval: &Approval,
    ) -> Result<CoreState, Failure> {
        let loaded = profile.load_for(self.ports.edition)?;
        if self.opened().is_ok() {
            return Err(self.lost_keys_failure(LostKeysError::NotLost, approval));
        }
        let ports = SetupPorts {
            clock: self.ports.clock.as_ref(),
            random: Arc::new(SystemRandom),
            key_store: self.ports.key_store.as_ref(),
        };
        let people = approving(Some(approval));
        let done = replace_lost_keys(&self.home, &loaded, &ports, &approval.operator, &people);
        done.map_err(|error| self.lost_keys_failure(error, approval))?;
        self.open()
    }

    fn lost_keys_failure(&self, error: LostKeysError, approval: &Approval) -> Failure {
        match error {
            LostKeysError::NotLost => {
                self.refused(&LocalCode::NotInThisState.into(), Situation::Operator)
            }
            LostKeysError::Home(error) => error.into(),
            LostKeysError::Vault(error) => error.into(),
            LostKeysError::File(error) => error.into(),
            LostKeysError::Ledger(error) => error.into(),
            LostKeysError::Setup(error) => error.into(),
            LostKeysError::Engine(error) => {
                self.consent_failure(error, Situation::Operator, Some(approval))
            }
        }
    }
}

fn check_text(what: &str, text: &str) -> Result<(), Failure> {
    check_statement(text).map_err(|fault| invalid(what, &fault.to_string()))
}
