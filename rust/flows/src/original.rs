//! A sale: intent, wire, proof.

use pos_channels::unionpay::{Answer, Kind, Related, financial};
use pos_domain::status::AttemptState;
use pos_domain::{
    Amount, CardInput, Code, Entry, Id, LocalCode, OriginalKind, Rail, SaleStatus, WallTime,
};
use pos_ledger::{Account, AnswerFacts, NewOriginal, Original, Query, Tx};

use crate::desk::{Desk, packing_code, state};
use crate::error::FlowError;
use crate::gate::Gate;
use crate::intent::Intent;
use crate::judge::{Judged, judge};
use crate::resolve::standing;
use crate::script_notice::scripted_answer;
use crate::transmit::{Heard, keep_others, log_exchange};

/// Money to be taken.
#[derive(Clone, Debug)]
pub struct Order<'a> {
    /// Sale, pre-authorisation or completion.
    pub kind: OriginalKind,
    /// How much.
    pub amount: Amount,
    /// The card as presented.
    pub card: &'a CardInput,
    /// The pre-authorisation that a completion completes, or that another one adds to.
    pub parent: Option<&'a Id>,
    /// The caller's own identifier of the command: the same one never acts twice.
    pub request: Option<&'a str>,
}

/// Free bytes below which no new sale is made; answers and undos still are.
const SPACE_FOR_SALE: u64 = 20 * 1024 * 1024;

/// How an original is asked for.
const fn wire_kind(kind: OriginalKind, adds: bool) -> Kind {
    match kind {
        OriginalKind::Preauth if adds => Kind::IncrementalPreauth,
        OriginalKind::Sale | OriginalKind::Unmatched => Kind::Sale,
        OriginalKind::Preauth => Kind::Preauth,
        OriginalKind::Completion => Kind::Completion,
    }
}

impl Desk {
    /// Takes money by card. Gives the sale's identifier; what became of it stands in the ledger.
    /// The same request never takes money twice.
    ///
    /// # Errors
    /// [`FlowError::Ledger`] when it could not be recorded: then nothing was sent.
    pub async fn take(&self, who: &str, order: &Order<'_>) -> Result<Id, FlowError> {
        let (id, is_new) = self.record_order(who, order)?;
        if is_new {
            self.deliver_order(who, &id, order).await?;
        }
        Ok(id)
    }

    /// Records an order before anything is sent. Tells whether it is new.
    ///
    /// # Errors
    /// [`FlowError::Refused`] for a completion that its pre-authorisation does not allow.
    pub fn record_order(&self, who: &str, order: &Order<'_>) -> Result<(Id, bool), FlowError> {
        self.write(who, |tx| {
            let query = tx.query();
            if let Some(request) = order.request
                && let Some(made) = query.original_of_request(request)?
            {
                return Ok((made.id, false));
            }
            if let Some(parent) = order.parent {
                self.follow_up_rules(query, parent, order)?;
            }
            let (id, account, batch) = (tx.new_id('S')?, account_of(order.card), query.batch()?);
            let code = self.no_new_sale(query)?;
            let status = if code.is_some() {
                SaleStatus::NotSent
            } else {
                SaleStatus::Sending
            };
            tx.insert_original(&NewOriginal {
                id: &id,
                kind: order.kind,
                rail: Rail::UnionPay,
                amount: order.amount,
                entry: order.card.entry,
                account: Some(&account),
                batch: &batch,
                trace: None,
                terminal: &self.rules.identity.terminal,
                merchant: &self.rules.identity.merchant,
                status,
                code: code.as_ref(),
                parent: order.parent,
                deadline: self.next_cutover(query)?,
                request: order.request,
            })?;
            Ok((id, code.is_none()))
        })
    }

    /// Sends a recorded order once, after what must go first.
    ///
    /// # Errors
    /// Those of the ledger.
    pub async fn deliver_order(
        &self,
        who: &str,
        id: &Id,
        order: &Order<'_>,
    ) -> Result<(), FlowError> {
        if let Gate::Blocked(code) = self.gate(who).await? {
            return self.not_sent(who, id, &code);
        }
        self.reserve_traces()?;
        #[cfg(feature = "planted")]
        if pos_domain::planted!(SendBeforeIntent) {
            return self.send_before_intent(who, id, order).await;
        }
        let intend = |tx: &Tx<'_>| self.intend_original(tx, id, order);
        self.send_original(who, order.kind, id, intend).await
    }

