package com.voidproof.app.device.print.picture

import android.graphics.Canvas
import android.graphics.Color
import android.graphics.Paint
import android.graphics.Typeface
import android.text.Layout
import android.text.StaticLayout
import android.text.TextPaint
import com.voidproof.gateway.Align
import com.voidproof.gateway.LineKind
import com.voidproof.gateway.ReceiptLine
import com.voidproof.gateway.Size

/** One line of a slip, laid out. Heights in dots. */
class Row(val height: Int, val draw: (Canvas) -> Unit)

/** A slip laid out for paper of [width] dots, in black on white without greys: a print head knows none. */
class SlipLayout(lines: List<ReceiptLine>, private val width: Int) {
    val rows: List<Row> = lines.map(::row)
    val height: Int = rows.sumOf { it.height.toLong() }.toInt()

    private fun row(line: ReceiptLine): Row = when (line.kind) {
        LineKind.PAIR -> pair(line)
        LineKind.RULE -> Row(RULE) { it.drawRect(0f, RULE / 2f, width.toFloat(), RULE / 2f + 2, black) }
        LineKind.BLANK, LineKind.CUT -> Row(BLANK) {}
        LineKind.TEXT, LineKind.QR, LineKind.BARCODE -> text(line.text, line.size, align(line.align), width).let { row(it) }
    }

    private fun row(text: StaticLayout) = Row(text.height + GAP) { text.draw(it) }

    /** Label left, value right; where both do not fit on one line, the value stands below. */
    private fun pair(line: ReceiptLine): Row {
        val label = line.text.substringBefore('\t')
        val value = line.text.substringAfter('\t', "")
        val paint = paint(line.size)
        val room = width - paint.measureText(label).toInt() - SPACE
        val left = text(label, line.size, Layout.Alignment.ALIGN_NORMAL, width)
        val besides = room > 0 && paint.measureText(value) <= room
        val right = text(value, line.size, Layout.Alignment.ALIGN_OPPOSITE, width)
        val top = if (besides) 0 else left.height
        return Row(top + maxOf(right.height, if (besides) left.height else 0) + GAP) { canvas ->
            left.draw(canvas)
            canvas.save()
            canvas.translate(0f, top.toFloat())
            right.draw(canvas)
            canvas.restore()
        }
    }

    private fun text(text: String, size: Size, align: Layout.Alignment, width: Int): StaticLayout =
        StaticLayout.Builder.obtain(text, 0, text.length, paint(size), width).setAlignment(align).setIncludePad(false).build()

    private fun paint(size: Size) = TextPaint(Paint.SUBPIXEL_TEXT_FLAG).apply {
        isAntiAlias = false
        color = Color.BLACK
        typeface = if (size == Size.LARGE) Typeface.DEFAULT_BOLD else Typeface.DEFAULT
        textSize = when (size) {
            Size.SMALL -> 20f
            Size.NORMAL -> 24f
            Size.LARGE -> 36f
        }
    }

    private fun align(align: Align) = when (align) {
        Align.LEFT -> Layout.Alignment.ALIGN_NORMAL
        Align.CENTER -> Layout.Alignment.ALIGN_CENTER
        Align.RIGHT -> Layout.Alignment.ALIGN_OPPOSITE
    }

    private companion object {
        val black = Paint().apply { color = Color.BLACK }
        const val RULE = 14
        const val BLANK = 18
        const val GAP = 4
        const val SPACE = 12
    }
}
