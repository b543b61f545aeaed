//! A link to the simulated acquirer without a socket: plays its steps under paused time.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use pos_domain::{Delivery, NetCode};
use pos_flows::link::{Exchange, Link, LinkFailure, Next};
use pos_sim::{Acquirer, Connect, Step};
use tokio::time::{sleep, timeout};

use crate::ports::TestClock;

/// The network between the shop and the acquirer.
pub struct MemoryLink {
    acquirer: Arc<Mutex<Acquirer>>,
    clock: Arc<TestClock>,
    unplugged: Mutex<bool>,
    seen: Mutex<Vec<Vec<u8>>>,
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
            unplugged: Mutex::default(),
            seen: Mutex::default(),
        }
    }

    /// Pulls the plug, or puts it back.
    pub fn unplug(&self, unplugged: bool) {
        *self.unplugged.lock().expect("a test panicked") = unplugged;
    }

    /// Every request that reached the host, in order.
    pub fn requests(&self) -> Vec<Vec<u8>> {
        self.seen.lock().expect("a test panicked").clone()
    }

    fn steps(&self, frame: &[u8]) -> Option<Vec<Step>> {
        if *self.unplugged.lock().expect("a test panicked") {
            return None;
        }
        let mut acquirer = self.acquirer.lock().expect("a test panicked");
        if acquirer.on_connect(self.clock.true_time()) == Connect::Refuse {
            return None;
        }
        self.seen
            .lock()
            .expect("a test panicked")
            .push(frame.to_vec());
        Some(acquirer.on_frame(frame, self.clock.true_time()))
    }
}

async fn play(
    steps: Vec<Step>,
    receive: &mut (dyn FnMut(&[u8]) -> Next + Send),
) -> Result<(), LinkFailure> {
    let mut buffer = Vec::new();
    for step in steps {
        match step {
            Step::Send(bytes) => buffer.extend(bytes),
            Step::Wait(ms) => sleep(Duration::from_millis(ms)).await,
            Step::Close => return failed(Delivery::SentUnknown, NetCode::Closed),
        }
        while let Some(frame) = take_frame(&mut buffer) {
            if receive(&frame) == Next::Done {
                return Ok(());
            }
        }
    }
    std::future::pending().await
}

fn take_frame(buffer: &mut Vec<u8>) -> Option<Vec<u8>> {
    let length = usize::from(u16::from_be_bytes([*buffer.first()?, *buffer.get(1)?])) + 2;
    (buffer.len() >= length).then(|| buffer.drain(..length).collect())
}

impl Link for MemoryLink {
    fn exchange<'a>(
        &'a self,
        frame: &'a [u8],
        limit: Duration,
        receive: &'a mut (dyn FnMut(&[u8]) -> Next + Send),
    ) -> Exchange<'a> {
        Box::pin(async move {
            let Some(steps) = self.steps(frame) else {
                return failed(Delivery::NotSent, NetCode::Unreachable);
            };
            match timeout(limit, play(steps, receive)).await {
                Ok(result) => result,
                Err(_) => failed(Delivery::SentUnknown, NetCode::NoAnswer),
            }
        })
    }
}
