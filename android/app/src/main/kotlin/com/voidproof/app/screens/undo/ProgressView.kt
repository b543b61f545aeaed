package com.voidproof.app.screens.undo

import android.view.View
import android.widget.LinearLayout
import com.voidproof.app.R
import com.voidproof.app.screens.pay.putUncertified
import com.voidproof.app.text.Money
import com.voidproof.app.ui.ButtonKind
import com.voidproof.app.ui.ButtonRow
import com.voidproof.app.ui.Gap
import com.voidproof.app.ui.Meaning
import com.voidproof.app.ui.PlainScreen
import com.voidproof.app.ui.Scaffold
import com.voidproof.app.ui.Type
import com.voidproof.app.ui.Ui
import com.voidproof.app.ui.answers
import com.voidproof.app.ui.arrival
import com.voidproof.app.ui.button
import com.voidproof.app.ui.card
import com.voidproof.app.ui.fee
import com.voidproof.app.ui.fineprint
import com.voidproof.app.ui.headline
import com.voidproof.app.ui.host
import com.voidproof.app.ui.linkPill
import com.voidproof.app.ui.notice
import com.voidproof.app.ui.number
import com.voidproof.app.ui.pair
import com.voidproof.app.ui.put
import com.voidproof.app.ui.putFailure
import com.voidproof.app.ui.putPrintTrouble
import com.voidproof.app.ui.putRule
import com.voidproof.app.ui.rescue
import com.voidproof.app.ui.sign
import com.voidproof.app.ui.text
import com.voidproof.app.ui.tickingPair
import com.voidproof.app.ui.timeLeft
import com.voidproof.app.ui.undoWord
import com.voidproof.gateway.Ability
import com.voidproof.gateway.Consequences
import com.voidproof.gateway.OwedAction
import com.voidproof.gateway.Retry
import com.voidproof.gateway.SaleKind
import com.voidproof.gateway.Undo
import com.voidproof.gateway.UndoKind
import com.voidproof.gateway.UndoStatus

