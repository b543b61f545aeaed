//! What a pre-authorisation allows: one live completion or void, and not much more than it holds.

use pos_domain::Id;
use pos_domain::{LocalCode, OriginalKind, SaleStatus};
use pos_ledger::Query;

use crate::error::FlowError;
use crate::original::Order;

/// A completion may take this share of the pre-authorisation, per cent (spec unionpay-8583 §4.5).
const MOST_PER_CENT: i64 = 115;

/// Refuses a completion, or a pre-authorisation that adds to another, before anything is recorded.
pub(crate) fn follow_up_rules(
    query: Query<'_>,
    preauth: &Id,
    order: &Order<'_>,
) -> Result<(), FlowError> {
    let refuse = |code: LocalCode| Err(FlowError::Refused(code.into()));
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
    let most = original.amount.minor().saturating_mul(MOST_PER_CENT) / 100;
    if order.kind == OriginalKind::Completion && order.amount.minor() > most {
        return refuse(LocalCode::OverPreauth);
    }
    if query.is_card_of(preauth, &order.card.pan)? {
        Ok(())
    } else {
        refuse(LocalCode::OtherCard)
    }
}
