package com.voidproof.app.screens.start

import android.text.InputType
import android.view.Gravity
import android.view.View
import com.voidproof.app.R
import com.voidproof.app.device.FileTrouble
import com.voidproof.app.device.FoundFile
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
import com.voidproof.app.ui.image
import com.voidproof.app.ui.notice
import com.voidproof.app.ui.pad
import com.voidproof.app.ui.pair
import com.voidproof.app.ui.put
import com.voidproof.app.ui.putFailure
import com.voidproof.app.ui.rail
import com.voidproof.app.ui.rows
import com.voidproof.app.ui.tappable
import com.voidproof.app.ui.text
import com.voidproof.gateway.Failure
import com.voidproof.gateway.Language
import com.voidproof.gateway.Secret

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
    private val files = ui.column()
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
                showFiles(state)
                wrong(state)?.let { notes.put(it.apply { id = R.id.failure }, top = Gap.MEDIUM) }
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
        body.put(files)
        body.put(profile.root, top = Gap.LARGE)
        body.put(notes)
        foot.put(read)
    }

    private fun showFiles(state: SetUpState.Profile) {
        files.removeAllViews()
        if (!state.hasFolder) return
        files.put(ui.text(R.string.profile_files, Type.BODY_BOLD), top = Gap.LARGE)
        if (state.files.isEmpty()) {
            files.put(ui.text(ui.string(R.string.profile_no_files, ui.context.packageName), Type.BODY, R.color.ink_2), top = Gap.TINY)
        } else {
            files.put(ui.rows(state.files.map { row(it, state.checking) }), top = Gap.SMALL)
        }
    }

    private fun row(file: FoundFile, checking: Boolean): View = ui.row {
        pad(ui, Gap.LARGE, Gap.MEDIUM)
        put(ui.image(R.drawable.ic_records, R.color.ink_2), width = ui.dp(ICON), height = ui.dp(ICON))
        val size = file.bytes?.let { ui.string(R.string.bytes, it.toInt()) }
        val words = ui.column {
            put(ui.text(file.name, Type.LARGE))
            size?.let { put(ui.text(it, Type.SMALL, R.color.ink_2)) }
        }
        put(words, width = 0, weight = 1f, start = Gap.MEDIUM)
        put(ui.image(R.drawable.ic_forward, R.color.ink_2, ARROW), width = ui.dp(ARROW), height = ui.dp(ARROW), start = Gap.SMALL)
        tappable(ui, listOfNotNull(file.name, size).joinToString("，")) { send(SetUpMessage.Open(file)) }
        isEnabled = !checking
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

    private fun wrong(state: SetUpState.Profile): View? {
        val failure = state.failure
        val unread = state.unread
        return when {
            unread != null -> ui.notice(Meaning.REFUSED, state.chosen.orEmpty(), ui.string(unread(unread)))
            failure is Failure.ProfileInvalid && failure.missing != null ->
                ui.notice(Meaning.OWED, ui.string(R.string.profile_needs, failure.missing!!), ui.string(R.string.profile_needs_how))
            failure is Failure.ProfileInvalid -> ui.notice(Meaning.REFUSED, ui.string(R.string.profile_wrong, where(failure, state.chosen)), failure.detail)
            failure != null -> ui.notice(Meaning.REFUSED, ui.string(R.string.did_not_work), ui.failure(failure))
            else -> null
        }
    }

    private fun where(failure: Failure.ProfileInvalid, file: String?): String {
        val place = if (failure.line > 0) ui.string(R.string.profile_at, failure.line, failure.key) else failure.key
        return if (file == null) place else ui.string(R.string.profile_in, file, place)
    }

    private fun unread(trouble: FileTrouble) = when (trouble) {
        FileTrouble.GONE -> R.string.file_gone
        FileTrouble.TOO_LARGE -> R.string.file_large
    }

    private fun trouble(trouble: PinTrouble) = when (trouble) {
        PinTrouble.TOO_SHORT -> R.string.pin_six_digits
        PinTrouble.TOO_EASY -> R.string.pin_too_easy
        PinTrouble.DIFFERENT -> R.string.pin_different
    }

    private companion object {
        const val PROFILE_LINES = 6
        const val ICON = 22
        const val ARROW = 18
        const val PIN = InputType.TYPE_CLASS_NUMBER or InputType.TYPE_NUMBER_VARIATION_PASSWORD
    }
}
