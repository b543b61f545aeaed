package com.voidproof.app.device.print.escpos

import com.voidproof.app.device.PaperWidth
import com.voidproof.app.device.SlipDrawing
import com.voidproof.gateway.Align
import com.voidproof.gateway.LineKind
import com.voidproof.gateway.ReceiptLine
import com.voidproof.gateway.Size
import java.io.ByteArrayOutputStream
import java.nio.charset.Charset

/** Black and white dots in rows of whole bytes, the left dot in the highest bit. */
class Raster(val bytesAcross: Int, val rows: Int, val bits: ByteArray) {
    init {
        require(bits.size == bytesAcross * rows) { "${bits.size} bytes are not $bytesAcross × $rows" }
    }
}

/** Draws lines for a head of so many dots. */
fun interface Pen {
    fun draw(lines: List<ReceiptLine>, dots: Int): Raster
}

/** Slips in the commands of ESC/POS. What a line holds is only ever printed: no character of it becomes a command. */
class EscPos(private val paper: PaperWidth, private val drawing: SlipDrawing, private val pen: Pen) {
    private val columns = paper.dots / DOTS_A_LETTER

    fun encode(lines: List<ReceiptLine>): ByteArray = ByteArrayOutputStream().apply {
        put(ESC, '@')
        if (drawing == SlipDrawing.LETTERS) put(FS, '&')
        val drawn = ArrayList<ReceiptLine>()
        for (line in lines) {
            if (drawing == SlipDrawing.PICTURE && line.kind in DRAWN) {
                drawn += line
                continue
            }
            picture(drawn)
            when (line.kind) {
                LineKind.QR -> qr(line.text)
                LineKind.BARCODE -> barcode(line.text)
                LineKind.CUT -> cut()
                else -> letters(line)
            }
        }
        picture(drawn)
        if (lines.lastOrNull()?.kind != LineKind.CUT) put(ESC, 'd', FEED)
    }.toByteArray()

    /** GS v 0, in strips that small printers have room for. */
    private fun ByteArrayOutputStream.picture(drawn: MutableList<ReceiptLine>) {
        if (drawn.isEmpty()) return
        val raster = pen.draw(drawn, paper.dots)
        drawn.clear()
        for (top in 0 until raster.rows step STRIP) {
            val rows = minOf(STRIP, raster.rows - top)
            put(GS, 'v', '0'.code, 0)
            two(raster.bytesAcross)
            two(rows)
            write(raster.bits, top * raster.bytesAcross, rows * raster.bytesAcross)
        }
    }

    private fun ByteArrayOutputStream.letters(line: ReceiptLine) {
        val large = line.size == Size.LARGE
        put(ESC, 'a', line.align.ordinal.takeIf { line.kind == LineKind.TEXT } ?: Align.LEFT.ordinal)
        put(ESC, 'E', if (large) 1 else 0)
        put(GS, '!', if (large) DOUBLE_HEIGHT else 0)
        val text = when (line.kind) {
            LineKind.PAIR -> pair(line.text.substringBefore('\t'), line.text.substringAfter('\t', ""))
            LineKind.RULE -> "-".repeat(columns)
            LineKind.BLANK -> ""
            else -> clean(line.text)
        }
        write(text.toByteArray(GBK))
        write(LF)
    }

    /** The value at the right edge; where both do not fit, on a line of its own. */
    private fun pair(label: String, value: String): String {
        val (left, right) = clean(label) to clean(value)
        val gap = columns - across(left) - across(right)
        if (gap >= 1) return left + " ".repeat(gap) + right
        return left + "\n" + " ".repeat((columns - across(right)).coerceAtLeast(0)) + right
    }

    private fun across(text: String) = text.sumOf { if (it.code < WIDE_FROM) 1L else 2L }.toInt()

    private fun clean(text: String) = text.filterNot(Char::isISOControl)

    /** GS ( k: model 2, dots a module, recovery level M, the data, print. */
    private fun ByteArrayOutputStream.qr(text: String) {
        val data = text.encodeToByteArray()
        put(ESC, 'a', Align.CENTER.ordinal)
        symbol(byteArrayOf('A'.code.toByte(), '2'.code.toByte(), 0))
        symbol(byteArrayOf('C'.code.toByte(), MODULE))
        symbol(byteArrayOf('E'.code.toByte(), '1'.code.toByte()))
        symbol(byteArrayOf('P'.code.toByte(), '0'.code.toByte()) + data)
        symbol(byteArrayOf('Q'.code.toByte(), '0'.code.toByte()))
    }

    private fun ByteArrayOutputStream.symbol(function: ByteArray) {
        put(GS, '(', 'k'.code)
        two(function.size + 1)
        write('1'.code)
        write(function)
    }

    /** GS k 73: Code 128, set B, for what it holds; else the digits alone. */
    private fun ByteArrayOutputStream.barcode(text: String) {
        put(ESC, 'a', Align.CENTER.ordinal)
        val plain = text.all { it.code in SET_B }
        if (plain && text.length in 1..BARCODE) {
            // A brace begins a code of its own and is written twice.
            val data = "{B" + text.replace("{", "{{")
            put(GS, 'h', BAR_HEIGHT)
            put(GS, 'k', CODE128, data.length)
            write(data.toByteArray(Charsets.US_ASCII))
        }
        write(clean(text).toByteArray(GBK))
        write(LF)
    }

    /** Fed to the blade; a printer without one only feeds. */
    private fun ByteArrayOutputStream.cut() = put(GS, 'V', FEED_AND_CUT, 0)

    private fun ByteArrayOutputStream.put(first: Int, second: Char, vararg more: Int) {
        write(first)
        write(second.code)
        more.forEach(::write)
    }

    private fun ByteArrayOutputStream.two(number: Int) {
        write(number and 0xFF)
        write(number shr 8)
    }

    private companion object {
        const val ESC = 0x1B
        const val FS = 0x1C
        const val GS = 0x1D
        const val LF = 0x0A

        const val DOTS_A_LETTER = 12
        const val STRIP = 128
        const val DOUBLE_HEIGHT = 0x01
        const val FEED = 4
        const val FEED_AND_CUT = 66
        const val MODULE: Byte = 6
        const val BAR_HEIGHT = 64
        const val CODE128 = 73
        const val BARCODE = 40
        val SET_B = 0x20..0x7E

        /** Chinese letters and signs are two columns wide. */
        const val WIDE_FROM = 0x80

        val DRAWN = setOf(LineKind.TEXT, LineKind.PAIR, LineKind.RULE, LineKind.BLANK)

        /** What printers sold in China hold; they print a question mark for what is not in it. */
        val GBK: Charset = Charset.forName("GBK")
    }
}
