//! What one call to take money back, and the question after it, prove together.

use pos_channels::wallet::Checked;
use pos_domain::{Code, UndoMethod};

use super::exchange::Said;
use super::rail::{Back, Fact, Seen};
use super::rules::{ASK_REFUND_AFTER, CALL_AGAIN, REFUND_EVERY};

/// A definite no to a void because its day is over; a return remains.
const TOO_LATE: [&str; 1] = ["ACP.35"];

/// What a round of a void or refund came to.
#[derive(Debug)]
pub(super) enum Round {
    /// Proven: the money went back.
    Done(&'static str),
    /// Money went back; whether all of it, one more question has to tell.
    Returned,
    /// Proven: it did not and will not.
    Refused,
    /// Proven: it did not and will not, for it is too late.
    TooLate,
    /// Nothing was done; the same call may succeed after this many milliseconds.
    Queued(i64),
    /// Not proven; again after at least this many milliseconds, with growing waits.
    Unknown(i64),
    /// Taken by the wallet, not there yet.
    UnderWay,
    /// Only a person can go on.
    Stuck,
}

/// What a call and its question prove about a void or refund.
pub(super) fn round_of(method: UndoMethod, done: &Said, seen: Option<&Said>) -> Round {
    match method {
        UndoMethod::Reverse => reversed(done, seen),
        _ => refunded(done, seen),
    }
}

/// WeChat's reverse proves nothing by itself: the question after it does (spec wechat-pay §5).
fn reversed(done: &Said, seen: Option<&Said>) -> Round {
    let accepted = matches!(done.fact(), Some(Fact::TakenBack { again: false }));
    let Some(seen) = seen else {
        return match done {
            Said::NotSent(_) => Round::Queued(0),
            _ if accepted => Round::Done("believed"),
            _ => Round::Unknown(CALL_AGAIN),
        };
    };
    match (seen.fact(), done) {
        (Some(Fact::Seen(Seen::Revoked)), _) => Round::Done("asked: taken back"),
        (Some(Fact::Seen(Seen::Returned)), _) if accepted => Round::Returned,
        (Some(Fact::Seen(Seen::Paid(_))), Said::Answered(Checked::No(reason), _)) => {
            match &reason.code {
                Code::Wire(_, code) if code == "REVERSE_EXPIRE" => Round::TooLate,
                _ => Round::Refused,
            }
        }
        (_, Said::Answered(Checked::Curable(_), _)) => Round::Queued(0),
        _ => Round::Unknown(0),
    }
}

/// A refund is executed once for one number; done only when the money went back.
fn refunded(done: &Said, seen: Option<&Said>) -> Round {
    match (seen.unwrap_or(done).fact(), done) {
        (Some(Fact::Back(Back::Done)), _) => Round::Done("refunded"),
        (Some(Fact::Back(Back::Stuck)), _) => Round::Stuck,
        (Some(Fact::Back(Back::UnderWay)), _) => Round::UnderWay,
        (_, Said::NotSent(_)) => Round::Queued(0),
        (_, Said::Answered(Checked::No(reason), _)) => match &reason.code {
            Code::Wire(_, code) if TOO_LATE.contains(&code.as_str()) => Round::TooLate,
            _ => Round::Refused,
        },
        (_, Said::Answered(Checked::Curable(_), _)) => Round::Queued(REFUND_EVERY),
        (_, Said::Answered(Checked::Yes(_), _)) => Round::UnderWay,
        _ => Round::Unknown(ASK_REFUND_AFTER),
    }
}
