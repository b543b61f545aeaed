//! What the terminal itself refuses or reports.

use crate::text_enum;

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
    /// The card wants a PIN and the reader has no PIN pad.
    PinPadNeeded,
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
    /// Safety copies are not switched on, or the keys were replaced since.
    CopiesOff,
    /// The passphrase chosen for safety copies is malformed or too easy to guess.
    PassphraseUnfit,
    /// It is not the passphrase of this safety copy.
    PassphraseWrong,
    /// The file is no safety copy.
    CopyForeign,
    /// A newer program made the safety copy.
    CopyNewer,
    /// The safety copy is damaged or was not copied whole.
    CopyDamaged,
    /// The safety copy is another merchant's.
    CopyOfOther,
    /// There is a ledger already; a copy never overwrites one.
    CopyNotNeeded,
    /// The folder for safety copies is not there.
    CopyPlaceGone,
    /// The folder for safety copies is full.
    CopyPlaceFull,
    /// The right to write into the folder for safety copies is gone.
    CopyPlaceDenied,
    /// The terminal's own disk has no room to make a safety copy.
    CopyNoRoom,
    /// A safety copy was not made or not taken over, for a reason of the machine.
    CopyFailed,
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
    PinPadNeeded => "PIN_PAD_NEEDED",
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
    CopiesOff => "COPIES_OFF",
    PassphraseUnfit => "PASSPHRASE_UNFIT",
    PassphraseWrong => "PASSPHRASE_WRONG",
    CopyForeign => "COPY_FOREIGN",
    CopyNewer => "COPY_NEWER",
    CopyDamaged => "COPY_DAMAGED",
    CopyOfOther => "COPY_OF_OTHER",
    CopyNotNeeded => "COPY_NOT_NEEDED",
    CopyPlaceGone => "COPY_PLACE_GONE",
    CopyPlaceFull => "COPY_PLACE_FULL",
    CopyPlaceDenied => "COPY_PLACE_DENIED",
    CopyNoRoom => "COPY_NO_ROOM",
    CopyFailed => "COPY_FAILED",
    Internal => "INTERNAL",
});
