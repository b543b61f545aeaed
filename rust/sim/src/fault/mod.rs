//! Faults: a closed set of misbehaviours, each tied to a kind of request and a moment.

mod action;
mod kind;
mod parse;
mod set;

use pos_domain::{Rail, text_enum};

pub use action::{Action, ActionName, Oddity};
pub use kind::Kind;
pub use parse::{FaultError, parse};
pub(crate) use set::Counterpart;
pub use set::FaultSet;

/// When a fault strikes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Moment {
    /// While the terminal connects; nothing of its request is known yet.
    BeforeConnect,
    /// The request was read; nothing is booked.
    RequestRead,
    /// The request is booked; no byte of the answer has left.
    AfterBooking,
    /// Half of the answer has left.
    MidAnswer,
    /// The whole answer has left.
    AfterAnswer,
}

text_enum!(Moment {
    BeforeConnect => "before_connect",
    RequestRead => "request_read",
    AfterBooking => "after_booking",
    MidAnswer => "mid_answer",
    AfterAnswer => "after_answer",
});

/// One fault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The rail whose host misbehaves; `None` is whichever meets a matching request first.
    pub rail: Option<Rail>,
    /// The kind of request; `None` is any.
    pub on: Option<Kind>,
    /// The moment.
    pub at: Moment,
    /// What happens.
    pub action: Action,
    /// How many matching requests pass unharmed first.
    pub skip: u32,
    /// How many are struck after that.
    pub times: u32,
}
