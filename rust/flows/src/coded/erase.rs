//! A payment code goes when its batch is cleared and nothing is owed (decision 22).

use pos_channels::unionpay::without_code;
use pos_ledger::{LedgerError, Tx};

use crate::error::FlowError;

/// Erases every payment code that nothing can need any more, in all that was stored of it.
pub(crate) fn erase_codes(tx: &Tx<'_>) -> Result<(), FlowError> {
    for sale in tx.query().erasable_codes()? {
        for attempt in tx.query().attempts_of(&sale)? {
            let fields = match tx.query().attempt_fields(&attempt.id) {
                // What cannot be opened any more is erased already.
                Err(LedgerError::Seal) => continue,
                fields => fields?,
            };
            tx.replace_attempt_fields(&attempt.id, &without_code(&fields)?)?;
        }
        tx.erase_payment_code(&sale)?;
    }
    Ok(())
}
