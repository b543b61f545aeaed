//! From a web request to the steps that the terminal will see, with faults applied.

use pos_domain::WallTime;

use super::Wallet;
use super::book::Call;
use super::protocol::{Draft, Tamper, of_another, of_another_amount};
use crate::fault::{Action, Moment, Oddity};
use crate::unionpay::Told;
use crate::web::{WebRequest, WebResponse, WebStep};

/// Codes that leave open what became of a request.
const OPEN_CODES: [&str; 11] = [
    "SYSTEMERROR",
    "SYSTEM_ERROR",
    "BANKERROR",
    "USERPAYING",
    "BIZERR_NEED_RETRY",
    "20000",
    "10003",
    "ACQ.SYSTEM_ERROR",
    "03",
    "04",
    "05",
];

const PAGE: &str = "<html><head><title>Error</title></head><body><h1>Error</h1></body></html>";

/// A request that a fault holds back.
#[derive(Debug)]
pub(super) struct Held {
    /// How many requests still come first.
    after: u32,
    request: WebRequest,
}

impl Wallet {
    /// Handles one request and says what the terminal will see on this connection.
    pub fn on_request(&mut self, request: &WebRequest, now: WallTime) -> Vec<WebStep> {
        let mut due = Vec::new();
        self.held.retain_mut(|held| {
            held.after = held.after.saturating_sub(1);
            if held.after == 0 {
                due.push(held.request.clone());
            }
            held.after > 0
        });
        let steps = self.handle(request, now);
        for request in due {
            // Booked now, and answered to nobody.
            self.protocol.answer(&request, &mut self.book, now);
        }
        steps
    }

    /// Applies what strikes a request that was only read.
    fn handle(&mut self, request: &WebRequest, now: WallTime) -> Vec<WebStep> {
        let call = self.protocol.call(request, &self.book);
        let mut steps = Vec::new();
        match self.faults.fire(&call.kinds, Moment::RequestRead) {
            None => {}
            Some(Action::Delay { ms }) => steps.push(WebStep::Wait(ms)),
            Some(Action::Duplicate) => {
                steps.extend(self.answer_and_play(request, &call, now));
                // The copy is answered to nobody.
                self.protocol.answer(request, &mut self.book, now);
                return steps;
            }
            Some(Action::Corrupt) => {
                self.book.note(&call, Told::No);
                let damaged = damaged(request);
                let draft = self.protocol.answer(&damaged, &mut self.book, now);
                return vec![WebStep::Answer(self.sealed(&draft, now))];
            }
            Some(Action::WrongMac) => {
                self.book.note(&call, Told::No);
                let draft = self.protocol.unsigned_request(request);
                return vec![WebStep::Answer(self.sealed(&draft, now))];
            }
            Some(action) => return self.withhold(request, &call, &action, now),
        }
        steps.extend(self.answer_and_play(request, &call, now));
        steps
    }

    /// The faults that keep a read request from being booked.
    fn withhold(
        &mut self,
        request: &WebRequest,
        call: &Call,
        action: &Action,
        now: WallTime,
    ) -> Vec<WebStep> {
        if let Some((draft, told)) = self.coded(request, action) {
            self.book.note(call, told);
            return vec![WebStep::Answer(self.sealed(&draft, now))];
        }
        self.book.note(call, Told::No);
        match action {
            Action::Cut => vec![WebStep::Close],
            Action::Late { requests } => {
                self.held.push(Held {
                    after: *requests,
                    request: request.clone(),
                });
                Vec::new()
            }
            _ => {
                // Answered as if it were booked, and it is not.
                let book = self.book.clone();
                let draft = self.protocol.answer(request, &mut self.book, now);
                self.book = book;
                let answer = self.falsified(&draft, action, now);
                answer.map(WebStep::Answer).into_iter().collect()
            }
        }
    }

    /// The answer of a fault that says a code, and what the terminal knows from it.
    fn coded(&self, request: &WebRequest, action: &Action) -> Option<(Draft, Told)> {
        let code = match action {
            Action::Named(code) => code.clone(),
            Action::Code(code) => code.as_str().to_owned(),
            _ => return None,
        };
        let told = if OPEN_CODES.contains(&code.as_str()) {
            Told::No
        } else {
            Told::Lied
        };
        Some((self.protocol.code(request, &code), told))
    }

    /// What an action makes of a right answer; `None` is silence.
    fn falsified(&mut self, draft: &Draft, action: &Action, now: WallTime) -> Option<WebResponse> {
        Some(match action {
            Action::WrongMac => self.tampered(draft, Tamper::WrongSignature, now),
            Action::Unsigned => self.tampered(draft, Tamper::Unsigned, now),
            Action::ForeignAnswer => self.sealed(&of_another(draft.clone()), now),
            Action::OtherAmount => self.sealed(&of_another_amount(draft.clone()), now),
            Action::Corrupt => {
                let mut answer = self.sealed(draft, now);
                if answer.body.is_empty() {
                    return Some(self.tampered(draft, Tamper::WrongSignature, now));
                }
                let middle = answer.body.len() / 2;
                flip(&mut answer.body, middle);
                answer
            }
            Action::Http(oddity) => self.odd(draft, *oddity, now),
            _ => return None,
        })
    }

