package com.voidproof.app.screens.preauth

import android.view.View
import com.voidproof.app.R
import com.voidproof.app.text.Money
import com.voidproof.app.text.left
import com.voidproof.app.text.longMoment
import com.voidproof.app.text.moment
import com.voidproof.app.text.roughly
import com.voidproof.app.ui.ButtonKind
import com.voidproof.app.ui.ButtonRow
import com.voidproof.app.ui.Gap
import com.voidproof.app.ui.Line
import com.voidproof.app.ui.Meaning
import com.voidproof.app.ui.PlainScreen
import com.voidproof.app.ui.Scaffold
import com.voidproof.app.ui.Type
import com.voidproof.app.ui.Ui
import com.voidproof.app.ui.amount
import com.voidproof.app.ui.badge
import com.voidproof.app.ui.button
import com.voidproof.app.ui.card
import com.voidproof.app.ui.cardOf
import com.voidproof.app.ui.empty
import com.voidproof.app.ui.fineprint
import com.voidproof.app.ui.listRow
import com.voidproof.app.ui.menuRow
import com.voidproof.app.ui.notice
import com.voidproof.app.ui.number
import com.voidproof.app.ui.pair
import com.voidproof.app.ui.pill
import com.voidproof.app.ui.put
import com.voidproof.app.ui.putFailure
import com.voidproof.app.ui.rail
import com.voidproof.app.ui.railBadge
import com.voidproof.app.ui.railMeaning
import com.voidproof.app.ui.rows
import com.voidproof.app.ui.sign
import com.voidproof.app.ui.text
import com.voidproof.app.ui.tickingPair
import com.voidproof.app.ui.timeLeft
import com.voidproof.gateway.Deadline
import com.voidproof.gateway.Preauth
import com.voidproof.gateway.Sale
import com.voidproof.gateway.WayBack

class PreauthsView(ui: Ui, private val send: (PreauthsMessage) -> Unit, back: () -> Unit) :
    PlainScreen<PreauthsState>(ui, R.string.preauths, back) {

    override fun Scaffold.fill(state: PreauthsState) {
        body.putFailure(ui, state.failure)
        when (state.found) {
            null -> Unit
            false -> body.put(ui.empty(R.drawable.ic_lock, ui.string(R.string.preauths_none)))
            true -> {
                body.put(ui.rows(state.preauths.map { row(it, state.readAt) }))
                body.put(ui.text(R.string.preauths_why, Type.BODY, R.color.ink_2), top = Gap.MEDIUM)
            }
        }
        if (state.next != null) {
            second.put(ui.button(ui.string(R.string.show_older), ButtonKind.SECOND, R.id.older) { send(PreauthsMessage.More) })
        }
        foot.put(ui.button(ui.string(R.string.preauth_new), ButtonKind.MAIN, R.id.main_action) { send(PreauthsMessage.New) })
    }

    private fun row(preauth: Preauth, readAt: Long): View {
        val sale = preauth.sale
        val means = ui.cardOf(sale)
        val details = listOf(ui.moment(sale.at), ui.number(sale)).filter(String::isNotEmpty).joinToString(" · ")
        val (state, ink) = when {
            preauth.blocked != null -> preauth.blocked!!.title to R.color.owed
            else -> holdsFor(deadlineOf(sale), readAt) to R.color.info
        }
        return ui.listRow(
            ui.badge(ui.railBadge(sale.rail), railMeaning(sale.rail)),
            Line(means, Money.digits(preauth.held), R.color.ink),
            Line(details, state, ink),
            listOf(means, ui.string(R.string.spoken_yuan, Money.digits(preauth.held)), state, details),
        ) { send(PreauthsMessage.Choose(sale.id)) }
    }

    private fun holdsFor(deadline: Deadline?, readAt: Long): String = when {
        deadline == null || !deadline.certain -> ui.string(R.string.sale_held)
        else -> ui.left(deadline, readAt).let { if (it > 0) ui.string(R.string.left_short, ui.roughly(it)) else ui.string(R.string.deadline_reached) }
    }
}

/** Until when it can be taken back the same way. */
private fun deadlineOf(sale: Sale): Deadline? = (sale.wayBack as? WayBack.Void)?.deadline

class PreauthView(ui: Ui, private val send: (PreauthMessage) -> Unit, back: () -> Unit) :
    PlainScreen<PreauthState>(ui, R.string.preauth, back) {

    override fun Scaffold.fill(state: PreauthState) {
        body.putFailure(ui, state.failure)
        val preauth = state.preauth ?: return
        body.put(summary(preauth, state.readAt))
        val blocked = preauth.blocked
        if (blocked != null) {
            body.put(ui.notice(Meaning.OWED, blocked.title, blocked.nextStep), top = Gap.MEDIUM)
            body.put(ui.fineprint(blocked), top = Gap.SMALL)
        } else {
            body.put(ui.notice(Meaning.INFO, ui.string(R.string.preauth_taking), ui.string(R.string.preauth_taking_why)), top = Gap.MEDIUM)
        }
        val family = preauth.additions.map { member(it, R.string.preauth_added) } +
            listOfNotNull(preauth.completion?.let { member(it, R.string.preauth_completion) })
        if (family.isNotEmpty()) body.put(ui.rows(family), top = Gap.MEDIUM)
        actions(preauth)
    }

    private fun summary(preauth: Preauth, readAt: Long): View = ui.card {
        val sale = preauth.sale
        val sign = sign(sale.status)
        put(ui.pill(sign.icon, ui.string(sign.word), sign.meaning), width = android.widget.LinearLayout.LayoutParams.WRAP_CONTENT)
        put(ui.amount(Money.digits(if (preauth.held > 0) preauth.held else sale.amount)).apply { id = R.id.amount }, top = Gap.TINY)
        put(ui.pair(ui.rail(sale.rail), ui.cardOf(sale)))
        sale.voucher?.let { put(ui.pair(R.string.voucher, it)) }
        put(ui.pair(R.string.time, ui.longMoment(sale.at)))
        if (preauth.mostToTake > 0) put(ui.pair(R.string.preauth_most, Money.yuan(preauth.mostToTake)))
        deadlineOf(sale)?.let { put(ui.tickingPair(R.string.can_void_still, ui.timeLeft(it, readAt, color = R.color.done))) }
    }

    private fun member(sale: Sale, label: Int): View {
        val sign = sign(sale.status)
        return ui.menuRow(sign.icon, ui.string(label, Money.yuan(sale.amount)), View.NO_ID, ui.string(sign.word)) {
            send(PreauthMessage.OpenSale(sale.id))
        }
    }

    private fun Scaffold.actions(preauth: Preauth) {
        val row = ButtonRow(ui)
        if (preauth.blocked == null) {
            foot.put(ui.button(ui.string(R.string.preauth_complete), ButtonKind.MAIN, R.id.main_action) { send(PreauthMessage.Complete) })
            row.addView(ui.button(ui.string(R.string.preauth_void), ButtonKind.SECOND_VOID, R.id.take_back) { send(PreauthMessage.Void) })
            row.addView(ui.button(ui.string(R.string.preauth_add), ButtonKind.SECOND, R.id.preauth_add) { send(PreauthMessage.Add) })
        }
        row.addView(ui.button(ui.string(R.string.record), ButtonKind.SECOND, R.id.record) { send(PreauthMessage.Record) })
        second.put(row)
    }
}
