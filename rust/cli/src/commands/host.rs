//! `host`: runs the simulated hosts until told to stop.

use std::fs;
use std::path::{Path, PathBuf};

use pos_sim::{
    MasterKey, Options as Hosts, Running, STARTER_MARK, fault, parse_cards, serve, starter_files,
};
use tokio::runtime::Builder;
use tokio::signal::unix::{Signal, SignalKind, signal};

use super::Command;
use crate::args::{Opt, Options};
use crate::context::{Context, print_object};
use crate::{Exit, Failure, Kind};

pub(super) const COMMAND: Command = Command {
    name: "host",
    usage: "host [--port N] [--wechat-port N] [--alipay-port N] [--acp-port N] \
            [--control-port N] [--tmk HEX] [--faults FILE] [--cards FILE] [--write-profile DIR]",
    about: "run the simulated acquirer and wallets; prints their ports, and their ledgers when it \
            is told to stop; --write-profile leaves a profile for init, with its keys",
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
    let mut profile = None;
    while let Some(opt) = options.read()? {
        match &opt {
            Opt::Flag(name) if name.ends_with("port") => {
                let port = match name.as_str() {
                    "port" => &mut hosts.unionpay_port,
                    "wechat-port" => &mut hosts.wechat_port,
                    "alipay-port" => &mut hosts.alipay_port,
                    "acp-port" => &mut hosts.acp_port,
                    "control-port" => &mut hosts.control_port,
                    _ => return Err(options.unexpected(&opt)),
                };
                *port = options.parsed(name, "is a port, 0 for any free one")?;
            }
            Opt::Flag(name) if name == "write-profile" => {
                profile = Some(PathBuf::from(options.value()?));
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
    runtime.block_on(serve_until_told(hosts, profile.as_deref()))?;
    Ok(Exit::Good)
}

async fn serve_until_told(hosts: Hosts, profile: Option<&Path>) -> Result<(), Failure> {
    // Before the ports are told: whoever reads them may stop us at once.
    let stop = |kind| signal(kind).map_err(|error| failed("signals", &error));
    let (mut terminated, mut interrupted) = (
        stop(SignalKind::terminate())?,
        stop(SignalKind::interrupt())?,
    );
    let (key, wallets) = (hosts.settings.master_key.clone(), hosts.wallets.clone());
    let running = serve(hosts)
        .await
        .map_err(|error| Failure::usage("ports", error.to_string()))?;
    // Before the ports are told: whoever reads them finds the profile.
    if let Some(folder) = profile {
        for file in starter_files(running.ports(), &key, &wallets) {
            write_starter(&folder.join(file.name), &file.text)?;
        }
    }
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

/// Writes a file of the profile, over an earlier one of ours but over nothing else.
fn write_starter(path: &Path, text: &str) -> Result<(), Failure> {
    let place = path.display().to_string();
    let refused = |error: std::io::Error| Failure::usage(&place, error.kind().to_string());
    match fs::read_to_string(path) {
        Ok(earlier) if earlier != text && !earlier.starts_with(STARTER_MARK) => {
            let detail = "exists and is not from here: name another folder";
            return Err(Failure::usage(&place, detail));
        }
        _ => {}
    }
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(refused)?;
    }
    fs::write(path, text).map_err(refused)
}

fn text_of(file: &str) -> Result<String, Failure> {
    let read = fs::read_to_string(Path::new(file));
    read.map_err(|error| Failure::usage(file, error.kind().to_string()))
}

fn failed(place: &str, error: &std::io::Error) -> Failure {
    Failure::new(Kind::Internal, place, error.kind().to_string())
}
