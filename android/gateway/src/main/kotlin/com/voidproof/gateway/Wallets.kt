package com.voidproof.gateway

/**
 * Payment by code. A sale by [Means.Code] or [Means.Show] is a [Sale] like any other; while it is under way [Sale.payment] says what
 * the counter waits for. [Gateway.giveUpSale] takes it back; its void goes through [Gateway.voidSale].
 */
interface Wallets {
    /** What a scanned or typed code is, from its form alone. Nothing is sent and nothing is kept. */
    suspend fun recognise(code: Secret): CodeKind

    /** The codes in one camera picture; empty while there is none, two or more while the person has to choose. */
    suspend fun readFrame(frame: Frame): List<Secret>

    /** The modules of a code to be drawn, such as that of [Sale.code]. A text too long for a code: [Failure.Refused]. */
    suspend fun modules(text: String): Modules

    /**
     * The goods are already with the customer: a payment that is found stays. Needs [approval] while [Payment.stage] is
     * [PaymentStage.TAKING_BACK], and only before the first byte of the taking back: after it [Failure.Refused].
     */
    suspend fun handedOver(sale: String, approval: Approval?): Sale
}

sealed interface CodeKind {
    /** A customer's payment code: sell with [Means.Code]. */
    data class Pays(val rail: Rail) : CodeKind

    /** No code that pays here: a shop's own, a link, one whose rail is off. [explanation] says what to do instead. */
    data class Other(val explanation: Explanation) : CodeKind
}

/** The luminance plane of one camera picture: [height] rows of [stride] bytes, of which [width] count. */
class Frame(val luminance: ByteArray, val width: Int, val height: Int, val stride: Int)

/** A square of [size] × [size] modules without the quiet zone, of which four light modules belong on each side. */
class Modules(val size: Int, private val dark: BooleanArray) {
    init {
        require(dark.size == size * size) { "${dark.size} modules in a square of $size" }
    }

    fun dark(x: Int, y: Int): Boolean = dark[y * size + x]
}

enum class PaymentStage {
    /** The wallet was asked and has not answered. */
    ASKING,

    /** The customer enters the password on the phone. */
    CUSTOMER_PASSWORD,

    /** The code stands on our screen and nobody paid yet. */
    CUSTOMER_SCANS,

    /** No proven answer: the wallet is asked what became of it. */
    LOOKING_UP,

    /** "Not paid, keep the goods" was told; what may have been paid is given back. */
    TAKING_BACK,

    /** Paid while the counter was offline and had waited long enough: it decides, [Wallets.handedOver] or [Gateway.giveUpSale]. */
    PAID_LATE,

    /** A supervisor said that the goods are with the customer: what is found to be paid stays. */
    HANDED_OVER,
}

/** A payment by code under way: the sale is [SaleStatus.SENDING] while [PaymentStage.ASKING], else [SaleStatus.UNKNOWN]. */
data class Payment(
    val stage: PaymentStage,
    /** What is left of the wait, counted from the read; null: it is over. */
    val left: Long?,
    val canTakeBack: Boolean,
    /** [Wallets.handedOver] would still be taken. */
    val canHandOver: Boolean,
)
