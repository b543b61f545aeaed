package com.voidproof.app.ui

import android.annotation.SuppressLint
import android.content.Context
import android.view.View
import android.view.ViewGroup
import android.widget.TextView
import kotlin.math.max

/** Two texts side by side while they fit, one below the other where they do not. */
class PairView(context: Context, private val label: TextView, private val value: TextView, private val gap: Int) : ViewGroup(context) {
    private var stacked = false

    init {
        addView(label)
        addView(value)
    }

    override fun onMeasure(widthMeasureSpec: Int, heightMeasureSpec: Int) {
        val room = MeasureSpec.getSize(widthMeasureSpec) - paddingLeft - paddingRight
        val free = MeasureSpec.makeMeasureSpec(0, MeasureSpec.UNSPECIFIED)
        label.measure(free, free)
        value.measure(free, free)
        stacked = label.measuredWidth + gap + value.measuredWidth > room
        if (stacked) listOf(label, value).forEach { it.measure(MeasureSpec.makeMeasureSpec(room, MeasureSpec.AT_MOST), free) }
        val height = if (stacked) label.measuredHeight + value.measuredHeight else max(label.measuredHeight, value.measuredHeight)
        setMeasuredDimension(MeasureSpec.getSize(widthMeasureSpec), height + paddingTop + paddingBottom)
    }

    override fun onLayout(changed: Boolean, left: Int, top: Int, right: Int, bottom: Int) {
        val end = right - left - paddingRight
        label.layout(paddingLeft, paddingTop, paddingLeft + label.measuredWidth, paddingTop + label.measuredHeight)
        val y = if (stacked) paddingTop + label.measuredHeight else paddingTop
        value.layout(end - value.measuredWidth, y, end, y + value.measuredHeight)
    }
}

/** Children in lines, as many in a line as fit. */
class FlowView(context: Context, private val gap: Int) : ViewGroup(context) {
    override fun onMeasure(widthMeasureSpec: Int, heightMeasureSpec: Int) {
        val width = MeasureSpec.getSize(widthMeasureSpec)
        val most = MeasureSpec.makeMeasureSpec(width, MeasureSpec.AT_MOST)
        children.forEach { it.measure(most, MeasureSpec.makeMeasureSpec(0, MeasureSpec.UNSPECIFIED)) }
        setMeasuredDimension(width, place(width) { _, _, _ -> })
    }

    override fun onLayout(changed: Boolean, left: Int, top: Int, right: Int, bottom: Int) {
        place(right - left) { child, x, y -> child.layout(x, y, x + child.measuredWidth, y + child.measuredHeight) }
    }

    /** Calls [at] for each child and gives the height of all. */
    private fun place(width: Int, at: (View, Int, Int) -> Unit): Int {
        var x = 0
        var y = 0
        var line = 0
        children.forEach { child ->
            if (x > 0 && x + child.measuredWidth > width) {
                x = 0
                y += line + gap
                line = 0
            }
            at(child, x, y)
            x += child.measuredWidth + gap
            line = max(line, child.measuredHeight)
        }
        return y + line
    }
}

/** Children of equal width and height in [columns]; rows share the height that is given, and are never lower than [least]. */
class GridView(context: Context, private val columns: Int, private val gap: Int, private val least: Int, private val most: Int) :
    ViewGroup(context) {

    private val rows get() = (childCount + columns - 1) / columns

    override fun onMeasure(widthMeasureSpec: Int, heightMeasureSpec: Int) {
        val width = MeasureSpec.getSize(widthMeasureSpec)
        val gaps = gap * (rows - 1)
        val given = MeasureSpec.getSize(heightMeasureSpec)
        val row = when (MeasureSpec.getMode(heightMeasureSpec)) {
            MeasureSpec.UNSPECIFIED -> least
            else -> ((given - gaps) / rows).coerceIn(least, most)
        }
        val cell = (width - gap * (columns - 1)) / columns
        children.forEach {
            it.measure(MeasureSpec.makeMeasureSpec(cell, MeasureSpec.EXACTLY), MeasureSpec.makeMeasureSpec(row, MeasureSpec.EXACTLY))
        }
        setMeasuredDimension(width, row * rows + gaps)
    }

    override fun onLayout(changed: Boolean, left: Int, top: Int, right: Int, bottom: Int) {
        children.forEachIndexed { i, child ->
            val x = i % columns * (child.measuredWidth + gap)
            val y = i / columns * (child.measuredHeight + gap)
            child.layout(x, y, x + child.measuredWidth, y + child.measuredHeight)
        }
    }
}

/**
 * Buttons of equal width: in one line where their words have room, else in lines of two, else one below the other. A last one alone is as
 * wide as its line.
 */
@SuppressLint("ViewConstructor")
class ButtonRow(ui: Ui) : ViewGroup(ui.context) {
    private val gap = ui.dp(Gap.SMALL)
    private var columns = 1

    override fun onMeasure(widthMeasureSpec: Int, heightMeasureSpec: Int) {
        val width = MeasureSpec.getSize(widthMeasureSpec)
        val free = MeasureSpec.makeMeasureSpec(0, MeasureSpec.UNSPECIFIED)
        val widest = children.maxOfOrNull {
            it.measure(free, free)
            it.measuredWidth
        } ?: 0
        columns = listOf(childCount, 2).firstOrNull { it in 1..MOST && widest * it + gap * (it - 1) <= width } ?: 1
        var height = 0
        children.chunked(columns).forEach { line ->
            val cell = MeasureSpec.makeMeasureSpec((width - gap * (line.size - 1)) / line.size, MeasureSpec.EXACTLY)
            line.forEach { it.measure(cell, free) }
            val tallest = line.maxOf(View::getMeasuredHeight)
            line.forEach { it.measure(cell, MeasureSpec.makeMeasureSpec(tallest, MeasureSpec.EXACTLY)) }
            height += tallest + if (height > 0) gap else 0
        }
        setMeasuredDimension(width, height)
    }

    override fun onLayout(changed: Boolean, left: Int, top: Int, right: Int, bottom: Int) {
        var y = 0
        children.chunked(columns).forEach { line ->
            line.forEachIndexed { i, child ->
                val x = i * (child.measuredWidth + gap)
                child.layout(x, y, x + child.measuredWidth, y + child.measuredHeight)
            }
            y += line[0].measuredHeight + gap
        }
    }

    private companion object {
        const val MOST = 4
    }
}
