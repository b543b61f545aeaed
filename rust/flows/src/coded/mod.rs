//! UnionPay QR on the acquirer's line (spec unionpay-8583 §3.6): a sale by the customer's code, its
//! void and refund by the voucher of its answer. No card is read for any of them.

mod erase;
mod refund;
mod void;

use pos_channels::unionpay::{Answer, Coded, Draft, Kind, coded, voucher_of};
use pos_channels::wallet::PaymentCode;
use pos_domain::{Amount, Entry, Id, OriginalKind, Rail, SaleStatus};
use pos_ledger::{NewOriginal, Original, Tx};

pub(crate) use erase::erase_codes;
pub use refund::CodeRefund;

use crate::desk::Desk;
use crate::error::FlowError;
use crate::gate::Gate;
use crate::intent::Intent;
use crate::original::related_to;

/// Money to be taken by a UnionPay payment code.
#[derive(Clone, Debug)]
pub struct CodeOrder<'a> {
    /// How much.
    pub amount: Amount,
    /// The customer's code.
    pub code: &'a PaymentCode,
    /// The caller's own identifier of the command: the same one never acts twice.
    pub request: Option<&'a str>,
}

/// Whether no card, but a payment code, paid for this.
pub(crate) fn is_coded(original: &Original) -> bool {
    original.entry == Entry::Code && !original.is_web()
}

impl Desk {
    /// Takes money by a UnionPay payment code on the acquirer's line.
    ///
    /// # Errors
    /// [`FlowError::Ledger`] when it could not be recorded: then nothing was sent.
    pub async fn take_code(&self, who: &str, order: &CodeOrder<'_>) -> Result<Id, FlowError> {
        let (id, is_new) = self.record_code_order(who, order)?;
        if is_new {
            self.deliver_code_order(who, &id, order).await?;
        }
        Ok(id)
    }

    /// Records an order before anything is sent. Tells whether it is new.
    ///
    /// # Errors
    /// Those of the ledger.
    pub fn record_code_order(
        &self,
        who: &str,
        order: &CodeOrder<'_>,
    ) -> Result<(Id, bool), FlowError> {
        self.write(who, |tx| {
            let query = tx.query();
            if let Some(request) = order.request
                && let Some(made) = query.original_of_request(request)?
            {
                return Ok((made.id, false));
            }
            let (id, batch) = (tx.new_id('S')?, query.batch()?);
            let code = self.no_new_sale(query)?;
            let status = if code.is_some() {
                SaleStatus::NotSent
            } else {
                SaleStatus::Sending
            };
            tx.insert_original(&NewOriginal {
                id: &id,
                kind: OriginalKind::Sale,
                rail: Rail::UnionPay,
                amount: order.amount,
                entry: Entry::Code,
                account: None,
                batch: &batch,
                trace: None,
                terminal: &self.rules.identity.terminal,
                merchant: &self.rules.identity.merchant,
                status,
                code: code.as_ref(),
                parent: None,
                deadline: self.next_cutover(query)?,
                request: order.request,
            })?;
            if code.is_none() {
                tx.insert_payment_code(&id, order.code.text(), &order.code.masked())?;
            }
            Ok((id, code.is_none()))
        })
    }

    /// Sends a recorded order once, after what must go first.
    ///
    /// # Errors
    /// Those of the ledger.
    pub async fn deliver_code_order(
        &self,
        who: &str,
        id: &Id,
        order: &CodeOrder<'_>,
    ) -> Result<(), FlowError> {
        if let Gate::Blocked(code) = self.gate(who).await? {
            return self.not_sent(who, id, &code);
        }
        self.reserve_traces()?;
        let intend = |tx: &Tx<'_>| self.intend_code_sale(tx, id, order);
        self.send_original(who, OriginalKind::Sale, id, intend)
            .await
    }

    fn intend_code_sale(
        &self,
        tx: &Tx<'_>,
        id: &Id,
        order: &CodeOrder<'_>,
    ) -> Result<Intent, FlowError> {
        let (trace, batch) = (tx.next_trace()?, tx.query().batch()?);
        let place = (trace.as_str(), batch.as_str());
        let identity = &self.rules.identity;
        let payer = Coded::Code(order.code.text());
        let draft = coded(identity, Kind::Sale, order.amount, place, payer, None)?;
        tx.set_original_trace(id, &trace, &batch)?;
        self.intend(tx, "sale", id, None, &draft, place)
    }

    /// A follow-up of a sale by payment code.
    fn follow_up(
        &self,
        kind: Kind,
        original: &Original,
        amount: Amount,
        place: (&str, &str),
    ) -> Result<Draft, FlowError> {
        let payer = Coded::Voucher(original.facts.voucher.as_deref());
        let related = related_to(original);
        let identity = &self.rules.identity;
        Ok(coded(identity, kind, amount, place, payer, Some(&related))?)
    }

    /// The payment voucher that an approving answer brings.
    pub(crate) fn voucher_in(&self, answer: &Answer) -> Option<String> {
        voucher_of(answer, self.rules.identity.habits.f59_lengths)
    }
}
