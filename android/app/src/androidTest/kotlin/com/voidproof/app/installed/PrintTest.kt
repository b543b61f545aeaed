package com.voidproof.app.installed

import com.voidproof.app.device.PaperWidth
import com.voidproof.app.device.PrintResult
import com.voidproof.app.device.SlipDrawing
import com.voidproof.app.device.print.escpos.EscPos
import com.voidproof.app.device.print.escpos.EscPosPrinter
import com.voidproof.app.device.print.escpos.PrintLimits
import com.voidproof.app.device.print.escpos.TcpPort
import com.voidproof.app.device.print.picture.AndroidPen
import com.voidproof.gateway.Align
import com.voidproof.gateway.LineKind
import com.voidproof.gateway.ReceiptLine
import com.voidproof.gateway.Size
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.runBlocking
import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.Test
import java.net.InetAddress
import java.net.InetSocketAddress
import java.net.ServerSocket
import java.util.concurrent.Executors
import java.util.concurrent.TimeUnit

/** A slip drawn on this machine and sent to a printer behind a socket of its own. */
class PrintTest {
    private val slip = listOf(
        ReceiptLine("撤销", Align.CENTER, Size.LARGE, LineKind.TEXT),
        ReceiptLine("金额\t128.00", Align.LEFT, Size.NORMAL, LineKind.PAIR),
        ReceiptLine("", Align.LEFT, Size.NORMAL, LineKind.CUT),
    )

    /** Prints to a printer that takes so many bytes and answers nothing. */
    private fun print(most: Int): Pair<PrintResult, ByteArray> = ServerSocket(0, 1, InetAddress.getLoopbackAddress()).use { server ->
        val thread = Executors.newSingleThreadExecutor()
        val paper = thread.submit<ByteArray> {
            server.accept().use { socket ->
                if (most < Int.MAX_VALUE) socket.setSoLinger(true, 0)
                val taken = java.io.ByteArrayOutputStream()
                while (taken.size() < most) taken.write(socket.getInputStream().read().takeIf { it >= 0 } ?: break)
                taken.toByteArray()
            }
        }
        val address = server.localSocketAddress as InetSocketAddress
        val encode = EscPos(PaperWidth.NARROW, SlipDrawing.PICTURE, AndroidPen())::encode
        val result = runBlocking { EscPosPrinter(TcpPort(address), Dispatchers.IO, PrintLimits(answer = 200), encode).print(slip) }
        (result to paper.get(10, TimeUnit.SECONDS)).also { thread.shutdown() }
    }

    @Test
    fun aSlipIsDrawnAndTaken() {
        val (result, bytes) = print(Int.MAX_VALUE)
        assertEquals(PrintResult.SENT, result)
        val text = bytes.joinToString("") { "%02X".format(it) }
        assertTrue("a question, then initialise, then rows of 48 bytes", text.startsWith("100401" + "1B40" + "1D763000" + "3000"))
        assertTrue("cut at the end", text.endsWith("1D564200"))
    }

    @Test
    fun aPrinterThatBreaksOffMayHavePrinted() {
        assertEquals(PrintResult.UNSURE, print(10).first)
    }
}
