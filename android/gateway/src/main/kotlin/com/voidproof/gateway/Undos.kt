package com.voidproof.gateway

enum class UndoKind { VOID, REFUND }

enum class UndoStatus {
    VOIDED, QUEUED, SENDING, NEEDS_CARD, ON_HOLD, UNKNOWN, REFUSED, WITHDRAWN, REFUND_OFFERED, REFUNDED, ESCALATED,
}

enum class UndoReason { CUSTOMER_RETURNS, WRONG_AMOUNT, CHARGED_TWICE, OTHER_MEANS, OTHER }

/** When money is with the customer. */
sealed interface Arrival {
    data object AtOnce : Arrival

    data object SameDay : Arrival

    data class Days(val from: Int, val to: Int) : Arrival
}

enum class Fee { NONE, MAY_STAY }

/** What taking the money back means for shop and customer. [byRefund]: this rail makes a void as a refund of the whole. */
data class Consequences(
    val arrival: Arrival,
    val fee: Fee,
    val needsCard: Boolean,
    val needsPin: Boolean,
    val byRefund: Boolean = false,
)

/** Who has to consent before it is recorded. */
sealed interface Consent {
    data object None : Consent

    /** [above]: the limit of the operator that is exceeded; null: always. */
    data class Supervisor(val above: Long?) : Consent
}

data class VoidPreview(
    val sale: Sale,
    val deadline: Deadline?,
    val consequences: Consequences,
    val consent: Consent,
    /** The void cannot be made, and why. */
    val blocked: Explanation?,
    /** Where [blocked]: a refund can be made instead. */
    val refundInstead: Boolean,
)

data class VoidRequest(
    val request: RequestId,
    val sale: String,
    val reason: UndoReason,
    val approval: Approval?,
    val card: CardRead?,
)

data class RefundPreview(
    val sale: Sale,
    /** The most that can still be returned. */
    val upTo: Long,
    val consequences: Consequences,
    val consent: Consent,
    val blocked: Explanation?,
)

data class RefundRequest(
    val request: RequestId,
    val sale: String,
    val amount: Long,
    val reason: UndoReason,
    val approval: Approval?,
    val card: CardRead?,
)

data class ReferencePreview(
    /** The sale of this terminal that is meant; null: another terminal made it. */
    val sale: Sale?,
    /** The most that can still be returned, where that is known. */
    val upTo: Long?,
    val consequences: Consequences,
    val consent: Consent,
    val blocked: Explanation?,
)

/** [saleAmount]: what the sale was for, when the slip says so; null takes [amount]. */
data class ReferenceRefund(
    val request: RequestId,
    val reference: String,
    val date: String,
    val saleAmount: Long?,
    val amount: Long,
    val reason: UndoReason,
    val approval: Approval?,
    val card: CardRead,
)

enum class StepKind {
    RECORDED, WAIT_NETWORK, WAIT_CARD, WAIT_SALE, WAIT_TURN, HELD, SEND, REVERSE, QUERY, SEND_AGAIN, CONFIRM, WITHDRAWN, REFUSED,
}

enum class StepState { DONE, NOW, LATER, FAILED }

/** One line of the way of an undo. [attempt] counts from 1, 0 where it does not apply. */
data class Step(
    val kind: StepKind,
    val state: StepState,
    val at: Long?,
    val trace: String?,
    val attempt: Int,
    /** Who did or approved it. */
    val operator: String?,
)

data class Undo(
    val id: String,
    val kind: UndoKind,
    val status: UndoStatus,
    val sale: Sale,
    val amount: Long,
    val reason: UndoReason,
    val recordedAt: Long,
    val deadline: Deadline?,
    val steps: List<Step>,
    val attempts: Int,
    /** Time until the next try, counted from the read; null: none is planned. */
    val nextTry: Long?,
    val waiting: Waiting?,
    /** Six digits of the newest attempt. */
    val trace: String?,
    val code: String?,
    val explanation: Explanation?,
    /** What a refund instead would mean, with [UndoStatus.REFUND_OFFERED]. */
    val refund: Consequences?,
    val actions: Set<OwedAction>,
)

enum class OwedKind { REVERSAL, VOID, REFUND, QUERY, REVOKE, NOTICE, BATCH_UPLOAD, SIGNATURE }

enum class OwedAction { HOLD, RELEASE, WITHDRAW, RETRY_NOW, ESCALATE }

enum class Why { NETWORK, HOST_BUSY, NO_ANSWER, CARD, SALE_UNKNOWN, HELD, TURN, SIGN_IN, ESCALATED, RUNNING }

/** One thing the terminal owes a host. */
data class OwedItem(
    val id: String,
    val kind: OwedKind,
    val rail: Rail,
    val sale: String,
    /** The undo it belongs to, if any. */
    val undo: String?,
    val amount: Long,
    val voucher: String?,
    val attempts: Int,
    val nextTry: Long?,
    val deadline: Deadline?,
    val why: Why,
    /** It blocks sales on its rail and goes first. */
    val first: Boolean,
    val actions: Set<OwedAction>,
    val needsConsent: Boolean,
)
