//! The hosts on sockets of this machine: 8583 over TCP, and a control page over HTTP.

mod control;
mod http;
mod unionpay;

use std::io;
use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use pos_domain::WallTime;
use serde_json::{Value, json};
use thiserror::Error;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::fault::Fault;
use crate::hosts::Hosts;
use crate::unionpay::Settings;

/// What to serve, and where. Everything listens on 127.0.0.1 alone.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The acquirer.
    pub settings: Settings,
    /// Faults from the start.
    pub faults: Vec<Fault>,
    /// Port of the acquirer; 0 is any free one.
    pub unionpay_port: u16,
    /// Port of the control page; 0 is any free one.
    pub control_port: u16,
}

/// A port that cannot be had.
#[derive(Debug, Error)]
#[error("the {what} port {port} cannot be opened: {error}")]
pub struct ServeError {
    what: &'static str,
    port: u16,
    #[source]
    error: io::Error,
}

/// The ports that were opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ports {
    /// 8583 over TCP.
    pub unionpay: u16,
    /// The control page.
    pub control: u16,
}

impl Ports {
    /// `{"unionpay":…,"control":…}`.
    #[must_use]
    pub fn json(self) -> Value {
        json!({ "unionpay": self.unionpay, "control": self.control })
    }
}

/// Hosts that are being served. Dropping it stops them.
#[derive(Debug)]
pub struct Running {
    ports: Ports,
    shared: Shared,
    tasks: JoinSet<()>,
}

/// What all connections share.
#[derive(Clone, Debug)]
pub(crate) struct Shared {
    hosts: Arc<Mutex<Hosts>>,
    /// True while the acquirer takes connections.
    online: watch::Sender<bool>,
    /// True once someone asked to stop.
    quit: watch::Sender<bool>,
}

impl Shared {
    /// The hosts, one at a time; never held across an await.
    pub(crate) fn hosts(&self) -> MutexGuard<'_, Hosts> {
        self.hosts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Opens the ports and serves until [`Running`] is dropped.
///
/// # Errors
/// [`ServeError`] when a port cannot be opened.
pub async fn serve(options: Options) -> Result<Running, ServeError> {
    let unionpay = open("unionpay", options.unionpay_port).await?;
    let control = open("control", options.control_port).await?;
    let ports = Ports {
        unionpay: unionpay.1,
        control: control.1,
    };
    let mut hosts = Hosts::new(options.settings);
    hosts.add_faults(options.faults);
    let shared = Shared {
        hosts: Arc::new(Mutex::new(hosts)),
        online: watch::Sender::new(true),
        quit: watch::Sender::new(false),
    };
    let mut tasks = JoinSet::new();
    tasks.spawn(unionpay::accept(unionpay.0, unionpay.1, shared.clone()));
    tasks.spawn(control::accept(control.0, control.1, shared.clone()));
    Ok(Running {
        ports,
        shared,
        tasks,
    })
}

async fn open(what: &'static str, port: u16) -> Result<(TcpListener, u16), ServeError> {
    let failed = |error| ServeError { what, port, error };
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))
        .await
        .map_err(failed)?;
    let port = listener.local_addr().map_err(failed)?.port();
    Ok((listener, port))
}

impl Running {
    /// The ports that were opened.
    #[must_use]
    pub const fn ports(&self) -> Ports {
        self.ports
    }

    /// Waits until someone asks the hosts to quit.
    pub async fn quit_asked(&self) {
        let mut quit = self.shared.quit.subscribe();
        // The sender lives in `self`, so waiting ends only with the request.
        let _ = quit.wait_for(|asked| *asked).await;
    }

    /// The money ledgers by rail.
    #[must_use]
    pub fn ledger(&self) -> Value {
        self.shared.hosts().ledger()
    }

    /// Runs something on the hosts, between two requests.
    pub fn with_hosts<T>(&self, run: impl FnOnce(&mut Hosts) -> T) -> T {
        let result = run(&mut self.shared.hosts());
        self.shared.publish_online();
        result
    }

    /// Closes all ports and connections.
    pub async fn stop(mut self) {
        self.tasks.shutdown().await;
    }
}

impl Shared {
    /// Tells the listener whether the acquirer takes connections.
    pub(crate) fn publish_online(&self) {
        let online = !self.hosts().acquirer().is_offline();
        self.online
            .send_if_modified(|now| std::mem::replace(now, online) != online);
    }
}

/// The wall clock; nothing but field values and waiting times hang on it.
pub(crate) fn now() -> WallTime {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    WallTime(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}
