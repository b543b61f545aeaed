package com.voidproof.app.screens.pay

import android.text.InputFilter
import android.text.InputType
import android.view.Gravity
import android.view.View
import android.widget.ImageView
import com.voidproof.app.R
import com.voidproof.app.screens.start.takeSecret
import com.voidproof.app.text.Money
import com.voidproof.app.ui.ButtonKind
import com.voidproof.app.ui.ButtonRow
import com.voidproof.app.ui.Gap
import com.voidproof.app.ui.Meaning
import com.voidproof.app.ui.Scaffold
import com.voidproof.app.ui.ScreenView
import com.voidproof.app.ui.Type
import com.voidproof.app.ui.Ui
import com.voidproof.app.ui.amount
import com.voidproof.app.ui.button
import com.voidproof.app.ui.card
import com.voidproof.app.ui.field
import com.voidproof.app.ui.headline
import com.voidproof.app.ui.notice
import com.voidproof.app.ui.put
import com.voidproof.app.ui.putFailure
import com.voidproof.app.ui.taking
import com.voidproof.app.ui.text
import com.voidproof.gateway.Ability

class PayView(ui: Ui, taking: Taking, private val send: (PayMessage) -> Unit) : ScreenView<PayState>(ui) {
    private val words = taking(taking)
    private val sameCard = taking == Taking.ADD || taking == Taking.COMPLETE
    private val scaffold = Scaffold(ui, ui.string(words.title)) { send(PayMessage.GiveUp) }
    override val root: View get() = scaffold
    private val number = ui.field(R.string.card_number, R.id.card_number, DIGITS, secret = true)
    private val expiry = ui.field(R.string.card_expiry, R.id.card_expiry, DIGITS, R.string.card_expiry_hint, secret = true)
    private val code = ui.field(R.string.payment_code, R.id.payment_code, DIGITS, secret = true)
    private var drawn: PayState? = null

    init {
        number.input.filters = arrayOf(InputFilter.LengthFilter(CARD_DIGITS))
        expiry.input.filters = arrayOf(InputFilter.LengthFilter(EXPIRY_DIGITS))
    }

    override fun bind(state: PayState) {
        drawn = state
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
                state.way == PayWay.CODE -> askCode()
            }
            body.putFailure(ui, state.failure, Gap.LARGE)
            if (!state.sending) otherWays(state)
        }
    }

    private fun Scaffold.askCard(state: PayState) {
        val waiting = state.reader == PayState.Reader.WAITING
        body.put(
            ui.card {
                gravity = Gravity.CENTER
                setPadding(ui.dp(Gap.LARGE), ui.dp(ART_PAD), ui.dp(Gap.LARGE), ui.dp(ART_PAD))
                put(art(if (waiting) Meaning.INFO else Meaning.OWED, if (waiting) R.drawable.ic_tap else R.drawable.ic_card))
                put(ui.text(prompt(state.reader), Type.TITLE).apply {
                    id = R.id.headline
                    gravity = Gravity.CENTER
                    accessibilityLiveRegion = View.ACCESSIBILITY_LIVE_REGION_POLITE
                }, top = Gap.MEDIUM)
                put(ui.text(hint(state.reader), Type.BODY, R.color.ink_2).apply { gravity = Gravity.CENTER }, top = Gap.TINY)
            },
            top = Gap.LARGE,
        )
        if (!waiting && state.reader != PayState.Reader.ABSENT) {
            foot.put(ui.button(ui.string(R.string.read_again), ButtonKind.MAIN, R.id.main_action) { send(PayMessage.ReadAgain) })
        }
    }

    private fun art(meaning: Meaning, icon: Int) = ImageView(ui.context).apply {
        setImageDrawable(ui.icon(icon, meaning.ink))
        background = ui.ground(meaning.ground, ART / 2f)
        val inset = ui.dp(ART / 4)
        setPadding(inset, inset, inset, inset)
        importantForAccessibility = View.IMPORTANT_FOR_ACCESSIBILITY_NO
        layoutParams = android.widget.LinearLayout.LayoutParams(ui.dp(ART), ui.dp(ART))
    }.let { image -> ui.row { gravity = Gravity.CENTER; addView(image) } }

    private fun Scaffold.askNumber(state: PayState) {
        body.put(number.detached(), top = Gap.LARGE)
        body.put(expiry.detached(), top = Gap.MEDIUM)
        if (state.typedWrong) {
            body.put(
                ui.notice(Meaning.REFUSED, ui.string(R.string.card_typed_wrong), ui.string(R.string.card_typed_wrong_why)).apply { id = R.id.failure },
                top = Gap.MEDIUM,
            )
        }
        foot.put(ui.button(ui.string(words.button, Money.yuan(state.amount)), ButtonKind.MAIN, R.id.main_action) {
            send(PayMessage.Typed(Secret(number.input), Secret(expiry.input)))
        })
    }

    private fun Scaffold.askCode() {
        body.put(code.detached(), top = Gap.LARGE)
        foot.put(ui.button(ui.string(R.string.charge_amount, Money.yuan(drawn!!.amount)), ButtonKind.MAIN, R.id.main_action) {
            send(PayMessage.Code(code.input.takeSecret()))
        })
    }

    private fun Secret(input: android.widget.EditText) = com.voidproof.gateway.Secret(input.text)

    private fun Scaffold.otherWays(state: PayState) {
        val row = ButtonRow(ui)
        if (state.way != PayWay.CARD) row.addView(other(R.string.way_card, R.id.way_card, R.drawable.ic_card, PayWay.CARD))
        if (state.way != PayWay.CODE && state.taking == Taking.SALE && ui.can(Ability.PAYMENT_CODES)) row.addView(other(R.string.way_code, R.id.way_code, R.drawable.ic_scan, PayWay.CODE))
        if (state.way != PayWay.MANUAL) row.addView(other(R.string.way_manual, R.id.way_manual, R.drawable.ic_keyboard, PayWay.MANUAL))
        second.put(row)
    }

    private fun other(label: Int, id: Int, icon: Int, way: PayWay) =
        ui.button(ui.string(label), ButtonKind.SECOND, id, icon) { send(PayMessage.Choose(way)) }

    private fun prompt(reader: PayState.Reader) = when (reader) {
        PayState.Reader.WAITING -> if (sameCard) R.string.present_same_card else R.string.present_card
        PayState.Reader.ABSENT -> R.string.reader_absent
        PayState.Reader.UNREADABLE -> R.string.reader_unreadable
        PayState.Reader.REMOVED_EARLY -> R.string.reader_early
        PayState.Reader.TWO_CARDS -> R.string.reader_two
        PayState.Reader.PIN_CANCELLED -> R.string.reader_pin
        PayState.Reader.BROKEN -> R.string.reader_broken
    }

    private fun hint(reader: PayState.Reader) = when (reader) {
        PayState.Reader.WAITING -> R.string.present_card_hint
        PayState.Reader.ABSENT, PayState.Reader.BROKEN -> R.string.reader_absent_hint
        PayState.Reader.PIN_CANCELLED -> R.string.reader_pin_hint
        else -> R.string.reader_again_hint
    }

    private companion object {
        const val DIGITS = InputType.TYPE_CLASS_NUMBER
        const val CARD_DIGITS = 19
        const val EXPIRY_DIGITS = 4
        const val ART = 88
        const val ART_PAD = 28
    }
}
