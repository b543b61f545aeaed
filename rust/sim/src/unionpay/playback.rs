//! From a frame to the steps that the terminal will see, with faults applied.

use pos_domain::WallTime;
use pos_iso8583::{Mti, decode};
use zeroize::Zeroizing;

use super::book::Told;
use super::code::AnswerCode;
use super::reply::Reply;
use super::request::{Request, TerminalId, TxnKey};
use super::terminal::{Withheld, take_due};
use super::{Acquirer, Step};
use crate::fault::{Action, Kind, Moment};

impl Acquirer {
    /// Handles one whole frame, its two length bytes included, and says what the terminal will see
    /// on this connection. No steps: silence until the terminal gives up.
    pub fn on_frame(&mut self, frame: &[u8], now: WallTime) -> Vec<Step> {
        let request = match Request::read(frame) {
            Ok(request) => request,
            Err(reason) => {
                log::warn!("frame of {} bytes without an answer: {reason}", frame.len());
                return vec![Step::Close];
            }
        };
        let id = request.terminal.clone();
        let late = take_due(&mut self.terminal(&id).late_answers);
        let held = take_due(&mut self.terminal(&id).held_requests);
        for frame in &late {
            self.note_late(&id, frame);
        }
        let mut steps: Vec<Step> = late
            .into_iter()
            .map(|mut bytes| Step::Send(std::mem::take(&mut *bytes)))
            .collect();
        steps.extend(self.handle(frame, request, now));
        for frame in held {
            steps.extend(self.handle_held(&frame, now));
        }
        if let Some(at) = steps.iter().position(|step| *step == Step::Close) {
            steps.truncate(at + 1);
        }
        steps
    }

    /// A request that a fault held back: booked now, and answered to whoever still listens.
    fn handle_held(&mut self, frame: &[u8], now: WallTime) -> Vec<Step> {
        let Ok(request) = Request::read(frame) else {
            return Vec::new();
        };
        let reply = self.answer(&request, now, true);
        self.note_repeated(&request, &reply);
        vec![Step::Send(self.sealed(&request, &reply))]
    }

    /// Notes the answer to a copy of a request: whoever waits for that of a reversal takes it.
    fn note_repeated(&mut self, request: &Request, reply: &Reply) {
        let code = reply.message.fields.text(39).and_then(AnswerCode::parse);
        let heard = match code {
            Some(code) if request.kind.is_reversal() => Heard::Answer(code),
            _ => Heard::Nothing,
        };
        self.note(request, heard);
    }

    /// Applies what strikes a request that was only read.
    fn handle(&mut self, frame: &[u8], mut request: Request, now: WallTime) -> Vec<Step> {
        let mut steps = Vec::new();
        match self.faults.fire(&[request.kind], Moment::RequestRead) {
            None => {}
            Some(Action::Delay { ms }) => steps.push(Step::Wait(ms)),
            Some(Action::Cutover { pause_ms }) => self.cutover(now, pause_ms),
            Some(Action::Corrupt) => match Request::read(&corrupted(frame)) {
                Ok(other) => request = other,
                Err(_) => {
                    self.note(&request, Heard::Nothing);
                    return vec![Step::Close];
                }
            },
            Some(Action::WrongMac) => request.mac = request.mac.map(|mac| mac.map(|byte| !byte)),
            Some(Action::Duplicate) => {
                steps.extend(self.answer_and_play(&request, now));
                let reply = self.answer(&request, now, true);
                if request.kind.is_reversal() && !steps.contains(&Step::Close) {
                    self.note_repeated(&request, &reply);
                }
                steps.push(Step::Send(self.sealed(&request, &reply)));
                return steps;
            }
            Some(action) => return self.withhold_request(frame, &request, action, now),
        }
        steps.extend(self.answer_and_play(&request, now));
        steps
    }

