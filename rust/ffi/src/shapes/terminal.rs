//! The terminal, its state, and why there is no answer.

use pos_engine::Edition;
use pos_engine::counter::{
    Change, CheckItem, CheckState, CoreState, Deadline, Event, Failure, LineTest, LinkState,
    Network, Operator, Owed, ProfileSummary, Role, Sale, SignIn, TerminalState, Waiting,
};
use pos_engine::domain::{Explanation, Rail, SaleStatus, UndoKind, UndoStatus};

#[uniffi::remote(Enum)]
pub enum Edition {
    Live,
    Training,
}

#[uniffi::remote(Record)]
pub struct Deadline {
    pub at: i64,
    pub left: i64,
    pub certain: bool,
}

#[uniffi::remote(Record)]
pub struct Waiting {
    pub since: i64,
    pub at_most: i64,
}

#[uniffi::remote(Enum)]
pub enum SignIn {
    SignedOut,
    SigningIn,
    SignedIn,
    Refused,
}

#[uniffi::remote(Enum)]
pub enum LinkState {
    Unknown,
    Online,
    Slow,
    Offline,
}

#[uniffi::remote(Record)]
pub struct Owed {
    pub count: u32,
    pub amount: i64,
    pub nearest: Option<Deadline>,
    pub voids: u32,
}

#[uniffi::remote(Record)]
pub struct Operator {
    pub number: String,
    pub name: String,
    pub role: Role,
    pub enabled: bool,
}

#[uniffi::remote(Record)]
pub struct TerminalState {
    pub merchant_name: String,
    pub merchant_id: String,
    pub terminal_id: String,
    pub rails: Vec<Rail>,
    pub sign_in: SignIn,
    pub sign_in_failure: Option<Explanation>,
    pub batch: Option<String>,
    pub link: LinkState,
    pub owed: Owed,
    pub operator: Option<Operator>,
    pub under_way: Option<Sale>,
    pub training: bool,
    pub restored: bool,
}

#[uniffi::remote(Record)]
pub struct LineTest {
    pub took: Option<i64>,
    pub explanation: Option<Explanation>,
}

#[uniffi::remote(Record)]
pub struct ProfileSummary {
    pub merchant_name: String,
    pub merchant_id: String,
    pub terminal_id: String,
    pub rails: Vec<Rail>,
    pub training: bool,
}

#[uniffi::remote(Enum)]
pub enum CheckState {
    Ok,
    Warning,
    Bad,
}

#[uniffi::remote(Record)]
pub struct CheckItem {
    pub title: String,
    pub detail: String,
    pub state: CheckState,
}

#[uniffi::remote(Enum)]
pub enum CoreState {
    NeedsSetUp,
    Ready { terminal: Box<TerminalState> },
    Broken { failure: Failure, owed: bool },
}

#[uniffi::remote(Enum)]
pub enum Network {
    Absent,
    Connected,
}

#[uniffi::remote(Enum)]
pub enum Change {
    SaleChanged {
        sale: String,
        status: SaleStatus,
    },
    UndoChanged {
        undo: String,
        sale: String,
        kind: UndoKind,
        status: UndoStatus,
        amount: i64,
    },
    QueueChanged,
    TerminalChanged,
    SettlementChanged {
        batch: String,
    },
    RestartNeeded,
}

#[uniffi::remote(Record)]
pub struct Event {
    pub sequence: i64,
    pub at: i64,
    pub change: Change,
}

#[uniffi::remote(Error)]
pub enum Failure {
    ProfileInvalid {
        line: u32,
        key: String,
        detail: String,
        missing: Option<String>,
    },
    WrongPin {
        operator: String,
        attempts_left: Option<u32>,
    },
    Refused {
        explanation: Box<Explanation>,
    },
    InputInvalid {
        what: String,
        detail: String,
    },
    NotFound {
        id: String,
    },
    DiskFull,
    ReadOnly,
    LedgerCorrupt {
        detail: String,
    },
    LedgerNewer,
    EditionRefused {
        key: String,
        detail: String,
    },
    HomeInUse,
    KeysLost {
        detail: String,
    },
    Internal {
        detail: String,
    },
}
