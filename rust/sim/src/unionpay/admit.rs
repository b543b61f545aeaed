//! What every request about money must pass before its own rules: keys, MAC, day, form, batch,
//! trace.

use pos_domain::WallTime;

use super::book::State;
use super::code::AnswerCode;
use super::request::Request;
use super::violation::Rule;
use super::{Acquirer, MacMethod};
use crate::fault::Kind;

impl Acquirer {
    /// Lets a request in, or says with which code it is refused.
    ///
    /// `repeated` is true for the second copy of a request that the network doubled, which is no
    /// fault of the terminal.
    pub(crate) fn admit(
        &mut self,
        request: &Request,
        now: WallTime,
        repeated: bool,
    ) -> Result<(), AnswerCode> {
        self.check_mac(request)?;
        if self.calendar.is_paused(now) {
            return Err(AnswerCode::CUTOVER);
        }
        check_form(request)?;
        if request.kind.is_reversal() {
            return Ok(());
        }
        self.check_batch(request)?;
        if !repeated {
            self.watch_gate(request);
        }
        self.check_trace(request, repeated)
    }

    pub(crate) fn check_mac(&mut self, request: &Request) -> Result<(), AnswerCode> {
        if request.mac.is_none() {
            self.violation(Rule::MacMissing, request);
            return Err(AnswerCode::BAD_MAC);
        }
        let Some(wanted) = self.mac_of(request, &request.mac_input) else {
            return Err(self.settings.not_signed_in);
        };
        if request.mac == Some(wanted) {
            Ok(())
        } else {
            Err(AnswerCode::BAD_MAC)
        }
    }

    /// The MAC that the terminal's current key gives; `None` without keys.
    pub(crate) fn mac_of(&self, request: &Request, input: &[u8]) -> Option<[u8; 8]> {
        let keys = self.terminals.get(&request.terminal)?.keys.as_ref()?;
        Some(self.mac_method(&keys.mac).mac(&keys.mac, input))
    }

    const fn mac_method(&self, key: &super::crypto::Key) -> MacMethod {
        match key {
            super::crypto::Key::Sm4(_) => self.settings.sm4_mac,
            super::crypto::Key::Des(_) | super::crypto::Key::TripleDes(_) => self.settings.mac,
        }
    }

    /// The batch must be the current one; a notice may also be of one that was left unsettled.
    fn check_batch(&mut self, request: &Request) -> Result<(), AnswerCode> {
        let terminal = self.terminal(&request.terminal);
        if terminal.settled.contains(&request.batch) {
            self.violation(Rule::ClosedBatch, request);
            return Err(AnswerCode::SIGN_IN);
        }
        let taken = terminal.takes_batch(&request.batch);
        let current = request.batch == terminal.batch_text();
        if taken && (current || request.kind.is_notice()) {
            Ok(())
        } else {
            Err(AnswerCode::SIGN_IN)
        }
    }

    fn check_trace(&mut self, request: &Request, repeated: bool) -> Result<(), AnswerCode> {
        let Some(earlier) = self.book.get(&request.key()) else {
            return Ok(());
        };
        let code = match earlier.state {
            State::Declined => earlier.code,
            _ => AnswerCode::DUPLICATE,
        };
        if request.kind.is_notice() && earlier.kind == request.kind {
            return Err(code);
        }
        if !repeated {
            let rule = match request.kind {
                Kind::Refund if earlier.kind == Kind::Refund => Rule::RefundResent,
                _ => Rule::TraceReused,
            };
            self.violation(rule, request);
        }
        Err(AnswerCode::DUPLICATE)
    }
}

/// The fields that spec 3.2 makes mandatory for every request about money.
fn check_form(request: &Request) -> Result<(), AnswerCode> {
    let mandatory: &[u8] = match request.kind {
        Kind::Inquiry => &[3, 11, 22, 25, 49],
        Kind::Void | Kind::CompletionVoid => &[3, 4, 11, 22, 25, 37, 49, 61],
        Kind::Refund => &[3, 4, 11, 22, 25, 37, 49, 61, 63],
        Kind::PreauthVoid | Kind::Completion | Kind::CompletionAdvice => {
            &[3, 4, 11, 22, 25, 38, 49, 61]
        }
        kind if kind.is_reversal() => &[3, 4, 11, 22, 25, 39, 49],
        _ => &[3, 4, 11, 22, 25, 49],
    };
    if !mandatory
        .iter()
        .all(|&field| request.fields.contains(field))
    {
        return Err(AnswerCode::FORMAT);
    }
    if request.text(49) != "156" || request.amount() == Some(0) {
        return Err(AnswerCode::BAD_AMOUNT);
    }
    Ok(())
}
