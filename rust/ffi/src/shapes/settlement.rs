//! The end of the day.

use pos_engine::counter::{OwedItem, Settlement, SettlementPhase, SettlementResult, Total};
use pos_engine::domain::Explanation;

#[uniffi::remote(Record)]
pub struct Total {
    pub count: u32,
    pub amount: i64,
}

#[uniffi::remote(Enum)]
pub enum SettlementPhase {
    Open,
    Draining,
    Closing,
    Uploading,
    Cleared,
}

#[uniffi::remote(Enum)]
pub enum SettlementResult {
    Balanced,
    NotBalanced,
    Unknown,
    Blocked,
}

#[uniffi::remote(Record)]
pub struct Settlement {
    pub batch: String,
    pub phase: SettlementPhase,
    pub taken: Total,
    pub returned: Total,
    pub uploaded: u32,
    pub open: Vec<OwedItem>,
    pub cleared: Vec<OwedItem>,
    pub result: Option<SettlementResult>,
    pub explanation: Option<Explanation>,
}
