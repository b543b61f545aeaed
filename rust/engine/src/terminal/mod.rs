//! The terminal as one thing to open, command, ask and close: what the command line and the app
//! both hold.
//!
//! It owns its runtime. A money command is recorded first; its delivery runs as a job of the
//! engine, so the caller may go away. One flow runs at a time on the line to the acquirer.

mod advice;
mod after_payment;
mod card_commands;
mod clear;
mod coded;
mod copies;
mod day;
mod edition;
mod evidence;
mod evidence_text;
mod failures;
mod owed;
mod payment;
mod people;
mod questions;
mod rail_check;
mod rails;
mod refund;
mod reports;
mod resolve;
mod restored;
mod rules;
mod self_check;
mod settle;
mod status;
mod story;
mod turn;
mod update;
mod web;
mod worker;

use std::sync::{Arc, Mutex};

use pos_domain::ports::{Cipher, Clock, KeyStore, Outside, PortError, Random, Storage};
use pos_domain::{Code, LocalCode};
use pos_flows::link::Link;
use pos_flows::wallet::Till;
use pos_flows::{Desk, FlowError};
use pos_ledger::{DataKey, Ledger, LedgerError, LedgerOptions, Sealer, Stamp};

use crate::edition::{Edition, EditionError};
use crate::home::{Home, HomeError, HomeLock};
use crate::link::tcp::{LinkSetupError, TcpLink};
use crate::profile::{HostAddress, Profile, SettingError, TMK};
use crate::secrets::{Secrets, Vault, VaultError};
use crate::setup;
use crate::soft_cipher::SoftCipher;

use turn::Line;

pub use crate::consent::Approving;
pub use card_commands::{TakeRequest, UndoRequest};
pub use day::DayReport;
pub use evidence::{EVIDENCE_SCHEMA, Evidence, Proven};
pub use payment::{Payment, ScanRequest, ShowRequest, Stage};
pub use people::{NewOperator, PeopleError};
pub use questions::{VoidPreview, Which};
pub use rails::{RailState, WebLinks};
pub use refund::{RefundOrder, RefundSource};
pub use reports::{ItemReport, SaleReport, SyncReport, UndoReport, situation_of};
pub use resolve::{Resolved, StatementFault, check_statement};
pub use self_check::{Check, CheckState};
pub use settle::{SettleReport, Turnover};
pub use story::Story;
pub use update::{UpdateAnswer, UpdateReason, ready_to_update, ready_to_update_at};

/// The largest signature that one upload takes, bytes.
pub use pos_channels::unionpay::LARGEST_IMAGE;
/// The port through which flows reach a host, for whoever hands in a link.
pub use pos_flows::link as host_link;
pub use pos_flows::{Balance, Deadline, Inquired, Management, Statement};
/// What the ledger holds, as questions answer it.
pub use pos_ledger::{
    Attempt, AuditEntry, JournalFilter, Net, Operator, Original, SaleView, Undo, UndoView,
    Verification,
};
pub use pos_policy::{OperatorPin, Passphrase, PinFault, Role};

/// What the terminal needs from outside.
#[derive(Clone)]
pub struct Ports {
    /// The clocks.
    pub clock: Arc<dyn Clock>,
    /// Random bytes for keys and identifiers.
    pub random: Arc<dyn Random>,
    /// Wraps the data key.
    pub key_store: Arc<dyn KeyStore>,
    /// Where restore epoch and reserved traces stand.
    pub outside: Arc<dyn Outside>,
    /// The disk.
    pub storage: Arc<dyn Storage>,
    /// A link to a simulator in the process; none for a real host.
    pub link: Option<Arc<dyn Link>>,
    /// Links to simulated wallets in the process.
    pub web: WebLinks,
    /// A vendor's key pad; none for the one in software.
    pub cipher: Option<Arc<dyn Cipher>>,
    /// The edition of the app; none on a desk, where the profile decides.
    pub edition: Option<Edition>,
}

