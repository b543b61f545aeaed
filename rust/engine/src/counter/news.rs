//! Telling whoever watches: a thread that reads stored events after each commit and hands them
//! on. An event is told at least once; one that nobody acknowledged is told again at the next
//! opening.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;

use pos_domain::{Id, SaleStatus, UndoKind, UndoStatus};
use pos_ledger::{Event as Stored, Ledger, LedgerError};

/// Events read at once.
const PAGE: u32 = 500;

/// What changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// A sale's own status.
    SaleChanged {
        /// Which.
        sale: String,
        /// Its status then.
        status: SaleStatus,
    },
    /// An undo's status.
    UndoChanged {
        /// Which.
        undo: String,
        /// Of which sale.
        sale: String,
        /// Void or refund.
        kind: UndoKind,
        /// Its status then.
        status: UndoStatus,
        /// How much, minor units.
        amount: i64,
    },
    /// What is owed.
    QueueChanged,
    /// Line, sign-in or operator.
    TerminalChanged,
    /// The settlement of a batch.
    SettlementChanged {
        /// Six digits.
        batch: String,
    },
    /// The core met a fault and must be closed and opened again.
    RestartNeeded,
}

/// Something changed. It says where to look; the truth is what a question then says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// More than 0: stored until acknowledged; 0: a mere hint.
    pub sequence: i64,
    /// Epoch milliseconds.
    pub at: i64,
    /// What.
    pub change: Change,
}

/// Is told of events, on a thread of the core, one at a time. It must return at once and must not
/// call the core.
pub trait Observer: Send + Sync {
    /// Takes an event.
    fn on_event(&self, event: Event);
}

#[derive(Default)]
struct Waiting {
    committed: bool,
    hints: Vec<Change>,
    stop: bool,
}

#[derive(Default)]
struct Bell {
    waiting: Mutex<Waiting>,
    rung: Condvar,
}

impl Bell {
    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn ring(&self, change: impl FnOnce(&mut Waiting)) {
        change(&mut self.lock());
        self.rung.notify_one();
    }

    /// Waits for something to tell.
    fn wait(&self) -> Waiting {
        let nothing = |w: &mut Waiting| !w.committed && w.hints.is_empty() && !w.stop;
        let waited = self.rung.wait_while(self.lock(), nothing);
        std::mem::take(&mut *waited.unwrap_or_else(PoisonError::into_inner))
    }
}

/// Rings the bell, from any thread.
#[derive(Clone, Default)]
pub(super) struct Hints(Arc<Bell>);

impl Hints {
    pub(super) fn tell(&self, change: Change) {
        self.0.ring(|waiting| waiting.hints.push(change));
    }
}

/// The thread that tells; it ends when this is dropped.
pub(super) struct News {
    hints: Hints,
    thread: Option<JoinHandle<()>>,
}

impl News {
    /// Begins to tell `observer` what `ledger` stores, with what nobody acknowledged yet first.
    /// `committed` is called after each commit, too, and must return at once.
    pub(super) fn start(
        hints: Hints,
        ledger: Arc<Ledger>,
        observer: Arc<dyn Observer>,
        committed: impl Fn() + Send + Sync + 'static,
    ) -> std::io::Result<Self> {
        let bell = Arc::clone(&hints.0);
        bell.ring(|waiting| waiting.committed = true);
        let watched = Arc::clone(&bell);
        ledger.watch(Box::new(move || {
            watched.ring(|w| w.committed = true);
            committed();
        }));
        let thread = std::thread::Builder::new()
            .name("pos-news".to_owned())
            .spawn(move || tell_until_stopped(&bell, &ledger, observer.as_ref()))?;
        Ok(Self {
            hints,
            thread: Some(thread),
        })
    }
}

impl Drop for News {
    fn drop(&mut self) {
        self.hints.0.ring(|waiting| waiting.stop = true);
        let ended = self.thread.take().map(JoinHandle::join);
        if let Some(Err(_)) = ended {
            log::error!("news: the thread died");
        }
    }
}

fn tell_until_stopped(bell: &Bell, ledger: &Ledger, observer: &dyn Observer) {
    let mut told = None;
    loop {
        let waiting = bell.wait();
        if waiting.stop {
            return;
        }
        if waiting.committed
            && let Err(error) = tell_new(ledger, &mut told, observer)
        {
            log::error!("news: {error}");
        }
        for change in waiting.hints {
            let (sequence, at) = (0, 0);
            observer.on_event(Event {
                sequence,
                at,
                change,
            });
        }
    }
}

/// Tells what is stored behind `told`, page by page; what stood there is not read again.
fn tell_new(
    ledger: &Ledger,
    told: &mut Option<i64>,
    observer: &dyn Observer,
) -> Result<(), LedgerError> {
    loop {
        let stored = ledger.read(|query| match *told {
            Some(seq) => query.events_after(seq, PAGE),
            None => query.waiting_events(PAGE),
        })?;
        if stored.is_empty() {
            return Ok(());
        }
        for event in &stored {
            *told = Some(event.seq);
            observer.on_event(event_of(ledger, event));
        }
    }
}

