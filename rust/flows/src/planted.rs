//! What this product exists to never do; only a test can switch it on.

use std::cell::RefCell;

use pos_domain::{Id, LocalCode};

use crate::desk::Desk;
use crate::error::FlowError;
use crate::original::Order;

impl Desk {
    /// Debts that are forgotten because they are old.
    pub(crate) fn forget_if_planted(&self, who: &str) -> Result<(), FlowError> {
        let age = pos_domain::planted!(AgeClosesUnknown);
        let day = pos_domain::planted!(DropEarlierDayReversal);
        let today = self.now().wall.yyyymmdd();
        for owed in self.read(|query| query.open_obligations())? {
            let earlier_day = owed.created.yyyymmdd() != today;
            if age || (day && earlier_day) {
                self.write(who, |tx| Ok(tx.close_obligation(&owed.id, "too old")?))?;
            }
        }
        Ok(())
    }

    /// An order whose intent is committed only once its answer is there.
    pub(crate) async fn send_before_intent(
        &self,
        who: &str,
        id: &Id,
        order: &Order<'_>,
    ) -> Result<(), FlowError> {
        let undone = FlowError::Refused(LocalCode::Internal.into());
        let intent = RefCell::new(None);
        let _: Result<(), FlowError> = self.write(who, |tx| {
            intent.replace(Some(self.intend_original(tx, id, order)?));
            Err(undone)
        });
        let Some(unwritten) = intent.into_inner() else {
            return Ok(());
        };
        let heard = self.transmit(&unwritten.frame, &unwritten.expected).await;
        let intent = self.write(who, |tx| self.intend_original(tx, id, order))?;
        self.settle_original(who, order.kind, id, &intent, heard)?;
        Ok(())
    }
}
