//! The terminal as a screen at the counter wants it: one long-lived thing that can be opened and
//! closed, knows who works and in which language, and answers in flat records.
//!
//! It must not know a screen or a binding. A command returns once it is committed; what becomes
//! of it is told as an event, and the truth is what a question then says.

mod check;
mod copies;
mod copying;
mod evidence;
mod failure;
mod life;
mod link;
mod news;
mod owed;
mod payment;
mod people;
mod preauth;
mod reader;
mod record;
mod refund;
mod report;
mod requests;
mod rescue;
mod sales;
mod settlement;
mod shapes;
mod slips;
mod tap;
mod terminal;
mod undo;

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use pos_diagnosis::Situation;
use pos_domain::ports::{Clock, KeyStore, Outside};
use pos_domain::{Code, Id, Lang, LocalCode};

pub use copies::{Copies, LedgerCheck};
pub use failure::Failure;
pub use life::{CoreState, Network};
pub use news::{Change, Event, Observer};
pub use payment::Frame;
pub use preauth::{CompletionRequest, PreauthRequest};
pub use refund::{ReferencePreview, ReferenceRefund};
pub use requests::{
    Approval, CardRead, FileGiven, Means, NewOperator, ProfileGiven, RefundRequest, SaleQuery,
    SaleRequest, VoidRequest,
};
pub use rescue::{ClearingGiven, StatementGiven};
pub use shapes::*;
pub use slips::{Copy, SlipOf};

use crate::edition::Edition;
use crate::home::Home;
use crate::terminal::{EngineError, Terminal};
use copying::{CopyBell, Copying, PlaceNow};
use link::Health;
use news::{Hints, News};
use reader::Reader;
use tap::Tap;

/// What the counter needs from outside.
#[derive(Clone)]
pub struct CounterPorts {
    /// The clocks.
    pub clock: Arc<dyn Clock>,
    /// Wraps the data key.
    pub key_store: Arc<dyn KeyStore>,
    /// Where restore epoch and reserved traces stand.
    pub outside: Arc<dyn Outside>,
    /// The edition of the app.
    pub edition: Edition,
    /// A link to a simulator in the process; none for a real host.
    pub link: Option<Arc<dyn pos_flows::link::Link>>,
}

/// What is open.
struct Opened {
    // Dropped first: they read the ledger and hear the terminal.
    copying: Copying,
    news: News,
    terminal: Terminal,
    health: Arc<Health>,
}

/// What the counter remembers while the process lives.
#[derive(Default)]
struct Session {
    lang: Lang,
    who: Option<String>,
    network: Option<Network>,
}

/// How the last sign-in went; shared with the job that makes it.
#[derive(Default)]
struct SignInState {
    running: AtomicBool,
    failure: Mutex<Option<Code>>,
}

impl SignInState {
    fn failure(&self) -> Option<Code> {
        let failure = self.failure.lock();
        failure.unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn set_failure(&self, code: Option<Code>) {
        let failure = self.failure.lock();
        *failure.unwrap_or_else(PoisonError::into_inner) = code;
    }
}

/// The terminal at the counter. Any thread may call it.
///
/// Locks, never nested: `opened` while it is opened or closed, and for as long as it takes to
/// take a share of what is open; `session` for one read or write; `tap` for one step of a card.
pub struct Counter {
    home: Home,
    ports: CounterPorts,
    observer: Arc<dyn Observer>,
    opened: RwLock<Option<Arc<Opened>>>,
    session: Mutex<Session>,
    sign_in: Arc<SignInState>,
    tap: Mutex<Tap>,
    hints: Hints,
    copy_bell: CopyBell,
    copy_place: PlaceNow,
}

impl std::fmt::Debug for Counter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Counter(…)")
    }
}

impl Counter {
    /// The counter of a home. Touches nothing.
    #[must_use]
    pub fn new(home: Home, ports: CounterPorts, observer: Arc<dyn Observer>) -> Self {
        Self {
            home,
            ports,
            observer,
            opened: RwLock::default(),
            session: Mutex::default(),
            sign_in: Arc::default(),
            tap: Mutex::default(),
            hints: Hints::default(),
            copy_bell: CopyBell::default(),
            copy_place: PlaceNow::default(),
        }
    }

    fn session(&self) -> MutexGuard<'_, Session> {
        self.session.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The language of explanations and slips from now on.
    pub fn set_language(&self, lang: Lang) {
        self.session().lang = lang;
    }

    fn language(&self) -> Lang {
        self.session().lang
    }

    /// Who is logged on.
    fn who(&self) -> Result<String, Failure> {
        let who = self.session().who.clone();
        who.ok_or_else(|| {
            let code = LocalCode::OperatorUnknown.into();
            self.refused(&code, Situation::Operator)
        })
    }

    /// A share of what is open.
    fn opened(&self) -> Result<Arc<Opened>, Failure> {
        let opened = self.opened.read().unwrap_or_else(PoisonError::into_inner);
        opened.clone().ok_or_else(|| failure::internal("not open"))
    }

    /// Asks the open terminal; `situation` chooses the words of a refusal.
    fn ask<T>(
        &self,
        situation: Situation,
        question: impl FnOnce(&Reader<'_>) -> Result<T, EngineError>,
    ) -> Result<T, Failure> {
        let opened = self.opened()?;
        let terminal = &opened.terminal;
        let lang = self.language();
        question(&Reader { terminal, lang }).map_err(|error| self.failure(error, situation))
    }

    fn signing_in(&self) -> bool {
        self.sign_in.running.load(Ordering::SeqCst)
    }
}

/// An identifier that a screen gave.
fn id(text: &str) -> Result<Id, Failure> {
    Id::parse(text).map_err(|_| Failure::NotFound {
        id: text.to_owned(),
    })
}
