//! Opening, setting up, closing, and what the device says of its network.

use std::sync::atomic::Ordering;
use std::sync::{Arc, PoisonError, RwLockWriteGuard};
use std::time::Duration;

use pos_diagnosis::Situation;
use pos_domain::LocalCode;

use super::copying::Copying;
use super::link::{Health, Watched};
use super::news::{Change, News};
use super::requests::operator_pin;
use super::{
    Counter, Failure, LinkState, NewOperator, Opened, ProfileGiven, ProfileSummary, Role,
    TerminalState,
};
use crate::home::HomeError;
use crate::setup::{SetupPorts, set_up};
use crate::system::{SystemRandom, SystemStorage};
use crate::terminal::{EngineError, Opening, PeopleError, Ports, Terminal};

/// How long closing waits for a job under way; what it leaves is put right at the next opening.
const CLOSING: Duration = Duration::from_secs(2);

/// What the counter finds when it opens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CoreState {
    /// No profile yet, or no supervisor yet.
    NeedsSetUp,
    /// Open.
    Ready {
        /// The terminal.
        terminal: Box<TerminalState>,
    },
    /// It cannot be opened.
    Broken {
        /// Why.
        failure: Failure,
        /// Whether something is or may be owed: then nothing may be cleared.
        owed: bool,
    },
}

/// What the device says of its network: a hint, never a proof.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Network {
    /// There is none.
    Absent,
    /// There is one.
    Connected,
}

impl Counter {
    /// Opens the terminal, recovers, and begins to deliver what is owed. Opening what is open
    /// changes nothing.
    ///
    /// # Errors
    /// [`Failure`] of reading what was opened; what cannot be opened is a state.
    pub fn open(&self) -> Result<CoreState, Failure> {
        let mut opened = self.lock_opened();
        if opened.is_none() {
            match self.open_terminal() {
                Ok(Some(open)) => *opened = Some(Arc::new(open)),
                Ok(None) => return Ok(CoreState::NeedsSetUp),
                Err(error) => return Ok(self.broken(error)),
            }
        }
        drop(opened);
        let terminal = Box::new(self.terminal()?);
        Ok(CoreState::Ready { terminal })
    }