    /// Sends a recorded original once, as `intend` makes it; one that nobody can prove is reversed
    /// at once.
    pub(crate) async fn send_original(
        &self,
        who: &str,
        kind: OriginalKind,
        id: &Id,
        intend: impl FnOnce(&Tx<'_>) -> Result<Intent, FlowError>,
    ) -> Result<(), FlowError> {
        let intent = match self.write(who, intend) {
            Ok(intent) => intent,
            Err(FlowError::Draft(error)) => {
                log::error!("{kind} {id}: {error}");
                return self.not_sent(who, id, &packing_code(&error).into());
            }
            Err(error) => return Err(error),
        };
        let heard = self.transmit(&intent.frame, &intent.expected).await;
        log_exchange(kind.as_str(), id, &heard.told);
        if self.settle_original(who, kind, id, &intent, heard)? {
            self.deliver_reversal(who, &intent.reversal).await?;
        }
        Ok(())
    }

    /// The acquirer's next cut-over, when the time can be trusted.
    pub(crate) fn next_cutover(&self, query: Query<'_>) -> Result<Option<WallTime>, FlowError> {
        let trusted = query.trusted_time()?;
        let now = trusted.and_then(|trusted| trusted.at(&self.now()));
        Ok(now.map(|now| now.next_daily(self.rules.day_cutover_minute)))
    }

    /// Why no new sale may be made now.
    pub(crate) fn no_new_sale(&self, query: Query<'_>) -> Result<Option<Code>, FlowError> {
        if self
            .storage
            .free_bytes()
            .is_some_and(|free| free < SPACE_FOR_SALE)
        {
            return Ok(Some(LocalCode::DiskLow.into()));
        }
        let full = query.batch_size(&query.batch()?)? >= self.rules.batch_limit();
        Ok(full.then(|| LocalCode::BatchFull.into()))
    }

    pub(crate) fn not_sent(&self, who: &str, id: &Id, code: &Code) -> Result<(), FlowError> {
        self.write(who, |tx| {
            Ok(tx.set_original_status(id, SaleStatus::NotSent, Some(code))?)
        })
    }

    /// Commits, before the first byte: the attempt, and the intent to reverse it.
    pub(crate) fn intend_original(
        &self,
        tx: &Tx<'_>,
        id: &Id,
        order: &Order<'_>,
    ) -> Result<Intent, FlowError> {
        let query = tx.query();
        let (trace, batch) = (tx.next_trace()?, query.batch()?);
        let kind = wire_kind(order.kind, order.parent.is_some());
        let parent = order
            .parent
            .map(|parent| query.original(parent))
            .transpose()?;
        let related = parent.as_ref().map(related_to);
        let draft = financial(
            &self.rules.identity,
            kind,
            order.amount,
            &trace,
            &batch,
            order.card,
            related.as_ref(),
        );
        tx.set_original_trace(id, &trace, &batch)?;
        self.intend(tx, kind.as_str(), id, None, &draft, (&trace, &batch))
    }

    /// Commits what an exchange proved about an original. Tells whether its reversal is owed now.
    pub(crate) fn settle_original(
        &self,
        who: &str,
        kind: OriginalKind,
        id: &Id,
        intent: &Intent,
        heard: Heard,
    ) -> Result<bool, FlowError> {
        let wire = if kind == OriginalKind::Preauth {
            Kind::Preauth
        } else {
            Kind::Sale
        };
        let scripted = scripted_answer(&heard.told);
        let judged = judge(wire, heard.told);
        let code = judged.code();
        let code = code.as_ref();
        self.write(who, |tx| {
            keep_others(self, tx, &heard.others)?;
            if let Some(reason) = judged.sign_in_reason() {
                tx.set_setting(state::SIGN_IN_NEEDED, reason)?;
            }
            match &judged {
                Judged::NotSent(_) => {
                    self.close(tx, intent, AttemptState::NotSent, code, "not sent")?;
                    tx.set_original_status(id, SaleStatus::NotSent, code)?;
                }
                Judged::Approved(answer) => {
                    self.close_answered(tx, intent, code, answer)?;
                    tx.set_answer_facts(id, &self.facts(tx, answer))?;
                    tx.set_original_status(id, standing(kind), code)?;
                }
                Judged::Declined(_) | Judged::TooLate(_) | Judged::Curable(..) => {
                    self.close(tx, intent, AttemptState::Answered, code, "declined")?;
                    tx.set_original_status(id, SaleStatus::Declined, code)?;
                }
                Judged::Unproven(_, _) | Judged::NeedsHistory(_) => {
                    let reason = match &judged {
                        Judged::Unproven(_, reason) => reason.as_str(),
                        _ => "06",
                    };
                    tx.close_attempt(&intent.attempt, AttemptState::NoAnswer, code, None)?;
                    tx.set_original_status(id, SaleStatus::Unknown, code)?;
                    if self.is_foreign_duplicate(tx, intent, code)? {
                        return Ok(false);
                    }
                    tx.owe_reversal(&intent.reversal, reason, code)?;
                    return Ok(true);
                }
            }
            if let Some(answer) = &scripted {
                self.owe_script_notice(tx, id, &intent.attempt, answer)?;
            }
            Ok(false)
        })
    }

    /// What an approving answer adds to its original.
    pub(crate) fn facts(&self, tx: &Tx<'_>, answer: &Answer) -> AnswerFacts {
        let wall = tx.stamp().at.wall;
        let (host_date, host_time) = (answer.text(13), answer.text(12));
        let told = host_date
            .as_deref()
            .zip(host_time.as_deref())
            .and_then(|(date, clock)| wall.nearest_host_time(date, clock));
        let cutover = self.rules.day_cutover_minute;
        AnswerFacts {
            reference: answer.text(37),
            auth_code: answer.text(38),
            settle_date: answer.text(15),
            card_org: answer.card_organisation(),
            voucher: self.voucher_in(answer),
            // Without the host's time, the one of before stays.
            deadline: told.map(|at| at.next_daily(cutover)),
            host_date,
            host_time,
        }
    }
}

/// What a follow-up says of its original.
pub(crate) fn related_to(original: &Original) -> Related<'_> {
    Related {
        reference: original.facts.reference.as_deref(),
        auth_code: original.facts.auth_code.as_deref(),
        batch: original.batch.as_deref().unwrap_or("000000"),
        trace: original.trace.as_deref().unwrap_or("000000"),
        date: original.facts.host_date.as_deref().unwrap_or("0000"),
    }
}

/// The account data of a card as presented.
pub(crate) fn account_of(card: &CardInput) -> Account {
    let (pan, expiry) = (card.pan.clone(), card.expiry.clone());
    Account {
        pan,
        expiry,
        sequence: card.sequence.clone(),
    }
}

/// A card that is not presented: its number comes from the sealed original (spec §4.1).
pub(crate) fn stored_card(account: Account) -> CardInput {
    let mut card = CardInput::keyed(account.pan, account.expiry);
    card.entry = Entry::Manual;
    card
}
