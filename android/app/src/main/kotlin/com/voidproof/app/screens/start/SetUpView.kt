package com.voidproof.app.screens.start

import android.text.InputType
import android.view.View
import com.voidproof.app.R
import com.voidproof.app.ui.ButtonKind
import com.voidproof.app.ui.Gap
import com.voidproof.app.ui.Meaning
import com.voidproof.app.ui.Scaffold
import com.voidproof.app.ui.ScreenView
import com.voidproof.app.ui.Type
import com.voidproof.app.ui.Ui
import com.voidproof.app.ui.button
import com.voidproof.app.ui.card
import com.voidproof.app.ui.chip
import com.voidproof.app.ui.failure
import com.voidproof.app.ui.field
import com.voidproof.app.ui.notice
import com.voidproof.app.ui.pair
import com.voidproof.app.ui.put
import com.voidproof.app.ui.putFailure
import com.voidproof.app.ui.rail
import com.voidproof.app.ui.text
import com.voidproof.gateway.Language
import com.voidproof.gateway.Secret

class SetUpView(ui: Ui, private val send: (SetUpMessage) -> Unit) : ScreenView<SetUpState>(ui) {
    private val scaffold = Scaffold(ui, ui.string(R.string.set_up), null)
    override val root: View get() = scaffold
    private var step: Class<*>? = null
    private val chooser = ProfileChooser(ui, send)
    private val name = ui.field(R.string.supervisor_name, R.id.supervisor_name)
    private val pin = ui.field(R.string.supervisor_pin, R.id.supervisor_pin, PIN, secret = true)
    private val again = ui.field(R.string.supervisor_pin_again, R.id.supervisor_pin_again, PIN, secret = true)
    private val notes = ui.column()
    private val save = ui.button(ui.string(R.string.set_up_finish), ButtonKind.MAIN, R.id.main_action) {
        send(SetUpMessage.Save(name.input.text.toString(), Secret(pin.input.text), Secret(again.input.text)))
    }

    init {
        listOf(pin, again).forEach { it.input.filters = arrayOf(android.text.InputFilter.LengthFilter(SetUpPresenter.PIN_LENGTH)) }
        Language.values().forEach { language ->
            val label = ui.string(if (language == Language.ZH) R.string.chinese else R.string.english)
            scaffold.corner.put(
                ui.chip(label, ui.string(R.string.this_language) == label) { send(SetUpMessage.Speak(language)) }.apply {
                    id = if (language == Language.ZH) R.id.speak_zh else R.id.speak_en
                },
                start = Gap.TINY,
            )
        }
    }

    override fun bind(state: SetUpState) {
        if (step != state.javaClass) {
            step = state.javaClass
            scaffold.body.removeAllViews()
            scaffold.foot.removeAllViews()
            when (state) {
                is SetUpState.Profile -> scaffold.askProfile()
                is SetUpState.Supervisor -> scaffold.askSupervisor(state)
            }
        }
        notes.removeAllViews()
        when (state) {
            is SetUpState.Profile -> chooser.show(state)
            is SetUpState.Supervisor -> {
                state.trouble?.let {
                    notes.put(ui.notice(Meaning.REFUSED, ui.string(R.string.pin_not_taken), ui.string(trouble(it))), top = Gap.MEDIUM)
                }
                notes.putFailure(ui, state.failure, Gap.MEDIUM)
                save.isEnabled = !state.saving
            }
        }
    }

    private fun Scaffold.askProfile() {
        body.put(ui.text(R.string.set_up_head, if (ui.low) Type.HEAD_LOW else Type.HEAD))
        body.put(ui.text(R.string.set_up_profile, Type.LARGE, R.color.ink_2), top = Gap.SMALL)
        body.put(chooser.root)
        foot.put(chooser.read)
        foot.put(
            ui.button(ui.string(R.string.restore_copy), ButtonKind.SECOND, R.id.restore_copy) { send(SetUpMessage.FromCopy) },
            top = Gap.SMALL,
        )
    }

    private fun Scaffold.askSupervisor(state: SetUpState.Supervisor) {
        body.put(
            ui.card {
                put(ui.text(state.summary.merchantName, Type.TITLE))
                put(ui.pair(R.string.merchant_number, state.summary.merchantId), top = Gap.SMALL)
                put(ui.pair(R.string.terminal_number, state.summary.terminalId))
                put(ui.pair(R.string.takes, state.summary.rails.joinToString(" · ") { ui.rail(it) }))
            },
        )
        if (state.summary.training) {
            body.put(ui.notice(Meaning.INFO, ui.string(R.string.training_head), ui.string(R.string.training)), top = Gap.MEDIUM)
        }
        body.put(ui.text(R.string.set_up_supervisor, Type.TITLE), top = Gap.LARGE)
        body.put(ui.text(R.string.set_up_supervisor_why, Type.BODY, R.color.ink_2), top = Gap.TINY)
        body.put(name.root, top = Gap.MEDIUM)
        body.put(pin.root, top = Gap.MEDIUM)
        body.put(again.root, top = Gap.MEDIUM)
        body.put(notes)
        foot.put(save)
        foot.put(ui.button(ui.string(R.string.other_profile), ButtonKind.SECOND) { send(SetUpMessage.OtherProfile) }, top = Gap.SMALL)
    }

    private fun trouble(trouble: PinTrouble) = when (trouble) {
        PinTrouble.TOO_SHORT -> R.string.pin_six_digits
        PinTrouble.TOO_EASY -> R.string.pin_too_easy
        PinTrouble.DIFFERENT -> R.string.pin_different
    }

    private companion object {
        const val PIN = InputType.TYPE_CLASS_NUMBER or InputType.TYPE_NUMBER_VARIATION_PASSWORD
    }
}
