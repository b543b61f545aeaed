package com.voidproof.app.screens.rescue

import android.text.InputFilter
import android.text.InputType
import android.view.View
import com.voidproof.app.R
import com.voidproof.app.screens.undo.ApprovalView
import com.voidproof.app.text.Money
import com.voidproof.app.ui.ButtonKind
import com.voidproof.app.ui.Gap
import com.voidproof.app.ui.Meaning
import com.voidproof.app.ui.Scaffold
import com.voidproof.app.ui.ScreenView
import com.voidproof.app.ui.Type
import com.voidproof.app.ui.Ui
import com.voidproof.app.ui.amount
import com.voidproof.app.ui.button
import com.voidproof.app.ui.card
import com.voidproof.app.ui.choice
import com.voidproof.app.ui.field
import com.voidproof.app.ui.means
import com.voidproof.app.ui.notice
import com.voidproof.app.ui.number
import com.voidproof.app.ui.onTyped
import com.voidproof.app.ui.owedKind
import com.voidproof.app.ui.put
import com.voidproof.app.ui.putFailure
import com.voidproof.app.ui.rail
import com.voidproof.app.ui.text
import com.voidproof.app.ui.undoWord
import com.voidproof.gateway.Ability

class DecideView(ui: Ui, private val send: (DecideMessage) -> Unit, back: () -> Unit) : ScreenView<DecideState>(ui) {
    private val scaffold = Scaffold(ui, ui.string(R.string.decide), back)
    override val root: View get() = scaffold
    private val approval = ApprovalView(ui, { send(DecideMessage.ChoosePerson(it)) }, { send(DecideMessage.Approve(it)) })
    private val reference = ui.field(R.string.decide_reference, R.id.reference, TEXT, R.string.decide_reference_hint)
    private val reason = ui.field(R.string.reason, R.id.clear_reason, TEXT)
    private val choices = ui.column()
    private val wrong = ui.column()
    private val next = ui.button(ui.string(R.string.decide_next), ButtonKind.MAIN, R.id.main_action) { send(DecideMessage.Confirm) }
    private var drawn: DecideState? = null

    init {
        for (input in listOf(reference.input, reason.input)) {
            input.filters = arrayOf(InputFilter.LengthFilter(DecidePresenter.LONGEST))
            input.onTyped { send(DecideMessage.Write(it)) }
        }
    }

    override fun bind(state: DecideState) {
        val before = drawn
        drawn = state
        for (input in listOf(reference.input, reason.input)) {
            if (input.text.toString() != state.reference) input.setText(state.reference)
        }
        val approving = state.approving
        val subject = state.subject
        when {
            approving != null && subject != null -> scaffold.refill { approval.fill(this, approving, label(state, subject), state.sending) }
            subject == null -> scaffold.refill { body.putFailure(ui, state.failure) }
            // What is typed must not lose its field.
            before != null && before.approving == null && before.subject == subject && before.failure == state.failure -> Unit
            else -> scaffold.refill { ask(state, subject) }
        }
        if (subject != null) refresh(state, subject)
    }

    private fun Scaffold.ask(state: DecideState, subject: Undecided) {
        body.putFailure(ui, state.failure)
        body.put(ui.text(R.string.decide_head, if (ui.low) Type.HEAD_LOW else Type.HEAD).apply { id = R.id.headline })
        body.put(ui.text(ui.rich(R.string.decide_why), Type.LARGE, R.color.ink_2), top = Gap.TINY)
        body.put(what(subject), top = Gap.LARGE)
        body.put(choices, top = Gap.MEDIUM)
        body.put(reference.detached(), top = Gap.LARGE)
        body.put(reason.detached())
        body.put(wrong)
        foot.put(next)
    }

    private fun what(subject: Undecided): View = ui.card {
        put(ui.amount(Money.digits(subject.amount)).apply { id = R.id.amount })
        val kind = subject.undo?.let(::undoWord) ?: subject.owed?.let(::owedKind) ?: R.string.sale
        val words = listOf(ui.string(kind), ui.rail(subject.sale.rail), ui.means(subject.sale), ui.number(subject.sale))
        put(ui.text(words.filter(String::isNotEmpty).joinToString(" · "), Type.BODY, R.color.ink_2))
    }

    private fun refresh(state: DecideState, subject: Undecided) {
        choices.removeAllViews()
        val offered = Decision.values().filter { it != Decision.CLEAR || subject.canClear && ui.can(Ability.CLEAR) }
        offered.forEachIndexed { i, decision ->
            val view = ui.choice(title(decision, subject), detail(decision), decision == state.decision) { send(DecideMessage.Choose(decision)) }
            choices.put(view.apply { id = ids(decision) }, top = if (i == 0) 0 else Gap.SMALL)
        }
        val clears = state.decision == Decision.CLEAR
        reference.root.visibility = if (clears) View.GONE else View.VISIBLE
        reason.root.visibility = if (clears) View.VISIBLE else View.GONE
        wrong.removeAllViews()
        if (state.referenceWrong) {
            (if (clears) reason else reference).input.requestFocus()
            val words = ui.string(if (clears) R.string.decide_reason_wrong else R.string.decide_reference_wrong)
            wrong.put(ui.notice(Meaning.REFUSED, ui.string(R.string.did_not_work), words).apply { id = R.id.failure }, top = Gap.MEDIUM)
        }
        next.isEnabled = state.decision != null && !state.sending
    }

    private fun ids(decision: Decision) = when (decision) {
        Decision.EXECUTED -> R.id.executed
        Decision.NOT_EXECUTED -> R.id.not_executed
        Decision.CLEAR -> R.id.clear
    }

    private fun title(decision: Decision, subject: Undecided): String {
        val back = subject.undo != null
        return when (decision) {
            Decision.EXECUTED -> ui.string(if (back) R.string.decide_returned else R.string.decide_paid)
            Decision.NOT_EXECUTED -> ui.string(if (back) R.string.decide_not_returned else R.string.decide_not_paid)
            Decision.CLEAR -> ui.string(R.string.decide_clear)
        }
    }

    private fun detail(decision: Decision): String? = if (decision == Decision.CLEAR) ui.string(R.string.decide_clear_means) else null

    private fun label(state: DecideState, subject: Undecided): String =
        ui.string(R.string.decide_confirm, state.decision?.let { title(it, subject) }.orEmpty(), Money.yuan(subject.amount))

    private companion object {
        const val TEXT = InputType.TYPE_CLASS_TEXT or InputType.TYPE_TEXT_FLAG_NO_SUGGESTIONS
    }
}
