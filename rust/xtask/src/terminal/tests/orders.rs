//! What the supervisor does with each request.

use std::net::{Ipv4Addr, TcpStream};
use std::time::Duration;

use serde_json::{Value, json};

use super::{Counter, start};
use crate::http::{self, Request};
use crate::terminal::books::TAG;
use crate::terminal::plug::Network;
use crate::terminal::site;

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
        "parts.js",
        "phone.js",
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
    assert_eq!(counter.control("card", json!({ "entry": "manual" })), 200);
    assert_eq!(counter.control("card", json!("nobody's")), 400);
    assert_eq!(
        counter.asked(),
        [
            "GET /screen.png?after=3 null",
            "POST /tap? {\"x\":1,\"y\":2}",
            r#"POST /control? {"do":"card","arg":{"entry":"manual"}}"#,
        ]
    );
    assert_eq!(counter.control("kill", Value::Null), 200);
    assert_eq!(counter.ask("GET", "tree", &Value::Null).0, 503);
}

#[test]
fn what_was_set_is_told_to_the_app_again() {
    let counter = Counter::new("again", "{}");
    assert_eq!(counter.control("printer", json!("paper_out")), 200);
    assert_eq!(counter.control("clock", json!({ "passed": 1000 })), 200);
    assert_eq!(
        counter.control("clock", json!({ "wall": 7, "passed": 1 })),
        200
    );
    assert!(counter.asked().is_empty(), "the app is down");
    start(&counter.world.app);
    counter
        .world
        .tell_all(counter.world.app.port("port").unwrap());
    let printer = r#"POST /control? {"do":"printer","arg":"paper_out"}"#;
    let clock = r#"POST /control? {"do":"clock","arg":{"wall":7,"passed":1001}}"#;
    assert_eq!(counter.asked(), [printer, clock]);
    assert_eq!(counter.control("clock", Value::Null), 200);
    let back = r#"POST /control? {"do":"clock","arg":{"wall":-7,"passed":-1001}}"#;
    assert_eq!(counter.asked(), [back]);
    counter
        .world
        .tell_all(counter.world.app.port("port").unwrap());
    assert_eq!(counter.asked(), [printer], "the clock is right again");
}

#[test]
fn the_plug_is_pulled_by_name() {
    let counter = Counter::new("plug", "{}");
    assert_eq!(counter.control("network", json!("off")), 200);
    assert_eq!(counter.world.plug.network(), Network::Off);
    let (_, status) = counter.ask("GET", "status", &Value::Null);
    assert_eq!(status["network"], "off");
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
        ("clock", json!(3)),
        ("card", json!(1)),
        ("kill", json!("everything")),
        ("code", json!(1)),
        ("customer", json!("pays")),
        ("customer", json!({ "what": "steals" })),
        ("explode", Value::Null),
    ] {
        assert_eq!(counter.control(what, arg), 400, "{what}");
    }
    assert_eq!(counter.ask("POST", "control", &json!([])).0, 400);
    assert!(counter.asked().is_empty());
}

#[test]
fn codes_are_drawn_when_they_can_be() {
    let counter = Counter::new("codes", "{}");
    let draw = |kind: &str, text: &str| {
        let body = json!({ "kind": kind, "text": text }).to_string();
        let request = Request {
            method: "POST".to_owned(),
            path: "/secret/code".to_owned(),
            body: body.into_bytes(),
            ..Request::default()
        };
        let answer = site::answer(&counter.world, "secret", &request);
        (answer.status, answer.headers["content-type"].clone())
    };
    let picture = (200, "image/svg+xml".to_owned());
    assert_eq!(draw("qr", "中"), picture);
    assert_eq!(draw("barcode", "134650201234567890"), picture);
    assert_eq!(draw("barcode", "中").0, 400);
    assert_eq!(draw("stamp", "1").0, 400);
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
fn ledgers_that_are_known_are_answered_when_they_change() {
    let counter = Counter::new("known", "{\"sales\":[]}");
    let ask = |query: &str| {
        let request = Request {
            method: "GET".to_owned(),
            path: "/secret/ledgers".to_owned(),
            query: query.to_owned(),
            ..Request::default()
        };
        site::answer(&counter.world, "secret", &request)
    };
    let first = ask("");
    let tag = first.headers[TAG].clone();
    assert_eq!(ask("after=other"), first, "another tag is not waited with");
    counter.rest();
    ask("");
    let reads = counter.reads();
    std::thread::scope(|scope| {
        let waiting = scope.spawn(|| ask(&format!("after={tag}")));
        assert_eq!(ask(""), first);
        assert_eq!(counter.reads(), reads, "a ledger at rest is not read again");
        assert!(!waiting.is_finished(), "nothing has changed");
        let sale = "{\"rail\":\"unionpay\",\"status\":\"approved\",\"batch\":\"000001\",\
                    \"trace\":\"000007\",\"order_no\":null,\"net\":1234,\"undo\":null}";
        counter.journal(&format!("{{\"sales\":[{sale}]}}"));
        let changed = waiting.join().unwrap();
        assert_ne!(changed.headers[TAG], tag);
        let changed: Value = serde_json::from_slice(&changed.body).unwrap();
        assert_eq!(changed["terminal"][0]["net"], 1234);
    });
}

#[test]
fn a_silent_caller_does_not_stop_the_page() {
    let counter = Counter::new("silent", "{}");
    let url = counter.serve();
    let port: u16 = url.split([':', '/']).nth(4).unwrap().parse().unwrap();
    let silent = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).unwrap();
    let patience = Duration::from_secs(5);
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
    drop(silent);
}
