//! The whole counter against an app and hosts that only write down what they are asked.

use std::collections::BTreeMap;
use std::fs;
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::thread;

use serde_json::{Value, json};

use super::child::bound_to_us;
use super::http::{self, Answer, Request};
use super::keeper::{Handle, Keeper, Life};
use super::plug::{Network, Plug};
use super::site;
use super::world::{World, lock};

type Log = Arc<Mutex<Vec<String>>>;

/// A server on loopback that keeps `METHOD target body` of each request.
fn server(log: &Log) -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    let log = Arc::clone(log);
    let answer = move |request: &Request| {
        let Request {
            method,
            path,
            query,
            body,
        } = request;
        let body = String::from_utf8(body.clone()).unwrap();
        lock(&log).push(format!("{method} {path}?{query} {body}"));
        match path.as_str() {
            "/ledger" => Answer::json(
                200,
                &json!({ "unionpay": { "sales": [
                { "key": "000001:000007", "net": 0, "state": "voided" },
            ], "violations": [] } }),
            ),
            _ => Answer::json(200, &json!({ "seen": path })),
        }
    };
    thread::spawn(move || http::serve(&listener, Arc::new(answer)));
    port
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
    world: World,
    asked: Log,
    folder: PathBuf,
}

impl Counter {
    /// Hosts up, app down, a terminal whose journal is what `journal` says.
    fn new(name: &str, journal: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("xtask-{}-{name}", std::process::id()));
        fs::create_dir_all(folder.join("home")).unwrap();
        let cli = folder.join("cli");
        fs::write(&cli, format!("#!/bin/sh\necho '{journal}'\n")).unwrap();
        fs::set_permissions(&cli, fs::Permissions::from_mode(0o755)).unwrap();
        fs::write(folder.join("home/ledger.db"), "").unwrap();
        let asked = Log::default();
        let port = server(&asked);
        let world = World {
            app: child("app", port),
            host: child("host", port),
            plug: Plug::new(),
            cli,
            home: folder.join("home"),
            profile: Mutex::new("schema = 1\n".to_owned()),
            settings: Mutex::new(BTreeMap::new()),
        };
        start(&world.host);
        Self {
            world,
            asked,
            folder,
        }
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

    fn asked(&self) -> Vec<String> {
        std::mem::take(&mut *lock(&self.asked))
    }
}

impl Drop for Counter {
    fn drop(&mut self) {
        fs::remove_dir_all(&self.folder).unwrap();
    }
}

#[test]
fn only_known_paths_below_the_token_answer() {
    let counter = Counter::new("paths", "{}");
    let plain = |path: &str| Request {
        method: "GET".to_owned(),
        path: path.to_owned(),
        ..Request::default()
    };
    let status = |path: &str| site::answer(&counter.world, "secret", &plain(path)).status;
    assert_eq!(status("/secret/"), 200);
    for path in [
        "/",
        "/secret",
        "/other/",
        "/secret/nothing",
        "/secret/../secret/",
        "/tree",
    ] {
        assert_eq!(status(path), 404, "{path}");
    }
    for path in [
        "page.css",
        "page.js",
        "calls.js",
        "panels.js",
        "words.js",
        "profile",
        "status",
    ] {
        assert_eq!(status(&format!("/secret/{path}")), 200, "{path}");
    }
    let page = site::answer(&counter.world, "secret", &plain("/secret/"));
    assert!(page.headers["content-security-policy"].contains("default-src 'none'"));
    assert_eq!(counter.ask("DELETE", "tree", &Value::Null).0, 405);
}

#[test]
fn the_app_is_asked_as_the_page_was_and_503_while_it_is_down() {
    let counter = Counter::new("app", "{}");
    assert_eq!(
        counter.ask("GET", "screen.png?after=3", &Value::Null).0,
        503
    );
    assert_eq!(counter.control("card", json!("good")), 503);
    start(&counter.world.app);
    assert_eq!(
        counter.ask("GET", "screen.png?after=3", &Value::Null).0,
        200
    );
    assert_eq!(
        counter.ask("POST", "tap", &json!({ "x": 1, "y": 2 })).0,
        200
    );
    assert_eq!(counter.control("card", json!("good")), 200);
    assert_eq!(
        counter.asked(),
        [
            "GET /screen.png?after=3 null",
            "POST /tap? {\"x\":1,\"y\":2}",
            "POST /control? {\"do\":\"card\",\"arg\":\"good\"}",
        ]
    );
    assert_eq!(counter.control("kill", Value::Null), 200);
    assert_eq!(counter.ask("GET", "tree", &Value::Null).0, 503);
}

