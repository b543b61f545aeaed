//! Sending one frame and taking what comes back: the answer, late answers, or nothing.

use pos_channels::unionpay::{
    Answer, Expected, Mismatch, ProcessingRequest, Reason, Stray, check, is_authentic,
};
use pos_domain::{Delivery, Id, NetCode};
use pos_ledger::{LateAnswer, Tx};

use crate::desk::Desk;
use crate::error::FlowError;
use crate::jobs;
use crate::link::Next;

/// What is known after one exchange.
#[derive(Debug)]
pub(crate) enum Told {
    /// A checked answer.
    Answer(Box<Answer>),
    /// Not one byte left.
    NotSent(NetCode),
    /// Something left, and nothing that came back proves anything.
    Unproven(NetCode),
}

/// What else an exchange brought.
#[derive(Debug)]
pub(crate) struct Others {
    /// Frames for other messages, to be kept and matched.
    frames: Vec<Vec<u8>>,
    /// The job that the answer asks for in its header.
    asked: ProcessingRequest,
}

impl Others {
    /// Whether there is nothing to keep.
    pub(crate) fn is_empty(&self) -> bool {
        self.frames.is_empty() && self.asked == ProcessingRequest::None
    }
}

/// The result of an exchange: what is known, and what else it brought.
#[derive(Debug)]
pub(crate) struct Heard {
    pub told: Told,
    pub others: Others,
}

impl Desk {
    /// Sends a frame once and waits for its answer. Decides nothing and writes nothing.
    pub(crate) async fn transmit(&self, frame: &[u8], expected: &Expected) -> Heard {
        let mut answer = None;
        let mut invalid = None;
        let mut foreign = None;
        let mut frames = Vec::new();
        let mut receive = |bytes: &[u8]| match check(expected, bytes, self.cipher.as_ref()) {
            Ok(checked) => {
                answer = Some(checked);
                Next::Done
            }
            Err(Mismatch::Invalid(code)) => {
                invalid = Some(code);
                Next::Done
            }
            Err(Mismatch::Foreign(code)) => {
                foreign = Some(code);
                frames.push(bytes.to_vec());
                Next::More
            }
        };
        let result = self
            .link
            .exchange(frame, self.rules.timeout, &mut receive)
            .await;
        let told = match (answer, invalid, result) {
            (Some(answer), _, _) => Told::Answer(Box::new(answer)),
            (None, Some(code), _) => Told::Unproven(code),
            (None, None, Err(failure)) if failure.delivery == Delivery::NotSent => {
                Told::NotSent(failure.code)
            }
            (None, None, Err(failure)) => Told::Unproven(foreign.unwrap_or(failure.code)),
            (None, None, Ok(())) => Told::Unproven(foreign.unwrap_or(NetCode::NoAnswer)),
        };
        let asked = match &told {
            Told::Answer(answer) => answer.request,
            Told::NotSent(_) | Told::Unproven(_) => ProcessingRequest::None,
        };
        let others = Others { frames, asked };
        Heard { told, others }
    }
}

/// The reason for field 39 of the reversal that an unproven exchange makes owed (spec
/// unionpay-8583 §5.1).
pub(crate) const fn reversal_reason(code: NetCode) -> Reason {
    match code {
        NetCode::MacMissing | NetCode::MacWrong => Reason::Mac,
        NetCode::AnswerGarbled
        | NetCode::AnswerProcessingCode
        | NetCode::AnswerAmount
        | NetCode::AnswerCurrency
        | NetCode::AnswerCodeMissing => Reason::Invalid,
        _ => Reason::NoAnswer,
    }
}

/// Keeps frames that answered something else, matched to their attempt by trace, and remembers the
/// job that the answer asked for.
pub(crate) fn keep_others(desk: &Desk, tx: &Tx<'_>, others: &Others) -> Result<(), FlowError> {
    jobs::remember(tx, others.asked)?;
    for frame in &others.frames {
        let stray = Stray::of(frame);
        let attempt = stray
            .trace
            .as_deref()
            .map(|trace| tx.query().attempts_by_trace(trace))
            .transpose()?
            .and_then(|attempts| attempts.into_iter().find(|a| stray.answers(&a.mti)));
        let checked = attempt
            .as_ref()
            .is_some_and(|a| is_authentic(frame, desk.cipher.as_ref(), a.key_generation));
        tx.insert_late_answer(&LateAnswer {
            attempt: attempt.as_ref().map(|attempt| &attempt.id),
            mti: &stray.mti,
            trace: stray.trace.as_deref(),
            code: stray.code.as_deref(),
            checked,
            frame: &stray.stored,
        })?;
        if let (Some(attempt), Some(code), true) = (&attempt, &stray.code, checked) {
            desk.settle_late_refund(tx, attempt, code)?;
        }
        let trace = stray.trace.as_deref().unwrap_or("-");
        log::warn!("late answer {} trace {trace}", stray.mti);
    }
    Ok(())
}

/// What an identifier is called in the log: never more than this.
pub(crate) fn log_exchange(what: &str, id: &Id, told: &Told) {
    match told {
        Told::Answer(answer) => log::info!("{what} {id}: answered {}", answer.code),
        Told::NotSent(code) => log::info!("{what} {id}: not sent, {code}"),
        Told::Unproven(code) => log::warn!("{what} {id}: unproven, {code}"),
    }
}
