//! The network plug: a TCP proxy between the app and the simulated hosts that can be pulled.
//!
//! Pulled means what it means on a counter: connections break, and new ones are refused
//! because nobody listens any more. The port number stays.

use std::collections::BTreeMap;
use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicU16, AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

/// What the network does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Network {
    On,
    Off,
    /// Every piece of data takes [`SLOW`] longer, both ways.
    Slow,
    /// Every second answer gets lost, and its connection with it.
    Lossy,
}

const SLOW: Duration = Duration::from_millis(1500);
/// How often a pulled plug looks whether it is in again.
const LOOK: Duration = Duration::from_millis(20);
const SETTLE: Duration = Duration::from_secs(2);
const CONNECT_TIMEOUT: Duration = Duration::from_secs(2);

impl Network {
    pub fn parse(name: &str) -> Option<Self> {
        match name {
            "on" => Some(Self::On),
            "off" => Some(Self::Off),
            "slow" => Some(Self::Slow),
            "lossy" => Some(Self::Lossy),
            _ => None,
        }
    }

    pub fn name(self) -> &'static str {
        match self {
            Self::On => "on",
            Self::Off => "off",
            Self::Slow => "slow",
            Self::Lossy => "lossy",
        }
    }
}

/// One plug for all hosts.
#[derive(Clone)]
pub struct Plug {
    shared: Arc<Shared>,
}

struct Shared {
    /// Never held while reading or writing a socket.
    state: Mutex<State>,
    /// Told when a port begins or ends to listen.
    changed: Condvar,
    answers: AtomicU64,
}

struct State {
    network: Network,
    /// Ports carried, and how many of them listen now.
    ports: usize,
    listening: usize,
    /// Both ends of each open connection.
    open: BTreeMap<u64, [TcpStream; 2]>,
    next: u64,
}

impl Plug {
    pub fn new() -> Self {
        let open = BTreeMap::new();
        let state = State {
            network: Network::On,
            ports: 0,
            listening: 0,
            open,
            next: 0,
        };
        let state = Mutex::new(state);
        let answers = AtomicU64::new(0);
        Self {
            shared: Arc::new(Shared {
                state,
                changed: Condvar::new(),
                answers,
            }),
        }
    }

    pub fn network(&self) -> Network {
        self.state().network
    }

    /// Pulls it out or puts it in, and waits until every port refuses or takes connections.
    pub fn set(&self, network: Network) {
        let mut state = self.state();
        state.network = network;
        self.shared.answers.store(0, Ordering::SeqCst);
        if network == Network::Off {
            for end in std::mem::take(&mut state.open).into_values().flatten() {
                // It may be closed already.
                let _ = end.shutdown(Shutdown::Both);
            }
        }
        let wanted = if network == Network::Off {
            0
        } else {
            state.ports
        };
        // A port that somebody else took meanwhile is waited for no longer than this.
        let waited = self
            .shared
            .changed
            .wait_timeout_while(state, SETTLE, |state| {
                state.network == network && state.listening != wanted
            });
        drop(waited);
    }

    /// Begins to carry connections to `target`, a port on loopback that may change when the
    /// host is started again; gives the port to call.
    pub fn carry(&self, target: Arc<AtomicU16>) -> io::Result<u16> {
        let listener = listen(0)?;
        let port = listener.local_addr()?.port();
        self.count(|state| {
            state.ports += 1;
            state.listening += 1;
        });
        let plug = self.clone();
        thread::spawn(move || plug.run(Some(listener), port, &target));
        Ok(port)
    }

    fn run(&self, mut listener: Option<TcpListener>, port: u16, target: &AtomicU16) {
        loop {
            match (self.network(), listener.take()) {
                (Network::Off, None) => thread::sleep(LOOK),
                (Network::Off, Some(bound)) => {
                    // Without a listener the kernel refuses connections.
                    drop(bound);
                    self.count(|state| state.listening -= 1);
                }
                (_, None) => match listen(port) {
                    Ok(bound) => {
                        listener = Some(bound);
                        self.count(|state| state.listening += 1);
                    }
                    Err(_) => thread::sleep(LOOK),
                },
                (_, Some(bound)) => {
                    self.accept(&bound, target.load(Ordering::SeqCst));
                    listener = Some(bound);
                }
            }
        }
    }

    /// Takes what has called, or rests for a moment, so that a pulled plug is seen.
    fn accept(&self, listener: &TcpListener, target: u16) {
        match listener.accept() {
            Ok((caller, _)) => {
                let plug = self.clone();
                // A connection that cannot be carried is closed, as a broken line would be.
                thread::spawn(move || plug.join(&caller, target).ok());
            }
            Err(_) => thread::sleep(LOOK),
        }
    }

