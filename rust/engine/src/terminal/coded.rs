//! UnionPay codes in the card dialect: they go over the acquirer's line, as cards do.

use pos_domain::{Entry, Id, Lang, LocalCode, Rail};
use pos_flows::wallet::PaymentCode;
use pos_flows::{CodeOrder, CodeRefund, Desk, Recorded};

use super::{EngineError, RefundOrder, SaleReport, ScanRequest, Terminal};
use crate::profile::QrMode;

impl ScanRequest {
    fn coded(&self) -> CodeOrder<'_> {
        CodeOrder {
            amount: self.amount,
            code: &self.code,
            request: self.request.as_deref(),
        }
    }
}

impl Terminal {
    /// The desk, when this code is one that goes over the acquirer's line.
    pub(super) fn desk_for(&self, code: &PaymentCode) -> Result<Option<&Desk>, EngineError> {
        if code.rail().as_str() != Rail::UnionPay.as_str() {
            return Ok(None);
        }
        match &self.profile.unionpay_qr {
            Some(qr) if qr.mode == QrMode::Acp => Ok(None),
            Some(_) => Ok(Some(self.desk()?)),
            None => Err(EngineError::Refused(LocalCode::RailOff.into())),
        }
    }

    /// Charges a code over the acquirer's line and waits for what becomes of it.
    pub(super) fn scan_coded(
        &self,
        desk: &Desk,
        who: &str,
        asked: &ScanRequest,
        lang: Lang,
    ) -> Result<SaleReport, EngineError> {
        let id = self.run(desk.take_code(who, &asked.coded()))?;
        self.sale_report(&id, lang)
    }

    /// Records a sale by code and sends it over the acquirer's line as a job.
    pub(super) fn start_coded(
        &self,
        desk: Desk,
        who: &str,
        asked: ScanRequest,
    ) -> Result<Id, EngineError> {
        let (id, is_new) = desk.record_code_order(who, &asked.coded())?;
        if is_new {
            let (who, sale) = (who.to_owned(), id.clone());
            self.start(async move { desk.deliver_code_order(&who, &sale, &asked.coded()).await });
        }
        Ok(id)
    }

    /// Delivers a recorded refund of a sale by code as a job, and gives its identifier.
    pub(super) fn deliver_coded_refund(&self, desk: Desk, who: &str, recorded: Recorded) -> Id {
        match recorded {
            Recorded::Already(id) => id,
            Recorded::New(id) => {
                let (who, undo) = (who.to_owned(), id.clone());
                self.start(async move { desk.deliver_code_refund(&who, &undo).await });
                id
            }
        }
    }

    /// Whether a sale was paid by a code over the acquirer's line: no card belongs to it.
    pub(super) fn is_coded(&self, sale: &Id) -> Result<bool, EngineError> {
        let original = self.ledger.read(|query| query.original(sale))?;
        Ok(original.entry == Entry::Code && !original.is_web())
    }

    /// The refund of a sale by code, when this one was.
    pub(super) fn coded_refund<'a>(
        &self,
        order: &'a RefundOrder,
        sale: Option<&'a Id>,
    ) -> Result<Option<CodeRefund<'a>>, EngineError> {
        let Some(sale) = sale else {
            return Ok(None);
        };
        Ok(self.is_coded(sale)?.then_some(CodeRefund {
            sale,
            amount: order.amount,
            reason: order.reason.as_deref(),
            request: order.request.as_deref(),
        }))
    }
}
