//! What must be at the host before the totals (spec unionpay-8583 §8.2): completion advices and
//! signatures.

use pos_domain::status::{ObligationKind, ObligationStatus};
use pos_domain::{Code, Id, LocalCode};

use crate::desk::Desk;
use crate::error::FlowError;

impl Desk {
    /// Uploads what is owed, up to a round of tries each. What the host keeps refusing is escalated
    /// and does not stop the settlement. Gives why it has to wait, when it has.
    pub(super) async fn uploads_first(&self, who: &str) -> Result<Option<Code>, FlowError> {
        for kind in [ObligationKind::BatchUpload, ObligationKind::Signature] {
            for owed in self.owed_of(kind)? {
                if !self.upload_now(who, &owed.id).await? {
                    return Ok(Some(LocalCode::GateBlocked.into()));
                }
            }
        }
        Ok(None)
    }

    /// Whether it is closed or escalated now.
    async fn upload_now(&self, who: &str, id: &Id) -> Result<bool, FlowError> {
        for _ in 0..self.rules.resend_limit {
            let unanswered = self.deliver_notice(who, id).await?.unanswered;
            let status = self.read(|query| query.obligation(id))?.status;
            if unanswered || status != ObligationStatus::Owed {
                return Ok(!unanswered);
            }
        }
        Ok(false)
    }
}