/// All stored events that nobody acknowledged, oldest first.
pub(super) fn waiting_events(ledger: &Ledger) -> Result<Vec<Event>, LedgerError> {
    let mut waiting = Vec::new();
    let mut stored = ledger.read(|query| query.waiting_events(PAGE))?;
    while let Some(last) = stored.last().map(|event| event.seq) {
        waiting.extend(stored.iter().map(|event| event_of(ledger, event)));
        stored = ledger.read(|query| query.events_after(last, PAGE))?;
    }
    Ok(waiting)
}

/// One that cannot be read still says that something changed.
fn event_of(ledger: &Ledger, stored: &Stored) -> Event {
    Event {
        sequence: stored.seq,
        at: stored.created,
        change: change_of(ledger, stored).unwrap_or(Change::QueueChanged),
    }
}

fn change_of(ledger: &Ledger, stored: &Stored) -> Result<Change, LedgerError> {
    let subject = &stored.subject;
    Ok(match stored.kind.as_str() {
        "sale" => Change::SaleChanged {
            sale: subject.clone(),
            status: stored.payload.parse()?,
        },
        "undo" => {
            let id = Id::parse(subject).map_err(|_| LedgerError::Value("id"))?;
            let undo = ledger.read(|query| query.undo(&id))?;
            Change::UndoChanged {
                undo: subject.clone(),
                sale: undo.original.to_string(),
                kind: undo.kind,
                status: stored.payload.parse()?,
                amount: undo.amount.minor(),
            }
        }
        // What the counter was told of a payment by code; its status stands beside.
        "told" => {
            let id = Id::parse(subject).map_err(|_| LedgerError::Value("id"))?;
            Change::SaleChanged {
                sale: subject.clone(),
                status: ledger.read(|query| query.sale(&id))?.status,
            }
        }
        "settlement" => Change::SettlementChanged {
            batch: subject.clone(),
        },
        "obligation" => Change::QueueChanged,
        _ => Change::TerminalChanged,
    })
}

#[cfg(test)]
mod tests {
    use pos_domain::{Amount, Entry, OriginalKind, Rail};
    use pos_ledger::{DataKey, LedgerOptions, NewOriginal, Sealer, Stamp};

    use super::*;
    use crate::{SystemClock, SystemRandom};

    /// Keeps the numbers that it is told.
    #[derive(Default)]
    struct Ear(Mutex<Vec<i64>>);

    impl Observer for Ear {
        fn on_event(&self, event: Event) {
            self.0.lock().unwrap().push(event.sequence);
        }
    }

    fn sell(ledger: &Ledger, from: u32, count: u32) {
        let clock = SystemClock::new().unwrap();
        let stamp = Stamp {
            at: pos_domain::ports::Clock::now(&clock),
            operator: "01".to_owned(),
        };
        let write = ledger.write(stamp, |tx| {
            for number in from..from + count {
                tx.insert_original(&NewOriginal {
                    id: &Id::parse(&format!("S{number}")).unwrap(),
                    kind: OriginalKind::Sale,
                    rail: Rail::UnionPay,
                    amount: Amount::from_minor(1).unwrap(),
                    entry: Entry::Manual,
                    account: None,
                    batch: "000001",
                    trace: None,
                    terminal: "T",
                    merchant: "M",
                    status: SaleStatus::Sending,
                    code: None,
                    parent: None,
                    deadline: None,
                    request: None,
                })?;
            }
            Ok::<_, LedgerError>(())
        });
        write.unwrap();
    }

    #[test]
    fn however_many_nobody_acknowledged_each_is_told_once() {
        let folder = tempfile::tempdir().unwrap();
        let random = Arc::new(SystemRandom);
        let ledger = Ledger::open(LedgerOptions {
            path: folder.path().join("ledger.db"),
            sealer: Sealer::new(&DataKey([7; 32]), random.clone()),
            random,
        })
        .unwrap();
        let (ear, mut told) = (Ear::default(), None);
        tell_new(&ledger, &mut told, &ear).unwrap();
        assert_eq!(told, None);
        for (from, count) in [(0, 2 * PAGE + 100), (5000, 1), (6000, PAGE)] {
            sell(&ledger, from, count);
            tell_new(&ledger, &mut told, &ear).unwrap();
        }
        let heard = ear.0.lock().unwrap();
        assert_eq!(heard.len(), usize::try_from(3 * PAGE + 101).unwrap());
        assert!(heard.is_sorted_by(|a, b| a < b), "once, and in order");
        assert_eq!(waiting_events(&ledger).unwrap().len(), heard.len());
    }
}
