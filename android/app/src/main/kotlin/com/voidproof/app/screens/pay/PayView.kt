package com.voidproof.app.screens.pay

import android.content.Context
import android.view.Gravity
import android.view.View
import com.voidproof.app.R
import com.voidproof.app.screens.start.takeSecret
import com.voidproof.app.text.Money
import com.voidproof.app.ui.ButtonKind
import com.voidproof.app.ui.ButtonRow
import com.voidproof.app.ui.Gap
import com.voidproof.app.ui.Meaning
import com.voidproof.app.ui.Readable
import com.voidproof.app.ui.Scaffold
import com.voidproof.app.ui.ScreenView
import com.voidproof.app.ui.SecretDigits
import com.voidproof.app.ui.Type
import com.voidproof.app.ui.Ui
import com.voidproof.app.ui.amount
import com.voidproof.app.ui.badge
import com.voidproof.app.ui.button
import com.voidproof.app.ui.headline
import com.voidproof.app.ui.image
import com.voidproof.app.ui.notice
import com.voidproof.app.ui.pad
import com.voidproof.app.ui.put
import com.voidproof.app.ui.putFailure
import com.voidproof.app.ui.rail
import com.voidproof.app.ui.railBadge
import com.voidproof.app.ui.railMeaning
import com.voidproof.app.ui.rows
import com.voidproof.app.ui.taking
import com.voidproof.app.ui.tappable
import com.voidproof.app.ui.text
import com.voidproof.gateway.Ability
import com.voidproof.gateway.CodeKind
import com.voidproof.gateway.Rail
import com.voidproof.gateway.Secret

/** [finder]: makes the view of what the camera sees; null: there is none. */
class PayView(ui: Ui, taking: Taking, finder: ((Context) -> View)?, private val send: (PayMessage) -> Unit) : ScreenView<PayState>(ui) {
    private val words = taking(taking)
    private val sameCard = taking == Taking.ADD || taking == Taking.COMPLETE
    private val scaffold = Scaffold(ui, ui.string(words.title)) { send(PayMessage.GiveUp) }
    override val root: View get() = scaffold
    private val fields = CardFields(ui)
    private val code = SecretDigits(ui, R.string.payment_code, R.id.payment_code, CODE_DIGITS, Readable.PAYMENT_CODE)
    private val scan = ScanPart(ui, finder) { send(PayMessage.Camera(it)) }
    private val told = ui.column()
    private var drawn: PayState? = null

    init {
        code.onTyped { if (it.isNotEmpty()) send(PayMessage.Typing(Secret(it))) }
    }

    override fun bind(state: PayState) {
        val before = drawn
        drawn = state
        tell(state)
        if (state.way == PayWay.CODE) scan.bind(state)
        if (before != null && before.way != state.way) forget()
        // The code is being typed or scanned: its field and the camera's picture stay.
        if (before != null && state.way == PayWay.CODE && whatIsRead(before, state) == state) return
        scaffold.refill {
            body.put(ui.amount(Money.digits(state.amount), gravity = Gravity.CENTER).apply { id = R.id.amount })
            body.put(ui.text(words.ask, Type.BODY, R.color.ink_2).apply { gravity = Gravity.CENTER })
            when {
                state.sending -> body.put(
                    ui.headline(R.drawable.ic_clock, Meaning.INFO, ui.string(R.string.pay_sending)),
                    top = Gap.LARGE,
                )
                state.way == PayWay.CARD -> askCard(state)
                state.way == PayWay.MANUAL -> askNumber(state)
                state.way == PayWay.CODE -> askCode(state)
                state.way == PayWay.SHOW -> askRail(state)
            }
            body.putFailure(ui, state.failure, Gap.LARGE)
            if (!state.sending) otherWays(state)
        }
    }

    private fun whatIsRead(before: PayState, state: PayState) =
        before.copy(code = state.code, offered = state.offered, sight = state.sight, scanner = state.scanner)

    /** Who chose another way needs what was typed no more. */
    private fun forget() {
        fields.clear()
        code.clear()
    }

    private fun Scaffold.askCard(state: PayState) {
        body.putCardPrompt(ui, state.reader, sameCard, state.certified)
        if (state.reader != PayState.Reader.WAITING && state.reader != PayState.Reader.ABSENT) {
            foot.put(ui.button(ui.string(R.string.read_again), ButtonKind.MAIN, R.id.main_action) { send(PayMessage.ReadAgain) })
        }
    }

    private fun Scaffold.askNumber(state: PayState) {
        fields.put(body, state.typedWrong)
        foot.put(ui.button(ui.string(words.button, Money.yuan(state.amount)), ButtonKind.MAIN, R.id.main_action) {
            send(PayMessage.Typed(fields.number(), fields.expiry()))
        })
    }

