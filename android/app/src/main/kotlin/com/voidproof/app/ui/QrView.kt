package com.voidproof.app.ui

import android.annotation.SuppressLint
import android.graphics.Canvas
import android.graphics.Color
import android.graphics.Paint
import android.view.View
import com.voidproof.gateway.Modules

/** A code for a customer's phone: black on white in any theme, with four light modules around it. */
@SuppressLint("ViewConstructor")
class QrView(ui: Ui, private val modules: Modules, words: CharSequence) : View(ui.context) {
    private val dark = Paint().apply { color = Color.BLACK }
    private val most = ui.dp(if (ui.wide) MOST_WIDE else MOST)

    init {
        setBackgroundColor(Color.WHITE)
        contentDescription = words
        isFocusable = true
    }

    /** A square as wide as there is room, and modules of whole pixels, which cameras read best. */
    override fun onMeasure(widthMeasureSpec: Int, heightMeasureSpec: Int) {
        val room = MeasureSpec.getSize(widthMeasureSpec).coerceAtMost(most)
        val count = modules.size + 2 * QUIET
        val side = maxOf(room / count, 1) * count
        setMeasuredDimension(side, side)
    }

    override fun onDraw(canvas: Canvas) {
        val step = width / (modules.size + 2 * QUIET)
        for (y in 0 until modules.size) {
            for (x in 0 until modules.size) {
                if (!modules.dark(x, y)) continue
                val left = ((x + QUIET) * step).toFloat()
                val top = ((y + QUIET) * step).toFloat()
                canvas.drawRect(left, top, left + step, top + step, dark)
            }
        }
    }

    private companion object {
        const val QUIET = 4
        const val MOST = 264
        const val MOST_WIDE = 400
    }
}
