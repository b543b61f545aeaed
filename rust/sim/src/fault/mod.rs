//! Faults: a closed set of misbehaviours, each tied to a kind of request and a moment.

mod kind;
mod parse;

use pos_domain::text_enum;

pub use kind::Kind;
pub use parse::{FaultError, parse};

use crate::unionpay::AnswerCode;

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

/// The name of an action, as a fault gives it in `do`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ActionName {
    /// See [`Action::Drop`].
    Drop,
    /// See [`Action::Delay`].
    Delay,
    /// See [`Action::Duplicate`].
    Duplicate,
    /// See [`Action::Cut`].
    Cut,
    /// See [`Action::Corrupt`].
    Corrupt,
    /// See [`Action::WrongMac`].
    WrongMac,
    /// See [`Action::ForeignAnswer`].
    ForeignAnswer,
    /// See [`Action::Code`].
    Code,
    /// See [`Action::Late`].
    Late,
    /// See [`Action::Cutover`].
    Cutover,
}

text_enum!(ActionName {
    Drop => "drop",
    Delay => "delay",
    Duplicate => "duplicate",
    Cut => "cut",
    Corrupt => "corrupt",
    WrongMac => "wrong_mac",
    ForeignAnswer => "foreign_answer",
    Code => "code",
    Late => "late",
    Cutover => "cutover",
});

/// What goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Say nothing (more) and leave the connection open. While connecting: refuse.
    Drop,
    /// Pause.
    Delay {
        /// How long, in milliseconds.
        ms: u64,
    },
    /// The request arrives twice, or the answer leaves twice.
    Duplicate,
    /// Close the connection. While connecting: refuse.
    Cut,
    /// Change a byte in the middle of what is on its way.
    Corrupt,
    /// Change the last byte: the MAC; in the answer to a sign-in, a check value.
    WrongMac,
    /// Answer for another trace: instead of the right answer when the request was only read, else
    /// beside it.
    ForeignAnswer,
    /// Answer this code: without booking when the request was only read, else in spite of it.
    Code(AnswerCode),
    /// Withhold until the terminal has sent this many later requests: the request when it was
    /// only read (it is then handled after the later one), else the answer (it then comes first).
    Late {
        /// How many later requests, at least 1.
        requests: u32,
    },
    /// The business day changes at this moment.
    Cutover {
        /// How long code 90 is answered from then on, in milliseconds.
        pause_ms: i64,
    },
}

impl ActionName {
    /// True when this can happen at that moment. `mid_answer` takes only what can happen to the
    /// second half, `after_answer` only what can still follow a whole answer.
    #[must_use]
    pub const fn possible_at(self, at: Moment) -> bool {
        match at {
            Moment::BeforeConnect => matches!(self, Self::Drop | Self::Cut | Self::Cutover),
            Moment::RequestRead | Moment::AfterBooking => true,
            Moment::MidAnswer => {
                matches!(
                    self,
                    Self::Drop | Self::Delay | Self::Cut | Self::Corrupt | Self::Cutover
                )
            }
            Moment::AfterAnswer => matches!(
                self,
                Self::Delay | Self::Duplicate | Self::Cut | Self::ForeignAnswer | Self::Cutover
            ),
        }
    }
}

/// One fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fault {
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

/// The faults that are still to come, in the order in which they were given.
#[derive(Clone, Debug, Default)]
pub struct FaultSet(Vec<Fault>);

impl FaultSet {
    /// Adds faults behind those that wait already.
    pub fn add(&mut self, faults: impl IntoIterator<Item = Fault>) {
        self.0.extend(faults);
    }

    /// Forgets all faults.
    pub fn clear(&mut self) {
        self.0.clear();
    }

    /// True when no fault is left.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The faults that are left.
    pub fn iter(&self) -> impl Iterator<Item = &Fault> {
        self.0.iter()
    }

    /// What strikes a request of this kind now: the first fault that matches and has nothing to
    /// skip. Every other match that still skips counts this request. `None` for `kind` while
    /// connecting.
    pub(crate) fn fire(&mut self, kind: Option<Kind>, at: Moment) -> Option<Action> {
        let mut struck = None;
        for fault in &mut self.0 {
            let matches = fault.at == at && (fault.on.is_none() || fault.on == kind);
            if !matches {
                continue;
            }
            if fault.skip > 0 {
                fault.skip -= 1;
            } else if struck.is_none() && fault.times > 0 {
                fault.times -= 1;
                struck = Some(fault.action);
            }
        }
        self.0.retain(|fault| fault.times > 0);
        struck
    }
}
