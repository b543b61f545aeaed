//! Completing a pre-authorisation by advice (预授权完成通知): the host is told, not asked.

use pos_domain::{Id, Lang};

use super::{EngineError, SaleReport, TakeRequest, Terminal};

impl Terminal {
    /// Completes a pre-authorisation by advice and waits for one try at telling the host. The
    /// notice is owed until the host took it; the completion is unknown until then.
    ///
    /// # Errors
    /// [`EngineError::Refused`] when the pre-authorisation does not allow it; nothing was recorded.
    pub fn complete_by_advice(
        &self,
        who: &str,
        asked: &TakeRequest,
        lang: Lang,
    ) -> Result<SaleReport, EngineError> {
        let id = self.run(self.desk()?.complete_by_advice(who, &asked.order()))?;
        self.line.nudge();
        self.sale_report(&id, lang)
    }

    /// Records a completion by advice and tells the host as a job: gives the identifier once it is
    /// owed.
    ///
    /// # Errors
    /// Those of [`Terminal::complete_by_advice`].
    pub fn start_complete_by_advice(
        &self,
        who: &str,
        asked: &TakeRequest,
    ) -> Result<Id, EngineError> {
        let desk = self.desk()?.clone();
        let (id, owed) = desk.record_advice(who, &asked.order())?;
        if let Some(owed) = owed {
            let who = who.to_owned();
            self.start(async move { desk.tell_advice(&who, &owed).await });
        }
        Ok(id)
    }
}
