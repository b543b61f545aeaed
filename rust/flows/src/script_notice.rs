//! Script result notice (spec unionpay-8583 §3.7, §2.8), and what a chip said last.
//!
//! An answer may carry scripts for the card. What became of them only the card can say: whoever
//! runs the card's kernel tells it by [`Desk::add_chip_result`] before the next transaction. Where
//! nobody does, the notice says what the acquirer's habits say, by default that no script was run.

use pos_channels::unionpay::{
    Draft, Scripted, carries_script, has_certificate, is_chip_data, script_notice,
};
use pos_domain::status::{AttemptState, ObligationKind, ObligationStatus};
use pos_domain::{Entry, Id, LocalCode};
use pos_ledger::{NewObligation, Obligation, Tx};

use crate::desk::Desk;
use crate::error::{FlowError, refuse};
use crate::notice::{Notice, original_of, sent_before};
use crate::reversal::attempt_of;
use crate::transmit::Told;

/// The answer as it may be stored, when it carries a script for the card.
pub(crate) fn scripted_answer(told: &Told) -> Option<Vec<u8>> {
    match told {
        Told::Answer(answer) if carries_script(&answer.fields) => Some(answer.stored.clone()),
        _ => None,
    }
}

impl Desk {
    /// Stores what a chip said after the answer (BER-TLV): the cryptogram that a batch upload needs
    /// (9F26, with 9F27 = 40) and the results of scripts (DF31), as far as there are any. What a
    /// script notice already said stays said.
    ///
    /// # Errors
    /// [`FlowError::Refused`] for an original that no chip made, or data that is no chip data.
    pub fn add_chip_result(&self, who: &str, sale: &Id, data: &[u8]) -> Result<(), FlowError> {
        if !is_chip_data(data) {
            return refuse(LocalCode::CardUnreadable);
        }
        self.write(who, |tx| {
            let original = tx.query().original(sale)?;
            if !matches!(original.entry, Entry::Chip | Entry::Contactless) {
                return refuse(LocalCode::NotInThisState);
            }
            let certified = has_certificate(data) && self.was_sent_with_chip_data(tx, sale)?;
            Ok(tx.set_chip_result(sale, data, certified)?)
        })
    }

    /// Whether the request carried chip data, which a batch upload repeats.
    fn was_sent_with_chip_data(&self, tx: &Tx<'_>, sale: &Id) -> Result<bool, FlowError> {
        let query = tx.query();
        let Some(first) = query.attempts_of(sale)?.into_iter().next() else {
            return Ok(false);
        };
        let request = Draft::fields_of(&query.attempt_fields(&first.id)?)?;
        Ok(request.contains(55))
    }

    /// Commits, with the answer, that the issuer has to be told about its scripts.
    pub(crate) fn owe_script_notice(
        &self,
        tx: &Tx<'_>,
        original: &Id,
        attempt: &Id,
        answer: &[u8],
    ) -> Result<(), FlowError> {
        if tx.query().attempt_answer(attempt)?.is_none() {
            // A refusal's answer is kept for what the notice repeats of it.
            tx.close_attempt(attempt, AttemptState::Answered, None, Some(answer))?;
        }
        let id = tx.new_id('N')?;
        Ok(tx.insert_obligation(&NewObligation {
            id: &id,
            kind: ObligationKind::ScriptNotice,
            original: Some(original),
            undo: None,
            attempt: Some(attempt),
            status: ObligationStatus::Owed,
        })?)
    }

    pub(crate) fn prepare_script_notice(
        &self,
        tx: &Tx<'_>,
        owed: &Obligation,
    ) -> Result<Notice, FlowError> {
        let original = original_of(owed)?;
        if let Some(again) = sent_before(tx, original, "script_notice")? {
            return Ok(again);
        }
        let query = tx.query();
        let about = query.attempt(attempt_of(owed)?)?;
        let request = Draft::fields_of(&query.attempt_fields(&about.id)?)?;
        let answer = query.attempt_answer(&about.id)?;
        let answer = answer.map(|stored| Draft::fields_of(&stored)).transpose()?;
        let chip = query.chip_result(original)?;
        let (trace, batch) = (tx.next_trace()?, query.batch()?);
        let about = Scripted {
            request: &request,
            answer: answer.as_ref(),
            batch: &about.batch,
            chip: chip.as_ref().map(|chip| chip.as_slice()),
        };
        let draft = script_notice(&self.rules.identity, &trace, &batch, &about);
        Ok(Notice {
            draft,
            trace,
            batch,
        })
    }
}
