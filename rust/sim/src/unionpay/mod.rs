//! The simulated UnionPay acquirer: frames in, frames and pauses out. No socket, no clock, no
//! thread; the same seed and the same input give the same bytes.

mod admit;
mod answer;
mod book;
mod calendar;
mod cards;
mod code;
mod crypto;
mod downloads;
mod hold;
mod money;
mod network;
mod notices;
mod playback;
mod reply;
mod request;
mod reversal;
mod settings;
mod settle;
mod terminal;
mod undo;
mod violation;

use std::collections::{BTreeMap, BTreeSet};

use pos_domain::WallTime;
use serde_json::{Value, json};

pub use cards::{Card, CardListError, parse_cards};
pub use code::AnswerCode;
pub use crypto::MacMethod;
pub use settings::{MasterKey, Settings};
pub use violation::{Rule, Violation};

pub(crate) use book::Told;

use crate::fault::{Action, Fault, FaultSet, Moment};
use book::Book;
use calendar::Calendar;
use crypto::Generator;
use request::{TerminalId, TxnKey};
use settle::Settlement;
use terminal::Terminal;

/// What the host does with one request, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// These bytes leave: a whole frame with its two length bytes, or a part of one.
    Send(Vec<u8>),
    /// Nothing happens for this many milliseconds.
    Wait(u64),
    /// The connection is closed; no step follows.
    Close,
}

/// Whether a connection is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Connect {
    /// It stands.
    Accept,
    /// It is refused: not one byte of a request can leave.
    Refuse,
}

/// The acquirer, with its terminals, books and pending faults.
#[derive(Clone, Debug)]
pub struct Acquirer {
    settings: Settings,
    random: Generator,
    calendar: Calendar,
    offline: bool,
    /// The job that the next answer asks for in its header (spec 1.4).
    header_job: u8,
    terminals: BTreeMap<TerminalId, Terminal>,
    book: Book,
    faults: FaultSet,
    violations: Vec<Violation>,
    /// Batches under settlement, by terminal and batch.
    settlements: BTreeMap<TxnKey, Settlement>,
    /// Transactions whose script results were told.
    scripts: BTreeSet<TxnKey>,
    /// Transactions whose signature is here.
    signatures: BTreeSet<TxnKey>,
    /// How many references (F37) and authorization codes (F38) were given out.
    issued: u64,
    first_auth: u64,
}

impl Acquirer {
    /// An acquirer that knows no terminal and has booked nothing.
    #[must_use]
    pub fn new(settings: Settings) -> Self {
        let mut random = Generator::new(settings.seed);
        Self {
            first_auth: random.next() % 1_000_000,
            calendar: Calendar::new(settings.day_cutover),
            settings,
            random,
            offline: false,
            header_job: 0,
            terminals: BTreeMap::new(),
            book: Book::default(),
            faults: FaultSet::default(),
            violations: Vec::new(),
            settlements: BTreeMap::new(),
            scripts: BTreeSet::new(),
            signatures: BTreeSet::new(),
            issued: 0,
        }
    }

    /// A terminal wants to connect.
    pub fn on_connect(&mut self, now: WallTime) -> Connect {
        if self.offline {
            return Connect::Refuse;
        }
        match self.faults.fire(&[], Moment::BeforeConnect) {
            Some(Action::Cutover { pause_ms }) => {
                self.cutover(now, pause_ms);
                Connect::Accept
            }
            Some(_) => Connect::Refuse,
            None => Connect::Accept,
        }
    }

    /// Adds faults.
    pub fn add_faults(&mut self, faults: impl IntoIterator<Item = Fault>) {
        self.faults.add(faults);
    }

    /// Forgets all faults that have not struck yet.
    pub fn clear_faults(&mut self) {
        self.faults.clear();
    }

    /// The faults that have not struck yet.
    #[must_use]
    pub const fn faults(&self) -> &FaultSet {
        &self.faults
    }

    /// Moves the business day on; for `pause_ms` milliseconds from now financial requests are
    /// answered 90.
    pub fn cutover(&mut self, now: WallTime, pause_ms: i64) {
        self.calendar.cutover(now, pause_ms);
    }

    /// Forgets the working keys of all terminals: they must sign in again.
    pub fn drop_keys(&mut self) {
        for terminal in self.terminals.values_mut() {
            terminal.keys = None;
        }
    }

    /// Takes new working keys for all terminals that are signed in, without telling them: every
    /// MAC they make is wrong until they sign in again.
    pub fn rotate_keys(&mut self) {
        for terminal in self.terminals.values_mut() {
            if let (Some(mode), true) = (terminal.mode, terminal.keys.is_some()) {
                let keys = terminal::WorkingKeys::generate(mode, &self.settings, &mut self.random);
                terminal.keys = Some(keys);
            }
        }
    }

    /// Refuses connections, or takes them again.
    pub const fn set_offline(&mut self, offline: bool) {
        self.offline = offline;
    }

    /// True while connections are refused.
    #[must_use]
    pub const fn is_offline(&self) -> bool {
        self.offline
    }

    /// Gives every terminal another batch, 1 to 999999, told at its next sign-in.
    pub fn set_batch(&mut self, batch: u32) {
        let batch = batch.clamp(1, 999_999);
        self.settings.first_batch = batch;
        for terminal in self.terminals.values_mut() {
            terminal.move_to(batch);
        }
    }

    /// Has the next answer ask for a job in its header: 1 to 9 as in spec 1.4; 0 takes it back.
    pub fn ask_for(&mut self, job: u8) {
        self.header_job = job.min(9);
    }

    /// What terminals did that they must never do.
    #[must_use]
    pub fn violations(&self) -> &[Violation] {
        &self.violations
    }

    /// The money ledger of this rail: `sales`, `net` and `violations`; beside them the pre-auths as
    /// `holds`, the settled `batches`, and `signatures` by key.
    #[must_use]
    pub fn ledger(&self) -> Value {
        json!({
            "sales": self.book.sales(),
            "net": self.book.total_net(),
            "violations": self.violations.iter().map(Violation::json).collect::<Vec<_>>(),
            "holds": self.book.holds(),
            "batches": self.batches(),
            "signatures": self.signatures.iter().map(TxnKey::text).collect::<Vec<_>>(),
        })
    }

    fn terminal(&mut self, id: &TerminalId) -> &mut Terminal {
        let first_batch = self.settings.first_batch;
        self.terminals
            .entry(id.clone())
            .or_insert_with(|| Terminal::new(first_batch))
    }

    /// The next reference: local date and a counter, twelve digits.
    fn next_reference(&mut self, now: WallTime) -> String {
        self.issued += 1;
        format!("{}{:08}", now.mmdd(), self.issued % 100_000_000)
    }

    /// The authorization code that goes with the last reference; none repeats within a million.
    fn last_auth(&self) -> String {
        format!("{:06}", (self.first_auth + self.issued) % 1_000_000)
    }
}
