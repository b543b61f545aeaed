package com.voidproof.app.ui

import android.content.Context
import android.widget.TextView
import com.voidproof.app.R
import com.voidproof.app.text.left
import com.voidproof.app.text.ticking
import com.voidproof.gateway.Deadline

/** Text that is told anew each second while it is on the screen. */
class TickingText(context: Context) : TextView(context) {
    private var words: (() -> CharSequence)? = null
    private val tick = object : Runnable {
        override fun run() {
            tell()
            postDelayed(this, SECOND - System.currentTimeMillis() % SECOND)
        }
    }

    fun tick(words: () -> CharSequence) {
        this.words = words
        tell()
    }

    private fun tell() {
        val now = words?.invoke() ?: return
        if (now.toString() != text.toString()) text = now
    }

    override fun onAttachedToWindow() {
        super.onAttachedToWindow()
        postDelayed(tick, SECOND)
        tell()
    }

    override fun onDetachedFromWindow() {
        removeCallbacks(tick)
        super.onDetachedFromWindow()
    }

    private companion object {
        const val SECOND = 1_000L
    }
}

fun Ui.ticking(type: Type, color: Int, words: () -> CharSequence): TickingText = TickingText(context).apply {
    style(this, type, color)
    tick(words)
}

/** `还剩 8:18:22`; without trusted time it says so instead of counting, as nothing expires then. */
fun Ui.timeLeft(
    deadline: Deadline,
    readAt: Long,
    type: Type = Type.BODY_BOLD,
    color: Int = R.color.owed,
    bare: Boolean = false,
): TickingText = ticking(type, color) { leftInWords(deadline, readAt, bare) }

/** [bare]: without the word for "left", where a label says it. */
private fun Ui.leftInWords(deadline: Deadline, readAt: Long, bare: Boolean): String {
    val left = left(deadline, readAt)
    return when {
        !deadline.certain -> string(R.string.deadline_uncertain)
        left <= 0 -> string(R.string.deadline_reached)
        bare -> ticking(left)
        else -> string(R.string.time_left, ticking(left))
    }
}

/** A label and a text that ticks. */
fun Ui.tickingPair(label: Int, value: TickingText): PairView =
    PairView(context, text(label, Type.BODY, R.color.ink_2), value, dp(Gap.LARGE)).apply { pad(this@tickingPair, 0, Gap.TINY) }
