package com.voidproof.app.screens.undo

import android.text.InputFilter
import android.text.InputType
import android.view.Gravity
import android.view.View
import com.voidproof.app.R
import com.voidproof.app.screens.pay.CardFields
import com.voidproof.app.screens.pay.PayState
import com.voidproof.app.screens.pay.putCardPrompt
import com.voidproof.app.text.Money
import com.voidproof.app.ui.ButtonKind
import com.voidproof.app.ui.FlowView
import com.voidproof.app.ui.Gap
import com.voidproof.app.ui.Meaning
import com.voidproof.app.ui.Scaffold
import com.voidproof.app.ui.ScreenView
import com.voidproof.app.ui.Type
import com.voidproof.app.ui.Ui
import com.voidproof.app.ui.amount
import com.voidproof.app.ui.answers
import com.voidproof.app.ui.button
import com.voidproof.app.ui.card
import com.voidproof.app.ui.chip
import com.voidproof.app.ui.field
import com.voidproof.app.ui.fineprint
import com.voidproof.app.ui.notice
import com.voidproof.app.ui.onTyped
import com.voidproof.app.ui.pair
import com.voidproof.app.ui.put
import com.voidproof.app.ui.putFailure
import com.voidproof.app.ui.reason
import com.voidproof.app.ui.text
import com.voidproof.gateway.Consent
import com.voidproof.gateway.ReferencePreview
import com.voidproof.gateway.UndoReason

class ByReferenceView(ui: Ui, private val send: (ByReferenceMessage) -> Unit, back: () -> Unit) : ScreenView<ByReferenceState>(ui) {
    private val scaffold = Scaffold(ui, ui.string(R.string.by_reference), back)
    override val root: View get() = scaffold
    private val approval = ApprovalView(ui, { send(ByReferenceMessage.ChooseSupervisor(it)) }, { send(ByReferenceMessage.Approve(it)) })
    private val reference = ui.field(R.string.by_reference_number, R.id.reference, TEXT, R.string.by_reference_number_hint)
    private val date = ui.field(R.string.by_reference_date, R.id.slip_date, DIGITS, R.string.by_reference_date_hint)
    private val amount = ui.field(R.string.by_reference_amount, R.id.slip_amount, DECIMAL)
    private val fields = CardFields(ui)
    private val wrong = ui.column()
    private val look = ui.button(ui.string(R.string.next), ButtonKind.MAIN, R.id.main_action) { send(ByReferenceMessage.Look) }
    private var asking = false

    init {
        reference.input.filters = arrayOf(InputFilter.LengthFilter(REFERENCE))
        date.input.filters = arrayOf(InputFilter.LengthFilter(DATE))
        amount.input.filters = arrayOf(InputFilter.LengthFilter(AMOUNT))
        listOf(reference, date, amount).forEach { field -> field.input.onTyped { send(ByReferenceMessage.Write(words())) } }
    }

    private fun words() = SlipWords(reference.input.text.toString(), date.input.text.toString(), amount.input.text.toString())

    override fun bind(state: ByReferenceState) {
        val approving = state.approving
        val preview = state.preview
        val form = preview == null && approving == null
        if (form) {
            // What is typed must not lose its field.
            if (!asking) scaffold.refill { ask(state) }
            refresh(state)
        } else {
            scaffold.refill {
                when {
                    approving != null -> approval.fill(this, approving, label(state), state.sending)
                    state.card -> askCard(state)
                    preview != null -> confirm(state, preview)
                }
            }
        }
        asking = form
    }

    private fun label(state: ByReferenceState) = ui.string(R.string.refund_amount, Money.yuan(state.words.minor ?: 0))

    private fun Scaffold.ask(state: ByReferenceState) {
        fillIn(state.words)
        body.put(ui.text(R.string.by_reference_head, if (ui.low) Type.HEAD_LOW else Type.HEAD).apply { id = R.id.headline })
        body.put(ui.text(R.string.by_reference_why, Type.LARGE, R.color.ink_2), top = Gap.TINY)
        listOf(reference, date, amount).forEach { body.put(it.detached(), top = Gap.MEDIUM) }
        body.put(wrong)
        foot.put(look)
    }

    private fun fillIn(words: SlipWords) {
        if (words == words()) return
        reference.input.setText(words.reference)
        date.input.setText(words.date)
        amount.input.setText(words.amount)
    }

