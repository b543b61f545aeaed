package com.voidproof.app.screens.rescue

import android.view.View
import com.voidproof.app.R
import com.voidproof.app.screens.undo.ApprovalView
import com.voidproof.app.text.Money
import com.voidproof.app.ui.ButtonKind
import com.voidproof.app.ui.ButtonRow
import com.voidproof.app.ui.Gap
import com.voidproof.app.ui.Meaning
import com.voidproof.app.ui.PlainScreen
import com.voidproof.app.ui.Scaffold
import com.voidproof.app.ui.Type
import com.voidproof.app.ui.Ui
import com.voidproof.app.ui.button
import com.voidproof.app.ui.card
import com.voidproof.app.ui.headline
import com.voidproof.app.ui.image
import com.voidproof.app.ui.notice
import com.voidproof.app.ui.pair
import com.voidproof.app.ui.put
import com.voidproof.app.ui.putFailure
import com.voidproof.app.ui.putRule
import com.voidproof.app.ui.text
import com.voidproof.gateway.Terminal

class RestoredView(ui: Ui, private val send: (RestoredMessage) -> Unit) : PlainScreen<RestoredState>(ui, R.string.app_name, null) {
    private val approval = ApprovalView(ui, { send(RestoredMessage.ChooseSupervisor(it)) }, { send(RestoredMessage.Approve(it)) })

    override fun Scaffold.fill(state: RestoredState) {
        val approving = state.approving
        if (approving != null) return approval.fill(this, approving, ui.string(R.string.restored_go_on), state.sending)
        body.putFailure(ui, state.failure)
        val terminal = state.terminal ?: return
        body.put(ui.headline(R.drawable.ic_restore, Meaning.OWED, ui.string(R.string.restored_head)))
        body.put(ui.text(ui.rich(R.string.restored_said), Type.LARGE, R.color.ink_2).apply { id = R.id.sentence }, top = Gap.MEDIUM)
        body.put(consequences(terminal), top = Gap.LARGE)
        body.put(ui.notice(Meaning.OWED, ui.string(R.string.restored_care_head), ui.string(R.string.restored_care, terminal.terminalId)), top = Gap.MEDIUM)
        foot.put(ui.button(ui.string(R.string.restored_go_on), ButtonKind.MAIN, R.id.main_action) { send(RestoredMessage.Confirm) })
        val row = ButtonRow(ui)
        row.addView(ui.button(ui.string(R.string.queue), ButtonKind.SECOND, R.id.menu_queue) { send(RestoredMessage.Queue) })
        row.addView(ui.button(ui.string(R.string.home_records), ButtonKind.SECOND, R.id.home_records) { send(RestoredMessage.Records) })
        second.put(row)
    }

    /** What becomes of what was in the copy. */
    private fun consequences(terminal: Terminal): View = ui.card {
        put(line(R.drawable.ic_question, R.string.restored_open))
        put(line(R.drawable.ic_person, R.string.restored_cards), top = Gap.MEDIUM)
        put(line(R.drawable.ic_forward, R.string.restored_numbers), top = Gap.MEDIUM)
        putRule(ui, top = Gap.MEDIUM)
        put(ui.pair(R.string.owed_now, ui.string(R.string.items_count, terminal.owed.count) + " · " + Money.yuan(terminal.owed.amount)))
    }

    private fun line(icon: Int, words: Int): View = ui.row {
        put(ui.image(icon, R.color.ink_2), width = ui.dp(ICON), height = ui.dp(ICON))
        put(ui.text(words, Type.BODY), width = 0, weight = 1f, start = Gap.MEDIUM)
    }

    private companion object {
        const val ICON = 22
    }
}
