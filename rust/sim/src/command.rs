//! What a person or a test tells the hosts to do.

use pos_domain::Rail;
use serde_json::{Map, Value};
use thiserror::Error;

use crate::wallet::Customer;

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
        let arg = Arg(order.get("arg").filter(|arg| !arg.is_null()));
        match order.get("do").and_then(Value::as_str) {
            Some("cutover") if arg.0.is_none() => Ok(Self::Cutover { pause_ms: 0 }),
            Some("cutover") => {
                let seconds = arg.number("cutover", "seconds, 0 to 86400", 0, 86_400)?;
                Ok(Self::Cutover {
                    pause_ms: i64::from(seconds) * 1000,
                })
            }
            Some("drop_keys") => arg.absent("drop_keys", Self::DropKeys),
            Some("rotate_keys") => arg.absent("rotate_keys", Self::RotateKeys),
            Some("offline") => arg.rail("offline").map(Self::Offline),
            Some("online") => arg.rail("online").map(Self::Online),
            Some("batch") => {
                let wanted = "a batch number, 1 to 999999";
                arg.number("batch", wanted, 1, 999_999).map(Self::Batch)
            }
            Some("job") => {
                let job = arg.number("job", "a digit, 0 to 9", 0, 9)?;
                Ok(Self::Job(u8::try_from(job).unwrap_or_default()))
            }
            Some("customer_scans") => arg.customer("customer_scans", Customer::Scans),
            Some("customer_pays") => arg.customer("customer_pays", Customer::Pays),
            Some("customer_cancels") => arg.customer("customer_cancels", Customer::Cancels),
            Some("refunds_arrive") => arg.customer("refunds_arrive", Customer::RefundsArrive),
            _ => Err(CommandError::Do),
        }
    }
}

/// The argument of an order, where there is one.
struct Arg<'a>(Option<&'a Value>);

impl Arg<'_> {
    fn number(
        &self,
        order: &'static str,
        wanted: &'static str,
        least: u32,
        most: u32,
    ) -> Result<u32, CommandError> {
        let given = match self.0 {
            Some(Value::String(text)) => text.parse().ok(),
            Some(other) => other.as_u64().and_then(|number| u32::try_from(number).ok()),
            None => None,
        };
        given
            .filter(|number| (least..=most).contains(number))
            .ok_or(CommandError::Arg { order, wanted })
    }

    fn absent(&self, order: &'static str, command: Command) -> Result<Command, CommandError> {
        let wanted = "absent";
        match self.0 {
            None => Ok(command),
            Some(_) => Err(CommandError::Arg { order, wanted }),
        }
    }

    fn rail(&self, order: &'static str) -> Result<Option<Rail>, CommandError> {
        let wanted = "absent, unionpay, wechat or alipay";
        let Some(name) = self.0 else {
            return Ok(None);
        };
        let found = Rail::ALL.iter().find(|rail| *name == rail.as_str());
        found
            .map(|rail| Some(*rail))
            .ok_or(CommandError::Arg { order, wanted })
    }

    fn customer(&self, order: &'static str, what: Customer) -> Result<Command, CommandError> {
        let wanted = "absent or an order number, as text";
        match self.0 {
            None => Ok(Command::Customer(what, None)),
            Some(Value::String(no)) => Ok(Command::Customer(what, Some(no.clone()))),
            Some(_) => Err(CommandError::Arg { order, wanted }),
        }
    }
}
