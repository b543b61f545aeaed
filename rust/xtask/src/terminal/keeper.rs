//! Keeps the two children: the simulated hosts and the app. One thread owns them for as long
//! as the supervisor lives, since they die with the thread that started them.

use std::collections::VecDeque;
use std::io::{BufRead, BufReader};
use std::process::{ChildStderr, Command, Stdio};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use serde_json::Value;

use super::world::lock;
use crate::child::Running;
use crate::stop::Stop;

/// How often it is looked whether a child has ended by itself.
const LOOK: Duration = Duration::from_millis(200);

/// Lines of a child's last words.
const LAST_WORDS: usize = 14;
/// Digits in a row that may be a card number or a payment code, and are not repeated.
const SECRET_DIGITS: usize = 12;

/// What a child is doing.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Life {
    #[default]
    Down,
    /// Started, not yet heard.
    Starting,
    /// Its greeting.
    Up(Value),
}

impl Life {
    pub fn name(&self) -> &'static str {
        match self {
            Self::Down => "down",
            Self::Starting => "starting",
            Self::Up(_) => "up",
        }
    }
}

/// Makes the command that starts a child.
type Recipe = Box<dyn Fn() -> Command + Send>;
/// Called with a child's greeting, before anybody else learns that it is up.
type Greeted = Arc<dyn Fn(&Value) + Send + Sync>;

/// One child as others see it.
#[derive(Clone)]
pub struct Handle {
    shared: Arc<Shared>,
    orders: mpsc::Sender<Order>,
}

#[derive(Default)]
struct Shared {
    /// Held only to read or write it.
    life: Mutex<Life>,
    /// The newest lines of standard error, without what may be secret.
    said: Mutex<VecDeque<String>>,
    /// It ended although nobody ended it.
    fell: AtomicBool,
    /// Counts starts: a greeting of an earlier process is not believed.
    start: AtomicU64,
}

struct Order {
    up: bool,
    done: mpsc::Sender<Result<(), Stop>>,
}

impl Handle {
    pub fn life(&self) -> Life {
        self.shared.life().clone()
    }

    /// A port from the greeting; None while the child is not up.
    pub fn port(&self, key: &str) -> Option<u16> {
        match &*self.shared.life() {
            Life::Up(hello) => hello.get(key)?.as_u64()?.try_into().ok(),
            _ => None,
        }
    }

    /// What a child said before it ended by itself; None while it runs, or if it was ended.
    pub fn last_words(&self) -> Option<Vec<String>> {
        let said = || lock(&self.shared.said).iter().cloned().collect();
        self.shared.fell.load(Ordering::SeqCst).then(said)
    }

    /// Starts it if it is down; does not wait for its greeting.
    pub fn start(&self) -> Result<(), Stop> {
        self.order(true)
    }

    /// Ends it as if the power failed; when this returns it is gone.
    pub fn kill(&self) -> Result<(), Stop> {
        self.order(false)
    }

    fn order(&self, up: bool) -> Result<(), Stop> {
        let (done, answer) = mpsc::channel();
        let gone = || Stop::failed("the supervisor is ending");
        self.orders.send(Order { up, done }).map_err(|_| gone())?;
        answer.recv().map_err(|_| gone())?
    }
}

impl Shared {
    fn life(&self) -> MutexGuard<'_, Life> {
        self.life.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Owns a child on the thread that runs it.
pub struct Keeper {
    name: &'static str,
    recipe: Recipe,
    greeted: Greeted,
    shared: Arc<Shared>,
    orders: mpsc::Receiver<Order>,
    running: Option<Running>,
    listening: Option<JoinHandle<()>>,
}

/// The line with every long run of digits hidden.
fn masked(line: &str) -> String {
    let is_digit = |c: &char| c.is_ascii_digit();
    let mut masked = String::new();
    let mut rest = line;
    while let Some(first) = rest.chars().next() {
        let same = rest.chars().take_while(|c| is_digit(c) == is_digit(&first));
        let (run, after) = rest.split_at(same.map(char::len_utf8).sum());
        let secret = is_digit(&first) && run.len() >= SECRET_DIGITS;
        masked.push_str(if secret { "…" } else { run });
        rest = after;
    }
    masked
}

impl Keeper {
    pub fn new(name: &'static str, recipe: Recipe, greeted: Greeted) -> (Self, Handle) {
        let (send, orders) = mpsc::channel();
        let shared = Arc::new(Shared::default());
        let handle = Handle {
            shared: Arc::clone(&shared),
            orders: send,
        };
        (
            Self {
                name,
                recipe,
                greeted,
                shared,
                orders,
                running: None,
                listening: None,
            },
            handle,
        )
    }

