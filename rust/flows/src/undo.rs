//! What every undo begins with, void or refund: recorded once for each command, agreed to, and
//! owed, all in one transaction.

use pos_domain::status::{ObligationKind, ObligationStatus};
use pos_domain::{Id, UndoKind, UndoStatus};
use pos_ledger::{NewObligation, NewUndo, Original, Query, Tx};

use crate::error::FlowError;
use crate::void::Recorded;

/// The undo that this command made before, when it did.
pub(crate) fn made_before(
    query: Query<'_>,
    request: Option<&str>,
) -> Result<Option<Recorded>, FlowError> {
    let made = request.map(|request| query.undo_of_request(request));
    let made = made.transpose()?.flatten();
    Ok(made.map(|undo| Recorded::Already(undo.id)))
}

/// Records a new undo of `original`; `consent` stores the approval, or fails. From the commit on
/// it is owed.
pub(crate) fn record_undo(
    tx: &Tx<'_>,
    original: &Original,
    undo: &NewUndo<'_>,
    consent: impl FnOnce(&Tx<'_>, &Original, &Id) -> Result<(), FlowError>,
) -> Result<Recorded, FlowError> {
    tx.insert_undo(undo)?;
    // A refund is made with its card alone; a void needs it where its acquirer does.
    let needs_card = undo.kind == UndoKind::Refund || undo.status == UndoStatus::NeedsCard;
    tx.set_undo_needs_card(undo.id, needs_card)?;
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