/// Why the terminal could not be opened, or a command not carried out. Outcomes of money are
/// never errors.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// The folder cannot be used.
    #[error(transparent)]
    Home(#[from] HomeError),
    /// The sealed store cannot be used.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// The ledger cannot be used.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// A stored setting cannot be read.
    #[error(transparent)]
    Setting(#[from] SettingError),
    /// A port failed.
    #[error(transparent)]
    Port(#[from] PortError),
    /// It is not this edition's.
    #[error(transparent)]
    Edition(#[from] EditionError),
    /// No link can be made.
    #[error(transparent)]
    Link(#[from] LinkSetupError),
    /// A local rule forbids it; nothing was recorded and nothing was sent.
    #[error("refused: {0}")]
    Refused(Code),
    /// The runtime could not be started, or a job of it died.
    #[error("the engine failed: {0}")]
    Runtime(String),
}

impl From<FlowError> for EngineError {
    fn from(error: FlowError) -> Self {
        match error {
            FlowError::Ledger(error) => Self::Ledger(error),
            FlowError::Refused(code) => Self::Refused(code),
            FlowError::Draft(error) => {
                log::error!("{error}");
                Self::Refused(LocalCode::PackingFailed.into())
            }
        }
    }
}

/// Whether the home is opened to work, or only to look beside one that works.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Opening {
    /// Takes the home's lock, recovers, may send.
    Working,
    /// Takes no lock and changes nothing.
    Looking,
}

/// An open terminal.
pub struct Terminal {
    runtime: tokio::runtime::Runtime,
    ledger: Arc<Ledger>,
    ports: Ports,
    profile: Profile,
    desk: Option<Desk>,
    till: Option<Till>,
    rails: Vec<RailState>,
    /// The desk's, to the acquirer.
    line: Line,
    /// The till's, to the wallets.
    web_line: Line,
    /// Whether what is sealed can be opened.
    has_keys: bool,
    home: Home,
    /// Held while a safety copy is made.
    copying: Arc<Mutex<()>>,
    _lock: Option<HomeLock>,
}

impl std::fmt::Debug for Terminal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Terminal({})", self.profile.terminal.id)
    }
}

impl Terminal {
    /// Opens a home and, when it is opened to work, puts right what a stop left.
    ///
    /// # Errors
    /// [`EngineError`]; nothing was changed.
    pub fn open(home: &Home, ports: Ports, opening: Opening) -> Result<Self, EngineError> {
        home.check()?;
        let working = opening == Opening::Working;
        let lock = working.then(|| home.lock()).transpose()?;
        let store = ports.key_store.as_ref();
        let vault = match Vault::open(&home.keys(), store, Arc::clone(&ports.random)) {
            // Another key store's home can still be looked at: what is sealed stays closed.
            Err(VaultError::KeysLost(_)) if !working => None,
            opened => Some(opened?),
        };
        let sealer = match &vault {
            Some(vault) => vault.sealer(),
            None => unused_sealer(&ports)?,
        };
        let options = LedgerOptions {
            path: home.ledger(),
            sealer,
            random: Arc::clone(&ports.random),
        };
        let ledger = Arc::new(match opening {
            Opening::Working => Ledger::open(options)?,
            Opening::Looking => Ledger::look(options)?,
        });
        let profile = ledger.read(setup::settings)?.profile()?;
        let secrets = vault.as_ref().map(Vault::secrets).transpose()?;
        edition::admit(&ledger, &ports, (&profile, secrets.as_ref()), working)?;
        let desk = match &secrets {
            Some(secrets) => desk_of(&ledger, &ports, &profile, secrets)?,
            None => None,
        };
        let (till, rails) = web::till_of(&ledger, &ports, &profile, secrets.as_ref())?;
        if working {
            recover(desk.as_ref(), till.as_ref(), ports.outside.as_ref())?;
        }
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .thread_name("pos-engine")
            .enable_all()
            .build()
            .map_err(|error| EngineError::Runtime(error.to_string()))?;
        if working {
            ledger.started_well();
        }
        Ok(Self {
            runtime,
            ledger,
            ports,
            profile,
            desk,
            till,
            rails,
            line: Line::default(),
            web_line: Line::default(),
            has_keys: vault.is_some(),
            home: home.clone(),
            copying: Arc::default(),
            _lock: lock,
        })
    }

    /// The settings it was opened with.
    #[must_use]
    pub const fn profile(&self) -> &Profile {
        &self.profile
    }

    /// Whether what is sealed can be opened; a home that is only looked at may have lost its keys.
    #[must_use]
    pub const fn has_keys(&self) -> bool {
        self.has_keys
    }

    /// The memory, for reading.
    #[must_use]
    pub fn ledger(&self) -> &Ledger {
        &self.ledger
    }

    /// The card rail.
    fn desk(&self) -> Result<&Desk, EngineError> {
        self.desk
            .as_ref()
            .ok_or_else(|| EngineError::Refused(LocalCode::RailOff.into()))
    }

    fn stamp(&self, who: &str) -> Stamp {
        Stamp {
            at: self.ports.clock.now(),
            operator: who.to_owned(),
        }
    }

    /// Waits, on the runtime's clock.
    fn sleep(&self, wait: std::time::Duration) {
        // Made inside: a timer belongs to the runtime that is running.
        self.runtime
            .block_on(async { tokio::time::sleep(wait).await });
    }

    /// Runs a flow on the line to the acquirer and waits for it.
    fn run<T>(&self, flow: impl Future<Output = Result<T, FlowError>>) -> Result<T, EngineError> {
        self.run_on(&self.line, flow)
    }

    /// Runs a flow alone on a line and waits for it.
    fn run_on<T>(
        &self,
        line: &Line,
        flow: impl Future<Output = Result<T, FlowError>>,
    ) -> Result<T, EngineError> {
        let turn = line.turn();
        self.runtime.block_on(async {
            let _held = turn.await;
            flow.await.map_err(EngineError::from)
        })
    }

    /// Runs a flow on the line as a job of the engine: the caller may go away.
    fn start<F>(&self, flow: F)
    where
        F: Future<Output = Result<(), FlowError>> + Send + 'static,
    {
        let (line, turn) = (self.line.clone(), self.line.turn());
        self.runtime.spawn(async move {
            let _held = turn.await;
            if let Err(error) = flow.await {
                log::error!("a job failed: {error}");
            }
            line.nudge();
        });
    }

    /// Ends all jobs, waiting at most this long for the one under way. What it leaves is put
    /// right at the next opening.
    pub fn close(self, limit: std::time::Duration) {
        self.runtime.shutdown_timeout(limit);
    }
}

/// Puts right what a stop left, and finds out whether the ledger was put back from a copy.
fn recover(
    desk: Option<&Desk>,
    till: Option<&Till>,
    outside: &dyn Outside,
) -> Result<(), EngineError> {
    if let Some(desk) = desk {
        desk.recover()?;
    }
    if let Some(till) = till {
        till.recover()?;
    }
    let restored = match (desk, till) {
        (Some(desk), _) => desk.check_epoch()?,
        (None, Some(till)) => till.check_epoch(outside)?,
        (None, None) => false,
    };
    if restored {
        log::warn!("the ledger was restored from a copy");
    }
    Ok(())
}

/// A sealer that opens nothing, for looking at a ledger without its keys.
fn unused_sealer(ports: &Ports) -> Result<Sealer, EngineError> {
    let mut key = DataKey([0; 32]);
    ports.random.fill(&mut key.0)?;
    Ok(Sealer::new(&key, Arc::clone(&ports.random)))
}

fn desk_of(
    ledger: &Arc<Ledger>,
    ports: &Ports,
    profile: &Profile,
    secrets: &Secrets,
) -> Result<Option<Desk>, EngineError> {
    let Some(unionpay) = &profile.unionpay else {
        return Ok(None);
    };
    let link: Arc<dyn Link> = match (&unionpay.host, &ports.link) {
        (HostAddress::Simulator, Some(link)) => Arc::clone(link),
        _ => Arc::new(TcpLink::from_profile(unionpay, secrets)?),
    };
    let cipher: Arc<dyn Cipher> = match (&ports.cipher, secrets.get(TMK)) {
        (Some(pad), _) => Arc::clone(pad),
        (None, Some(tmk)) => Arc::new(
            SoftCipher::from_profile(unionpay, tmk)
                .map_err(|_| VaultError::KeysLost("the master key has a wrong length".into()))?,
        ),
        (None, None) => {
            return Err(VaultError::KeysLost("there is no terminal master key".into()).into());
        }
    };
    Ok(Some(Desk {
        ledger: Arc::clone(ledger),
        link,
        clock: Arc::clone(&ports.clock),
        cipher,
        outside: Arc::clone(&ports.outside),
        storage: Arc::clone(&ports.storage),
        rules: Arc::new(rules::of(profile, unionpay, secrets)),
    }))
}