#[test]
fn what_was_set_is_told_to_the_app_again() {
    let counter = Counter::new("again", "{}");
    assert_eq!(counter.control("printer", json!("paper_out")), 200);
    assert_eq!(counter.control("network", json!("off")), 200);
    assert_eq!(counter.world.plug.network(), Network::Off);
    assert!(counter.asked().is_empty(), "the app is down");
    start(&counter.world.app);
    counter.world.tell_all(counter.world.app.port("port"));
    let told = [
        "POST /control? {\"do\":\"network\",\"arg\":\"off\"}",
        "POST /control? {\"do\":\"printer\",\"arg\":\"paper_out\"}",
    ];
    assert_eq!(counter.asked(), told);
    assert_eq!(counter.control("network", json!("on")), 200);
    assert_eq!(
        counter.asked(),
        ["POST /control? {\"do\":\"network\",\"arg\":\"on\"}"]
    );
    let (_, status) = counter.ask("GET", "status", &Value::Null);
    assert_eq!(
        (&status["network"], &status["app"]),
        (&json!("on"), &json!("up"))
    );
}

#[test]
fn faults_and_orders_reach_the_hosts_and_bad_ones_do_not() {
    let counter = Counter::new("faults", "{}");
    assert_eq!(counter.control("fault", json!("[[fault]]")), 200);
    assert_eq!(counter.control("fault", Value::Null), 200);
    assert_eq!(
        counter.control("host", json!({ "do": "cutover", "arg": null })),
        200
    );
    assert_eq!(
        counter.asked(),
        [
            "POST /faults? [[fault]]",
            "DELETE /faults? ",
            "POST /do? {\"do\":\"cutover\",\"arg\":null}",
        ]
    );
    for (what, arg) in [
        ("fault", json!({})),
        ("network", json!("up")),
        ("kill", json!("everything")),
        ("explode", Value::Null),
    ] {
        assert_eq!(counter.control(what, arg), 400, "{what}");
    }
    assert_eq!(counter.ask("POST", "control", &json!([])).0, 400);
    assert!(counter.asked().is_empty());
}

#[test]
fn both_ledgers_are_compared() {
    let sale = |net: &str| {
        format!(
            "{{\"sales\":[{{\"rail\":\"unionpay\",\"status\":\"voided\",\"batch\":\"000001\",\
             \"trace\":\"000007\",\"order_no\":null,\"net\":{net},\"undo\":null}}]}}"
        )
    };
    for (name, net, equal) in [("even", "0", true), ("odd", "1234", false)] {
        let counter = Counter::new(name, &sale(net));
        let (status, ledgers) = counter.ask("GET", "ledgers", &Value::Null);
        assert_eq!(
            (status, &ledgers["equal"]),
            (200, &json!(equal)),
            "{ledgers}"
        );
    }
    let broken = Counter::new("broken", "{\"error\":{\"kind\":\"ledger_corrupt\"}}");
    let (status, answer) = broken.ask("GET", "ledgers", &Value::Null);
    assert_eq!(status, 503);
    assert!(
        answer["error"].as_str().unwrap().contains("ledger_corrupt"),
        "{answer}"
    );
}

#[test]
fn the_page_is_served_over_a_socket() {
    let counter = Arc::new(Counter::new("socket", "{}"));
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    let kept = Arc::clone(&counter);
    let answer = move |request: &Request| site::answer(&kept.world, "secret", request);
    thread::spawn(move || http::serve(&listener, Arc::new(answer)));
    let patience = std::time::Duration::from_secs(5);
    let page = http::fetch(port, "GET", "/secret/", b"", patience).unwrap();
    assert_eq!(page.headers["content-type"], "text/html; charset=utf-8");
    assert!(
        String::from_utf8(page.body)
            .unwrap()
            .starts_with("<!DOCTYPE html>")
    );
    assert_eq!(
        http::fetch(port, "GET", "/", b"", patience).unwrap().status,
        404
    );
    let silent = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).unwrap();
    assert_eq!(
        http::fetch(port, "GET", "/secret/", b"", patience)
            .unwrap()
            .status,
        200
    );
    drop(silent);
    // The server keeps the counter for ever, so its folder is not removed with it.
    fs::remove_dir_all(&counter.folder).unwrap();
}
