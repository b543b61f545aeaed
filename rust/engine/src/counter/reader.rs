//! From the ledger's rows to what the counter is told.

use pos_domain::{Code, Id, Lang, LocalCode, SaleStatus, UndoKind, UndoStatus};
use pos_flows::Deadline as FlowDeadline;
use pos_ledger::{Net, Phase, SaleView, UndoView};

use super::shapes::{Deadline, Sale, UndoSummary, Waiting, WayBack};
use crate::terminal::{EngineError, SaleReport, Terminal};

/// Reads for one answer, in one language.
pub(super) struct Reader<'a> {
    pub(super) terminal: &'a Terminal,
    pub(super) lang: Lang,
}

pub(super) const fn deadline(deadline: &FlowDeadline) -> Deadline {
    Deadline {
        at: deadline.at.0,
        left: deadline.left_ms,
        certain: deadline.certain,
    }
}

pub(super) fn summary(undo: &UndoView) -> UndoSummary {
    UndoSummary {
        id: undo.id.to_string(),
        kind: undo.kind,
        status: undo.status,
        amount: undo.amount.minor(),
    }
}

/// Whether a void that is refused for this leaves a refund.
pub(super) fn leaves_refund(code: &Code) -> bool {
    [
        LocalCode::Settled,
        LocalCode::Settling,
        LocalCode::DeadlinePassed,
        LocalCode::PartlyRefunded,
        LocalCode::AdviceNotVoidable,
    ]
    .iter()
    .any(|local| *code == Code::Local(*local))
}

impl Reader<'_> {
    pub(super) fn sale_of(&self, id: &Id) -> Result<Sale, EngineError> {
        self.sale(self.terminal.sale_report(id, self.lang)?)
    }

    pub(super) fn sale(&self, report: SaleReport) -> Result<Sale, EngineError> {
        let way_back = self.way_back(&report.view)?;
        let settled = self.is_settled(report.view.original.batch.as_deref())?;
        let waiting = self.sale_waiting(&report.view);
        let payment = self.payment(&report.view.original.id)?;
        let SaleView {
            original,
            status,
            net,
            undo,
        } = report.view;
        Ok(Sale {
            id: original.id.to_string(),
            kind: original.kind,
            parent: original.parent.as_ref().map(Id::to_string),
            rail: original.rail,
            status,
            entry: original.entry,
            amount: original.amount.minor(),
            net: match net {
                Net::Known(minor) => Some(minor),
                Net::Unknown => None,
            },
            at: original.created.0,
            voucher: original.trace,
            batch: original.batch,
            reference: original.facts.reference,
            order_number: original.order_no,
            last_four: original.last_four,
            settled,
            way_back,
            undo: undo.as_ref().map(summary),
            explanation: report.explanation,
            waiting,
            payment,
        })
    }

    fn way_back(&self, view: &SaleView) -> Result<WayBack, EngineError> {
        if let Some(open) = view.undo.as_ref().filter(|undo| undo.status.is_open()) {
            let undo = open.id.to_string();
            return Ok(WayBack::InProgress { undo });
        }
        match view.status {
            SaleStatus::Approved
            | SaleStatus::Unknown
            | SaleStatus::PartlyRefunded
            | SaleStatus::Held => {}
            _ => return Ok(WayBack::Impossible),
        }
        let offered = |undo: &UndoView| {
            undo.kind == UndoKind::Void && undo.status == UndoStatus::RefundOffered
        };
        if view.undo.as_ref().is_some_and(offered) {
            return Ok(WayBack::RefundOnly);
        }
        let sale = &view.original.id;
        match self.terminal.void_refusal(sale)? {
            None => Ok(match self.terminal.void_deadline(sale)? {
                Some(until) => WayBack::Void {
                    deadline: deadline(&until),
                },
                None => WayBack::Impossible,
            }),
            Some(code) if leaves_refund(&code) => Ok(WayBack::RefundOnly),
            Some(_) => Ok(WayBack::Impossible),
        }
    }

    fn is_settled(&self, batch: Option<&str>) -> Result<bool, EngineError> {
        let Some(batch) = batch else { return Ok(false) };
        let ledger = self.terminal.ledger();
        let settlement = ledger.read(|query| query.settlement(batch))?;
        Ok(settlement.is_some_and(|settlement| settlement.phase == Phase::Cleared))
    }

    fn sale_waiting(&self, view: &SaleView) -> Option<Waiting> {
        let sending = view.status == SaleStatus::Sending;
        sending.then(|| self.waiting_since(view.original.created.0))
    }

    /// A wait for the host that began at this wall-clock time.
    pub(super) fn waiting_since(&self, began: i64) -> Waiting {
        let timeout = self.terminal.void_habits().map(|habits| habits.timeout);
        let at_most = timeout.unwrap_or_default().as_millis();
        Waiting {
            since: self.terminal.now().wall.0.saturating_sub(began).max(0),
            at_most: i64::try_from(at_most).unwrap_or(i64::MAX),
        }
    }
}
