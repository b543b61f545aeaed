package com.voidproof.app.screens.undo

import android.view.View
import com.voidproof.app.R
import com.voidproof.app.text.Money
import com.voidproof.app.text.longMoment
import com.voidproof.app.ui.ButtonKind
import com.voidproof.app.ui.FlowView
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
import com.voidproof.app.ui.keypad
import com.voidproof.app.ui.means
import com.voidproof.app.ui.notice
import com.voidproof.app.ui.number
import com.voidproof.app.ui.pair
import com.voidproof.app.ui.put
import com.voidproof.app.ui.putFailure
import com.voidproof.app.ui.rail
import com.voidproof.app.ui.reason
import com.voidproof.app.ui.text
import com.voidproof.gateway.Consent
import com.voidproof.gateway.Explanation
import com.voidproof.gateway.RefundPreview
import com.voidproof.gateway.UndoReason

class RefundView(ui: Ui, private val send: (RefundMessage) -> Unit, back: () -> Unit) :
    PlainScreen<RefundState>(ui, R.string.confirm_refund, back) {

    private val approval = ApprovalView(ui, { send(RefundMessage.ChooseSupervisor(it)) }, { send(RefundMessage.Approve(it)) })

    override fun Scaffold.fill(state: RefundState) {
        val preview = state.preview
        val approving = state.approving
        when {
            preview == null -> body.putFailure(ui, state.failure)
            approving != null -> approval.fill(this, approving, label(state), state.sending)
            preview.blocked != null -> blocked(preview.blocked!!)
            else -> ask(state, preview)
        }
    }

    private fun label(state: RefundState) = ui.string(R.string.refund_amount, Money.yuan(state.amount))

    private fun Scaffold.ask(state: RefundState, preview: RefundPreview) {
        body.put(
            ui.card {
                val part = state.part
                put(ui.amount(part?.shown ?: Money.digits(preview.upTo)).apply { id = R.id.amount })
                if (part == null) {
                    put(ui.pair(ui.rail(preview.sale.rail), ui.means(preview.sale)))
                    put(ui.pair(R.string.sale_of, ui.number(preview.sale)))
                    put(ui.pair(R.string.time, ui.longMoment(preview.sale.at)))
                }
                put(ui.pair(R.string.refund_up_to, Money.yuan(preview.upTo)))
            },
        )
        body.putFailure(ui, state.failure, Gap.MEDIUM)
        body.put(whole(state), top = Gap.MEDIUM)
        if (state.part != null) body.put(keys(), height = ui.dp(KEYS), top = Gap.MEDIUM)
        if (state.part != null && state.amountWrong) {
            body.put(
                ui.text(ui.string(R.string.refund_amount_wrong, Money.yuan(preview.upTo)), Type.BODY_BOLD, R.color.refused).apply {
                    id = R.id.failure
                },
                top = Gap.SMALL,
            )
        }
        body.put(ui.text(R.string.reason, Type.BODY_BOLD), top = Gap.LARGE)
        body.put(reasons(state), top = Gap.SMALL)
        body.put(ui.notice(Meaning.INFO, ui.string(R.string.what_happens), ui.consequences(preview.consequences)), top = Gap.LARGE)
        (preview.consent as? Consent.Supervisor)?.let { body.put(ui.consentLine(it), top = Gap.MEDIUM) }
        foot.put(ui.button(label(state), ButtonKind.VOID, R.id.main_action) { send(RefundMessage.Confirm) }.apply {
            isEnabled = !state.sending && !state.amountWrong
        })
    }

    private fun whole(state: RefundState): View = FlowView(ui.context, ui.dp(Gap.SMALL)).apply {
        addView(ui.chip(ui.string(R.string.refund_whole), state.part == null) { send(RefundMessage.Whole) }.apply { id = R.id.whole })
        addView(ui.chip(ui.string(R.string.refund_part), state.part != null) { send(RefundMessage.Part) }.apply { id = R.id.part })
    }

    private fun keys(): View = ui.keypad(
        { send(RefundMessage.Digit(it)) },
        { send(RefundMessage.Point) },
        { send(RefundMessage.Erase) },
        { send(RefundMessage.Clear) },
    )

    private fun reasons(state: RefundState): View = FlowView(ui.context, ui.dp(Gap.SMALL)).apply {
        UndoReason.values().forEach { reason ->
            addView(ui.chip(ui.string(reason(reason)), reason == state.reason, !state.sending) { send(RefundMessage.Choose(reason)) })
        }
    }

    private fun Scaffold.blocked(why: Explanation) {
        body.put(ui.headline(R.drawable.ic_exclamation, Meaning.REFUSED, why.title))
        body.put(ui.text(R.string.nothing_changed, Type.LARGE, R.color.ink_2), top = Gap.MEDIUM)
        body.put(ui.notice(Meaning.INFO, ui.string(R.string.do_now), why.nextStep), top = Gap.MEDIUM)
        body.put(ui.answers(why), top = Gap.MEDIUM)
        body.put(ui.fineprint(why), top = Gap.MEDIUM)
    }

    private companion object {
        const val KEYS = 240
    }
}