    private fun Scaffold.askCode(state: PayState) {
        body.put(scan.root.detached())
        body.put(told.detached())
        body.put(code.detached(), top = Gap.LARGE)
        foot.put(ui.button(ui.string(words.button, Money.yuan(state.amount)), ButtonKind.MAIN, R.id.main_action) {
            if (drawn?.offered != null) send(PayMessage.TakeOffered) else send(PayMessage.Code(code.input.takeSecret()))
        })
    }

    /** The rail at once, or why this code takes no money. */
    private fun tell(state: PayState) {
        told.removeAllViews()
        state.offered?.let { told.put(offered(it), top = Gap.MEDIUM) }
        when (val kind = state.code) {
            is CodeKind.Pays -> told.put(recognised(kind.rail), top = Gap.MEDIUM)
            is CodeKind.Other -> told.put(
                ui.notice(Meaning.REFUSED, kind.explanation.title, kind.explanation.nextStep).apply {
                    id = R.id.failure
                    accessibilityLiveRegion = View.ACCESSIBILITY_LIVE_REGION_POLITE
                },
                top = Gap.MEDIUM,
            )
            null -> Unit
        }
    }

    private fun offered(offered: PayState.Offered): View = ui.column {
        put(recognised(offered.rail))
        put(ui.notice(Meaning.OWED, ui.string(R.string.offered_code, offered.tail), ui.string(R.string.offered_why)), top = Gap.SMALL)
    }

    private fun recognised(rail: Rail): View = ui.row {
        id = R.id.rail
        background = ui.ground(R.color.surface, line = R.color.line)
        pad(ui, Gap.MEDIUM, Gap.SMALL)
        put(ui.badge(ui.railBadge(rail), railMeaning(rail)), width = ui.dp(BADGE), height = ui.dp(BADGE))
        put(ui.text(ui.string(R.string.code_of, ui.rail(rail)), Type.LARGE_BOLD), width = 0, weight = 1f, start = Gap.MEDIUM)
        put(ui.image(R.drawable.ic_check, R.color.done), width = ui.dp(CHECK), height = ui.dp(CHECK))
    }

    /** Which code is shown: it is made only after the tap. */
    private fun Scaffold.askRail(state: PayState) {
        body.put(ui.text(R.string.show_which, Type.TITLE).apply { id = R.id.headline }, top = Gap.LARGE)
        body.put(ui.text(R.string.show_why, Type.BODY, R.color.ink_2), top = Gap.TINY)
        if (state.rails.isNotEmpty()) body.put(ui.rows(state.rails.sorted().map(::railRow)), top = Gap.MEDIUM)
    }

    private fun railRow(rail: Rail): View = ui.row {
        pad(ui, Gap.LARGE, Gap.MEDIUM)
        put(ui.badge(ui.railBadge(rail), railMeaning(rail)), width = ui.dp(BADGE), height = ui.dp(BADGE))
        val label = ui.string(R.string.show_code_of, ui.rail(rail))
        put(ui.text(label, Type.LARGE_BOLD), width = 0, weight = 1f, start = Gap.MEDIUM)
        put(ui.image(R.drawable.ic_forward, R.color.ink_2), width = ui.dp(CHECK), height = ui.dp(CHECK))
        tappable(ui, label) { send(PayMessage.Show(rail)) }
    }

    private fun View.detached(): View = also { (it.parent as? android.view.ViewGroup)?.removeView(it) }

    private fun Scaffold.otherWays(state: PayState) {
        val row = ButtonRow(ui)
        val codes = state.taking == Taking.SALE && ui.can(Ability.PAYMENT_CODES)
        val shown = state.taking == Taking.SALE && ui.can(Ability.SHOWN_CODES)
        if (state.way != PayWay.CARD) row.addView(other(R.string.way_card, R.id.way_card, R.drawable.ic_card, PayWay.CARD))
        if (state.way != PayWay.CODE && codes) row.addView(other(R.string.way_code, R.id.way_code, R.drawable.ic_scan, PayWay.CODE))
        if (state.way != PayWay.SHOW && shown) row.addView(other(R.string.way_show, R.id.way_show, R.drawable.ic_qr, PayWay.SHOW))
        if (state.way != PayWay.MANUAL) row.addView(other(R.string.way_manual, R.id.way_manual, R.drawable.ic_keyboard, PayWay.MANUAL))
        second.put(row)
    }

    private fun other(label: Int, id: Int, icon: Int, way: PayWay) =
        ui.button(ui.string(label), ButtonKind.SECOND, id, icon) { send(PayMessage.Choose(way)) }

    private companion object {
        /** The longest payment code there is, and more: what is too long shows as such. */
        const val CODE_DIGITS = 32
        const val BADGE = 40
        const val CHECK = 22
    }
}
