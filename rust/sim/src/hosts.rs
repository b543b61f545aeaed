//! All hosts of one process, and the ways to steer them.

use pos_domain::{Rail, WallTime};
use serde_json::{Map, Value, json};
use thiserror::Error;

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

/// Something that a person or a test tells the hosts to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// The business day changes; code 90 is answered for this many milliseconds.
    Cutover {
        /// Milliseconds of code 90.
        pause_ms: i64,
    },
    /// All working keys are forgotten.
    DropKeys,
    /// All working keys change, and no terminal is told.
    RotateKeys,
    /// Connections to the hosts of this rail, or of all, are refused, and those that stand are cut.
    Offline(Option<Rail>),
    /// Connections are taken again.
    Online(Option<Rail>),
    /// A wallet's customer does something, with the order of this number or with the newest.
    Customer(Customer, Option<String>),
    /// Every terminal gets another batch, told at its next sign-in.
    Batch(u32),
    /// The next answer asks for this job in its header (spec 1.4).
    Job(u8),
}

/// Why an order is not understood.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum CommandError {
    /// No JSON object.
    #[error("the order must be a JSON object such as {{\"do\":\"offline\"}}")]
    NotAnObject,
    /// A key that has no meaning here.
    #[error("unknown key \"{0}\": an order has \"do\" and \"arg\"")]
    Key(String),
    /// An order that does not exist.
    #[error(
        "\"do\" must be one of cutover, drop_keys, rotate_keys, offline, online, batch, job, \
         customer_scans, customer_pays, customer_cancels, refunds_arrive"
    )]
    Do,
    /// An argument that does not fit.
    #[error("\"arg\" of {order} must be {wanted}")]
    Arg {
        /// The order.
        order: &'static str,
        /// What it takes.
        wanted: &'static str,
    },
}

impl Command {
    /// Reads `{"do":…,"arg":…}`. Arguments: cutover: seconds of code 90 (0 when absent); batch: 1
    /// to 999999; job: 0 to 9; offline and online: a rail (all when absent); what customers do: an
    /// order number (the newest order when absent); the others none. A number may be given as text.
    ///
    /// # Errors
    /// [`CommandError`].
    pub fn parse(json: &[u8]) -> Result<Self, CommandError> {
        let order: Map<String, Value> =
            serde_json::from_slice(json).map_err(|_| CommandError::NotAnObject)?;
        if let Some(key) = order
            .keys()
            .find(|key| !matches!(key.as_str(), "do" | "arg"))
        {
            return Err(CommandError::Key(key.clone()));
        }
        let arg = order.get("arg").filter(|arg| !arg.is_null());
        let number = |order, wanted, least: u32, most: u32| {
            let given = match arg {
                Some(Value::String(text)) => text.parse().ok(),
                Some(other) => other.as_u64().and_then(|number| u32::try_from(number).ok()),
                None => None,
            };
            given
                .filter(|number| (least..=most).contains(number))
                .ok_or(CommandError::Arg { order, wanted })
        };
        let bare = |order, command| match arg {
            None => Ok(command),
            Some(_) => Err(CommandError::Arg {
                order,
                wanted: "absent",
            }),
        };
        let rail = |order| match arg {
            None => Ok(None),
            Some(name) => {
                let found = Rail::ALL.iter().find(|rail| *name == rail.as_str());
                let wanted = "absent, unionpay, wechat or alipay";
                found
                    .map(|rail| Some(*rail))
                    .ok_or(CommandError::Arg { order, wanted })
            }
        };
        let customer = |order, what| match arg {
            None => Ok(Self::Customer(what, None)),
            Some(Value::String(no)) => Ok(Self::Customer(what, Some(no.clone()))),
            Some(_) => Err(CommandError::Arg {
                order,
                wanted: "absent or an order number, as text",
            }),
        };
        match order.get("do").and_then(Value::as_str) {
            Some("customer_scans") => customer("customer_scans", Customer::Scans),
            Some("customer_pays") => customer("customer_pays", Customer::Pays),
            Some("customer_cancels") => customer("customer_cancels", Customer::Cancels),
            Some("refunds_arrive") => customer("refunds_arrive", Customer::RefundsArrive),
            Some("cutover") if arg.is_none() => Ok(Self::Cutover { pause_ms: 0 }),
            Some("cutover") => {
                let seconds = number("cutover", "seconds, 0 to 86400", 0, 86_400)?;
                Ok(Self::Cutover {
                    pause_ms: i64::from(seconds) * 1000,
                })
            }
            Some("drop_keys") => bare("drop_keys", Self::DropKeys),
            Some("rotate_keys") => bare("rotate_keys", Self::RotateKeys),
            Some("offline") => rail("offline").map(Self::Offline),
            Some("online") => rail("online").map(Self::Online),
            Some("batch") => {
                number("batch", "a batch number, 1 to 999999", 1, 999_999).map(Self::Batch)
            }
            Some("job") => {
                let job = number("job", "a digit, 0 to 9", 0, 9)?;
                Ok(Self::Job(u8::try_from(job).unwrap_or_default()))
            }
            _ => Err(CommandError::Do),
        }
    }
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
