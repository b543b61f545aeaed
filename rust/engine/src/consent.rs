//! Whose consent an act needs and whether it was given: the policy's rules over the ledger's
//! facts. What a PIN try leaves is committed before its verdict is told.

use pos_domain::ports::Clock;
use pos_domain::{Amount, Id, LocalCode};
use pos_ledger::{Ledger, LedgerError, Operator, Query, Stamp};
use pos_policy::{
    Act, Approver, Consent, Crew, HashError, Limits, Lock, OperatorFacts, OperatorPin, PinNote,
    Request, Role, check_consent, needed_for,
};

use crate::terminal::EngineError;

/// Somebody who approves, with the PIN they entered.
#[derive(Clone, Debug)]
pub struct Approving {
    /// Their operator number.
    pub no: String,
    /// Their PIN.
    pub pin: Option<OperatorPin>,
}

/// An act that wants consent.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Wanted<'a> {
    pub act: Act,
    pub original: Option<&'a Id>,
    pub amount: Option<Amount>,
}

pub(crate) fn refused(code: LocalCode) -> EngineError {
    EngineError::Refused(code.into())
}

pub(crate) fn hash_failed(error: HashError) -> EngineError {
    log::error!("PIN hash: {error}");
    refused(LocalCode::Internal)
}

/// Checks that those who approve are enough for an act; none when nobody's consent is needed.
///
/// # Errors
/// [`EngineError::Refused`] with the reason.
pub(crate) fn obtain(
    ledger: &Ledger,
    clock: &dyn Clock,
    wanted: Wanted<'_>,
    approving: &[Approving],
) -> Result<Option<Consent>, EngineError> {
    let (people, crew, limits) = ledger.read(|query| {
        let found = approving
            .iter()
            .map(|given| Ok(query.operator(&given.no)?.map(facts)))
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
    let Wanted {
        act,
        original,
        amount,
    } = wanted;
    let needed = needed_for(act, amount, crew, &limits);
    let request = Request {
        act,
        original,
        amount,
    };
    let check = check_consent(request, needed, &approvers, &clock.now()).map_err(hash_failed)?;
    note(ledger, clock, "system", &check.notes)?;
    check.verdict.map_err(refused)
}

/// Commits what PIN tries leave.
pub(crate) fn note(
    ledger: &Ledger,
    clock: &dyn Clock,
    who: &str,
    notes: &[PinNote],
) -> Result<(), LedgerError> {
    if notes.is_empty() {
        return Ok(());
    }
    let stamp = Stamp {
        at: clock.now(),
        operator: who.to_owned(),
    };
    ledger.write(stamp, |tx| {
        for note in notes {
            tx.note_pin_try(&note.operator, note.failures, note.locked_until)?;
        }
        Ok(())
    })
}

/// An operator as the policy sees them.
pub(crate) fn facts(operator: Operator) -> OperatorFacts {
    let boot_id = operator.locked_boot.unwrap_or_default();
    OperatorFacts {
        no: operator.no,
        role: match operator.role {
            pos_ledger::Role::Cashier => Role::Cashier,
            pos_ledger::Role::Supervisor => Role::Supervisor,
        },
        pin_hash: operator.pin_hash,
        disabled: operator.disabled,
        failures: operator.failures,
        lock: operator.locked_until.map(|until| Lock { until, boot_id }),
    }
}

/// Who works here, counted.
pub(crate) fn crew(query: Query<'_>) -> Result<Crew, EngineError> {
    let all = query.operators()?;
    let is_supervisor = |o: &&Operator| o.role == pos_ledger::Role::Supervisor && !o.disabled;
    let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    Ok(Crew {
        operators: count(all.len()),
        supervisors: count(all.iter().filter(is_supervisor).count()),
    })
}

/// The shop's own limits.
pub(crate) fn limits(query: Query<'_>) -> Result<Limits, EngineError> {
    let over = query.setting("void_approval_over")?;
    let most = query.setting("refund_max")?;
    Limits::from_settings(over.as_deref(), most.as_deref()).map_err(|key| {
        log::error!("setting {key} is no amount");
        refused(LocalCode::Internal)
    })
}
