//! The end of the day.

use pos_domain::Explanation;

use super::OwedItem;

/// A count and a sum.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Total {
    /// How many.
    pub count: u32,
    /// How much, minor units.
    pub amount: i64,
}

/// How far the settlement of a batch is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SettlementPhase {
    /// Not begun.
    Open,
    /// Queued voids are sent first.
    Draining,
    /// The totals are on their way; no void of this batch any more.
    Closing,
    /// Details go up.
    Uploading,
    /// Done.
    Cleared,
}

/// What the host said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SettlementResult {
    /// Its totals are ours.
    Balanced,
    /// They are not; the details went up.
    NotBalanced,
    /// A step got no answer; it is resumed first next time.
    Unknown,
    /// Something open stands in the way; nothing was closed.
    Blocked,
}

/// The settlement of one batch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settlement {
    /// Six digits.
    pub batch: String,
    /// How far it is.
    pub phase: SettlementPhase,
    /// Sales and completions.
    pub taken: Total,
    /// Voids and refunds.
    pub returned: Total,
    /// Upload messages that the host took.
    pub uploaded: u32,
    /// Undos that stand in the way.
    pub open: Vec<OwedItem>,
    /// What two people cleared, of any batch, and no proof closed since.
    pub cleared: Vec<OwedItem>,
    /// What came of it; none until it was tried.
    pub result: Option<SettlementResult>,
    /// Why it stopped.
    pub explanation: Option<Explanation>,
}
