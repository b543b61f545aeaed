//! Payments by code against the simulated wallets: taken, taken back, never lost, never doubled.

use std::collections::BTreeMap;
use std::fs;
use std::process::Stdio;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::support::{CARD, Done, Host, command, far_cutover, host, keys, run};

/// Codes whose customers pay at once.
pub const WECHAT: &str = "130000000000000000";
pub const ALIPAY: &str = "280000000000000000";
pub const UNIONPAY: &str = "6200000000000000000";
/// A customer who enters a password and pays at the second question.
const WECHAT_SLOW: &str = "130000000000000001";
/// One who has not enough money.
const ALIPAY_POOR: &str = "280000000000000004";

/// A terminal whose wallets are simulated.
pub struct Shop {
    pub host: Host,
    folder: tempfile::TempDir,
}

impl Shop {
    pub fn open() -> Self {
        Self::with(|profile| profile)
    }

    /// A terminal whose UnionPay codes go by the all-channel gateway.
    fn by_gateway() -> Self {
        Self::with(|profile| profile.replace("mode = \"8583\"", "timeout_s = 1\nmode = \"acp\""))
    }

    fn with(change: impl FnOnce(String) -> String) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join("profile");
        let host = host(&["--write-profile", place.to_str().unwrap()]);
        let profile = place.join("profile.toml");
        let cutover = format!("[terminal]\nday_cutover = \"{}\"", far_cutover());
        let mut text = fs::read_to_string(&profile).unwrap();
        text = text.replace("[terminal]", &cutover);
        for section in ["[unionpay]", "[wechat]", "[alipay]"] {
            text = text.replace(section, &format!("{section}\ntimeout_s = 1"));
        }
        fs::write(&profile, change(text)).unwrap();
        let shop = Self { host, folder };
        shop.ok(0, &["init", "--profile", profile.to_str().unwrap()]);
        shop
    }

    pub fn home(&self) -> std::path::PathBuf {
        self.folder.path().join("home")
    }

    pub fn command(&self, arguments: &[&str]) -> std::process::Command {
        let mut command = command();
        command.arg("--home").arg(self.home()).arg("--json");
        command.args(arguments);
        command
    }

    pub fn run(&self, arguments: &[&str]) -> Done {
        let output = self.command(arguments).output().unwrap();
        Done {
            code: output.status.code().unwrap(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// Runs a command that must end with this code, and gives its object.
    pub fn ok(&self, code: i32, arguments: &[&str]) -> Value {
        let done = self.run(arguments);
        assert_eq!(done.code, code, "{arguments:?}: {}", done.stdout);
        done.object()
    }

    fn sale(&self, code: &str) -> Value {
        let sale = self.ok(0, &["sale", "--amount", "8.80", "--code", code]);
        assert_eq!(sale["status"], "approved");
        sale
    }

    /// Waits until an owed item has this status.
    fn wait_for(&self, status: &str) {
        let until = Instant::now() + Duration::from_secs(10);
        loop {
            let queue = self.ok(0, &["queue"]);
            let items = queue["items"].as_array().unwrap();
            if items.iter().any(|item| item["status"] == status) {
                return;
            }
            assert!(Instant::now() < until, "never {status}: {queue}");
        }
    }

    /// What both sides say each order is worth: equal, nothing unknown, no rule broken.
    pub fn assert_equal_ledgers(&self) {
        let mut ours = BTreeMap::new();
        for sale in self.ok(0, &["journal"])["sales"].as_array().unwrap() {
            let net = sale["net"].as_i64();
            let net = net.unwrap_or_else(|| panic!("unknown: {sale}"));
            let text = |key: &str| sale[key].as_str().unwrap_or_default().to_owned();
            let key = match text("order_no") {
                none if none.is_empty() => format!("{}:{}", text("batch"), text("trace")),
                order => order,
            };
            if net != 0 {
                ours.insert(key, net);
            }
        }
        let mut theirs = BTreeMap::new();
        let books = self.host.books();
        for rail in ["unionpay", "wechat", "alipay"] {
            assert_eq!(books[rail]["violations"], serde_json::json!([]), "{rail}");
            for sale in books[rail]["sales"].as_array().unwrap() {
                let net = sale["net"].as_i64().unwrap();
                if net != 0 {
                    theirs.insert(sale["key"].as_str().unwrap().to_owned(), net);
                }
            }
        }
        assert_eq!(ours, theirs);
        assert_eq!(self.ok(0, &["verify"])["ok"], true);
    }
}

#[test]
fn a_code_finds_its_rail_and_a_void_takes_the_money_back() {
    let shop = Shop::open();
    for (code, rail) in [(WECHAT, "wechat"), (ALIPAY, "alipay")] {
        let sale = shop.sale(code);
        assert_eq!(
            (&sale["rail"], &sale["amount"]),
            (&rail.into(), &880.into())
        );
        assert_eq!(sale["order_no"].as_str().unwrap().len(), 24);
        assert!(sale["trace"].is_null() && sale["batch"].is_null());
        let card = shop.ok(
            3,
            &["sale", "--amount", "1", "--code", "https://qr.alipay.com/x"],
        );
        assert_eq!(keys(&sale), keys(&card), "the same keys always");
        let void = shop.ok(0, &["void", "--sale", sale["sale"].as_str().unwrap()]);
        assert_eq!(
            (&void["rail"], &void["status"]),
            (&rail.into(), &"voided".into())
        );
        assert_eq!(void["deadline_certain"], true);
        let books = shop.host.books();
        assert_eq!(books[rail]["net"], 0);
        assert_eq!(
            books[rail]["sales"][0]["undos"].as_array().unwrap().len(),
            1
        );
        let again = shop.ok(3, &["void", "--sale", sale["sale"].as_str().unwrap()]);
        assert_eq!(again["code"], "local.ALREADY_UNDONE");
    }
    let shown = shop.ok(
        0,
        &[
            "show",
            shop.ok(0, &["journal"])["sales"][0]["sale"]
                .as_str()
                .unwrap(),
        ],
    );
    assert!(shown["attempts"].as_array().unwrap().len() >= 2);
    shop.assert_equal_ledgers();
}

#[test]
fn i02_a_void_made_offline_survives_a_kill_and_is_delivered() {
    for code in [WECHAT, ALIPAY] {
        let shop = Shop::open();
        shop.sale(code);
        shop.host.order("offline");
        let void = shop.ok(4, &["void", "--last"]);
        assert_eq!(void["status"], "queued");
        shop.host.order("online");
        // The wallet does it and says nothing: the process dies waiting.
        shop.host.breaks("void", "after_booking", "drop");
        let mut syncing = shop.command(&["sync", "--wait", "30"]);
        let mut syncing = syncing
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        shop.wait_for("sending");
        syncing.kill().unwrap();
        syncing.wait().unwrap();
        let queue = shop.ok(0, &["queue"]);
        assert_eq!(queue["left"], 1, "{queue}");
        let done = shop.ok(0, &["sync", "--wait", "40"]);
        assert_eq!(done["left"], 0, "{done}");
        let journal = shop.ok(0, &["journal"]);
        assert_eq!(journal["sales"][0]["status"], "voided");
        shop.assert_equal_ledgers();
    }
}

#[test]
fn a_customer_who_takes_long_is_waited_for_by_sync() {
    let shop = Shop::open();
    let started = Instant::now();
    let sale = shop.run(&["sale", "--amount", "8.80", "--code", WECHAT_SLOW]);
    assert!(
        started.elapsed() < Duration::from_secs(8),
        "3 x timeout_s + 5 s"
    );
    assert_eq!(sale.code, 4, "{}", sale.stdout);
    assert_eq!(sale.object()["status"], "unknown");
    assert_eq!(sale.object()["explanation"]["goods"], "wait");
    assert!(
        sale.stderr.contains("confirm on the phone"),
        "{}",
        sale.stderr
    );
    // It has to sleep until the next question is due.
    assert_eq!(shop.ok(0, &["sync", "--wait", "20"])["left"], 0);
    assert_eq!(shop.ok(0, &["journal"])["sales"][0]["status"], "approved");
    shop.assert_equal_ledgers();
}

#[test]
fn i04_what_is_no_proof_is_unknown_and_never_declined() {
    // What else can go wrong with an answer is tried with the flows, which are quicker.
    let faults = [
        ("after_booking", "http", "502"),
        ("mid_answer", "cut", ""),
        ("after_booking", "unsigned", ""),
        ("after_booking", "other_amount", ""),
    ];
    let shop = Shop::open();
    for (number, (at, action, argument)) in faults.into_iter().enumerate() {
        let code = [WECHAT, ALIPAY][number % 2];
        let code = format!("{}{:02}00", &code[..14], number + 1);
        let mut fault = format!("[[fault]]\non = \"sale\"\nat = \"{at}\"\ndo = \"{action}\"\n");
        if !argument.is_empty() {
            fault.push_str(&format!("arg = \"{argument}\"\n"));
        }
        shop.host.http("POST /faults", &fault);
        let sale = shop.run(&["sale", "--amount", "8.80", "--code", &code]);
        // The first question after it, if it falls into the command's time, proves the payment.
        let told = sale.object();
        assert!(
            sale.code == 4 || sale.code == 0,
            "{action}: {}",
            sale.stdout
        );
        assert!(
            told["status"] == "unknown" || told["status"] == "approved",
            "{action}: {told}"
        );
    }
    assert_eq!(shop.ok(0, &["sync", "--wait", "20"])["left"], 0);
    let journal = shop.ok(0, &["journal"]);
    for sale in journal["sales"].as_array().unwrap() {
        assert_eq!(sale["status"], "approved", "{sale}");
    }
    shop.assert_equal_ledgers();
}

#[test]
fn money_goes_back_in_part_without_a_card() {
    let shop = Shop::open();
    let sale = shop.sale(ALIPAY);
    let sale = sale["sale"].as_str().unwrap();
    let refund = shop.ok(0, &["refund", "--sale", sale, "--amount", "3.00"]);
    assert_eq!(
        (&refund["status"], &refund["rail"]),
        (&"refunded".into(), &"alipay".into())
    );
    let journal = shop.ok(0, &["journal"]);
    assert_eq!(journal["sales"][0]["net"], 580);
    let void = shop.ok(3, &["void", "--sale", sale]);
    assert_eq!(void["code"], "local.PARTLY_REFUNDED");
    let more = shop.ok(3, &["refund", "--sale", sale, "--amount", "5.81"]);
    assert_eq!(more["code"], "local.OVER_REMAINING");
    shop.assert_equal_ledgers();
    // A sale by card still wants its card.
    shop.ok(0, &["sale", "--amount", "1", "--card", CARD]);
    let refund = shop.run(&["refund", "--last", "--amount", "1"]);
    assert_eq!((refund.code, refund.error().0.as_str()), (2, "usage"));
}

#[test]
fn a_unionpay_code_goes_by_either_way() {
    for (shop, on_the_line) in [(Shop::open(), true), (Shop::by_gateway(), false)] {
        let sale = shop.sale(UNIONPAY);
        assert_eq!(sale["rail"], "unionpay");
        assert_eq!(sale["trace"].is_string(), on_the_line, "{sale}");
        assert_eq!(sale["order_no"].is_string(), !on_the_line, "{sale}");
        let void = shop.ok(0, &["void", "--last"]);
        assert_eq!(
            (&void["status"], &void["rail"]),
            (&"voided".into(), &"unionpay".into())
        );
        shop.assert_equal_ledgers();
        let other = format!("{}1100", &UNIONPAY[..15]);
        shop.sale(&other);
        let refund = shop.ok(0, &["refund", "--last", "--amount", "3"]);
        assert_eq!(refund["status"], "refunded");
        shop.host.order("offline");
        let sale = shop.run(&["sale", "--amount", "1", "--code", UNIONPAY]);
        assert_eq!(
            (sale.code, &sale.object()["status"]),
            (3, &"not_sent".into())
        );
        assert_eq!(shop.ok(0, &["journal"])["sales"][1]["net"], 580);
    }
}

#[test]
fn what_is_no_payment_code_is_refused_with_advice() {
    let shop = Shop::open();
    for (text, advice) in [
        ("https://qr.alipay.com/fkx1", "Alipay receiving code"),
        ("wxp://f2f0abc", "WeChat receiving code"),
        ("6901234567892", "goods"),
        ("13465020123456789", "not read whole"),
        ("hello", "no payment code"),
    ] {
        let done = shop.run(&["sale", "--amount", "8.80", "--code", text]);
        assert_eq!(done.code, 3, "{}", done.stdout);
        let object = done.object();
        assert_eq!(
            (&object["status"], &object["code"]),
            (&"not_sent".into(), &"local.CODE_UNFIT".into())
        );
        let step = object["explanation"]["next_step"].as_str().unwrap();
        assert!(step.contains(advice), "{text}: {step}");
        assert!(!format!("{}{}", done.stdout, done.stderr).contains(text));
    }
    let poor = shop.ok(3, &["sale", "--amount", "8.80", "--code", ALIPAY_POOR]);
    assert_eq!(poor["status"], "declined");
    assert_eq!(poor["explanation"]["cause"], "customer_data");
    assert_eq!(
        shop.ok(0, &["journal"])["sales"].as_array().unwrap().len(),
        1
    );
    let books = shop.host.books();
    assert_eq!(books["wechat"]["orders"], serde_json::json!([]));
}

#[test]
fn our_code_is_shown_and_scanned() {
    let shop = Shop::open();
    for rail in ["alipay", "wechat"] {
        let mut selling = shop.command(&["sale", "--amount", "8.80", "--show", rail]);
        let selling = selling
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let until = Instant::now() + Duration::from_secs(10);
        while shop.host.books()[rail]["orders"]
            .as_array()
            .unwrap()
            .is_empty()
        {
            assert!(Instant::now() < until, "no order at {rail}");
        }
        shop.host.order("customer_scans");
        shop.host.order("customer_pays");
        let output = selling.wait_with_output().unwrap();
        let (stdout, stderr) = (output.stdout, String::from_utf8(output.stderr).unwrap());
        let sale: Value = serde_json::from_slice(&stdout).unwrap();
        assert_eq!(
            (output.status.code(), &sale["status"]),
            (Some(0), &"approved".into()),
            "{stderr}"
        );
        assert_eq!(keys(&sale).last(), Some(&"qr"));
        assert!(sale["qr"].as_str().unwrap().contains("://"));
        assert!(
            stderr.contains('█') && stderr.contains("scan the code"),
            "{stderr}"
        );
    }
    shop.assert_equal_ledgers();
}

#[test]
fn only_a_payment_under_way_can_be_decided_about() {
    let shop = Shop::open();
    let sale = shop.sale(WECHAT);
    for decision in ["--keep", "--take-back", "--handed-over"] {
        let done = shop.ok(0, &["payment", "--last", decision]);
        assert_eq!(
            (&done["sale"], &done["code"]),
            (&sale["sale"], &"local.NOT_IN_THIS_STATE".into())
        );
    }
    assert_eq!(shop.run(&["payment", "--last"]).code, 2);
    assert_eq!(
        shop.run(&["payment", "--last", "--keep", "--take-back"])
            .code,
        2
    );
    assert_eq!(shop.run(&["payment", "--sale", "S0", "--keep"]).code, 2);
}

#[test]
fn one_means_at_a_time() {
    let shop = Shop::open();
    for arguments in [
        &["--code", WECHAT, "--card", CARD][..],
        &["--code", WECHAT, "--show", "wechat"],
        &["--code", WECHAT, "--code", ALIPAY],
        &["--show", "paypal"],
        &["--code"],
    ] {
        let mut all = vec!["sale", "--amount", "1"];
        all.extend(arguments);
        let done = shop.run(&all);
        assert_eq!(done.code, 2, "{arguments:?}: {}", done.stdout);
        assert!(!format!("{}{}", done.stdout, done.stderr).contains(WECHAT));
    }
}

#[test]
fn a_rail_that_is_off_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let profile = folder.path().join("p.toml");
    fs::write(
        &profile,
        "schema = 1\n[merchant]\nid = \"M\"\n[terminal]\nid = \"T\"\n[alipay]\n",
    )
    .unwrap();
    let home = folder.path().join("home");
    let home = home.to_str().unwrap();
    run(&[
        "--home",
        home,
        "init",
        "--profile",
        profile.to_str().unwrap(),
    ]);
    for means in [
        ["--code", WECHAT],
        ["--code", ALIPAY],
        ["--show", "wechat"],
        ["--show", "unionpay"],
    ] {
        let done = run(&[
            "--home", home, "--json", "sale", "--amount", "1", means[0], means[1],
        ]);
        assert_eq!(done.code, 3, "{}", done.stdout);
        assert_eq!(done.object()["code"], "local.RAIL_OFF");
    }
    let sync = run(&["--home", home, "--json", "sync"]);
    assert_eq!((sync.code, &sync.object()["left"]), (0, &0.into()));
}

#[test]
fn the_wallets_codes_are_explained() {
    for (rail, code) in [
        ("wechat", "NOTENOUGH"),
        ("alipay", "ACQ.BUYER_BALANCE_NOT_ENOUGH"),
    ] {
        let done = run(&["--json", "explain", code, "--rail", rail]);
        assert_eq!(done.code, 0, "{}", done.stdout);
        assert_eq!(
            (&done.object()["rail"], &done.object()["cause"]),
            (&rail.into(), &"customer_data".into())
        );
    }
}
