//! A void or refund of an order over the web: local rules, the method chosen once with its number,
//! then recorded (decision 20).

use pos_domain::{
    Amount, Code, Id, LocalCode, SaleStatus, UndoKind, UndoMethod, UndoStatus, WebMethod,
};
use pos_ledger::{NewUndo, NewWebUndo, Original, Query, Tx, WebOrder};

use super::till::{Till, trusted};
use crate::deadline::Deadline;
use crate::error::{FlowError, refuse};
use crate::undo::{delivered, made_before, record_undo};
use crate::void::{Recorded, VoidRequest, Voided};

/// Money to be given back for part or all of an order.
#[derive(Clone, Debug)]
pub struct WebRefund<'a> {
    /// Which sale.
    pub sale: &'a Id,
    /// How much.
    pub amount: Amount,
    /// Why, in the counter's words.
    pub reason: Option<&'a str>,
    /// The void that it follows, when that could not be made any more.
    pub follows: Option<&'a Id>,
    /// The caller's own identifier of the command: the same one never acts twice.
    pub request: Option<&'a str>,
}

impl Till {
    /// Takes back a whole order. Once this gives [`Voided::Recorded`], the void is owed and will be
    /// delivered, if not now then later. The void of an unknown order begins its take-back.
    ///
    /// `consent` runs in the transaction that records the void: it stores the approval, or fails.
    ///
    /// # Errors
    /// Those of the ledger and of `consent`; nothing was recorded then.
    pub async fn void(
        &self,
        who: &str,
        asked: &VoidRequest<'_>,
        consent: impl FnOnce(&Tx<'_>, &Original, &Id) -> Result<(), FlowError>,
    ) -> Result<Voided, FlowError> {
        let recorded = self.record_void(who, asked, consent);
        delivered(
            recorded,
            |id| async move { self.deliver_undo(who, &id).await },
        )
        .await
    }

    /// Gives money back for part or all of an order.
    ///
    /// # Errors
    /// As [`Till::void`].
    pub async fn refund(
        &self,
        who: &str,
        asked: &WebRefund<'_>,
        consent: impl FnOnce(&Tx<'_>, &Original, &Id) -> Result<(), FlowError>,
    ) -> Result<Voided, FlowError> {
        let recorded = self.record_refund(who, asked, consent);
        delivered(
            recorded,
            |id| async move { self.deliver_undo(who, &id).await },
        )
        .await
    }

    /// Records a void, so that it is owed, without sending anything yet.
    ///
    /// # Errors
    /// [`FlowError::Refused`] when a local rule forbids it; nothing was recorded then.
    pub fn record_void(
        &self,
        who: &str,
        asked: &VoidRequest<'_>,
        consent: impl FnOnce(&Tx<'_>, &Original, &Id) -> Result<(), FlowError>,
    ) -> Result<Recorded, FlowError> {
        let number = self.new_number()?;
        self.write(who, |tx| {
            let query = tx.query();
            if let Some(made) = made_before(query, asked.request)? {
                return Ok(made);
            }
            let (original, order) = Self::order(query, asked.sale)?;
            let undos = query.undos_of(&original.id)?;
            if let Some(open) = undos.iter().find(|undo| undo.status.is_open()) {
                return match open.kind {
                    UndoKind::Void => Ok(Recorded::Already(open.id.clone())),
                    UndoKind::Refund => refuse(LocalCode::UndoInProgress),
                };
            }
            self.void_rules(query, &original)?;
            let unknown = matches!(original.status, SaleStatus::Unknown | SaleStatus::Sending);
            let (status, code) = if unknown {
                (UndoStatus::Unknown, Some(LocalCode::SaleUnknown.into()))
            } else {
                (UndoStatus::Queued, None)
            };
            let id = tx.new_id('V')?;
            let undo = NewUndo {
                id: &id,
                original: &original.id,
                kind: UndoKind::Void,
                amount: original.amount,
                status,
                code: code.as_ref(),
                reason: asked.reason,
                follows: None,
                request: asked.request,
            };
            let method = method_of(&order);
            let recorded = record_undo(tx, &original, &undo, false, consent)?;
            goes_by(tx, &id, method, number.as_str())?;
            if original.status == SaleStatus::Unknown {
                self.begin_take_back(tx, &original)?;
            }
            Ok(recorded)
        })
    }

    /// Records a refund, so that it is owed, without sending anything yet.
    ///
    /// # Errors
    /// [`FlowError::Refused`] when a local rule forbids it; nothing was recorded then.
    pub fn record_refund(
        &self,
        who: &str,
        asked: &WebRefund<'_>,
        consent: impl FnOnce(&Tx<'_>, &Original, &Id) -> Result<(), FlowError>,
    ) -> Result<Recorded, FlowError> {
        let number = self.new_number()?;
        self.write(who, |tx| {
            let query = tx.query();
            if let Some(made) = made_before(query, asked.request)? {
                return Ok(made);
            }
            let (original, order) = Self::order(query, asked.sale)?;
            self.refund_rules(query, &original, asked.amount)?;
            let id = tx.new_id('V')?;
            let undo = NewUndo {
                id: &id,
                original: &original.id,
                kind: UndoKind::Refund,
                amount: asked.amount,
                status: UndoStatus::Queued,
                code: None,
                reason: asked.reason,
                follows: asked.follows,
                request: asked.request,
            };
            let method = match order.method {
                WebMethod::AcpScan | WebMethod::AcpShow => UndoMethod::AcpRefund,
                _ => UndoMethod::Refund,
            };
            let recorded = record_undo(tx, &original, &undo, false, consent)?;
            goes_by(tx, &id, method, number.as_str())?;
            Ok(recorded)
        })
    }

    /// The rules that refuse a void before anything is recorded.
    fn void_rules(&self, query: Query<'_>, original: &Original) -> Result<(), FlowError> {
        if nothing_was_taken(original) {
            return refuse(LocalCode::NothingToUndo);
        }
        let left = query.remaining(&original.id)?;
        if left == 0 {
            return refuse(LocalCode::AlreadyUndone);
        }
        if left < original.amount.minor() {
            return refuse(LocalCode::PartlyRefunded);
        }
        if self.deadline_of(query, original)?.has_passed() {
            return refuse(LocalCode::DeadlinePassed);
        }
        Ok(())
    }

    fn refund_rules(
        &self,
        query: Query<'_>,
        original: &Original,
        amount: Amount,
    ) -> Result<(), FlowError> {
        if nothing_was_taken(original) {
            return refuse(LocalCode::NothingToUndo);
        }
        if original.status != SaleStatus::Approved {
            return refuse(LocalCode::SaleUnknown);
        }
        let undos = query.undos_of(&original.id)?;
        if undos.iter().any(|undo| undo.status.is_open()) {
            return refuse(LocalCode::UndoInProgress);
        }
        match query.remaining(&original.id)? {
            0 => refuse(LocalCode::AlreadyUndone),
            left if left < amount.minor() => refuse(LocalCode::OverRemaining),
            _ => Ok(()),
        }
    }

    /// Until when an order can be voided: the window of the method by which it would be.
    pub(super) fn deadline_of(
        &self,
        query: Query<'_>,
        original: &Original,
    ) -> Result<Deadline, FlowError> {
        let now = self.now();
        let trusted = trusted(query, &now)?;
        let at = original.facts.deadline.unwrap_or(original.created);
        let reference = trusted.unwrap_or(now.wall);
        Ok(Deadline {
            at,
            left_ms: at.0.saturating_sub(reference.0),
            certain: trusted.is_some(),
        })
    }

    /// Until when the order can be voided, and whether that is certain.
    ///
    /// # Errors
    /// Those of the ledger.
    pub fn void_deadline(&self, sale: &Id) -> Result<Deadline, FlowError> {
        self.ledger
            .read(|query| self.deadline_of(query, &query.original(sale)?))
    }

    /// What a void of `sale` would be refused for, decided now; changes nothing.
    ///
    /// # Errors
    /// Those of the ledger.
    pub fn void_refusal(&self, sale: &Id) -> Result<Option<Code>, FlowError> {
        let checked = self.ledger.read(|query| {
            let original = query.original(sale)?;
            self.void_rules(query, &original)
        });
        match checked {
            Ok(()) => Ok(None),
            Err(FlowError::Refused(code)) => Ok(Some(code)),
            Err(error) => Err(error),
        }
    }

    /// By which method a void of `sale` would be made: the operator is told of a refund.
    ///
    /// # Errors
    /// [`FlowError::Refused`] for a sale that does not go over the web.
    pub fn void_method(&self, sale: &Id) -> Result<UndoMethod, FlowError> {
        self.ledger
            .read(|query| Ok(method_of(&Self::order(query, sale)?.1)))
    }
}

const fn nothing_was_taken(original: &Original) -> bool {
    matches!(
        original.status,
        SaleStatus::Declined | SaleStatus::NotSent | SaleStatus::Reversed
    )
}

/// WeChat takes a payment by code back; everything else is a refund of all of it.
const fn method_of(order: &WebOrder) -> UndoMethod {
    match order.method {
        WebMethod::Micropay => UndoMethod::Reverse,
        WebMethod::Native | WebMethod::Pay | WebMethod::Precreate => UndoMethod::Refund,
        WebMethod::AcpScan | WebMethod::AcpShow => UndoMethod::AcpVoid,
    }
}

/// Stores the method of a new undo, chosen once, and the number that goes with it.
fn goes_by(tx: &Tx<'_>, undo: &Id, method: UndoMethod, number: &str) -> Result<(), FlowError> {
    Ok(tx.insert_web_undo(&NewWebUndo {
        undo,
        method,
        number,
    })?)
}
