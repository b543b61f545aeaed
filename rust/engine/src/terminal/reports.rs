//! What commands and questions answer: ledger rows with their explanation.

use pos_diagnosis::{Situation, explain};
use pos_domain::{
    Code, Explanation, Id, Lang, LocalCode, ObligationKind, ObligationStatus, OriginalKind, Rail,
    SaleStatus, UndoKind, UndoStatus, WallTime,
};
use pos_flows::Deadline;
use pos_ledger::{Obligation, SaleView, Undo};

use super::{EngineError, Terminal};

/// A sale with its explanation, when there is something to explain.
#[derive(Clone, Debug)]
pub struct SaleReport {
    /// The sale as people see it.
    pub view: SaleView,
    /// Why it is not simply approved.
    pub explanation: Option<Explanation>,
}

/// An undo with its sale, deadline and explanation.
#[derive(Clone, Debug)]
pub struct UndoReport {
    /// The undo; none when a rule refused it before anything was recorded.
    pub undo: Option<Undo>,
    /// Its status; a refused one that was never recorded is `refused`.
    pub status: UndoStatus,
    /// Its sale.
    pub sale: SaleView,
    /// Until when a void can be made; none for a refund.
    pub deadline: Option<Deadline>,
    /// Why it has its status.
    pub code: Option<Code>,
    /// What that means and what to do now.
    pub explanation: Option<Explanation>,
}

/// One owed item.
#[derive(Clone, Debug)]
pub struct ItemReport {
    /// Its identifier.
    pub id: Id,
    /// What is owed.
    pub kind: ObligationKind,
    /// The sale it is about.
    pub sale: Option<Id>,
    /// Its status: an undo's own, else the obligation's.
    pub status: String,
    /// Tries in all.
    pub attempts: u32,
    /// When it is tried next; none when only a person moves it.
    pub next_try: Option<WallTime>,
    /// Until when, for a void.
    pub deadline: Option<Deadline>,
    /// Why it is still owed.
    pub why: Option<Code>,
    /// What that means.
    pub explanation: Option<Explanation>,
    /// How much, minor units.
    pub amount: Option<i64>,
}

impl ItemReport {
    /// The order in which items are tried: reversals oldest first, then voids by deadline.
    pub(super) fn turn(&self) -> (u8, i64) {
        match self.kind {
            ObligationKind::Reversal => (0, 0),
            _ => (1, self.deadline.map_or(i64::MAX, |deadline| deadline.at.0)),
        }
    }
}

/// What a round of deliveries came to.
#[derive(Clone, Debug)]
pub struct SyncReport {
    /// Items closed.
    pub delivered: u32,
    /// Items left.
    pub left: u32,
    /// Those items.
    pub items: Vec<ItemReport>,
}

/// Which words fit a transaction.
#[must_use]
pub const fn situation_of(kind: OriginalKind) -> Situation {
    match kind {
        OriginalKind::Sale | OriginalKind::Unmatched => Situation::Sale,
        OriginalKind::Preauth => Situation::Preauth,
        OriginalKind::Completion => Situation::Completion,
    }
}

/// Whether a code is a plain yes, which needs no explanation.
fn is_plain_yes(code: &Code) -> bool {
    matches!(code, Code::Wire(Rail::UnionPay, text) if text == "00" || text == "11")
}

pub(super) fn explained(
    code: Option<&Code>,
    situation: Situation,
    lang: Lang,
    reference: &Id,
) -> Option<Explanation> {
    let code = code.filter(|code| !is_plain_yes(code))?;
    Some(explain(code, situation, lang, reference.as_str()))
}

impl Terminal {
    /// A sale and what it needs explained.
    ///
    /// # Errors
    /// [`EngineError::Ledger`] when there is none.
    pub fn sale_report(&self, id: &Id, lang: Lang) -> Result<SaleReport, EngineError> {
        let view = self.ledger.read(|query| query.sale(id))?;
        Ok(report_of(view, lang))
    }

