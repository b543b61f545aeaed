//! The conversation, one step at a time: the caller carries bytes to the card and back.

use std::collections::VecDeque;

use zeroize::Zeroizing;

use crate::apdu::{self, Reply};
use crate::card::{self, CardRead};
use crate::facts::Facts;
use crate::failure::{Place, ReadFailure};
use crate::list;
use crate::terminal::{Application, Payment, TerminalData, Told, told};
use crate::tlv::{self, TlvError};

/// More commands than any payment card needs; a card that wants more is a prank.
const MOST_COMMANDS: u32 = 60;
/// Longest answer put together from pieces, in bytes.
const LONGEST_ANSWER: usize = 4096;

/// What to do next.
#[derive(Debug)]
pub enum Step {
    /// Carry this to the card and hand the whole answer, status included, to [`Reading::answer`].
    Send(Vec<u8>),
    /// The card has said everything and may be taken away.
    Done(Box<CardRead>),
    /// It ended without a card to charge.
    Failed(ReadFailure),
}

enum Stage {
    Directory,
    Application,
    Options,
    Records(VecDeque<(u8, u8)>),
    Over,
}

impl Stage {
    const fn place(&self) -> Place {
        match self {
            Self::Directory => Place::Directory,
            Self::Application => Place::Application,
            Self::Options => Place::Options,
            Self::Records(_) | Self::Over => Place::Record,
        }
    }
}

/// An application that both sides know.
struct Candidate {
    name: Vec<u8>,
    application: Application,
    priority: u8,
}

/// One reading of one card for one payment. It holds no connection and no clock.
pub struct Reading {
    terminal: TerminalData,
    payment: Payment,
    told: Vec<Told>,
    stage: Stage,
    candidates: VecDeque<Candidate>,
    facts: Facts,
    sent: Vec<u8>,
    pieces: Zeroizing<Vec<u8>>,
    commands: u32,
}

impl std::fmt::Debug for Reading {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "Reading(at {:?}, {} commands)",
            self.stage.place(),
            self.commands
        )
    }
}

impl Reading {
    /// Begins, with the first command.
    #[must_use]
    pub fn start(terminal: TerminalData, payment: Payment) -> (Self, Vec<u8>) {
        let first = apdu::select(apdu::DIRECTORY);
        let told = told(&terminal, &payment);
        let reading = Self {
            terminal,
            payment,
            told,
            stage: Stage::Directory,
            candidates: VecDeque::new(),
            facts: Facts::default(),
            sent: first.clone(),
            pieces: Zeroizing::default(),
            commands: 1,
        };
        (reading, first)
    }

    /// Takes the card's whole answer to the last command.
    pub fn answer(&mut self, answer: &[u8]) -> Step {
        let next = self.take(answer).and_then(|step| self.count(step));
        let step = next.unwrap_or_else(Step::Failed);
        match &step {
            Step::Send(command) => self.sent.clone_from(command),
            Step::Done(_) | Step::Failed(_) => self.stage = Stage::Over,
        }
        step
    }

    /// The card went away, or the reader failed.
    pub fn lost(&mut self) -> Step {
        self.stage = Stage::Over;
        Step::Failed(ReadFailure::Gone)
    }

    fn count(&mut self, step: Step) -> Result<Step, ReadFailure> {
        self.commands = self.commands.saturating_add(1);
        if matches!(step, Step::Send(_)) && self.commands > MOST_COMMANDS {
            return Err(ReadFailure::Endless);
        }
        Ok(step)
    }

    /// Puts an answer together, then reads it where the conversation stands.
    fn take(&mut self, answer: &[u8]) -> Result<Step, ReadFailure> {
        let place = self.stage.place();
        let unreadable = ReadFailure::Unreadable { place, at: 0 };
        let reply = Reply::split(answer).ok_or(unreadable)?;
        if self.pieces.len().saturating_add(reply.data.len()) > LONGEST_ANSWER {
            return Err(ReadFailure::TooMuch);
        }
        self.pieces.extend_from_slice(reply.data);
        let [high, low] = reply.status.to_be_bytes();
        match high {
            0x61 => return Ok(Step::Send(apdu::get_response(low))),
            0x6C => return Ok(Step::Send(apdu::with_length(&self.sent, low))),
            _ => {}
        }
        let whole = std::mem::take(&mut self.pieces);
        match &mut self.stage {
            Stage::Directory => self.directory(&whole, reply.status),
            Stage::Application => self.application(&whole, reply.status),
            Stage::Options => self.options(&whole, reply.status),
            Stage::Records(_) => self.record(&whole, reply.status),
            Stage::Over => Err(unreadable),
        }
    }

    fn directory(&mut self, answer: &[u8], status: u16) -> Result<Step, ReadFailure> {
        match status {
            0x9000 => {}
            0x6A81 | 0x6A82 | 0x6D00 | 0x6E00 => return Err(ReadFailure::NoPayment),
            _ => return Err(refusal(Place::Directory, status)),
        }
        self.candidates = candidates(answer, &self.terminal.applications)?.into();
        self.try_candidate().ok_or(ReadFailure::NotAccepted)
    }

    fn try_candidate(&mut self) -> Option<Step> {
        let candidate = self.candidates.front()?;
        self.stage = Stage::Application;
        Some(Step::Send(apdu::select(&candidate.name)))
    }

    /// The next application both know, or what the last one failed with.
    fn next_candidate(&mut self, failure: ReadFailure) -> Result<Step, ReadFailure> {
        self.candidates.pop_front();
        self.facts = Facts::default();
        self.try_candidate().ok_or(failure)
    }