    /// The faults that keep a read request from being booked.
    fn withhold_request(
        &mut self,
        frame: &[u8],
        request: &Request,
        action: Action,
        now: WallTime,
    ) -> Vec<Step> {
        match action {
            Action::Code(code) => {
                let reply = self.reply_with_code(request, code, now);
                self.note(request, Heard::Lie(code));
                vec![Step::Send(self.sealed(request, &reply))]
            }
            Action::ForeignAnswer => {
                let code = AnswerCode::APPROVED;
                let reply = foreign(self.reply_with_code(request, code, now));
                self.note(request, Heard::Nothing);
                vec![Step::Send(self.sealed(request, &reply))]
            }
            Action::Late { requests } => {
                let frame = Zeroizing::new(frame.to_vec());
                let held = &mut self.terminal(&request.terminal).held_requests;
                held.push(Withheld {
                    after: requests,
                    frame,
                });
                self.note(request, Heard::Nothing);
                Vec::new()
            }
            Action::Cut => {
                self.note(request, Heard::Nothing);
                vec![Step::Close]
            }
            _ => {
                self.note(request, Heard::Nothing);
                Vec::new()
            }
        }
    }

    fn answer_and_play(&mut self, request: &Request, now: WallTime) -> Vec<Step> {
        let reply = self.answer(request, now, false);
        let bytes = self.sealed(request, &reply);
        if bytes.is_empty() {
            return vec![Step::Close];
        }
        let (mut steps, mut heard) = self.play_booked(request, &reply, bytes.clone(), now);
        if matches!(steps.last(), Some(Step::Send(_))) {
            heard = self.play_halfway(request, &mut steps, now).unwrap_or(heard);
            self.play_answered(request, &reply, bytes, &mut steps, now);
        }
        self.note(request, heard);
        steps
    }

    /// What strikes once the request is booked.
    fn play_booked(
        &mut self,
        request: &Request,
        reply: &Reply,
        bytes: Vec<u8>,
        now: WallTime,
    ) -> (Vec<Step>, Heard) {
        let right = Heard::Answer(reply.code());
        let Some(action) = self.faults.fire(&[request.kind], Moment::AfterBooking) else {
            return (vec![Step::Send(bytes)], right);
        };
        match action {
            Action::Drop => (Vec::new(), Heard::Nothing),
            Action::Cut => (vec![Step::Close], Heard::Nothing),
            Action::Delay { ms } => (vec![Step::Wait(ms), Step::Send(bytes)], right),
            Action::Duplicate => (vec![Step::Send(bytes.clone()), Step::Send(bytes)], right),
            Action::Corrupt => (vec![Step::Send(corrupted(&bytes))], Heard::Nothing),
            Action::WrongMac => (vec![Step::Send(last_changed(bytes))], Heard::Nothing),
            Action::ForeignAnswer => {
                let other = self.sealed(request, &foreign(reply.clone()));
                (vec![Step::Send(other), Step::Send(bytes)], right)
            }
            Action::Code(code) => {
                let other = self.reply_with_code(request, code, now);
                (
                    vec![Step::Send(self.sealed(request, &other))],
                    Heard::Lie(code),
                )
            }
            Action::Late { requests } => {
                let frame = Zeroizing::new(bytes);
                let late = &mut self.terminal(&request.terminal).late_answers;
                late.push(Withheld {
                    after: requests,
                    frame,
                });
                (Vec::new(), Heard::Nothing)
            }
            Action::Cutover { pause_ms } => {
                self.cutover(now, pause_ms);
                (vec![Step::Send(bytes)], right)
            }
            // What only a wallet can do wrong never strikes here.
            Action::Named(_) | Action::Unsigned | Action::OtherAmount | Action::Http(_) => {
                (vec![Step::Send(bytes)], right)
            }
        }
    }

    /// What strikes the second half of the answer; `Some` when that half is lost.
    fn play_halfway(
        &mut self,
        request: &Request,
        steps: &mut Vec<Step>,
        now: WallTime,
    ) -> Option<Heard> {
        let action = self.faults.fire(&[request.kind], Moment::MidAnswer)?;
        let Some(Step::Send(mut first)) = steps.pop() else {
            return None;
        };
        let mut second = first.split_off(first.len() / 2);
        steps.push(Step::Send(first));
        match action {
            Action::Delay { ms } => steps.extend([Step::Wait(ms), Step::Send(second)]),
            Action::Cutover { pause_ms } => {
                self.cutover(now, pause_ms);
                steps.push(Step::Send(second));
            }
            Action::Corrupt => {
                flip(&mut second, 0);
                steps.push(Step::Send(second));
                return Some(Heard::Nothing);
            }
            Action::Cut => {
                steps.push(Step::Close);
                return Some(Heard::Nothing);
            }
            _ => return Some(Heard::Nothing),
        }
        None
    }

