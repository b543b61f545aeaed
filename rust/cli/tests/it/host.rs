//! `host`: the ports first, the ledger last.

use std::net::{TcpListener, TcpStream};
use std::process::Command;

use serde_json::{Value, json};

use crate::support::{host, keys, run};

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
        ["unionpay", "wechat", "alipay", "control", "acp"]
    );
    assert!(TcpStream::connect(("127.0.0.1", host.port("unionpay"))).is_ok());
    host.http("POST /quit", "");
    check_empty(&host.ledger());
}

#[test]
fn a_signal_ends_it_just_as_well() {
    let host = host(&[]);
    let id = host.id().to_string();
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
fn the_profile_that_it_leaves_fits_its_ports() {
    let folder = tempfile::tempdir().unwrap();
    let place = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let (profile, home) = (place("shop/profile.toml"), place("home"));
    let first = host(&["--write-profile", &place("shop")]);
    drop(first);
    // Another run has other ports, and may write its own file again.
    let host = host(&["--write-profile", &place("shop")]);
    let done = run(&["--json", "--home", &home, "init", "--profile", &profile]);
    assert_eq!(done.code, 0, "{} {}", done.stdout, done.stderr);
    let signed_in = run(&["--json", "--home", &home, "sign-in"]);
    assert_eq!(signed_in.code, 0, "{}", signed_in.stdout);
    let text = std::fs::read_to_string(&profile).unwrap();
    for rail in ["unionpay", "wechat", "alipay"] {
        assert!(text.contains(&format!("127.0.0.1:{}", host.port(rail))));
    }
}

#[test]
fn a_profile_of_someone_else_is_not_written_over() {
    let folder = tempfile::tempdir().unwrap();
    let shop = folder.path().to_str().unwrap();
    let profile = folder.path().join("profile.toml");
    std::fs::write(&profile, "schema = 1\n").unwrap();
    let done = run(&["--json", "host", "--port", "0", "--write-profile", shop]);
    let (kind, place, detail) = done.error();
    assert_eq!((done.code, kind.as_str()), (2, "usage"));
    assert_eq!(place, profile.to_str().unwrap());
    assert!(detail.contains("another folder"), "{detail}");
    assert_eq!(std::fs::read_to_string(&profile).unwrap(), "schema = 1\n");
}

#[test]
fn what_cannot_be_served_is_said() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    for option in ["--port", "--wechat-port", "--alipay-port", "--acp-port"] {
        let done = run(&["--json", "host", "--port", "0", option, &port]);
        assert_eq!((done.code, done.error().1.as_str()), (2, "ports"));
    }
    for (arguments, place) in [
        (&["--json", "host", "--port", "70000"][..], "--port"),
        (&["--json", "host", "--alipay-port", "x"], "--alipay-port"),
        (&["--json", "host", "--fax-port", "1"], "--fax-port"),
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