    fn application(&mut self, answer: &[u8], status: u16) -> Result<Step, ReadFailure> {
        if status != 0x9000 {
            return self.next_candidate(refusal(Place::Application, status));
        }
        let list = value_of(answer, 0x9F38, Place::Application)?;
        let wishes = list.map(list::wishes).transpose();
        let wishes = wishes.map_err(|at| ReadFailure::Unreadable {
            place: Place::Application,
            at,
        })?;
        let wishes = wishes.unwrap_or_default();
        if !wishes.iter().any(|wish| wish.tag == 0x9F66) {
            return self.next_candidate(ReadFailure::OtherInterface);
        }
        let data = list::fulfil(&wishes, &self.told).ok_or(ReadFailure::TooMuch)?;
        self.stage = Stage::Options;
        Ok(Step::Send(apdu::processing_options(&data)))
    }

    fn options(&mut self, answer: &[u8], status: u16) -> Result<Step, ReadFailure> {
        match status {
            0x9000 => {}
            0x6985 => return self.next_candidate(refusal(Place::Options, status)),
            _ => return Err(refusal(Place::Options, status)),
        }
        if let Some(bare) = value_of(answer, 0x80, Place::Options)? {
            let short = ReadFailure::Malformed { tag: 0x80 };
            let (profile, files) = bare.split_at_checked(2).ok_or(short)?;
            self.facts.keep(0x82, profile)?;
            self.facts.keep(0x94, files)?;
        } else {
            self.facts.learn(answer, Place::Options)?;
        }
        let records = records(self.facts.get(0x94).unwrap_or_default())?;
        self.stage = Stage::Records(records);
        self.next_record()
    }

    fn record(&mut self, answer: &[u8], status: u16) -> Result<Step, ReadFailure> {
        if status != 0x9000 {
            return Err(refusal(Place::Record, status));
        }
        self.facts.learn(answer, Place::Record)?;
        self.next_record()
    }

    fn next_record(&mut self) -> Result<Step, ReadFailure> {
        if let Stage::Records(left) = &mut self.stage
            && let Some((file, record)) = left.pop_front()
        {
            return Ok(Step::Send(apdu::read_record(file, record)));
        }
        let chosen = self.candidates.front().ok_or(ReadFailure::NotAccepted)?;
        let application = (chosen.name.as_slice(), &chosen.application);
        let read = card::judge(
            &self.facts,
            application,
            &self.terminal,
            &self.payment,
            &self.told,
        )?;
        Ok(Step::Done(Box::new(read)))
    }
}

/// Conditions of use (spec 9.1) are the holder's to mend; all other refusals are the card's word.
const fn refusal(place: Place, status: u16) -> ReadFailure {
    match status {
        0x6984..=0x6986 => ReadFailure::NotReady { place, status },
        _ => ReadFailure::Refused { place, status },
    }
}

/// The first value of a tag anywhere in an answer.
fn value_of(answer: &[u8], tag: u32, place: Place) -> Result<Option<&[u8]>, ReadFailure> {
    let mut found = None;
    tlv::walk(answer, &mut |element| {
        if element.tag == tag && found.is_none() {
            found = Some(element.value);
        }
    })
    .map_err(|error| ReadFailure::Unreadable {
        place,
        at: error.at,
    })?;
    Ok(found)
}

/// The entries of the directory that this terminal takes, best first: the lowest priority that is
/// not zero (spec 6, step 1), then the terminal's own order.
fn candidates(answer: &[u8], known: &[Application]) -> Result<Vec<Candidate>, ReadFailure> {
    let names = entries(answer, tlv::DEEPEST).map_err(|error| ReadFailure::Unreadable {
        place: Place::Directory,
        at: error.at,
    })?;
    let mut candidates: Vec<Candidate> = known
        .iter()
        .flat_map(|application| {
            let fits = names
                .iter()
                .filter(|(name, _)| name.starts_with(&application.id));
            fits.map(|(name, priority)| Candidate {
                name: name.clone(),
                application: application.clone(),
                priority: *priority,
            })
        })
        .collect();
    candidates.sort_by_key(|candidate| candidate.priority);
    Ok(candidates)
}

/// Name and priority of every entry (template 61), whatever the order of the two.
fn entries(answer: &[u8], deeper: usize) -> Result<Vec<(Vec<u8>, u8)>, TlvError> {
    let mut found = Vec::new();
    for element in tlv::elements(answer) {
        let element = element?;
        if element.tag == 0x61 {
            let name = tlv::find(element.value, 0x4F)?;
            let wish = match tlv::find(element.value, 0x87)? {
                Some(&[priority]) if priority & 0x0F != 0 => priority & 0x0F,
                _ => u8::MAX,
            };
            let name = name.filter(|name| (5..=16).contains(&name.len()));
            found.extend(name.map(|name| (name.to_vec(), wish)));
        } else if element.constructed {
            let deeper = deeper.checked_sub(1).ok_or(TlvError { at: 0 })?;
            found.append(&mut entries(element.value, deeper)?);
        }
    }
    Ok(found)
}

/// The records that the file locator (tag 94) names, in its order.
fn records(locator: &[u8]) -> Result<VecDeque<(u8, u8)>, ReadFailure> {
    let malformed = ReadFailure::Malformed { tag: 0x94 };
    let (entries, rest) = locator.as_chunks::<4>();
    if !rest.is_empty() {
        return Err(malformed);
    }
    let mut records = VecDeque::new();
    for &[file, first, last, _] in entries {
        let file = file >> 3;
        if !(1..=30).contains(&file) || first == 0 || last < first {
            return Err(malformed);
        }
        records.extend((first..=last).map(|record| (file, record)));
        if records.len() > usize::try_from(MOST_COMMANDS).unwrap_or(usize::MAX) {
            return Err(ReadFailure::Endless);
        }
    }
    Ok(records)
}
