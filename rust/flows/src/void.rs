//! A void as the person at the counter asks for it: local rules, then recorded, then delivered.

use pos_channels::unionpay::Kind;
use pos_domain::{CardInput, Code, Id, LocalCode, OriginalKind, SaleStatus, UndoKind, UndoStatus};
use pos_ledger::{NewUndo, Original, Phase, Query, Tx};

use crate::advice;
use crate::coded::is_coded;
use crate::deadline::{self, Deadline};
use crate::desk::Desk;
use crate::error::{FlowError, refuse};
use crate::undo::{delivered, made_before, record_undo};

/// What the person at the counter asks for.
#[derive(Clone, Debug)]
pub struct VoidRequest<'a> {
    /// Which sale.
    pub sale: &'a Id,
    /// The card, when it was read.
    pub card: Option<&'a CardInput>,
    /// Why, in the counter's words.
    pub reason: Option<&'a str>,
    /// The caller's own identifier of the command: the same one never acts twice.
    pub request: Option<&'a str>,
}

/// What came of asking.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Voided {
    /// Recorded; its state stands in the ledger.
    Recorded(Id),
    /// A local rule forbids it; nothing was recorded and nothing was sent.
    Refused(Code),
}

/// Whether asking recorded anything new.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Recorded {
    /// A new void.
    New(Id),
    /// This void is already owed or made: tapping 撤销 again shows it.
    Already(Id),
}

/// How an original is voided.
pub(crate) const fn kind_of(kind: OriginalKind) -> Kind {
    match kind {
        OriginalKind::Sale | OriginalKind::Unmatched => Kind::Void,
        OriginalKind::Preauth => Kind::PreauthVoid,
        OriginalKind::Completion => Kind::CompletionVoid,
    }
}

impl Desk {
    /// Takes back a whole sale. Once this gives [`Voided::Recorded`], the void is owed and will be
    /// delivered, if not now then later.
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
        delivered(recorded, |id| async move {
            self.deliver_void(who, &id, asked.card).await
        })
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
        self.write(who, |tx| {
            let query = tx.query();
            if let Some(made) = made_before(query, asked.request)? {
                return Ok(made);
            }
            let original = query.original(asked.sale)?;
            if let Some(open) = self.open_void(query, &original)? {
                return Ok(Recorded::Already(open));
            }
            self.void_rules(query, &original, asked.card)?;
            let (status, code) = self.first_status(&original, asked.card);
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
            let needs_card = status == UndoStatus::NeedsCard;
            record_undo(tx, &original, &undo, needs_card, consent)
        })
    }

    /// A void of this sale that is already owed: tapping 撤销 again shows that one.
    fn open_void(&self, query: Query<'_>, original: &Original) -> Result<Option<Id>, FlowError> {
        let open = query
            .undos_of(&original.id)?
            .into_iter()
            .find(|undo| undo.status.is_open());
        match open {
            Some(undo) if undo.kind == UndoKind::Void => Ok(Some(undo.id)),
            Some(_) => Err(FlowError::Refused(LocalCode::UndoInProgress.into())),
            None => Ok(None),
        }
    }

    /// The rules that refuse a void before anything is recorded (spec unionpay-8583 §4.2).
    pub(crate) fn void_rules(
        &self,
        query: Query<'_>,
        original: &Original,
        card: Option<&CardInput>,
    ) -> Result<(), FlowError> {
        match original.status {
            SaleStatus::Declined | SaleStatus::NotSent | SaleStatus::Reversed => {
                return refuse(LocalCode::NothingToUndo);
            }
            _ => {}
        }
        if advice::is_advice(query, &original.id)? {
            return refuse(LocalCode::AdviceNotVoidable);
        }
        if original.terminal != self.rules.identity.terminal {
            return refuse(LocalCode::OtherTerminal);
        }
        let is_preauth = original.kind == OriginalKind::Preauth;
        if is_preauth && query.has_live_completion(&original.id)? {
            return refuse(LocalCode::PreauthTaken);
        }
        let undos = query.undos_of(&original.id)?;
        if undos.iter().any(|undo| undo.status == UndoStatus::Voided) {
            return refuse(LocalCode::AlreadyUndone);
        }
        let left = query.remaining(&original.id)?;
        if left == 0 {
            return refuse(LocalCode::AlreadyUndone);
        }
        if left < original.amount.minor() {
            return refuse(LocalCode::PartlyRefunded);
        }
        let batch = original.batch.as_deref().unwrap_or_default();
        match query.settlement(batch)?.map(|settlement| settlement.phase) {
            Some(Phase::Closing | Phase::Uploading) => return refuse(LocalCode::Settling),
            Some(Phase::Cleared) => return refuse(LocalCode::Settled),
            Some(Phase::Draining) | None => {}
        }
        if self.deadline_of(query, original)?.has_passed() {
            return refuse(LocalCode::DeadlinePassed);
        }
        match card {
            Some(card) if !query.is_card_of(&original.id, &card.pan)? => {
                refuse(LocalCode::OtherCard)
            }
            _ => Ok(()),
        }
    }

    /// Until when `original` can be voided.
    pub(crate) fn deadline_of(
        &self,
        query: Query<'_>,
        original: &Original,
    ) -> Result<Deadline, FlowError> {
        let trusted = query.trusted_time()?;
        Ok(deadline::of(
            original,
            trusted.as_ref(),
            &self.rules,
            &self.now(),
        ))
    }

    /// Until when the sale can be voided, and whether that is certain.
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
            self.void_rules(query, &original, None)
        });
        match checked {
            Ok(()) => Ok(None),
            Err(FlowError::Refused(code)) => Ok(Some(code)),
            Err(error) => Err(error),
        }
    }

    fn first_status(
        &self,
        original: &Original,
        card: Option<&CardInput>,
    ) -> (UndoStatus, Option<Code>) {
        let local = |code: LocalCode| Some(Code::from(code));
        if matches!(original.status, SaleStatus::Unknown | SaleStatus::Sending) {
            return (UndoStatus::Unknown, local(LocalCode::SaleUnknown));
        }
        match self.missing_from(original, card) {
            Some(missing) => (UndoStatus::NeedsCard, local(missing)),
            None => (UndoStatus::Queued, None),
        }
    }

    /// What the acquirer wants for the void of `original` and `card` does not bring.
    pub(crate) fn missing_from(
        &self,
        original: &Original,
        card: Option<&CardInput>,
    ) -> Option<LocalCode> {
        let wanted = self.rules.wanted_for_void(original.kind);
        if is_coded(original) {
            None
        } else if wanted.card && card.is_none() {
            Some(LocalCode::CardNeeded)
        } else if wanted.pin && card.is_none_or(|card| card.pin.is_none()) {
            Some(LocalCode::PinNeeded)
        } else {
            None
        }
    }
}
