//! What a code says about a request: the verdict that flows act on, and its data form.

use pos_domain::text_enum;

/// What puts a curable answer right.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Cure {
    /// Sign in again, then send with a new trace (77, 88, A0).
    SignInAgain,
    /// Wait this many minutes, then send with a new trace (90).
    WaitMinutes(u32),
    /// Send again later with the same key (a wallet's rate limit or low balance).
    SameKeyLater,
}

/// What an authenticated answer code proves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// A definite yes.
    Approved,
    /// A yes for a smaller amount (10): a yes only if partial approval was offered (F60.6 = 1),
    /// otherwise it must be reversed.
    PartialApproval,
    /// A definite no.
    Declined,
    /// A definite no because the rail's window for this is over; a refund may remain. It is
    /// definite only if no earlier attempt is unproven.
    TooLate,
    /// A definite no to this message that can be put right: back to the queue, not refused.
    Curable(Cure),
    /// Proves something only together with earlier attempts (22 or 25 to a void; 12, 22, 25 or
    /// 94 to a reversal). Alone it proves nothing: treat as [`Verdict::Unknown`].
    NeedsHistory,
    /// Does not say whether the host did it. Every unlisted code is this.
    Unknown,
}

/// How a code leaves the request, in the data files: a host's verdict, or the terminal's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Effect {
    Approved,
    PartialApproval,
    Declined,
    TooLate,
    SignInAgain,
    WaitTwoMinutes,
    SameKeyLater,
    NeedsHistory,
    Unknown,
    /// The terminal refused before anything was sent.
    Refused,
    /// Not one byte left.
    NotSent,
    /// Recorded, and goes on by itself or when something was done.
    Waiting,
    /// People closed it; nothing more happens.
    Closed,
}

text_enum!(Effect {
    Approved => "approved",
    PartialApproval => "partial_approval",
    Declined => "declined",
    TooLate => "too_late",
    SignInAgain => "sign_in_again",
    WaitTwoMinutes => "wait_two_minutes",
    SameKeyLater => "same_key_later",
    NeedsHistory => "needs_history",
    Unknown => "unknown",
    Refused => "refused",
    NotSent => "not_sent",
    Waiting => "waiting",
    Closed => "closed",
});

impl Effect {
    /// The verdict for a host's code; the terminal's own effects are no verdict of a host.
    pub(crate) const fn verdict(self) -> Verdict {
        match self {
            Self::Approved => Verdict::Approved,
            Self::PartialApproval => Verdict::PartialApproval,
            Self::Declined => Verdict::Declined,
            Self::TooLate => Verdict::TooLate,
            Self::SignInAgain => Verdict::Curable(Cure::SignInAgain),
            Self::WaitTwoMinutes => Verdict::Curable(Cure::WaitMinutes(2)),
            Self::SameKeyLater => Verdict::Curable(Cure::SameKeyLater),
            Self::NeedsHistory => Verdict::NeedsHistory,
            Self::Unknown | Self::Refused | Self::NotSent | Self::Waiting | Self::Closed => {
                Verdict::Unknown
            }
        }
    }

    /// The class that shares words and advice about goods.
    pub(crate) const fn class(self) -> Class {
        match self {
            Self::Approved => Class::Approved,
            Self::PartialApproval | Self::NeedsHistory | Self::Unknown => Class::Unknown,
            Self::Declined | Self::TooLate => Class::Declined,
            Self::SignInAgain | Self::WaitTwoMinutes | Self::SameKeyLater => Class::Curable,
            Self::Refused => Class::Refused,
            Self::NotSent => Class::NotSent,
            Self::Waiting => Class::Waiting,
            Self::Closed => Class::Closed,
        }
    }
}

/// Effects that share words and advice about goods.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Class {
    Approved,
    Declined,
    Curable,
    Unknown,
    Refused,
    NotSent,
    Waiting,
    Closed,
}

text_enum!(Class {
    Approved => "approved",
    Declined => "declined",
    Curable => "curable",
    Unknown => "unknown",
    Refused => "refused",
    NotSent => "not_sent",
    Waiting => "waiting",
    Closed => "closed",
});
