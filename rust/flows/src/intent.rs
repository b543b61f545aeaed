//! Intent before wire: what is committed before the first byte of a message, and how it is closed.

use pos_channels::unionpay::{Answer, Draft, DraftError, Expected};
use pos_domain::status::{AttemptState, ObligationKind, ObligationStatus};
use pos_domain::{Code, Id};
use pos_ledger::{NewAttempt, NewObligation, Tx};

use crate::desk::{Desk, state};
use crate::error::FlowError;
use crate::sign_in::note_host;

/// What is committed before the first byte of a money message.
pub(crate) struct Intent {
    pub attempt: Id,
    pub reversal: Id,
    pub frame: zeroize::Zeroizing<Vec<u8>>,
    pub expected: Expected,
}

/// A committed attempt on its way out.
pub(crate) struct Sending {
    pub attempt: Id,
    pub frame: zeroize::Zeroizing<Vec<u8>>,
    pub expected: Expected,
}

impl Desk {
    /// Commits an attempt and the intent to reverse it.
    pub(crate) fn intend(
        &self,
        tx: &Tx<'_>,
        purpose: &str,
        original: &Id,
        undo: Option<&Id>,
        draft: &Draft,
        place: (&str, &str),
    ) -> Result<Intent, FlowError> {
        let sending = self.commit_attempt(tx, purpose, Some(original), undo, draft, place)?;
        let reversal = tx.new_id('R')?;
        tx.insert_obligation(&NewObligation {
            id: &reversal,
            kind: ObligationKind::Reversal,
            original: Some(original),
            undo,
            attempt: Some(&sending.attempt),
            status: ObligationStatus::Armed,
        })?;
        let Sending {
            attempt,
            frame,
            expected,
        } = sending;
        Ok(Intent {
            attempt,
            reversal,
            frame,
            expected,
        })
    }

    /// Commits an attempt that no reversal repairs: a notice, a settlement, an upload.
    pub(crate) fn commit_attempt(
        &self,
        tx: &Tx<'_>,
        purpose: &str,
        original: Option<&Id>,
        undo: Option<&Id>,
        draft: &Draft,
        (trace, batch): (&str, &str),
    ) -> Result<Sending, FlowError> {
        let generation = if draft.mac {
            self.key_generation_in(tx)?
        } else {
            0
        };
        let frame = draft.finish(self.cipher.as_ref(), generation)?;
        let attempt = tx.new_id('A')?;
        let host_day = tx.query().setting(state::HOST_DAY)?;
        let mac_length = if draft.mac { 8 } else { 0 };
        tx.insert_attempt(&NewAttempt {
            id: &attempt,
            original,
            undo,
            purpose,
            mti: &draft.message.mti.to_string(),
            batch,
            trace,
            key_generation: generation,
            host_day: host_day.as_deref(),
            fields: &draft.stored()?,
            frame: frame
                .get(..frame.len().saturating_sub(mac_length))
                .unwrap_or_default(),
        })?;
        // Only what is authenticated closes anything (decision 0): a forged "no" to a sale costs a
        // sale, a forged answer to a reversal would cost the money.
        let unmaced = match purpose {
            "reversal" => self.rules.authenticated_link,
            _ => self.rules.unmaced_decline,
        };
        let shared = self.rules.identity.habits.processing_code_digits;
        let expected = Expected::of(draft, generation, unmaced).sharing(shared);
        Ok(Sending {
            attempt,
            frame,
            expected,
        })
    }

    pub(crate) fn key_generation_in(&self, tx: &Tx<'_>) -> Result<u32, FlowError> {
        tx.query()
            .counter("key_generation")?
            .and_then(|generation| u32::try_from(generation).ok())
            .ok_or_else(|| DraftError::from(pos_domain::ports::CipherError::NoKey).into())
    }

    /// Closes an attempt whose outcome is proven, and with it the intent to reverse it.
    pub(crate) fn close(
        &self,
        tx: &Tx<'_>,
        intent: &Intent,
        state: AttemptState,
        code: Option<&Code>,
        proof: &str,
    ) -> Result<(), FlowError> {
        tx.close_attempt(&intent.attempt, state, code, None)?;
        Ok(tx.close_obligation(&intent.reversal, proof)?)
    }

    /// Closes an approved attempt with its answer, in the same transaction as its reversal.
    pub(crate) fn close_answered(
        &self,
        tx: &Tx<'_>,
        intent: &Intent,
        code: Option<&Code>,
        answer: &Answer,
    ) -> Result<(), FlowError> {
        tx.close_attempt(
            &intent.attempt,
            AttemptState::Answered,
            code,
            Some(&answer.stored),
        )?;
        note_host(tx, answer)?;
        Ok(tx.close_obligation(&intent.reversal, &format!("answered {}", answer.code))?)
    }
}
