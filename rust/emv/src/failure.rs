//! Why a reading ended without a card that can pay.

/// Where in the conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Place {
    /// The directory of payment applications.
    Directory,
    /// Selecting one of them.
    Application,
    /// The transaction itself.
    Options,
    /// A record.
    Record,
}

/// Why it ended. Nothing was charged unless [`ReadFailure::ApprovedWithoutHost`] says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
pub enum ReadFailure {
    /// Not a payment card: a door card, a transit card.
    #[error("there is no payment directory on it")]
    NoPayment,
    /// A payment card of networks that this terminal does not take.
    #[error("none of its payment applications is accepted here")]
    NotAccepted,
    /// It cannot pay without contact, or not this amount: insert or swipe.
    #[error("it asks for another interface")]
    OtherInterface,
    /// The card or phone says that conditions are not met: a phone wants to be unlocked first.
    #[error("it is not ready: status {status:04X} at {place:?}")]
    NotReady {
        /// Where.
        place: Place,
        /// SW1 and SW2.
        status: u16,
    },
    /// It needs the full contactless transaction of a certified kernel.
    #[error("it needs a certified kernel")]
    NeedsKernel,
    /// The card itself declines.
    #[error("the card declines")]
    Declined,
    /// The card approved on its own though it was told to go online: electronic cash may have been
    /// taken from it.
    #[error("the card approved without the host, though told to go online")]
    ApprovedWithoutHost,
    /// Past its date, and its issuer does not want to be asked.
    #[error("the card is expired")]
    Expired,
    /// Any other refusal.
    #[error("refused with status {status:04X} at {place:?}")]
    Refused {
        /// Where.
        place: Place,
        /// SW1 and SW2.
        status: u16,
    },
    /// Bytes that are not what cards say.
    #[error("unreadable at byte {at} of the answer at {place:?}")]
    Unreadable {
        /// Where.
        place: Place,
        /// Offset in the answer.
        at: usize,
    },
    /// Data without which nobody can be charged.
    #[error("it does not give tag {tag:X}")]
    Missing {
        /// The tag.
        tag: u32,
    },
    /// Data of the wrong shape.
    #[error("tag {tag:X} is not what it should be")]
    Malformed {
        /// The tag.
        tag: u32,
    },
    /// The same fact twice, and different: another card came in between, or somebody cheats.
    #[error("it gives tag {tag:X} twice, and different")]
    Contradiction {
        /// The tag.
        tag: u32,
    },
    /// It keeps the terminal talking longer than any card needs.
    #[error("it asks for more than any card needs")]
    Endless,
    /// It asks for more than fits a message, or chip data grew over 255 bytes.
    #[error("more data than fits")]
    TooMuch,
    /// Taken away too early.
    #[error("it was taken away too early")]
    Gone,
}

impl ReadFailure {
    /// A fixed name, for logs and for the table of explanations.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NoPayment => "no_payment",
            Self::NotAccepted => "not_accepted",
            Self::OtherInterface => "other_interface",
            Self::NotReady { .. } => "not_ready",
            Self::NeedsKernel => "needs_kernel",
            Self::Declined => "declined",
            Self::ApprovedWithoutHost => "approved_without_host",
            Self::Expired => "expired",
            Self::Refused { .. } => "refused",
            Self::Unreadable { .. } => "unreadable",
            Self::Missing { .. } => "missing",
            Self::Malformed { .. } => "malformed",
            Self::Contradiction { .. } => "contradiction",
            Self::Endless => "endless",
            Self::TooMuch => "too_much",
            Self::Gone => "gone",
        }
    }

    /// Whether holding the same card again may work.
    #[must_use]
    pub const fn may_try_again(self) -> bool {
        matches!(
            self,
            Self::Gone
                | Self::NotReady { .. }
                | Self::Unreadable { .. }
                | Self::Contradiction { .. }
                | Self::Missing { .. }
        )
    }
}
