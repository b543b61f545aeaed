//! `cargo xtask terminal`: the real app's screen in a browser, on a counter to play with.
//!
//! The supervisor builds what is missing, starts the simulated hosts and the app's JVM as its
//! children and outlives both. The page, the pictures and all orders pass through it; so does
//! the app's way to the hosts, which is the network plug. Everything listens on loopback.

mod books;
mod cards;
mod drawn;
mod keeper;
mod launch;
mod ledgers;
mod plug;
mod site;
#[cfg(test)]
mod tests;
mod world;

use std::collections::BTreeMap;
use std::fs;
use std::io::{ErrorKind, Read};
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU16, Ordering};
use std::sync::{Arc, Mutex, OnceLock, mpsc};
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};

use crate::fetched::{hex, remove};
use crate::http;
use crate::options::{Options, absolute};
use crate::repo::Repo;
use crate::stop::Stop;
use books::Books;
use keeper::{Handle, Keeper};
use launch::{App, Host};
use plug::Plug;
use world::World;

const USAGE: &str = "usage: cargo xtask terminal [--port N] [--state DIR]";
/// The rails whose hosts are behind the plug, by their names in the hosts' greeting.
const RAILS: &[&str] = &["unionpay", "wechat", "alipay", "acp"];
const HOST_STARTS_WITHIN: Duration = Duration::from_secs(20);

pub fn run(repo: &Repo, arguments: &[String]) -> Result<(), Stop> {
    let options = Options::read(arguments, &["port", "state"], USAGE)?;
    let port = options.get("port").map_or(Ok(0), str::parse);
    let port: u16 = port.map_err(|_| Stop::usage(USAGE))?;
    let listener = listen(port)?;
    let built = launch::build(repo)?;
    // Emptied at the start: the simulated hosts begin without a ledger too.
    let state = options
        .get("state")
        .map_or(Ok(repo.path("target/terminal")), absolute)?;
    let _alone = alone(&state)?;
    remove(&state)?;
    fs::create_dir_all(&state).map_err(|e| Stop::io(state.display(), &e))?;

    let world = assemble(built, state)?;
    let port = listener
        .local_addr()
        .map_err(|e| Stop::io("the page's port", &e))?
        .port();
    let token = token()?;
    let url = format!("http://127.0.0.1:{port}/{token}/");
    println!("{}", json!({ "url": url, "token": token, "port": port }));
    world.app.start()?;
    http::serve(
        &listener,
        Arc::new(move |request| site::answer(&world, &token, request)),
    );
    Ok(())
}

/// Taken before anything is built: a port that is in use is told at once.
fn listen(port: u16) -> Result<TcpListener, Stop> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).map_err(|error| match error.kind() {
        ErrorKind::AddrInUse => Stop::usage(format!(
            "another program listens on port {port}; choose another --port, or none for any"
        )),
        _ => Stop::io(format!("port {port}"), &error),
    })
}

/// Holds the state's folder against a second terminal, as long as the file is open.
fn alone(state: &Path) -> Result<fs::File, Stop> {
    let path = state.with_extension("lock");
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(|e| Stop::io(folder.display(), &e))?;
    }
    let file = fs::File::create(&path).map_err(|e| Stop::io(path.display(), &e))?;
    file.try_lock().map_err(|_| {
        let state = state.display();
        Stop::usage(format!(
            "a terminal runs in {state} already; choose another --state"
        ))
    })?;
    Ok(file)
}

