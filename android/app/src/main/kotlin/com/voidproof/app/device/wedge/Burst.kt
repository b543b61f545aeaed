package com.voidproof.app.device.wedge

/** What becomes of a key: [passed] go on to the screen in this order; [scanned], if not null, is a whole scan, to be wiped by whoever takes it. */
class Verdict<E>(val passed: List<E> = emptyList(), val scanned: CharArray? = null)

/**
 * Tells a scanner that types from a person who does: nobody types [LEAST] characters with less than [GAP] milliseconds between them.
 * Keys are held back until it is clear whose they are; a scanner's never reach the screen, nor does the enter or tab behind them.
 */
class Burst<E> {
    private val held = ArrayList<E>()
    private val typed = CharArray(MOST)
    private var length = 0
    private var last = 0L

    /** Keys whose coming up belongs to a scan that is over. */
    private var swallowed = HashSet<Int>()

    /** Milliseconds of silence after which [silent] is to be called; null: nothing is held back. */
    val patience: Long?
        get() = when {
            held.isEmpty() -> null
            length < LEAST -> GAP
            else -> END
        }

    /** [char]: what the key types; null: nothing, as shift. [code]: the key. [at]: when, in milliseconds. */
    fun down(event: E, code: Int, char: Char?, at: Long): Verdict<E> {
        val before = if (length > 0 && at - last > (patience ?: GAP)) silent() else Verdict()
        if (char != null) {
            if (length < MOST) typed[length] = char
            length++
            last = at
        }
        held += event
        swallowed -= code
        return before
    }

    /** Enter or tab. */
    fun end(event: E, code: Int, at: Long): Verdict<E> {
        if (length < LEAST || at - last > END) return Verdict(silent().passed + event)
        swallowed += code
        return Verdict(scanned = take())
    }

    fun up(event: E, code: Int): Verdict<E> = when {
        swallowed.remove(code) -> Verdict()
        held.isEmpty() -> Verdict(listOf(event))
        else -> Verdict<E>().also { held += event }
    }

    /** Any other key: what was held back goes before it. */
    fun other(event: E): Verdict<E> = silent().let { Verdict(it.passed + event, it.scanned) }

    /** Nothing came for [patience]: a scanner without enter, or a person. */
    fun silent(): Verdict<E> {
        if (length >= LEAST) return Verdict(scanned = take())
        val passed = held.toList()
        clear()
        return Verdict(passed)
    }

    /** Null: longer than any code. */
    private fun take(): CharArray? {
        val scanned = if (length <= MOST) typed.copyOf(length) else null
        clear()
        return scanned
    }

    private fun clear() {
        held.clear()
        typed.fill('\u0000')
        length = 0
    }

    companion object {
        const val LEAST = 8

        /** Longer than any payment code. */
        const val MOST = 1024

        /** Milliseconds. Scanners by Bluetooth are the slowest. */
        const val GAP = 60L

        /** A scanner without enter is through; a screen that hung for a moment must not cut a scan in two. */
        const val END = 250L
    }
}