    fn lock_opened(&self) -> RwLockWriteGuard<'_, Option<Arc<Opened>>> {
        self.opened.write().unwrap_or_else(PoisonError::into_inner)
    }

    fn broken(&self, error: EngineError) -> CoreState {
        CoreState::Broken {
            failure: self.failure(error, Situation::Other),
            // A ledger that cannot be read may owe anything.
            owed: self.home.ledger().exists(),
        }
    }

    fn engine_ports(&self) -> Ports {
        Ports {
            web: crate::terminal::WebLinks::default(),
            clock: Arc::clone(&self.ports.clock),
            random: Arc::new(SystemRandom),
            key_store: Arc::clone(&self.ports.key_store),
            outside: Arc::clone(&self.ports.outside),
            storage: Arc::new(SystemStorage(self.home.root().to_owned())),
            link: self.ports.link.clone(),
            cipher: None,
            edition: Some(self.ports.edition),
        }
    }

    /// Opens the terminal; none when it has to be set up first.
    fn open_terminal(&self) -> Result<Option<Opened>, EngineError> {
        let mut terminal = match Terminal::open(&self.home, self.engine_ports(), Opening::Working) {
            Err(EngineError::Home(HomeError::Empty(_))) => return Ok(None),
            opened => opened?,
        };
        if !terminal.has_supervisor()? {
            return Ok(None);
        }
        let hints = self.hints.clone();
        let health = Arc::new(Health::new(move || hints.tell(Change::TerminalChanged)));
        let watching = Arc::clone(&health);
        terminal.wrap_link(move |inner| {
            let health = watching;
            Arc::new(Watched { inner, health })
        });
        let observer = Arc::clone(&self.observer);
        let no_thread = |error: std::io::Error| EngineError::Runtime(error.to_string());
        let bell = self.copy_bell.clone();
        let committed = move || bell.ring();
        let news = News::start(self.hints.clone(), terminal.memory(), observer, committed)
            .map_err(no_thread)?;
        let (keeper, told) = (terminal.keeper(), self.told_of_copy());
        let (bell, place) = (self.copy_bell.clone(), self.copy_place.clone());
        let copying = Copying::start(bell, keeper, place, told).map_err(no_thread)?;
        if terminal.profile().unionpay.is_some() || !terminal.rails().is_empty() {
            terminal.start_worker()?;
        }
        Ok(Some(Opened {
            copying,
            news,
            terminal,
            health,
        }))
    }

    /// Ends the engine; what is owed stays in the ledger. A command that is being carried out on
    /// another thread ends first, and the home is free only then.
    pub fn close(&self) {
        let opened = self.lock_opened().take();
        self.session().who = None;
        self.forget_taps();
        self.sign_in.running.store(false, Ordering::SeqCst);
        let opened = opened.and_then(Arc::into_inner);
        if let Some(Opened {
            copying,
            news,
            terminal,
            ..
        }) = opened
        {
            drop(copying);
            drop(news);
            terminal.close(CLOSING);
        }
    }

    /// Reads a profile without keeping anything.
    ///
    /// # Errors
    /// [`Failure::ProfileInvalid`] with line and key.
    pub fn check_profile(&self, profile: &ProfileGiven) -> Result<ProfileSummary, Failure> {
        Ok(self.summary(&profile.load_for(self.ports.edition)?.profile))
    }

    /// Imports a profile, seals its secrets and makes the first supervisor, who is logged on then.
    /// A terminal that has a supervisor takes a new profile only from them.
    ///
    /// # Errors
    /// [`Failure`]; what was there before stands. A home whose supervisor could not be stored
    /// still has to be set up.
    pub fn set_up(
        &self,
        profile: &ProfileGiven,
        supervisor: &NewOperator,
    ) -> Result<CoreState, Failure> {
        let loaded = profile.load_for(self.ports.edition)?;
        let unfit = |fault| self.people_failure(PeopleError::Pin(fault), &supervisor.number);
        let pin = operator_pin(&supervisor.pin).map_err(unfit)?;
        let role = supervisor.role;
        pin.check_choice(&supervisor.number, role).map_err(unfit)?;
        if let Ok(CoreState::Ready { .. }) = self.open() {
            self.may_change(supervisor)?;
            self.close();
        }
        let ports = SetupPorts {
            clock: self.ports.clock.as_ref(),
            random: Arc::new(SystemRandom),
            key_store: self.ports.key_store.as_ref(),
        };
        set_up(&self.home, &loaded, &ports, &supervisor.number)?;
        self.first_supervisor(supervisor)?;
        let state = self.open()?;
        if matches!(state, CoreState::Ready { .. }) {
            self.log_on(&supervisor.number, &supervisor.pin)?;
        }
        self.open()
    }

    fn may_change(&self, supervisor: &NewOperator) -> Result<(), Failure> {
        let who = self.log_on(&supervisor.number, &supervisor.pin)?;
        if who.role == Role::Supervisor {
            return Ok(());
        }
        let code = LocalCode::ApprovalNotSupervisor.into();
        Err(self.refused(&code, Situation::Operator))
    }

    /// Stores the first supervisor of a home that has none.
    fn first_supervisor(&self, supervisor: &NewOperator) -> Result<(), Failure> {
        let opened = Terminal::open(&self.home, self.engine_ports(), Opening::Working);
        let terminal = opened.map_err(|error| self.failure(error, Situation::Other))?;
        let has = terminal.has_supervisor();
        if has.map_err(|error| self.failure(error, Situation::Operator))? {
            return Ok(());
        }
        let new = self.engine_operator(supervisor)?;
        terminal
            .put_operator(&supervisor.number, &new, &[])
            .map_err(|error| self.people_failure(error, &supervisor.number))
    }

    /// Takes the device's idea of its network. When it comes back, everything owed is tried now.
    ///
    /// # Errors
    /// Those of the ledger.
    pub fn network_changed(&self, network: Network) -> Result<(), Failure> {
        let before = self.session().network.replace(network);
        let Ok(opened) = self.opened() else {
            return Ok(());
        };
        match network {
            Network::Absent => opened.health.note(LinkState::Offline),
            Network::Connected if before == Some(Network::Absent) => {
                let retried = opened.terminal.retry_all("system");
                retried.map_err(|error| self.failure(error, Situation::Other))?;
            }
            Network::Connected => opened.terminal.nudge(),
        }
        Ok(())
    }

    /// Tells whoever watches that the core met a fault of its own.
    pub fn ask_for_restart(&self) {
        self.hints.tell(Change::RestartNeeded);
    }
}
