//! Safety copies, the check of the ledger, and whether to update now.

use pos_engine::copies::CopyFacts;
use pos_engine::counter::{Copies, LedgerCheck};
use pos_engine::domain::Explanation;
use pos_engine::terminal::{UpdateAnswer, UpdateReason};

#[uniffi::remote(Record)]
pub struct Copies {
    pub on: bool,
    pub last: Option<i64>,
    pub due: bool,
    pub failed: Option<Explanation>,
    pub failed_at: Option<i64>,
}

#[uniffi::remote(Record)]
pub struct CopyFacts {
    pub merchant: String,
    pub name: String,
    pub terminal: String,
    pub program: String,
    pub made: i64,
    pub owed: u32,
    pub epoch: u64,
    pub trace_end: u64,
}

#[uniffi::remote(Record)]
pub struct LedgerCheck {
    pub ok: bool,
    pub entries: u64,
    pub problems: Vec<String>,
}

#[uniffi::remote(Enum)]
pub enum UpdateReason {
    PaymentUnderWay,
    Settling,
    UndosOwed,
    Owed,
    Restored,
    Unsettled,
    Unreadable,
}

#[uniffi::remote(Record)]
pub struct UpdateAnswer {
    pub reason: Option<UpdateReason>,
    pub until: Option<i64>,
}
