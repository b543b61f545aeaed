package com.voidproof.app.device.print.escpos

import com.voidproof.app.device.PaperState
import com.voidproof.app.device.PrintResult
import com.voidproof.app.device.Printer
import com.voidproof.gateway.ReceiptLine
import kotlinx.coroutines.delay
import kotlinx.coroutines.launch
import kotlinx.coroutines.withContext
import java.io.IOException
import kotlin.coroutines.CoroutineContext

/** Milliseconds. [answer]: to a question that is answered at once. [paper]: until a slip is out. [whole]: for everything. */
class PrintLimits(val answer: Int = 500, val paper: Int = 8_000, val whole: Long = 30_000)

/**
 * A printer that speaks ESC/POS at the end of [port]. Asked first how it is, and after the slip whether it came to its end; one that
 * answers no questions prints all the same, and then nobody says that paper came out. Nothing of a slip is logged.
 */
class EscPosPrinter(
    private val port: Port,
    private val waiting: CoroutineContext,
    private val limits: PrintLimits = PrintLimits(),
    private val encode: (List<ReceiptLine>) -> ByteArray,
) : Printer {
    /** It told its state but never answered in turn: not waited for again. */
    @Volatile
    private var deaf = false

    override suspend fun print(lines: List<ReceiptLine>): PrintResult = withContext(waiting) {
        val slip = encode(lines)
        var begun = false
        try {
            connected { link ->
                val before = ask(link)
                before.trouble?.let { return@connected it }
                begun = true
                link.write(slip)
                outcome(link, before != PaperState.UNTOLD).also { link.finish() }
            }
        } catch (e: NotAllowed) {
            if (e.pinned) PrintResult.PINNED else PrintResult.NOT_ALLOWED
        } catch (_: IOException) {
            if (begun) PrintResult.UNSURE else PrintResult.NOT_CONNECTED
        }
    }

    override suspend fun look(): PaperState = withContext(waiting) {
        try {
            connected(::ask)
        } catch (_: NotAllowed) {
            PaperState.NOT_ALLOWED
        } catch (_: IOException) {
            PaperState.ABSENT
        }
    }

    /** A printer that neither takes nor refuses bytes is left when the time is over. */
    private suspend fun <T> connected(work: (Link) -> T): T = withContext(waiting) {
        val link = port.open()
        val end = launch {
            try {
                delay(limits.whole)
            } finally {
                link.close()
            }
        }
        try {
            work(link)
        } finally {
            end.cancel()
            link.close()
        }
    }

    /** Silence to the first question is silence to all. */
    private fun ask(link: Link): PaperState {
        if (!link.answers) return PaperState.UNTOLD
        val answers = ArrayList<Int?>()
        for (n in Status.QUESTIONS) {
            link.write(Status.now(n))
            answers += answer(link, limits.answer, Status::answersNow)
            if (answers.all { it == null }) break
        }
        return Status.state(answers)
    }

    private fun outcome(link: Link, tells: Boolean): PrintResult {
        if (!tells) return PrintResult.SENT
        if (!deaf) {
            link.write(Status.inTurn())
            val answer = answer(link, limits.paper, Status::answersInTurn)
            if (answer != null) return if (Status.ended(answer)) PrintResult.UNSURE else PrintResult.PRINTED
        }
        val after = ask(link)
        deaf = after.trouble == null && after != PaperState.UNTOLD
        return if (deaf) PrintResult.SENT else PrintResult.UNSURE
    }

    /** What has another shape belongs to another question or to none. */
    private fun answer(link: Link, limit: Int, fits: (Int) -> Boolean): Int? {
        repeat(STRAY) {
            val byte = link.read(limit) ?: return null
            if (fits(byte)) return byte
        }
        return null
    }

    private companion object {
        /** Bytes that nobody asked for, at most, before an answer. */
        const val STRAY = 16
    }
}
