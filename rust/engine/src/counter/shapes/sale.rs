//! A sale and what happened to it.

use pos_domain::{Entry, Explanation, OriginalKind, Rail, SaleStatus, UndoKind, UndoStatus};

use super::{Deadline, Payment, Waiting};

/// What can still be done with a sale that was paid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WayBack {
    /// The whole of it, until then.
    Void {
        /// Until when.
        deadline: Deadline,
    },
    /// The void's time is over.
    RefundOnly,
    /// An undo is under way.
    InProgress {
        /// Which.
        undo: String,
    },
    /// There is nothing to take back.
    Impossible,
}

/// An undo in short.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UndoSummary {
    /// Its identifier.
    pub id: String,
    /// Void or refund.
    pub kind: UndoKind,
    /// How far it is.
    pub status: UndoStatus,
    /// How much.
    pub amount: i64,
}

/// A sale as the counter sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sale {
    /// Its identifier.
    pub id: String,
    /// Sale, pre-authorisation, completion, or one that only a refund by reference knows of.
    pub kind: OriginalKind,
    /// The pre-authorisation that it completes or adds to.
    pub parent: Option<String>,
    /// How it was paid.
    pub rail: Rail,
    /// Its status with its undos taken in.
    pub status: SaleStatus,
    /// How the card's data came in.
    pub entry: Entry,
    /// How much.
    pub amount: i64,
    /// What the shop has of it; none while that is not known.
    pub net: Option<i64>,
    /// When it was made.
    pub at: i64,
    /// Six digits.
    pub voucher: Option<String>,
    /// Six digits.
    pub batch: Option<String>,
    /// Field 37.
    pub reference: Option<String>,
    /// A wallet's order number.
    pub order_number: Option<String>,
    /// Last four digits of the account.
    pub last_four: Option<String>,
    /// Whether its batch is settled.
    pub settled: bool,
    /// What can still be done with it.
    pub way_back: WayBack,
    /// Its newest undo.
    pub undo: Option<UndoSummary>,
    /// Why it is not simply approved.
    pub explanation: Option<Explanation>,
    /// While its answer is waited for.
    pub waiting: Option<Waiting>,
    /// While a payment by code is under way.
    pub payment: Option<Payment>,
}

/// Which sales to show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SaleFilter {
    /// All.
    All,
    /// Those that can be taken back, or are being.
    CanUndo,
    /// Those that are not proven either way.
    Unknown,
}

/// A page of sales, newest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SalePage {
    /// The sales.
    pub sales: Vec<Sale>,
    /// Where the next page begins; none at the end.
    pub next: Option<String>,
}

/// A sale with all that happened to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SaleRecord {
    /// The sale.
    pub sale: Sale,
    /// Its undos, oldest first.
    pub undos: Vec<UndoSummary>,
    /// What happened, oldest first.
    pub timeline: Vec<TimelineEntry>,
    /// The pre-authorisation that the sale completes or adds to.
    pub parent: Option<Sale>,
    /// Of a pre-authorisation: what was added to it and its completions, oldest first.
    pub children: Vec<Sale>,
}

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimelineKind {
    /// The sale was recorded.
    SaleRecorded,
    /// A message of the sale went out.
    SaleSent,
    /// The host said yes.
    SaleApproved,
    /// The host said no.
    SaleDeclined,
    /// No byte of it left the terminal.
    SaleNotSent,
    /// No proven answer came.
    NoAnswer,
    /// A reversal became owed.
    ReversalOwed,
    /// A reversal went out.
    ReversalSent,
    /// A reversal was acknowledged.
    Reversed,
    /// An undo was recorded.
    UndoRecorded,
    /// Somebody consented to it.
    UndoApproval,
    /// An undo waits for its turn.
    UndoQueued,
    /// A message of an undo went out.
    UndoSent,
    /// The undo took effect.
    UndoConfirmed,
    /// The host refused the undo.
    UndoRefused,
    /// A person held it back.
    UndoHeld,
    /// A person let it go on.
    UndoReleased,
    /// A person withdrew it.
    UndoWithdrawn,
    /// The card has to be read again.
    CardNeeded,
    /// Too late for a void.
    RefundOffered,
    /// Handed to the acquirer.
    Escalated,
    /// Closed by the acquirer's written statement.
    Resolved,
    /// Given up by two people: out of the list, nothing proven.
    Cleared,
    /// A slip came out.
    SlipPrinted,
    /// Anything else.
    Other,
}

/// One thing that happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimelineEntry {
    /// When.
    pub at: i64,
    /// What.
    pub kind: TimelineKind,
    /// Who did it.
    pub operator: Option<String>,
    /// Six digits.
    pub trace: Option<String>,
    /// Wire code, `local.NAME` or `net.NAME`.
    pub code: Option<String>,
}
