//! Why something failed: the seven causes, the codes of the link, and the forms of a code.

use std::fmt;
use std::str::FromStr;

use crate::{LocalCode, Rail, UnknownText, text_enum};

/// The seven classes of causes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Cause {
    /// A fault of software, of the host or of the terminal's storage.
    System,
    /// Worn or missing hardware.
    Hardware,
    /// A slip in procedure at the counter.
    Procedure,
    /// The customer's card, code or data.
    CustomerData,
    /// An amount, count or time limit.
    Limits,
    /// The network.
    Network,
    /// A rule or decision of the bank or the platform.
    BankOrPlatform,
}

text_enum!(Cause {
    System => "system",
    Hardware => "hardware",
    Procedure => "procedure",
    CustomerData => "customer_data",
    Limits => "limits",
    Network => "network",
    BankOrPlatform => "bank_or_platform",
});

/// What the link or the check of an answer reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum NetCode {
    /// The host's name has no address.
    NameNotFound,
    /// No route, or the network is off.
    Unreachable,
    /// The host refused the connection.
    Refused,
    /// No connection within the limit.
    ConnectTimeout,
    /// The TLS handshake failed before any message byte.
    TlsFailed,
    /// The connection broke while the message was being sent.
    SendBroken,
    /// Sent; no answer within the limit.
    NoAnswer,
    /// Sent; the connection closed before the answer was whole.
    Closed,
    /// The answer cannot be decoded.
    AnswerGarbled,
    /// The answer is of another message type.
    AnswerType,
    /// The answer's processing code is another.
    AnswerProcessingCode,
    /// The answer's trace number is another.
    AnswerTrace,
    /// The answer's amount is another.
    AnswerAmount,
    /// The answer's currency is another.
    AnswerCurrency,
    /// The answer's terminal number is another or missing.
    AnswerTerminal,
    /// The answer's merchant number is another or missing.
    AnswerMerchant,
    /// The answer has no answer code.
    AnswerCodeMissing,
    /// The answer has no MAC though it must have one.
    MacMissing,
    /// The answer's MAC is wrong.
    MacWrong,
    /// The web server answered with a status that carries no result.
    AnswerStatus,
    /// The answer names another application.
    AnswerApp,
    /// The answer is about another order or refund.
    AnswerOrder,
    /// The answer has no signature though it must have one.
    SignatureMissing,
    /// The answer's signature is wrong.
    SignatureWrong,
    /// The answer is signed with a key that this terminal does not hold.
    SignatureForeign,
    /// The answer was signed too long ago, or in the future.
    AnswerStale,
}

text_enum!(NetCode {
    NameNotFound => "NAME_NOT_FOUND",
    Unreachable => "UNREACHABLE",
    Refused => "REFUSED",
    ConnectTimeout => "CONNECT_TIMEOUT",
    TlsFailed => "TLS_FAILED",
    SendBroken => "SEND_BROKEN",
    NoAnswer => "NO_ANSWER",
    Closed => "CLOSED",
    AnswerGarbled => "ANSWER_GARBLED",
    AnswerType => "ANSWER_TYPE",
    AnswerProcessingCode => "ANSWER_PROCESSING_CODE",
    AnswerTrace => "ANSWER_TRACE",
    AnswerAmount => "ANSWER_AMOUNT",
    AnswerCurrency => "ANSWER_CURRENCY",
    AnswerTerminal => "ANSWER_TERMINAL",
    AnswerMerchant => "ANSWER_MERCHANT",
    AnswerCodeMissing => "ANSWER_CODE_MISSING",
    MacMissing => "MAC_MISSING",
    MacWrong => "MAC_WRONG",
    AnswerStatus => "ANSWER_STATUS",
    AnswerApp => "ANSWER_APP",
    AnswerOrder => "ANSWER_ORDER",
    SignatureMissing => "SIGNATURE_MISSING",
    SignatureWrong => "SIGNATURE_WRONG",
    SignatureForeign => "SIGNATURE_FOREIGN",
    AnswerStale => "ANSWER_STALE",
});

/// A failure's code in the form that `explain` takes: `51`, `local.NAME` or `net.NAME`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Code {
    /// A host's answer code, with the rail whose table it belongs to.
    Wire(Rail, String),
    /// The terminal's own.
    Local(LocalCode),
    /// The link's or the answer check's.
    Net(NetCode),
}

impl From<LocalCode> for Code {
    fn from(code: LocalCode) -> Self {
        Self::Local(code)
    }
}

impl From<NetCode> for Code {
    fn from(code: NetCode) -> Self {
        Self::Net(code)
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Wire(_, code) => f.write_str(code),
            Self::Local(code) => write!(f, "local.{code}"),
            Self::Net(code) => write!(f, "net.{code}"),
        }
    }
}

impl Code {
    /// Reads any of the three forms; a wire code belongs to `rail`.
    ///
    /// # Errors
    /// [`UnknownText`] for a `local.` or `net.` name that does not exist, or a wire code that is
    /// empty, longer than 64 characters or not printable ASCII.
    pub fn parse(text: &str, rail: Rail) -> Result<Self, UnknownText> {
        if let Some(name) = text.strip_prefix("local.") {
            return LocalCode::from_str(name).map(Self::Local);
        }
        if let Some(name) = text.strip_prefix("net.") {
            return NetCode::from_str(name).map(Self::Net);
        }
        let fits = (1..=64).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_graphic());
        if fits {
            Ok(Self::Wire(rail, text.to_owned()))
        } else {
            Err(UnknownText { what: "Code" })
        }
    }
}

impl serde::Serialize for Code {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_read_back_in_all_three_forms() {
        for code in [
            Code::Wire(Rail::UnionPay, "51".into()),
            Code::Local(LocalCode::GateBlocked),
            Code::Net(NetCode::MacWrong),
        ] {
            assert_eq!(Code::parse(&code.to_string(), Rail::UnionPay), Ok(code));
        }
        assert!(Code::parse("local.nonsense", Rail::UnionPay).is_err());
        assert!(Code::parse("", Rail::UnionPay).is_err());
        assert!(Code::parse("余额", Rail::UnionPay).is_err());
    }
}
