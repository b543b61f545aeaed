//! Running the binary.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Output, Stdio};
use std::rc::Rc;

use pos_engine::SystemClock;
use pos_engine::domain::ports::Clock;
use pos_engine::domain::time::DAY_MS;
use serde_json::Value;

/// The published sale with its MAC (spec unionpay-8583, TV-A), and the key of the MAC.
pub const SALE: &str = concat!(
    "007F60000300006032103200720200",
    "3020048000C08015",
    "000000000000001234000002030099",
    "3030303030303031393532373138313832323137383735313536",
    "001926000001000600000000",
    "00435F01123238343431323334353637383930313233345F03063136303033365F04063230303832365C023031",
    "4233413039324145"
);
pub const SALE_MAK: &str = "0723C80DB5F4CD3D";

/// What a command left.
pub struct Done {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Done {
    /// The one object on stdout.
    pub fn object(&self) -> Value {
        let text = self.stdout.strip_suffix('\n').unwrap();
        assert!(!text.contains('\n'), "one line: {text}");
        serde_json::from_str(text).unwrap_or_else(|_| panic!("no object: {text}"))
    }

    /// Kind, place and detail of the error object.
    pub fn error(&self) -> (String, String, String) {
        let object = self.object();
        assert_eq!(keys(&object), ["error"]);
        assert_eq!(keys(&object["error"]), ["kind", "where", "detail"]);
        let text = |key: &str| object["error"][key].as_str().unwrap().to_owned();
        (text("kind"), text("where"), text("detail"))
    }
}

/// The keys of an object in their order.
pub fn keys(object: &Value) -> Vec<&str> {
    object
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect()
}

/// A command that is still to be run, in an environment that says nothing.
pub fn command() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_voidproof"));
    for name in [
        "LC_ALL",
        "LC_MESSAGES",
        "LANG",
        "VOIDPROOF_HOME",
        "VOIDPROOF_PIN",
    ] {
        command.env_remove(name);
    }
    command.stdin(Stdio::null());
    command
}

