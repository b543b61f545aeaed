//! Operators and consent: the policy's rules over what the ledger stores.

use pos_domain::{Amount, Id, LocalCode};
use pos_flows::FlowError;
use pos_ledger::{Approval, Operator, Original, Query, Tx};
use pos_policy::{
    Act, Approver, Change, Consent, Crew, HashError, Limits, Lock, OperatorFacts, OperatorPin,
    PinFault, PinNote, Request, Role, check_change, check_consent, check_operator, check_refund,
    hash_pin, needed_for,
};

use super::{EngineError, Terminal};

/// Somebody who approves, with the PIN they entered.
#[derive(Clone, Debug)]
pub struct Approving {
    /// Their operator number.
    pub no: String,
    /// Their PIN.
    pub pin: Option<OperatorPin>,
}

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

fn refused(code: LocalCode) -> EngineError {
    EngineError::Refused(code.into())
}

fn hash_failed(error: HashError) -> EngineError {
    log::error!("PIN hash: {error}");
    refused(LocalCode::Internal)
}

const fn role_of(role: pos_ledger::Role) -> Role {
    match role {
        pos_ledger::Role::Cashier => Role::Cashier,
        pos_ledger::Role::Supervisor => Role::Supervisor,
    }
}

const fn stored_role(role: Role) -> pos_ledger::Role {
    match role {
        Role::Cashier => pos_ledger::Role::Cashier,
        Role::Supervisor => pos_ledger::Role::Supervisor,
    }
}

pub(crate) fn facts(operator: Operator) -> OperatorFacts {
    let boot_id = operator.locked_boot.unwrap_or_default();
    OperatorFacts {
        no: operator.no,
        role: role_of(operator.role),
        pin_hash: operator.pin_hash,
        disabled: operator.disabled,
        failures: operator.failures,
        lock: operator.locked_until.map(|until| Lock { until, boot_id }),
    }
}

pub(crate) fn crew(query: Query<'_>) -> Result<Crew, EngineError> {
    let all = query.operators()?;
    let is_supervisor = |o: &&Operator| o.role == pos_ledger::Role::Supervisor && !o.disabled;
    let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    Ok(Crew {
        operators: count(all.len()),
        supervisors: count(all.iter().filter(is_supervisor).count()),
    })
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
        self.note(no, check.note.as_slice())?;
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
        let (people, crew, limits) = self.ledger.read(|query| {
            let found = approving
                .iter()
                .map(|approving| Ok(query.operator(&approving.no)?.map(facts)))
                .collect::<Result<Vec<_>, EngineError>>()?;
            Ok::<_, EngineError>((found, crew(query)?, limits(query)?))
        })?;
        let approvers: Vec<Approver<'_>> = people
            .iter()
            .zip(approving)
            .map(|(facts, given)| Approver {
                facts: facts.as_ref(),
                pin: given.pin.as_ref(),
            })
            .collect();
        let request = Request {
            act,
            original,
            amount: Some(amount),
        };
        let needed = needed_for(act, Some(amount), crew, &limits);
        let now = self.ports.clock.now();
        let check = check_consent(request, needed, &approvers, &now).map_err(hash_failed)?;
        self.note("system", &check.notes)?;
        check.verdict.map_err(refused)
    }

    /// Checks the shop's own limit of refunds.
    pub(super) fn check_refund_limit(&self, amount: Amount) -> Result<(), EngineError> {
        let limits = self.ledger.read(limits)?;
        check_refund(amount, &limits).map_err(refused)
    }

    /// Commits what PIN tries leave, before any verdict is told.
    fn note(&self, who: &str, notes: &[PinNote]) -> Result<(), EngineError> {
        if notes.is_empty() {
            return Ok(());
        }
        self.ledger.write(self.stamp(who), |tx| {
            for note in notes {
                tx.note_pin_try(&note.operator, note.failures, note.locked_until)?;
            }
            Ok(())
        })
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
        if !crew.has_supervisor() {
            return Ok(());
        }
        let approver = approving
            .first()
            .ok_or_else(|| refused(LocalCode::ApprovalNeeded))?;
        let found = self
            .ledger
            .read(|query| query.operator(&approver.no))?
            .map(facts);
        let given = [Approver {
            facts: found.as_ref(),
            pin: approver.pin.as_ref(),
        }];
        let request = Request {
            act: Act::ManageOperators,
            original: None,
            amount: None,
        };
        let now = self.ports.clock.now();
        let needed = needed_for(Act::ManageOperators, None, crew, &Limits::default());
        let check = check_consent(request, needed, &given, &now).map_err(hash_failed)?;
        self.note("system", &check.notes)?;
        check.verdict.map(drop).map_err(refused)
    }
}

fn limits(query: Query<'_>) -> Result<Limits, EngineError> {
    let over = query.setting("void_approval_over")?;
    let most = query.setting("refund_max")?;
    Limits::from_settings(over.as_deref(), most.as_deref()).map_err(|key| {
        log::error!("setting {key} is no amount");
        refused(LocalCode::Internal)
    })
}
