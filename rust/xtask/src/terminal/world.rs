//! What stands around the app on the counter: the plug, the hosts, what was set before a
//! restart, and the two ledgers.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde_json::{Value, json};

use super::books::Books;
use super::cards;
use super::keeper::{Handle, Life};
use super::plug::{Network, Plug};
use crate::http::{self, Answer};

/// A picture is waited for ten seconds; everything else answers at once.
const PATIENCE: Duration = Duration::from_secs(15);

/// Where the app's JVM and the hosts listen, in their greetings.
pub const APP_PORT: &str = "port";
pub const CONTROL_PORT: &str = "control";

pub struct World {
    pub app: Handle,
    pub host: Handle,
    pub plug: Plug,
    pub books: Books,
    /// A profile that fits the running hosts, for the app's first start.
    pub profile: String,
    pub settings: Mutex<Settings>,
}

/// As last set, told to the app again after a restart.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    printer: Option<Value>,
    clock: Moved,
}

/// How far the app's clocks were moved, in milliseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Moved {
    /// The clock on the wall alone.
    wall: i64,
    /// Time that passed for everybody.
    passed: i64,
}

impl Moved {
    fn read(arg: &Value) -> Self {
        let number = |key: &str| arg.get(key).and_then(Value::as_i64).unwrap_or(0);
        Self {
            wall: number("wall"),
            passed: number("passed"),
        }
    }

    fn back(self) -> Self {
        Self {
            wall: self.wall.saturating_neg(),
            passed: self.passed.saturating_neg(),
        }
    }

    fn and(self, more: Self) -> Self {
        let wall = self.wall.saturating_add(more.wall);
        Self {
            wall,
            passed: self.passed.saturating_add(more.passed),
        }
    }

    fn json(self) -> Value {
        json!({ "wall": self.wall, "passed": self.passed })
    }
}

impl World {
    /// Sends a request on to the app.
    pub fn ask_app(&self, method: &str, target: &str, body: &[u8]) -> Answer {
        let Some(port) = self.app.port(APP_PORT) else {
            return Answer::error(503, "the app is down");
        };
        http::fetch(port, method, target, body, PATIENCE)
            .unwrap_or_else(|error| Answer::error(503, format!("the app is down: {error}")))
    }

    fn ask_host(&self, method: &str, target: &str, body: &[u8]) -> Answer {
        let Some(port) = self.host.port(CONTROL_PORT) else {
            return Answer::error(503, "the host is down");
        };
        http::fetch(port, method, target, body, PATIENCE)
            .unwrap_or_else(|error| Answer::error(503, format!("the host is down: {error}")))
    }

    /// How things stand, for the page.
    pub fn status(&self) -> Answer {
        let faults = self.ask_host("GET", "/faults", b"").body;
        let settings = lock(&self.settings);
        Answer::json(
            200,
            &json!({
                "app": self.app.life().name(),
                "ended": self.app.last_words(),
                "host": self.host.life().name(),
                "network": self.plug.network().name(),
                "wallets": self.wallets(),
                "printer": settings.printer,
                "clock": settings.clock.json(),
                "faults": serde_json::from_slice::<Value>(&faults).ok().filter(Value::is_array),
            }),
        )
    }

    /// Carries out `{"do": …, "arg": …}`.
    pub fn control(&self, body: &[u8]) -> Answer {
        let Ok(order) = serde_json::from_slice::<Value>(body) else {
            return Answer::error(400, "the body is not JSON");
        };
        let arg = order.get("arg").unwrap_or(&Value::Null);
        match order.get("do").and_then(Value::as_str) {
            Some("network") => self.network(arg),
            Some("fault") => self.fault(arg),
            Some("host") => self.ask_host("POST", "/do", arg.to_string().as_bytes()),
            Some("kill") => done(child(self, arg).map(Handle::kill)),
            Some("start") => done(child(self, arg).map(Handle::start)),
            Some("card") => self.card(arg),
            Some("code") => self.code(arg),
            Some("customer") => self.customer(arg),
            Some("printer") => self.printer(arg),
            Some("clock") => self.clock(arg),
            Some(name) => Answer::error(400, format!("nothing is called {name:?}")),
            None => Answer::error(400, "\"do\" is missing"),
        }
    }

    fn network(&self, arg: &Value) -> Answer {
        let Some(network) = arg.as_str().and_then(Network::parse) else {
            return Answer::error(400, "network: on, off, slow or lossy");
        };
        self.plug.set(network);
        if self.app.life() != Life::Down {
            // Only a hint for the device; the plug itself is set, whatever the app makes of it.
            self.tell("network", &link_state(network));
        }
        Answer::json(200, &json!({ "network": network.name() }))
    }

    /// A card by its name, or as the simulated reader takes it.
    fn card(&self, arg: &Value) -> Answer {
        let card = match arg {
            Value::String(name) => cards::presented(name),
            Value::Object(_) => Some(arg.clone()),
            _ => None,
        };
        let Some(card) = card else {
            return Answer::error(400, format!("no card is called {arg}"));
        };
        match self.tell("card", &card) {
            Answer { status: 409, .. } => Answer::error(409, "the terminal asks for no card now"),
            answer => answer,
        }
    }

