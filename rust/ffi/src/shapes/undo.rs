//! Undos and what is owed.

use pos_engine::counter::{
    Consent, Consequences, Deadline, OwedAction, OwedItem, ReferencePreview, RefundPreview, Sale,
    Step, StepKind, StepState, Undo, UndoReason, VoidPreview, Waiting, Why,
};
use pos_engine::domain::{Explanation, ObligationKind, Rail, UndoKind, UndoStatus};

#[uniffi::remote(Enum)]
pub enum UndoReason {
    CustomerReturns,
    WrongAmount,
    ChargedTwice,
    OtherMeans,
    Other,
}

#[uniffi::remote(Record)]
pub struct Consequences {
    pub days_from: u32,
    pub days_to: u32,
    pub fee_may_stay: bool,
    pub needs_card: bool,
    pub needs_pin: bool,
    pub by_refund: bool,
}

#[uniffi::remote(Enum)]
pub enum Consent {
    Nobody,
    Supervisor { above: Option<i64> },
}

#[uniffi::remote(Record)]
pub struct VoidPreview {
    pub sale: Sale,
    pub deadline: Option<Deadline>,
    pub consequences: Consequences,
    pub consent: Consent,
    pub blocked: Option<Explanation>,
    pub refund_instead: bool,
}

#[uniffi::remote(Record)]
pub struct RefundPreview {
    pub sale: Sale,
    pub up_to: i64,
    pub consequences: Consequences,
    pub consent: Consent,
    pub blocked: Option<Explanation>,
}

#[uniffi::remote(Record)]
pub struct ReferencePreview {
    pub sale: Option<Sale>,
    pub up_to: Option<i64>,
    pub consequences: Consequences,
    pub consent: Consent,
    pub blocked: Option<Explanation>,
}

#[uniffi::remote(Enum)]
pub enum StepKind {
    Recorded,
    WaitNetwork,
    WaitCard,
    WaitSale,
    WaitTurn,
    Held,
    Send,
    Reverse,
    SendAgain,
    Confirm,
    Withdrawn,
    Refused,
}

#[uniffi::remote(Enum)]
pub enum StepState {
    Done,
    Now,
    Later,
    Failed,
}

#[uniffi::remote(Record)]
pub struct Step {
    pub kind: StepKind,
    pub state: StepState,
    pub at: Option<i64>,
    pub trace: Option<String>,
    pub attempt: u32,
    pub operator: Option<String>,
}

#[uniffi::remote(Record)]
pub struct Undo {
    pub id: String,
    pub kind: UndoKind,
    pub status: UndoStatus,
    pub sale: Sale,
    pub amount: i64,
    pub reason: UndoReason,
    pub recorded_at: i64,
    pub deadline: Option<Deadline>,
    pub steps: Vec<Step>,
    pub attempts: u32,
    pub next_try: Option<i64>,
    pub waiting: Option<Waiting>,
    pub trace: Option<String>,
    pub code: Option<String>,
    pub explanation: Option<Explanation>,
    pub refund: Option<Consequences>,
    pub actions: Vec<OwedAction>,
}

#[uniffi::remote(Enum)]
pub enum OwedAction {
    Hold,
    Release,
    Withdraw,
    RetryNow,
    Escalate,
}

#[uniffi::remote(Enum)]
pub enum Why {
    Network,
    HostBusy,
    NoAnswer,
    Card,
    SaleUnknown,
    Held,
    Turn,
    SignIn,
    Escalated,
    Running,
}

#[uniffi::remote(Record)]
pub struct OwedItem {
    pub id: String,
    pub kind: ObligationKind,
    pub rail: Rail,
    pub sale: String,
    pub undo: Option<String>,
    pub amount: i64,
    pub voucher: Option<String>,
    pub attempts: u32,
    pub next_try: Option<i64>,
    pub deadline: Option<Deadline>,
    pub why: Why,
    pub first: bool,
    pub actions: Vec<OwedAction>,
    pub needs_consent: bool,
}
