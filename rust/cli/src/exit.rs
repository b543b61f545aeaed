//! Exit codes.

use std::process::ExitCode;

use pos_engine::domain::{SaleStatus, UndoStatus};

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
