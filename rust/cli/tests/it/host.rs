//! `host`: the ports first, the ledger last.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, ChildStdout, Command, Stdio};

use serde_json::{Value, json};

use crate::support::{command, keys, run};

struct Host {
    child: Child,
    out: BufReader<ChildStdout>,
    ports: Value,
}

impl Drop for Host {
    fn drop(&mut self) {
        // Already gone when the test went well.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn host(arguments: &[&str]) -> Host {
    let mut command = command();
    command
        .args(["host", "--port", "0"])
        .args(arguments)
        .stdout(Stdio::piped());
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
    fn port(&self, of: &str) -> u16 {
        self.ports[of].as_u64().unwrap().try_into().unwrap()
    }

    fn http(&self, request: &str, body: &str) -> String {
        let port = self.port("control");
        let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
        let length = body.len();
        let head = format!("{request} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n");
        write!(stream, "{head}Content-Length: {length}\r\n\r\n{body}").unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }

    /// The last line, once the process ended by itself.
    fn ledger(mut self) -> Value {
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

fn check_empty(ledger: &Value) {
    let unionpay = &ledger["unionpay"];
    let none = json!([]);
    assert_eq!(
        (&unionpay["sales"], &unionpay["violations"]),
        (&none, &none)
    );
    assert_eq!(unionpay["net"], 0);
}

#[test]
fn the_ports_come_first_and_the_ledger_last_when_asked_to_quit() {
    let host = host(&[]);
    assert_eq!(
        keys(&host.ports),
        ["unionpay", "wechat", "alipay", "control"]
    );
    assert!(TcpStream::connect(("127.0.0.1", host.port("unionpay"))).is_ok());
    assert!(host.http("POST /quit", "").starts_with("HTTP/1.1 200"));
    check_empty(&host.ledger());
}

#[test]
fn a_signal_ends_it_just_as_well() {
    let host = host(&[]);
    let id = host.child.id().to_string();
    let killed = Command::new("kill").args(["-TERM", &id]).status().unwrap();
    assert!(killed.success());
    check_empty(&host.ledger());
}

#[test]
fn faults_and_cards_come_from_files() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let faults = file(
        "f.toml",
        "[[fault]]\non = \"sale\"\nat = \"after_booking\"\ndo = \"drop\"\n",
    );
    let cards = file(
        "c.toml",
        "[[card]]\npan = \"4111111111111111\"\ncode = \"51\"\n",
    );
    let host = host(&["--faults", &faults, "--cards", &cards]);
    assert!(host.http("GET /faults", "").contains("after_booking"));
    host.http("POST /quit", "");
    check_empty(&host.ledger());

    let wrong_fault = file(
        "wf.toml",
        "[[fault]]\non = \"sale\"\nat = \"noon\"\ndo = \"drop\"\n",
    );
    let wrong_card = file("wc.toml", "[[card]]\npan = \"4111111111111112\"\n");
    for (option, path) in [("--faults", &wrong_fault), ("--cards", &wrong_card)] {
        let done = run(&["--json", "host", "--port", "0", option, path]);
        let (kind, place, detail) = done.error();
        assert_eq!((done.code, kind.as_str(), &place), (2, "usage", path));
        assert!(
            detail.contains("line") && !detail.contains("4111"),
            "{detail}"
        );
    }
}

#[test]
fn what_cannot_be_served_is_said() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let done = run(&["--json", "host", "--port", &port]);
    assert_eq!((done.code, done.error().1.as_str()), (2, "ports"));
    for (arguments, place) in [
        (&["--json", "host", "--port", "70000"][..], "--port"),
        (&["--json", "host", "--tmk", "00"], "--tmk"),
        (
            &["--json", "host", "--faults", "/nonexistent"],
            "/nonexistent",
        ),
        (&["--json", "host", "now"], "arguments"),
    ] {
        let done = run(arguments);
        assert_eq!((done.code, done.error().1.as_str()), (2, place));
    }
}
