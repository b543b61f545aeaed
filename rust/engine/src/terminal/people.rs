//! Operators and consent: the policy's rules over what the ledger stores.

use pos_domain::{Amount, Id};
use pos_flows::FlowError;
use pos_ledger::{Approval, Operator, Original, Tx};
use pos_policy::{
    Act, Change, Consent, OperatorPin, PinFault, Role, check_change, check_operator, check_refund,
    hash_pin, needed_for,
};

use super::{EngineError, Terminal};
use crate::consent::{self, Wanted, crew, facts, hash_failed, limits, refused};

pub use crate::consent::Approving;

/// An operator to be added or changed.
#[derive(Clone, Debug)]
pub struct NewOperator {
    /// Two digits or more.
    pub no: String,
    /// For slips and screens.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// Their PIN; a supervisor has one.
    pub pin: Option<OperatorPin>,
}

/// Why a change of the crew was refused, beyond the engine's errors.
#[derive(Debug, thiserror::Error)]
pub enum PeopleError {
    /// The PIN chosen is too easy.
    #[error(transparent)]
    Pin(#[from] PinFault),
    /// Anything else.
    #[error(transparent)]
    Engine(#[from] EngineError),
}

const fn stored_role(role: Role) -> pos_ledger::Role {
    match role {
        Role::Cashier => pos_ledger::Role::Cashier,
        Role::Supervisor => pos_ledger::Role::Supervisor,
    }
}

/// Stores a consent in the transaction that uses it; `used_by` is what it is used for.
pub(super) fn store(
    tx: &Tx<'_>,
    consent: Option<&Consent>,
    original: &Original,
    amount: Amount,
    used_by: &Id,
) -> Result<(), FlowError> {
    if let Some(consent) = consent {
        tx.use_approval(&Approval {
            kind: consent.act.as_str(),
            original: &original.id,
            amount,
            approver: &consent.approver,
            second: consent.second.as_deref(),
            used_by,
        })?;
    }
    Ok(())
}

impl Terminal {
    /// Whether anybody has to approve a void of this size here.
    ///
    /// # Errors
    /// Those of the ledger.
    pub fn void_needs_approval(&self, amount: Amount) -> Result<bool, EngineError> {
        let (crew, limits) = self
            .ledger
            .read(|query| Ok::<_, EngineError>((crew(query)?, limits(query)?)))?;
        let needed = needed_for(Act::Void, Some(amount), crew, &limits);
        Ok(needed != pos_policy::Needed::Nobody)
    }

    /// Whether this home has a supervisor; one without asks for no approval.
    ///
    /// # Errors
    /// Those of the ledger.
    pub fn has_supervisor(&self) -> Result<bool, EngineError> {
        Ok(self.ledger.read(|query| query.has_supervisor())?)
    }

    /// Checks who works.
    ///
    /// # Errors
    /// [`EngineError::Refused`] with the reason.
    pub fn log_on(&self, no: &str, pin: Option<&OperatorPin>) -> Result<(), EngineError> {
        let (operator, crew) = self
            .ledger
            .read(|query| Ok::<_, EngineError>((query.operator(no)?.map(facts), crew(query)?)))?;
        let now = self.ports.clock.now();
        let check = check_operator(operator.as_ref(), crew, pin, &now).map_err(hash_failed)?;
        let clock = self.ports.clock.as_ref();
        consent::note(&self.ledger, clock, no, check.note.as_slice())?;
        check.verdict.map_err(refused)
    }

    /// Checks that those who approve are enough for an act; none when nobody's consent is needed.
    pub(super) fn consent(
        &self,
        act: Act,
        original: &Original,
        amount: Amount,
        approving: &[Approving],
    ) -> Result<Option<Consent>, EngineError> {
        self.consent_on(act, Some(&original.id), amount, approving)
    }

    /// As [`Terminal::consent`], for an original that may not be in the ledger yet.
    pub(super) fn consent_on(
        &self,
        act: Act,
        original: Option<&Id>,
        amount: Amount,
        approving: &[Approving],
    ) -> Result<Option<Consent>, EngineError> {
        let wanted = Wanted {
            act,
            original,
            amount: Some(amount),
        };
        self.obtain(wanted, approving)
    }

    fn obtain(
        &self,
        wanted: Wanted<'_>,
        approving: &[Approving],
    ) -> Result<Option<Consent>, EngineError> {
        consent::obtain(&self.ledger, self.ports.clock.as_ref(), wanted, approving)
    }

    /// Checks the shop's own limit of refunds.
    pub(super) fn check_refund_limit(&self, amount: Amount) -> Result<(), EngineError> {
        let limits = self.ledger.read(limits)?;
        check_refund(amount, &limits).map_err(refused)
    }

    /// Everybody who works or worked here.
    ///
    /// # Errors
    /// Those of the ledger.
    pub fn operators(&self) -> Result<Vec<Operator>, EngineError> {
        Ok(self.ledger.read(|query| query.operators())?)
    }

    /// Adds an operator, or gives one a new name, role or PIN.
    ///
    /// # Errors
    /// [`PeopleError`]; nobody was changed.
    pub fn put_operator(
        &self,
        who: &str,
        new: &NewOperator,
        approving: &[Approving],
    ) -> Result<(), PeopleError> {
        if let Some(pin) = &new.pin {
            pin.check_choice(&new.no, new.role)?;
        }
        let change = Change::Put {
            role: new.role,
            has_pin: new.pin.is_some(),
        };
        self.manage_crew(&new.no, change, approving)?;
        let hash = new
            .pin
            .as_ref()
            .map(|pin| hash_pin(pin, self.ports.random.as_ref()).map_err(hash_failed))
            .transpose()?;
        let write = self.ledger.write(self.stamp(who), |tx| {
            tx.put_operator(&new.no, &new.name, stored_role(new.role), hash.as_deref())
        });
        Ok(write.map_err(EngineError::from)?)
    }

    /// Disables an operator.
    ///
    /// # Errors
    /// [`EngineError::Refused`] for the last supervisor, or without consent.
    pub fn disable_operator(
        &self,
        who: &str,
        no: &str,
        approving: &[Approving],
    ) -> Result<(), EngineError> {
        self.manage_crew(no, Change::Disable, approving)?;
        Ok(self
            .ledger
            .write(self.stamp(who), |tx| tx.disable_operator(no))?)
    }

    fn manage_crew(
        &self,
        no: &str,
        change: Change,
        approving: &[Approving],
    ) -> Result<(), EngineError> {
        let (before, crew) = self
            .ledger
            .read(|query| Ok::<_, EngineError>((query.operator(no)?.map(facts), crew(query)?)))?;
        check_change(change, before.as_ref(), crew).map_err(refused)?;
        let wanted = Wanted {
            act: Act::ManageOperators,
            original: None,
            amount: None,
        };
        self.obtain(wanted, approving).map(drop)
    }
}
