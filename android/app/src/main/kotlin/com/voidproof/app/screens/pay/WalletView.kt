package com.voidproof.app.screens.pay

import android.view.Gravity
import android.view.View
import android.widget.LinearLayout
import com.voidproof.app.R
import com.voidproof.app.screens.undo.ApprovalView
import com.voidproof.app.text.Money
import com.voidproof.app.text.longMoment
import com.voidproof.app.text.ticking
import com.voidproof.app.ui.ButtonKind
import com.voidproof.app.ui.Gap
import com.voidproof.app.ui.Meaning
import com.voidproof.app.ui.QrView
import com.voidproof.app.ui.Scaffold
import com.voidproof.app.ui.Type
import com.voidproof.app.ui.Ui
import com.voidproof.app.ui.amount
import com.voidproof.app.ui.button
import com.voidproof.app.ui.card
import com.voidproof.app.ui.headline
import com.voidproof.app.ui.host
import com.voidproof.app.ui.means
import com.voidproof.app.ui.notice
import com.voidproof.app.ui.pair
import com.voidproof.app.ui.put
import com.voidproof.app.ui.putFailure
import com.voidproof.app.ui.rail
import com.voidproof.app.ui.rescue
import com.voidproof.app.ui.text
import com.voidproof.app.ui.ticking
import com.voidproof.gateway.Ability
import com.voidproof.gateway.Payment
import com.voidproof.gateway.PaymentStage
import com.voidproof.gateway.Sale

/** A payment by code while it is under way: one picture for each stage. */
class WalletView(private val ui: Ui, private val send: (SaleResultMessage) -> Unit) {
    private val approval = ApprovalView(ui, { send(SaleResultMessage.ChooseSupervisor(it)) }, { send(SaleResultMessage.Approve(it)) })

    fun fill(scaffold: Scaffold, state: SaleResultState, sale: Sale) {
        val payment = sale.payment ?: return
        val approving = state.approving
        when {
            approving != null -> approval.fill(scaffold, approving, ui.string(R.string.handed_over_amount, Money.yuan(sale.amount)), state.acting)
            state.takingBack -> scaffold.askTakeBack(state, sale)
            payment.stage == PaymentStage.CUSTOMER_SCANS -> scaffold.showCode(state, sale, payment)
            else -> scaffold.tell(state, sale, payment)
        }
    }

    private fun Scaffold.tell(state: SaleResultState, sale: Sale, payment: Payment) {
        val words = words(payment.stage)
        val host = ui.host(sale.rail)
        body.put(ui.headline(words.icon, words.meaning, ui.string(words.heading, host), Money.digits(sale.amount)))
        body.put(ui.amount(Money.digits(sale.amount)).apply { id = R.id.amount }, top = Gap.SMALL)
        body.put(ui.text(ui.rich(words.sentence, host), Type.LARGE, R.color.ink_2).apply { id = R.id.sentence }, top = Gap.TINY)
        body.putFailure(ui, state.failure, Gap.MEDIUM)
        body.put(details(state, sale, payment), top = Gap.LARGE)
        putStay(state)
        actions(state, sale, payment)
    }

    private class StageWords(val icon: Int, val meaning: Meaning, val heading: Int, val sentence: Int)

    private fun words(stage: PaymentStage) = when (stage) {
        PaymentStage.ASKING -> StageWords(R.drawable.ic_hourglass, Meaning.OWED, R.string.result_sending, R.string.wallet_asking)
        PaymentStage.CUSTOMER_PASSWORD -> StageWords(R.drawable.ic_lock, Meaning.INFO, R.string.head_password, R.string.wallet_password)
        PaymentStage.CUSTOMER_SCANS -> StageWords(R.drawable.ic_qr, Meaning.INFO, R.string.head_scans, R.string.wallet_scans)
        PaymentStage.LOOKING_UP -> StageWords(R.drawable.ic_question, Meaning.OWED, R.string.result_unknown, R.string.unknown_sale)
        PaymentStage.TAKING_BACK -> StageWords(R.drawable.ic_void, Meaning.REFUSED, R.string.head_taking_back, R.string.wallet_taking_back)
        PaymentStage.PAID_LATE -> StageWords(R.drawable.ic_exclamation, Meaning.OWED, R.string.head_paid_late, R.string.wallet_paid_late)
        PaymentStage.HANDED_OVER -> StageWords(R.drawable.ic_question, Meaning.OWED, R.string.head_handed_over, R.string.wallet_handed_over)
    }

    private fun details(state: SaleResultState, sale: Sale, payment: Payment): View = ui.card {
        put(ui.pair(ui.rail(sale.rail), ui.means(sale)))
        sale.orderNumber?.let { put(ui.pair(R.string.order_number, it)) }
        put(ui.pair(R.string.time, ui.longMoment(sale.at)))
        goods(payment.stage)?.let { put(ui.pair(R.string.goods, ui.string(it))) }
        if (payment.stage in SaleResultPresenter.WAITED_FOR) sale.waiting?.let { put(ui.waited(it, state.readAt)) }
    }

