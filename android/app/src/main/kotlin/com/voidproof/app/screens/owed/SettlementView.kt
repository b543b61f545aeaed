package com.voidproof.app.screens.owed

import android.view.Gravity
import android.view.View
import android.widget.LinearLayout
import com.voidproof.app.R
import com.voidproof.app.screens.undo.ApprovalView
import com.voidproof.app.text.Money
import com.voidproof.app.ui.ButtonKind
import com.voidproof.app.ui.FitText
import com.voidproof.app.ui.Gap
import com.voidproof.app.ui.Meaning
import com.voidproof.app.ui.PlainScreen
import com.voidproof.app.ui.Scaffold
import com.voidproof.app.ui.Type
import com.voidproof.app.ui.Ui
import com.voidproof.app.ui.answers
import com.voidproof.app.ui.button
import com.voidproof.app.ui.card
import com.voidproof.app.ui.choice
import com.voidproof.app.ui.headline
import com.voidproof.app.ui.notice
import com.voidproof.app.ui.owedKind
import com.voidproof.app.ui.pair
import com.voidproof.app.ui.put
import com.voidproof.app.ui.putFailure
import com.voidproof.app.ui.putPrintTrouble
import com.voidproof.app.ui.rows
import com.voidproof.app.ui.style
import com.voidproof.app.ui.text
import com.voidproof.gateway.Settlement
import com.voidproof.gateway.SettlementResult
import com.voidproof.gateway.Total
import com.voidproof.gateway.Why

