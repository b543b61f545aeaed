//! Whether it is a good moment to update the app, for whoever rolls updates out. Nothing is lost
//! by an update at a bad one; a payment would be interrupted, or a deadline missed meanwhile.

use std::sync::Arc;

use pos_domain::ports::Random;
use pos_domain::{SaleStatus, text_enum};
use pos_flows::waits_for_supervisor;
use pos_ledger::{DataKey, Ledger, LedgerError, LedgerOptions, Query, Sealer};

use crate::home::Home;

/// Why not now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum UpdateReason {
    /// A payment or a message is under way.
    PaymentUnderWay,
    /// A settlement was begun and has not ended.
    Settling,
    /// A void or a refund is owed, or not proven yet.
    UndosOwed,
    /// Something else is owed to a host.
    Owed,
    /// The ledger was put back from a copy and waits for a supervisor.
    Restored,
    /// A batch is not settled.
    Unsettled,
    /// The ledger cannot be read; an update may be what helps, with somebody beside it.
    Unreadable,
}

text_enum!(UpdateReason {
    PaymentUnderWay => "payment_under_way",
    Settling => "settling",
    UndosOwed => "undos_owed",
    Owed => "owed",
    Restored => "restored",
    Unsettled => "unsettled",
    Unreadable => "unreadable",
});

/// Whether to update now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UpdateAnswer {
    /// Why not now; none when it is a good moment.
    pub reason: Option<UpdateReason>,
    /// Until when the first owed undo can be made, epoch milliseconds, where a deadline is known.
    pub until: Option<i64>,
}

impl UpdateAnswer {
    const fn without_deadline(reason: Option<UpdateReason>) -> Self {
        Self {
            reason,
            until: None,
        }
    }

    const fn no(reason: UpdateReason) -> Self {
        Self::without_deadline(Some(reason))
    }
}

/// Looks at an open ledger; asks no host.
///
/// # Errors
/// Those of the database.
pub fn ready_to_update(query: Query<'_>) -> Result<UpdateAnswer, LedgerError> {
    use UpdateReason as R;
    let newest = query.last_original()?;
    let sending = newest.is_some_and(|it| it.status == SaleStatus::Sending);
    if sending || !query.interrupted_attempts()?.is_empty() {
        return Ok(UpdateAnswer::no(R::PaymentUnderWay));
    }
    if query.interrupted_settlement()?.is_some() {
        return Ok(UpdateAnswer::no(R::Settling));
    }
    let undos = query.open_undos()?;
    if !undos.is_empty() {
        let mut until = None;
        for undo in undos {
            let deadline = query.original(&undo.original)?.facts.deadline;
            let at = deadline.map_or(i64::MAX, |at| at.0);
            until = Some(until.map_or(at, |first: i64| first.min(at)));
        }
        return Ok(UpdateAnswer {
            reason: Some(R::UndosOwed),
            until: until.filter(|at| *at < i64::MAX),
        });
    }
    let reason = if !query.left()?.is_empty() {
        Some(R::Owed)
    } else if waits_for_supervisor(query)? {
        Some(R::Restored)
    } else if is_unsettled(query)? {
        Some(R::Unsettled)
    } else {
        None
    };
    Ok(UpdateAnswer::without_deadline(reason))
}

/// Whether a batch that has something in it is not settled.
fn is_unsettled(query: Query<'_>) -> Result<bool, LedgerError> {
    for batch in query.open_batches()? {
        if query.batch_size(&batch)? > 0 {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Looks at the ledger of a home that is not open, beside whoever works with it. A home without a
/// terminal can be updated at any moment.
#[must_use]
pub fn ready_to_update_at(home: &Home, random: &Arc<dyn Random>) -> UpdateAnswer {
    if !home.ledger().exists() {
        return UpdateAnswer::without_deadline(None);
    }
    // What is sealed is not needed.
    let looked = Ledger::look(LedgerOptions {
        path: home.ledger(),
        sealer: Sealer::new(&DataKey([0; 32]), Arc::clone(random)),
        random: Arc::clone(random),
    });
    let answer = looked.and_then(|ledger| ledger.read(ready_to_update));
    answer.unwrap_or_else(|error| {
        log::warn!("ready to update: {error}");
        UpdateAnswer::no(UpdateReason::Unreadable)
    })
}