/// What a command left.
pub fn done(output: Output) -> Done {
    Done {
        code: output.status.code().unwrap(),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

/// Runs the binary with these arguments.
pub fn run(arguments: &[&str]) -> Done {
    done(command().args(arguments).output().unwrap())
}

/// Runs it in a folder.
pub fn run_in(folder: &Path, arguments: &[&str]) -> Done {
    done(
        command()
            .args(arguments)
            .current_dir(folder)
            .output()
            .unwrap(),
    )
}

/// Runs it with an environment variable.
pub fn run_with(name: &str, value: &str, arguments: &[&str]) -> Done {
    done(command().args(arguments).env(name, value).output().unwrap())
}

/// Runs it with this standard input.
pub fn run_fed(input: &[u8], arguments: &[&str]) -> Done {
    let mut command = command();
    command
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(input).unwrap();
    done(child.wait_with_output().unwrap())
}

/// A running `voidproof host`.
pub struct Host {
    child: Child,
    out: BufReader<ChildStdout>,
    pub ports: Value,
}

impl Drop for Host {
    fn drop(&mut self) {
        // Already gone when the test went well.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Starts the hosts on free ports.
pub fn host(arguments: &[&str]) -> Host {
    let mut command = command();
    command
        .args(["host", "--port", "0"])
        .args(arguments)
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    let mut child = command.spawn().unwrap();
    let mut out = BufReader::new(child.stdout.take().unwrap());
    let ports = line(&mut out);
    Host { child, out, ports }
}

fn line(out: &mut BufReader<ChildStdout>) -> Value {
    let mut line = String::new();
    out.read_line(&mut line).unwrap();
    serde_json::from_str(&line).unwrap_or_else(|_| panic!("no object: {line:?}"))
}

impl Host {
    pub fn port(&self, of: &str) -> u16 {
        self.ports[of].as_u64().unwrap().try_into().unwrap()
    }

    pub fn id(&self) -> u32 {
        self.child.id()
    }

    pub fn http(&self, request: &str, body: &str) -> String {
        let port = self.port("control");
        let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
        let length = body.len();
        let head = format!("{request} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n");
        write!(stream, "{head}Content-Length: {length}\r\n\r\n{body}").unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
        answer
    }

    /// Tells the hosts to do something.
    pub fn order(&self, what: &str) {
        self.http("POST /do", &format!("{{\"do\":\"{what}\"}}"));
    }

    /// Has them misbehave: `(on, at, do)`.
    pub fn breaks(&self, on: &str, at: &str, action: &str) {
        let fault = format!("[[fault]]\non = \"{on}\"\nat = \"{at}\"\ndo = \"{action}\"\n");
        self.http("POST /faults", &fault);
    }

    /// The ledgers of all hosts now.
    pub fn books(&self) -> Value {
        let answer = self.http("GET /ledger", "");
        let (_, body) = answer.split_once("\r\n\r\n").unwrap();
        serde_json::from_str(body).unwrap()
    }

    /// The acquirer's ledger now.
    pub fn book(&self) -> Value {
        self.books()["unionpay"].clone()
    }

    /// The last line, once the process ended by itself.
    pub fn ledger(mut self) -> Value {
        let ledger = line(&mut self.out);
        let mut rest = String::new();
        self.out.read_to_string(&mut rest).unwrap();
        assert_eq!(
            (self.child.wait().unwrap().code(), rest.as_str()),
            (Some(0), "")
        );
        ledger
    }
}

/// The master key that the hosts have unless they are given another.
pub const TMK: &str = "31323334353637383132333435363738";
pub const PAN: &str = "6222020000000000018";
pub const CARD: &str = "6222020000000000018=3012";
pub const TRACK2: &str = "6222020000000000018=30121010000";

/// Half a day from now, so that no void's time ends during a test.
pub fn far_cutover() -> String {
    let now = SystemClock::new().unwrap().now().wall;
    format!("{}:00", &now.plus(DAY_MS / 2).hhmmss()[..2])
}

/// A terminal in a temporary home, with its acquirer.
pub struct Shop {
    pub host: Rc<Host>,
    pub folder: tempfile::TempDir,
    terminal: &'static str,
}

impl Shop {
    /// A terminal that is set up; `more` stands at the end of its `[unionpay]` section.
    pub fn with(more: &str) -> Self {
        Self::new(tempfile::tempdir().unwrap(), more)
    }

    /// A terminal whose home lies below this folder.
    pub fn at(folder: &Path) -> Self {
        Self::new(tempfile::tempdir_in(folder).unwrap(), "")
    }

    fn new(folder: tempfile::TempDir, more: &str) -> Self {
        let shop = Self {
            host: Rc::new(host(&[])),
            folder,
            terminal: "10000001",
        };
        shop.set_up(&format!("tmk = \"{TMK}\"\n{more}"));
        shop
    }

    /// Another terminal of the same merchant at the same acquirer.
    pub fn beside(&self, terminal: &'static str) -> Self {
        let shop = Self {
            host: Rc::clone(&self.host),
            folder: tempfile::tempdir().unwrap(),
            terminal,
        };
        shop.set_up(&format!("tmk = \"{TMK}\"\n"));
        shop
    }

    pub fn open() -> Self {
        Self::with("")
    }

    /// Sets the terminal up, or changes its settings.
    pub fn set_up(&self, more: &str) {
        let port = self.host.port("unionpay");
        let profile = self.folder.path().join("profile.toml");
        let (terminal, cutover) = (self.terminal, far_cutover());
        let text = format!(
            "schema = 1\n[merchant]\nid = \"898310048140001\"\n[terminal]\nid = \"{terminal}\"\n\
             day_cutover = \"{cutover}\"\n[unionpay]\nhost = \"127.0.0.1:{port}\"\n\
             timeout_s = 1\n{more}"
        );
        std::fs::write(&profile, text).unwrap();
        let done = self.run(&["init", "--profile", profile.to_str().unwrap()]);
        assert_eq!(done.code, 0, "{}{}", done.stdout, done.stderr);
        // The whole home is searched for secrets; the profile is no part of it.
        std::fs::remove_file(&profile).unwrap();
    }

    pub fn home(&self) -> PathBuf {
        self.folder.path().join("home")
    }

    /// A command in this home that is still to be run.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = command();
        command.arg("--home").arg(self.home()).arg("--json");
        command.args(arguments);
        command
    }

    pub fn run(&self, arguments: &[&str]) -> Done {
        done(self.command(arguments).output().unwrap())
    }

    /// As operator `no`, with these PINs.
    pub fn run_as(&self, no: &str, pins: &str, arguments: &[&str]) -> Done {
        let mut command = command();
        command.arg("--home").arg(self.home()).arg("--json");
        command.args(["--operator", no]).args(arguments);
        done(command.env("VOIDPROOF_PIN", pins).output().unwrap())
    }

    /// Runs a command that must end with this code, and gives its object.
    pub fn ok(&self, code: i32, arguments: &[&str]) -> Value {
        let done = self.run(arguments);
        assert_eq!(done.code, code, "{arguments:?}: {}", done.stdout);
        done.object()
    }

    /// A sale that is approved; gives its identifier.
    pub fn sale(&self, amount: &str) -> String {
        let sale = self.ok(0, &["sale", "--amount", amount, "--card", CARD]);
        assert_eq!(sale["status"], "approved");
        sale["sale"].as_str().unwrap().to_owned()
    }

    /// What both sides say each sale is worth: equal, nothing unknown, no rule broken.
    pub fn assert_equal_ledgers(&self) {
        let journal = self.ok(0, &["journal"]);
        let text = |of: &Value| of.as_str().unwrap_or_default().to_owned();
        let mut ours = BTreeMap::new();
        for sale in journal["sales"].as_array().unwrap() {
            let net = sale["net"]
                .as_i64()
                .unwrap_or_else(|| panic!("unknown: {sale}"));
            let key = format!("{}:{}", text(&sale["batch"]), text(&sale["trace"]));
            ours.insert(key, net);
        }
        let book = self.host.book();
        assert_eq!(book["violations"], serde_json::json!([]));
        let mut theirs = BTreeMap::new();
        for sale in book["sales"].as_array().unwrap() {
            theirs.insert(text(&sale["key"]), sale["net"].as_i64().unwrap());
        }
        // What the host never heard of is worth nothing here.
        ours.retain(|key, net| *net != 0 || theirs.contains_key(key));
        assert_eq!(ours, theirs);
        assert_eq!(self.ok(0, &["verify"])["ok"], true);
    }
}
