//! Who works at the counter, and who consents.

use pos_diagnosis::Situation;
use pos_domain::LocalCode;
use pos_policy::lockout::MAX_WRONG;

use super::requests::operator_pin;
use super::shapes::{Operator, Role};
use super::{Approval, Change, Counter, Failure, NewOperator};
use crate::Secret;
use crate::terminal::{Approving, EngineError, NewOperator as Engine, PeopleError};

pub(super) fn shape(operator: pos_ledger::Operator) -> Operator {
    Operator {
        number: operator.no,
        name: operator.name,
        role: match operator.role {
            pos_ledger::Role::Cashier => Role::Cashier,
            pos_ledger::Role::Supervisor => Role::Supervisor,
        },
        enabled: !operator.disabled,
    }
}

/// A consent in the engine's form. A PIN that is no PIN is none, and then a wrong one.
pub(super) fn approving(approval: Option<&Approval>) -> Vec<Approving> {
    let engine = |approval: &Approval| Approving {
        no: approval.operator.clone(),
        pin: operator_pin(&approval.pin).ok(),
    };
    approval.map(engine).into_iter().collect()
}

impl Counter {
    /// Puts an operator at the counter.
    ///
    /// # Errors
    /// [`Failure::WrongPin`]; [`Failure::Refused`] for one who is locked, disabled or unknown.
    pub fn log_on(&self, number: &str, pin: &Secret) -> Result<Operator, Failure> {
        let opened = self.opened()?;
        let pin = operator_pin(pin).ok();
        let checked = opened.terminal.log_on(number, pin.as_ref());
        checked.map_err(|error| self.pin_failure(error, Situation::Operator, number))?;
        let found = self.find_operator(number)?;
        self.session().who = Some(number.to_owned());
        self.hints.tell(Change::TerminalChanged);
        Ok(found)
    }

    /// Leaves the counter to nobody.
    pub fn log_off(&self) {
        self.session().who = None;
        self.forget_taps();
        self.hints.tell(Change::TerminalChanged);
    }

    /// Everybody who works or worked here, by number.
    ///
    /// # Errors
    /// Those of the ledger.
    pub fn operators(&self) -> Result<Vec<Operator>, Failure> {
        let all = self.ask(Situation::Operator, |reader| reader.terminal.operators())?;
        Ok(all.into_iter().map(shape).collect())
    }

    /// Adds an operator, or gives one a new name, role or PIN.
    ///
    /// # Errors
    /// [`Failure::WrongPin`] of who consents; [`Failure::Refused`].
    pub fn add_operator(
        &self,
        operator: &NewOperator,
        approval: &Approval,
    ) -> Result<Operator, Failure> {
        let who = self.who()?;
        let new = self.engine_operator(operator)?;
        let opened = self.opened()?;
        opened
            .terminal
            .put_operator(&who, &new, &approving(Some(approval)))
            .map_err(|error| self.people_failure(error, &approval.operator))?;
        self.find_operator(&operator.number)
    }

    /// Disables an operator.
    ///
    /// # Errors
    /// [`Failure::WrongPin`] of who consents; [`Failure::Refused`] for the last supervisor.
    pub fn disable_operator(&self, number: &str, approval: &Approval) -> Result<(), Failure> {
        let who = self.who()?;
        let opened = self.opened()?;
        opened
            .terminal
            .disable_operator(&who, number, &approving(Some(approval)))
            .map_err(|error| self.pin_failure(error, Situation::Operator, &approval.operator))
    }

    pub(super) fn engine_operator(&self, new: &NewOperator) -> Result<Engine, Failure> {
        let unfit = |fault| self.people_failure(PeopleError::Pin(fault), &new.number);
        Ok(Engine {
            no: new.number.clone(),
            name: new.name.clone(),
            role: new.role,
            pin: Some(operator_pin(&new.pin).map_err(unfit)?),
        })
    }

    fn find_operator(&self, number: &str) -> Result<Operator, Failure> {
        let mut all = self.operators()?.into_iter();
        all.find(|operator| operator.number == number)
            .ok_or_else(|| self.refused(&LocalCode::OperatorUnknown.into(), Situation::Operator))
    }

    /// Tries that an operator has left before no PIN is taken for a while.
    pub(super) fn attempts_left(&self, number: &str) -> Option<u32> {
        let opened = self.opened().ok()?;
        let found = opened
            .terminal
            .ledger()
            .read(|query| Ok::<_, EngineError>(query.operator(number)?));
        let failures = found.ok()??.failures;
        Some(MAX_WRONG.saturating_sub(failures))
    }

    /// Wrong PINs of an operator since the last right one.
    pub(super) fn failed_pins(&self, number: &str) -> u32 {
        self.attempts_left(number)
            .map_or(0, |left| MAX_WRONG.saturating_sub(left))
    }

    /// An error of a command that somebody consented to.
    pub(super) fn consent_failure(
        &self,
        error: EngineError,
        situation: Situation,
        approval: Option<&Approval>,
    ) -> Failure {
        let approver = approval.map_or("", |approval| approval.operator.as_str());
        self.pin_failure(error, situation, approver)
    }
}
