//! A link to the simulated acquirer without a socket: plays its steps under paused time.

use std::ops::ControlFlow;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use pos_domain::{Delivery, NetCode};
use pos_flows::link::{Exchange, Link, LinkFailure, Next};
use pos_sim::{Acquirer, Connect, Listened, Step, listen};
use tokio::sync::Notify;
use tokio::time::timeout;

use crate::ports::TestClock;

/// Changes what comes back for a request: gets the request and the host's steps.
pub type Tamper = Box<dyn FnMut(&[u8], Vec<Step>) -> Vec<Step> + Send>;

/// Where on the wire the program dies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Death {
    /// Before the first byte of the request leaves.
    BeforeSending,
    /// After the host handled the request, before a byte of the answer is read.
    BeforeAnswer,
}

/// The network between the shop and the acquirer.
pub struct MemoryLink {
    acquirer: Arc<Mutex<Acquirer>>,
    clock: Arc<TestClock>,
    state: Mutex<State>,
    died: Notify,
}

#[derive(Default)]
struct State {
    unplugged: bool,
    seen: Vec<Vec<u8>>,
    tamper: Option<Tamper>,
    /// Exchanges until the death, 1 is the next one.
    death: Option<(u32, Death)>,
}

impl State {
    /// Whether the program dies in this exchange, and where.
    fn dies(&mut self) -> Option<Death> {
        let (left, place) = self.death.take()?;
        if left <= 1 {
            return Some(place);
        }
        self.death = Some((left - 1, place));
        None
    }
}

const fn failed(delivery: Delivery, code: NetCode) -> Result<(), LinkFailure> {
    Err(LinkFailure { delivery, code })
}

impl MemoryLink {
    /// A plugged network.
    pub fn new(acquirer: Arc<Mutex<Acquirer>>, clock: Arc<TestClock>) -> Self {
        Self {
            acquirer,
            clock,
            state: Mutex::default(),
            died: Notify::new(),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("a test panicked")
    }

    /// Pulls the plug, or puts it back.
    pub fn unplug(&self, unplugged: bool) {
        self.state().unplugged = unplugged;
    }

    /// Every request that reached the host, in order.
    pub fn requests(&self) -> Vec<Vec<u8>> {
        self.state().seen.clone()
    }

    /// Has `tamper` change what comes back from now on.
    pub fn tamper(&self, tamper: Tamper) {
        self.state().tamper = Some(tamper);
    }

    /// Lets answers through as they are.
    pub fn honest(&self) {
        self.state().tamper = None;
    }

    /// Has the program die in the `nth` exchange from now (1 is the next).
    pub fn die_in(&self, nth: u32, place: Death) {
        self.state().death = Some((nth, place));
    }

    /// Waits for that death.
    pub async fn died(&self) {
        self.died.notified().await;
    }

    fn steps(&self, frame: &[u8]) -> Option<Vec<Step>> {
        if self.state().unplugged {
            return None;
        }
        let mut acquirer = self.acquirer.lock().expect("a test panicked");
        if acquirer.on_connect(self.clock.true_time()) == Connect::Refuse {
            return None;
        }
        let mut state = self.state();
        state.seen.push(frame.to_vec());
        let steps = acquirer.on_frame(frame, self.clock.true_time());
        Some(match &mut state.tamper {
            Some(tamper) => tamper(frame, steps),
            None => steps,
        })
    }

    /// A program that is dead goes no further.
    async fn dead(&self) -> ! {
        self.died.notify_one();
        std::future::pending().await
    }
}

impl Link for MemoryLink {
    fn exchange<'a>(
        &'a self,
        frame: &'a [u8],
        limit: Duration,
        receive: &'a mut (dyn FnMut(&[u8]) -> Next + Send),
    ) -> Exchange<'a> {
        Box::pin(async move {
            let death = self.state().dies();
            if death == Some(Death::BeforeSending) {
                self.dead().await;
            }
            let Some(steps) = self.steps(frame) else {
                return failed(Delivery::NotSent, NetCode::Unreachable);
            };
            if death == Some(Death::BeforeAnswer) {
                self.dead().await;
            }
            let hear = |frame: &[u8]| match receive(frame) {
                Next::Done => ControlFlow::Break(()),
                Next::More => ControlFlow::Continue(()),
            };
            match timeout(limit, listen(steps, hear)).await {
                Ok(Listened::Enough) => Ok(()),
                Ok(Listened::Closed) => failed(Delivery::SentUnknown, NetCode::Closed),
                Err(_) => failed(Delivery::SentUnknown, NetCode::NoAnswer),
            }
        })
    }
}
