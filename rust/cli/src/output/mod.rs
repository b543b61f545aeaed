//! Results of commands as objects. Every key is always there, null where nothing applies.

mod after_payment;
mod copies;
mod human;
mod papers;

pub use after_payment::{BalanceOut, ChipResultOut, SignatureOut, Stored};
pub use copies::{CopiedOut, CopiesOut, CopyFactsOut, SwitchedOut};
pub use papers::{
    CauseOut, CheckOut, CheckState, ChecksOut, CodeOut, EvidenceFile, EvidenceOut, Hashed,
    NumberedEvent, ProofOut, ReportOut, RescueOut,
};

use pos_engine::domain::{
    Explanation, Lang, ObligationKind, Rail, SaleStatus, UndoKind, UndoStatus, WallTime,
};
use serde::{Serialize, Serializer};

/// A result in plain words.
pub trait Human {
    /// The words, in one or more lines.
    fn human(&self, lang: Lang) -> String;
}

/// A sale or one of the pre-authorisation family.
#[derive(Clone, Debug, Serialize)]
pub struct SaleOut {
    /// Its identifier; none when it was refused before it got one.
    pub sale: Option<String>,
    /// How it was paid.
    pub rail: Rail,
    /// What became of it; one on its way is told as `unknown`.
    #[serde(serialize_with = "told_status")]
    pub status: SaleStatus,
    /// Minor units.
    pub amount: i64,
    /// Trace number, six digits; also the voucher number.
    pub trace: Option<String>,
    /// Batch number, six digits.
    pub batch: Option<String>,
    /// Reference number of the host.
    pub reference: Option<String>,
    /// Order number of a wallet.
    pub order_no: Option<String>,
    /// Wire code, `local.NAME` or `net.NAME`.
    pub code: Option<String>,
    /// What the code means and what to do.
    pub explanation: Option<Explanation>,
}

/// A sale by a code that was shown.
#[derive(Clone, Debug, Serialize)]
pub struct ShownOut {
    /// The sale.
    #[serde(flatten)]
    pub sale: SaleOut,
    /// The text of the code; none when the wallet gave none.
    pub qr: Option<String>,
}

fn told_status<S: Serializer>(status: &SaleStatus, serializer: S) -> Result<S::Ok, S::Error> {
    told(*status).serialize(serializer)
}

/// The status that is told: what is on its way is not known.
const fn told(status: SaleStatus) -> SaleStatus {
    match status {
        SaleStatus::Sending => SaleStatus::Unknown,
        other => other,
    }
}

/// A void.
#[derive(Clone, Debug, Serialize)]
pub struct VoidOut {
    /// Its identifier; none when it was refused before it got one.
    pub void: Option<String>,
    /// What undo and sale have in common.
    #[serde(flatten)]
    pub undo: UndoFields,
}

/// A refund.
#[derive(Clone, Debug, Serialize)]
pub struct RefundOut {
    /// Its identifier; none when it was refused before it got one.
    pub refund: Option<String>,
    /// The rest.
    #[serde(flatten)]
    pub undo: UndoFields,
}

/// The keys that void and refund share.
#[derive(Clone, Debug, Serialize)]
pub struct UndoFields {
    /// The sale it takes back; none when there is no such sale.
    pub sale: Option<String>,
    /// The sale's rail.
    pub rail: Option<Rail>,
    /// What became of it.
    pub status: UndoStatus,
    /// Until when it can be done.
    pub deadline: Option<WallTime>,
    /// Whether the deadline is measured by a time that a host told since boot.
    pub deadline_certain: Option<bool>,
    /// Wire code, `local.NAME` or `net.NAME`.
    pub code: Option<String>,
    /// What the code means and what to do.
    pub explanation: Option<Explanation>,
}

/// What is owed: `sync` and `queue`.
#[derive(Clone, Debug, Serialize)]
pub struct QueueOut {
    /// How many were delivered by this command.
    pub delivered: usize,
    /// How many are still owed.
    pub left: usize,
    /// Those.
    pub items: Vec<ItemOut>,
}

/// What came of `queue hold`, `release`, `withdraw` or `escalate`.
#[derive(Clone, Debug, Serialize)]
pub struct QueueActionOut {
    /// The queue, with the item alone in its list.
    #[serde(flatten)]
    pub queue: QueueOut,
    /// Why it was refused.
    pub code: Option<String>,
    /// What that means and what to do.
    pub explanation: Option<Explanation>,
}

/// One thing that is owed.
#[derive(Clone, Debug, Serialize)]
pub struct ItemOut {
    /// Its identifier; a void's is the void's.
    pub id: String,
    /// What is owed.
    pub kind: ObligationKind,
    /// The sale it is about.
    pub sale: Option<String>,
    /// How far it is.
    pub status: String,
    /// Tries so far.
    pub attempts: u32,
    /// When it is tried next.
    pub next_try: Option<WallTime>,
    /// Until when it can be done.
    pub deadline: Option<WallTime>,
    /// Why it is still owed: a code.
    pub why: Option<String>,
}

/// The journal.
#[derive(Clone, Debug, Serialize)]
pub struct JournalOut {
    /// Oldest first.
    pub sales: Vec<JournalSaleOut>,
}

/// A sale in the journal.
#[derive(Clone, Debug, Serialize)]
pub struct JournalSaleOut {
    /// The sale.
    #[serde(flatten)]
    pub sale: SaleOut,
    /// Amount minus proven undos.
    pub net: NetOut,
    /// Its newest undo.
    pub undo: Option<UndoOut>,
}

/// Minor units, or `"unknown"`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NetOut {
    /// Minor units.
    Known(i64),
    /// Something was sent and is not proven.
    Unknown,
}

