//! The hosts on sockets of this machine: 8583 over TCP, the wallets and a control page over HTTP.

mod control;
mod http;
mod listen;
mod unionpay;
mod web;

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
use crate::hosts::{Hosts, WebHost};
use crate::unionpay::Settings;
use crate::wallet::{WalletKeyError, WalletSettings};
use listen::Service;

/// What to serve, and where. Everything listens on 127.0.0.1 alone.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The acquirer.
    pub settings: Settings,
    /// The wallets.
    pub wallets: WalletSettings,
    /// Faults from the start.
    pub faults: Vec<Fault>,
    /// Port of the acquirer; 0 is any free one.
    pub unionpay_port: u16,
    /// Port of WeChat Pay; 0 is any free one.
    pub wechat_port: u16,
    /// Port of Alipay; 0 is any free one.
    pub alipay_port: u16,
    /// Port of UnionPay's online interface; 0 is any free one.
    pub acp_port: u16,
    /// Port of the control page; 0 is any free one.
    pub control_port: u16,
}

/// Why nothing is served.
#[derive(Debug, Error)]
pub enum ServeError {
    /// A port that cannot be had.
    #[error("the {what} port {port} cannot be opened: {error}")]
    Port {
        /// Whose port.
        what: &'static str,
        /// Its number.
        port: u16,
        /// What the system says.
        #[source]
        error: io::Error,
    },
    /// A key of the wallets that cannot be used.
    #[error("the wallets' keys: {0}")]
    Keys(#[from] WalletKeyError),
}

/// The ports that were opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ports {
    /// 8583 over TCP.
    pub unionpay: u16,
    /// WeChat Pay over HTTP.
    pub wechat: u16,
    /// Alipay over HTTP.
    pub alipay: u16,
    /// The control page.
    pub control: u16,
    /// UnionPay's online interface over HTTP.
    pub acp: u16,
}

impl Ports {
    /// `{"unionpay":…,"wechat":…,"alipay":…,"control":…,"acp":…}`.
    #[must_use]
    pub fn json(self) -> Value {
        json!({
            "unionpay": self.unionpay,
            "wechat": self.wechat,
            "alipay": self.alipay,
            "control": self.control,
            "acp": self.acp,
        })
    }
}

/// Which hosts take connections.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Online {
    acquirer: bool,
    wechat: bool,
    alipay: bool,
    acp: bool,
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
    /// Which hosts take connections.
    online: watch::Sender<Online>,
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
/// [`ServeError`] when a port cannot be opened or a key cannot be used.
pub async fn serve(options: Options) -> Result<Running, ServeError> {
    let mut hosts = Hosts::new(options.settings, &options.wallets)?;
    hosts.add_faults(options.faults);
    let unionpay = open("unionpay", options.unionpay_port).await?;
    let wechat = open("wechat", options.wechat_port).await?;
    let alipay = open("alipay", options.alipay_port).await?;
    let acp = open("acp", options.acp_port).await?;
    let control = open("control", options.control_port).await?;
    let ports = Ports {
        unionpay: unionpay.1,
        wechat: wechat.1,
        alipay: alipay.1,
        control: control.1,
        acp: acp.1,
    };
    let shared = Shared {
        online: watch::Sender::new(online(&mut hosts)),
        hosts: Arc::new(Mutex::new(hosts)),
        quit: watch::Sender::new(false),
    };
    let mut tasks = JoinSet::new();
    for ((listener, port), service) in [
        (unionpay, Service::Acquirer),
        (wechat, Service::Web(WebHost::WeChat)),
        (alipay, Service::Web(WebHost::Alipay)),
        (acp, Service::Web(WebHost::Acp)),
    ] {
        tasks.spawn(listen::accept(listener, port, service, shared.clone()));
    }
    tasks.spawn(control::accept(control.0, control.1, shared.clone()));
    Ok(Running {
        ports,
        shared,
        tasks,
    })
}

fn online(hosts: &mut Hosts) -> Online {
    Online {
        acquirer: !hosts.acquirer().is_offline(),
        wechat: !hosts.wechat().is_offline(),
        alipay: !hosts.alipay().is_offline(),
        acp: !hosts.acp().is_offline(),
    }
}

async fn open(what: &'static str, port: u16) -> Result<(TcpListener, u16), ServeError> {
    let failed = |error| ServeError::Port { what, port, error };
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
    /// Tells the listeners which hosts take connections.
    pub(crate) fn publish_online(&self) {
        let online = online(&mut self.hosts());
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
