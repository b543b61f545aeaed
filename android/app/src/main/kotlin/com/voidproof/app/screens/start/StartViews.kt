package com.voidproof.app.screens.start

import android.text.InputType
import android.view.Gravity
import android.view.View
import android.widget.EditText
import com.voidproof.app.R
import com.voidproof.app.ui.ButtonKind
import com.voidproof.app.ui.FlowView
import com.voidproof.app.ui.Gap
import com.voidproof.app.ui.Meaning
import com.voidproof.app.ui.PinPad
import com.voidproof.app.ui.PlainScreen
import com.voidproof.app.ui.Scaffold
import com.voidproof.app.ui.ScreenView
import com.voidproof.app.ui.Type
import com.voidproof.app.ui.Ui
import com.voidproof.app.ui.button
import com.voidproof.app.ui.card
import com.voidproof.app.ui.chip
import com.voidproof.app.ui.failure
import com.voidproof.app.ui.field
import com.voidproof.app.ui.headline
import com.voidproof.app.ui.image
import com.voidproof.app.ui.linkPill
import com.voidproof.app.ui.notice
import com.voidproof.app.ui.owedPill
import com.voidproof.app.ui.pair
import com.voidproof.app.ui.put
import com.voidproof.app.ui.putFailure
import com.voidproof.app.ui.rail
import com.voidproof.app.ui.text
import com.voidproof.gateway.Failure
import com.voidproof.gateway.Language
import com.voidproof.gateway.Secret

/** The first picture after the start: no spinner, one sentence. */
class OpeningView(ui: Ui) : ScreenView<Unit>(ui) {
    override val root: View = ui.column {
        gravity = Gravity.CENTER
        setBackgroundColor(ui.color(R.color.ground))
        put(ui.image(R.drawable.ic_launcher_mark, R.color.done, MARK), width = ui.dp(MARK), height = ui.dp(MARK), gravity = Gravity.CENTER)
        put(ui.text(R.string.app_name, Type.HEAD).apply { gravity = Gravity.CENTER }, top = Gap.LARGE)
        put(ui.text(R.string.opening, Type.LARGE, R.color.ink_2).apply { gravity = Gravity.CENTER }, top = Gap.SMALL)
    }

    override fun bind(state: Unit) = Unit

    private companion object {
        const val MARK = 72
    }
}

class BrokenView(ui: Ui, private val send: (BrokenMessage) -> Unit) : PlainScreen<BrokenState>(ui, R.string.app_name, null) {
    override fun Scaffold.fill(state: BrokenState) {
        body.put(ui.headline(R.drawable.ic_exclamation, Meaning.REFUSED, ui.string(R.string.broken_head)))
        body.put(ui.text(ui.failure(state.failure), Type.LARGE), top = Gap.LARGE)
        body.put(ui.notice(Meaning.INFO, ui.string(R.string.do_now), ui.string(advice(state.failure))), top = Gap.LARGE)
        if (state.owed) {
            body.put(ui.notice(Meaning.OWED, ui.string(R.string.broken_owed_head), ui.string(R.string.broken_owed)), top = Gap.MEDIUM)
        }
        detail(state.failure)?.let { body.put(ui.text(it, Type.SMALL, R.color.ink_2), top = Gap.LARGE) }
        foot.put(ui.button(ui.string(R.string.try_again), ButtonKind.MAIN, R.id.main_action) { send(BrokenMessage.TryAgain) })
    }

    private fun advice(failure: Failure) = when (failure) {
        Failure.DiskFull -> R.string.advice_disk
        Failure.ReadOnly -> R.string.advice_read_only
        Failure.LedgerNewer -> R.string.advice_newer
        Failure.HomeInUse -> R.string.advice_in_use
        is Failure.LedgerCorrupt -> R.string.advice_corrupt
        is Failure.KeysLost -> R.string.advice_keys
        else -> R.string.advice_internal
    }

    private fun detail(failure: Failure): String? = when (failure) {
        is Failure.LedgerCorrupt -> failure.detail
        is Failure.KeysLost -> failure.detail
        is Failure.Internal -> failure.detail
        else -> null
    }?.takeIf(String::isNotEmpty)
}

