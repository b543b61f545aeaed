package com.voidproof.app.screens.undo

import android.view.Gravity
import android.view.View
import android.widget.LinearLayout
import com.voidproof.app.R
import com.voidproof.app.text.clockWithSeconds
import com.voidproof.app.ui.Gap
import com.voidproof.app.ui.TickingText
import com.voidproof.app.ui.Type
import com.voidproof.app.ui.Ui
import com.voidproof.app.ui.host
import com.voidproof.app.ui.put
import com.voidproof.app.ui.text
import com.voidproof.app.ui.ticking
import com.voidproof.gateway.Step
import com.voidproof.gateway.StepKind
import com.voidproof.gateway.StepState
import com.voidproof.gateway.Undo

/** One step: a tick, a cross or its number in a circle, its words, and below them when, who, how long still. */
fun Ui.stepRow(step: Step, number: Int, undo: Undo, readAt: Long): View = row {
    gravity = Gravity.NO_GRAVITY
    val line = column {
        put(mark(step.state, number), width = dp(MARK), height = dp(MARK))
        if (number < undo.steps.size) {
            val colour = if (step.state == StepState.DONE) R.color.done else R.color.line
            put(View(context).apply { setBackgroundColor(color(colour)) }, width = dp(2), height = 0, weight = 1f, start = MARK / 2 - 1)
        }
    }
    put(line, width = dp(MARK), height = LinearLayout.LayoutParams.MATCH_PARENT)
    val words = column {
        setPadding(0, 0, 0, dp(if (number < undo.steps.size) STEP_PAD else 0))
        val ink = if (step.state == StepState.LATER) R.color.ink_2 else R.color.ink
        put(text(stepWords(step, undo), if (step.state == StepState.NOW) Type.LARGE_BOLD else Type.LARGE, ink))
        val below = listOfNotNull(
            step.at?.let(::clockWithSeconds),
            step.trace?.let { string(R.string.trace_short, it) },
            step.operator?.let { string(R.string.by_operator, it) },
        ).joinToString(" · ")
        if (below.isNotEmpty()) put(text(below, Type.SMALL, R.color.ink_2))
        if (step.state == StepState.NOW) waitingFor(undo, readAt)?.let { put(it) }
    }
    put(words, width = 0, weight = 1f, start = Gap.MEDIUM)
}

private fun Ui.mark(state: StepState, number: Int): View {
    val (ground, ink) = when (state) {
        StepState.DONE -> R.color.fill_done to R.color.on_fill
        StepState.NOW -> R.color.owed to R.color.surface
        StepState.LATER -> R.color.neutral_ground to R.color.ink_2
        StepState.FAILED -> R.color.fill_refused to R.color.on_fill
    }
    val icon = when (state) {
        StepState.DONE -> R.drawable.ic_check to R.string.step_done
        StepState.FAILED -> R.drawable.ic_close to R.string.step_failed
        else -> null
    }
    val circle = ground(ground, MARK / 2f)
    if (icon == null) {
        return text(number.toString(), Type.SMALL_BOLD, ink).apply {
            gravity = Gravity.CENTER
            includeFontPadding = false
            background = circle
            importantForAccessibility = View.IMPORTANT_FOR_ACCESSIBILITY_NO
        }
    }
    return android.widget.ImageView(context).apply {
        setImageDrawable(icon(icon.first, ink))
        contentDescription = string(icon.second)
        background = circle
        val inset = dp(MARK_INSET)
        setPadding(inset, inset, inset, inset)
    }
}

/** What the step in progress waits for and for how long; it counts. */
private fun Ui.waitingFor(undo: Undo, readAt: Long): TickingText? {
    val next = undo.nextTry
    val waiting = undo.waiting
    val words: () -> String = when {
        next != null -> {
            { seconds(next - (clock.sinceBoot() - readAt)).let { if (it > 0) string(R.string.next_try_in, it) else string(R.string.trying_now) } }
        }
        waiting != null -> {
            {
                string(
                    R.string.waited_of,
                    seconds(waiting.since + clock.sinceBoot() - readAt),
                    seconds(waiting.atMost),
                )
            }
        }
        else -> return null
    }
    return ticking(Type.SMALL, R.color.ink_2, words)
}

private fun seconds(millis: Long) = ((millis + SECOND - 1) / SECOND).toInt().coerceAtLeast(0)

private fun Ui.stepWords(step: Step, undo: Undo): String {
    val host = host(undo.sale.rail)
    val words = when (step.kind) {
        StepKind.RECORDED -> string(R.string.step_recorded)
        StepKind.WAIT_NETWORK -> string(R.string.step_network)
        StepKind.WAIT_CARD -> string(R.string.step_card)
        StepKind.WAIT_SALE -> string(R.string.step_sale)
        StepKind.WAIT_TURN -> string(R.string.step_turn)
        StepKind.HELD -> string(R.string.step_held)
        StepKind.SEND -> string(R.string.step_send, host)
        StepKind.REVERSE -> string(R.string.step_reverse)
        StepKind.QUERY -> string(R.string.step_query, host)
        StepKind.SEND_AGAIN -> string(R.string.step_again)
        StepKind.CONFIRM -> string(R.string.step_confirm, host)
        StepKind.WITHDRAWN -> string(R.string.step_withdrawn)
        StepKind.REFUSED -> string(R.string.step_refused, host)
    }
    return if (step.attempt > 1) string(R.string.step_attempt, words, step.attempt) else words
}

private const val MARK = 24
private const val MARK_INSET = 5
private const val STEP_PAD = 14
private const val SECOND = 1_000L
