//! Rounds of kill -9: real processes of a terminal are killed at random moments while they take
//! money and take it back; then both ledgers must be equal.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;

const CARD: &str = "6222020000000000018=3012";
/// Rounds between two comparisons.
const BETWEEN_CHECKS: u32 = 10;
/// What the acquirer may do wrong: `on`, `at`, `do`.
const FAULTS: &[(&str, &str, &str)] = &[
    ("sale", "after_booking", "drop"),
    ("sale", "request_read", "cut"),
    ("void", "after_booking", "cut"),
    ("void", "request_read", "drop"),
    ("void", "after_booking", "wrong_mac"),
    ("reversal_sale", "after_booking", "cut"),
    ("reversal_void", "after_booking", "drop"),
    ("sale", "before_connect", "drop"),
];

/// What many rounds came to.
#[derive(Clone, Copy, Debug, Default)]
pub struct Report {
    pub rounds: u32,
    /// Processes that were still alive when they were killed.
    pub killed: u32,
    pub checks: u32,
    pub sales: usize,
}

/// How to start a process of the program.
#[derive(Clone, Debug)]
pub struct Program {
    pub path: PathBuf,
    pub env: Option<(&'static str, &'static str)>,
}

impl Program {
    fn command(&self) -> Command {
        let mut command = Command::new(&self.path);
        if let Some((name, value)) = self.env {
            command.env(name, value);
        }
        command.env_remove("VOIDPROOF_PIN").env_remove("LANG");
        command.stdin(Stdio::null()).stderr(Stdio::null());
        command
    }
}

/// Random numbers that a seed repeats (xorshift64*).
pub struct Dice(u64);

impl Dice {
    pub const fn new(seed: u64) -> Self {
        Self(seed | 1)
    }

    fn next(&mut self, below: u64) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) % below
    }

    fn one_in(&mut self, chances: u64) -> bool {
        self.next(chances) == 0
    }
}

/// A terminal and its acquirer, as processes.
pub struct Rig {
    program: Program,
    folder: TempDir,
    host: Child,
    control: u64,
    dice: Dice,
    /// How long an undisturbed command takes, in microseconds.
    usual: u64,
    report: Report,
}

impl Drop for Rig {
    fn drop(&mut self) {
        let _ = self.host.kill();
        let _ = self.host.wait();
    }
}

fn object(bytes: &[u8]) -> Value {
    serde_json::from_slice(bytes).expect("one object on stdout")
}

impl Rig {
    /// Starts both; the seed repeats the same choices, though not the same moments.
    pub fn start(program: Program, seed: u64) -> Self {
        let mut command = program.command();
        let command = command.args(["host", "--port", "0"]).stdout(Stdio::piped());
        let mut host = command.spawn().expect("the host starts");
        let mut line = String::new();
        let mut out = BufReader::new(host.stdout.take().expect("piped"));
        out.read_line(&mut line).expect("the host tells its ports");
        let ports = object(line.as_bytes());
        let port = |name: &str| ports[name].as_u64().expect("a port");
        let (unionpay, control) = (port("unionpay"), port("control"));
        let mut rig = Self {
            program,
            folder: tempfile::tempdir().expect("a folder"),
            host,
            control,
            dice: Dice::new(seed),
            usual: 0,
            report: Report::default(),
        };
        rig.set_up(unionpay);
        rig
    }

    fn set_up(&mut self, port: u64) {
        let profile = self.folder.path().join("profile.toml");
        let text = format!(
            "schema = 1\n[merchant]\nid = \"898310048140001\"\n[terminal]\nid = \"10000001\"\n\
             day_cutover = \"{}\"\n[unionpay]\nhost = \"127.0.0.1:{port}\"\ntimeout_s = 1\n\
             tmk = \"31323334353637383132333435363738\"\n",
            crate::far_cutover(),
        );
        std::fs::write(&profile, text).expect("a profile");
        let begun = Instant::now();
        for arguments in [
            &["init", "--profile", profile.to_str().expect("a path")][..],
            &["sale", "--amount", "1", "--card", CARD],
            &["void", "--last"],
        ] {
            let done = self.command(arguments).output().expect("it runs");
            assert!(done.status.success(), "{arguments:?}");
        }
        let each = begun.elapsed().as_micros() / 3;
        self.usual = u64::try_from(each).unwrap_or(u64::MAX);
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = self.program.command();
        command.arg("--home").arg(self.folder.path().join("home"));
        command.arg("--json").args(arguments);
        command
    }