class SetUpView(ui: Ui, private val send: (SetUpMessage) -> Unit) : ScreenView<SetUpState>(ui) {
    private val scaffold = Scaffold(ui, ui.string(R.string.set_up), null)
    override val root: View get() = scaffold
    private var step: Class<*>? = null
    private val profile = ui.field(
        R.string.profile,
        R.id.profile,
        InputType.TYPE_CLASS_TEXT or InputType.TYPE_TEXT_FLAG_MULTI_LINE or InputType.TYPE_TEXT_FLAG_NO_SUGGESTIONS,
        R.string.profile_hint,
        secret = true,
    )
    private val name = ui.field(R.string.supervisor_name, R.id.supervisor_name)
    private val pin = ui.field(R.string.supervisor_pin, R.id.supervisor_pin, PIN, secret = true)
    private val again = ui.field(R.string.supervisor_pin_again, R.id.supervisor_pin_again, PIN, secret = true)
    private val notes = ui.column()
    private val read = ui.button(ui.string(R.string.profile_read), ButtonKind.MAIN, R.id.main_action) {
        send(SetUpMessage.Read(profile.input.text.toString()))
    }
    private val save = ui.button(ui.string(R.string.set_up_finish), ButtonKind.MAIN, R.id.main_action) {
        send(SetUpMessage.Save(name.input.text.toString(), Secret(pin.input.text), Secret(again.input.text)))
    }

    init {
        profile.input.minLines = PROFILE_LINES
        profile.input.gravity = Gravity.TOP
        profile.input.setHorizontallyScrolling(false)
        profile.input.typeface = android.graphics.Typeface.MONOSPACE
        profile.input.textSize = Type.SMALL.sp
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
            is SetUpState.Profile -> {
                state.failure?.let { notes.put(profileFailure(it), top = Gap.MEDIUM) }
                read.isEnabled = !state.checking
            }
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
        body.put(profile.root, top = Gap.LARGE)
        body.put(notes)
        foot.put(read)
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

    private fun profileFailure(failure: Failure): View = if (failure is Failure.ProfileInvalid) {
        val where = if (failure.line > 0) ui.string(R.string.profile_at, failure.line, failure.key) else failure.key
        ui.notice(Meaning.REFUSED, ui.string(R.string.profile_wrong, where), failure.detail)
    } else {
        ui.notice(Meaning.REFUSED, ui.string(R.string.did_not_work), ui.failure(failure))
    }.apply { id = R.id.failure }

    private fun trouble(trouble: PinTrouble) = when (trouble) {
        PinTrouble.TOO_SHORT -> R.string.pin_six_digits
        PinTrouble.TOO_EASY -> R.string.pin_too_easy
        PinTrouble.DIFFERENT -> R.string.pin_different
    }

    private companion object {
        const val PROFILE_LINES = 6
        const val PIN = InputType.TYPE_CLASS_NUMBER or InputType.TYPE_NUMBER_VARIATION_PASSWORD
    }
}

class LogOnView(ui: Ui, private val send: (LogOnMessage) -> Unit) : ScreenView<LogOnState>(ui) {
    private val scaffold = Scaffold(ui, ui.string(R.string.log_on), null)
    override val root: View get() = scaffold
    private val who = FlowView(ui.context, ui.dp(Gap.SMALL))
    private val note = ui.column()
    private val main = ui.button(ui.string(R.string.log_on), ButtonKind.MAIN, R.id.main_action) { send(LogOnMessage.Enter(pad.take())) }
    private val pad: PinPad = PinPad(ui) { update(it) }
    private var tries = 0
    private var asking = false

    init {
        scaffold.body.put(ui.text(R.string.log_on_who, Type.BODY_BOLD))
        scaffold.body.put(who, top = Gap.SMALL)
        if (!ui.low) scaffold.body.put(ui.text(R.string.pin_of_operator, Type.BODY_BOLD), top = Gap.LARGE)
        scaffold.body.put(note)
        scaffold.body.put(pad, height = 0, weight = 1f, top = Gap.SMALL)
        scaffold.foot.put(main)
    }

    private fun update(complete: Boolean) {
        main.isEnabled = complete && !asking
    }

    override fun bind(state: LogOnState) {
        asking = state.asking
        if (tries != state.tries) pad.clear()
        tries = state.tries
        who.removeAllViews()
        state.operators.forEach { operator ->
            who.addView(ui.chip(operatorLabel(operator.number, operator.name), operator.number == state.chosen) {
                send(LogOnMessage.Choose(operator.number))
            })
        }
        note.removeAllViews()
        note.putFailure(ui, state.failure, Gap.SMALL)
        scaffold.corner.removeAllViews()
        state.terminal?.let { terminal ->
            scaffold.corner.put(ui.linkPill(terminal.link))
            if (terminal.owed.count > 0) scaffold.corner.put(ui.owedPill(terminal.owed.count).apply { id = R.id.owed }, start = Gap.TINY)
        }
        update(pad.complete)
    }
}

/** `00 · 王店长` */
fun operatorLabel(number: String, name: String) = if (name.isEmpty()) number else "$number · $name"

/** The characters of a field as a secret, and the field empty. */
fun EditText.takeSecret(): Secret = Secret(text).also { text.clear() }