impl Serialize for NetOut {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Known(minor) => serializer.serialize_i64(*minor),
            Self::Unknown => serializer.serialize_str("unknown"),
        }
    }
}

/// An undo in the journal.
#[derive(Clone, Debug, Serialize)]
pub struct UndoOut {
    /// Its identifier.
    pub id: String,
    /// Void or refund.
    pub kind: UndoKind,
    /// How far it is.
    pub status: UndoStatus,
    /// Minor units.
    pub amount: i64,
}

/// `sign-in` and `echo`.
#[derive(Clone, Debug, Serialize)]
pub struct SignInOut {
    /// `approved`, `declined`, `not_sent` or `unknown`.
    pub status: SaleStatus,
    /// The batch that is open now.
    pub batch: Option<String>,
    /// Wire code, `local.NAME` or `net.NAME`.
    pub code: Option<String>,
    /// What the code means and what to do.
    pub explanation: Option<Explanation>,
}

/// `show`.
#[derive(Clone, Debug, Serialize)]
pub struct ShowOut {
    /// The sale as in the journal.
    pub sale: JournalSaleOut,
    /// Every message about it, oldest first.
    pub attempts: Vec<AttemptOut>,
    /// What happened to it, oldest first.
    pub events: Vec<EventOut>,
}

/// One message.
#[derive(Clone, Debug, Serialize)]
pub struct AttemptOut {
    /// Its identifier.
    pub id: String,
    /// What it is for: `sale`, `void`, `reversal`, …
    pub purpose: String,
    /// Message type, four digits; none for a request to a wallet, as the next two.
    pub mti: Option<String>,
    /// Trace number, six digits.
    pub trace: Option<String>,
    /// Batch number, six digits.
    pub batch: Option<String>,
    /// How far it is known to have come.
    pub state: String,
    /// What it ended with.
    pub code: Option<String>,
    /// When it was made.
    pub at: WallTime,
}

/// One change of state.
#[derive(Clone, Debug, Serialize)]
pub struct EventOut {
    /// When.
    pub at: WallTime,
    /// Who did it.
    pub operator: String,
    /// What was done.
    pub action: String,
    /// What it was about.
    pub subject: String,
    /// The state before.
    pub before: Option<String>,
    /// The state after.
    pub after: Option<String>,
}

/// `verify`.
#[derive(Clone, Debug, Serialize)]
pub struct VerifyOut {
    /// Whether nothing is wrong.
    pub ok: bool,
    /// Entries in the audit chain.
    pub entries: u64,
    /// What is wrong.
    pub problems: Vec<ProblemOut>,
}

/// One thing that is wrong with the ledger.
#[derive(Clone, Debug, Serialize)]
pub struct ProblemOut {
    /// Which rule.
    pub rule: String,
    /// Where.
    pub subject: String,
}

/// `settle`.
#[derive(Clone, Debug, Serialize)]
pub struct SettleOut {
    /// `balanced`, `not_balanced`, `unknown` or `blocked`.
    pub status: &'static str,
    /// The batch, six digits.
    pub batch: String,
    /// Money taken; none when nothing was compared.
    pub debit: Option<TurnoverOut>,
    /// Money given back; none when nothing was compared.
    pub credit: Option<TurnoverOut>,
    /// Upload messages that the host took.
    pub uploaded: u32,
    /// How many items are open.
    pub left: usize,
    /// Those.
    pub items: Vec<ItemOut>,
    /// What two people cleared, of any batch, and no proof closed since.
    pub cleared: Vec<ItemOut>,
    /// Why it stopped.
    pub code: Option<String>,
    /// What that means and what to do.
    pub explanation: Option<Explanation>,
}

/// One direction of a batch, or of a day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct TurnoverOut {
    /// How many.
    pub count: u32,
    /// Minor units.
    pub amount: i64,
}

/// `resolve` that was refused.
#[derive(Clone, Debug, Serialize)]
pub struct ResolvedOut {
    /// What it was about.
    pub id: String,
    /// `refused`.
    pub status: &'static str,
    /// Why.
    pub code: String,
    /// What that means and what to do.
    pub explanation: Explanation,
}

/// `clear`.
#[derive(Clone, Debug, Serialize)]
pub struct ClearedOut {
    /// The item.
    pub id: String,
    /// What is owed.
    pub kind: ObligationKind,
    /// The sale that it is about.
    pub sale: Option<String>,
    /// `cleared` or `refused`.
    pub status: &'static str,
    /// Why nothing was changed.
    pub code: Option<String>,
    /// What that means and what to do.
    pub explanation: Option<Explanation>,
}

/// `operator`.
#[derive(Clone, Debug, Serialize)]
pub struct OperatorsOut {
    /// Everybody who works or worked here.
    pub operators: Vec<OperatorOut>,
    /// Why nothing was changed.
    pub code: Option<String>,
    /// What that means and what to do.
    pub explanation: Option<Explanation>,
}

/// One operator.
#[derive(Clone, Debug, Serialize)]
pub struct OperatorOut {
    /// Their number.
    pub no: String,
    /// Their name on slips.
    pub name: String,
    /// `cashier` or `supervisor`.
    pub role: &'static str,
    /// Whether a PIN is asked for.
    pub has_pin: bool,
    /// Whether they may work.
    pub enabled: bool,
}

/// `init`.
#[derive(Clone, Debug, Serialize)]
pub struct InitOut {
    /// The terminal's folder.
    pub home: String,
    /// Terminal number.
    pub terminal: String,
    /// Merchant number.
    pub merchant: String,
    /// The rails that are on.
    pub rails: Vec<Rail>,
}
