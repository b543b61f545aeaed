package com.voidproof.gateway

/** How the customer paid. */
enum class Entry { INSERT, TAP, SWIPE, MANUAL, CODE_SCANNED, CODE_SHOWN }

enum class SaleKind {
    SALE, PREAUTH, COMPLETION,

    /** A sale that only a refund by reference knows of. */
    UNMATCHED,
}

enum class SaleStatus {
    /** Committed; the host has not answered yet. */
    SENDING,
    APPROVED, DECLINED, UNKNOWN, REVERSED, VOIDED, REFUNDED, PARTLY_REFUNDED, NOT_SENT, HELD, COMPLETED,
}

/** What one card gave. All of it is secret and is wiped by whoever made it once the command returned. */
sealed interface CardRead {
    /** Typed by hand: number and expiry YYMM. */
    data class Manual(val number: Secret, val expiry: Secret, val pin: Secret?) : CardRead

    data class Stripe(val track2: Secret, val pin: Secret?) : CardRead

    /** Field 55 and track-2 equivalent of a chip, in hexadecimal and digits. */
    data class Chip(val field55: Secret, val track2: Secret, val sequence: String?, val contactless: Boolean, val pin: Secret?) :
        CardRead

    /** A card that the core read and keeps: [TappedCard.handle], good for one command. */
    data class Held(val handle: String, val pin: Secret?) : CardRead
}

sealed interface Means {
    data class Card(val card: CardRead) : Means

    /** The customer's payment code, scanned or typed; the core knows its rail. */
    data class Code(val code: Secret) : Means

    /** A code on our screen for the customer to scan. */
    data class Show(val rail: Rail) : Means
}

data class SaleRequest(val request: RequestId, val amount: Long, val means: Means)

/** What can still be done with a sale that was paid. */
sealed interface WayBack {
    data class Void(val deadline: Deadline) : WayBack

    data object RefundOnly : WayBack

    /** Something is under way: look at it instead of starting another. */
    data class InProgress(val undo: String) : WayBack

    data object None : WayBack
}

data class Sale(
    val id: String,
    val rail: Rail,
    val status: SaleStatus,
    val entry: Entry,
    val amount: Long,
    /** What the shop has of it: amount minus proven undos; null while that is not known. */
    val net: Long?,
    val at: Long,
    /** Six digits, also the number of the slip; null for wallets. */
    val voucher: String?,
    val batch: String?,
    val reference: String?,
    val orderNumber: String?,
    /** Last four digits of the account. */
    val lastFour: String?,
    val settled: Boolean,
    val wayBack: WayBack,
    /** The newest undo. */
    val undo: UndoSummary?,
    val explanation: Explanation?,
    /** What to show the customer for scanning, with [Means.Show]. */
    val code: String?,
    /** While sending: since when and for at most how long an answer is waited for. */
    val waiting: Waiting?,
    val kind: SaleKind = SaleKind.SALE,
    /** The pre-authorisation that this one completes or adds to. */
    val parent: String? = null,
    /** While a payment by code is under way. */
    val payment: Payment? = null,
)

/** A wait for a host: how long it has lasted when read, and how long it can last. */
data class Waiting(val since: Long, val atMost: Long)

data class UndoSummary(val id: String, val kind: UndoKind, val status: UndoStatus, val amount: Long)

enum class SaleFilter { ALL, CAN_UNDO, UNKNOWN }

/**
 * [text]: voucher, last four digits, amount or order number, empty for all. [after]: [SalePage.next] of the page before. [since]: only
 * what was made then or later, epoch milliseconds.
 */
data class SaleQuery(val text: String, val filter: SaleFilter, val after: String?, val limit: Int, val since: Long? = null)

/** May have fewer than were asked for and still not be the last: the last has no [next]. */
data class SalePage(val sales: List<Sale>, val next: String?)

data class SaleRecord(
    val sale: Sale,
    val undos: List<UndoSummary>,
    val timeline: List<TimelineEntry>,
    /** The pre-authorisation that the sale completes or adds to. */
    val parent: Sale? = null,
    /** Of a pre-authorisation: what was added to it and its completions, oldest first. */
    val children: List<Sale> = emptyList(),
)

enum class TimelineKind {
    SALE_RECORDED, SALE_SENT, SALE_APPROVED, SALE_DECLINED, SALE_NOT_SENT, NO_ANSWER, REVERSAL_OWED, REVERSAL_SENT, REVERSED,
    UNDO_RECORDED, UNDO_APPROVAL, UNDO_QUEUED, UNDO_SENT, UNDO_CONFIRMED, UNDO_REFUSED, UNDO_HELD, UNDO_RELEASED, UNDO_WITHDRAWN,
    QUERIED, CARD_NEEDED, REFUND_OFFERED, ESCALATED, RESOLVED, CLEARED, SETTLED, SLIP_PRINTED, OTHER,
}

/** [detail]: the core's own words where [kind] says too little, in the language set. */
data class TimelineEntry(
    val at: Long,
    val kind: TimelineKind,
    val operator: String?,
    val trace: String?,
    val code: String?,
    val detail: String?,
)
