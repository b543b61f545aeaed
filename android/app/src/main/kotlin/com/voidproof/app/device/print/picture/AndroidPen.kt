package com.voidproof.app.device.print.picture

import android.graphics.Bitmap
import android.graphics.Canvas
import android.graphics.Color
import com.voidproof.app.device.print.escpos.Pen
import com.voidproof.app.device.print.escpos.Raster
import com.voidproof.gateway.ReceiptLine

/** Draws a slip line by line, so that a long one needs no more memory than its longest line. */
class AndroidPen : Pen {
    override fun draw(lines: List<ReceiptLine>, dots: Int): Raster {
        val across = dots / BITS
        val slip = SlipLayout(lines, dots)
        val bits = ByteArray(across * slip.height)
        var top = 0
        for (row in slip.rows) {
            val picture = Bitmap.createBitmap(dots, row.height, Bitmap.Config.ARGB_8888)
            picture.eraseColor(Color.WHITE)
            row.draw(Canvas(picture))
            val pixels = IntArray(dots)
            for (y in 0 until row.height) {
                picture.getPixels(pixels, 0, dots, 0, y, dots, 1)
                put(pixels, bits, (top + y) * across)
            }
            picture.recycle()
            top += row.height
        }
        return Raster(across, slip.height, bits)
    }

    private fun put(pixels: IntArray, bits: ByteArray, from: Int) = pixels.forEachIndexed { x, pixel ->
        if (Color.green(pixel) >= MIDDLE) return@forEachIndexed
        val at = from + x / BITS
        bits[at] = (bits[at].toInt() or (LEFTMOST shr x % BITS)).toByte()
    }

    private companion object {
        const val BITS = 8
        const val LEFTMOST = 0x80
        const val MIDDLE = 128
    }
}