    /** After a late payment the goods are the question itself. */
    private fun goods(stage: PaymentStage): Int? = when (stage) {
        PaymentStage.PAID_LATE -> null
        PaymentStage.HANDED_OVER -> R.string.goods_customers
        else -> R.string.goods_keep
    }

    private fun Scaffold.actions(state: SaleResultState, sale: Sale, payment: Payment) {
        when (payment.stage) {
            PaymentStage.PAID_LATE -> {
                val label = ui.string(R.string.keep_payment, Money.yuan(sale.amount))
                foot.put(ui.button(label, ButtonKind.MAIN, R.id.main_action) { send(SaleResultMessage.HandedOver) }.apply { isEnabled = !state.acting })
            }
            PaymentStage.LOOKING_UP, PaymentStage.TAKING_BACK, PaymentStage.HANDED_OVER -> {
                foot.put(ui.button(ui.string(R.string.next_customer), ButtonKind.CALM, R.id.main_action) { send(SaleResultMessage.Finish) })
                if (payment.stage != PaymentStage.TAKING_BACK) {
                    body.put(ui.rescue({ send(SaleResultMessage.Evidence) }, { send(SaleResultMessage.Decide) }), top = Gap.MEDIUM)
                }
            }
            PaymentStage.ASKING, PaymentStage.CUSTOMER_PASSWORD, PaymentStage.CUSTOMER_SCANS -> Unit
        }
        if (payment.canTakeBack && ui.can(Ability.TAKE_BACK)) {
            val label = ui.string(if (payment.stage == PaymentStage.PAID_LATE) R.string.give_payment_back else R.string.not_paid)
            second.put(ui.button(label, ButtonKind.SECOND_VOID, R.id.give_up) { send(SaleResultMessage.TakeBack) }.apply { isEnabled = !state.acting })
        }
        if (payment.stage == PaymentStage.TAKING_BACK && payment.canHandOver && ui.can(Ability.TAKE_BACK)) {
            second.put(ui.button(ui.string(R.string.handed_over), ButtonKind.SECOND, R.id.handed_over) { send(SaleResultMessage.HandedOver) }.apply {
                isEnabled = !state.acting
            })
        }
    }

    /** The code is the largest thing, the amount next: the customer looks at both. */
    private fun Scaffold.showCode(state: SaleResultState, sale: Sale, payment: Payment) {
        val rail = ui.rail(sale.rail)
        body.put(
            ui.column {
                gravity = Gravity.CENTER_HORIZONTAL
                put(ui.text(ui.string(R.string.scan_with, rail), Type.TITLE).apply {
                    id = R.id.headline
                    gravity = Gravity.CENTER
                    accessibilityLiveRegion = View.ACCESSIBILITY_LIVE_REGION_POLITE
                })
                put(ui.amount(Money.digits(sale.amount), gravity = Gravity.CENTER).apply { id = R.id.amount })
                state.modules?.let { modules ->
                    val words = ui.string(R.string.code_spoken, rail, Money.digits(sale.amount))
                    put(QrView(ui, modules, words).apply { id = R.id.qr }, width = LinearLayout.LayoutParams.WRAP_CONTENT, top = Gap.MEDIUM)
                }
                payment.left?.let { left ->
                    put(
                        ui.ticking(Type.BODY_BOLD, R.color.owed) { leftWords(left, state.readAt) }.apply { gravity = Gravity.CENTER },
                        top = Gap.MEDIUM,
                    )
                }
            },
        )
        body.putFailure(ui, state.failure, Gap.MEDIUM)
        putStay(state)
        actions(state, sale, payment)
    }

    private fun leftWords(left: Long, readAt: Long): String {
        val now = left - (ui.clock.sinceBoot() - readAt)
        return if (now > 0) ui.string(R.string.time_left, ui.ticking(now)) else ui.string(R.string.deadline_reached)
    }

    private fun Scaffold.putStay(state: SaleResultState) {
        if (!state.stay) return
        body.put(ui.notice(Meaning.OWED, ui.string(R.string.stay_head), ui.string(R.string.wallet_stay)), top = Gap.MEDIUM)
    }

    private fun Scaffold.askTakeBack(state: SaleResultState, sale: Sale) {
        val paid = sale.payment?.stage == PaymentStage.PAID_LATE
        body.put(ui.headline(R.drawable.ic_question, Meaning.OWED, ui.string(if (paid) R.string.head_give_back else R.string.head_take_back)))
        val means = if (paid) R.string.give_back_means else R.string.take_back_means
        body.put(ui.text(ui.rich(means, Money.yuan(sale.amount)), Type.LARGE, R.color.ink_2), top = Gap.MEDIUM)
        body.putFailure(ui, state.failure, Gap.MEDIUM)
        val label = ui.string(if (paid) R.string.give_back_amount else R.string.take_back_amount, Money.yuan(sale.amount))
        foot.put(ui.button(label, ButtonKind.VOID, R.id.main_action) { send(SaleResultMessage.GiveUp) }.apply { isEnabled = !state.acting })
        second.put(ui.button(ui.string(R.string.keep_waiting), ButtonKind.SECOND, R.id.keep) { send(SaleResultMessage.KeepWaiting) })
    }
}
