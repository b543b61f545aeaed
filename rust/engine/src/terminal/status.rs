//! Small questions of a screen, commands that do not wait for a host, and how the line is.

use std::sync::Arc;
use std::time::Duration;

use pos_domain::{CardInput, Code, Id, LocalCode, Moment, UndoStatus};
use pos_flows::link::Link;
use pos_flows::{Deadline, Management, Recorded};
use pos_ledger::{Ledger, Original, Tx};
use pos_policy::Act;

use super::refund::RefundOrder;
use super::{EngineError, Terminal, people};

/// What the acquirer asks of a void, and how long it is waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VoidHabits {
    /// The card is read.
    pub needs_card: bool,
    /// The PIN is entered.
    pub needs_pin: bool,
    /// How long an answer is waited for.
    pub timeout: Duration,
}

impl Terminal {
    /// What the clocks show.
    #[must_use]
    pub fn now(&self) -> Moment {
        self.ports.clock.now()
    }

    /// Free bytes under the home; none when the platform does not say.
    #[must_use]
    pub fn free_bytes(&self) -> Option<u64> {
        self.ports.storage.free_bytes()
    }

    /// The memory, to be kept by whoever watches it. It stays open while it is kept.
    pub(crate) fn memory(&self) -> Arc<Ledger> {
        Arc::clone(&self.ledger)
    }

    /// Puts `around` around the link, before any exchange.
    pub(crate) fn wrap_link(&mut self, around: impl FnOnce(Arc<dyn Link>) -> Arc<dyn Link>) {
        if let Some(desk) = &mut self.desk {
            desk.link = around(Arc::clone(&desk.link));
        }
    }

    /// What the acquirer asks of a void; none when the card rail is off.
    #[must_use]
    pub fn void_habits(&self) -> Option<VoidHabits> {
        self.desk.as_ref().map(|desk| VoidHabits {
            needs_card: desk.rules.void_needs_card,
            needs_pin: desk.rules.void_needs_pin,
            timeout: desk.rules.timeout,
        })
    }

    /// What a void of this sale would be refused for, decided now; none when it can be made.
    ///
    /// # Errors
    /// Those of the ledger.
    pub fn void_refusal(&self, sale: &Id) -> Result<Option<Code>, EngineError> {
        Ok(match self.till_of_sale(sale)? {
            Some(till) => till.void_refusal(sale)?,
            None => self.desk()?.void_refusal(sale)?,
        })
    }

    /// Until when a sale can be voided; none when the card rail is off.
    ///
    /// # Errors
    /// Those of the ledger.
    pub fn void_deadline(&self, sale: &Id) -> Result<Option<Deadline>, EngineError> {
        self.deadline(sale)
    }

    /// Why the next money message needs a sign-in first; none when working keys are there.
    ///
    /// # Errors
    /// Those of the ledger.
    pub fn sign_in_needed(&self) -> Result<Option<String>, EngineError> {
        Ok(self.desk()?.sign_in_needed(&self.now())?)
    }

    /// Signs in as a job and tells `done` what came of it.
    ///
    /// # Errors
    /// [`EngineError::Refused`] when the card rail is off.
    pub fn start_sign_in(
        &self,
        who: &str,
        done: impl FnOnce(Management) + Send + 'static,
    ) -> Result<(), EngineError> {
        let (desk, who) = (self.desk()?.clone(), who.to_owned());
        self.start(async move {
            let result = desk.sign_in(&who).await;
            let failed = || Management::Failed(LocalCode::Internal.into());
            done(result.as_ref().map_or_else(|_| failed(), Clone::clone));
            result.map(drop)
        });
        Ok(())
    }

    /// The most that a refund of this sale can give back, minor units, decided now.
    ///
    /// # Errors
    /// [`EngineError::Refused`] when nothing can be given back, with the reason.
    pub fn refund_room(&self, sale: &Id) -> Result<i64, EngineError> {
        match self.till_of_sale(sale)? {
            Some(_) => Ok(self.ledger.read(|query| query.remaining(sale))?),
            None => Ok(self.desk()?.refund_room(sale)?),
        }
    }

    /// The most that a completion of this pre-authorisation may take, minor units, decided now.
    ///
    /// # Errors
    /// [`EngineError::Refused`] when nothing can be completed, with the reason.
    pub fn preauth_room(&self, preauth: &Id) -> Result<i64, EngineError> {
        Ok(self.desk()?.preauth_room(preauth)?)
    }

    /// Records a refund and sends it as a job: gives the identifier once it is owed.
    ///
    /// # Errors
    /// [`EngineError::Refused`] when a rule or a missing consent forbids it.
    pub fn start_refund(&self, who: &str, order: RefundOrder) -> Result<Id, EngineError> {
        self.check_refund_limit(order.amount)?;
        let sale = self.refunded_sale(&order.of)?;
        let (amount, people) = (order.amount, &order.approving);
        let consent = self.consent_on(Act::Refund, sale.as_ref(), amount, people)?;
        let store = |tx: &Tx<'_>, original: &Original, id: &Id| {
            people::store(tx, consent.as_ref(), original, amount, id)
        };
        if let Some((till, asked)) = self.web_refund(&order, sale.as_ref())? {
            let recorded = till.record_refund(who, &asked.borrowed(), store)?;
            return Ok(self.deliver_web_undo(till.clone(), who, recorded));
        }
        let desk = self.desk()?.clone();
        if let Some(asked) = self.coded_refund(&order, sale.as_ref())? {
            let recorded = desk.record_code_refund(who, &asked, store)?;
            return Ok(self.deliver_coded_refund(desk, who, recorded));
        }
        let card = order.card()?.clone();
        match desk.record_refund(who, &order.request(&card), store)? {
            Recorded::New(id) => {
                let (who, undo) = (who.to_owned(), id.clone());
                self.start(async move { desk.deliver_refund(&who, &undo, &card).await });
                Ok(id)
            }
            Recorded::Already(id) => Ok(id),
        }
    }

    /// Presents the card that a void waits for, and makes the attempt as a job.
    ///
    /// # Errors
    /// [`EngineError::Refused`] for another card, or a void that waits for none.
    pub fn start_present_card(
        &self,
        who: &str,
        undo: &Id,
        card: CardInput,
    ) -> Result<(), EngineError> {
        let desk = self.desk()?.clone();
        let found = self.ledger.read(|query| query.undo(undo))?;
        if found.status != UndoStatus::NeedsCard {
            return Err(EngineError::Refused(LocalCode::NotInThisState.into()));
        }
        let original = &found.original;
        if !self
            .ledger
            .read(|query| query.is_card_of(original, &card.pan))?
        {
            return Err(EngineError::Refused(LocalCode::OtherCard.into()));
        }
        let (who, undo) = (who.to_owned(), undo.clone());
        self.start(async move { desk.present_card(&who, &undo, &card).await });
        Ok(())
    }
}
