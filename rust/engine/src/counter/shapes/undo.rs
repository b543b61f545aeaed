//! An undo, its way, and what is owed.

use pos_domain::{Explanation, ObligationKind, Rail, UndoKind, UndoStatus, text_enum};

use super::{Deadline, Sale, Waiting};

/// Why a sale is taken back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UndoReason {
    /// The customer returns the goods.
    CustomerReturns,
    /// A wrong amount was taken.
    WrongAmount,
    /// It was taken twice.
    ChargedTwice,
    /// The customer pays in another way.
    OtherMeans,
    /// Anything else.
    Other,
}

text_enum!(UndoReason {
    CustomerReturns => "customer_returns",
    WrongAmount => "wrong_amount",
    ChargedTwice => "charged_twice",
    OtherMeans => "other_means",
    Other => "other",
});

/// What a void means for shop and customer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Consequences {
    /// Fewest and most days until the money is with the customer; 0 is the same day.
    pub days_from: u32,
    /// See `days_from`.
    pub days_to: u32,
    /// Whether the acquirer may keep its fee.
    pub fee_may_stay: bool,
    /// Whether the card is read.
    pub needs_card: bool,
    /// Whether the PIN is entered.
    pub needs_pin: bool,
    /// This rail makes a void as a refund of the whole.
    pub by_refund: bool,
}

/// Who has to consent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Consent {
    /// Nobody.
    Nobody,
    /// A supervisor.
    Supervisor {
        /// The limit that is exceeded; none: always.
        above: Option<i64>,
    },
}

/// What a void would do and need.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VoidPreview {
    /// The sale.
    pub sale: Sale,
    /// Until when.
    pub deadline: Option<Deadline>,
    /// What it means.
    pub consequences: Consequences,
    /// Who has to consent.
    pub consent: Consent,
    /// Why it cannot be made.
    pub blocked: Option<Explanation>,
    /// Where blocked: whether a refund can be made.
    pub refund_instead: bool,
}

/// What a refund would do and need.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefundPreview {
    /// The sale.
    pub sale: Sale,
    /// The most that can still be given back.
    pub up_to: i64,
    /// What it means.
    pub consequences: Consequences,
    /// Who has to consent.
    pub consent: Consent,
    /// Why it cannot be made.
    pub blocked: Option<Explanation>,
}

/// A line on the way of an undo.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StepKind {
    /// It stands in the ledger.
    Recorded,
    /// Waits for the network.
    WaitNetwork,
    /// Waits for the card.
    WaitCard,
    /// Waits until its sale is known.
    WaitSale,
    /// Waits for what goes first.
    WaitTurn,
    /// A person holds it back.
    Held,
    /// The first message.
    Send,
    /// The repair of a lost answer.
    Reverse,
    /// A later message.
    SendAgain,
    /// The host's yes.
    Confirm,
    /// A person withdrew it.
    Withdrawn,
    /// The host's no.
    Refused,
}

/// How far a step is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StepState {
    /// Done.
    Done,
    /// Under way.
    Now,
    /// Still to come.
    Later,
    /// Tried without success.
    Failed,
}

/// One step of an undo.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// What.
    pub kind: StepKind,
    /// How far.
    pub state: StepState,
    /// When.
    pub at: Option<i64>,
    /// Six digits.
    pub trace: Option<String>,
    /// Counts from 1; 0 where it does not apply.
    pub attempt: u32,
    /// Who did it.
    pub operator: Option<String>,
}

/// An undo with its way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Undo {
    /// Its identifier.
    pub id: String,
    /// Void or refund.
    pub kind: UndoKind,
    /// How far it is.
    pub status: UndoStatus,
    /// Its sale.
    pub sale: Sale,
    /// How much.
    pub amount: i64,
    /// Why it was asked for.
    pub reason: UndoReason,
    /// When it was asked for.
    pub recorded_at: i64,
    /// Until when it can be made.
    pub deadline: Option<Deadline>,
    /// Its way.
    pub steps: Vec<Step>,
    /// Messages of its own, without reversals.
    pub attempts: u32,
    /// Time until the next try; none when none is planned.
    pub next_try: Option<i64>,
    /// While an answer is waited for.
    pub waiting: Option<Waiting>,
    /// Six digits of the newest attempt.
    pub trace: Option<String>,
    /// Why it has its status.
    pub code: Option<String>,
    /// What that means.
    pub explanation: Option<Explanation>,
    /// What a refund instead would mean.
    pub refund: Option<Consequences>,
    /// What a person may do with it.
    pub actions: Vec<OwedAction>,
}

/// What a person may do with an owed item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OwedAction {
    /// Hold it back.
    Hold,
    /// Let it go on.
    Release,
    /// Withdraw it: the sale stands.
    Withdraw,
    /// Try everything owed now.
    RetryNow,
    /// Hand it to the acquirer.
    Escalate,
}

/// Why an item is still owed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// No connection.
    Network,
    /// The host asked to come back later.
    HostBusy,
    /// Sent, and no proven answer.
    NoAnswer,
    /// The card has to be read.
    Card,
    /// Its sale is not known.
    SaleUnknown,
    /// A person holds it.
    Held,
    /// Something goes first.
    Turn,
    /// The terminal has to sign in.
    SignIn,
    /// Beyond the terminal.
    Escalated,
    /// On its way now.
    Running,
}

/// One thing that the terminal owes a host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwedItem {
    /// Its identifier; an undo's obligation has the undo's.
    pub id: String,
    /// What is owed.
    pub kind: ObligationKind,
    /// To which rail's host.
    pub rail: Rail,
    /// The sale it is about.
    pub sale: String,
    /// The undo it belongs to.
    pub undo: Option<String>,
    /// How much money it is about.
    pub amount: i64,
    /// The sale's voucher, six digits.
    pub voucher: Option<String>,
    /// Tries in all.
    pub attempts: u32,
    /// Time until the next one; none when only a person moves it.
    pub next_try: Option<i64>,
    /// Until when, for a void.
    pub deadline: Option<Deadline>,
    /// Why it is still owed.
    pub why: Why,
    /// Whether it blocks sales on its rail.
    pub first: bool,
    /// What a person may do with it.
    pub actions: Vec<OwedAction>,
    /// Whether withdrawing it or handing it over needs a supervisor.
    pub needs_consent: bool,
}
