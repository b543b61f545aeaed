//! Recovery: the normal start path. What was under way when the program stopped becomes unknown
//! and owed, never forgotten and never believed done.

use pos_domain::status::AttemptState;
use pos_domain::{SaleStatus, UndoKind, UndoStatus};
use pos_ledger::{Attempt, Tx};

use crate::desk::{Desk, state};
use crate::error::FlowError;
use crate::judge::interrupted;
use crate::refund::refund_unproven;

/// Messages that change nothing by themselves: what is owed is still owed, this was only one try.
const TRIES: [&str; 4] = ["reversal", "script_notice", "signature", "inquiry"];

/// Generations of working keys that are loaded at the start.
const GENERATIONS_LOADED: usize = 16;

impl Desk {
    /// Puts right what a stop between any two writes left, and loads the stored working keys.
    /// Safe to run again at any time while no flow runs.
    ///
    /// # Errors
    /// Those of the ledger.
    pub fn recover(&self) -> Result<u32, FlowError> {
        self.load_keys()?;
        let mut left = self.read(|query| query.interrupted_attempts())?;
        left.retain(|attempt| !attempt.is_web());
        for attempt in &left {
            self.write("system", |tx| recover_attempt(tx, attempt))?;
        }
        let code = interrupted();
        for original in self.read(|query| query.unsent_originals())? {
            if original.is_web() {
                continue;
            }
            self.write("system", |tx| {
                Ok(tx.set_original_status(&original.id, SaleStatus::NotSent, Some(&code))?)
            })?;
        }
        // The card of a refund that was never sent is gone with the program that read it.
        for undo in self.read(|query| query.open_undos())? {
            let waits = undo.kind == UndoKind::Refund && undo.status == UndoStatus::Queued;
            if waits && undo.needs_card && !undo.web {
                self.write("system", |tx| {
                    Ok(tx.set_undo_status(&undo.id, UndoStatus::NeedsCard, Some(&code))?)
                })?;
            }
        }
        let count = u32::try_from(left.len()).unwrap_or(u32::MAX);
        if count > 0 {
            log::warn!("recovery: {count} interrupted");
        }
        Ok(count)
    }

    /// Loads the working keys that a late answer may still need. Without the newest, the next
    /// money message signs in first.
    fn load_keys(&self) -> Result<(), FlowError> {
        let mut newest_loaded = true;
        let generations = self.read(|query| query.key_generations())?;
        let first = generations.len().saturating_sub(GENERATIONS_LOADED);
        for generation in generations.into_iter().skip(first) {
            let stored = self.read(|query| query.working_keys(generation));
            newest_loaded = match stored {
                Ok(Some(keys)) => self.cipher.load_working_keys(generation, &keys).is_ok(),
                Ok(None) | Err(_) => false,
            };
            if !newest_loaded {
                log::error!("recovery: key generation {generation} cannot be loaded");
            }
        }
        if newest_loaded {
            return Ok(());
        }
        self.write("system", |tx| {
            Ok(tx.set_setting(state::SIGN_IN_NEEDED, "keys")?)
        })
    }
}

/// A committed attempt without a committed "not sent" counts as sent and unproven.
fn recover_attempt(tx: &Tx<'_>, attempt: &Attempt) -> Result<(), FlowError> {
    let code = interrupted();
    if let ("refund", Some(undo)) = (attempt.purpose.as_str(), &attempt.undo) {
        return refund_unproven(tx, undo, &attempt.id, Some(&code));
    }
    tx.close_attempt(&attempt.id, AttemptState::NoAnswer, Some(&code), None)?;
    if TRIES.contains(&attempt.purpose.as_str()) {
        return Ok(());
    }
    let reversal = tx.query().reversal_of(&attempt.id)?;
    if let Some(reversal) = &reversal {
        tx.owe_reversal(&reversal.id, "98", Some(&code))?;
    }
    match (&attempt.undo, &attempt.original) {
        // One that no reversal repairs is sent again.
        (Some(undo), _) if reversal.is_none() => {
            tx.set_undo_status(undo, UndoStatus::Queued, Some(&code))?;
        }
        (Some(undo), _) => tx.set_undo_status(undo, UndoStatus::Unknown, Some(&code))?,
        (None, Some(original)) => {
            tx.set_original_status(original, SaleStatus::Unknown, Some(&code))?;
        }
        (None, None) => {}
    }
    Ok(())
}