    private fun refresh(state: ByReferenceState) {
        look.isEnabled = !state.asking
        wrong.removeAllViews()
        state.wrong?.let { field ->
            val words = when (field) {
                SlipField.REFERENCE -> R.string.by_reference_number_wrong
                SlipField.DATE -> R.string.by_reference_date_wrong
                SlipField.AMOUNT -> R.string.by_reference_amount_wrong
            }
            wrong.put(ui.notice(Meaning.REFUSED, ui.string(R.string.did_not_work), ui.string(words)).apply { id = R.id.failure }, top = Gap.MEDIUM)
        }
        wrong.putFailure(ui, state.failure, Gap.MEDIUM)
    }

    private fun Scaffold.confirm(state: ByReferenceState, preview: ReferencePreview) {
        val blocked = preview.blocked
        val own = preview.sale
        body.put(summary(state, preview))
        body.putFailure(ui, state.failure, Gap.MEDIUM)
        if (own != null) {
            body.put(ui.notice(Meaning.INFO, ui.string(R.string.by_reference_own), ui.string(R.string.by_reference_own_why)), top = Gap.MEDIUM)
            foot.put(ui.button(ui.string(R.string.by_reference_own_open), ButtonKind.MAIN, R.id.main_action) { send(ByReferenceMessage.Own) })
            return
        }
        if (blocked != null) {
            body.put(ui.notice(Meaning.REFUSED, blocked.title, blocked.nextStep), top = Gap.MEDIUM)
            body.put(ui.answers(blocked), top = Gap.MEDIUM)
            body.put(ui.fineprint(blocked), top = Gap.MEDIUM)
            return
        }
        body.put(ui.text(R.string.reason, Type.BODY_BOLD), top = Gap.LARGE)
        body.put(reasons(state), top = Gap.SMALL)
        body.put(ui.notice(Meaning.INFO, ui.string(R.string.what_happens), ui.consequences(preview.consequences)), top = Gap.LARGE)
        (preview.consent as? Consent.Supervisor)?.let { body.put(ui.consentLine(it), top = Gap.MEDIUM) }
        foot.put(ui.button(label(state), ButtonKind.VOID, R.id.main_action) { send(ByReferenceMessage.AskCard) }.apply { isEnabled = !state.sending })
    }

    private fun summary(state: ByReferenceState, preview: ReferencePreview): View = ui.card {
        put(ui.amount(Money.digits(state.words.minor ?: 0)).apply { id = R.id.amount })
        put(ui.pair(R.string.reference, state.words.reference.trim()))
        put(ui.pair(R.string.by_reference_day, state.words.date.trim().run { take(2) + "-" + drop(2) }))
        preview.upTo?.let { put(ui.pair(R.string.refund_up_to, Money.yuan(it))) }
    }

    private fun reasons(state: ByReferenceState): View = FlowView(ui.context, ui.dp(Gap.SMALL)).apply {
        UndoReason.values().forEach { reason ->
            addView(ui.chip(ui.string(reason(reason)), reason == state.reason) { send(ByReferenceMessage.Choose(reason)) })
        }
    }

    private fun Scaffold.askCard(state: ByReferenceState) {
        body.put(ui.amount(Money.digits(state.words.minor ?: 0), gravity = Gravity.CENTER).apply { id = R.id.amount })
        body.put(ui.text(R.string.by_reference_card, Type.BODY, R.color.ink_2).apply { gravity = Gravity.CENTER })
        if (state.typing) {
            fields.put(body, state.typedWrong)
            foot.put(ui.button(label(state), ButtonKind.VOID, R.id.main_action) { send(ByReferenceMessage.Typed(fields.number(), fields.expiry())) })
        } else {
            body.putCardPrompt(ui, state.reader, sameCard = false, state.certified)
            if (state.reader != PayState.Reader.WAITING && state.reader != PayState.Reader.ABSENT) {
                foot.put(ui.button(ui.string(R.string.read_again), ButtonKind.MAIN, R.id.main_action) { send(ByReferenceMessage.AskCard) })
            }
            second.put(ui.button(ui.string(R.string.way_manual), ButtonKind.SECOND, R.id.way_manual, R.drawable.ic_keyboard) {
                send(ByReferenceMessage.TypeCard)
            })
        }
    }

    private companion object {
        const val TEXT = InputType.TYPE_CLASS_TEXT or InputType.TYPE_TEXT_FLAG_NO_SUGGESTIONS or InputType.TYPE_TEXT_FLAG_CAP_CHARACTERS
        const val DIGITS = InputType.TYPE_CLASS_NUMBER
        const val DECIMAL = InputType.TYPE_CLASS_NUMBER or InputType.TYPE_NUMBER_FLAG_DECIMAL
        const val REFERENCE = 12
        const val DATE = 4
        const val AMOUNT = 10
    }
}
