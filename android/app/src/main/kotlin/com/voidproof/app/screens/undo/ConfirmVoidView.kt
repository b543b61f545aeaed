package com.voidproof.app.screens.undo

import android.view.View
import com.voidproof.app.R
import com.voidproof.app.text.Money
import com.voidproof.app.text.left
import com.voidproof.app.text.longMoment
import com.voidproof.app.text.span
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
import com.voidproof.app.ui.arrival
import com.voidproof.app.ui.button
import com.voidproof.app.ui.card
import com.voidproof.app.ui.chip
import com.voidproof.app.ui.fee
import com.voidproof.app.ui.fineprint
import com.voidproof.app.ui.headline
import com.voidproof.app.ui.image
import com.voidproof.app.ui.means
import com.voidproof.app.ui.notice
import com.voidproof.app.ui.pad
import com.voidproof.app.ui.pair
import com.voidproof.app.ui.put
import com.voidproof.app.ui.putFailure
import com.voidproof.app.ui.rail
import com.voidproof.app.ui.reason
import com.voidproof.app.ui.text
import com.voidproof.app.ui.ticking
import com.voidproof.app.ui.tickingPair
import com.voidproof.gateway.Ability
import com.voidproof.gateway.Consent
import com.voidproof.gateway.Consequences
import com.voidproof.gateway.Explanation
import com.voidproof.gateway.Sale
import com.voidproof.gateway.SaleKind
import com.voidproof.gateway.UndoReason
import com.voidproof.gateway.VoidPreview

