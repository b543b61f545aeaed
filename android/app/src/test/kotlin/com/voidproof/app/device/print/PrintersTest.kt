package com.voidproof.app.device.print

import android.app.Activity
import android.app.ActivityManager
import android.content.Context
import com.voidproof.app.TestApp
import com.voidproof.app.device.PaperState
import com.voidproof.app.device.PaperWidth
import com.voidproof.app.device.PrintResult
import com.voidproof.app.device.Printer
import com.voidproof.app.device.PrinterAddress
import com.voidproof.app.device.PrinterKind
import com.voidproof.app.device.PrinterSetting
import com.voidproof.app.device.SlipDrawing
import com.voidproof.app.device.print.framework.FrameworkPrinter
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
import org.junit.runner.RunWith
import org.robolectric.Robolectric
import org.robolectric.RobolectricTestRunner
import org.robolectric.RuntimeEnvironment
import org.robolectric.Shadows.shadowOf
import org.robolectric.annotation.Config
import org.robolectric.annotation.GraphicsMode

/** Which printer is used, and what Android itself draws and opens. */
@RunWith(RobolectricTestRunner::class)
@Config(sdk = [24, 34])
class PrintersTest {
    private val app = RuntimeEnvironment.getApplication() as TestApp
    private val there = HashMap<PrinterKind, PrintResult>()
    private val printers = make()

    private fun make() = AndroidPrinters(app, Dispatchers.Unconfined) { kind, _ ->
        there[kind]?.let { result ->
            object : Printer {
                override suspend fun print(lines: List<ReceiptLine>) = result

                override suspend fun look() = PaperState.READY
            }
        }
    }

    private fun print() = runBlocking { printers.print(emptyList()) }

    private fun use(setting: PrinterSetting) = runBlocking { printers.use(setting) }

    @Test
    fun `the best that is there is used, and none is no fault of the payment`() {
        assertEquals(PrintResult.NOT_CONNECTED, print())
        assertEquals(PaperState.ABSENT, runBlocking { printers.look() })
        there[PrinterKind.NETWORK] = PrintResult.SENT
        assertEquals(PrintResult.SENT, print())
        there[PrinterKind.USB] = PrintResult.PAPER_OUT
        assertEquals(PrintResult.PAPER_OUT, print())
        assertEquals(PrintResult.PAPER_OUT, printers.last)
        there[PrinterKind.BUILT_IN] = PrintResult.PRINTED
        assertEquals(PrintResult.PRINTED, print())
        assertEquals(null, printers.last)
        assertEquals(listOf(PrinterKind.BUILT_IN, PrinterKind.USB, PrinterKind.NETWORK, PrinterKind.NONE), runBlocking { printers.found() })
    }

    @Test
    fun `Android's print screen opens only when a person chose it`() {
        there[PrinterKind.ANDROID] = PrintResult.SENT
        assertEquals(PrintResult.NOT_CONNECTED, print())
        use(PrinterSetting(PrinterKind.ANDROID))
        assertEquals(PrintResult.SENT, print())
    }

    @Test
    fun `a choice outlives the process, and another printer does not stand in for it`() {
        val setting = PrinterSetting(PrinterKind.NETWORK, PrinterAddress("10.0.0.9", 9_101), PaperWidth.WIDE, SlipDrawing.LETTERS)
        use(setting)
        assertEquals(setting, runBlocking { make().setting() })
        there[PrinterKind.BUILT_IN] = PrintResult.PRINTED
        assertEquals(PrintResult.NOT_CONNECTED, print())
        use(PrinterSetting(PrinterKind.NONE))
        assertEquals(PrintResult.NOT_CONNECTED, print())
    }

    @Test
    fun `what other hands wrote into the settings is no printer`() {
        app.getSharedPreferences("printer", 0).edit().putString("kind", "LASER").putString("address", "8.8.8.8").putString("paper", "9").commit()
        assertEquals(PrinterSetting(), runBlocking { printers.setting() })
    }

    @Test
    fun `a pinned screen is not left for another app's, and without a screen nothing opens`() {
        val printer = FrameworkPrinter(Dispatchers.Unconfined) { null }
        assertEquals(PrintResult.NOT_CONNECTED, runBlocking { printer.print(emptyList()) })
        shadowOf(app.getSystemService(Context.ACTIVITY_SERVICE) as ActivityManager).setLockTaskModeState(ActivityManager.LOCK_TASK_MODE_LOCKED)
        val activity = Robolectric.buildActivity(Activity::class.java).get()
        assertEquals(PrintResult.PINNED, runBlocking { FrameworkPrinter(Dispatchers.Unconfined) { activity }.print(emptyList()) })
    }
}

/** Slips as dots. */
@RunWith(RobolectricTestRunner::class)
@GraphicsMode(GraphicsMode.Mode.NATIVE)
@Config(sdk = [34])
class PenTest {
    private fun line(text: String, align: Align = Align.LEFT, size: Size = Size.NORMAL, kind: LineKind = LineKind.TEXT) =
        ReceiptLine(text, align, size, kind)

    /** The columns that are black somewhere. */
    private fun columns(vararg lines: ReceiptLine, dots: Int = 384): List<Int> {
        val raster = AndroidPen().draw(lines.toList(), dots)
        assertEquals(dots / 8, raster.bytesAcross)
        return (0 until dots).filter { x ->
            (0 until raster.rows).any { y -> raster.bits[y * raster.bytesAcross + x / 8].toInt() and (0x80 shr x % 8) != 0 }
        }
    }

    @Test
    fun `text stands where it is aligned, in Chinese too`() {
        assertTrue(columns(line("撤销")).let { it.isNotEmpty() && it.max() < 60 })
        assertTrue(columns(line("撤销", Align.RIGHT)).let { it.isNotEmpty() && it.min() > 384 - 60 })
        val centre = columns(line("撤销", Align.CENTER))
        assertEquals(384.0, (centre.min() + centre.max()).toDouble(), 12.0)
    }

    @Test
    fun `a label left and its value right, on narrow and wide paper`() {
        val pair = line("金额\t128.00", kind = LineKind.PAIR)
        listOf(384, 576).forEach { dots ->
            val columns = columns(pair, dots = dots)
            assertTrue("$dots", columns.min() < 10 && columns.max() > dots - 10 && (100..dots - 110).none { it in columns })
        }
    }

    @Test
    fun `a long line goes on below, large letters are larger, a rule crosses the paper`() {
        fun rows(line: ReceiptLine) = AndroidPen().draw(listOf(line), 384).rows
        assertTrue(rows(line("一".repeat(40))) >= 2 * rows(line("一")) - 8)
        assertTrue(rows(line("一", size = Size.LARGE)) > rows(line("一")))
        assertEquals((0..383).toList(), columns(line("", kind = LineKind.RULE)))
        assertEquals(emptyList<Int>(), columns(line("", kind = LineKind.BLANK)))
    }
}
