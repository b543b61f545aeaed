//! Why something failed: the seven causes and every code that is not a host's.

use std::fmt;
use std::str::FromStr;

use crate::{Rail, UnknownText, text_enum};

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

/// What the terminal itself refuses or reports, before or instead of a host.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum LocalCode {
    /// No such sale in this terminal's ledger.
    NotFound,
    /// The original was declined, reversed or never sent: there is nothing to take back.
    NothingToUndo,
    /// Already taken back.
    AlreadyUndone,
    /// An undo of this sale is under way.
    UndoInProgress,
    /// Part was refunded; the rest is a refund.
    PartlyRefunded,
    /// The sale itself is unknown; the void is recorded and waits.
    SaleUnknown,
    /// The sale's batch is settled; only a refund remains.
    Settled,
    /// The sale's batch is being settled.
    Settling,
    /// The rail's deadline for a void has passed.
    DeadlinePassed,
    /// Another terminal number made the sale; only that one can void it.
    OtherTerminal,
    /// A completion advice cannot be voided.
    AdviceNotVoidable,
    /// The card presented is not the original one.
    OtherCard,
    /// The acquirer wants the card read for this.
    CardNeeded,
    /// The acquirer wants the PIN for this.
    PinNeeded,
    /// The card number fails its check digit or the track cannot be read.
    CardUnreadable,
    /// The card is past its expiry date.
    CardExpired,
    /// What was held to the reader is no payment card, or none that is taken here.
    TapNoPayment,
    /// The card cannot pay this without contact: insert or swipe it.
    TapOtherWay,
    /// The card or phone is not ready to pay: a phone wants to be unlocked first.
    TapNotReady,
    /// The card itself declines to pay without contact.
    TapDeclined,
    /// The card approved on its own though told to ask the host: its own purse may be charged.
    TapApprovedAlone,
    /// What the card said makes no sense.
    TapUnreadable,
    /// The card was taken away before it had said everything.
    TapMoved,
    /// The reading was used already, is too old, or was made for another payment.
    TapSpent,
    /// More than what is left of the original.
    OverRemaining,
    /// The completion is over the allowed share of the pre-authorisation.
    OverPreauth,
    /// The pre-authorisation has a live completion or void.
    PreauthTaken,
    /// A supervisor has to approve this.
    ApprovalNeeded,
    /// Two people have to approve this, one of them a supervisor.
    TwoPeopleNeeded,
    /// The approver's PIN is wrong.
    ApprovalPinWrong,
    /// The approver is no supervisor.
    ApprovalNotSupervisor,
    /// Two different people have to approve.
    ApprovalSamePerson,
    /// No such operator.
    OperatorUnknown,
    /// The operator is disabled.
    OperatorDisabled,
    /// Too many wrong PINs.
    OperatorLocked,
    /// The operator's PIN is wrong.
    OperatorPinWrong,
    /// The PIN chosen for an operator is malformed or too easy to guess.
    PinUnfit,
    /// An owed reversal could not be delivered, so nothing new may be sent.
    GateBlocked,
    /// A settlement was interrupted and has to be finished first.
    SettlementInterrupted,
    /// Undos are open; settlement stops with their list.
    UndosOpen,
    /// The batch is full: settle first.
    BatchFull,
    /// Less than 20 MB free: no new sale.
    DiskLow,
    /// The rail is not configured.
    RailOff,
    /// The item cannot be held, released or withdrawn in its state.
    NotInThisState,
    /// An attempt has begun; it can no longer be withdrawn.
    AlreadySending,
    /// The master key or a sealed item cannot be opened any more.
    KeysLost,
    /// The working keys from the host fail their check values.
    KeyCheckFailed,
    /// No sign-in succeeded yet, so there are no working keys.
    NotSignedIn,
    /// The message could not be packed.
    PackingFailed,
    /// The picture of a signature is empty, or too large for one message.
    SignatureUnfit,
    /// The ledger was restored from a copy; a supervisor has to look first.
    Restored,
    /// The host said 22 or 25 where it proves nothing; the acquirer has to say.
    ProofMissing,
    /// The program stopped between sending and the stored answer.
    Interrupted,
    /// Withdrawn by a person before it was sent.
    Withdrawn,
    /// Held back by a person.
    OnHold,
    /// Waiting for its turn.
    Waiting,
    /// Closed by the acquirer's written statement, entered by two people.
    Resolved,
    /// Not one byte of it ever left: it is withdrawn, not cleared.
    NothingSent,
    /// The host can still prove it by itself: it is not given up.
    StillTried,
    /// The amount is malformed, zero or too large.
    AmountInvalid,
    /// The payment code belongs to another rail, or is no code that this rail takes.
    CodeUnfit,
    /// The customer has not paid yet: confirming on the phone, or scanning what is shown.
    WaitingForCustomer,
    /// The counter was told "not paid, keep the goods"; what may still be paid is given back.
    TakenBack,
    /// The customer paid while nobody could be told; the counter has to say what holds.
    PaidLate,
    /// A supervisor said that the goods were handed over; a payment stands.
    HandedOver,
    /// What came of taking money back over the web is not proven; the terminal asks.
    AskingWallet,
    /// The wallet took the refund; the money is on its way.
    RefundUnderWay,
    /// The wallet cannot bring the refund to the customer; a person has to act there.
    RefundStuck,
    /// Money of this order was given back by somebody else.
    ReturnedElsewhere,
    /// A fault inside the core.
    Internal,
}

