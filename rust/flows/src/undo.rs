//! What every undo begins with, void or refund: recorded once for each command, agreed to, and
//! owed, all in one transaction.

use pos_domain::status::{ObligationKind, ObligationStatus};
use pos_domain::{Id, UndoKind};
use pos_ledger::{NewObligation, NewUndo, Original, Query, Tx};

use crate::error::FlowError;
use crate::void::{Recorded, Voided};

/// The undo that this command made before, when it did.
pub(crate) fn made_before(
    query: Query<'_>,
    request: Option<&str>,
) -> Result<Option<Recorded>, FlowError> {
    let made = request.map(|request| query.undo_of_request(request));
    let made = made.transpose()?.flatten();
    Ok(made.map(|undo| Recorded::Already(undo.id)))
}

/// What came of asking for an undo: a new one is delivered, one made before is shown again, and a
/// local refusal is told.
pub(crate) async fn delivered<F>(
    recorded: Result<Recorded, FlowError>,
    deliver: impl FnOnce(Id) -> F,
) -> Result<Voided, FlowError>
where
    F: Future<Output = Result<(), FlowError>>,
{
    match recorded {
        Ok(Recorded::New(id)) => {
            deliver(id.clone()).await?;
            Ok(Voided::Recorded(id))
        }
        Ok(Recorded::Already(id)) => Ok(Voided::Recorded(id)),
        Err(FlowError::Refused(code)) => Ok(Voided::Refused(code)),
        Err(error) => Err(error),
    }
}

/// Records a new undo of `original`; `consent` stores the approval, or fails. From the commit on
/// it is owed. `needs_card`: no attempt is made without the card.
pub(crate) fn record_undo(
    tx: &Tx<'_>,
    original: &Original,
    undo: &NewUndo<'_>,
    needs_card: bool,
    consent: impl FnOnce(&Tx<'_>, &Original, &Id) -> Result<(), FlowError>,
) -> Result<Recorded, FlowError> {
    tx.insert_undo(undo)?;
    if needs_card {
        tx.set_undo_needs_card(undo.id, true)?;
    }
    consent(tx, original, undo.id)?;
    tx.insert_obligation(&NewObligation {
        id: undo.id,
        kind: match undo.kind {
            UndoKind::Void => ObligationKind::Void,
            UndoKind::Refund => ObligationKind::Refund,
        },
        original: Some(&original.id),
        undo: Some(undo.id),
        attempt: None,
        status: ObligationStatus::Owed,
    })?;
    Ok(Recorded::New(undo.id.clone()))
}
