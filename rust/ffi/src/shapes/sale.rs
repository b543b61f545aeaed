//! Sales and what happened to them.

use pos_engine::counter::{
    Deadline, Payment, Sale, SaleFilter, SalePage, SaleRecord, TimelineEntry, TimelineKind,
    UndoSummary, Waiting, WayBack,
};
use pos_engine::domain::{
    Entry, Explanation, OriginalKind, Rail, SaleStatus, UndoKind, UndoStatus,
};

#[uniffi::remote(Enum)]
pub enum WayBack {
    Void { deadline: Deadline },
    RefundOnly,
    InProgress { undo: String },
    Impossible,
}

#[uniffi::remote(Record)]
pub struct UndoSummary {
    pub id: String,
    pub kind: UndoKind,
    pub status: UndoStatus,
    pub amount: i64,
}

#[uniffi::remote(Record)]
pub struct Sale {
    pub id: String,
    pub kind: OriginalKind,
    pub parent: Option<String>,
    pub rail: Rail,
    pub status: SaleStatus,
    pub entry: Entry,
    pub amount: i64,
    pub net: Option<i64>,
    pub at: i64,
    pub voucher: Option<String>,
    pub batch: Option<String>,
    pub reference: Option<String>,
    pub order_number: Option<String>,
    pub last_four: Option<String>,
    pub settled: bool,
    pub way_back: WayBack,
    pub undo: Option<UndoSummary>,
    pub explanation: Option<Explanation>,
    pub waiting: Option<Waiting>,
    pub payment: Option<Payment>,
}

#[uniffi::remote(Enum)]
pub enum SaleFilter {
    All,
    CanUndo,
    Unknown,
}

#[uniffi::remote(Record)]
pub struct SalePage {
    pub sales: Vec<Sale>,
    pub next: Option<String>,
}

#[uniffi::remote(Record)]
pub struct SaleRecord {
    pub sale: Sale,
    pub undos: Vec<UndoSummary>,
    pub timeline: Vec<TimelineEntry>,
    pub parent: Option<Sale>,
    pub children: Vec<Sale>,
}

#[uniffi::remote(Enum)]
pub enum TimelineKind {
    SaleRecorded,
    SaleSent,
    SaleApproved,
    SaleDeclined,
    SaleNotSent,
    NoAnswer,
    ReversalOwed,
    ReversalSent,
    Reversed,
    UndoRecorded,
    UndoApproval,
    UndoQueued,
    UndoSent,
    UndoConfirmed,
    UndoRefused,
    UndoHeld,
    UndoReleased,
    UndoWithdrawn,
    CardNeeded,
    RefundOffered,
    Escalated,
    Resolved,
    Cleared,
    SlipPrinted,
    Other,
}

#[uniffi::remote(Record)]
pub struct TimelineEntry {
    pub at: i64,
    pub kind: TimelineKind,
    pub operator: Option<String>,
    pub trace: Option<String>,
    pub code: Option<String>,
}
