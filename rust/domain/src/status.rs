//! States of sales, undos and obligations, with their fixed text forms.

use crate::text_enum;

/// What kind of original an undo can be made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum OriginalKind {
    /// Sale (消费).
    Sale,
    /// Pre-authorisation (预授权).
    Preauth,
    /// Pre-authorisation completion (预授权完成).
    Completion,
    /// A sale that only a refund by reference knows of.
    Unmatched,
}

/// What became of a sale, as shown to people and programs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SaleStatus {
    /// On its way; the intent is committed.
    Sending,
    /// Taken.
    Approved,
    /// A definite no.
    Declined,
    /// Not proven either way.
    Unknown,
    /// Proven undone by its reversal.
    Reversed,
    /// Fully taken back by a void.
    Voided,
    /// Fully taken back by refunds.
    Refunded,
    /// Partly taken back by refunds.
    PartlyRefunded,
    /// Not one byte left the terminal.
    NotSent,
    /// A pre-authorisation that holds money.
    Held,
    /// A pre-authorisation that was completed.
    Completed,
}

/// The two ways to take a sale back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum UndoKind {
    /// The whole sale, within the rail's window.
    Void,
    /// Part or all of it, after the window.
    Refund,
}

/// What became of an undo.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum UndoStatus {
    /// Recorded, waiting to be sent.
    Queued,
    /// An attempt is committed and under way.
    Sending,
    /// Noted, not accepted: the card has to be read again.
    NeedsCard,
    /// Held back by a person.
    OnHold,
    /// An attempt is not proven either way.
    Unknown,
    /// Proven: the void took effect.
    Voided,
    /// Proven: the refund took effect.
    Refunded,
    /// A definite no.
    Refused,
    /// Taken back before a byte was sent, or after every attempt was proven undone.
    Withdrawn,
    /// A void that can no longer be made; a refund is offered.
    RefundOffered,
    /// Beyond the terminal: the acquirer has to say.
    Escalated,
}

impl UndoStatus {
    /// Whether the undo is proven to have had no effect, so that its amount is free again.
    #[must_use]
    pub const fn is_proven_failed(self) -> bool {
        matches!(self, Self::Refused | Self::Withdrawn | Self::RefundOffered)
    }

    /// Whether the undo is proven to have taken effect.
    #[must_use]
    pub const fn is_proven_done(self) -> bool {
        matches!(self, Self::Voided | Self::Refunded)
    }

    /// Whether something is still owed.
    #[must_use]
    pub const fn is_open(self) -> bool {
        !self.is_proven_failed() && !self.is_proven_done()
    }
}

/// Something the terminal owes a host.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ObligationKind {
    /// Reversal (冲正) of an unproven message.
    Reversal,
    /// One more reversal after the late window, since the message may still have been on its
    /// way when the first was answered; owed to nobody, so it blocks and counts as nothing.
    Confirmation,
    /// A void waiting for delivery.
    Void,
    /// A refund without a proven answer, or waiting.
    Refund,
    /// A question that settles an unknown.
    Query,
    /// A wallet's take-back.
    Revoke,
    /// Script result notice.
    ScriptNotice,
    /// Batch upload.
    BatchUpload,
    /// Electronic signature upload.
    Signature,
}

/// How far an obligation is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ObligationStatus {
    /// Intended: becomes owed unless its message is proven answered or not sent.
    Armed,
    /// Owed and due at its next try.
    Owed,
    /// Held back by a person; never a reversal.
    OnHold,
    /// Beyond the terminal; out of the gate, still owed.
    Escalated,
    /// Given up by two people: out of gate and list, and nothing proven.
    Cleared,
    /// Closed with its proof.
    Closed,
}

/// How far one attempt to send is known to have come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AttemptState {
    /// Committed before the first byte; after a crash it counts as sent and unproven.
    Intended,
    /// Committed: not one byte left.
    NotSent,
    /// Sent; no proven answer.
    NoAnswer,
    /// A checked answer is stored.
    Answered,
    /// Proven undone by its reversal.
    Reversed,
}

text_enum!(OriginalKind {
    Sale => "sale",
    Preauth => "preauth",
    Completion => "completion",
    Unmatched => "unmatched",
});
text_enum!(SaleStatus {
    Sending => "sending",
    Approved => "approved",
    Declined => "declined",
    Unknown => "unknown",
    Reversed => "reversed",
    Voided => "voided",
    Refunded => "refunded",
    PartlyRefunded => "partly_refunded",
    NotSent => "not_sent",
    Held => "held",
    Completed => "completed",
});
text_enum!(UndoKind { Void => "void", Refund => "refund" });
text_enum!(UndoStatus {
    Queued => "queued",
    Sending => "sending",
    NeedsCard => "needs_card",
    OnHold => "on_hold",
    Unknown => "unknown",
    Voided => "voided",
    Refunded => "refunded",
    Refused => "refused",
    Withdrawn => "withdrawn",
    RefundOffered => "refund_offered",
    Escalated => "escalated",
});
text_enum!(ObligationKind {
    Reversal => "reversal",
    Confirmation => "confirmation",
    Void => "void",
    Refund => "refund",
    Query => "query",
    Revoke => "revoke",
    ScriptNotice => "script_notice",
    BatchUpload => "batch_upload",
    Signature => "signature",
});
text_enum!(ObligationStatus {
    Armed => "armed",
    Owed => "owed",
    OnHold => "on_hold",
    Escalated => "escalated",
    Cleared => "cleared",
    Closed => "closed",
});
text_enum!(AttemptState {
    Intended => "intended",
    NotSent => "not_sent",
    NoAnswer => "no_answer",
    Answered => "answered",
    Reversed => "reversed",
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_proof_frees_or_closes_an_undo() {
        for status in UndoStatus::ALL {
            let classes = [
                status.is_proven_failed(),
                status.is_proven_done(),
                status.is_open(),
            ];
            assert_eq!(classes.iter().filter(|c| **c).count(), 1, "{status}");
        }
        for owed in [
            UndoStatus::Unknown,
            UndoStatus::Escalated,
            UndoStatus::Sending,
        ] {
            assert!(owed.is_open());
        }
    }

    #[test]
    fn text_forms_read_back() {
        for status in SaleStatus::ALL {
            assert_eq!(status.as_str().parse(), Ok(*status));
        }
        assert!("failed".parse::<SaleStatus>().is_err());
    }
}
