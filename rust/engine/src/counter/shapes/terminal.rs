//! The terminal and who works at it.

use pos_domain::{Explanation, Rail};
pub use pos_policy::Role;

use super::Sale;
pub use crate::terminal::CheckState;

/// Until when a void can be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deadline {
    /// For display only.
    pub at: i64,
    /// What remained when this was read, on trusted time when there is one.
    pub left: i64,
    /// Whether a host told the time since boot. If not, nothing expires.
    pub certain: bool,
}

/// A wait for a host.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// How long it has lasted when this was read.
    pub since: i64,
    /// How long it can last.
    pub at_most: i64,
}

/// Whether working keys of today are there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignIn {
    /// None yet, or of an earlier day, or the host asked for new ones.
    SignedOut,
    /// On its way.
    SigningIn,
    /// They are.
    SignedIn,
    /// The last try failed.
    Refused,
}

/// How the acquirer has answered lately.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LinkState {
    /// Nothing was asked yet.
    #[default]
    Unknown,
    /// The last exchange went well.
    Online,
    /// It went well and took long, or its answer did not come.
    Slow,
    /// There was no connection.
    Offline,
}

/// What is owed, in sum.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Owed {
    /// Items.
    pub count: u32,
    /// Of the undos among them.
    pub amount: i64,
    /// The nearest deadline.
    pub nearest: Option<Deadline>,
    /// How many of the items are voids.
    pub voids: u32,
}

/// Who works here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Operator {
    /// Two digits or more.
    pub number: String,
    /// For slips and screens.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// Whether they may still work here.
    pub enabled: bool,
}

/// The terminal in one read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TerminalState {
    /// The shop's name.
    pub merchant_name: String,
    /// Field 42.
    pub merchant_id: String,
    /// Field 41.
    pub terminal_id: String,
    /// Rails that are switched on.
    pub rails: Vec<Rail>,
    /// Whether working keys are there.
    pub sign_in: SignIn,
    /// Why the last sign-in failed.
    pub sign_in_failure: Option<Explanation>,
    /// Six digits; none before the first sign-in.
    pub batch: Option<String>,
    /// How the acquirer has answered lately.
    pub link: LinkState,
    /// What is owed.
    pub owed: Owed,
    /// Who is logged on.
    pub operator: Option<Operator>,
    /// The payment that the counter waits for.
    pub under_way: Option<Sale>,
    /// Whether the host is a simulated one: no real money moves.
    pub training: bool,
    /// Whether the ledger was put back from a copy: nothing is sent until a supervisor lets it
    /// go on.
    pub restored: bool,
}

/// What came of asking the acquirer for an echo.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineTest {
    /// Milliseconds until its answer; none when none came.
    pub took: Option<i64>,
    /// Why none came.
    pub explanation: Option<Explanation>,
}

/// What a profile says, before it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProfileSummary {
    /// The shop's name.
    pub merchant_name: String,
    /// Field 42.
    pub merchant_id: String,
    /// Field 41.
    pub terminal_id: String,
    /// Rails that it switches on.
    pub rails: Vec<Rail>,
    /// Whether its host is a simulated one.
    pub training: bool,
}

/// One line of the self-check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckItem {
    /// What was looked at.
    pub title: String,
    /// What was found.
    pub detail: String,
    /// How that is.
    pub state: CheckState,
}