class ProgressView(ui: Ui, private val send: (ProgressMessage) -> Unit, back: () -> Unit) :
    PlainScreen<ProgressState>(ui, R.string.kind_void, back) {

    private val approval = ApprovalView(ui, { send(ProgressMessage.ChooseSupervisor(it)) }, { send(ProgressMessage.Approve(it)) })

    override fun Scaffold.fill(state: ProgressState) {
        val undo = state.undo
        val approving = state.approving
        when {
            undo == null -> body.putFailure(ui, state.failure)
            approving != null -> approval.fill(this, approving, ui.string(R.string.withdraw_amount, Money.yuan(undo.amount)), state.acting)
            state.withdrawing -> askWithdraw(state, undo)
            else -> show(state, undo)
        }
    }

    private fun Scaffold.show(state: ProgressState, undo: Undo) {
        title.text = ui.string(undoWord(undo)) + " " + Money.yuan(undo.amount)
        title.id = R.id.amount
        val sign = sign(undo.status)
        state.link?.let { link -> corner.put(ui.linkPill(link)) }
        body.put(ui.headline(sign.icon, sign.meaning, heading(undo), Money.digits(undo.amount)))
        body.put(ui.text(sentence(undo), Type.LARGE, R.color.ink_2).apply { id = R.id.sentence }, top = Gap.MEDIUM)
        body.putFailure(ui, state.failure, Gap.MEDIUM)
        body.putPrintTrouble(ui, state.printed)
        cardTrouble(state)
        if (undo.status in ENDED_BADLY || undo.status == UndoStatus.ESCALATED) body.putNextStep(undo)
        if (undo.status == UndoStatus.ESCALATED) body.put(ui.rescue({ send(ProgressMessage.Evidence) }, { send(ProgressMessage.Decide) }), top = Gap.MEDIUM)
        if (undo.status in ENDED_BADLY) undo.explanation?.let { body.put(ui.answers(it), top = Gap.MEDIUM) }
        undo.refund?.let { body.put(differences(it), top = Gap.MEDIUM) }
        if (undo.status !in ENDED_BADLY) body.put(steps(undo, state.readAt), top = Gap.LARGE)
        customerWords(undo)?.let { body.put(ui.notice(Meaning.INFO, ui.string(R.string.tell_customer), it), top = Gap.MEDIUM) }
        if (undo.status in WAITS) body.putNextStep(undo)
        undo.explanation?.let { body.put(ui.fineprint(it), top = Gap.MEDIUM) }
        actions(state, undo)
    }

    private fun LinearLayout.putNextStep(undo: Undo) {
        undo.explanation?.let { put(ui.notice(Meaning.INFO, ui.string(R.string.do_now), it.nextStep), top = Gap.MEDIUM) }
    }

    private fun steps(undo: Undo, readAt: Long): View = ui.card {
        undo.steps.forEachIndexed { i, step -> put(ui.stepRow(step, i + 1, undo, readAt)) }
        val deadline = undo.deadline
        if (deadline != null && undo.status in WAITS) {
            putRule(ui)
            put(ui.tickingPair(R.string.at_the_latest, ui.timeLeft(deadline, readAt)))
        }
        if (undo.sale.kind == SaleKind.PREAUTH) return@card
        putRule(ui)
        put(ui.pair(R.string.goods, ui.string(goodsWords(undo.status))))
    }

    private fun heading(undo: Undo): String {
        val host = ui.host(undo.sale.rail)
        val refund = undo.kind == UndoKind.REFUND
        return when (undo.status) {
            UndoStatus.VOIDED -> ui.string(R.string.head_voided)
            UndoStatus.REFUNDED -> ui.string(R.string.head_refunded)
            UndoStatus.QUEUED -> ui.string(if (refund) R.string.head_queued_refund else R.string.head_queued)
            UndoStatus.SENDING -> ui.string(if (refund) R.string.head_sending_refund else R.string.head_sending, host)
            UndoStatus.NEEDS_CARD -> ui.string(R.string.head_needs_card)
            UndoStatus.ON_HOLD -> ui.string(R.string.head_on_hold)
            UndoStatus.UNKNOWN -> ui.string(R.string.head_unknown, host)
            UndoStatus.REFUSED -> undo.explanation?.title ?: ui.string(R.string.head_refused)
            UndoStatus.WITHDRAWN -> ui.string(R.string.head_withdrawn)
            UndoStatus.REFUND_OFFERED -> ui.string(R.string.head_refund_offered)
            UndoStatus.ESCALATED -> ui.string(R.string.head_escalated)
        }
    }

    private fun sentence(undo: Undo): CharSequence {
        val host = ui.host(undo.sale.rail)
        return when (undo.status) {
            UndoStatus.VOIDED, UndoStatus.REFUNDED -> ui.rich(
                if (undo.sale.kind == SaleKind.PREAUTH) R.string.said_released else R.string.said_voided,
                host,
                Money.yuan(undo.amount),
            )
            UndoStatus.QUEUED -> ui.rich(R.string.said_queued)
            UndoStatus.SENDING -> ui.rich(R.string.said_sending)
            UndoStatus.NEEDS_CARD -> ui.rich(R.string.said_needs_card)
            UndoStatus.ON_HOLD -> ui.rich(R.string.said_on_hold)
            UndoStatus.UNKNOWN -> ui.rich(R.string.said_unknown, host)
            UndoStatus.REFUSED -> ui.rich(R.string.said_refused)
            UndoStatus.WITHDRAWN -> ui.rich(R.string.said_withdrawn)
            UndoStatus.REFUND_OFFERED -> ui.rich(R.string.said_refund_offered)
            UndoStatus.ESCALATED -> ui.rich(R.string.said_escalated)
        }
    }

    private fun goodsWords(status: UndoStatus) = when (status) {
        UndoStatus.VOIDED, UndoStatus.REFUNDED, UndoStatus.QUEUED -> R.string.goods_take_back
        UndoStatus.SENDING -> R.string.goods_wait
        UndoStatus.WITHDRAWN -> R.string.goods_customers
        else -> R.string.goods_leave
    }

    private fun customerWords(undo: Undo): String? {
        val number = ui.number(undo.sale)
        return when (undo.status) {
            UndoStatus.QUEUED, UndoStatus.ON_HOLD -> ui.string(R.string.say_queued, number)
            UndoStatus.UNKNOWN -> ui.string(R.string.say_unknown, number)
            UndoStatus.VOIDED -> ui.string(if (undo.sale.kind == SaleKind.PREAUTH) R.string.say_released else R.string.say_voided, number)
            UndoStatus.REFUSED, UndoStatus.REFUND_OFFERED -> ui.string(R.string.say_refused)
            UndoStatus.ESCALATED -> ui.string(R.string.say_escalated, number)
            else -> null
        }
    }

    private fun Scaffold.cardTrouble(state: ProgressState) {
        val words = when (state.card) {
            ProgressState.Card.ABSENT -> R.string.reader_absent
            ProgressState.Card.TROUBLE -> R.string.reader_unreadable
            ProgressState.Card.WAITING -> R.string.present_same_card
            ProgressState.Card.NOT_ASKED -> return
        }
        val meaning = if (state.card == ProgressState.Card.WAITING) Meaning.INFO else Meaning.REFUSED
        body.put(ui.notice(meaning, ui.string(R.string.card_again), ui.string(words)).apply { id = R.id.card_trouble }, top = Gap.MEDIUM)
        if (!state.certified && state.card == ProgressState.Card.WAITING) body.putUncertified(ui)
    }

    private fun differences(refund: Consequences): View = ui.card {
        put(ui.text(R.string.refund_differs, Type.LARGE_BOLD), bottom = Gap.TINY)
        put(ui.pair(R.string.differs_arrival, ui.arrival(refund.arrival)))
        put(ui.pair(R.string.differs_fee, ui.string(fee(refund.fee))))
        put(ui.pair(R.string.differs_needs, ui.string(if (refund.needsCard) R.string.customers_card else R.string.nothing_more)))
    }

    private fun Scaffold.actions(state: ProgressState, undo: Undo) {
        val busy = state.acting || state.printing
        val amount = Money.yuan(undo.amount)
        when (undo.status) {
            UndoStatus.VOIDED, UndoStatus.REFUNDED, UndoStatus.QUEUED, UndoStatus.WITHDRAWN, UndoStatus.ESCALATED -> printMain(busy)
            UndoStatus.SENDING, UndoStatus.UNKNOWN -> main(R.string.next_customer, ButtonKind.CALM, true) { send(ProgressMessage.Finish) }
            UndoStatus.NEEDS_CARD -> main(R.string.read_card_now, ButtonKind.MAIN, !busy) { send(ProgressMessage.ReadCard) }
            UndoStatus.ON_HOLD -> main(R.string.release, ButtonKind.MAIN, !busy) { send(ProgressMessage.Release) }
            UndoStatus.REFUND_OFFERED ->
                if (ui.can(Ability.REFUND)) {
                    foot.put(
                        ui.button(ui.string(R.string.refund_instead, amount), ButtonKind.MAIN, R.id.main_action) { send(ProgressMessage.Refund) },
                    )
                } else {
                    main(R.string.understood, ButtonKind.CALM, true) { send(ProgressMessage.Finish) }
                }
            UndoStatus.REFUSED -> refused(undo)
        }
        val row = ButtonRow(ui)
        if (OwedAction.WITHDRAW in undo.actions) row.second(R.string.withdraw, R.id.withdraw, !busy) { send(ProgressMessage.Withdraw) }
        if (OwedAction.HOLD in undo.actions) row.second(R.string.hold, R.id.hold, !busy) { send(ProgressMessage.Hold) }
        if (OwedAction.RETRY_NOW in undo.actions) row.second(R.string.retry_at_once, R.id.retry, !busy) { send(ProgressMessage.RetryNow) }
        if (undo.status in SLIPLESS_MAIN) {
            row.second(R.string.record, R.id.record, true) { send(ProgressMessage.Record) }
            row.second(R.string.later, R.id.finish, true) { send(ProgressMessage.Finish) }
        } else if (undo.status !in STILL_SENDING) {
            row.second(R.string.see_slip, R.id.see_slip, true) { send(ProgressMessage.Slip) }
            if (undo.status != UndoStatus.QUEUED) row.second(R.string.finish, R.id.finish, true) { send(ProgressMessage.Finish) }
        }
        if (row.childCount > 0) second.put(row)
        if (undo.status == UndoStatus.UNKNOWN) body.put(ui.rescue({ send(ProgressMessage.Evidence) }, { send(ProgressMessage.Decide) }), top = Gap.MEDIUM)
    }

    private fun Scaffold.main(label: Int, kind: ButtonKind, enabled: Boolean, tap: () -> Unit) =
        foot.put(ui.button(ui.string(label), kind, R.id.main_action, tap = tap).apply { isEnabled = enabled })

    private fun Scaffold.printMain(busy: Boolean) = foot.put(
        ui.button(ui.string(R.string.print_and_finish), ButtonKind.MAIN, R.id.main_action, R.drawable.ic_print) { send(ProgressMessage.Print) }
            .apply { isEnabled = !busy },
    )

    /** The way on is the explanation's: again if that helps, else the words to support. */
    private fun Scaffold.refused(undo: Undo) {
        val again = undo.explanation?.retry == Retry.NOW || undo.explanation?.retry == Retry.AFTER
        if (again) {
            foot.put(
                ui.button(ui.string(R.string.void_again, Money.yuan(undo.amount)), ButtonKind.VOID, R.id.main_action) {
                    send(ProgressMessage.VoidAgain)
                },
            )
        } else {
            foot.put(ui.button(ui.string(R.string.understood), ButtonKind.CALM, R.id.main_action) { send(ProgressMessage.Finish) })
        }
    }

    private fun ButtonRow.second(label: Int, id: Int, enabled: Boolean, tap: () -> Unit) =
        addView(ui.button(ui.string(label), ButtonKind.SECOND, id, tap = tap).apply { isEnabled = enabled })

    private fun Scaffold.askWithdraw(state: ProgressState, undo: Undo) {
        body.put(ui.headline(R.drawable.ic_question, Meaning.OWED, ui.string(R.string.withdraw_head)))
        body.put(ui.text(ui.string(R.string.withdraw_means, Money.yuan(undo.amount)), Type.LARGE, R.color.ink_2), top = Gap.MEDIUM)
        body.putFailure(ui, state.failure, Gap.MEDIUM)
        foot.put(ui.button(ui.string(R.string.withdraw_amount, Money.yuan(undo.amount)), ButtonKind.VOID, R.id.withdraw_surely) {
            send(ProgressMessage.WithdrawSurely)
        }.apply { isEnabled = !state.acting })
        second.put(ui.button(ui.string(R.string.keep_void), ButtonKind.SECOND, R.id.keep) { send(ProgressMessage.KeepIt) })
    }

    private companion object {
        val ENDED_BADLY = setOf(UndoStatus.REFUSED, UndoStatus.REFUND_OFFERED)
        val WAITS = setOf(UndoStatus.QUEUED, UndoStatus.SENDING, UndoStatus.UNKNOWN, UndoStatus.NEEDS_CARD, UndoStatus.ON_HOLD)
        val STILL_SENDING = setOf(UndoStatus.SENDING, UndoStatus.UNKNOWN)
        val SLIPLESS_MAIN = setOf(UndoStatus.REFUND_OFFERED, UndoStatus.REFUSED, UndoStatus.NEEDS_CARD, UndoStatus.ON_HOLD)
    }
}
