//! The simulated acquirer inside this process, for profiles with `host = "simulator"`.
//!
//! It lives as long as the process: the next command meets an acquirer that has never heard of
//! this terminal.

use std::ops::ControlFlow;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use pos_engine::desk::DeskKeyStore;
use pos_engine::domain::ports::Clock;
use pos_engine::domain::{Delivery, NetCode};
use pos_engine::terminal::host_link::{Exchange, Link, LinkFailure, Next};
use pos_engine::{Home, SystemClock, SystemRandom, Vault};
use pos_sim::{Acquirer, Connect, Listened, MasterKey, Settings, Step, listen};
use tokio::time::timeout;

/// The name of the terminal master key in the sealed store.
const MASTER_KEY: &str = "unionpay.tmk";

/// A link to an acquirer of its own.
pub struct SimulatorLink {
    clock: SystemClock,
    home: Home,
    /// Made with the first frame, so that nobody else takes the master key out of its store.
    acquirer: Mutex<Option<Acquirer>>,
}

const fn failed(delivery: Delivery, code: NetCode) -> LinkFailure {
    LinkFailure { delivery, code }
}

impl SimulatorLink {
    /// An acquirer that knows no terminal yet, and shares the master key of this home.
    #[must_use]
    pub fn new(clock: SystemClock, home: Home) -> Arc<Self> {
        Arc::new(Self {
            clock,
            home,
            acquirer: Mutex::default(),
        })
    }

    /// What the acquirer does with a frame; none when it takes no connection.
    fn steps(&self, frame: &[u8]) -> Option<Vec<Step>> {
        let mut acquirer = self.acquirer.lock().unwrap_or_else(PoisonError::into_inner);
        let acquirer = match acquirer.as_mut() {
            Some(running) => running,
            None => acquirer.insert(Acquirer::new(self.settings()?)),
        };
        let now = self.clock.now().wall;
        match acquirer.on_connect(now) {
            Connect::Refuse => None,
            Connect::Accept => Some(acquirer.on_frame(frame, now)),
        }
    }

    fn settings(&self) -> Option<Settings> {
        let random = Arc::new(SystemRandom);
        let store = DeskKeyStore::new(&self.home.keys(), random.clone());
        let read = || Vault::open(&self.home.keys(), &store, random)?.get(MASTER_KEY);
        let key = match read() {
            Ok(key) => key?,
            Err(error) => {
                log::error!("simulator: {error}");
                return None;
            }
        };
        let master_key = MasterKey::parse(std::str::from_utf8(key.expose()).ok()?)?;
        Some(Settings {
            master_key,
            ..Settings::default()
        })
    }
}

impl Link for SimulatorLink {
    fn exchange<'a>(
        &'a self,
        frame: &'a [u8],
        limit: Duration,
        receive: &'a mut (dyn FnMut(&[u8]) -> Next + Send),
    ) -> Exchange<'a> {
        Box::pin(async move {
            let steps = self
                .steps(frame)
                .ok_or(failed(Delivery::NotSent, NetCode::Refused))?;
            let hear = |frame: &[u8]| match receive(frame) {
                Next::Done => ControlFlow::Break(()),
                Next::More => ControlFlow::Continue(()),
            };
            match timeout(limit, listen(steps, hear)).await {
                Ok(Listened::Enough) => Ok(()),
                Ok(Listened::Closed) => Err(failed(Delivery::SentUnknown, NetCode::Closed)),
                Err(_) => Err(failed(Delivery::SentUnknown, NetCode::NoAnswer)),
            }
        })
    }
}
