package com.voidproof.app.device

import com.voidproof.gateway.ReceiptLine

/** Puts slips on paper. A payment never waits for it. */
interface Printer {
    suspend fun print(lines: List<ReceiptLine>): PrintResult

    /** What the printer says of itself now; nothing comes out. */
    suspend fun look(): PaperState = PaperState.UNTOLD
}

enum class PrintResult {
    /** The printer said that it is on paper. */
    PRINTED,

    /** All of it was taken by a printer, or by Android, that does not tell whether paper came out. */
    SENT,

    /** It stopped in the middle: some of it may be on paper. */
    UNSURE,
    PAPER_OUT,
    COVER_OPEN,
    TOO_HOT,
    NOT_CONNECTED,

    /** Android asked whether this app may use the printer, and the answer was no. */
    NOT_ALLOWED,

    /** The person closed Android's print screen. */
    CANCELLED,

    /** The app is pinned to the screen, and this printer needs another app's screen. */
    PINNED,
    FAILED,
    ;

    val done: Boolean get() = this == PRINTED || this == SENT

    /** Some paper may be in a hand already: the next one is a copy. */
    val mayBeOut: Boolean get() = done || this == UNSURE
}

/** What a printer says of itself. [trouble]: why a slip is not even begun; null: it can be. */
enum class PaperState(val trouble: PrintResult?) {
    READY(null),

    /** Nearly at its end. */
    LOW(null),
    OUT(PrintResult.PAPER_OUT),
    COVER_OPEN(PrintResult.COVER_OPEN),
    TOO_HOT(PrintResult.TOO_HOT),

    /** A fault that someone has to mend: a jammed cutter, a broken head. */
    BROKEN(PrintResult.FAILED),
    ABSENT(PrintResult.NOT_CONNECTED),
    NOT_ALLOWED(PrintResult.NOT_ALLOWED),

    /** There, but it does not answer questions. */
    UNTOLD(null),
}

/** The printers that this terminal can use, and which one it does. */
interface Printers {
    /** What can be chosen now, best first. */
    suspend fun found(): List<PrinterKind>

    suspend fun setting(): PrinterSetting

    suspend fun use(setting: PrinterSetting)

    /** Why the last slip did not come out; null after one that did. */
    val last: PrintResult?
}

enum class PrinterKind {
    /** In the terminal's own housing. */
    BUILT_IN,
    USB,
    NETWORK,

    /** Whatever Android's print screen offers. */
    ANDROID,

    /** Slips stay on the screen. */
    NONE,
}

/** [kind]: null is the best that is found. */
data class PrinterSetting(
    val kind: PrinterKind? = null,
    val address: PrinterAddress? = null,
    val paper: PaperWidth = PaperWidth.NARROW,
    val drawing: SlipDrawing = SlipDrawing.PICTURE,
)

/** Dots across the print head, of eight a millimetre. */
enum class PaperWidth(val dots: Int) { NARROW(384), WIDE(576) }

enum class SlipDrawing {
    /** As on the screen, on any printer. */
    PICTURE,

    /** In the printer's own letters, where it has Chinese ones: faster. */
    LETTERS,
}

/** A printer in the shop's own network: slips do not go out into the world. */
data class PrinterAddress(val host: String, val port: Int) {
    override fun toString() = if (port == USUAL) host else "$host:$port"

    companion object {
        const val USUAL = 9_100
        private val SHAPE = Regex("""(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})(?::(\d{1,5}))?""")

        /** Of an IPv4 address of a private network, with or without a port; null: it is none. */
        fun of(text: String): PrinterAddress? {
            val parts = SHAPE.matchEntire(text.trim())?.groupValues?.drop(1) ?: return null
            val octets = parts.take(OCTETS).map(String::toInt)
            val port = parts.last().ifEmpty { USUAL.toString() }.toInt()
            val good = octets.all { it <= OCTET } && port in 1..MOST && isPrivate(octets[0], octets[1])
            return if (good) PrinterAddress(octets.joinToString("."), port) else null
        }

        private fun isPrivate(first: Int, second: Int) = when (first) {
            10 -> true
            172 -> second in 16..31
            192 -> second == 168
            169 -> second == 254
            else -> false
        }

        private const val OCTETS = 4
        private const val OCTET = 255
        private const val MOST = 65_535
    }
}
