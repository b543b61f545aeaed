package com.voidproof.app.screens.rescue

import android.view.View
import com.voidproof.app.R
import com.voidproof.app.device.FoundFile
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
import com.voidproof.app.ui.menuRow
import com.voidproof.app.ui.notice
import com.voidproof.app.ui.pair
import com.voidproof.app.ui.put
import com.voidproof.app.ui.putFailure
import com.voidproof.app.ui.rows
import com.voidproof.app.ui.text
import com.voidproof.gateway.CopyFacts
import com.voidproof.gateway.Secret

class RestoreCopyView(ui: Ui, private val send: (RestoreCopyMessage) -> Unit, back: () -> Unit) :
    PlainScreen<RestoreCopyState>(ui, R.string.restore_copy, back) {

    private val passphrase = passphraseField(ui, R.string.passphrase, R.id.passphrase)

    override fun Scaffold.fill(state: RestoreCopyState) {
        val chosen = state.chosen
        val facts = state.facts
        when {
            chosen == null -> choose(state)
            facts == null -> ask(state, chosen)
            else -> confirm(state, facts)
        }
    }

    private fun Scaffold.choose(state: RestoreCopyState) {
        passphrase.input.text.clear()
        body.put(ui.text(R.string.restore_copy_why, Type.LARGE, R.color.ink_2))
        val files = state.files ?: return
        if (files.isEmpty()) {
            body.put(ui.text(ui.string(R.string.restore_copy_none, ui.context.packageName), Type.BODY, R.color.ink_2), top = Gap.MEDIUM)
        } else {
            body.put(ui.rows(files.map(::row)), top = Gap.MEDIUM)
        }
    }

    private fun row(file: FoundFile): View = ui.menuRow(R.drawable.ic_shield, file.name, View.NO_ID) { send(RestoreCopyMessage.Choose(file)) }

    private fun Scaffold.ask(state: RestoreCopyState, chosen: FoundFile) {
        body.put(ui.text(chosen.name, Type.BODY_BOLD))
        body.put(passphrase.detached(), top = Gap.MEDIUM)
        body.put(ui.text(R.string.restore_copy_passphrase, Type.BODY, R.color.ink_2), top = Gap.SMALL)
        if (state.gone) {
            body.put(ui.notice(Meaning.REFUSED, ui.string(R.string.did_not_work), ui.string(R.string.file_gone)).apply { id = R.id.failure }, top = Gap.MEDIUM)
        }
        body.putFailure(ui, state.failure, Gap.MEDIUM)
        val label = ui.string(if (state.busy) R.string.restore_copy_opening else R.string.restore_copy_open)
        foot.put(ui.button(label, ButtonKind.MAIN, R.id.main_action) {
            send(RestoreCopyMessage.Open(Secret(passphrase.input.text)))
        }.apply { isEnabled = !state.busy })
    }

    private fun Scaffold.confirm(state: RestoreCopyState, facts: CopyFacts) {
        passphrase.input.text.clear()
        body.put(
            ui.card {
                put(ui.text(facts.merchantName, Type.TITLE))
                put(ui.pair(R.string.merchant_number, facts.merchantId), top = Gap.SMALL)
                put(ui.pair(R.string.terminal_number, facts.terminalId))
                put(ui.pair(R.string.restore_copy_made, ui.moment(facts.made)))
                put(ui.pair(R.string.restore_copy_owed, ui.string(R.string.items_count, facts.owed)))
            },
        )
        val care = ui.notice(Meaning.OWED, ui.string(R.string.restore_copy_care_head), ui.string(R.string.restore_copy_care))
        body.put(care, top = Gap.MEDIUM)
        body.putFailure(ui, state.failure, Gap.MEDIUM)
        foot.put(ui.button(ui.string(R.string.restore_copy_take), ButtonKind.MAIN, R.id.main_action) {
            send(RestoreCopyMessage.TakeOver)
        }.apply { isEnabled = !state.busy })
    }
}
