//! Exit codes.

use std::process::ExitCode;

use pos_engine::domain::{Code, SaleStatus, UndoStatus};

/// How the program ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// 0: done, and nothing is owed for it.
    Good,
    /// 1: a fault of the machine or of the program.
    Internal,
    /// 2: a mistake in what was asked or in a file that was given.
    Usage,
    /// 3: a definite no.
    No,
    /// 4: owed, or not proven yet.
    Owed,
}

impl Exit {
    /// Of what is done at once, or refused.
    #[must_use]
    pub const fn after(refusal: Option<&Code>) -> Self {
        match refusal {
            None => Self::Good,
            Some(_) => Self::No,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(match exit {
            Exit::Good => 0,
            Exit::Internal => 1,
            Exit::Usage => 2,
            Exit::No => 3,
            Exit::Owed => 4,
        })
    }
}

impl From<SaleStatus> for Exit {
    fn from(status: SaleStatus) -> Self {
        use SaleStatus as S;
        match status {
            S::Approved | S::Voided | S::Refunded | S::PartlyRefunded | S::Held | S::Completed => {
                Self::Good
            }
            S::Declined | S::Reversed | S::NotSent => Self::No,
            S::Sending | S::Unknown => Self::Owed,
        }
    }
}

impl From<UndoStatus> for Exit {
    fn from(status: UndoStatus) -> Self {
        use UndoStatus as U;
        match status {
            U::Voided | U::Refunded | U::Withdrawn => Self::Good,
            U::Refused | U::RefundOffered => Self::No,
            U::Queued | U::Sending | U::NeedsCard | U::OnHold | U::Unknown | U::Escalated => {
                Self::Owed
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sales(exit: Exit) -> Vec<&'static str> {
        let all = SaleStatus::ALL.iter().copied();
        all.filter(|status| Exit::from(*status) == exit)
            .map(SaleStatus::as_str)
            .collect()
    }

    fn undos(exit: Exit) -> Vec<&'static str> {
        let all = UndoStatus::ALL.iter().copied();
        all.filter(|status| Exit::from(*status) == exit)
            .map(UndoStatus::as_str)
            .collect()
    }

    #[test]
    fn i04_only_what_is_proven_is_good_or_a_definite_no() {
        let mut good = sales(Exit::Good);
        good.sort_unstable();
        assert_eq!(
            good,
            [
                "approved",
                "completed",
                "held",
                "partly_refunded",
                "refunded",
                "voided"
            ]
        );
        assert_eq!(sales(Exit::No), ["declined", "reversed", "not_sent"]);
        assert_eq!(sales(Exit::Owed), ["sending", "unknown"]);
        assert_eq!(undos(Exit::Good), ["voided", "refunded", "withdrawn"]);
        assert_eq!(undos(Exit::No), ["refused", "refund_offered"]);
        assert_eq!(
            undos(Exit::Owed),
            [
                "queued",
                "sending",
                "needs_card",
                "on_hold",
                "unknown",
                "escalated"
            ]
        );
    }
}
