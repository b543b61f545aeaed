package com.voidproof.app.ui

import android.annotation.SuppressLint
import android.view.Gravity
import android.view.View
import android.view.ViewGroup.LayoutParams.MATCH_PARENT
import android.widget.LinearLayout
import android.widget.ScrollView
import android.widget.TextView
import com.voidproof.app.R

/**
 * The frame of every screen: bar, scrolling body, foot with the actions. On a wide screen the foot stands at the right. TalkBack reads
 * bar, body, foot in this order.
 */
@SuppressLint("ViewConstructor")
class Scaffold(ui: Ui, title: CharSequence, back: (() -> Unit)?) : LinearLayout(ui.context) {
    val title: TextView = ui.text(title, Type.LARGE_BOLD)

    /** At the end of the bar. */
    val corner: LinearLayout = ui.row()
    val body: LinearLayout = ui.column()
    val foot: LinearLayout = ui.column()

    /** Actions beside the main one: in the foot, or below the content where the screen is low. */
    val second: LinearLayout = ui.column()
    private val scroll = ScrollView(ui.context)
    private val low = ui.low

    init {
        orientation = VERTICAL
        setBackgroundColor(ui.color(R.color.ground))
        put(bar(ui, back))
        put(ui.rule(), height = ui.dp(1))
        body.pad(ui, margin(ui, ui.bodyWidth), if (ui.low) Gap.SMALL else Gap.LARGE)
        scroll.isFillViewport = true
        scroll.clipToPadding = false
        scroll.isVerticalScrollBarEnabled = false
        scroll.isVerticalFadingEdgeEnabled = true
        scroll.setFadingEdgeLength(ui.dp(FADE))
        scroll.addView(body, MATCH_PARENT, LinearLayout.LayoutParams.WRAP_CONTENT)
        foot.setBackgroundColor(ui.color(R.color.surface))
        foot.pad(ui, if (ui.wide) Gap.LARGE else margin(ui, ui.bodyWidth), if (ui.low) Gap.SMALL else Gap.MEDIUM)
        if (ui.wide) putSideBySide(ui) else putBelow(ui)
    }

    private fun bar(ui: Ui, back: (() -> Unit)?) = ui.row {
        setBackgroundColor(ui.color(R.color.surface))
        minimumHeight = ui.dp(TOUCH + Gap.TINY)
        if (back != null) {
            put(ui.iconButton(R.drawable.ic_back, R.string.back, R.id.back, R.color.ink_2, back), width = ui.dp(TOUCH), height = ui.dp(TOUCH))
        }
        put(this@Scaffold.title, width = 0, weight = 1f, start = if (back == null) Gap.LARGE else 0)
        put(corner, start = Gap.SMALL)
        setPadding(0, 0, ui.dp(Gap.MEDIUM), 0)
    }

    private fun putBelow(ui: Ui) {
        put(scroll, height = 0, weight = 1f)
        put(ui.rule(), height = ui.dp(1))
        put(foot)
    }

    private fun putSideBySide(ui: Ui) {
        val across = ui.row { gravity = Gravity.NO_GRAVITY }
        across.put(scroll, width = 0, height = MATCH_PARENT, weight = 1f)
        across.put(View(ui.context).apply { setBackgroundColor(ui.color(R.color.line)) }, width = ui.dp(1), height = MATCH_PARENT)
        foot.gravity = Gravity.BOTTOM
        across.put(foot, width = ui.dp(Ui.SIDE), height = MATCH_PARENT)
        put(across, height = 0, weight = 1f)
    }

    /** Replaces body and foot, keeping the place that was scrolled to. */
    fun refill(fill: Scaffold.() -> Unit) {
        listOf(body, foot, second, corner).forEach(LinearLayout::removeAllViews)
        fill()
        if (second.childCount > 0) {
            if (low) body.put(second, top = Gap.LARGE) else foot.put(second, top = if (foot.childCount == 0) 0 else Gap.SMALL)
        }
        foot.visibility = if (foot.childCount == 0 && !isWide()) View.GONE else View.VISIBLE
    }

    private fun isWide() = foot.parent !== this

    private companion object {
        /** Lines are not made longer than can be read at a glance. */
        fun margin(ui: Ui, width: Int) = maxOf(Gap.LARGE, (width - ui.readable) / 2)

        const val FADE = 28
    }
}

/** Draws one screen. */
abstract class ScreenView<S : Any>(protected val ui: Ui) {
    abstract val root: View

    abstract fun bind(state: S)
}

/** A screen that is drawn anew for each state: one without fields that are typed into. */
abstract class PlainScreen<S : Any>(ui: Ui, private val title: Int, back: (() -> Unit)?) : ScreenView<S>(ui) {
    private val scaffold = Scaffold(ui, if (title == 0) "" else ui.string(title), back)

    override val root: View get() = scaffold

    override fun bind(state: S) = scaffold.refill { fill(state) }

    protected abstract fun Scaffold.fill(state: S)
}
