package com.voidproof.app.ui

import android.graphics.Canvas
import android.graphics.Color
import android.graphics.Paint
import android.graphics.Path
import android.graphics.Typeface
import android.view.Gravity
import android.view.View
import android.widget.LinearLayout
import com.voidproof.app.R
import com.voidproof.gateway.Align
import com.voidproof.gateway.LineKind
import com.voidproof.gateway.ReceiptLine
import com.voidproof.gateway.Size

/** A slip as it comes out of the printer. */
fun Ui.paper(lines: List<ReceiptLine>): View = TornPaper(this).apply {
    orientation = LinearLayout.VERTICAL
    id = R.id.paper
    lines.forEach { put(paperLine(it)) }
}

private fun Ui.paperLine(line: ReceiptLine): View = when (line.kind) {
    LineKind.TEXT, LineKind.QR, LineKind.BARCODE -> text(line.text, Type.BODY, R.color.paper_ink).apply {
        textSize = sizeOf(line.size)
        typeface = face(line.size)
        gravity = gravityOf(line.align)
    }
    LineKind.PAIR -> PairView(
        context,
        text(line.text.substringBefore('\t'), Type.BODY, R.color.paper_ink).apply { textSize = sizeOf(line.size) },
        text(line.text.substringAfter('\t', ""), Type.BODY, R.color.paper_ink).apply {
            textSize = sizeOf(line.size)
            typeface = face(line.size)
            gravity = Gravity.END
        },
        dp(Gap.SMALL),
    )
    LineKind.RULE -> DashedLine(this)
    LineKind.BLANK -> View(context).apply { minimumHeight = dp(BLANK) }
    LineKind.CUT -> View(context)
}

private fun sizeOf(size: Size) = when (size) {
    Size.SMALL -> 12f
    Size.NORMAL -> 14f
    Size.LARGE -> 20f
}

private fun face(size: Size): Typeface = if (size == Size.LARGE) Typeface.DEFAULT_BOLD else Typeface.DEFAULT

private fun gravityOf(align: Align) = when (align) {
    Align.LEFT -> Gravity.START
    Align.CENTER -> Gravity.CENTER_HORIZONTAL
    Align.RIGHT -> Gravity.END
}

private class DashedLine(ui: Ui) : View(ui.context) {
    private val dash = ui.dp(4).toFloat()
    private val paint = Paint().apply {
        color = ui.color(R.color.paper_ink)
        alpha = FAINT
        strokeWidth = ui.dp(1).toFloat()
    }

    init {
        minimumHeight = ui.dp(Gap.MEDIUM)
    }

    override fun onDraw(canvas: Canvas) {
        var x = 0f
        while (x < width) {
            canvas.drawLine(x, height / 2f, minOf(x + dash, width.toFloat()), height / 2f, paint)
            x += 2 * dash
        }
    }

    override fun onMeasure(widthMeasureSpec: Int, heightMeasureSpec: Int) =
        setMeasuredDimension(getDefaultSize(suggestedMinimumWidth, widthMeasureSpec), suggestedMinimumHeight)
}

/** White paper with a torn lower edge. */
private class TornPaper(ui: Ui) : LinearLayout(ui.context) {
    private val tooth = ui.dp(TOOTH).toFloat()
    private val paint = Paint(Paint.ANTI_ALIAS_FLAG).apply { color = ui.color(R.color.paper) }
    private val edge = Paint(Paint.ANTI_ALIAS_FLAG).apply {
        color = ui.color(R.color.line)
        style = Paint.Style.STROKE
        strokeWidth = ui.dp(1).toFloat()
    }
    private val path = Path()

    init {
        setWillNotDraw(false)
        setBackgroundColor(Color.TRANSPARENT)
        setPadding(ui.dp(PAPER_PAD), ui.dp(PAPER_PAD), ui.dp(PAPER_PAD), ui.dp(PAPER_PAD) + tooth.toInt())
    }

    override fun onSizeChanged(w: Int, h: Int, oldw: Int, oldh: Int) {
        super.onSizeChanged(w, h, oldw, oldh)
        path.reset()
        path.moveTo(0f, 0f)
        path.lineTo(w.toFloat(), 0f)
        path.lineTo(w.toFloat(), h - tooth)
        val teeth = (w / tooth / 2).toInt().coerceAtLeast(1)
        val step = w.toFloat() / teeth
        for (i in teeth downTo 1) {
            path.lineTo(i * step - step / 2, h.toFloat())
            path.lineTo((i - 1) * step, h - tooth)
        }
        path.close()
    }

    override fun onDraw(canvas: Canvas) {
        canvas.drawPath(path, paint)
        canvas.drawPath(path, edge)
    }
}

private const val FAINT = 130
private const val BLANK = 10
private const val TOOTH = 6
private const val PAPER_PAD = 20
