//! Ports that are open while their host is online.

use std::net::Ipv4Addr;
use std::time::Duration;

use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::sleep;

use super::{Online, Shared, now, unionpay, web};
use crate::hosts::WebHost;
use crate::unionpay::Connect;

/// Pause before a port is tried again that another process took while it was closed.
const RETRY: Duration = Duration::from_millis(200);
const MAX_CONNECTIONS: usize = 512;

/// Who answers on a port.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Service {
    Acquirer,
    Web(WebHost),
}

impl Service {
    const fn is_online(self, online: &Online) -> bool {
        match self {
            Self::Acquirer => online.acquirer,
            Self::Web(WebHost::WeChat) => online.wechat,
            Self::Web(WebHost::Alipay) => online.alipay,
            Self::Web(WebHost::Acp) => online.acp,
        }
    }

    fn on_connect(self, shared: &Shared) -> Connect {
        let mut hosts = shared.hosts();
        match self {
            Self::Acquirer => hosts.acquirer().on_connect(now()),
            Self::Web(host) => hosts.web(host).on_connect(now()),
        }
    }
}

/// Takes connections while the host is online; offline, the port is closed.
pub(crate) async fn accept(listener: TcpListener, port: u16, service: Service, shared: Shared) {
    let mut listener = Some(listener);
    let mut online = shared.online.subscribe();
    loop {
        let Some(open) = &listener else {
            became(&mut online, service, true).await;
            match TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await {
                Ok(again) => listener = Some(again),
                Err(error) => {
                    log::error!("port {port} cannot be opened again: {error}");
                    sleep(RETRY).await;
                }
            }
            continue;
        };
        accept_while_online(open, &mut online, service, &shared).await;
        listener = None;
    }
}

/// Returns, and with it cuts all connections, when the host goes offline.
async fn accept_while_online(
    listener: &TcpListener,
    online: &mut watch::Receiver<Online>,
    service: Service,
    shared: &Shared,
) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            biased;
            () = became(online, service, false) => return,
            Some(_) = connections.join_next() => {}
            taken = listener.accept(), if connections.len() < MAX_CONNECTIONS => match taken {
                Ok((stream, _)) => {
                    connections.spawn(connection(stream, service, shared.clone()));
                }
                Err(error) => {
                    log::warn!("a connection could not be taken: {error}");
                    sleep(RETRY).await;
                }
            },
        }
    }
}

/// Waits until the host is online or offline. The sender lives in what all connections share,
/// so waiting cannot end in any other way.
async fn became(online: &mut watch::Receiver<Online>, service: Service, wanted: bool) {
    let _ = online
        .wait_for(|online| service.is_online(online) == wanted)
        .await;
}

async fn connection(mut stream: TcpStream, service: Service, shared: Shared) {
    if service.on_connect(&shared) == Connect::Refuse {
        // Taken by the system already, so the nearest thing to a refusal is a reset at once.
        if let Err(error) = stream.set_zero_linger() {
            log::warn!("a connection could not be reset: {error}");
        }
        return;
    }
    let served = match service {
        Service::Acquirer => unionpay::serve(&mut stream, &shared).await,
        Service::Web(host) => web::serve(&mut stream, host, &shared).await,
    };
    if let Err(error) = served {
        log::info!("connection ended: {error}");
    }
}