    fn join(&self, caller: &TcpStream, target: u16) -> io::Result<()> {
        caller.set_nonblocking(false)?;
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, target));
        let host = TcpStream::connect_timeout(&address, CONNECT_TIMEOUT)?;
        for stream in [caller, &host] {
            stream.set_nodelay(true)?;
        }
        let id = self.register([caller.try_clone()?, host.try_clone()?])?;
        let (up, plug) = ((caller.try_clone()?, host.try_clone()?), self.clone());
        let requests = thread::spawn(move || plug.pump(&up.0, &up.1, false));
        self.pump(&host, caller, true);
        // The other direction ends by itself; its thread cannot fail.
        let _ = requests.join();
        self.state().open.remove(&id);
        Ok(())
    }

    /// Under the same lock as `set`: a connection is either broken by it or never begun.
    fn register(&self, ends: [TcpStream; 2]) -> io::Result<u64> {
        let mut state = self.state();
        if state.network == Network::Off {
            return Err(io::ErrorKind::ConnectionAborted.into());
        }
        let id = state.next;
        state.next += 1;
        state.open.insert(id, ends);
        Ok(id)
    }

    /// Carries one direction until it ends, is cut or gets lost.
    fn pump(&self, mut from: &TcpStream, mut to: &TcpStream, answers: bool) {
        let mut buffer = [0; 4096];
        while let Ok(count) = from.read(&mut buffer) {
            let Some(piece) = buffer.get(..count).filter(|piece| !piece.is_empty()) else {
                break;
            };
            match self.network() {
                Network::On => {}
                Network::Off => break,
                Network::Slow => thread::sleep(SLOW),
                Network::Lossy if answers && self.loses_this() => break,
                Network::Lossy => {}
            }
            if to.write_all(piece).is_err() {
                break;
            }
        }
        for stream in [from, to] {
            // It may be closed already.
            let _ = stream.shutdown(Shutdown::Both);
        }
    }

    /// The first answer after the switch is lost, the second arrives, and so on.
    fn loses_this(&self) -> bool {
        self.shared
            .answers
            .fetch_add(1, Ordering::SeqCst)
            .is_multiple_of(2)
    }

    fn count(&self, change: impl FnOnce(&mut State)) {
        change(&mut self.state());
        self.shared.changed.notify_all();
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.shared
            .state
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

fn listen(port: u16) -> io::Result<TcpListener> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))?;
    listener.set_nonblocking(true)?;
    Ok(listener)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A host that sends back what it gets, and a plug before it.
    fn plugged() -> (Plug, u16) {
        let host = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let target = host.local_addr().unwrap().port();
        thread::spawn(move || {
            for stream in host.incoming().flatten() {
                thread::spawn(move || io::copy(&mut &stream, &mut &stream));
            }
        });
        let plug = Plug::new();
        let port = plug.carry(Arc::new(AtomicU16::new(target))).unwrap();
        (plug, port)
    }

    fn call(port: u16) -> io::Result<TcpStream> {
        let stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port))?;
        stream.set_read_timeout(Some(Duration::from_secs(5)))?;
        Ok(stream)
    }

    /// Whether a word goes there and back on this connection.
    fn echoes(mut stream: &TcpStream) -> bool {
        let mut answer = [0; 4];
        stream.write_all(b"word").is_ok()
            && stream.read_exact(&mut answer).is_ok()
            && &answer == b"word"
    }

    #[test]
    fn a_pulled_plug_breaks_what_is_open_and_refuses_what_is_new() {
        let (plug, port) = plugged();
        let open = call(port).unwrap();
        assert!(echoes(&open));
        plug.set(Network::Off);
        assert!(!echoes(&open), "what was open is broken");
        let refused = call(port).unwrap_err();
        assert_eq!(
            refused.kind(),
            io::ErrorKind::ConnectionRefused,
            "what is new is refused"
        );
        plug.set(Network::On);
        assert!(echoes(&call(port).unwrap()));
    }

    #[test]
    fn a_lossy_network_loses_every_second_answer() {
        let (plug, port) = plugged();
        plug.set(Network::Lossy);
        let arrived: Vec<bool> = (0..4).map(|_| echoes(&call(port).unwrap())).collect();
        assert_eq!(arrived, [false, true, false, true]);
    }

    #[test]
    fn a_slow_network_takes_its_time_and_loses_nothing() {
        let (plug, port) = plugged();
        plug.set(Network::Slow);
        let begun = std::time::Instant::now();
        assert!(echoes(&call(port).unwrap()));
        assert!(begun.elapsed() >= SLOW * 2);
    }

    #[test]
    fn names() {
        for network in [Network::On, Network::Off, Network::Slow, Network::Lossy] {
            assert_eq!(Network::parse(network.name()), Some(network));
        }
        assert_eq!(Network::parse("up"), None);
    }
}