    /// An undo, its sale, and what it needs explained.
    ///
    /// # Errors
    /// [`EngineError::Ledger`] when there is none.
    pub fn undo_report(&self, id: &Id, lang: Lang) -> Result<UndoReport, EngineError> {
        let undo = self.ledger.read(|query| query.undo(id))?;
        let sale = self.ledger.read(|query| query.sale(&undo.original))?;
        let situation = match undo.kind {
            UndoKind::Void => Situation::Void,
            UndoKind::Refund => Situation::Refund,
        };
        let status = match &sale.undo {
            Some(shown) if shown.id == undo.id => shown.status,
            _ => undo.status,
        };
        let code = undo.code.clone().or_else(|| waiting_code(status));
        let deadline = match undo.kind {
            UndoKind::Void => self.deadline(&undo.original)?,
            UndoKind::Refund => None,
        };
        let plain = matches!(status, UndoStatus::Voided | UndoStatus::Refunded);
        let shown = code.as_ref().filter(|_| !plain);
        let explanation = explained(shown, situation, lang, &undo.id);
        Ok(UndoReport {
            status,
            sale,
            deadline,
            code,
            explanation,
            undo: Some(undo),
        })
    }

    /// A void that a rule refused before anything was recorded.
    pub(super) fn refused_void(
        &self,
        sale: &Id,
        code: &Code,
        lang: Lang,
    ) -> Result<UndoReport, EngineError> {
        let view = self.ledger.read(|query| query.sale(sale))?;
        Ok(UndoReport {
            undo: None,
            status: UndoStatus::Refused,
            deadline: self.deadline(sale)?,
            explanation: explained(Some(code), Situation::Void, lang, sale),
            code: Some(code.clone()),
            sale: view,
        })
    }

    /// Until when a sale can be voided; none for a rail that is switched off.
    pub(super) fn deadline(&self, sale: &Id) -> Result<Option<Deadline>, EngineError> {
        if let Some(till) = self.till_of_sale(sale)? {
            return Ok(Some(till.void_deadline(sale)?));
        }
        match &self.desk {
            Some(desk) => Ok(Some(desk.void_deadline(sale)?)),
            None => Ok(None),
        }
    }

    pub(super) fn item_report(
        &self,
        owed: &Obligation,
        lang: Lang,
    ) -> Result<ItemReport, EngineError> {
        let undo = owed.undo.as_ref();
        let undo = undo
            .map(|id| self.ledger.read(|query| query.undo(id)))
            .transpose()?;
        let is_void = owed.kind == ObligationKind::Void;
        let own_status = undo
            .as_ref()
            .filter(|_| owed.kind != ObligationKind::Reversal);
        let status =
            own_status.map_or_else(|| owed.status.to_string(), |undo| undo.status.to_string());
        let acts = owed.status == ObligationStatus::Owed;
        let (now, original) = (self.ports.clock.now(), owed.original.as_ref());
        let amount = original
            .map(|id| self.ledger.read(|query| query.original(id)))
            .transpose()?
            .map(|original| original.amount.minor());
        let deadline = match original {
            Some(original) if is_void => self.deadline(original)?,
            _ => None,
        };
        let waiting = || Some(LocalCode::Waiting.into());
        let why = owed
            .code
            .clone()
            .or_else(|| undo.and_then(|undo| undo.code))
            .or_else(waiting);
        let situation = if is_void {
            Situation::Void
        } else {
            Situation::Reversal
        };
        Ok(ItemReport {
            id: owed.id.clone(),
            kind: owed.kind,
            sale: original.cloned(),
            status,
            attempts: owed.attempts,
            next_try: acts.then(|| owed.next_try_at(&now)),
            deadline,
            explanation: explained(why.as_ref(), situation, lang, &owed.id),
            why,
            amount,
        })
    }
}

/// The code of an undo that waits and has none yet.
fn waiting_code(status: UndoStatus) -> Option<Code> {
    matches!(status, UndoStatus::Queued | UndoStatus::Sending).then(|| LocalCode::Waiting.into())
}

pub(super) fn report_of(view: SaleView, lang: Lang) -> SaleReport {
    let situation = situation_of(view.original.kind);
    let quiet = !matches!(
        view.original.status,
        SaleStatus::Declined | SaleStatus::Unknown | SaleStatus::Reversed | SaleStatus::NotSent
    );
    let code = view.original.code.as_ref().filter(|_| !quiet);
    let explanation = explained(code, situation, lang, &view.original.id);
    SaleReport { view, explanation }
}
