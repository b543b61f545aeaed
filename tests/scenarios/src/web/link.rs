//! A web link to a simulated wallet without a socket: plays its steps under paused time.

use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use pos_domain::{Delivery, NetCode, WallTime};
use pos_flows::link::LinkFailure;
use pos_flows::wallet::{HttpRequest, HttpResponse, WebCall, WebLink};
use pos_sim::{Connect, Hosts, Wallet, WebHost, WebRequest, WebResponse, WebStep};
use tokio::sync::Notify;
use tokio::time::{sleep, timeout};

use crate::link::Death;
use crate::ports::TestClock;

/// Changes what comes back for a request: gets the request and the host's steps.
pub type WebTamper = Box<dyn FnMut(&WebRequest, Vec<WebStep>) -> Vec<WebStep> + Send>;

/// What all links of one shop share.
#[derive(Default)]
struct State {
    unplugged: bool,
    unverified: bool,
    seen: Vec<(WallTime, WebRequest)>,
    tamper: Option<WebTamper>,
    /// Calls until the death, 1 is the next one.
    death: Option<(u32, Death)>,
}

impl State {
    fn dies(&mut self) -> Option<Death> {
        let (left, place) = self.death.take()?;
        if left <= 1 {
            return Some(place);
        }
        self.death = Some((left - 1, place));
        None
    }
}

/// The network between a shop and all wallets.
pub struct WebNetwork {
    /// The hosts.
    pub hosts: Arc<Mutex<Hosts>>,
    clock: Arc<TestClock>,
    state: Mutex<State>,
    died: Notify,
}

impl WebNetwork {
    /// A plugged network.
    pub fn new(hosts: Arc<Mutex<Hosts>>, clock: Arc<TestClock>) -> Arc<Self> {
        Arc::new(Self {
            hosts,
            clock,
            state: Mutex::default(),
            died: Notify::new(),
        })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("a test panicked")
    }

    /// Pulls the plug, or puts it back.
    pub fn unplug(&self, unplugged: bool) {
        self.state().unplugged = unplugged;
    }

    /// Has servers prove their name by TLS no longer.
    pub fn unverified(&self) {
        self.state().unverified = true;
    }

    /// Every request that reached a wallet, in order, and when.
    pub fn requests(&self) -> Vec<(WallTime, WebRequest)> {
        self.state().seen.clone()
    }

    /// Has `tamper` change what comes back from now on.
    pub fn tamper(&self, tamper: WebTamper) {
        self.state().tamper = Some(tamper);
    }

    /// Lets answers through as they are.
    pub fn honest(&self) {
        self.state().tamper = None;
    }

    /// Has the program die in the `nth` call from now (1 is the next).
    pub fn die_in(&self, nth: u32, place: Death) {
        self.state().death = Some((nth, place));
    }

    /// Waits for that death.
    pub async fn died(&self) {
        self.died.notified().await;
    }

    fn steps(&self, host: WebHost, request: &WebRequest) -> Option<Vec<WebStep>> {
        if self.state().unplugged {
            return None;
        }
        let now = self.clock.true_time();
        let mut hosts = self.hosts.lock().expect("a test panicked");
        let wallet = of(&mut hosts, host);
        if wallet.on_connect(now) == Connect::Refuse {
            return None;
        }
        let mut state = self.state();
        state.seen.push((now, request.clone()));
        let steps = wallet.on_request(request, now);
        Some(match &mut state.tamper {
            Some(tamper) => tamper(request, steps),
            None => steps,
        })
    }

    /// A program that is dead goes no further.
    async fn dead(&self) -> ! {
        self.died.notify_one();
        std::future::pending().await
    }
}

fn of(hosts: &mut Hosts, host: WebHost) -> &mut Wallet {
    match host {
        WebHost::WeChat => hosts.wechat(),
        WebHost::Alipay => hosts.alipay(),
        WebHost::Acp => hosts.acp(),
    }
}

/// The way to one wallet.
pub struct MemoryWeb(pub Arc<WebNetwork>, pub WebHost);

const fn failed<T>(delivery: Delivery, code: NetCode) -> Result<T, LinkFailure> {
    Err(LinkFailure { delivery, code })
}

fn received(answer: WebResponse) -> HttpResponse {
    HttpResponse {
        status: answer.status,
        headers: answer.headers,
        body: answer.body,
    }
}

async fn play(steps: Vec<WebStep>) -> Result<HttpResponse, LinkFailure> {
    for step in steps {
        match step {
            WebStep::Answer(answer) | WebStep::Rest(answer) => return Ok(received(answer)),
            WebStep::Half(_) => {}
            WebStep::Wait(ms) => sleep(Duration::from_millis(ms)).await,
            WebStep::Close => return failed(Delivery::SentUnknown, NetCode::Closed),
        }
    }
    std::future::pending().await
}

fn sent(request: &HttpRequest) -> WebRequest {
    WebRequest {
        method: request.method.as_str().to_owned(),
        target: request.target.to_string(),
        headers: request
            .headers
            .iter()
            .map(|(name, value)| ((*name).to_owned(), value.clone()))
            .collect(),
        body: request.body.to_vec(),
    }
}

impl WebLink for MemoryWeb {
    fn call<'a>(&'a self, request: &'a HttpRequest, limit: Duration) -> WebCall<'a> {
        Box::pin(async move {
            let Self(network, host) = self;
            let death = network.state().dies();
            if death == Some(Death::BeforeSending) {
                network.dead().await;
            }
            let Some(steps) = network.steps(*host, &sent(request)) else {
                return failed(Delivery::NotSent, NetCode::Unreachable);
            };
            if death == Some(Death::BeforeAnswer) {
                network.dead().await;
            }
            match timeout(limit, play(steps)).await {
                Ok(result) => result,
                Err(_) => failed(Delivery::SentUnknown, NetCode::NoAnswer),
            }
        })
    }

    fn is_verified(&self) -> bool {
        !self.0.state().unverified
    }
}
