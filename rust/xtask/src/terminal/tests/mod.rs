//! The whole counter against an app and hosts that only write down what they are asked.

use std::fs;
use std::net::{Ipv4Addr, TcpListener};
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, mpsc};
use std::thread;
use std::time::{Duration, SystemTime};

use serde_json::{Value, json};

use super::books::Books;
use super::keeper::{Handle, Keeper, Life};
use super::plug::Plug;
use super::site;
use super::world::{World, lock};
use crate::child::bound_to_us;
use crate::http::{self, Answer, Request};

mod orders;
mod page;

type Log = Arc<Mutex<Vec<String>>>;

/// A screen of 360 × 720 with nothing on it.
const SCREEN: &str =
    "<svg xmlns='http://www.w3.org/2000/svg' width='360' height='720'><rect/></svg>";

/// A server on loopback, app and hosts in one, that keeps `METHOD target body` of what it
/// is asked (not of the questions that the page repeats by itself).
fn server(log: &Log) -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    let log = Arc::clone(log);
    thread::spawn(move || http::serve(&listener, Arc::new(move |request| served(&log, request))));
    port
}

fn served(log: &Log, request: &Request) -> Answer {
    let Request {
        method,
        path,
        query,
        body,
    } = request;
    match path.as_str() {
        "/ledger" => {
            let sale = json!({ "key": "000001:000007", "net": 0, "state": "voided" });
            Answer::json(
                200,
                &json!({ "unionpay": { "sales": [sale], "violations": [] } }),
            )
        }
        "/faults" if method == "GET" => Answer::json(200, &json!([])),
        "/slips" => {
            let line = |text: &str, align: &str, kind: &str| {
                let (align, kind) = (Value::from(align), Value::from(kind));
                json!({ "text": text, "align": align, "size": "normal", "kind": kind })
            };
            let lines = [
                line("示例商户", "center", "text"),
                line("-12.34", "right", "text"),
                line("000001000007", "center", "barcode"),
                line("https://example.com/中", "center", "qr"),
            ];
            Answer::json(200, &json!({ "slips": [{ "number": 1, "lines": lines }] }))
        }
        "/screen.png" if query == "after=1" => {
            // Nothing changes: answered late, as the app does.
            let (_keep, never) = mpsc::channel::<()>();
            let _ = never.recv_timeout(Duration::from_secs(5));
            screen()
        }
        "/screen.png" => {
            note(log, request);
            screen()
        }
        _ => {
            note(log, request);
            Answer::json(200, &json!({ "method": method, "length": body.len() }))
        }
    }
}

fn note(
    log: &Log,
    Request {
        method,
        path,
        query,
        body,
    }: &Request,
) {
    let body = String::from_utf8(body.clone()).unwrap();
    lock(log).push(format!("{method} {path}?{query} {body}"));
}

fn screen() -> Answer {
    let mut answer = Answer::new(200, "image/svg+xml", SCREEN);
    answer
        .headers
        .insert("x-picture".to_owned(), "1".to_owned());
    answer
}

/// A child that greets with this port and then waits for its end.
fn child(name: &'static str, port: u16) -> Handle {
    let recipe = move || {
        let mut command = bound_to_us("sh");
        let script =
            format!("echo '{{\"port\":{port},\"control\":{port}}}'; exec tail -f /dev/null");
        command.args(["-c", &script]);
        command
    };
    let (keeper, handle) = Keeper::new(name, Box::new(recipe), Arc::new(|_: &Value| {}));
    thread::spawn(move || keeper.run());
    handle
}

fn start(handle: &Handle) {
    handle.start().unwrap();
    while !matches!(handle.life(), Life::Up(_)) {
        thread::yield_now();
    }
}

struct Counter {
    world: Arc<World>,
    asked: Log,
    folder: PathBuf,
}

impl Counter {
    /// Hosts up, app down, a terminal whose journal is what `journal` says.
    fn new(name: &str, journal: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("xtask-{}-{name}", std::process::id()));
        fs::create_dir_all(folder.join("home")).unwrap();
        let cli = folder.join("cli");
        let script = "#!/bin/sh\ncat \"$2/journal\"\necho read >> \"$2/reads\"\n";
        fs::write(&cli, script).unwrap();
        fs::set_permissions(&cli, fs::Permissions::from_mode(0o755)).unwrap();
        let asked = Log::default();
        let port = server(&asked);
        let world = Arc::new(World {
            app: child("app", port),
            host: child("host", port),
            plug: Plug::new(),
            books: Books::new(cli, folder.join("home")),
            profile: "schema = 1\n[wechat]\n[alipay]\n".to_owned(),
            settings: Mutex::default(),
        });
        start(&world.host);
        let counter = Self {
            world,
            asked,
            folder,
        };
        counter.journal(journal);
        counter
    }

    /// The terminal's ledger is this from now on.
    fn journal(&self, journal: &str) {
        let home = self.folder.join("home");
        fs::write(home.join("journal"), journal).unwrap();
        fs::write(home.join("ledger.db"), journal).unwrap();
    }

    /// The terminal's ledger was written long ago.
    fn rest(&self) {
        let ledger = fs::File::options()
            .write(true)
            .open(self.folder.join("home/ledger.db"))
            .unwrap();
        let before = SystemTime::now() - Duration::from_secs(60);
        ledger.set_modified(before).unwrap();
    }

    /// How often the terminal's ledger was read.
    fn reads(&self) -> usize {
        let reads = fs::read_to_string(self.folder.join("home/reads")).unwrap_or_default();
        reads.lines().count()
    }

    fn ask(&self, method: &str, path: &str, body: &Value) -> (u16, Value) {
        let (path, query) = path.split_once('?').unwrap_or((path, ""));
        let request = Request {
            method: method.to_owned(),
            path: format!("/secret/{path}"),
            query: query.to_owned(),
            body: body.to_string().into_bytes(),
        };
        let answer = site::answer(&self.world, "secret", &request);
        (
            answer.status,
            serde_json::from_slice(&answer.body).unwrap_or_default(),
        )
    }

    fn control(&self, what: &str, arg: Value) -> u16 {
        self.ask("POST", "control", &json!({ "do": what, "arg": arg }))
            .0
    }

    /// Serves the page on a socket; gives its address.
    fn serve(&self) -> String {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let world = Arc::clone(&self.world);
        let answer = move |request: &Request| site::answer(&world, "secret", request);
        thread::spawn(move || http::serve(&listener, Arc::new(answer)));
        format!("http://127.0.0.1:{port}/secret/")
    }

    /// What app and hosts were asked since the last time.
    fn asked(&self) -> Vec<String> {
        std::mem::take(&mut *lock(&self.asked))
    }
}

impl Drop for Counter {
    fn drop(&mut self) {
        // A question that still waits may read the ledger meanwhile, until its command is gone.
        while fs::remove_dir_all(&self.folder).is_err() && self.folder.exists() {
            thread::yield_now();
        }
    }
}
