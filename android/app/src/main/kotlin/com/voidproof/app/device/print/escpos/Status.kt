package com.voidproof.app.device.print.escpos

import com.voidproof.app.device.PaperState

/** What an ESC/POS printer is asked about itself, and how its answers read. Answers come from outside: each is checked for its shape. */
object Status {
    /** The four questions of DLE EOT, which a printer answers at once, even when it does not print. */
    val QUESTIONS = 1..4

    /** DLE EOT [n]. */
    fun now(n: Int): ByteArray = byteArrayOf(DLE, EOT, n.toByte())

    /** GS r 1: answered in its turn, thus after everything before it was printed. */
    fun inTurn(): ByteArray = byteArrayOf(GS, 'r'.code.toByte(), 1)

    /** Bits 0 and 7 are 0 and bits 1 and 4 are 1 in each answer to DLE EOT. */
    fun answersNow(byte: Int): Boolean = byte and 0x93 == 0x12

    /** Bits 4 and 7 are 0 in the answer to GS r. */
    fun answersInTurn(byte: Int): Boolean = byte and 0x90 == 0

    /** Whether the answer to GS r says that the roll ended. */
    fun ended(byte: Int): Boolean = byte and 0x0C != 0

    /** [answers]: to the questions in their order; null: not answered. All null: this printer tells nothing. */
    fun state(answers: List<Int?>): PaperState {
        fun says(n: Int, bits: Int) = (answers.getOrNull(n - 1) ?: 0) and bits != 0
        return when {
            answers.all { it == null } -> PaperState.UNTOLD
            says(CAUSE, COVER) -> PaperState.COVER_OPEN
            says(CAUSE, STOPPED_BY_PAPER) || says(ROLL, PAPER_END) -> PaperState.OUT
            says(FAULT, CUTTER or UNRECOVERABLE) -> PaperState.BROKEN
            says(FAULT, PASSES_BY_ITSELF) -> PaperState.TOO_HOT
            says(CAUSE, FAULTY) || says(PRINTER, OFFLINE) -> PaperState.BROKEN
            says(ROLL, PAPER_LOW) -> PaperState.LOW
            else -> PaperState.READY
        }
    }

    private const val DLE: Byte = 0x10
    private const val EOT: Byte = 0x04
    private const val GS: Byte = 0x1D

    private const val PRINTER = 1
    private const val OFFLINE = 0x08

    private const val CAUSE = 2
    private const val COVER = 0x04
    private const val STOPPED_BY_PAPER = 0x20
    private const val FAULTY = 0x40

    private const val FAULT = 3
    private const val CUTTER = 0x08
    private const val UNRECOVERABLE = 0x20

    /** Mostly the head's temperature. */
    private const val PASSES_BY_ITSELF = 0x40

    private const val ROLL = 4
    private const val PAPER_LOW = 0x0C
    private const val PAPER_END = 0x60
}
