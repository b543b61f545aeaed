package com.voidproof.app.screens.pay

import android.view.View
import com.voidproof.app.R
import com.voidproof.app.text.Money
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
import com.voidproof.app.ui.fineprint
import com.voidproof.app.ui.headline
import com.voidproof.app.ui.host
import com.voidproof.app.ui.means
import com.voidproof.app.ui.notice
import com.voidproof.app.ui.pair
import com.voidproof.app.ui.put
import com.voidproof.app.ui.putFailure
import com.voidproof.app.ui.putPrintTrouble
import com.voidproof.app.ui.rail
import com.voidproof.app.ui.rescue
import com.voidproof.app.ui.sign
import com.voidproof.app.ui.taking
import com.voidproof.app.ui.text
import com.voidproof.app.ui.ticking
import com.voidproof.app.ui.tickingPair
import com.voidproof.app.ui.voidWord
import com.voidproof.gateway.Sale
import com.voidproof.gateway.SaleKind
import com.voidproof.gateway.SaleStatus
import com.voidproof.gateway.Waiting

class SaleResultView(ui: Ui, private val send: (SaleResultMessage) -> Unit) : PlainScreen<SaleResultState>(ui, R.string.pay, null) {
    private val wallet = WalletView(ui, send)

    override fun Scaffold.fill(state: SaleResultState) {
        val sale = state.sale
        if (sale == null) {
            body.putFailure(ui, state.failure)
            if (state.failure != null) foot.put(finish(ButtonKind.MAIN))
            return
        }
        title.text = ui.string(taking(sale).title)
        if (sale.payment != null) return wallet.fill(this, state, sale)
        val sign = sign(sale.status)
        body.put(ui.headline(sign.icon, sign.meaning, heading(sale), Money.digits(sale.amount)))
        body.put(ui.amount(Money.digits(sale.amount)).apply { id = R.id.amount }, top = Gap.SMALL)
        sentence(sale)?.let { body.put(ui.text(it, Type.LARGE, R.color.ink_2).apply { id = R.id.sentence }, top = Gap.TINY) }
        if (state.signs && sale.status in SIGNED) {
            val notice = ui.notice(Meaning.INFO, ui.string(R.string.sign_slip), ui.string(R.string.sign_slip_why))
            body.put(notice.apply { id = R.id.sign_slip }, top = Gap.MEDIUM)
        }
        body.putFailure(ui, state.failure, Gap.MEDIUM)
        body.putPrintTrouble(ui, state.printed)
        body.put(details(sale, state), top = Gap.LARGE)
        val explanation = sale.explanation
        if (explanation != null) {
            body.put(ui.notice(Meaning.INFO, ui.string(R.string.do_now), explanation.nextStep), top = Gap.MEDIUM)
            body.put(ui.answers(explanation), top = Gap.MEDIUM)
            body.put(ui.fineprint(explanation), top = Gap.MEDIUM)
        }
        if (state.stay && sale.status == SaleStatus.SENDING) {
            body.put(ui.notice(Meaning.OWED, ui.string(R.string.stay_head), ui.string(R.string.stay)), top = Gap.MEDIUM)
        }
        actions(state, sale)
    }

    private fun heading(sale: Sale): String = when (sale.status) {
        SaleStatus.SENDING -> ui.string(sending(sale.kind), ui.host(sale.rail))
        SaleStatus.APPROVED -> ui.string(if (sale.kind == SaleKind.COMPLETION) R.string.result_completion else R.string.result_approved)
        SaleStatus.COMPLETED -> ui.string(R.string.result_completed)
        SaleStatus.DECLINED -> sale.explanation?.title ?: ui.string(R.string.result_declined)
        SaleStatus.UNKNOWN -> ui.string(R.string.result_unknown, ui.host(sale.rail))
        SaleStatus.REVERSED -> ui.string(R.string.result_reversed)
        SaleStatus.NOT_SENT -> ui.string(R.string.result_not_sent)
        SaleStatus.HELD -> ui.string(R.string.result_held)
        SaleStatus.VOIDED, SaleStatus.REFUNDED, SaleStatus.PARTLY_REFUNDED -> ui.string(sign(sale.status).word)
    }

