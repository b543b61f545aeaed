package com.voidproof.app.screens.undo

import android.view.View
import android.widget.LinearLayout
import com.voidproof.app.R
import com.voidproof.app.screens.start.operatorLabel
import com.voidproof.app.text.Money
import com.voidproof.app.ui.ButtonKind
import com.voidproof.app.ui.FlowView
import com.voidproof.app.ui.Gap
import com.voidproof.app.ui.Meaning
import com.voidproof.app.ui.PinPad
import com.voidproof.app.ui.Scaffold
import com.voidproof.app.ui.Type
import com.voidproof.app.ui.Ui
import com.voidproof.app.ui.button
import com.voidproof.app.ui.chip
import com.voidproof.app.ui.notice
import com.voidproof.app.ui.put
import com.voidproof.app.ui.text
import com.voidproof.app.ui.wrongPin
import com.voidproof.gateway.Secret

/**
 * The consent of a supervisor, or of two people, drawn over the screen that asks for it: what is consented to stands on the button. The field survives the
 * redraws of its screen until it is left.
 */
class ApprovalView(
    private val ui: Ui,
    private val choose: (String) -> Unit,
    private val approve: (Secret) -> Unit,
) {
    private val who = FlowView(ui.context, ui.dp(Gap.SMALL))
    private val why = ui.text("", Type.LARGE, R.color.ink_2)
    private val note = ui.column()
    private var busy = false
    private var tries = 0
    private var asked = Asked.SUPERVISOR
    private val action = ui.button("", ButtonKind.VOID, R.id.approve) { approve(pin.take()) }
    private val pin: PinPad = PinPad(ui) { complete -> action.isEnabled = complete && !busy }

    /** Draws into [scaffold], which has nothing else to show meanwhile. [label]: what the button does, with the amount. */
    fun fill(scaffold: Scaffold, approving: Approving, label: String, busy: Boolean) {
        this.busy = busy
        if (tries != approving.tries || asked != approving.asked) pin.clear()
        tries = approving.tries
        asked = approving.asked
        action.text = if (asked == Asked.FIRST_OF_TWO) ui.string(R.string.consent_then_second) else label
        action.isEnabled = pin.complete && !busy
        val alone = approving.supervisors.singleOrNull()?.let { operatorLabel(it.number, it.name) } ?: ui.string(R.string.supervisor)
        why.text = when {
            asked == Asked.FIRST_OF_TWO -> ui.string(R.string.consent_first, alone)
            asked == Asked.SECOND_OF_TWO -> ui.string(R.string.consent_second)
            approving.consent.above != null -> ui.string(R.string.consent_above, Money.yuan(approving.consent.above!!), alone)
            else -> ui.string(R.string.consent_always, alone)
        }
        who.removeAllViews()
        if (approving.supervisors.size > 1 || asked == Asked.SECOND_OF_TWO) approving.supervisors.forEach { supervisor ->
            who.addView(
                ui.chip(operatorLabel(supervisor.number, supervisor.name), supervisor.number == approving.chosen) { choose(supervisor.number) },
            )
        }
        note.removeAllViews()
        if (approving.tries > 0) {
            note.put(
                ui.notice(Meaning.REFUSED, ui.string(R.string.not_approved), ui.wrongPin(approving.attemptsLeft)).apply {
                    id = R.id.failure
                    accessibilityLiveRegion = View.ACCESSIBILITY_LIVE_REGION_POLITE
                },
                top = Gap.SMALL,
            )
        }
        if (!ui.low) scaffold.body.put(ui.text(head(), Type.HEAD).apply { id = R.id.headline })
        scaffold.body.put(why.detached(), top = Gap.TINY)
        scaffold.body.put(who.detached(), top = Gap.MEDIUM)
        scaffold.body.put(note.detached())
        scaffold.body.put(pin.detached(), height = 0, weight = 1f, top = Gap.MEDIUM)
        scaffold.foot.put(action.detached())
    }

    private fun head() = when (asked) {
        Asked.SUPERVISOR -> R.string.consent_head
        Asked.FIRST_OF_TWO -> R.string.consent_head_first
        Asked.SECOND_OF_TWO -> R.string.consent_head_second
    }

    private fun <V : View> V.detached(): V = apply { (parent as? LinearLayout)?.removeView(this) }
}
