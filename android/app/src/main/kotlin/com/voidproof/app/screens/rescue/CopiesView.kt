package com.voidproof.app.screens.rescue

import android.text.InputFilter
import android.text.InputType
import android.view.View
import com.voidproof.app.R
import com.voidproof.app.device.CopyVolume
import com.voidproof.app.screens.undo.ApprovalView
import com.voidproof.app.text.moment
import com.voidproof.app.ui.ButtonKind
import com.voidproof.app.ui.Gap
import com.voidproof.app.ui.Meaning
import com.voidproof.app.ui.PlainScreen
import com.voidproof.app.ui.Scaffold
import com.voidproof.app.ui.Type
import com.voidproof.app.ui.Ui
import com.voidproof.app.ui.button
import com.voidproof.app.ui.card
import com.voidproof.app.ui.choice
import com.voidproof.app.ui.field
import com.voidproof.app.ui.notice
import com.voidproof.app.ui.pair
import com.voidproof.app.ui.put
import com.voidproof.app.ui.putFailure
import com.voidproof.app.ui.text
import com.voidproof.gateway.Copies
import com.voidproof.gateway.Secret

class CopiesView(ui: Ui, private val send: (CopiesMessage) -> Unit, back: () -> Unit) : PlainScreen<CopiesState>(ui, R.string.copies, back) {
    private val approval = ApprovalView(ui, { send(CopiesMessage.ChooseSupervisor(it)) }, { send(CopiesMessage.Approve(it)) })
    private val passphrase = passphraseField(ui, R.string.passphrase, R.id.passphrase)
    private val again = passphraseField(ui, R.string.passphrase_again, R.id.passphrase_again)

    override fun Scaffold.fill(state: CopiesState) {
        val approving = state.approving
        val label = ui.string(if (state.asking) R.string.copies_begin else R.string.copies_end)
        when {
            approving != null -> approval.fill(this, approving, label, state.busy)
            state.asking -> ask(state)
            else -> tell(state)
        }
    }

    private fun Scaffold.ask(state: CopiesState) {
        body.put(ui.text(R.string.passphrase_why, Type.LARGE, R.color.ink_2))
        body.put(passphrase.detached(), top = Gap.MEDIUM)
        body.put(again.detached(), top = Gap.MEDIUM)
        body.put(ui.text(R.string.passphrase_rule, Type.BODY, R.color.ink_2), top = Gap.SMALL)
        state.trouble?.let {
            val why = if (it == PassphraseTrouble.TOO_SHORT) R.string.passphrase_short else R.string.passphrase_different
            body.put(ui.notice(Meaning.REFUSED, ui.string(R.string.did_not_work), ui.string(why)).apply { id = R.id.failure }, top = Gap.MEDIUM)
        }
        body.putFailure(ui, state.failure, Gap.MEDIUM)
        foot.put(ui.button(ui.string(R.string.copies_begin), ButtonKind.MAIN, R.id.main_action) {
            send(CopiesMessage.Save(Secret(passphrase.input.text), Secret(again.input.text)))
        })
    }

    private fun Scaffold.tell(state: CopiesState) {
        listOf(passphrase, again).forEach { it.input.text.clear() }
        body.putFailure(ui, state.failure)
        val copies = state.copies ?: return
        body.put(ui.text(R.string.copies_why, Type.LARGE, R.color.ink_2))
        body.put(facts(copies), top = Gap.MEDIUM)
        copies.failed?.takeIf { state.failure == null }?.let {
            body.put(ui.notice(Meaning.OWED, it.title, it.nextStep).apply { id = R.id.failure }, top = Gap.MEDIUM)
        }
        body.put(ui.text(R.string.copies_where, Type.BODY_BOLD), top = Gap.LARGE)
        if (state.volumes.isEmpty()) body.put(ui.text(R.string.copies_nowhere, Type.BODY, R.color.ink_2), top = Gap.TINY)
        state.volumes.forEach { body.put(volume(it, it == state.chosen), top = Gap.SMALL) }
        val main = if (copies.on) R.string.copies_now else R.string.copies_begin
        foot.put(ui.button(ui.string(main), ButtonKind.MAIN, R.id.main_action) {
            send(if (copies.on) CopiesMessage.Now else CopiesMessage.Begin)
        }.apply { isEnabled = !state.busy })
        if (copies.on) {
            foot.put(ui.button(ui.string(R.string.copies_end), ButtonKind.SECOND, R.id.copies_end) { send(CopiesMessage.End) }, top = Gap.SMALL)
        }
    }

    private fun facts(copies: Copies): View = ui.card {
        put(ui.pair(R.string.copies, ui.string(if (copies.on) R.string.copies_on else R.string.copies_off)))
        put(ui.pair(R.string.copies_last, copies.last?.let(ui::moment) ?: ui.string(R.string.none_yet)))
        if (copies.on) put(ui.pair(R.string.copies_since, ui.string(if (copies.due) R.string.copies_due else R.string.copies_same)))
        copies.failedAt?.let { put(ui.pair(R.string.copies_failed_at, ui.moment(it), R.color.owed)) }
    }

    private fun volume(volume: CopyVolume, chosen: Boolean): View {
        val (title, detail) = when {
            volume.removable -> R.string.copies_card to R.string.copies_card_why
            else -> R.string.copies_storage to R.string.copies_storage_why
        }
        return ui.choice(ui.string(title), ui.string(detail), chosen) { send(CopiesMessage.Keep(volume)) }
    }
}

internal fun passphraseField(ui: Ui, label: Int, id: Int) =
    ui.field(label, id, InputType.TYPE_CLASS_TEXT or InputType.TYPE_TEXT_VARIATION_PASSWORD, secret = true).apply {
        input.filters = arrayOf(InputFilter.LengthFilter(CopiesPresenter.LONGEST))
    }
