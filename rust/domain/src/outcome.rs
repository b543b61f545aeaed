//! What is known of a request: its outcome and its delivery class.

/// What became of a request for money.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// A checked answer said yes.
    Approved,
    /// A checked answer said a definite no.
    Declined,
    /// Not proven either way. A state of its own; never shown as failed.
    Unknown,
}

/// How far a message got, which decides whether it may be sent again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Delivery {
    /// Not one byte left: safe to send again.
    NotSent,
    /// Something left and no proven answer came: ask or reverse first.
    SentUnknown,
    /// Answered: final.
    Answered,
}

crate::text_enum!(Outcome {
    Approved => "approved",
    Declined => "declined",
    Unknown => "unknown",
});
crate::text_enum!(Delivery {
    NotSent => "not_sent",
    SentUnknown => "sent_unknown",
    Answered => "answered",
});
