//! Electronic signature (电签, spec unionpay-8583 §9.4): stored sealed, uploaded after the
//! transaction and before settlement. Where it cannot be uploaded, a paper slip is signed.

use pos_channels::unionpay::{LARGEST_IMAGE, Signed, feature_code, signature_upload};
use pos_domain::status::{ObligationKind, ObligationStatus};
use pos_domain::{Entry, Id, LocalCode, OriginalKind, SaleStatus};
use pos_ledger::{LedgerError, NewObligation, Obligation, Original, Tx};

use crate::desk::Desk;
use crate::error::{FlowError, refuse};
use crate::notice::{Notice, original_of};

/// Tags of receipt data (§9.4).
const TRANSACTION: u32 = 0xFF01;
const OPERATOR: u32 = 0xFF02;
const DATE_TIME: u32 = 0xFF06;
const AUTH_CODE: u32 = 0xFF07;
const CARD_ORG: u32 = 0xFF09;
const CURRENCY: u32 = 0xFF0A;

/// How a transaction is called in receipt data.
const fn receipt_type(kind: OriginalKind) -> &'static str {
    match kind {
        OriginalKind::Sale | OriginalKind::Unmatched => "1021",
        OriginalKind::Preauth => "1011",
        OriginalKind::Completion => "1031",
    }
}

impl Desk {
    /// The code that lies behind the signature on the screen, eight hexadecimal digits.
    ///
    /// # Errors
    /// Those of the ledger.
    pub fn feature_code(&self, sale: &Id) -> Result<String, FlowError> {
        let facts = self.read(|query| query.original(sale))?.facts;
        let (date, reference) = (facts.settle_date.as_deref(), facts.reference.as_deref());
        Ok(feature_code(date, reference))
    }

    /// Stores a customer's signature, a compressed image, to be uploaded. Gives its feature code.
    ///
    /// # Errors
    /// [`FlowError::Refused`] where the signature cannot go to the host, so that a paper slip is
    /// signed: an image larger than one message takes, a transaction that is not approved or made
    /// with a payment code, one that is signed already, or one whose batch is being settled.
    pub fn add_signature(&self, who: &str, sale: &Id, image: &[u8]) -> Result<String, FlowError> {
        if image.is_empty() || image.len() > LARGEST_IMAGE {
            return refuse(LocalCode::SignatureUnfit);
        }
        let feature = self.feature_code(sale)?;
        self.write(who, |tx| {
            let query = tx.query();
            let original = query.original(sale)?;
            let approved = matches!(original.status, SaleStatus::Approved | SaleStatus::Held);
            let signed = query.signature(sale)?.is_some();
            if !approved || signed || original.entry == Entry::Code {
                return refuse(LocalCode::NotInThisState);
            }
            let batch = original.batch.as_deref().unwrap_or_default();
            if query
                .settlement(batch)?
                .is_some_and(|s| s.phase != pos_ledger::Phase::Draining)
            {
                return refuse(LocalCode::Settling);
            }
            tx.insert_signature(sale, &feature, image)?;
            let id = tx.new_id('E')?;
            tx.insert_obligation(&NewObligation {
                id: &id,
                kind: ObligationKind::Signature,
                original: Some(sale),
                undo: None,
                attempt: None,
                status: ObligationStatus::Owed,
            })?;
            Ok(feature)
        })
    }

    /// Whether a paper slip has to be signed for this sale: there is no signature on the screen, or
    /// the host keeps refusing it.
    ///
    /// # Errors
    /// Those of the ledger.
    pub fn needs_paper_slip(&self, sale: &Id) -> Result<bool, FlowError> {
        self.read(|query| {
            let owed = query.obligations_of(sale)?;
            let upload = owed.iter().find(|o| o.kind == ObligationKind::Signature);
            Ok(upload.is_none_or(|o| o.status == ObligationStatus::Escalated))
        })
    }

    /// The upload is made anew for each try: it is named by the transaction's own trace, and the
    /// image is kept in one place only.
    pub(crate) fn prepare_signature(
        &self,
        tx: &Tx<'_>,
        owed: &Obligation,
    ) -> Result<Notice, FlowError> {
        let (query, original) = (tx.query(), original_of(owed)?);
        let sale = query.original(original)?;
        let image = query
            .signature(original)?
            .and_then(|signature| signature.image)
            .ok_or(LedgerError::Seal)?;
        let account = query.account(original)?;
        let trace = sale.trace.clone().unwrap_or_default();
        let batch = sale.batch.clone().unwrap_or_default();
        let number = account.as_ref().filter(|_| sale.entry != Entry::Swipe);
        let about = Signed {
            amount: sale.amount.twelve_digits(),
            trace: &trace,
            batch: &batch,
            pan: number.map(|account| account.pan.digits()),
            settle_date: sale.facts.settle_date.as_deref(),
            reference: sale.facts.reference.as_deref(),
            receipt: receipt_of(&sale),
        };
        let draft = signature_upload(&self.rules.identity, &about, &image);
        Ok(Notice {
            draft,
            trace,
            batch,
        })
    }
}

fn receipt_of(sale: &Original) -> Vec<(u32, String)> {
    let facts = &sale.facts;
    let at = facts.host_date.as_deref().zip(facts.host_time.as_deref());
    let mut receipt = vec![
        (TRANSACTION, receipt_type(sale.kind).to_owned()),
        (OPERATOR, sale.operator.clone()),
    ];
    receipt.extend(at.map(|(date, clock)| (DATE_TIME, format!("{date}{clock}"))));
    receipt.extend(facts.auth_code.clone().map(|code| (AUTH_CODE, code)));
    receipt.extend(facts.card_org.clone().map(|org| (CARD_ORG, org)));
    receipt.push((CURRENCY, "156".to_owned()));
    receipt
}
