//! The till: orders that go over the web, beside the card rail.

use std::net::{IpAddr, Ipv4Addr, UdpSocket};
use std::sync::Arc;

use pos_domain::{Id, LocalCode};
use pos_flows::wallet::{Next, TerminalInformation, Till, WebRules};
use pos_flows::{FlowError, Recorded};
use pos_ledger::Ledger;
use tokio::time::sleep;

use super::rails::{self, Assembled};
use super::turn::Line;
use super::{EngineError, Ports, RailState, Terminal};
use crate::profile::Profile;
use crate::secrets::Secrets;

/// Tries of one item in a round where no card rail says otherwise.
const USUAL_TRIES: u32 = 3;
/// The longest name of what is sold, in characters (specs wechat-pay §3, alipay §6).
const LONGEST_NAME: usize = 127;
/// What is not due for so long is left to the worker.
const LEFT_TO_THE_WORKER: std::time::Duration = std::time::Duration::from_secs(60);

/// The till and what of its rails can be used; none while the keys are lost.
pub(super) fn till_of(
    ledger: &Arc<Ledger>,
    ports: &Ports,
    profile: &Profile,
    secrets: Option<&Secrets>,
) -> Result<(Option<Till>, Vec<RailState>), EngineError> {
    let Some(secrets) = secrets else {
        return Ok((None, Vec::new()));
    };
    let Assembled { rails, states } = rails::assemble(profile, secrets, &ports.web)?;
    for state in &states {
        if let Some(key) = state.codes_need {
            log::warn!("{}: {key} is missing or does not fit", state.rail);
        }
    }
    let till = Till {
        ledger: Arc::clone(ledger),
        clock: Arc::clone(&ports.clock),
        random: Arc::clone(&ports.random),
        storage: Arc::clone(&ports.storage),
        rules: Arc::new(rules(profile)),
        rails: Arc::new(rails),
    };
    Ok((Some(till), states))
}

fn rules(profile: &Profile) -> WebRules {
    let tries = profile.unionpay.as_ref().map(|card| card.resend_limit);
    WebRules {
        terminal: profile.terminal.id.clone(),
        merchant: profile.merchant.id.clone(),
        shop: shop(&profile.merchant.name),
        ip: own_address(),
        resend_limit: tries.unwrap_or(USUAL_TRIES),
        day_cutover_minute: profile.terminal.day_cutover,
        information: Some(information(profile)),
    }
}

/// What is told of this terminal with each payment by code.
fn information(profile: &Profile) -> TerminalInformation {
    const SMART_POS: &str = "04";
    TerminalInformation {
        device_type: SMART_POS.to_owned(),
        serial: profile.terminal.serial.chars().take(50).collect(),
        network_license: profile.terminal.network_license.clone(),
        version: super::rules::version(),
        location: profile.terminal.location.clone(),
        seal: None,
    }
}

/// The shop's name as the wallets take it.
fn shop(name: &str) -> String {
    let plain = |c: char| if "/=&".contains(c) { ' ' } else { c };
    let name: String = name.chars().map(plain).take(LONGEST_NAME).collect();
    match name.trim() {
        "" => "消费".to_owned(),
        name => name.to_owned(),
    }
}

/// The address from which this terminal would reach the world; nothing is sent.
fn own_address() -> IpAddr {
    let ask = || {
        let socket = UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0))?;
        // An address that is nobody's: only the way to it matters.
        socket.connect((Ipv4Addr::new(192, 0, 2, 1), 9))?;
        Ok::<_, std::io::Error>(socket.local_addr()?.ip())
    };
    ask().unwrap_or(Ipv4Addr::LOCALHOST.into())
}

impl Terminal {
    /// The till; refused while the keys are lost.
    pub(super) fn till(&self) -> Result<&Till, EngineError> {
        self.till
            .as_ref()
            .ok_or_else(|| EngineError::Refused(LocalCode::KeysLost.into()))
    }

    /// The till when this sale is one of its orders.
    pub(super) fn till_of_sale(&self, sale: &Id) -> Result<Option<&Till>, EngineError> {
        let web = self.ledger.read(|query| query.web_order(sale))?.is_some();
        web.then(|| self.till()).transpose()
    }

    /// The till when this owed item is about one of its orders.
    pub(super) fn till_of_item(&self, item: &Id) -> Result<Option<&Till>, EngineError> {
        let web = self.ledger.read(|query| query.obligation(item))?.web;
        web.then(|| self.till()).transpose()
    }

    /// The rails by code that the profile switched on, and what of them can be used.
    #[must_use]
    pub fn rails(&self) -> &[RailState] {
        &self.rails
    }

    /// Runs a flow of the till alone on its line and waits for it.
    pub(super) fn run_web<T>(
        &self,
        flow: impl Future<Output = Result<T, FlowError>>,
    ) -> Result<T, EngineError> {
        self.run_on(&self.web_line, flow)
    }

    /// Runs a flow of the till as a job of the engine, and has the worker look afterwards.
    pub(super) fn start_web<F>(&self, flow: F)
    where
        F: Future<Output = Result<(), FlowError>> + Send + 'static,
    {
        let line = self.web_line.clone();
        self.runtime.spawn(async move {
            if let Err(error) = flow.await {
                log::error!("a job over the web failed: {error}");
            }
            line.nudge();
        });
    }
}

impl Terminal {
    /// Delivers a recorded void or refund over the web as a job, and gives its identifier.
    pub(super) fn deliver_web_undo(&self, till: Till, who: &str, recorded: Recorded) -> Id {
        match recorded {
            Recorded::Already(id) => id,
            Recorded::New(id) => {
                let (who, undo) = (who.to_owned(), id.clone());
                let turn = self.web_line.turn();
                self.start_web(async move {
                    let _held = turn.await;
                    till.deliver_undo(&who, &undo).await
                });
                id
            }
        }
    }
}

/// Steps an order for as long as something is due soon; the worker goes on from there.
pub(super) async fn attend(
    till: &Till,
    line: &Line,
    who: &str,
    sale: &Id,
) -> Result<(), FlowError> {
    loop {
        let next = {
            let _held = line.turn().await;
            till.step(who, sale).await?
        };
        match next {
            Next::After(wait) if wait < LEFT_TO_THE_WORKER => sleep(wait).await,
            Next::After(_) | Next::Ended => return Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shops_name_fits_every_wallet() {
        assert_eq!(shop("老王&小李/面馆"), "老王 小李 面馆");
        assert_eq!(shop(" =&/ "), "消费");
        assert_eq!(shop(&"店".repeat(200)).chars().count(), LONGEST_NAME);
    }
}
