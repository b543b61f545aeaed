//! One call: stored before it is made, and closed with what it told.

use pos_channels::http::{HttpRequest, HttpResponse, LARGEST_BODY};
use pos_channels::wallet::{Checked, Kind, Reason, Sent};
use pos_domain::status::AttemptState;
use pos_domain::{Code, Delivery, Id, NetCode};
use pos_ledger::{NewAttempt, Tx, WEB};

use super::rail::{Ask, Fact, Subject, Wire};
use super::till::Till;
use crate::error::FlowError;

/// The most of an answer's body that is kept with its attempt, in bytes.
const KEPT: usize = 16 * 1024;

/// What one call told.
#[derive(Debug)]
pub(super) enum Said {
    /// Not one byte left.
    NotSent(NetCode),
    /// Something left, and no whole answer came.
    Silent(NetCode),
    /// An answer, checked; its status and body as received.
    Answered(Checked<Fact>, Box<HttpResponse>),
}

impl Said {
    /// The code to store and to explain; none for a plain yes.
    pub(super) fn code(&self) -> Option<Code> {
        match self {
            Self::NotSent(code) | Self::Silent(code) => Some((*code).into()),
            Self::Answered(checked, _) => checked.reason().map(|reason| reason.code.clone()),
        }
    }

    /// Whether the wallet itself said something, be it that it does not know.
    pub(super) const fn is_answered(&self) -> bool {
        match self {
            Self::NotSent(_) | Self::Silent(_) => false,
            Self::Answered(checked, _) => !matches!(
                checked.reason(),
                Some(Reason {
                    kind: Kind::Fault(_),
                    ..
                })
            ),
        }
    }

    /// What was proven.
    pub(super) const fn fact(&self) -> Option<&Fact> {
        match self {
            Self::Answered(Checked::Yes(fact), _) => Some(fact),
            _ => None,
        }
    }

    /// How far the attempt came. An answer that proves nothing leaves it unproven.
    const fn attempt_state(&self) -> AttemptState {
        match self {
            Self::NotSent(_) => AttemptState::NotSent,
            Self::Silent(_) | Self::Answered(Checked::Unknown(_), _) => AttemptState::NoAnswer,
            Self::Answered(..) => AttemptState::Answered,
        }
    }

    fn stored(&self) -> Option<Vec<u8>> {
        let Self::Answered(_, response) = self else {
            return None;
        };
        let mut bytes = format!("HTTP {}\n", response.status).into_bytes();
        let body = response.body.get(..response.body.len().min(KEPT));
        bytes.extend_from_slice(body.unwrap_or_default());
        Some(bytes)
    }
}

/// A call that is ready to be made.
pub(super) struct Call<'a> {
    pub ask: Ask<'a>,
    pub request: HttpRequest,
}