    /// What follows a whole answer.
    fn play_answered(
        &mut self,
        request: &Request,
        reply: &Reply,
        bytes: Vec<u8>,
        steps: &mut Vec<Step>,
        now: WallTime,
    ) {
        if steps.last() == Some(&Step::Close) {
            return;
        }
        match self.faults.fire(&[request.kind], Moment::AfterAnswer) {
            Some(Action::Delay { ms }) => steps.extend([Step::Wait(ms), Step::Close]),
            Some(Action::Duplicate) => steps.push(Step::Send(bytes)),
            Some(Action::Cut) => steps.push(Step::Close),
            Some(Action::ForeignAnswer) => {
                steps.push(Step::Send(self.sealed(request, &foreign(reply.clone()))));
            }
            Some(Action::Cutover { pause_ms }) => self.cutover(now, pause_ms),
            _ => {}
        }
    }

    /// A withheld answer leaves at last: the answer to a reversal closes it.
    fn note_late(&mut self, id: &TerminalId, answer: &[u8]) {
        let Some(message) = decode(answer).ok().map(|answer| answer.to_message()) else {
            return;
        };
        let text = |field| message.fields.text(field).unwrap_or_default();
        if message.mti != Mti::REVERSAL.response() {
            return;
        }
        let key = TxnKey {
            terminal: id.clone(),
            batch: text(60).get(2..8).unwrap_or_default().to_owned(),
            trace: text(11).to_owned(),
        };
        let terminal = self.terminal(id);
        terminal.owed.remove(&key);
        if AnswerCode::parse(text(39)).is_some_and(AnswerCode::ends_a_reversal) {
            terminal.reversals_ended.insert(key);
        }
    }

    /// Remembers whether the terminal can know how its request went. What was lost once stays lost:
    /// the answer to a repetition does not tell what the first one did.
    fn note(&mut self, request: &Request, heard: Heard) {
        let key = request.key();
        let told = heard.told();
        let booked = self
            .book
            .get_mut(&key)
            .filter(|txn| txn.kind == request.kind);
        if let (Some(txn), true) = (booked, told != Told::Yes) {
            txn.told = told;
        }
        let by_code_void = request.kind == Kind::Void && request.is_code();
        let terminal = self.terminal(&request.terminal);
        if request.kind.is_reversal() {
            if let Heard::Answer(code) | Heard::Lie(code) = heard {
                // Refused or not, an answered reversal no longer holds up what comes after it.
                terminal.owed.remove(&key);
                if code.ends_a_reversal() {
                    terminal.reversals_ended.insert(key);
                }
            }
        } else if request.kind.is_reversible()
            && !by_code_void
            && told == Told::No
            && !terminal.reversals_ended.contains(&key)
        {
            terminal.owed.insert(key, request.kind);
        }
    }
}

/// What the terminal can have read.
#[derive(Clone, Copy)]
enum Heard {
    /// No usable answer.
    Nothing,
    /// The right answer.
    Answer(AnswerCode),
    /// A code that a fault put in its place.
    Lie(AnswerCode),
}

impl Heard {
    /// A definite code closes the matter for the terminal, though it may be a lie; others leave it
    /// open.
    fn told(self) -> Told {
        match self {
            Self::Nothing => Told::No,
            Self::Answer(code) | Self::Lie(code) if code.leaves_open() => Told::No,
            Self::Answer(_) => Told::Yes,
            Self::Lie(_) => Told::Lied,
        }
    }
}

/// The same answer as to another trace; to another terminal where there is no trace.
fn foreign(mut reply: Reply) -> Reply {
    let fields = &mut reply.message.fields;
    let trace = fields.text(11).and_then(|trace| trace.parse::<u32>().ok());
    match trace {
        Some(trace) => fields.set(11, format!("{:06}", trace % 999_999 + 1)),
        None => fields.set(41, "99999999"),
    };
    reply
}

fn flip(bytes: &mut [u8], at: usize) {
    if let Some(byte) = bytes.get_mut(at) {
        *byte ^= 0x55;
    }
}

fn corrupted(frame: &[u8]) -> Vec<u8> {
    let mut bytes = frame.to_vec();
    flip(&mut bytes, frame.len() / 2);
    bytes
}

fn last_changed(mut bytes: Vec<u8>) -> Vec<u8> {
    if let Some(last) = bytes.last_mut() {
        *last ^= 1;
    }
    bytes
}
