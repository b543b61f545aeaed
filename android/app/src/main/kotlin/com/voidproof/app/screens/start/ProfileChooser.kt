package com.voidproof.app.screens.start

import android.graphics.Typeface
import android.text.InputType
import android.view.Gravity
import android.view.View
import android.widget.LinearLayout
import com.voidproof.app.R
import com.voidproof.app.device.FileTrouble
import com.voidproof.app.device.FoundFile
import com.voidproof.app.ui.ButtonKind
import com.voidproof.app.ui.Gap
import com.voidproof.app.ui.MaskedProfile
import com.voidproof.app.ui.Meaning
import com.voidproof.app.ui.ProfileSecrets
import com.voidproof.app.ui.Spoken
import com.voidproof.app.ui.Type
import com.voidproof.app.ui.Ui
import com.voidproof.app.ui.button
import com.voidproof.app.ui.failure
import com.voidproof.app.ui.field
import com.voidproof.app.ui.image
import com.voidproof.app.ui.notice
import com.voidproof.app.ui.pad
import com.voidproof.app.ui.put
import com.voidproof.app.ui.rows
import com.voidproof.app.ui.tappable
import com.voidproof.app.ui.text
import com.voidproof.gateway.Failure

/** A profile from a file or pasted, and what is wrong with it. */
class ProfileChooser(private val ui: Ui, private val send: (SetUpMessage) -> Unit) {
    private val profile = ui.field(
        R.string.profile,
        R.id.profile,
        InputType.TYPE_CLASS_TEXT or InputType.TYPE_TEXT_FLAG_MULTI_LINE or InputType.TYPE_TEXT_FLAG_NO_SUGGESTIONS,
        R.string.profile_hint,
        secret = true,
    )
    private val files = ui.column()
    private val notes = ui.column()

    /** Reads what was pasted. */
    val read: View = ui.button(ui.string(R.string.profile_read), ButtonKind.MAIN, R.id.main_action) {
        send(SetUpMessage.Read(profile.input.text.toString()))
    }
    val root: LinearLayout = ui.column {
        put(files)
        put(profile.root, top = Gap.LARGE)
        put(notes)
    }

    init {
        profile.input.minLines = PROFILE_LINES
        profile.input.gravity = Gravity.TOP
        profile.input.setHorizontallyScrolling(false)
        profile.input.typeface = Typeface.MONOSPACE
        profile.input.textSize = Type.SMALL.sp
        profile.input.transformationMethod = MaskedProfile()
        profile.input.accessibilityDelegate = Spoken(ProfileSecrets::masked)
    }

    fun show(state: SetUpState.Profile) {
        showFiles(state)
        notes.removeAllViews()
        wrong(state)?.let { notes.put(it.apply { id = R.id.failure }, top = Gap.MEDIUM) }
        read.isEnabled = !state.checking
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

    private companion object {
        const val PROFILE_LINES = 6
        const val ICON = 22
        const val ARROW = 18
    }
}
