//! `host`: runs the simulated hosts until told to stop.

use std::path::Path;

use pos_sim::{MasterKey, Options as Hosts, Running, fault, parse_cards, serve};
use tokio::runtime::Builder;
use tokio::signal::unix::{Signal, SignalKind, signal};

use super::Command;
use crate::args::{Opt, Options};
use crate::context::{Context, print_object};
use crate::{Exit, Failure, Kind};

pub(super) const COMMAND: Command = Command {
    name: "host",
    usage: "host [--port N] [--control-port N] [--tmk HEX] [--faults FILE] [--cards FILE]",
    about: "run the simulated acquirer; prints its ports, and its ledger when it is told to stop",
    run,
};

/// Where a profile looks for the acquirer when nothing else is said.
const USUAL_PORT: u16 = 9583;

fn run(_: &Context, options: &mut Options) -> Result<Exit, Failure> {
    // Whoever runs the hosts wants to see what reaches them.
    log::set_max_level(log::LevelFilter::Info);
    let mut hosts = Hosts {
        unionpay_port: USUAL_PORT,
        ..Hosts::default()
    };
    while let Some(opt) = options.read()? {
        match &opt {
            Opt::Flag(name) if name == "port" => {
                hosts.unionpay_port = options.parsed(name, "is a port, 0 for any free one")?;
            }
            Opt::Flag(name) if name == "control-port" => {
                hosts.control_port = options.parsed(name, "is a port, 0 for any free one")?;
            }
            Opt::Flag(name) if name == "tmk" => {
                let key = MasterKey::parse(&options.value()?);
                let wrong = || Failure::usage("--tmk", "has 32 hexadecimal digits");
                hosts.settings.master_key = key.ok_or_else(wrong)?;
            }
            Opt::Flag(name) if name == "faults" => {
                let file = options.value()?;
                let faults = fault::parse(&text_of(&file)?);
                hosts.faults = faults.map_err(|error| Failure::usage(file, error.to_string()))?;
            }
            Opt::Flag(name) if name == "cards" => {
                let file = options.value()?;
                let cards = parse_cards(&text_of(&file)?);
                let wrong = |error: pos_sim::CardListError| Failure::usage(file, error.to_string());
                hosts.settings.cards = cards.map_err(wrong)?;
            }
            _ => return Err(options.unexpected(&opt)),
        }
    }
    let runtime = Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build();
    let runtime = runtime.map_err(|error| failed("the runtime", &error))?;
    runtime.block_on(serve_until_told(hosts))?;
    Ok(Exit::Good)
}

async fn serve_until_told(hosts: Hosts) -> Result<(), Failure> {
    // Before the ports are told: whoever reads them may stop us at once.
    let stop = |kind| signal(kind).map_err(|error| failed("signals", &error));
    let (mut terminated, mut interrupted) = (
        stop(SignalKind::terminate())?,
        stop(SignalKind::interrupt())?,
    );
    let running = serve(hosts)
        .await
        .map_err(|error| Failure::usage("ports", error.to_string()))?;
    print_object(&running.ports().json())?;
    wait(&running, &mut terminated, &mut interrupted).await;
    let ledger = running.ledger();
    running.stop().await;
    print_object(&ledger)
}

async fn wait(running: &Running, terminated: &mut Signal, interrupted: &mut Signal) {
    tokio::select! {
        () = running.quit_asked() => {}
        _ = terminated.recv() => {}
        _ = interrupted.recv() => {}
    }
}

fn text_of(file: &str) -> Result<String, Failure> {
    let read = std::fs::read_to_string(Path::new(file));
    read.map_err(|error| Failure::usage(file, error.kind().to_string()))
}

fn failed(place: &str, error: &std::io::Error) -> Failure {
    Failure::new(Kind::Internal, place, error.kind().to_string())
}
