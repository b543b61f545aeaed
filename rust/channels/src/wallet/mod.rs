//! What both wallets share: keys and certificates, own order numbers, the checked result, and the
//! verdict of an answer code.

mod certificate;
mod checked;
mod der;
mod key;
mod number;
mod pem;
mod terminal;
mod verdict;

pub use certificate::{Certificate, bundle_serial};
pub(crate) use checked::Failure;
pub use checked::{Checked, Effect, Fault, Kind, Reason, Sent};
pub use key::{ApiKey, KeyError, PublicKey, SigningKey, unseal};
pub use number::{Nonce, NumberError, OrderNumber};
pub use pos_codes::PaymentCode;
pub use terminal::{SerialSeal, TerminalInformation};
pub use verdict::{Row, Table, Verdict, look_up};

/// Which order a request is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Order {
    /// By our own number, which exists before the first call.
    Ours(OrderNumber),
    /// By the wallet's number, 1 to 64 characters `[0-9A-Za-z]`: a refund of a sale that this
    /// ledger does not hold.
    Theirs(String),
}

/// Why a request was not built. Nothing was sent.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BuildError {
    /// A fact does not fit its field.
    #[error("{field}: {why}")]
    Field {
        /// The field's name on the wire.
        field: &'static str,
        /// What it would have to be.
        why: &'static str,
    },
    /// The payment code belongs to another rail or has a form that this call does not take.
    #[error("the payment code is not one that this wallet takes")]
    ForeignCode,
    /// The key did not sign.
    #[error(transparent)]
    Key(#[from] KeyError),
}

/// Refuses a text that is empty, longer than `most` characters, or holds control characters.
pub(crate) fn fitting<'a>(
    field: &'static str,
    text: &'a str,
    most: usize,
) -> Result<&'a str, BuildError> {
    let why = if text.is_empty() {
        "it must not be empty"
    } else if text.chars().count() > most {
        "it is too long"
    } else if text.chars().any(char::is_control) {
        "it holds a control character"
    } else {
        return Ok(text);
    };
    Err(BuildError::Field { field, why })
}

impl Order {
    /// The wallet's number, refused when it could not be one.
    pub(crate) fn theirs<'a>(field: &'static str, number: &'a str) -> Result<&'a str, BuildError> {
        if number.bytes().all(|b| b.is_ascii_alphanumeric()) {
            fitting(field, number, 64)
        } else {
            let why = "it is letters and digits only";
            Err(BuildError::Field { field, why })
        }
    }
}