class ConfirmVoidView(ui: Ui, private val send: (ConfirmVoidMessage) -> Unit, back: () -> Unit) :
    PlainScreen<ConfirmVoidState>(ui, R.string.confirm_void, back) {

    private val approval = ApprovalView(
        ui,
        { send(ConfirmVoidMessage.ChooseSupervisor(it)) },
        { send(ConfirmVoidMessage.Approve(it)) },
    )

    override fun Scaffold.fill(state: ConfirmVoidState) {
        val preview = state.preview
        val approving = state.approving
        when {
            preview == null -> body.putFailure(ui, state.failure)
            approving != null -> approval.fill(this, approving, label(preview.sale), state.sending)
            preview.blocked != null -> blocked(preview.blocked!!, preview.sale, preview.refundInstead)
            else -> ask(state)
        }
    }

    private fun label(sale: Sale) = ui.string(
        when (sale.kind) {
            SaleKind.SALE, SaleKind.UNMATCHED -> R.string.void_amount
            SaleKind.PREAUTH -> R.string.void_preauth_amount
            SaleKind.COMPLETION -> R.string.void_completion_amount
        },
        Money.yuan(sale.amount),
    )

    private fun what(preview: VoidPreview): String = when (preview.sale.kind) {
        SaleKind.PREAUTH -> ui.string(R.string.void_preauth_means, Money.yuan(preview.sale.amount)) + needs(preview.consequences)
        SaleKind.COMPLETION -> ui.consequences(preview.consequences) + ui.string(R.string.sentence_gap) + ui.string(R.string.void_completion_means)
        SaleKind.SALE, SaleKind.UNMATCHED -> ui.consequences(preview.consequences)
    }

    private fun needs(consequences: Consequences): String =
        if (consequences.needsCard) ui.string(R.string.sentence_gap) + ui.string(R.string.needs_card) else ""

    private fun Scaffold.ask(state: ConfirmVoidState) {
        val preview = state.preview ?: return
        body.put(
            ui.card {
                put(ui.amount(Money.digits(preview.sale.amount)).apply { id = R.id.amount })
                put(ui.pair(ui.rail(preview.sale.rail), ui.means(preview.sale)), top = Gap.TINY)
                preview.sale.voucher?.let { put(ui.pair(R.string.voucher, it)) }
                preview.sale.orderNumber?.let { put(ui.pair(R.string.order_number, it)) }
                put(ui.pair(R.string.time, ui.longMoment(preview.sale.at)))
                preview.deadline?.let { deadline ->
                    put(
                        ui.tickingPair(
                            R.string.can_void_still,
                            ui.ticking(Type.BODY_BOLD, R.color.done) {
                                if (deadline.certain) ui.span(ui.left(deadline, state.readAt)) else ui.string(R.string.deadline_uncertain)
                            },
                        ),
                    )
                }
            },
        )
        body.putFailure(ui, state.failure, Gap.MEDIUM)
        body.put(ui.text(R.string.reason, Type.BODY_BOLD), top = Gap.LARGE)
        body.put(reasons(state), top = Gap.SMALL)
        if (preview.consequences.byRefund) {
            val words = ui.string(R.string.by_refund_why, ui.rail(preview.sale.rail), Money.yuan(preview.sale.amount))
            body.put(ui.notice(Meaning.OWED, ui.string(R.string.by_refund), words).apply { id = R.id.by_refund }, top = Gap.LARGE)
        }
        body.put(ui.notice(Meaning.INFO, ui.string(R.string.what_happens), what(preview)), top = if (preview.consequences.byRefund) Gap.SMALL else Gap.LARGE)
        (preview.consent as? Consent.Supervisor)?.let { body.put(ui.consentLine(it), top = Gap.MEDIUM) }
        foot.put(ui.button(label(preview.sale), ButtonKind.VOID, R.id.main_action) { send(ConfirmVoidMessage.Confirm) }.apply {
            isEnabled = !state.sending
        })
    }

    private fun reasons(state: ConfirmVoidState): View = FlowView(ui.context, ui.dp(Gap.SMALL)).apply {
        UndoReason.values().forEach { reason ->
            addView(ui.chip(ui.string(reason(reason)), reason == state.reason, !state.sending) { send(ConfirmVoidMessage.Choose(reason)) })
        }
    }

    private fun Scaffold.blocked(why: Explanation, sale: Sale, refund: Boolean) {
        body.put(ui.headline(R.drawable.ic_exclamation, Meaning.REFUSED, why.title))
        body.put(ui.text(R.string.nothing_changed, Type.LARGE, R.color.ink_2), top = Gap.MEDIUM)
        body.put(ui.notice(Meaning.INFO, ui.string(R.string.do_now), why.nextStep), top = Gap.MEDIUM)
        body.put(ui.answers(why), top = Gap.MEDIUM)
        body.put(ui.fineprint(why), top = Gap.MEDIUM)
        if (refund && ui.can(Ability.REFUND)) {
            foot.put(ui.button(ui.string(R.string.refund_instead, Money.yuan(sale.amount)), ButtonKind.MAIN, R.id.main_action) {
                send(ConfirmVoidMessage.RefundInstead)
            })
        }
    }
}

/** What taking the money back means, in one or two sentences. */
fun Ui.consequences(consequences: Consequences): String {
    val sentences = arrayListOf(
        string(R.string.goes_back, arrival(consequences.arrival), string(fee(consequences.fee))),
    )
    if (consequences.needsCard) {
        sentences += string(if (consequences.needsPin) R.string.needs_card_and_pin else R.string.needs_card)
    }
    sentences += string(R.string.only_once)
    return sentences.joinToString(string(R.string.sentence_gap))
}

/** That a supervisor will be asked, said before the button is pressed. */
fun Ui.consentLine(consent: Consent.Supervisor): View = row {
    background = ground(R.color.surface, line = R.color.line)
    pad(this@consentLine, Gap.LARGE, Gap.MEDIUM)
    put(image(R.drawable.ic_lock, R.color.ink_2), width = dp(CONSENT_ICON), height = dp(CONSENT_ICON))
    val words = consent.above?.let { string(R.string.consent_next_above, Money.yuan(it)) } ?: string(R.string.consent_next)
    put(text(words, Type.BODY, R.color.ink), width = 0, weight = 1f, start = Gap.SMALL)
}

private const val CONSENT_ICON = 20
