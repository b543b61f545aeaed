//! Telling whoever watches: a thread that reads stored events after each commit and hands them
//! on. An event is told at least once; one that nobody acknowledged is told again at the next
//! opening.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;

use pos_domain::{Id, SaleStatus, UndoKind, UndoStatus};
use pos_ledger::{Event as Stored, Ledger, LedgerError};

/// Events read at once; far more than anybody leaves unacknowledged.
const AT_ONCE: u32 = 10_000;

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
    pub(super) fn start(
        hints: Hints,
        ledger: Arc<Ledger>,
        observer: Arc<dyn Observer>,
    ) -> std::io::Result<Self> {
        let bell = Arc::clone(&hints.0);
        bell.ring(|waiting| waiting.committed = true);
        let watched = Arc::clone(&bell);
        ledger.watch(Box::new(move || watched.ring(|w| w.committed = true)));
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
    let mut told = 0;
    loop {
        let waiting = bell.wait();
        if waiting.stop {
            return;
        }
        if waiting.committed {
            match waiting_events(ledger, told) {
                Ok(events) => {
                    for event in events {
                        told = event.sequence;
                        observer.on_event(event);
                    }
                }
                Err(error) => log::error!("news: {error}"),
            }
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

/// Stored events behind `told` that nobody acknowledged, oldest first.
pub(super) fn waiting_events(ledger: &Ledger, told: i64) -> Result<Vec<Event>, LedgerError> {
    let mut stored = ledger.read(|query| query.waiting_events(AT_ONCE))?;
    stored.retain(|event| event.seq > told);
    Ok(stored.iter().map(|event| event_of(ledger, event)).collect())
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
        "settlement" => Change::SettlementChanged {
            batch: subject.clone(),
        },
        "obligation" => Change::QueueChanged,
        _ => Change::TerminalChanged,
    })
}
