//! Commands on the card rail.

use pos_domain::{Amount, CardInput, Id, OriginalKind};
use pos_flows::{Inquired, Management, Order, Recorded, VoidRequest, Voided};
use pos_ledger::{Original, Tx};

use super::people::{self, Approving};
use super::{EngineError, SaleReport, Terminal, UndoReport};
use pos_domain::Lang;

/// Money to be taken, owned so that the caller may go away.
#[derive(Clone, Debug)]
pub struct TakeRequest {
    /// Sale, pre-authorisation or completion.
    pub kind: OriginalKind,
    /// How much.
    pub amount: Amount,
    /// The card as presented.
    pub card: CardInput,
    /// The pre-authorisation that a completion completes.
    pub parent: Option<Id>,
    /// The caller's own identifier of the command.
    pub request: Option<String>,
}

impl TakeRequest {
    pub(super) fn order(&self) -> Order<'_> {
        Order {
            kind: self.kind,
            amount: self.amount,
            card: &self.card,
            parent: self.parent.as_ref(),
            request: self.request.as_deref(),
        }
    }
}

/// A sale to be taken back, owned so that the caller may go away.
#[derive(Clone, Debug, Default)]
pub struct UndoRequest {
    /// The card, when it was read.
    pub card: Option<CardInput>,
    /// Why, in the counter's words.
    pub reason: Option<String>,
    /// The caller's own identifier of the command.
    pub request: Option<String>,
    /// Who approves, with their PINs.
    pub approving: Vec<Approving>,
}

impl Terminal {
    /// Signs in (签到).
    ///
    /// # Errors
    /// [`EngineError`]; a host that refuses is a result.
    pub fn sign_in(&self, who: &str) -> Result<Management, EngineError> {
        self.run(self.desk()?.sign_in(who))
    }

    /// Signs out (签退).
    ///
    /// # Errors
    /// [`EngineError`]; a host that refuses is a result.
    pub fn sign_out(&self, who: &str) -> Result<Management, EngineError> {
        self.run(self.desk()?.sign_out(who))
    }

    /// Echo test (回响测试).
    ///
    /// # Errors
    /// [`EngineError`]; a host that does not answer is a result.
    pub fn echo(&self, who: &str) -> Result<Management, EngineError> {
        self.run(self.desk()?.echo(who))
    }

    /// Asks for a card's balance (余额查询). It is told and stored nowhere.
    ///
    /// # Errors
    /// [`EngineError`]; a host that refuses or does not answer is a result.
    pub fn inquire(&self, who: &str, card: &CardInput) -> Result<Inquired, EngineError> {
        self.run(self.desk()?.inquire(who, card))
    }

    /// Takes money and waits for what becomes of it.
    ///
    /// # Errors
    /// [`EngineError`]; then nothing was sent.
    pub fn take(
        &self,
        who: &str,
        asked: &TakeRequest,
        lang: Lang,
    ) -> Result<SaleReport, EngineError> {
        let id = self.run(self.desk()?.take(who, &asked.order()))?;
        self.sale_report(&id, lang)
    }

    /// Records money to be taken and sends it as a job: gives the identifier once it is durable.
    ///
    /// # Errors
    /// [`EngineError`]; then nothing was recorded.
    pub fn start_take(&self, who: &str, asked: TakeRequest) -> Result<Id, EngineError> {
        let desk = self.desk()?.clone();
        let (id, is_new) = desk.record_order(who, &asked.order())?;
        if is_new {
            let (who, sale) = (who.to_owned(), id.clone());
            self.start(async move { desk.deliver_order(&who, &sale, &asked.order()).await });
        }
        Ok(id)
    }

    /// Takes back a whole sale and waits for one attempt.
    ///
    /// # Errors
    /// [`EngineError`]; nothing was recorded. A rule that forbids it is in the report.
    pub fn void(
        &self,
        who: &str,
        sale: &Id,
        asked: &UndoRequest,
        lang: Lang,
    ) -> Result<UndoReport, EngineError> {
        let consent = match self.consent_to_void(sale, asked) {
            Ok(consent) => consent,
            Err(EngineError::Refused(code)) => return self.refused_void(sale, &code, lang),
            Err(error) => return Err(error),
        };
        let request = void_request(sale, asked);
        let store = |tx: &Tx<'_>, original: &Original, id: &Id| {
            people::store(tx, consent.as_ref(), original, original.amount, id)
        };
        let voided = match self.till_of_sale(sale)? {
            Some(till) => self.run_web(till.void(who, &request, store))?,
            None => self.run(self.desk()?.void(who, &request, store))?,
        };
        self.nudge();
        match voided {
            Voided::Recorded(id) => self.undo_report(&id, lang),
            Voided::Refused(code) => self.refused_void(sale, &code, lang),
        }
    }

    /// Records a void and delivers it as a job: gives the identifier once it is owed.
    ///
    /// # Errors
    /// [`EngineError::Refused`] when a rule or a missing consent forbids it.
    pub fn start_void(&self, who: &str, sale: &Id, asked: UndoRequest) -> Result<Id, EngineError> {
        let consent = self.consent_to_void(sale, &asked)?;
        let request = void_request(sale, &asked);
        let store = |tx: &Tx<'_>, original: &Original, id: &Id| {
            people::store(tx, consent.as_ref(), original, original.amount, id)
        };
        if let Some(till) = self.till_of_sale(sale)? {
            let recorded = till.record_void(who, &request, store)?;
            return Ok(self.deliver_web_undo(till.clone(), who, recorded));
        }
        let desk = self.desk()?.clone();
        match desk.record_void(who, &request, store)? {
            Recorded::New(id) => {
                let (who, undo) = (who.to_owned(), id.clone());
                let card = asked.card;
                self.start(async move { desk.deliver_void(&who, &undo, card.as_ref()).await });
                Ok(id)
            }
            Recorded::Already(id) => Ok(id),
        }
    }

    /// Presents the card that a void waits for, and waits for one attempt.
    ///
    /// # Errors
    /// [`EngineError::Refused`] for another card.
    pub fn present_card(
        &self,
        who: &str,
        undo: &Id,
        card: &CardInput,
        lang: Lang,
    ) -> Result<UndoReport, EngineError> {
        self.run(self.desk()?.present_card(who, undo, card))?;
        self.undo_report(undo, lang)
    }

    fn consent_to_void(
        &self,
        sale: &Id,
        asked: &UndoRequest,
    ) -> Result<Option<pos_policy::Consent>, EngineError> {
        let original = self.ledger.read(|query| query.original(sale))?;
        self.consent(
            pos_policy::Act::Void,
            &original,
            original.amount,
            &asked.approving,
        )
    }
}

fn void_request<'a>(sale: &'a Id, asked: &'a UndoRequest) -> VoidRequest<'a> {
    VoidRequest {
        sale,
        card: asked.card.as_ref(),
        reason: asked.reason.as_deref(),
        request: asked.request.as_deref(),
    }
}
