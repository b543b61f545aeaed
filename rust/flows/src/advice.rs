//! Completion advice (预授权完成通知, 0220): a completion that the terminal decides and the host is
//! told of. It is owed from the moment it is recorded, repeated until the host took it, never
//! reversed, and cannot be voided.

use pos_channels::unionpay::{Answer, Kind, financial};
use pos_diagnosis::{Situation, Verdict, verdict_in};
use pos_domain::status::{AttemptState, ObligationKind, ObligationStatus};
use pos_domain::{Code, Id, LocalCode, OriginalKind, Rail, SaleStatus};
use pos_ledger::{LedgerError, NewObligation, NewOriginal, Obligation, Query, Tx};

use crate::desk::Desk;
use crate::error::FlowError;
use crate::gate::Gate;
use crate::notice::{Notice, original_of};
use crate::original::{Order, account_of, related_to, stored_card};

/// Whether an original is a completion by advice.
pub(crate) fn is_advice(query: Query<'_>, original: &Id) -> Result<bool, LedgerError> {
    let owed = query.obligations_of(original)?;
    Ok(owed.iter().any(|o| o.kind == ObligationKind::BatchUpload))
}

impl Desk {
    /// Completes a pre-authorisation by advice and tells the host, now or later. Gives the
    /// completion; it is unknown until the host took it.
    ///
    /// # Errors
    /// [`FlowError::Refused`] when its pre-authorisation does not allow it; nothing was recorded.
    pub async fn complete_by_advice(&self, who: &str, order: &Order<'_>) -> Result<Id, FlowError> {
        let (id, owed) = self.record_advice(who, order)?;
        if let Some(owed) = owed {
            self.tell_advice(who, &owed).await?;
        }
        Ok(id)
    }

    /// Records a completion by advice without telling the host yet. Gives the completion and, for
    /// a new command, what is owed for it.
    ///
    /// # Errors
    /// Those of [`Desk::complete_by_advice`].
    pub fn record_advice(
        &self,
        who: &str,
        order: &Order<'_>,
    ) -> Result<(Id, Option<Id>), FlowError> {
        self.reserve_traces()?;
        self.write(who, |tx| self.insert_advice(tx, order))
    }

    /// Makes one try at telling the host of a recorded completion, after what must go first.
    ///
    /// # Errors
    /// Those of the ledger.
    pub async fn tell_advice(&self, who: &str, owed: &Id) -> Result<(), FlowError> {
        if self.gate(who).await? == Gate::Open {
            self.deliver_notice(who, owed).await?;
        }
        Ok(())
    }

    /// Stores the completion and what is owed for it; nothing is owed again for a known command.
    fn insert_advice(&self, tx: &Tx<'_>, order: &Order<'_>) -> Result<(Id, Option<Id>), FlowError> {
        let query = tx.query();
        if let Some(request) = order.request
            && let Some(made) = query.original_of_request(request)?
        {
            return Ok((made.id, None));
        }
        let refused = || FlowError::Refused(LocalCode::NotFound.into());
        let parent = order.parent.ok_or_else(refused)?;
        self.follow_up_rules(query, parent, order)?;
        if let Some(code) = self.no_new_sale(query)? {
            return Err(FlowError::Refused(code));
        }
        let (id, owed) = (tx.new_id('S')?, tx.new_id('N')?);
        let (trace, batch) = (tx.next_trace()?, query.batch()?);
        tx.insert_original(&NewOriginal {
            id: &id,
            kind: OriginalKind::Completion,
            rail: Rail::UnionPay,
            amount: order.amount,
            entry: order.card.entry,
            account: Some(&account_of(order.card)),
            batch: &batch,
            trace: Some(&trace),
            terminal: &self.rules.identity.terminal,
            merchant: &self.rules.identity.merchant,
            status: SaleStatus::Unknown,
            code: Some(&LocalCode::Waiting.into()),
            parent: Some(parent),
            deadline: None,
            request: order.request,
        })?;
        tx.insert_obligation(&NewObligation {
            id: &owed,
            kind: ObligationKind::BatchUpload,
            original: Some(&id),
            undo: None,
            attempt: None,
            status: ObligationStatus::Owed,
        })?;
        Ok((id, Some(owed)))
    }

    /// Every try is made of what was recorded, the stored card and the first trace, so that all are
    /// the same.
    pub(crate) fn prepare_advice(
        &self,
        tx: &Tx<'_>,
        owed: &Obligation,
    ) -> Result<Notice, FlowError> {
        let (query, original) = (tx.query(), original_of(owed)?);
        let completion = query.original(original)?;
        let account = query.account(original)?.ok_or(LedgerError::Seal)?;
        let missing = || LedgerError::Missing {
            what: "pre-authorisation of",
            id: original.to_string(),
        };
        let preauth = query.original(completion.parent.as_ref().ok_or_else(missing)?)?;
        let (trace, batch) = (
            completion.trace.unwrap_or_default(),
            completion.batch.unwrap_or_default(),
        );
        let draft = financial(
            &self.rules.identity,
            Kind::CompletionAdvice,
            completion.amount,
            &trace,
            &batch,
            &stored_card(account),
            Some(&related_to(&preauth)),
        );
        Ok(Notice {
            draft,
            trace,
            batch,
        })
    }

    /// Whether the host's answer to an advice is a definite no: only while no earlier try may have
    /// been carried out.
    pub(crate) fn advice_is_declined(
        &self,
        tx: &Tx<'_>,
        owed: &Obligation,
        code: &Code,
    ) -> Result<bool, FlowError> {
        if owed.kind != ObligationKind::BatchUpload {
            return Ok(false);
        }
        let text = code.to_string();
        let no = matches!(
            verdict_in(&text, Situation::Completion),
            Verdict::Declined | Verdict::TooLate
        );
        let tries = tx.query().attempts_of(original_of(owed)?)?;
        let unproven = tries.iter().any(|a| a.state == AttemptState::NoAnswer);
        Ok(no && !unproven)
    }

    /// What the host's last word on an advice makes of its completion.
    pub(crate) fn advice_closed(
        &self,
        tx: &Tx<'_>,
        owed: &Obligation,
        answer: &Answer,
        taken: bool,
    ) -> Result<(), FlowError> {
        let original = original_of(owed)?;
        let code = Code::Wire(Rail::UnionPay, answer.code.clone());
        if !taken {
            let declined = SaleStatus::Declined;
            return Ok(tx.set_original_status(original, declined, Some(&code))?);
        }
        for attempt in tx.query().attempts_of(original)? {
            if attempt.state == AttemptState::NoAnswer {
                // The same message: what became of the last try became of all.
                tx.close_attempt(&attempt.id, AttemptState::Answered, Some(&code), None)?;
            }
        }
        tx.set_answer_facts(original, &self.facts(tx, answer))?;
        Ok(tx.set_original_status(original, SaleStatus::Approved, Some(&code))?)
    }
}
