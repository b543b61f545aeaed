//! Who works here and who approves, with their PINs.

use pos_engine::EngineError;
use pos_engine::domain::Code;
use pos_engine::terminal::{Approving, OperatorPin, Terminal};
use zeroize::Zeroizing;

use crate::Failure;
use crate::context::Context;
use crate::pins::Pins;

fn pin(text: Option<Zeroizing<String>>) -> Option<OperatorPin> {
    // What is no PIN is a wrong one, and is told as such where it is checked.
    text.and_then(|text| OperatorPin::parse(&text).ok())
}

/// Checks the operator, then takes the PINs of those who approve: the operator's first, when they
/// have one, then each approver's in order. A refusal is a code, not a failure.
///
/// # Errors
/// [`Failure`] when the ledger or standard input cannot be read.
pub fn ask(
    context: &Context,
    terminal: &Terminal,
    approve: &[String],
    pins: &mut Pins,
) -> Result<Result<Vec<Approving>, Code>, Failure> {
    let operators = terminal.operators()?;
    let own = operators.iter().find(|o| o.no == context.operator);
    let own_pin = match own {
        Some(operator) if operator.pin_hash.is_some() => pin(pins.take()?),
        _ => None,
    };
    match terminal.log_on(&context.operator, own_pin.as_ref()) {
        Ok(()) => {}
        Err(EngineError::Refused(code)) => return Ok(Err(code)),
        Err(error) => return Err(error.into()),
    }
    Ok(Ok(approvers(approve, pins)?))
}

/// Takes the PINs of those who approve, in order.
///
/// # Errors
/// [`Failure`] when standard input cannot be read.
pub fn approvers(approve: &[String], pins: &mut Pins) -> Result<Vec<Approving>, Failure> {
    let mut approving = Vec::with_capacity(approve.len());
    for no in approve {
        let pin = pin(pins.take()?);
        approving.push(Approving {
            no: no.clone(),
            pin,
        });
    }
    Ok(approving)
}