text_enum!(LocalCode {
    NotFound => "NOT_FOUND",
    NothingToUndo => "NOTHING_TO_UNDO",
    AlreadyUndone => "ALREADY_UNDONE",
    UndoInProgress => "UNDO_IN_PROGRESS",
    PartlyRefunded => "PARTLY_REFUNDED",
    SaleUnknown => "SALE_UNKNOWN",
    Settled => "SETTLED",
    Settling => "SETTLING",
    DeadlinePassed => "DEADLINE_PASSED",
    OtherTerminal => "OTHER_TERMINAL",
    AdviceNotVoidable => "ADVICE_NOT_VOIDABLE",
    OtherCard => "OTHER_CARD",
    CardNeeded => "CARD_NEEDED",
    PinNeeded => "PIN_NEEDED",
    CardUnreadable => "CARD_UNREADABLE",
    CardExpired => "CARD_EXPIRED",
    TapNoPayment => "TAP_NO_PAYMENT",
    TapOtherWay => "TAP_OTHER_WAY",
    TapNotReady => "TAP_NOT_READY",
    TapDeclined => "TAP_DECLINED",
    TapApprovedAlone => "TAP_APPROVED_ALONE",
    TapUnreadable => "TAP_UNREADABLE",
    TapMoved => "TAP_MOVED",
    TapSpent => "TAP_SPENT",
    OverRemaining => "OVER_REMAINING",
    OverPreauth => "OVER_PREAUTH",
    PreauthTaken => "PREAUTH_TAKEN",
    ApprovalNeeded => "APPROVAL_NEEDED",
    TwoPeopleNeeded => "TWO_PEOPLE_NEEDED",
    ApprovalPinWrong => "APPROVAL_PIN_WRONG",
    ApprovalNotSupervisor => "APPROVAL_NOT_SUPERVISOR",
    ApprovalSamePerson => "APPROVAL_SAME_PERSON",
    OperatorUnknown => "OPERATOR_UNKNOWN",
    OperatorDisabled => "OPERATOR_DISABLED",
    OperatorLocked => "OPERATOR_LOCKED",
    OperatorPinWrong => "OPERATOR_PIN_WRONG",
    PinUnfit => "PIN_UNFIT",
    GateBlocked => "GATE_BLOCKED",
    SettlementInterrupted => "SETTLEMENT_INTERRUPTED",
    UndosOpen => "UNDOS_OPEN",
    BatchFull => "BATCH_FULL",
    DiskLow => "DISK_LOW",
    RailOff => "RAIL_OFF",
    NotInThisState => "NOT_IN_THIS_STATE",
    AlreadySending => "ALREADY_SENDING",
    KeysLost => "KEYS_LOST",
    KeyCheckFailed => "KEY_CHECK_FAILED",
    NotSignedIn => "NOT_SIGNED_IN",
    PackingFailed => "PACKING_FAILED",
    SignatureUnfit => "SIGNATURE_UNFIT",
    Restored => "RESTORED",
    ProofMissing => "PROOF_MISSING",
    Interrupted => "INTERRUPTED",
    Withdrawn => "WITHDRAWN",
    OnHold => "ON_HOLD",
    Waiting => "WAITING",
    Resolved => "RESOLVED",
    NothingSent => "NOTHING_SENT",
    StillTried => "STILL_TRIED",
    AmountInvalid => "AMOUNT_INVALID",
    CodeUnfit => "CODE_UNFIT",
    WaitingForCustomer => "WAITING_FOR_CUSTOMER",
    TakenBack => "TAKEN_BACK",
    PaidLate => "PAID_LATE",
    HandedOver => "HANDED_OVER",
    AskingWallet => "ASKING_WALLET",
    RefundUnderWay => "REFUND_UNDER_WAY",
    RefundStuck => "REFUND_STUCK",
    ReturnedElsewhere => "RETURNED_ELSEWHERE",
    Internal => "INTERNAL",
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
