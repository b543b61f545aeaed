//! From what an exchange told to what is proven.

use pos_channels::unionpay::{Answer, Kind, Reason};
use pos_diagnosis::{Cure, Situation, Verdict, verdict_in};
use pos_domain::{Code, LocalCode, NetCode, Rail};

use crate::transmit::{Told, reversal_reason};

/// What is proven about one attempt.
#[derive(Debug)]
pub(crate) enum Judged {
    /// Not one byte left.
    NotSent(NetCode),
    /// A definite yes.
    Approved(Box<Answer>),
    /// A definite no.
    Declined(Code),
    /// A definite no because the window is over.
    TooLate(Code),
    /// A definite no that can be put right.
    Curable(Code, Cure),
    /// Nothing is proven; the reversal is owed for this reason.
    Unproven(Code, Reason),
    /// A code that proves something only together with earlier attempts.
    NeedsHistory(Code),
}

/// Which table of words and verdicts a transaction has.
pub(crate) const fn situation(kind: Kind) -> Situation {
    match kind {
        Kind::Sale => Situation::Sale,
        Kind::Void | Kind::PreauthVoid | Kind::CompletionVoid => Situation::Void,
        Kind::Refund => Situation::Refund,
        Kind::Preauth | Kind::IncrementalPreauth => Situation::Preauth,
        Kind::Completion | Kind::CompletionAdvice => Situation::Completion,
    }
}

/// Judges an exchange. Only a listed, checked answer proves anything.
pub(crate) fn judge(kind: Kind, told: Told) -> Judged {
    let answer = match told {
        Told::Answer(answer) => answer,
        Told::NotSent(code) => return Judged::NotSent(code),
        Told::Unproven(NetCode::NoAnswer) if pos_domain::planted!(TimeoutIsDeclined) => {
            return Judged::Declined(NetCode::NoAnswer.into());
        }
        Told::Unproven(code) => return Judged::Unproven(code.into(), reversal_reason(code)),
    };
    let code = Code::Wire(Rail::UnionPay, answer.code.clone());
    match verdict_in(&answer.code, situation(kind)) {
        Verdict::Approved => Judged::Approved(answer),
        Verdict::Declined => Judged::Declined(code),
        Verdict::TooLate => Judged::TooLate(code),
        Verdict::Curable(cure) => Judged::Curable(code, cure),
        Verdict::NeedsHistory => Judged::NeedsHistory(code),
        // A yes for less was never offered, and the rest does not say whether it was done.
        Verdict::PartialApproval | Verdict::Unknown => Judged::Unproven(code, Reason::Invalid),
    }
}

impl Judged {
    /// The code to store and to explain; none for a plain yes.
    pub(crate) fn code(&self) -> Option<Code> {
        match self {
            Self::NotSent(code) => Some((*code).into()),
            Self::Approved(answer) => Some(Code::Wire(Rail::UnionPay, answer.code.clone())),
            Self::Declined(code)
            | Self::TooLate(code)
            | Self::Curable(code, _)
            | Self::Unproven(code, _)
            | Self::NeedsHistory(code) => Some(code.clone()),
        }
    }

    /// Why a sign-in is needed before the next exchange; none when it is not.
    pub(crate) fn sign_in_reason(&self) -> Option<&'static str> {
        match self {
            Self::Curable(_, Cure::SignInAgain) => Some("host"),
            Self::Unproven(_, Reason::Mac) => Some("mac"),
            Self::Approved(answer) if answer.wants_sign_in() => Some("requested"),
            _ => None,
        }
    }
}

/// The code for a program that stopped between sending and the stored answer.
pub(crate) fn interrupted() -> Code {
    LocalCode::Interrupted.into()
}
