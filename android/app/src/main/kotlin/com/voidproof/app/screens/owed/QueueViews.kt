package com.voidproof.app.screens.owed

import android.view.Gravity
import android.view.View
import android.widget.LinearLayout
import com.voidproof.app.R
import com.voidproof.app.text.Money
import com.voidproof.app.text.left
import com.voidproof.app.text.roughly
import com.voidproof.app.ui.ButtonKind
import com.voidproof.app.ui.FitText
import com.voidproof.app.ui.Gap
import com.voidproof.app.ui.Line
import com.voidproof.app.ui.Meaning
import com.voidproof.app.ui.PlainScreen
import com.voidproof.app.ui.Scaffold
import com.voidproof.app.ui.Type
import com.voidproof.app.ui.Ui
import com.voidproof.app.ui.badge
import com.voidproof.app.ui.button
import com.voidproof.app.ui.card
import com.voidproof.app.ui.empty
import com.voidproof.app.ui.headline
import com.voidproof.app.ui.listRow
import com.voidproof.app.ui.notice
import com.voidproof.app.ui.owedKind
import com.voidproof.app.ui.pair
import com.voidproof.app.ui.put
import com.voidproof.app.ui.putFailure
import com.voidproof.app.ui.railBadge
import com.voidproof.app.ui.railMeaning
import com.voidproof.app.ui.rescue
import com.voidproof.app.ui.rows
import com.voidproof.app.ui.style
import com.voidproof.app.ui.text
import com.voidproof.app.ui.timeLeft
import com.voidproof.app.ui.why
import com.voidproof.gateway.Owed
import com.voidproof.gateway.OwedAction
import com.voidproof.gateway.OwedItem
import com.voidproof.gateway.Why

class QueueView(ui: Ui, private val send: (QueueMessage) -> Unit, back: () -> Unit) : PlainScreen<QueueState>(ui, R.string.queue, back) {
    override fun Scaffold.fill(state: QueueState) {
        body.putFailure(ui, state.failure)
        val terminal = state.terminal ?: return
        if (state.items.isEmpty()) {
            body.put(ui.empty(R.drawable.ic_shield, ui.string(R.string.nothing_owed)))
            return
        }
        body.put(summary(terminal.owed, state.readAt))
        body.put(ui.rows(state.items.map { ui.owedRow(it, state.readAt) { send(QueueMessage.Choose(it)) } }), top = Gap.MEDIUM)
        body.put(ui.text(R.string.queue_care, Type.BODY, R.color.ink_2), top = Gap.MEDIUM)
        foot.put(ui.button(ui.string(if (state.retrying) R.string.retrying else R.string.retry_all), ButtonKind.MAIN, R.id.main_action) {
            send(QueueMessage.RetryAll)
        }.apply { isEnabled = !state.retrying })
    }

    private fun summary(owed: Owed, readAt: Long): View = ui.row {
        gravity = Gravity.NO_GRAVITY
        val money = fit(Money.yuan(owed.amount), R.color.ink)
        put(tile(R.string.owed_voids, money, ui.string(R.string.items_count, owed.voids)), width = 0, height = FULL, weight = 1f)
        owed.nearest?.let { nearest ->
            val time = ui.timeLeft(nearest, readAt, Type.TITLE, bare = true)
            put(tile(R.string.most_urgent, time, ui.string(R.string.most_urgent_why)), width = 0, height = FULL, weight = 1f, start = Gap.SMALL)
        }
    }

    private fun fit(words: String, color: Int) = FitText(ui.context).apply {
        ui.style(this, Type.TITLE, color)
        text = words
        maxLines = 1
    }

    private fun tile(label: Int, value: View, below: String): LinearLayout = ui.card {
        setPadding(ui.dp(Gap.MEDIUM), ui.dp(Gap.MEDIUM), ui.dp(Gap.MEDIUM), ui.dp(Gap.MEDIUM))
        put(ui.text(label, Type.SMALL, R.color.ink_2))
        put(value, top = 2)
        put(ui.text(below, Type.SMALL, R.color.ink_2), top = 2)
    }

    private companion object {
        const val FULL = LinearLayout.LayoutParams.MATCH_PARENT
    }
}