impl Till {
    /// Builds the request of a call; nothing is stored or sent yet.
    pub(super) fn build<'a>(
        &self,
        wire: &dyn Wire,
        subject: &Subject,
        ask: Ask<'a>,
    ) -> Result<Call<'a>, FlowError> {
        let stamp = self.stamp()?;
        match wire.request(&self.rules, subject, ask, &stamp) {
            Ok(request) => Ok(Call { ask, request }),
            Err(error) => {
                log::error!("{}: {error}", ask.purpose());
                Err(FlowError::Refused(super::till::build_code(&error).into()))
            }
        }
    }

    /// Stores a call before it is made. The payment code is in the request's keyed hash only.
    pub(super) fn intend(
        tx: &Tx<'_>,
        call: &Call<'_>,
        subject: &Subject,
        original: &Id,
        undo: Option<&Id>,
    ) -> Result<Id, FlowError> {
        let attempt = tx.new_id('A')?;
        let purpose = match (call.ask, undo) {
            (Ask::TakeBack, Some(_)) => "reverse",
            (ask, _) => ask.purpose(),
        };
        let mut fields = format!(
            "{} {}\nnumber {}\namount {}\n",
            call.request.method.as_str(),
            call.request.path(),
            subject.number,
            subject.amount.minor()
        );
        if let Ask::Refund(back) | Ask::RefundQuery(back) = call.ask {
            fields.push_str(&format!(
                "return {}\nreturned {}\n",
                back.number,
                back.amount.minor()
            ));
        }
        tx.insert_attempt(&NewAttempt {
            id: &attempt,
            original: Some(original),
            undo,
            purpose,
            mti: WEB,
            batch: "",
            trace: "",
            key_generation: 0,
            host_day: None,
            fields: fields.as_bytes(),
            frame: &call.request.body,
        })?;
        Ok(attempt)
    }

    /// Makes a stored call once. Decides nothing and writes nothing. `first` tells whether no
    /// earlier call of this purpose and number can have reached the wallet.
    pub(super) async fn make(
        &self,
        wire: &dyn Wire,
        subject: &Subject,
        call: &Call<'_>,
        first: bool,
    ) -> Said {
        let link = wire.link();
        let result = link.call(&call.request, wire.timeout()).await;
        let said = match result {
            Err(failure) if failure.delivery == Delivery::NotSent => Said::NotSent(failure.code),
            Err(failure) => Said::Silent(failure.code),
            Ok(response) if response.body.len() > LARGEST_BODY => {
                Said::Silent(NetCode::AnswerGarbled)
            }
            Ok(response) => {
                let sent = Sent {
                    first,
                    verified_tls: link.is_verified(),
                };
                let now = self.read(|query| self.best_time(query));
                let now = now.unwrap_or(self.now().wall).0.div_euclid(1000);
                let checked = wire.read(subject, call.ask, &response, sent, now);
                Said::Answered(checked, Box::new(response))
            }
        };
        log_call(call.ask, &said);
        said
    }

    /// Whether a payment that the wallet says was given back went back whole: nothing says so but
    /// the sum of what it lists. An empty list is the wallet's word for its own reverse. None when
    /// it does not say.
    pub(super) async fn went_back_whole(
        &self,
        who: &str,
        wire: &dyn Wire,
        subject: &Subject,
        (original, undo): (&Id, Option<&Id>),
    ) -> Result<Option<bool>, FlowError> {
        let call = match self.build(wire, subject, Ask::Returned) {
            Err(FlowError::Refused(_)) => return Ok(None),
            call => call?,
        };
        let attempt = self.write(who, |tx| Self::intend(tx, &call, subject, original, undo))?;
        let said = self.make(wire, subject, &call, true).await;
        self.write(who, |tx| Self::close(tx, &attempt, &said))?;
        Ok(match said.fact() {
            Some(Fact::Returned(sum)) => Some(*sum == 0 || *sum >= subject.amount.minor()),
            _ => None,
        })
    }

    /// Closes a call's attempt with what it told.
    pub(super) fn close(tx: &Tx<'_>, attempt: &Id, said: &Said) -> Result<(), FlowError> {
        let (state, code) = (said.attempt_state(), said.code());
        Ok(tx.close_attempt(attempt, state, code.as_ref(), said.stored().as_deref())?)
    }

    /// Closes a stored call that was not made because the one before it already told enough.
    pub(super) fn close_unmade(tx: &Tx<'_>, attempt: &Id) -> Result<(), FlowError> {
        Ok(tx.close_attempt(attempt, AttemptState::NotSent, None, None)?)
    }
}

/// What an identifier is called in the log: never more than this.
fn log_call(ask: Ask<'_>, said: &Said) {
    let purpose = ask.purpose();
    match (said, said.code()) {
        (Said::NotSent(code), _) => log::info!("{purpose}: not sent, {code}"),
        (Said::Silent(code), _) => log::warn!("{purpose}: unproven, {code}"),
        (Said::Answered(..), Some(code)) => log::info!("{purpose}: answered {code}"),
        (Said::Answered(..), None) => log::info!("{purpose}: answered"),
    }
}
