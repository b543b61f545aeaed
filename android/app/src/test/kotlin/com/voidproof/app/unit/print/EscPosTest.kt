package com.voidproof.app.unit.print

import com.voidproof.app.device.PaperWidth
import com.voidproof.app.device.SlipDrawing
import com.voidproof.app.device.print.escpos.EscPos
import com.voidproof.app.device.print.escpos.Pen
import com.voidproof.app.device.print.escpos.Raster
import com.voidproof.gateway.Align
import com.voidproof.gateway.LineKind
import com.voidproof.gateway.ReceiptLine
import com.voidproof.gateway.Size
import org.junit.Assert.assertEquals
import org.junit.Assert.assertThrows
import org.junit.Assert.assertTrue
import org.junit.Test

/** Byte by byte what goes to the printer. */
class EscPosTest {
    private val nobody = Pen { _, _ -> error("nothing is drawn here") }

    private fun line(text: String, align: Align = Align.LEFT, size: Size = Size.NORMAL, kind: LineKind = LineKind.TEXT) =
        ReceiptLine(text, align, size, kind)

    private fun letters(vararg lines: ReceiptLine, paper: PaperWidth = PaperWidth.NARROW) =
        hex(EscPos(paper, SlipDrawing.LETTERS, nobody).encode(lines.toList()))

    private fun hex(bytes: ByteArray) = bytes.joinToString("") { "%02X".format(it) }

    private fun hex(text: String) = hex(text.encodeToByteArray())

    private val begin = "1B40" + "1C26"
    private val plain = "1B6100" + "1B4500" + "1D2100"
    private val end = "1B6404"

    @Test
    fun `text in Chinese and Latin letters`() {
        assertEquals(begin + plain + "CFFBB7D1" + "0A" + end, letters(line("消费")))
        assertEquals(begin + "1B6101" + "1B4501" + "1D2101" + hex("VOID") + "0A" + end, letters(line("VOID", Align.CENTER, Size.LARGE)))
        assertEquals(begin + "1B6102" + "1B4500" + "1D2100" + hex("x") + "0A" + end, letters(line("x", Align.RIGHT, Size.SMALL)))
    }

    @Test
    fun `a label stands left, its value at the right edge of either paper`() {
        val pair = line("金额\t128.00", kind = LineKind.PAIR)
        val (label, value) = "BDF0B6EE" to hex("128.00")
        assertEquals(begin + plain + label + "20".repeat(32 - 4 - 6) + value + "0A" + end, letters(pair))
        assertEquals(begin + plain + label + "20".repeat(48 - 4 - 6) + value + "0A" + end, letters(pair, paper = PaperWidth.WIDE))
    }

    @Test
    fun `a value that does not fit beside its label stands below`() {
        val (label, value) = "a".repeat(20) to "b".repeat(12)
        val fits = line("${label.drop(1)}\t$value", kind = LineKind.PAIR)
        assertEquals(begin + plain + hex(label.drop(1) + " " + value) + "0A" + end, letters(fits))
        val long = line("$label\t$value", kind = LineKind.PAIR)
        assertEquals(begin + plain + hex(label) + "0A" + hex(" ".repeat(20) + value) + "0A" + end, letters(long))
    }

    @Test
    fun `rule, empty line and cut`() {
        assertEquals(begin + plain + "2D".repeat(32) + "0A" + end, letters(line("", kind = LineKind.RULE)))
        assertEquals(begin + plain + "0A" + end, letters(line("", kind = LineKind.BLANK)))
        assertEquals(begin + "1D564200", letters(line("", kind = LineKind.CUT)))
    }

    @Test
    fun `no text becomes a command`() {
        assertEquals(begin + plain + hex("ap0") + "0A" + end, letters(line("a\u001Bp\u00000\u001D\u007F\u0085")))
        assertEquals(begin + plain + hex("?") + "0A" + end, letters(line("\uD83D\uDE00")))
    }

    @Test
    fun `a code for a camera`() {
        val expected = begin + "1B6101" +
            "1D286B0400314132" + "00" +
            "1D286B03003143" + "06" +
            "1D286B03003145" + "31" +
            "1D286B0700315030" + hex("ABCD") +
            "1D286B0300315130" + end
        assertEquals(expected, letters(line("ABCD", kind = LineKind.QR)))
        val long = letters(line("Z".repeat(300), kind = LineKind.QR))
        assertTrue("1D286B2F01315030" + hex("Z".repeat(300)) in long)
    }

    @Test
    fun `a code of bars, and its digits alone where it cannot be one`() {
        val bars = letters(line("12{4", kind = LineKind.BARCODE))
        assertEquals(begin + "1B6101" + "1D6840" + "1D6B49" + "07" + hex("{B12{{4") + hex("12{4") + "0A" + end, bars)
        assertEquals(begin + "1B6101" + "B5A5" + "0A" + end, letters(line("单", kind = LineKind.BARCODE)))
    }

    @Test
    fun `a drawn slip goes out in strips, commands between what is drawn`() {
        val drawn = ArrayList<List<String>>()
        val pen = Pen { lines, dots ->
            drawn += lines.map { it.text }
            Raster(dots / 8, 130, ByteArray(dots / 8 * 130) { (it / (dots / 8)).toByte() })
        }
        val slip = listOf(line("a"), line("b\tc", kind = LineKind.PAIR), line("Q", kind = LineKind.QR), line("d"), line("", kind = LineKind.CUT))
        val bytes = hex(EscPos(PaperWidth.WIDE, SlipDrawing.PICTURE, pen).encode(slip))
        assertEquals(listOf(listOf("a", "b\tc"), listOf("d")), drawn)
        val rows = { range: IntRange -> range.joinToString("") { "%02X".format(it).repeat(72) } }
        val picture = "1D763000" + "4800" + "8000" + rows(0..127) + "1D763000" + "4800" + "0200" + rows(128..129)
        val symbol = bytes.removePrefix("1B40$picture").removeSuffix(picture + "1D564200")
        assertTrue(symbol.startsWith("1B6101" + "1D286B") && symbol.endsWith("1D286B0300315130"))
    }

    @Test
    fun `a picture of another size than it says is no picture`() {
        assertThrows(IllegalArgumentException::class.java) { Raster(48, 2, ByteArray(95)) }
    }
}
