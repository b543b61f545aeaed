package com.voidproof.app.screens.more

import android.view.View
import com.voidproof.app.R
import com.voidproof.app.device.LicencePart
import com.voidproof.app.ui.Gap
import com.voidproof.app.ui.PlainScreen
import com.voidproof.app.ui.Scaffold
import com.voidproof.app.ui.TOUCH
import com.voidproof.app.ui.Type
import com.voidproof.app.ui.Ui
import com.voidproof.app.ui.pad
import com.voidproof.app.ui.put
import com.voidproof.app.ui.putFailure
import com.voidproof.app.ui.tappable
import com.voidproof.app.ui.text

class LicencesView(ui: Ui, private val send: (LicencesMessage) -> Unit, back: () -> Unit) :
    PlainScreen<LicencesState>(ui, R.string.licences, back) {

    override fun Scaffold.fill(state: LicencesState) {
        body.putFailure(ui, state.failure)
        val open = state.open
        when {
            open != null -> {
                body.put(ui.text("${open.name} ${open.version}", Type.LARGE_BOLD))
                body.put(ui.text(open.licence, Type.BODY, R.color.ink_2))
                body.put(ui.text(open.text, Type.SMALL), top = Gap.MEDIUM)
            }
            state.absent -> body.put(ui.text(R.string.licences_absent, Type.BODY))
            else -> {
                body.put(ui.text(R.string.licences_why, Type.BODY, R.color.ink_2), bottom = Gap.SMALL)
                state.parts.orEmpty().forEach { body.put(line(it)) }
            }
        }
    }

    private fun line(part: LicencePart): View = ui.column {
        minimumHeight = ui.dp(TOUCH)
        pad(ui, 0, Gap.TINY)
        put(ui.text("${part.name} ${part.version}", Type.BODY_BOLD))
        put(ui.text(part.licence, Type.SMALL, R.color.ink_2))
        tappable(ui, "${part.name} ${part.version}, ${part.licence}") { send(LicencesMessage.Open(part)) }
    }
}