class SettlementView(ui: Ui, private val send: (SettlementMessage) -> Unit, back: () -> Unit) :
    PlainScreen<SettlementState>(ui, R.string.settlement, back) {

    private val approval = ApprovalView(ui, { send(SettlementMessage.ChooseSupervisor(it)) }, { send(SettlementMessage.Approve(it)) })

    override fun Scaffold.fill(state: SettlementState) {
        val passing = state.passing
        val approving = state.approving
        when {
            approving != null && passing != null -> approval.fill(this, approving, ui.string(R.string.pass_over_items, passing.size), state.settling)
            passing != null -> askPassOver(state, passing)
            else -> show(state)
        }
    }

    /** Item by item, each with what becomes of it. */
    private fun Scaffold.askPassOver(state: SettlementState, passing: Set<String>) {
        body.putFailure(ui, state.failure)
        body.put(ui.text(R.string.pass_over_head, if (ui.low) Type.HEAD_LOW else Type.HEAD).apply { id = R.id.headline })
        body.put(ui.text(ui.rich(R.string.pass_over_why), Type.LARGE, R.color.ink_2), top = Gap.TINY)
        state.inTheWay.forEachIndexed { i, item ->
            val title = listOfNotNull(ui.string(owedKind(item.kind)), item.voucher, Money.yuan(item.amount)).joinToString(" · ")
            val becomes = ui.string(if (item.why == Why.NO_ANSWER || item.why == Why.RUNNING) R.string.pass_over_unknown else R.string.pass_over_refund)
            val row = ui.choice(title, becomes, item.id in passing, many = true) { send(SettlementMessage.Toggle(item.id)) }
            body.put(row, top = if (i == 0) Gap.LARGE else Gap.SMALL)
        }
        foot.put(ui.button(ui.string(R.string.pass_over_items, passing.size), ButtonKind.VOID, R.id.main_action) { send(SettlementMessage.GoOn) }.apply {
            isEnabled = passing.isNotEmpty() && !state.settling
        })
    }

    private fun Scaffold.show(state: SettlementState) {
        body.putFailure(ui, state.failure)
        val settlement = state.settlement ?: return
        result(settlement)?.let { body.put(it, bottom = Gap.LARGE) }
        body.put(totals(settlement))
        body.put(
            ui.card {
                put(ui.pair(R.string.batch, settlement.batch))
                put(ui.pair(R.string.settle_sum, Money.yuan(settlement.taken.amount - settlement.returned.amount)))
                if (settlement.uploaded > 0) put(ui.pair(R.string.uploaded, settlement.uploaded.toString()))
            },
            top = Gap.MEDIUM,
        )
        if (settlement.open.isNotEmpty()) {
            body.put(ui.notice(Meaning.OWED, ui.string(R.string.settle_open_head), ui.string(R.string.settle_open)), top = Gap.LARGE)
            body.put(
                ui.rows(settlement.open.map { ui.owedRow(it, state.readAt) { send(SettlementMessage.Choose(it)) } }),
                top = Gap.MEDIUM,
            )
        }
        if (settlement.cleared.isNotEmpty()) {
            body.put(ui.notice(Meaning.OWED, ui.string(R.string.settle_cleared_head), ui.string(R.string.settle_cleared)), top = Gap.LARGE)
            body.put(ui.rows(settlement.cleared.map { ui.clearedRow(it) { send(SettlementMessage.Look(it)) } }), top = Gap.MEDIUM)
        }
        settlement.explanation?.let {
            body.put(ui.notice(Meaning.INFO, it.title, it.nextStep), top = Gap.MEDIUM)
            body.put(ui.answers(it), top = Gap.MEDIUM)
        }
        body.putPrintTrouble(ui, state.printed)
        actions(state, settlement)
    }

    private fun Scaffold.actions(state: SettlementState, settlement: Settlement) {
        val done = settlement.result == SettlementResult.BALANCED || settlement.result == SettlementResult.NOT_BALANCED
        if (done) {
            foot.put(
                ui.button(ui.string(R.string.print_settlement), ButtonKind.MAIN, R.id.main_action, R.drawable.ic_print) {
                    send(SettlementMessage.Print)
                }.apply { isEnabled = !state.printing },
            )
            second.put(ui.button(ui.string(R.string.finish), ButtonKind.SECOND, R.id.finish) { send(SettlementMessage.Finish) })
        } else {
            val label = if (state.settling) R.string.settling else if (settlement.result == null) R.string.settle_now else R.string.settle_again
            foot.put(ui.button(ui.string(label), ButtonKind.MAIN, R.id.main_action) { send(SettlementMessage.Settle) }.apply {
                isEnabled = !state.settling
            })
            if (settlement.result == SettlementResult.BLOCKED && state.inTheWay.isNotEmpty()) {
                second.put(ui.button(ui.string(R.string.pass_over), ButtonKind.SECOND, R.id.pass_over) { send(SettlementMessage.PassOver) })
            }
        }
    }

    private fun result(settlement: Settlement): View? = when (settlement.result) {
        SettlementResult.BALANCED -> ui.headline(R.drawable.ic_check, Meaning.DONE, ui.string(R.string.settled_balanced))
        SettlementResult.NOT_BALANCED -> ui.headline(R.drawable.ic_exclamation, Meaning.REFUSED, ui.string(R.string.settled_unbalanced))
        SettlementResult.UNKNOWN -> ui.headline(R.drawable.ic_question, Meaning.OWED, ui.string(R.string.settled_unknown))
        SettlementResult.BLOCKED -> ui.headline(R.drawable.ic_hourglass, Meaning.OWED, ui.string(R.string.settled_blocked))
        null -> null
    }

    private fun totals(settlement: Settlement): View = ui.row {
        gravity = Gravity.NO_GRAVITY
        put(total(R.string.taken, settlement.taken), width = 0, height = LinearLayout.LayoutParams.MATCH_PARENT, weight = 1f)
        put(
            total(R.string.returned, settlement.returned),
            width = 0,
            height = LinearLayout.LayoutParams.MATCH_PARENT,
            weight = 1f,
            start = Gap.SMALL,
        )
    }

    private fun total(label: Int, total: Total): View = ui.card {
        put(ui.text(label, Type.SMALL, R.color.ink_2))
        put(
            FitText(ui.context).apply {
                ui.style(this, Type.TITLE, R.color.ink)
                text = Money.yuan(total.amount)
                maxLines = 1
            },
            top = 2,
        )
        put(ui.text(ui.string(R.string.items_count, total.count), Type.SMALL, R.color.ink_2), top = 2)
    }
}
