package com.voidproof.app.unit.print

import com.voidproof.app.device.PaperState
import com.voidproof.app.device.PrintResult
import com.voidproof.app.device.print.escpos.EscPosPrinter
import com.voidproof.app.device.print.escpos.NotAllowed
import com.voidproof.app.device.print.escpos.Port
import com.voidproof.app.device.print.escpos.PrintLimits
import com.voidproof.app.device.print.escpos.TcpPort
import com.voidproof.app.unit.print.FakeRoll.Companion.OK
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.runBlocking
import org.junit.After
import org.junit.Assert.assertArrayEquals
import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.Test
import java.net.InetAddress
import java.net.InetSocketAddress
import java.net.ServerSocket

/** Slips to a printer behind a real socket. */
class EscPosPrinterTest {
    private val roll = FakeRoll()
    private val slip = ByteArray(40_000) { 0x41 }

    @After
    fun close() = roll.close()

    private fun printer(whole: Long = 20_000, port: Port = TcpPort(roll.address), paper: Int = 300) =
        EscPosPrinter(port, Dispatchers.IO, PrintLimits(answer = 300, paper = paper, whole = whole)) { slip }

    private fun print(printer: EscPosPrinter = printer()) = runBlocking { printer.print(emptyList()) }

    private fun look(printer: EscPosPrinter = printer()) = runBlocking { printer.look() }

    @Test
    fun `a printer that says so has printed`() {
        assertEquals(PrintResult.PRINTED, print(printer(paper = 10_000)))
        assertArrayEquals(slip, roll.paper.toByteArray())
        assertEquals(PaperState.READY, look())
    }

    @Test
    fun `one that tells nothing prints, and nobody claims that paper came out`() {
        roll.answers = null
        roll.inTurn = null
        assertEquals(PrintResult.SENT, print())
        assertEquals(slip.size, roll.paper.size())
        assertEquals(PaperState.UNTOLD, look())
    }

    @Test
    fun `one that only tells its state is asked again and not waited for the next time`() {
        roll.inTurn = null
        val printer = printer()
        assertEquals(PrintResult.SENT, print(printer))
        roll.inTurn = 0
        assertEquals("not asked a second time", PrintResult.SENT, print(printer))
    }

    @Test
    fun `trouble beforehand - nothing is sent`() {
        val troubles = mapOf(
            listOf(OK or 0x08, OK or 0x20, OK, OK or 0x60) to PrintResult.PAPER_OUT,
            listOf(OK or 0x08, OK or 0x04, OK, OK) to PrintResult.COVER_OPEN,
            listOf(OK or 0x08, OK or 0x40, OK or 0x40, OK) to PrintResult.TOO_HOT,
            listOf(OK or 0x08, OK or 0x40, OK or 0x20, OK) to PrintResult.FAILED,
        )
        troubles.forEach { (answers, result) ->
            roll.answers = answers
            assertEquals(result, print())
        }
        assertEquals(0, roll.paper.size())
        roll.answers = listOf(OK, OK, OK, OK or 0x0C)
        assertEquals("nearly empty is enough", PrintResult.PRINTED, print(printer(paper = 10_000)))
    }

    @Test
    fun `paper that ends in the middle - it may be out`() {
        roll.inTurn = null
        roll.answersAfter = listOf(OK or 0x08, OK or 0x20, OK, OK or 0x60)
        assertEquals(PrintResult.UNSURE, print())
        assertEquals(PaperState.OUT, look())
        roll.answersAfter = null
        roll.answers = List(4) { OK }
        roll.inTurn = 0x0C
        assertEquals("the last line was at the end of the roll", PrintResult.UNSURE, print(printer(paper = 10_000)))
    }

    @Test
    fun `one that dies half-way may have printed`() {
        roll.breaksAfter = 1_000
        assertEquals(PrintResult.UNSURE, print())
        roll.answers = null
        assertEquals(PrintResult.UNSURE, print())
    }

    @Test
    fun `one that takes no bytes is left in time`() {
        roll.stuck = true
        val start = System.nanoTime()
        val huge = EscPosPrinter(TcpPort(roll.address), Dispatchers.IO, PrintLimits(300, 300, 700)) { ByteArray(20_000_000) { 0x41 } }
        assertEquals(PrintResult.UNSURE, print(huge))
        assertTrue(System.nanoTime() - start < 10_000_000_000)
    }

    @Test
    fun `nobody there`() {
        val gone = ServerSocket(0, 1, InetAddress.getLoopbackAddress()).use { it.localSocketAddress as InetSocketAddress }
        assertEquals(PrintResult.NOT_CONNECTED, print(printer(port = TcpPort(gone))))
        assertEquals(PaperState.ABSENT, look(printer(port = TcpPort(gone))))
    }

    @Test
    fun `bytes that nobody asked for are no answers, and endless ones end`() {
        roll.chatter = byteArrayOf(0x14, 0x00, 0x00, 0x0F, -1)
        assertEquals(PaperState.READY, look())
        roll.answers = listOf(0xFF, 0xFF, 0xFF, 0xFF)
        roll.chatter = ByteArray(64) { -1 }
        assertEquals(PaperState.UNTOLD, look())
    }

    @Test
    fun `what the person did not allow is told apart`() {
        assertEquals(PrintResult.NOT_ALLOWED, print(printer(port = { throw NotAllowed() })))
        assertEquals(PrintResult.PINNED, print(printer(port = { throw NotAllowed(pinned = true) })))
        assertEquals(PaperState.NOT_ALLOWED, look(printer(port = { throw NotAllowed() })))
    }
}
