package com.voidproof.app.ui

import android.graphics.Canvas
import android.graphics.Paint
import android.text.Spanned
import android.text.method.PasswordTransformationMethod
import android.text.style.ReplacementSpan
import android.view.View

/** How many characters of a number stay readable: the [first] and the [last]. */
class Readable(private val first: Int, private val last: Int) {
    fun at(index: Int, length: Int) = index < first || index >= length - last

    /** [number] as it may be shown, as long as it is. */
    fun masked(number: CharSequence): String = String(CharArray(number.length) { if (at(it, number.length)) number[it] else DOT })

    companion object {
        private const val DOT = '\u2022'

        /** What a slip may say of a card. */
        val CARD = Readable(first = 6, last = 4)
        val PAYMENT_CODE = Readable(first = 0, last = 4)
        val ALL = Readable(first = 0, last = Int.MAX_VALUE)
    }
}

/**
 * Shows a number in groups of four, with dots for all but what is [readable]. A password to the framework: it can be neither copied nor
 * learned, and neither assistants nor the tree of views get it. [gap]: between groups, in pixels.
 */
class MaskedDigits(private val readable: Readable, private val gap: Int) : PasswordTransformationMethod() {
    override fun getTransformation(source: CharSequence, view: View): CharSequence = Masked(source, readable, gap)
}

/** Follows [source] as it is typed. The gaps are drawn, not characters: a cursor stands where it does in [source]. */
private class Masked(private val source: CharSequence, private val readable: Readable, private val gap: Int) : Spanned {
    override val length: Int get() = source.length

    override fun get(index: Int): Char = readable.masked(source)[index]

    override fun subSequence(startIndex: Int, endIndex: Int): CharSequence = toString().substring(startIndex, endIndex)

    override fun toString(): String = readable.masked(source)

    private fun gaps() = (GROUP - 1 until length - 1 step GROUP).map { Gap(it, gap) }

    override fun <T : Any?> getSpans(start: Int, end: Int, type: Class<T>): Array<T> {
        val found = if (type.isAssignableFrom(Gap::class.java)) gaps().filter { it.at < end && it.at + 1 > start } else emptyList()
        @Suppress("UNCHECKED_CAST") // An array of T, filled with what is a T.
        val spans = java.lang.reflect.Array.newInstance(type, found.size) as Array<Any?>
        found.forEachIndexed { i, span -> spans[i] = span }
        @Suppress("UNCHECKED_CAST")
        return spans as Array<T>
    }

    override fun getSpanStart(tag: Any?): Int = (tag as? Gap)?.at ?: -1

    override fun getSpanEnd(tag: Any?): Int = (tag as? Gap)?.let { it.at + 1 } ?: -1

    override fun getSpanFlags(tag: Any?): Int = Spanned.SPAN_EXCLUSIVE_EXCLUSIVE

    override fun nextSpanTransition(start: Int, limit: Int, type: Class<*>?): Int =
        if (type != null && !type.isAssignableFrom(Gap::class.java)) {
            limit
        } else {
            gaps().flatMap { listOf(it.at, it.at + 1) }.filter { it in start + 1 until limit }.minOrNull() ?: limit
        }

    /** The last character of a group, and room after it. */
    private class Gap(val at: Int, private val room: Int) : ReplacementSpan() {
        override fun getSize(paint: Paint, text: CharSequence, start: Int, end: Int, fm: Paint.FontMetricsInt?) =
            paint.measureText(text, start, end).toInt() + room

        override fun draw(
            canvas: Canvas, text: CharSequence, start: Int, end: Int, x: Float, top: Int, y: Int, bottom: Int, paint: Paint,
        ) = canvas.drawText(text, start, end, x, y.toFloat(), paint)
    }

    private companion object {
        const val GROUP = 4
    }
}
