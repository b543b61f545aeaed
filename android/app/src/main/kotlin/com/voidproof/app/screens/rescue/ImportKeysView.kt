package com.voidproof.app.screens.rescue

import android.view.View
import com.voidproof.app.R
import com.voidproof.app.screens.start.ProfileChooser
import com.voidproof.app.screens.undo.ApprovalView
import com.voidproof.app.ui.Gap
import com.voidproof.app.ui.Scaffold
import com.voidproof.app.ui.ScreenView
import com.voidproof.app.ui.Type
import com.voidproof.app.ui.Ui
import com.voidproof.app.ui.put
import com.voidproof.app.ui.putFailure
import com.voidproof.app.ui.text

class ImportKeysView(ui: Ui, private val send: (ImportKeysMessage) -> Unit, back: () -> Unit) : ScreenView<ImportKeysState>(ui) {
    private val scaffold = Scaffold(ui, ui.string(R.string.import_keys), back)
    override val root: View get() = scaffold
    private val approval = ApprovalView(ui, { send(ImportKeysMessage.ChooseSupervisor(it)) }, { send(ImportKeysMessage.Approve(it)) })
    private val chooser = ProfileChooser(ui) { send(ImportKeysMessage.Choosing(it)) }
    private val notes = ui.column()
    private var choosing = false

    override fun bind(state: ImportKeysState) {
        val approving = state.approving
        if (approving != null) {
            scaffold.refill { approval.fill(this, approving, ui.string(R.string.import_keys), state.sending) }
        } else {
            // What is pasted must not lose its field.
            if (!choosing) scaffold.refill { ask() }
            notes.removeAllViews()
            notes.putFailure(ui, state.failure, Gap.MEDIUM)
            chooser.show(state.profile)
        }
        choosing = approving == null
    }

    private fun Scaffold.ask() {
        body.put(ui.text(R.string.import_keys_head, if (ui.low) Type.HEAD_LOW else Type.HEAD).apply { id = R.id.headline })
        body.put(ui.text(ui.rich(R.string.import_keys_why), Type.LARGE, R.color.ink_2), top = Gap.SMALL)
        body.put(notes)
        body.put(chooser.root)
        foot.put(chooser.read)
    }
}
