package com.voidproof.gateway

/**
 * A card, phone or wristband held to the terminal's own reader, which is **no certified kernel**. The caller carries commands to the card
 * and its whole answers back until the reading ends; what was read stays in the core, and [CardRead.Held] stands for it in one command.
 */
interface Taps {
    /** Begins a reading for [amount]; what an earlier one left is forgotten. */
    suspend fun beginReading(purpose: TapFor, amount: Long): TapStep

    /** The card's answer to the last command, status included. The array is wiped. */
    suspend fun cardAnswered(reading: String, answer: ByteArray): TapStep

    /** The card was taken away before it had said everything. */
    suspend fun cardGone(reading: String): TapStep

    /** A reading that nobody goes on with, or a card that will not be used ([TappedCard.handle]). */
    suspend fun forgetCard(name: String)
}

enum class TapFor { SALE, PREAUTH, COMPLETION, VOID, REFUND }

sealed interface TapStep {
    /** Carry [command] to the card and its answer to [Taps.cardAnswered]. */
    class Send(val reading: String, val command: ByteArray) : TapStep

    /** The card has said everything and may be taken away. */
    data class Read(val card: TappedCard) : TapStep

    data class Failed(val explanation: Explanation) : TapStep
}

/** What a screen may know of a card that was read. */
data class TappedCard(
    /** For [CardRead.Held]: good once, for the purpose and the amount of the reading. */
    val handle: String,
    /** First six and last four digits. */
    val number: String,
    val product: CardProduct,
    val needsPin: Boolean,
    val needsSignature: Boolean,
    /** Milliseconds from its first answer to its last. */
    val took: Long,
    /** Longer than a hand holds still. */
    val slow: Boolean,
)

enum class CardProduct { DEBIT, CREDIT, QUASI_CREDIT, CASH, OTHER }
