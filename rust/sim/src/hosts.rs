//! All hosts of one process, and the ways to steer them.

use pos_domain::WallTime;
use serde_json::{Map, Value, json};
use thiserror::Error;

use crate::fault::{Action, Fault};
use crate::unionpay::{Acquirer, Settings};

/// The hosts that one process serves.
#[derive(Debug)]
pub struct Hosts {
    acquirer: Acquirer,
}

/// Something that a person or a test tells the hosts to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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
    /// Connections are refused, and those that stand are cut.
    Offline,
    /// Connections are taken again.
    Online,
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
    #[error("\"do\" must be one of cutover, drop_keys, rotate_keys, offline, online, batch, job")]
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
    /// to 999999; job: 0 to 9; the others none. A number may be given as text.
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
        match order.get("do").and_then(Value::as_str) {
            Some("cutover") if arg.is_none() => Ok(Self::Cutover { pause_ms: 0 }),
            Some("cutover") => {
                let seconds = number("cutover", "seconds, 0 to 86400", 0, 86_400)?;
                Ok(Self::Cutover {
                    pause_ms: i64::from(seconds) * 1000,
                })
            }
            Some("drop_keys") => bare("drop_keys", Self::DropKeys),
            Some("rotate_keys") => bare("rotate_keys", Self::RotateKeys),
            Some("offline") => bare("offline", Self::Offline),
            Some("online") => bare("online", Self::Online),
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
    /// Hosts that know no terminal yet.
    #[must_use]
    pub fn new(unionpay: Settings) -> Self {
        Self {
            acquirer: Acquirer::new(unionpay),
        }
    }

    /// The acquirer.
    pub const fn acquirer(&mut self) -> &mut Acquirer {
        &mut self.acquirer
    }

    /// Carries out an order.
    pub fn execute(&mut self, command: Command, now: WallTime) {
        match command {
            Command::Cutover { pause_ms } => self.acquirer.cutover(now, pause_ms),
            Command::DropKeys => self.acquirer.drop_keys(),
            Command::RotateKeys => self.acquirer.rotate_keys(),
            Command::Offline => self.acquirer.set_offline(true),
            Command::Online => self.acquirer.set_offline(false),
            Command::Batch(batch) => self.acquirer.set_batch(batch),
            Command::Job(job) => self.acquirer.ask_for(job),
        }
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
        self.acquirer.faults().iter().map(fault_json).collect()
    }

    /// The money ledgers by rail.
    #[must_use]
    pub fn ledger(&self) -> Value {
        json!({ "unionpay": self.acquirer.ledger() })
    }
}

fn fault_json(fault: &Fault) -> Value {
    let (name, arg) = match fault.action {
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
    };
    json!({
        "on": fault.on.map_or("any", |kind| kind.as_str()),
        "at": fault.at.as_str(),
        "do": name,
        "arg": arg,
        "skip": fault.skip,
        "times": fault.times,
    })
}
