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
use crate::terminal::Approving;

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
        check_reference(&given.reference)?;
        let statement = if given.executed {
            Statement::Executed
        } else {
            Statement::NotExecuted
        };
        let two = [&given.first, &given.second];
        let people: Vec<Approving> = two
            .into_iter()
            .flat_map(|approval| approving(Some(approval)))
            .collect();
        let before = self.failed_pins(&given.second.operator);
        let terminal = &self.opened()?.terminal;
        let done = terminal.resolve(&who, &item, statement, &given.reference, &people);
        done.map(drop).map_err(|error| {
            // Whose PIN was wrong stands in the ledger.
            let second = self.failed_pins(&given.second.operator) > before;
            let wrong = if second { &given.second } else { &given.first };
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
        let loaded = profile.load()?;
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
            LostKeysError::Ledger(error) => error.into(),
            LostKeysError::Setup(error) => error.into(),
            LostKeysError::Engine(error) => {
                self.consent_failure(error, Situation::Operator, Some(approval))
            }
        }
    }
}

/// The longest name of a statement, in characters.
const LONGEST: usize = 64;

/// What a statement is called: printable, and no number that could be a card's.
fn check_reference(text: &str) -> Result<(), Failure> {
    let length = text.chars().count();
    let fits = (1..=LONGEST).contains(&length) && !text.chars().any(char::is_control);
    let mut runs = text.split(|c: char| !c.is_ascii_digit());
    if !fits {
        return Err(invalid("reference", "has 1 to 64 printable characters"));
    }
    if runs.any(|run| (13..=19).contains(&run.len())) {
        return Err(invalid("reference", "must not hold a card number"));
    }
    Ok(())
}
