//! All hosts of one process, and the ways to steer them.

use pos_domain::{Rail, WallTime};
use serde_json::{Value, json};

use crate::command::Command;
use crate::fault::{Action, Fault};
use crate::unionpay::{Acquirer, Settings};
use crate::wallet::{Customer, Wallet, WalletKeyError, WalletSettings};

/// The hosts that one process serves. They have one common set of faults.
#[derive(Debug)]
pub struct Hosts {
    acquirer: Acquirer,
    wechat: Wallet,
    alipay: Wallet,
    acp: Wallet,
}

/// A host that speaks HTTP.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WebHost {
    /// WeChat Pay.
    WeChat,
    /// Alipay.
    Alipay,
    /// UnionPay's online interface.
    Acp,
}

impl Hosts {
    /// Hosts that know no terminal yet and have no order.
    ///
    /// # Errors
    /// A key of the wallets cannot be used.
    pub fn new(unionpay: Settings, wallets: &WalletSettings) -> Result<Self, WalletKeyError> {
        let acquirer = Acquirer::new(unionpay);
        let mut hosts = Self {
            wechat: Wallet::wechat(wallets)?,
            alipay: Wallet::alipay(wallets)?,
            acp: Wallet::acp(wallets)?,
            acquirer,
        };
        for wallet in [&mut hosts.wechat, &mut hosts.alipay, &mut hosts.acp] {
            wallet.join_faults(hosts.acquirer.faults());
        }
        Ok(hosts)
    }

    /// The acquirer.
    pub const fn acquirer(&mut self) -> &mut Acquirer {
        &mut self.acquirer
    }

    /// WeChat Pay.
    pub const fn wechat(&mut self) -> &mut Wallet {
        &mut self.wechat
    }

    /// Alipay.
    pub const fn alipay(&mut self) -> &mut Wallet {
        &mut self.alipay
    }

    /// UnionPay's online interface.
    pub const fn acp(&mut self) -> &mut Wallet {
        &mut self.acp
    }

    /// A host that speaks HTTP.
    pub const fn web(&mut self, host: WebHost) -> &mut Wallet {
        match host {
            WebHost::WeChat => &mut self.wechat,
            WebHost::Alipay => &mut self.alipay,
            WebHost::Acp => &mut self.acp,
        }
    }

    /// Carries out an order. False when there is nothing that it could be done to.
    pub fn execute(&mut self, command: Command, now: WallTime) -> bool {
        match command {
            Command::Cutover { pause_ms } => self.acquirer.cutover(now, pause_ms),
            Command::DropKeys => self.acquirer.drop_keys(),
            Command::RotateKeys => self.acquirer.rotate_keys(),
            Command::Offline(rail) => self.set_offline(rail, true),
            Command::Online(rail) => self.set_offline(rail, false),
            Command::Batch(batch) => self.acquirer.set_batch(batch),
            Command::Job(job) => self.acquirer.ask_for(job),
            Command::Customer(what, order) => return self.customer(what, order.as_deref(), now),
        }
        true
    }

    fn set_offline(&mut self, rail: Option<Rail>, offline: bool) {
        let concerns = |own| rail.is_none_or(|rail| rail == own);
        if concerns(Rail::UnionPay) {
            self.acquirer.set_offline(offline);
            self.acp.set_offline(offline);
        }
        if concerns(Rail::WeChat) {
            self.wechat.set_offline(offline);
        }
        if concerns(Rail::Alipay) {
            self.alipay.set_offline(offline);
        }
    }

    /// The customer of the newest order that fits acts, whichever wallet has it.
    fn customer(&mut self, what: Customer, order: Option<&str>, now: WallTime) -> bool {
        let wallets = [&mut self.wechat, &mut self.alipay, &mut self.acp];
        if what == Customer::RefundsArrive {
            let arrive = |wallet: &mut Wallet| wallet.execute(what, order, now);
            return wallets.map(arrive).contains(&true);
        }
        wallets
            .into_iter()
            .max_by_key(|wallet| wallet.newest(what, order))
            .is_some_and(|wallet| wallet.execute(what, order, now))
    }

    /// Adds faults.
    pub fn add_faults(&mut self, faults: impl IntoIterator<Item = Fault>) {
        self.acquirer.add_faults(faults);
    }

    /// Forgets all faults that have not struck yet.
    pub fn clear_faults(&mut self) {
        self.acquirer.clear_faults();
    }

    /// The faults that have not struck yet.
    #[must_use]
    pub fn faults(&self) -> Value {
        let faults = self.acquirer.faults().list();
        faults.iter().map(fault_json).collect()
    }

    /// The money ledgers by rail. UnionPay's has the orders of the online interface too.
    #[must_use]
    pub fn ledger(&self) -> Value {
        let mut unionpay = self.acquirer.ledger();
        let mut online = self.acp.ledger();
        for list in ["sales", "violations"] {
            let more = online.get_mut(list).and_then(Value::as_array_mut);
            let own = unionpay.get_mut(list).and_then(Value::as_array_mut);
            if let (Some(own), Some(more)) = (own, more) {
                own.append(more);
            }
        }
        let net = |ledger: &Value| ledger.get("net").and_then(Value::as_i64);
        let sum = net(&unionpay).unwrap_or_default() + net(&online).unwrap_or_default();
        if let Some(members) = unionpay.as_object_mut() {
            members.insert("net".to_owned(), json!(sum));
            let orders = online.get_mut("orders").map(Value::take);
            members.insert("orders".to_owned(), orders.unwrap_or_default());
        }
        json!({
            "unionpay": unionpay,
            "wechat": self.wechat.ledger(),
            "alipay": self.alipay.ledger(),
        })
    }
}

fn fault_json(fault: &Fault) -> Value {
    let (name, arg) = match &fault.action {
        Action::Drop => ("drop", Value::Null),
        Action::Delay { ms } => ("delay", json!(ms)),
        Action::Duplicate => ("duplicate", Value::Null),
        Action::Cut => ("cut", Value::Null),
        Action::Corrupt => ("corrupt", Value::Null),
        Action::WrongMac => ("wrong_mac", Value::Null),
        Action::ForeignAnswer => ("foreign_answer", Value::Null),
        Action::Code(code) => ("code", json!(code.as_str())),
        Action::Late { requests } => ("late", json!(requests)),
        Action::Cutover { pause_ms } => ("cutover", json!(pause_ms / 1000)),
        Action::Named(code) => ("code", json!(code)),
        Action::Unsigned => ("unsigned", Value::Null),
        Action::OtherAmount => ("other_amount", Value::Null),
        Action::Http(oddity) => ("http", json!(oddity.to_string())),
    };
    json!({
        "rail": fault.rail.map(Rail::as_str),
        "on": fault.on.map_or("any", |kind| kind.as_str()),
        "at": fault.at.as_str(),
        "do": name,
        "arg": arg,
        "skip": fault.skip,
        "times": fault.times,
    })
}
