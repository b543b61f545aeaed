//! What can go wrong.

use std::fmt;

use pos_domain::text_enum;

use super::{Counterpart, Moment};
use crate::unionpay::AnswerCode;

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
    /// See [`Action::Unsigned`].
    Unsigned,
    /// See [`Action::OtherAmount`].
    OtherAmount,
    /// See [`Action::Http`].
    Http,
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
    Unsigned => "unsigned",
    OtherAmount => "other_amount",
    Http => "http",
});

/// What a web server, or something on the way to it, may answer in the wallet's stead.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Oddity {
    /// This status, 300 to 599, with a page of HTML.
    Status(u16),
    /// Status 200 with a page of HTML.
    Html,
    /// Status 302 to another address.
    Redirect,
    /// The right answer in bytes that are no UTF-8.
    Charset,
    /// Status 200 without a body.
    Empty,
}

impl Oddity {
    /// From `502`, `html`, `redirect`, `charset` or `empty`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Some(match text {
            "html" => Self::Html,
            "redirect" => Self::Redirect,
            "charset" => Self::Charset,
            "empty" => Self::Empty,
            digits => {
                let status = digits.parse().ok()?;
                return (300..600).contains(&status).then_some(Self::Status(status));
            }
        })
    }
}

impl fmt::Display for Oddity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Status(status) => write!(f, "{status}"),
            Self::Html => f.pad("html"),
            Self::Redirect => f.pad("redirect"),
            Self::Charset => f.pad("charset"),
            Self::Empty => f.pad("empty"),
        }
    }
}

/// What goes wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
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
    /// Change the last byte: the MAC; in the answer to a sign-in, a check value. Of a wallet: the
    /// signature.
    WrongMac,
    /// Answer for another trace: instead of the right answer when the request was only read, else
    /// beside it. Of a wallet: for another order, well signed, always instead of the right answer.
    ForeignAnswer,
    /// Answer this code: without booking when the request was only read, else in spite of it.
    Code(AnswerCode),
    /// The same with a wallet's code, such as `NOTENOUGH` or `ACQ.SYSTEM_ERROR`.
    Named(String),
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
    /// A wallet's answer leaves without its signature.
    Unsigned,
    /// A wallet's answer names another amount, well signed.
    OtherAmount,
    /// Something else answers in the wallet's stead.
    Http(Oddity),
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

impl Action {
    /// True when this can happen at that host: each has its own codes, and only wallets speak HTTP.
    pub(crate) const fn suits(&self, host: Counterpart) -> bool {
        match self {
            Self::Cutover { .. } => matches!(host, Counterpart::Acquirer),
            Self::Code(_) => matches!(host, Counterpart::Acquirer | Counterpart::Acp),
            Self::Named(_) => matches!(host, Counterpart::WeChat | Counterpart::Alipay),
            Self::Unsigned | Self::OtherAmount | Self::Http(_) => {
                !matches!(host, Counterpart::Acquirer)
            }
            _ => true,
        }
    }
}