    /// Carries out orders until every handle is gone.
    pub fn run(mut self) {
        loop {
            match self.orders.recv_timeout(LOOK) {
                Ok(Order { up, done }) => {
                    let result = if up { self.start() } else { self.kill() };
                    // Nobody may be waiting any more.
                    let _ = done.send(result);
                }
                Err(RecvTimeoutError::Timeout) => self.look(),
                Err(RecvTimeoutError::Disconnected) => return,
            }
        }
    }

    fn start(&mut self) -> Result<(), Stop> {
        if self.running.as_mut().is_some_and(Running::is_alive) {
            return Ok(());
        }
        let number = self.shared.start.fetch_add(1, Ordering::SeqCst) + 1;
        *self.shared.life() = Life::Starting;
        self.shared.fell.store(false, Ordering::SeqCst);
        lock(&self.shared.said).clear();
        let (shared, greeted) = (Arc::clone(&self.shared), Arc::clone(&self.greeted));
        let mut command = (self.recipe)();
        command.stderr(Stdio::piped());
        let mut started = Running::start(self.name, &mut command, move |hello| {
            greeted(&hello);
            let mut life = shared.life();
            if shared.start.load(Ordering::SeqCst) == number && *life == Life::Starting {
                *life = Life::Up(hello);
            }
        });
        match &mut started {
            Ok(running) => self.listening = running.errors().map(|errors| self.listen(errors)),
            Err(_) => *self.shared.life() = Life::Down,
        }
        self.running = Some(started?);
        Ok(())
    }

    /// Passes on what the child says, and keeps the end of it.
    fn listen(&self, errors: ChildStderr) -> JoinHandle<()> {
        let shared = Arc::clone(&self.shared);
        thread::spawn(move || {
            for line in BufReader::new(errors).lines().map_while(Result::ok) {
                eprintln!("{line}");
                let mut said = lock(&shared.said);
                said.push_back(masked(&line));
                if said.len() > LAST_WORDS {
                    said.pop_front();
                }
            }
        })
    }

    fn kill(&mut self) -> Result<(), Stop> {
        *self.shared.life() = Life::Down;
        self.running
            .take()
            .map_or(Ok(()), |mut running| running.kill())
    }

    fn look(&mut self) {
        if self
            .running
            .as_mut()
            .is_some_and(|running| !running.is_alive())
        {
            eprintln!("{} has ended", self.name);
            self.running = None;
            // All that it said is here once its standard error is closed.
            self.listening.take().map(JoinHandle::join);
            self.shared.fell.store(true, Ordering::SeqCst);
            *self.shared.life() = Life::Down;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::child::bound_to_us;

    fn kept(script: &'static str) -> (Handle, mpsc::Receiver<Value>) {
        let (send, heard) = mpsc::channel();
        let recipe = move || {
            let mut command = bound_to_us("sh");
            command.args(["-c", script]);
            command
        };
        let greeted = move |hello: &Value| send.send(hello.clone()).unwrap();
        let (keeper, handle) = Keeper::new("child", Box::new(recipe), Arc::new(greeted));
        thread::spawn(move || keeper.run());
        (handle, heard)
    }

    #[test]
    fn a_child_is_started_killed_and_started_again() {
        let (handle, heard) = kept("echo '{\"port\":7}'; exec tail -f /dev/null");
        assert_eq!(handle.life(), Life::Down);
        for _ in 0..2 {
            handle.start().unwrap();
            heard.recv_timeout(Duration::from_secs(10)).unwrap();
            while handle.life() == Life::Starting {
                thread::yield_now();
            }
            assert_eq!(handle.port("port"), Some(7));
            handle.start().unwrap();
            assert_eq!(handle.life().name(), "up", "a second start changes nothing");
            handle.kill().unwrap();
            assert_eq!((handle.life(), handle.port("port")), (Life::Down, None));
        }
    }

    #[test]
    fn a_child_that_ends_by_itself_is_seen() {
        let (handle, _heard) = kept(
            "for i in $(seq 20); do echo line $i >&2; done; \
            echo card 6222020000000114 of 1234 >&2; exit 1",
        );
        assert_eq!(handle.last_words(), None);
        handle.start().unwrap();
        while handle.life() != Life::Down {
            thread::yield_now();
        }
        let said = handle.last_words().unwrap();
        assert_eq!((said.len(), said[0].as_str()), (LAST_WORDS, "line 8"));
        assert_eq!(said[LAST_WORDS - 1], "card … of 1234");
    }

    #[test]
    fn a_child_that_is_killed_has_no_last_words() {
        let (handle, heard) = kept("echo hello >&2; echo '{\"port\":7}'; exec tail -f /dev/null");
        handle.start().unwrap();
        heard.recv_timeout(Duration::from_secs(10)).unwrap();
        handle.kill().unwrap();
        assert_eq!(handle.last_words(), None);
    }
}
