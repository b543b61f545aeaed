//! What a pre-authorisation allows: one live completion or void, and not much more than it holds.

use pos_domain::Id;
use pos_domain::{LocalCode, OriginalKind, SaleStatus};
use pos_ledger::Query;

use crate::desk::Desk;
use crate::error::{FlowError, refuse};
use crate::original::Order;

impl Desk {
    /// The most that a completion of this pre-authorisation may take, minor units, whatever the
    /// card.
    ///
    /// # Errors
    /// [`FlowError::Refused`] when nothing can be completed or added, with the reason.
    pub fn preauth_room(&self, preauth: &Id) -> Result<i64, FlowError> {
        self.ledger
            .read(|query| room(query, preauth, self.rules.completion_most))
    }

    /// Refuses a completion, or a pre-authorisation that adds to another, before anything is
    /// recorded.
    pub(crate) fn follow_up_rules(
        &self,
        query: Query<'_>,
        preauth: &Id,
        order: &Order<'_>,
    ) -> Result<(), FlowError> {
        let most = room(query, preauth, self.rules.completion_most)?;
        if order.kind == OriginalKind::Completion && order.amount.minor() > most {
            return refuse(LocalCode::OverPreauth);
        }
        if query.is_card_of(preauth, &order.card.pan)? {
            Ok(())
        } else {
            refuse(LocalCode::OtherCard)
        }
    }
}

fn room(query: Query<'_>, preauth: &Id, most_per_cent: i64) -> Result<i64, FlowError> {
    let view = query.sale(preauth)?;
    let original = &view.original;
    if original.kind != OriginalKind::Preauth {
        return refuse(LocalCode::NotFound);
    }
    match view.status {
        SaleStatus::Held => {}
        SaleStatus::Completed => return refuse(LocalCode::PreauthTaken),
        _ => return refuse(LocalCode::NothingToUndo),
    }
    if query.remaining(preauth)? < original.amount.minor() || query.has_live_completion(preauth)? {
        return refuse(LocalCode::PreauthTaken);
    }
    if let Some(first) = &original.parent
        && query.has_live_completion(first)?
    {
        // What it added was taken with the first one.
        return refuse(LocalCode::PreauthTaken);
    }
    let held = original
        .amount
        .minor()
        .saturating_add(added(query, preauth)?);
    Ok(held.saturating_mul(most_per_cent) / 100)
}

/// What other pre-authorisations added to this one and still hold, minor units: the rule of 115 %
/// is about all of it (spec unionpay-8583 §4.5). One that is unknown, or completed or taken back
/// by itself, adds nothing.
fn added(query: Query<'_>, preauth: &Id) -> Result<i64, FlowError> {
    let mut sum: i64 = 0;
    for addition in query.follow_ups(preauth)? {
        let (id, amount) = (&addition.id, addition.amount.minor());
        if addition.kind == OriginalKind::Preauth
            && addition.status == SaleStatus::Held
            && query.remaining(id)? == amount
            && !query.has_live_completion(id)?
        {
            sum = sum.saturating_add(amount);
        }
    }
    Ok(sum)
}
