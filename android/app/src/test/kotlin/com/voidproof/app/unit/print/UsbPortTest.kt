package com.voidproof.app.unit.print

import com.voidproof.app.device.PaperState
import com.voidproof.app.device.PrintResult
import com.voidproof.app.device.print.escpos.EscPosPrinter
import com.voidproof.app.device.print.escpos.PrintLimits
import com.voidproof.app.device.print.usb.UsbPipe
import com.voidproof.app.device.print.usb.UsbPort
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.runBlocking
import org.junit.Assert.assertArrayEquals
import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.Test
import java.io.ByteArrayOutputStream

/** Slips through the endpoints of a USB printer. */
class UsbPortTest {
    private class Fake(val pulledAfter: Int = Int.MAX_VALUE, val answers: Boolean = true, val piece: Int = 1_000) : UsbPipe {
        val paper = ByteArrayOutputStream()
        val largest = ArrayList<Int>()
        var closed = false
        private val back = ArrayDeque<Byte>()

        override fun send(bytes: ByteArray, from: Int, count: Int, limit: Int): Int {
            largest += count
            if (answers && bytes[0] == 0x10.toByte()) back += 0x12
            if (answers && bytes[0] == 0x1D.toByte()) back += 0x00
            if (bytes[0] == 0x41.toByte()) {
                if (paper.size() >= pulledAfter) return -1
                return minOf(piece, count).also { paper.write(bytes, from, it) }
            }
            return count
        }

        override fun receive(into: ByteArray, limit: Int): Int {
            into[0] = back.removeFirstOrNull() ?: return -1
            return 1
        }

        override fun close() {
            closed = true
        }
    }

    private val slip = ByteArray(20_000) { 0x41 }

    private fun printer(pipe: UsbPipe?) = EscPosPrinter(UsbPort { pipe }, Dispatchers.IO, PrintLimits(10, 10, 5_000)) { slip }

    @Test
    fun `a slip goes out whole, in pieces that old Androids take, however little the printer takes at once`() {
        val pipe = Fake()
        assertEquals(PrintResult.PRINTED, runBlocking { printer(pipe).print(emptyList()) })
        assertArrayEquals(slip, pipe.paper.toByteArray())
        assertTrue(pipe.largest.all { it <= 16_384 })
        assertTrue(pipe.closed)
    }

    @Test
    fun `pulled out in the middle - it may be out`() {
        val pipe = Fake(pulledAfter = 5_000)
        assertEquals(PrintResult.UNSURE, runBlocking { printer(pipe).print(emptyList()) })
        assertTrue(pipe.closed)
    }

    @Test
    fun `one with no way back prints untold, and none at all is absent`() {
        assertEquals(PrintResult.SENT, runBlocking { printer(Fake(answers = false)).print(emptyList()) })
        assertEquals(PrintResult.NOT_CONNECTED, runBlocking { printer(null).print(emptyList()) })
        assertEquals(PaperState.ABSENT, runBlocking { printer(null).look() })
    }
}
