//! Opening the terminal for a command.

use std::sync::Arc;

use pos_engine::profile::HostAddress;
use pos_engine::terminal::{Opening, Ports, Terminal, WebLinks};
use pos_engine::{SystemClock, SystemRandom, SystemStorage};

use crate::Failure;
use crate::context::Context;
use crate::simulator::SimulatorLink;

/// Opens the terminal to look at it, beside whoever works with it.
///
/// # Errors
/// [`Failure`] when there is none or it cannot be read.
pub fn looking(context: &Context) -> Result<Terminal, Failure> {
    open(context, Opening::Looking)
}

/// Opens the terminal to work with it, and puts right what a stop left.
///
/// # Errors
/// [`Failure`] when there is none, another program works with it, or it cannot be written.
pub fn working(context: &Context) -> Result<Terminal, Failure> {
    let terminal = open(context, Opening::Working)?;
    let unionpay = terminal.profile().unionpay.as_ref();
    if unionpay.is_some_and(|unionpay| unionpay.host == HostAddress::Simulator) {
        context.note(
            "提示：模拟收单机构只在本次命令期间存在，不记得以前的交易。",
            "Note: the simulated acquirer lives only as long as this command; it remembers no \
             earlier one.",
        );
        // It was started a moment ago, so it has no keys for this terminal.
        terminal.sign_in("system")?;
    }
    Ok(terminal)
}

fn open(context: &Context, opening: Opening) -> Result<Terminal, Failure> {
    let home = context.terminal()?;
    let clock = SystemClock::new()?;
    let ports = Ports {
        clock: Arc::new(clock.clone()),
        random: Arc::new(SystemRandom),
        key_store: Arc::new(context.key_store()),
        outside: Arc::new(context.outside()),
        storage: Arc::new(SystemStorage(home.root().to_owned())),
        link: Some(SimulatorLink::new(clock, home.clone())),
        web: WebLinks::default(),
        cipher: None,
        edition: None,
    };
    Ok(Terminal::open(home, ports, opening)?)
}