/** One owed thing in a list: what, why it waits, how often it was tried; amount and time left. */
fun Ui.owedRow(item: OwedItem, readAt: Long, tap: () -> Unit): View {
    val title = listOfNotNull(string(owedKind(item.kind)), item.voucher).joinToString(" ")
    val details = owedDetails(item)
    val deadline = item.deadline
    val urgency = when {
        item.first -> string(R.string.goes_first)
        deadline == null -> ""
        !deadline.certain -> string(R.string.deadline_uncertain)
        else -> left(deadline, readAt).let { if (it > 0) string(R.string.left_short, roughly(it)) else string(R.string.deadline_reached) }
    }
    return listRow(
        badge(railBadge(item.rail), railMeaning(item.rail)),
        Line(title, Money.digits(item.amount), R.color.ink),
        Line(details, urgency, if (item.first) R.color.info else R.color.owed),
        listOf(title, string(R.string.spoken_yuan, Money.digits(item.amount)), details, urgency),
        tap,
    )
}

/** One that two people took off the list: nothing tries it any more, and its money is still not known. */
fun Ui.clearedRow(item: OwedItem, tap: () -> Unit): View {
    val title = listOfNotNull(string(owedKind(item.kind)), item.voucher).joinToString(" ")
    val unknown = string(R.string.cleared_unknown)
    return listRow(
        badge(railBadge(item.rail), railMeaning(item.rail)),
        Line(title, Money.digits(item.amount), R.color.ink),
        Line(string(R.string.line_cleared), unknown, R.color.owed),
        listOf(title, string(R.string.spoken_yuan, Money.digits(item.amount)), string(R.string.line_cleared), unknown),
        tap,
    )
}

private fun Ui.owedDetails(item: OwedItem): String = listOfNotNull(
    string(why(item.why)),
    if (item.attempts > 0) string(R.string.tried, item.attempts) else null,
    item.nextTry?.let { string(R.string.in_seconds, (it / SECOND).toInt().coerceAtLeast(1)) },
).joinToString(" · ")

class OwedView(ui: Ui, private val send: (OwedMessage) -> Unit, back: () -> Unit) : PlainScreen<OwedState>(ui, R.string.queue, back) {
    override fun Scaffold.fill(state: OwedState) {
        body.putFailure(ui, state.failure)
        if (state.gone) {
            body.put(ui.headline(R.drawable.ic_check, Meaning.DONE, ui.string(R.string.owed_gone)))
            foot.put(ui.button(ui.string(R.string.finish), ButtonKind.MAIN, R.id.main_action) { send(OwedMessage.Close) })
            return
        }
        val item = state.item ?: return
        body.put(ui.headline(R.drawable.ic_hourglass, Meaning.OWED, ui.string(head(item), ui.string(owedKind(item.kind)))))
        body.put(ui.text(if (item.why == Why.ESCALATED) R.string.owed_by_hand else R.string.owed_automatic, Type.LARGE, R.color.ink_2), top = Gap.MEDIUM)
        body.put(
            ui.card {
                put(ui.pair(R.string.amount, Money.yuan(item.amount)))
                item.voucher?.let { put(ui.pair(R.string.voucher, it)) }
                put(ui.pair(R.string.waits_for, ui.string(why(item.why))))
                put(ui.pair(R.string.tries, item.attempts.toString()))
            },
            top = Gap.LARGE,
        )
        if (item.first) {
            body.put(ui.notice(Meaning.INFO, ui.string(R.string.goes_first), ui.string(R.string.goes_first_why)), top = Gap.MEDIUM)
        }
        if (item.why in UNPROVEN) body.put(ui.rescue({ send(OwedMessage.Evidence) }, { send(OwedMessage.Decide) }), top = Gap.MEDIUM)
        if (OwedAction.RETRY_NOW in item.actions) {
            foot.put(ui.button(ui.string(R.string.retry_at_once), ButtonKind.MAIN, R.id.main_action) { send(OwedMessage.Act(OwedAction.RETRY_NOW)) }
                .apply { isEnabled = !state.acting })
        }
        second.put(ui.button(ui.string(R.string.record), ButtonKind.SECOND, R.id.record) { send(OwedMessage.Record) })
    }

    private fun head(item: OwedItem) = if (item.why == Why.ESCALATED) R.string.owed_head_by_hand else R.string.owed_head

}

/** The host gave no answer that proves anything, or can prove nothing any more. */
private val UNPROVEN = setOf(Why.NO_ANSWER, Why.ESCALATED)
private const val SECOND = 1_000L
