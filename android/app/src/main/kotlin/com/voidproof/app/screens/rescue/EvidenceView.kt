package com.voidproof.app.screens.rescue

import android.graphics.Typeface
import android.view.View
import android.widget.LinearLayout
import com.voidproof.app.R
import com.voidproof.app.device.Kept
import com.voidproof.app.device.Shared
import com.voidproof.app.ui.ButtonKind
import com.voidproof.app.ui.Gap
import com.voidproof.app.ui.Meaning
import com.voidproof.app.ui.PlainScreen
import com.voidproof.app.ui.Scaffold
import com.voidproof.app.ui.Type
import com.voidproof.app.ui.Ui
import com.voidproof.app.ui.button
import com.voidproof.app.ui.card
import com.voidproof.app.ui.notice
import com.voidproof.app.ui.pill
import com.voidproof.app.ui.put
import com.voidproof.app.ui.putFailure
import com.voidproof.app.ui.text

class EvidenceView(ui: Ui, private val send: (EvidenceMessage) -> Unit, back: () -> Unit) :
    PlainScreen<EvidenceState>(ui, R.string.evidence, back) {

    override fun Scaffold.fill(state: EvidenceState) {
        body.putFailure(ui, state.failure)
        val evidence = state.evidence ?: return
        body.put(ui.text(R.string.evidence_why, Type.LARGE, R.color.ink_2))
        body.put(sound(evidence.sound), width = LinearLayout.LayoutParams.WRAP_CONTENT, top = Gap.MEDIUM)
        body.put(lines(evidence.text), top = Gap.MEDIUM)
        when (val kept = state.kept) {
            is Kept.In -> body.put(result(Meaning.DONE, R.string.evidence_kept, ui.string(R.string.evidence_kept_in, kept.folder)), top = Gap.MEDIUM)
            Kept.Failed -> body.put(result(Meaning.REFUSED, R.string.did_not_work, ui.string(R.string.evidence_not_kept)), top = Gap.MEDIUM)
            null -> Unit
        }
        val why = when (state.shared) {
            Shared.NOBODY -> R.string.evidence_nobody
            Shared.PINNED -> R.string.evidence_pinned
            Shared.CHOOSING, null -> null
        }
        if (why != null) body.put(result(Meaning.OWED, R.string.did_not_work, ui.string(why)), top = Gap.MEDIUM)
        foot.put(ui.button(ui.string(R.string.evidence_keep), ButtonKind.MAIN, R.id.main_action) { send(EvidenceMessage.Keep) }.apply {
            isEnabled = !state.keeping
        })
        second.put(ui.button(ui.string(R.string.evidence_share), ButtonKind.SECOND, R.id.share) {
            send(EvidenceMessage.Share(ui.string(R.string.evidence)))
        })
    }

    private fun sound(sound: Boolean): View =
        if (sound) {
            ui.pill(R.drawable.ic_shield, ui.string(R.string.ledger_sound), Meaning.DONE)
        } else {
            ui.pill(R.drawable.ic_exclamation, ui.string(R.string.ledger_unsound), Meaning.REFUSED)
        }

    private fun lines(lines: List<String>): View = ui.card {
        id = R.id.paper
        lines.forEach { line -> put(ui.text(line, Type.SMALL).apply { typeface = Typeface.MONOSPACE }, bottom = 2) }
    }

    private fun result(meaning: Meaning, heading: Int, words: String) = ui.notice(meaning, ui.string(heading), words).apply {
        id = R.id.kept
        accessibilityLiveRegion = View.ACCESSIBILITY_LIVE_REGION_POLITE
    }
}
