package com.voidproof.app.screens.preauth

import android.view.View
import com.voidproof.app.R
import com.voidproof.app.screens.pay.Taking
import com.voidproof.app.text.Money
import com.voidproof.app.ui.ButtonKind
import com.voidproof.app.ui.FlowView
import com.voidproof.app.ui.Gap
import com.voidproof.app.ui.Meaning
import com.voidproof.app.ui.PlainScreen
import com.voidproof.app.ui.Scaffold
import com.voidproof.app.ui.Type
import com.voidproof.app.ui.Ui
import com.voidproof.app.ui.amount
import com.voidproof.app.ui.button
import com.voidproof.app.ui.card
import com.voidproof.app.ui.cardOf
import com.voidproof.app.ui.chip
import com.voidproof.app.ui.keypad
import com.voidproof.app.ui.notice
import com.voidproof.app.ui.pair
import com.voidproof.app.ui.put
import com.voidproof.app.ui.putFailure
import com.voidproof.app.ui.taking
import com.voidproof.app.ui.text

class TakeAmountView(ui: Ui, title: Int, private val send: (TakeAmountMessage) -> Unit, back: () -> Unit) :
    PlainScreen<TakeAmountState>(ui, title, back) {

    override fun Scaffold.fill(state: TakeAmountState) {
        body.putFailure(ui, state.failure, 0)
        body.put(display(state))
        if (state.taking == Taking.COMPLETE) body.put(howMuch(state), top = Gap.MEDIUM)
        state.preauth?.blocked?.let { body.put(ui.notice(Meaning.OWED, it.title, it.nextStep), top = Gap.MEDIUM) }
        if (state.typed != null) body.put(keys(), height = if (ui.low) ui.dp(KEYS_LOW) else ui.dp(KEYS), top = Gap.MEDIUM)
        hint(state)?.let { (words, ink) ->
            body.put(ui.text(words, Type.BODY, ink).apply { if (state.tooMuch) id = R.id.failure }, top = Gap.MEDIUM)
        }
        val label = ui.string(taking(state.taking).button, Money.yuan(state.amount))
        foot.put(ui.button(label, ButtonKind.MAIN, R.id.main_action) { send(TakeAmountMessage.Next()) }.apply { isEnabled = state.ready })
        if (state.taking == Taking.COMPLETE) {
            val place = if (state.typed == null) second else body
            place.put(advice(state), top = if (state.typed == null) 0 else Gap.SMALL)
        }
    }

    private fun advice(state: TakeAmountState): View =
        ui.button(ui.string(R.string.complete_advice), ButtonKind.SECOND, R.id.advice) { send(TakeAmountMessage.Next(advice = true)) }
            .apply { isEnabled = state.ready }

    private fun display(state: TakeAmountState): View = ui.card {
        val typed = state.typed
        put(ui.text(taking(state.taking).label, Type.BODY, R.color.ink_2))
        val empty = typed != null && typed.text.isEmpty()
        val digits = if (empty) "0.00" else typed?.shown ?: Money.digits(state.amount)
        put(ui.amount(digits, if (empty) R.color.ink_2 else R.color.ink).apply { id = R.id.amount })
        state.preauth?.let { preauth ->
            if (typed == null || state.taking == Taking.ADD) {
                put(ui.pair(R.string.preauth_of, ui.cardOf(preauth.sale)))
                put(ui.pair(R.string.preauth_held, Money.yuan(preauth.held)))
            }
            if (state.taking == Taking.COMPLETE) put(ui.pair(R.string.preauth_most, Money.yuan(preauth.mostToTake)))
        }
    }

    private fun howMuch(state: TakeAmountState): View = FlowView(ui.context, ui.dp(Gap.SMALL)).apply {
        val capped = state.preauth?.run { mostToTake < held } == true
        val whole = if (capped) R.string.complete_most else R.string.complete_whole
        addView(ui.chip(ui.string(whole), state.typed == null) { send(TakeAmountMessage.Whole) }.apply { id = R.id.whole })
        addView(ui.chip(ui.string(R.string.complete_other), state.typed != null) { send(TakeAmountMessage.Other) }.apply { id = R.id.part })
    }

    private fun keys(): View = ui.keypad(
        { send(TakeAmountMessage.Digit(it)) },
        { send(TakeAmountMessage.Point) },
        { send(TakeAmountMessage.Erase) },
        { send(TakeAmountMessage.Clear) },
    )

    private fun hint(state: TakeAmountState): Pair<String, Int>? = when {
        state.tooMuch -> ui.string(R.string.complete_too_much, Money.yuan(state.preauth?.mostToTake ?: 0)) to R.color.refused
        state.taking == Taking.COMPLETE -> ui.string(R.string.complete_advice_why) to R.color.ink_2
        state.taking == Taking.HOLD -> ui.string(R.string.hold_why) to R.color.ink_2
        else -> null
    }

    private companion object {
        const val KEYS = 264
        const val KEYS_LOW = 212
    }
}
