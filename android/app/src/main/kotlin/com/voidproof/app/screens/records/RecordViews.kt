package com.voidproof.app.screens.records

import android.view.Gravity
import android.view.View
import android.widget.LinearLayout
import com.voidproof.app.R
import com.voidproof.app.text.Money
import com.voidproof.app.text.dateAndClock
import com.voidproof.app.text.longMoment
import com.voidproof.app.ui.ButtonKind
import com.voidproof.app.ui.ButtonRow
import com.voidproof.app.ui.Gap
import com.voidproof.app.ui.Meaning
import com.voidproof.app.ui.PlainScreen
import com.voidproof.app.ui.Scaffold
import com.voidproof.app.ui.Type
import com.voidproof.app.ui.Ui
import com.voidproof.app.ui.amount
import com.voidproof.app.ui.answers
import com.voidproof.app.ui.button
import com.voidproof.app.ui.card
import com.voidproof.app.ui.chip
import com.voidproof.app.ui.fineprint
import com.voidproof.app.ui.headline
import com.voidproof.app.ui.means
import com.voidproof.app.ui.menuRow
import com.voidproof.app.ui.notice
import com.voidproof.app.ui.pair
import com.voidproof.app.ui.paper
import com.voidproof.app.ui.pill
import com.voidproof.app.ui.printTrouble
import com.voidproof.app.ui.put
import com.voidproof.app.ui.putFailure
import com.voidproof.app.ui.putPrintTrouble
import com.voidproof.app.ui.rail
import com.voidproof.app.ui.rows
import com.voidproof.app.ui.sign
import com.voidproof.app.ui.text
import com.voidproof.app.ui.tickingPair
import com.voidproof.app.ui.timeLeft
import com.voidproof.app.ui.timeline
import com.voidproof.app.ui.voidWord
import com.voidproof.gateway.Ability
import com.voidproof.gateway.Copy
import com.voidproof.gateway.Sale
import com.voidproof.gateway.SaleKind
import com.voidproof.gateway.SaleRecord
import com.voidproof.gateway.TimelineEntry
import com.voidproof.gateway.UndoKind
import com.voidproof.gateway.WayBack

class RecordView(ui: Ui, private val send: (RecordMessage) -> Unit, back: () -> Unit) : PlainScreen<RecordState>(ui, R.string.record, back) {
    override fun Scaffold.fill(state: RecordState) {
        body.putFailure(ui, state.failure)
        val record = state.record ?: return
        body.put(summary(record.sale, state.readAt))
        val related = undos(record) + family(record)
        if (related.isNotEmpty()) body.put(ui.rows(related), top = Gap.MEDIUM)
        record.sale.explanation?.let {
            body.put(ui.notice(Meaning.INFO, it.title, it.nextStep), top = Gap.MEDIUM)
            body.put(ui.fineprint(it), top = Gap.SMALL)
        }
        body.put(ui.text(R.string.timeline, Type.BODY_BOLD), top = Gap.LARGE)
        body.put(
            ui.card { record.timeline.forEachIndexed { i, entry -> put(ui.timelineRow(entry, i == record.timeline.lastIndex)) } },
            top = Gap.SMALL,
        )
        actions(record.sale)
    }

    private fun summary(sale: Sale, readAt: Long): View = ui.card {
        val sign = sign(sale.status)
        put(ui.pill(sign.icon, ui.string(sign.word), sign.meaning), width = LinearLayout.LayoutParams.WRAP_CONTENT)
        put(ui.amount(Money.digits(sale.amount)).apply { id = R.id.amount }, top = Gap.TINY)
        put(ui.pair(ui.rail(sale.rail), ui.means(sale)))
        sale.voucher?.let { put(ui.pair(R.string.voucher, it)) }
        sale.reference?.let { put(ui.pair(R.string.reference, it)) }
        sale.orderNumber?.let { put(ui.pair(R.string.order_number, it)) }
        put(ui.pair(R.string.time, ui.longMoment(sale.at)))
        put(ui.pair(R.string.net, sale.net?.let(Money::yuan) ?: ui.string(R.string.net_unknown)))
        (sale.wayBack as? WayBack.Void)?.let { put(ui.tickingPair(R.string.can_void_still, ui.timeLeft(it.deadline, readAt, color = R.color.done))) }
    }

    private fun undos(record: SaleRecord): List<View> = record.undos.map { undo ->
        val sign = sign(undo.status)
        val word = if (undo.kind == UndoKind.VOID) voidWord(record.sale.kind) else R.string.kind_refund
        ui.menuRow(sign.icon, ui.string(word) + " " + Money.yuan(undo.amount), View.NO_ID, ui.string(sign.word)) {
            send(RecordMessage.OpenUndo(undo.id))
        }
    }

    /** The pre-authorisation that it belongs to or is, and what belongs to it. */
    private fun family(record: SaleRecord): List<View> {
        val preauth = record.parent ?: record.sale.takeIf { it.kind == SaleKind.PREAUTH && it.parent == null }
        val own = preauth?.let {
            ui.menuRow(R.drawable.ic_lock, ui.string(R.string.preauth) + " " + Money.yuan(it.amount), R.id.open_preauth, ui.string(sign(it.status).word)) {
                send(RecordMessage.OpenPreauth(it.id))
            }
        }
        return listOfNotNull(own) + record.children.map { child ->
            val label = if (child.kind == SaleKind.COMPLETION) R.string.preauth_completion else R.string.preauth_added
            val sign = sign(child.status)
            ui.menuRow(sign.icon, ui.string(label, Money.yuan(child.amount)), View.NO_ID, ui.string(sign.word)) { send(RecordMessage.OpenSale(child.id)) }
        }
    }