    fn odd(&mut self, draft: &Draft, oddity: Oddity, now: WallTime) -> WebResponse {
        match oddity {
            Oddity::Status(status) => WebResponse::new(status, "text/html", PAGE),
            Oddity::Html => WebResponse::new(200, "text/html", PAGE),
            Oddity::Empty => WebResponse::new(200, "text/html", ""),
            Oddity::Redirect => {
                let mut answer = WebResponse::new(302, "text/html", PAGE);
                let elsewhere = ("Location".to_owned(), "http://127.0.0.1:9/".to_owned());
                answer.headers.push(elsewhere);
                answer
            }
            Oddity::Charset => {
                let mut answer = self.sealed(draft, now);
                let at = answer.body.len() / 2;
                // 错 in GBK: these two bytes are no UTF-8.
                answer.body.splice(at..at, [0xB4, 0xED]);
                answer
            }
        }
    }

    fn sealed(&mut self, draft: &Draft, now: WallTime) -> WebResponse {
        self.tampered(draft, Tamper::None, now)
    }

    fn tampered(&mut self, draft: &Draft, tamper: Tamper, now: WallTime) -> WebResponse {
        let nonce = self.book.next_nonce();
        self.protocol.seal(draft, &nonce, now, tamper)
    }

    fn answer_and_play(
        &mut self,
        request: &WebRequest,
        call: &Call,
        now: WallTime,
    ) -> Vec<WebStep> {
        let draft = self.protocol.answer(request, &mut self.book, now);
        let answer = self.sealed(&draft, now);
        let right = if draft.open { Told::No } else { Told::Yes };
        let (mut steps, mut told) = match self.faults.fire(&call.kinds, Moment::AfterBooking) {
            None => (vec![WebStep::Answer(answer)], right),
            Some(action) => self.play_booked(request, (&draft, answer), &action, right, now),
        };
        if matches!(steps.last(), Some(WebStep::Answer(_))) && told == right {
            told = self.play_halfway(call, &mut steps).unwrap_or(told);
            self.play_answered(call, &draft, &mut steps, now);
        }
        self.book.note(call, told);
        steps
    }

    /// What strikes once the request is booked.
    fn play_booked(
        &mut self,
        request: &WebRequest,
        (draft, answer): (&Draft, WebResponse),
        action: &Action,
        right: Told,
        now: WallTime,
    ) -> (Vec<WebStep>, Told) {
        if let Some((other, told)) = self.coded(request, action) {
            return (vec![WebStep::Answer(self.sealed(&other, now))], told);
        }
        match action {
            Action::Cut => (vec![WebStep::Close], Told::No),
            Action::Delay { ms } => (vec![WebStep::Wait(*ms), WebStep::Answer(answer)], right),
            Action::Duplicate => {
                let copy = WebStep::Answer(answer.clone());
                (vec![copy, WebStep::Answer(answer)], right)
            }
            _ => {
                let answer = self.falsified(draft, action, now);
                let steps = answer.map(WebStep::Answer).into_iter().collect();
                (steps, Told::No)
            }
        }
    }

    /// What strikes the second half of the answer; `Some` when that half is lost.
    fn play_halfway(&mut self, call: &Call, steps: &mut Vec<WebStep>) -> Option<Told> {
        let action = self.faults.fire(&call.kinds, Moment::MidAnswer)?;
        let Some(WebStep::Answer(mut answer)) = steps.pop() else {
            return None;
        };
        match action {
            Action::Delay { ms } => {
                let rest = WebStep::Rest(answer.clone());
                steps.extend([WebStep::Half(answer), WebStep::Wait(ms), rest]);
                None
            }
            Action::Corrupt => {
                let at = answer.body.len() / 4 * 3;
                flip(&mut answer.body, at);
                steps.push(WebStep::Answer(answer));
                Some(Told::No)
            }
            Action::Cut => {
                steps.extend([WebStep::Half(answer), WebStep::Close]);
                Some(Told::No)
            }
            _ => {
                steps.push(WebStep::Half(answer));
                Some(Told::No)
            }
        }
    }

    /// What follows a whole answer.
    fn play_answered(
        &mut self,
        call: &Call,
        draft: &Draft,
        steps: &mut Vec<WebStep>,
        now: WallTime,
    ) {
        let Some(WebStep::Answer(answer)) = steps.last().cloned() else {
            return;
        };
        match self.faults.fire(&call.kinds, Moment::AfterAnswer) {
            Some(Action::Delay { ms }) => steps.extend([WebStep::Wait(ms), WebStep::Close]),
            Some(Action::Duplicate) => steps.push(WebStep::Answer(answer)),
            Some(Action::Cut) => steps.push(WebStep::Close),
            Some(Action::ForeignAnswer) => {
                let other = self.sealed(&of_another(draft.clone()), now);
                steps.push(WebStep::Answer(other));
            }
            _ => {}
        }
    }
}

fn flip(bytes: &mut [u8], at: usize) {
    if let Some(byte) = bytes.get_mut(at) {
        *byte ^= 0x15;
    }
}

/// The same request with a byte of its body, or of its target, changed.
fn damaged(request: &WebRequest) -> WebRequest {
    let mut request = request.clone();
    if request.body.is_empty() {
        let mut target = std::mem::take(&mut request.target).into_bytes();
        let last = target.last_mut();
        if let Some(byte) = last {
            *byte ^= 1;
        }
        request.target = String::from_utf8(target).unwrap_or_default();
    } else {
        let middle = request.body.len() / 2;
        flip(&mut request.body, middle);
    }
    request
}