/// Starts the hosts, puts the plug before them, and makes the app ready to start.
fn assemble(built: launch::Built, state: PathBuf) -> Result<Arc<World>, Stop> {
    let targets: BTreeMap<&str, Arc<AtomicU16>> =
        RAILS.iter().map(|rail| (*rail, Arc::default())).collect();
    let (send, greeting) = mpsc::channel();
    let host = start_host(&built, &state, targets.clone(), send)?;
    greeting
        .recv_timeout(HOST_STARTS_WITHIN)
        .map_err(|_| Stop::failed("the simulated hosts did not start"))?;

    let plug = Plug::new();
    let mut ports = BTreeMap::new();
    for target in targets.values() {
        let port = plug
            .carry(Arc::clone(target))
            .map_err(|e| Stop::io("the plug", &e))?;
        ports.insert(target.load(Ordering::SeqCst), port);
    }

    let profile = launch::profile(&state, &ports)?;
    let app = App::new(&built, &state)?;
    app.import_keys(&state)?;
    let books = Books::new(built.cli, app.home());
    // The app is told what was set before; that needs the world, which needs the app.
    let slot: Arc<OnceLock<Arc<World>>> = Arc::default();
    let seen = Arc::clone(&slot);
    let greeted = move |hello: &Value| {
        let port = hello.get(world::APP_PORT).and_then(Value::as_u64);
        if let (Some(world), Some(port)) = (seen.get(), port.and_then(|port| port.try_into().ok()))
        {
            world.tell_all(port);
        }
    };
    let (keeper, app) = Keeper::new("app", Box::new(move || app.command()), Arc::new(greeted));
    thread::spawn(move || keeper.run());
    let settings = Mutex::default();
    let world = World {
        app,
        host,
        plug,
        books,
        profile,
        settings,
    };
    Ok(Arc::clone(slot.get_or_init(|| Arc::new(world))))
}

/// The hosts' ports go into `targets` at each start, and the greeting to `heard`.
fn start_host(
    built: &launch::Built,
    state: &Path,
    targets: BTreeMap<&'static str, Arc<AtomicU16>>,
    heard: mpsc::Sender<Value>,
) -> Result<Handle, Stop> {
    let heard = Mutex::new(heard);
    let greeted = move |hello: &Value| {
        for (rail, target) in &targets {
            let port = hello.get(*rail).and_then(Value::as_u64);
            target.store(
                port.and_then(|p| p.try_into().ok()).unwrap_or(0),
                Ordering::SeqCst,
            );
        }
        // Only the first greeting is waited for.
        let _ = world::lock(&heard).send(hello.clone());
    };
    let host = Host::new(built, state)?;
    let (keeper, handle) = Keeper::new("host", Box::new(move || host.command()), Arc::new(greeted));
    thread::spawn(move || keeper.run());
    handle.start()?;
    Ok(handle)
}

/// 128 bits that nobody can guess: another page in the same browser cannot give orders.
fn token() -> Result<String, Stop> {
    let mut bytes = [0; 16];
    fs::File::open("/dev/urandom")
        .and_then(|mut file| file.read_exact(&mut bytes))
        .map_err(|e| Stop::io("/dev/urandom", &e))?;
    Ok(hex(&bytes))
}

#[cfg(test)]
mod own_tests {
    use super::*;

    #[test]
    fn two_terminals_do_not_share_a_folder() {
        let state = std::env::temp_dir().join(format!("xtask-{}-alone", std::process::id()));
        let first = alone(&state).unwrap();
        let second = alone(&state).unwrap_err().to_string();
        assert!(second.contains("choose another --state"), "{second}");
        drop(first);
        alone(&state).unwrap();
        fs::remove_file(state.with_extension("lock")).unwrap();
    }

    #[test]
    fn a_port_in_use_is_told_with_the_way_out() {
        let taken = listen(0).unwrap();
        let port = taken.local_addr().unwrap().port();
        let Err(Stop::Usage(told)) = listen(port) else {
            panic!("two listen on {port}");
        };
        assert!(
            told.contains(&format!("port {port}; choose another")),
            "{told}"
        );
    }

    #[test]
    fn tokens_differ() {
        let (one, other) = (token().unwrap(), token().unwrap());
        assert_eq!(one.len(), 32);
        assert_ne!(one, other);
    }
}