    fn http(&self, request: &str, body: &str) -> String {
        let address = format!("127.0.0.1:{}", self.control);
        let mut stream = TcpStream::connect(&address).expect("the control page");
        let head = format!("{request} HTTP/1.1\r\nHost: {address}\r\n");
        write!(stream, "{head}Content-Length: {}\r\n\r\n{body}", body.len()).expect("written");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("read");
        let (_, body) = answer.split_once("\r\n\r\n").expect("a body");
        body.to_owned()
    }

    fn order(&self, what: &str) {
        self.http("POST /do", &format!("{{\"do\":\"{what}\"}}"));
    }

    /// Plays this many rounds, and compares now and then and at the end.
    pub fn play(&mut self, rounds: u32) -> Report {
        for round in 1..=rounds {
            self.round();
            if round % BETWEEN_CHECKS == 0 || round == rounds {
                self.check();
            }
        }
        self.report
    }

    fn round(&mut self) {
        if self.dice.one_in(4) {
            let faults = u64::try_from(FAULTS.len()).expect("few");
            let which = usize::try_from(self.dice.next(faults)).expect("few");
            let (on, at, action) = FAULTS[which];
            let fault = format!("[[fault]]\non = \"{on}\"\nat = \"{at}\"\ndo = \"{action}\"\n");
            self.http("POST /faults", &fault);
        }
        let online = !self.dice.one_in(8);
        self.order(if online { "online" } else { "offline" });
        let arguments: &[&str] = match self.dice.next(12) {
            0..5 => &["sale", "--amount", "12.34", "--card", CARD],
            5..9 => &["void", "--last"],
            9 => &["settle"],
            _ => &["sync"],
        };
        let moment = self.dice.next(self.usual + self.usual / 2);
        self.report.rounds += 1;
        self.kill_after(arguments, Duration::from_micros(moment));
    }

    fn kill_after(&mut self, arguments: &[&str], moment: Duration) {
        let mut command = self.command(arguments);
        let mut child = command.stdout(Stdio::null()).spawn().expect("it starts");
        std::thread::sleep(moment);
        if child.try_wait().expect("a child").is_none() {
            self.report.killed += 1;
        }
        // SIGKILL: nothing is flushed and nobody says goodbye.
        let _ = child.kill();
        child.wait().expect("a child");
    }

    /// Lets everything owed be delivered, kills that now and then too, and compares.
    fn check(&mut self) {
        self.http("DELETE /faults", "");
        self.order("online");
        for _ in 0..2 {
            let moment = self.dice.next(self.usual);
            self.kill_after(&["sync"], Duration::from_micros(moment));
        }
        let mut left = Value::Null;
        for _ in 0..3 {
            let sync = self
                .command(&["sync", "--wait", "30"])
                .output()
                .expect("it runs");
            left = object(&sync.stdout);
            if left["left"] == 0 {
                break;
            }
        }
        assert_eq!(left["left"], 0, "still owed: {left}");
        self.report.checks += 1;
        self.report.sales = self.compare();
    }

    /// Both sides know the same money, nothing is unknown, no rule is broken.
    fn compare(&self) -> usize {
        let read = |arguments: &[&str]| {
            let done = self.command(arguments).output().expect("it runs");
            assert!(done.status.success(), "{arguments:?}");
            object(&done.stdout)
        };
        let text = |of: &Value| of.as_str().unwrap_or_default().to_owned();
        let mut ours = BTreeMap::new();
        for sale in read(&["journal"])["sales"].as_array().expect("sales") {
            let net = sale["net"].as_i64();
            let net = net.unwrap_or_else(|| panic!("unknown with nothing owed: {sale}"));
            let undone = sale["undo"]["status"] == "voided";
            assert!(
                !undone || net == 0,
                "voided and still worth something: {sale}"
            );
            ours.insert(
                format!("{}:{}", text(&sale["batch"]), text(&sale["trace"])),
                net,
            );
        }
        let ledger: Value = serde_json::from_str(&self.http("GET /ledger", "")).expect("JSON");
        let ledger = &ledger["unionpay"];
        assert_eq!(ledger["violations"], serde_json::json!([]));
        let mut theirs = BTreeMap::new();
        for sale in ledger["sales"].as_array().expect("sales") {
            let undos = sale["undos"].as_array().expect("undos");
            let effective = undos.iter().filter(|undo| undo["state"] == "effective");
            assert!(effective.count() <= 1, "undone twice: {sale}");
            theirs.insert(text(&sale["key"]), sale["net"].as_i64().expect("money"));
        }
        let sales = ours.len();
        // What the host never heard of is worth nothing here.
        ours.retain(|key, net| *net != 0 || theirs.contains_key(key));
        assert_eq!(ours, theirs);
        assert_eq!(read(&["verify"])["ok"], true);
        sales
    }
}