    private fun Scaffold.actions(sale: Sale) {
        val row = ButtonRow(ui)
        when (sale.wayBack) {
            is WayBack.Void -> row.addView(back(ui.string(R.string.void_amount, Money.yuan(sale.amount)), ButtonKind.SECOND_VOID))
            is WayBack.InProgress -> row.addView(back(ui.string(R.string.see_undo), ButtonKind.SECOND))
            WayBack.RefundOnly -> if (ui.can(Ability.REFUND)) row.addView(back(ui.string(R.string.home_refund), ButtonKind.SECOND))
            WayBack.None -> Unit
        }
        row.addView(ui.button(ui.string(R.string.see_slip), ButtonKind.SECOND, R.id.see_slip) { send(RecordMessage.Slip) })
        row.addView(ui.button(ui.string(R.string.evidence), ButtonKind.SECOND, R.id.evidence) { send(RecordMessage.Evidence) })
        foot.put(row)
    }

    private fun back(label: String, kind: ButtonKind) = ui.button(label, kind, R.id.take_back) { send(RecordMessage.TakeBack) }
}

/** A dot, a line to the next, what happened, and when, who, with which number. */
private fun Ui.timelineRow(entry: TimelineEntry, last: Boolean): View = row {
    gravity = Gravity.NO_GRAVITY
    val rail = column {
        gravity = Gravity.CENTER_HORIZONTAL
        put(View(context).apply { background = ground(R.color.info, DOT / 2f) }, width = dp(DOT), height = dp(DOT), top = DOT_TOP)
        if (!last) put(View(context).apply { setBackgroundColor(color(R.color.line)) }, width = dp(2), height = 0, weight = 1f, top = 2)
    }
    put(rail, width = dp(RAIL), height = LinearLayout.LayoutParams.MATCH_PARENT)
    val words = column {
        setPadding(0, 0, 0, dp(if (last) 0 else Gap.MEDIUM))
        put(text(timeline(entry.kind), Type.LARGE))
        entry.detail?.let { put(text(it, Type.BODY, R.color.ink_2)) }
        val below = listOfNotNull(
            dateAndClock(entry.at),
            entry.operator?.let { string(R.string.by_operator, it) },
            entry.trace?.let { string(R.string.trace_short, it) },
            entry.code?.let { string(R.string.code_is, it) },
        )
        put(text(below.joinToString(" · "), Type.SMALL, R.color.ink_2))
    }
    put(words, width = 0, weight = 1f, start = Gap.SMALL)
}

class SlipView(ui: Ui, private val send: (SlipMessage) -> Unit, back: () -> Unit) : PlainScreen<SlipState>(ui, R.string.slip, back) {
    override fun Scaffold.fill(state: SlipState) {
        body.putFailure(ui, state.failure)
        body.put(
            ui.row {
                gravity = Gravity.CENTER
                put(chip(Copy.CUSTOMER, R.string.copy_customer, state))
                put(chip(Copy.MERCHANT, R.string.copy_merchant, state), start = Gap.SMALL)
            },
        )
        if (state.lines.isNotEmpty()) body.put(ui.paper(state.lines), top = Gap.MEDIUM)
        body.putPrintTrouble(ui, state.printed)
        state.printed?.takeIf { it.done }?.let {
            body.put(ui.notice(Meaning.DONE, ui.string(R.string.slip), ui.string(printTrouble(it))), top = Gap.MEDIUM)
        }
        foot.put(
            ui.button(ui.string(if (state.printing) R.string.printing else R.string.print), ButtonKind.MAIN, R.id.main_action, R.drawable.ic_print) {
                send(SlipMessage.Print)
            }.apply { isEnabled = !state.printing },
        )
    }

    private fun chip(copy: Copy, label: Int, state: SlipState) =
        ui.chip(ui.string(label), state.copy == copy) { send(SlipMessage.Choose(copy)) }
}

class ExplainView(ui: Ui, private val send: (ExplainMessage) -> Unit, back: () -> Unit) :
    PlainScreen<ExplainState>(ui, R.string.explanation, back) {

    override fun Scaffold.fill(state: ExplainState) {
        body.putFailure(ui, state.failure)
        val explanation = state.explanation ?: return
        body.put(ui.headline(R.drawable.ic_exclamation, Meaning.REFUSED, explanation.title))
        body.put(ui.notice(Meaning.INFO, ui.string(R.string.do_now), explanation.nextStep), top = Gap.LARGE)
        body.put(ui.answers(explanation), top = Gap.MEDIUM)
        body.put(ui.fineprint(explanation), top = Gap.MEDIUM)
        foot.put(ui.button(ui.string(R.string.understood), ButtonKind.CALM, R.id.main_action) { send(ExplainMessage.Close) })
    }
}

private const val DOT = 10
private const val DOT_TOP = 7
private const val RAIL = 16