    private fun taking(sale: Sale) = taking(
        when (sale.kind) {
            SaleKind.SALE, SaleKind.UNMATCHED -> Taking.SALE
            SaleKind.PREAUTH -> if (sale.parent == null) Taking.HOLD else Taking.ADD
            SaleKind.COMPLETION -> Taking.COMPLETE
        },
    )

    private fun sending(kind: SaleKind) = when (kind) {
        SaleKind.PREAUTH -> R.string.result_holding
        SaleKind.COMPLETION -> R.string.result_completing
        SaleKind.SALE, SaleKind.UNMATCHED -> R.string.result_sending
    }

    private fun again(kind: SaleKind) = when (kind) {
        SaleKind.PREAUTH -> R.string.hold_again
        SaleKind.COMPLETION -> R.string.complete_again
        SaleKind.SALE, SaleKind.UNMATCHED -> R.string.charge_again
    }

    private fun sentence(sale: Sale): CharSequence? = when (sale.status) {
        SaleStatus.UNKNOWN -> ui.rich(R.string.unknown_sale, ui.host(sale.rail))
        SaleStatus.REVERSED -> ui.rich(R.string.reversed_sale)
        SaleStatus.NOT_SENT -> ui.rich(R.string.not_sent_sale)
        SaleStatus.DECLINED -> ui.rich(R.string.declined_sale)
        SaleStatus.HELD -> ui.rich(R.string.held_sale)
        else -> null
    }

    private fun details(sale: Sale, state: SaleResultState): View = ui.card {
        put(ui.pair(ui.rail(sale.rail), ui.means(sale)))
        sale.voucher?.let { put(ui.pair(R.string.voucher, it)) }
        sale.reference?.let { put(ui.pair(R.string.reference, it)) }
        sale.orderNumber?.let { put(ui.pair(R.string.order_number, it)) }
        put(ui.pair(R.string.time, ui.longMoment(sale.at)))
        sale.waiting?.let { put(ui.waited(it, state.readAt)) }
    }

    private fun Scaffold.actions(state: SaleResultState, sale: Sale) {
        when (sale.status) {
            SaleStatus.SENDING -> Unit
            SaleStatus.UNKNOWN -> {
                foot.put(ui.button(ui.string(R.string.next_customer), ButtonKind.CALM, R.id.main_action) { send(SaleResultMessage.Finish) })
                body.put(ui.rescue({ send(SaleResultMessage.Evidence) }, { send(SaleResultMessage.Decide) }), top = Gap.MEDIUM)
            }
            SaleStatus.DECLINED, SaleStatus.REVERSED, SaleStatus.NOT_SENT -> {
                foot.put(ui.button(ui.string(again(sale.kind), Money.yuan(sale.amount)), ButtonKind.MAIN, R.id.main_action) {
                    send(SaleResultMessage.Again)
                })
                second.put(finish(ButtonKind.SECOND))
            }
            else -> approved(state, sale)
        }
    }

    private fun Scaffold.approved(state: SaleResultState, sale: Sale) {
        foot.put(ui.button(ui.string(R.string.print_and_finish), ButtonKind.MAIN, R.id.main_action, R.drawable.ic_print) {
            send(SaleResultMessage.Print)
        }.apply { isEnabled = !state.printing })
        val row = ButtonRow(ui)
        row.addView(ui.button(ui.string(voidWord(sale.kind)), ButtonKind.SECOND_VOID, R.id.take_back) { send(SaleResultMessage.Void) })
        row.addView(ui.button(ui.string(R.string.see_slip), ButtonKind.SECOND, R.id.see_slip) { send(SaleResultMessage.Slip) })
        row.addView(finish(ButtonKind.SECOND))
        second.put(row)
    }

    private fun finish(kind: ButtonKind) =
        ui.button(ui.string(R.string.finish), kind, R.id.finish) { send(SaleResultMessage.Finish) }
}

/** How long an answer has been waited for, and for how long it can be. */
fun Ui.waited(waiting: Waiting, readAt: Long): View = tickingPair(
    R.string.waited,
    ticking(Type.BODY_BOLD, R.color.owed) {
        val since = (waiting.since + clock.sinceBoot() - readAt) / SECOND
        string(R.string.waited_of, since.toInt(), (waiting.atMost / SECOND).toInt())
    },
)

/** A signature means something once money moved. */
private val SIGNED = setOf(SaleStatus.APPROVED, SaleStatus.HELD)

private const val SECOND = 1_000L
