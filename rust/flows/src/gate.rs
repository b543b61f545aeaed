//! The gate before each money message (spec unionpay-8583 §3.7): what blocks goes first.

use pos_domain::status::ObligationKind;
use pos_domain::{Code, LocalCode};

use crate::desk::Desk;
use crate::error::FlowError;
use crate::settle::Balance;
use crate::sign_in::Management;

/// Whether a new money message may be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Gate {
    /// It may.
    Open,
    /// It may not, and why.
    Blocked(Code),
}

impl Desk {
    /// Does what must be done first: signs in when needed, then delivers owed script notices and
    /// then reversals, oldest first, one try each. Stops at the first that gets no answer.
    ///
    /// # Errors
    /// Those of the ledger.
    pub async fn gate(&self, who: &str) -> Result<Gate, FlowError> {
        if self.is_restored()? {
            return Ok(Gate::Blocked(LocalCode::Restored.into()));
        }
        if self.sign_in_needed(&self.now())?.is_some()
            && let Management::Failed(code) = self.sign_in(who).await?
        {
            return Ok(Gate::Blocked(code));
        }
        if let Some(interrupted) = self.read(|query| query.interrupted_settlement())? {
            let settled = Box::pin(self.resume_settlement(who, &interrupted.batch)).await?;
            if !matches!(settled.balance, Balance::Balanced | Balance::NotBalanced) {
                return Ok(Gate::Blocked(LocalCode::SettlementInterrupted.into()));
            }
        }
        for owed in self.owed_of(ObligationKind::ScriptNotice)? {
            if self.deliver_notice(who, &owed.id).await?.unanswered {
                return Ok(Gate::Blocked(LocalCode::GateBlocked.into()));
            }
        }
        for owed in self.read(|query| query.gate_reversals())? {
            let tried = self.deliver_reversal(who, &owed.id).await?;
            if tried.unanswered {
                return Ok(Gate::Blocked(LocalCode::GateBlocked.into()));
            }
        }
        let owes_reversal = !self.read(|query| query.gate_reversals())?.is_empty();
        if owes_reversal || !self.owed_of(ObligationKind::ScriptNotice)?.is_empty() {
            return Ok(Gate::Blocked(LocalCode::GateBlocked.into()));
        }
        // What hosts asked for comes before the next money message and never blocks it.
        self.work_jobs(who).await?;
        Ok(Gate::Open)
    }
}
