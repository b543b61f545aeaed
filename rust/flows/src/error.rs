//! Why a flow stopped. Outcomes of money are never errors: they are states in the ledger.

use pos_channels::unionpay::DraftError;
use pos_domain::ports::PortError;
use pos_domain::{Code, LocalCode};
use pos_ledger::LedgerError;

/// Why a flow stopped.
#[derive(Debug, thiserror::Error)]
pub enum FlowError {
    /// The ledger could not do it; nothing was half done.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// A message could not be packed; nothing was sent.
    #[error(transparent)]
    Draft(#[from] DraftError),
    /// A local rule forbids it; nothing was recorded and nothing was sent.
    #[error("refused: {0}")]
    Refused(Code),
}

impl From<PortError> for FlowError {
    fn from(error: PortError) -> Self {
        Self::Ledger(error.into())
    }
}

/// A local rule that forbids it.
pub(crate) fn refuse<T>(code: LocalCode) -> Result<T, FlowError> {
    Err(FlowError::Refused(code.into()))
}