    /// A payment code before the terminal's scanner.
    fn code(&self, arg: &Value) -> Answer {
        if !arg.is_string() {
            return Answer::error(400, "code: the code as text");
        }
        match self.tell("code", arg) {
            Answer { status: 409, .. } => Answer::error(409, "the terminal asks for no code now"),
            answer => answer,
        }
    }

    /// `{"what": "scans|pays|cancels", "order"}`: what the customer does on the phone, with the
    /// newest order if none is named.
    fn customer(&self, arg: &Value) -> Answer {
        let what = match arg.get("what").and_then(Value::as_str) {
            Some(what @ ("scans" | "pays" | "cancels")) => format!("customer_{what}"),
            _ => return Answer::error(400, "customer: scans, pays or cancels"),
        };
        let order = json!({ "do": what, "arg": arg.get("order") });
        self.ask_host("POST", "/do", order.to_string().as_bytes())
    }

    /// The wallets that the terminal's profile switches on.
    fn wallets(&self) -> Vec<&'static str> {
        let sections = [
            ("wechat", "[wechat]"),
            ("alipay", "[alipay]"),
            ("unionpay", "[unionpay_qr]"),
        ];
        let named = |section: &str| self.profile.lines().any(|line| line == section);
        let named = sections.iter().filter(|(_, section)| named(section));
        named.map(|(wallet, _)| *wallet).collect()
    }

    /// Kept here too: the app forgets it with its process.
    fn printer(&self, arg: &Value) -> Answer {
        self.set(
            |settings| settings.printer = Some(arg.clone()),
            "printer",
            arg,
        )
    }

    /// `{"wall": ms, "passed": ms}`: the wall clock alone, or time for everybody; null takes
    /// everything back.
    fn clock(&self, arg: &Value) -> Answer {
        let moved = lock(&self.settings).clock;
        let change = match arg {
            Value::Null => moved.back(),
            Value::Object(_) => Moved::read(arg),
            _ => return Answer::error(400, "clock: {\"wall\": ms, \"passed\": ms}, or null"),
        };
        self.set(
            |settings| settings.clock = moved.and(change),
            "clock",
            &change.json(),
        )
    }

    /// Keeps a setting if the app takes it, or will be told because it is down.
    fn set(&self, keep: impl FnOnce(&mut Settings), name: &str, arg: &Value) -> Answer {
        let answer = match self.app.life() {
            Life::Down => Answer::json(200, &json!({ name: arg })),
            _ => self.tell(name, arg),
        };
        if answer.status == 200 {
            keep(&mut lock(&self.settings));
        }
        answer
    }

    fn tell(&self, name: &str, arg: &Value) -> Answer {
        let body = json!({ "do": name, "arg": arg }).to_string();
        self.ask_app("POST", "/control", body.as_bytes())
    }

    /// Faults in the hosts' own TOML; null takes them all away.
    fn fault(&self, arg: &Value) -> Answer {
        match arg {
            Value::Null => self.ask_host("DELETE", "/faults", b""),
            Value::String(toml) => self.ask_host("POST", "/faults", toml.as_bytes()),
            _ => Answer::error(400, "fault: TOML as a string, or null"),
        }
    }

    /// Tells a freshly started app, by its port, what was set before.
    pub fn tell_all(&self, port: u16) {
        let settings = lock(&self.settings).clone();
        let clock = (settings.clock != Moved::default()).then(|| settings.clock.json());
        let network = self.plug.network();
        let network = (network == Network::Off).then(|| link_state(network));
        let before = [
            ("network", network),
            ("printer", settings.printer),
            ("clock", clock),
        ];
        for (name, arg) in before {
            let Some(arg) = arg else { continue };
            let body = json!({ "do": name, "arg": arg }).to_string();
            let answer = http::fetch(port, "POST", "/control", body.as_bytes(), PATIENCE);
            if !answer.as_ref().is_ok_and(|answer| answer.status == 200) {
                eprintln!("the app did not take {body}: {answer:?}");
            }
        }
    }

    /// Both ledgers, and whether they agree; waits for others than those of the tag `known`.
    pub fn ledgers(&self, known: Option<&str>) -> Answer {
        self.books
            .compare(known, || self.ask_host("GET", "/ledger", b""))
    }
}

fn child<'a>(world: &'a World, arg: &Value) -> Result<&'a Handle, Answer> {
    match arg {
        Value::Null => Ok(&world.app),
        Value::String(name) if name == "app" => Ok(&world.app),
        Value::String(name) if name == "host" => Ok(&world.host),
        _ => Err(Answer::error(400, "kill and start: app or host")),
    }
}

fn done(result: Result<Result<(), crate::stop::Stop>, Answer>) -> Answer {
    match result {
        Ok(Ok(())) => Answer::json(200, &json!({ "done": true })),
        Ok(Err(stop)) => Answer::error(503, stop.to_string()),
        Err(answer) => answer,
    }
}

pub fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What a device says of its network when the plug is like this: a slow one is still connected.
fn link_state(network: Network) -> Value {
    let state = if network == Network::Off {
        "none"
    } else {
        "connected"
    };
    Value::from(state)
}
