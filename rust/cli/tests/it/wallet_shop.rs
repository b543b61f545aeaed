//! A terminal whose wallets are simulated.

use std::collections::BTreeMap;
use std::fs;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::support::{Done, Host, command, far_cutover, host};

/// Codes whose customers pay at once.
pub const WECHAT: &str = "130000000000000000";
pub const ALIPAY: &str = "280000000000000000";
pub const UNIONPAY: &str = "6200000000000000000";
/// A customer who is asked for the password and does nothing.
pub const ALIPAY_IDLE: &str = "280000000000000002";
/// A customer who enters a password and pays at the second question.
pub const WECHAT_SLOW: &str = "130000000000000001";
/// One who has not enough money.
pub const ALIPAY_POOR: &str = "280000000000000004";

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
    pub fn by_gateway() -> Self {
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

    pub fn sale(&self, code: &str) -> Value {
        let sale = self.ok(0, &["sale", "--amount", "8.80", "--code", code]);
        assert_eq!(sale["status"], "approved");
        sale
    }

    /// Waits until an owed item has this status.
    pub fn wait_for(&self, status: &str) {
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
