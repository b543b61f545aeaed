package com.voidproof.app.screens.more

import android.text.InputFilter
import android.text.InputType
import android.view.View
import com.voidproof.app.R
import com.voidproof.app.screens.start.PinTrouble
import com.voidproof.app.screens.start.SetUpPresenter
import com.voidproof.app.screens.start.operatorLabel
import com.voidproof.app.screens.undo.ApprovalView
import com.voidproof.app.ui.ButtonKind
import com.voidproof.app.ui.FlowView
import com.voidproof.app.ui.Gap
import com.voidproof.app.ui.Meaning
import com.voidproof.app.ui.PlainScreen
import com.voidproof.app.ui.Scaffold
import com.voidproof.app.ui.Type
import com.voidproof.app.ui.Ui
import com.voidproof.app.ui.button
import com.voidproof.app.ui.chip
import com.voidproof.app.ui.field
import com.voidproof.app.ui.notice
import com.voidproof.app.ui.pad
import com.voidproof.app.ui.put
import com.voidproof.app.ui.putFailure
import com.voidproof.app.ui.rows
import com.voidproof.app.ui.text
import com.voidproof.gateway.Operator
import com.voidproof.gateway.Role
import com.voidproof.gateway.Secret

class OperatorsView(ui: Ui, private val send: (OperatorsMessage) -> Unit, back: () -> Unit) :
    PlainScreen<OperatorsState>(ui, R.string.operators, back) {

    private val approval = ApprovalView(ui, { send(OperatorsMessage.ChooseSupervisor(it)) }, { send(OperatorsMessage.Approve(it)) })
    private val number = ui.field(R.string.operator_number, R.id.operator_number, InputType.TYPE_CLASS_NUMBER)
    private val name = ui.field(R.string.operator_name, R.id.operator_name)
    private val pin = ui.field(R.string.operator_pin, R.id.operator_pin, PIN, secret = true)
    private val again = ui.field(R.string.supervisor_pin_again, R.id.operator_pin_again, PIN, secret = true)

    init {
        number.input.filters = arrayOf(InputFilter.LengthFilter(2))
        listOf(pin, again).forEach { it.input.filters = arrayOf(InputFilter.LengthFilter(SetUpPresenter.PIN_LENGTH)) }
    }

    override fun Scaffold.fill(state: OperatorsState) {
        val approving = state.approving
        when {
            approving != null -> approval.fill(this, approving, label(state), state.busy)
            state.adding -> add(state)
            else -> list(state)
        }
    }

    private fun label(state: OperatorsState) =
        state.disabling?.let { ui.string(R.string.operator_disable, it.number) } ?: ui.string(R.string.operator_add)

    private fun Scaffold.list(state: OperatorsState) {
        listOf(number, name, pin, again).forEach { it.input.text.clear() }
        body.putFailure(ui, state.failure)
        body.put(ui.rows(state.operators.map { row(it) }))
        body.put(ui.text(R.string.operators_why, Type.BODY, R.color.ink_2), top = Gap.MEDIUM)
        foot.put(ui.button(ui.string(R.string.operator_add), ButtonKind.MAIN, R.id.main_action) { send(OperatorsMessage.Add) })
    }

    private fun row(operator: Operator): View = ui.row {
        pad(ui, Gap.LARGE, Gap.SMALL)
        val words = ui.column {
            put(ui.text(operatorLabel(operator.number, operator.name), Type.LARGE_BOLD, if (operator.enabled) R.color.ink else R.color.ink_2))
            val role = ui.string(if (operator.role == Role.SUPERVISOR) R.string.supervisor else R.string.cashier)
            val state = if (operator.enabled) role else "$role · " + ui.string(R.string.disabled)
            put(ui.text(state, Type.SMALL, R.color.ink_2))
        }
        put(words, width = 0, weight = 1f)
        if (operator.enabled && operator.number != SetUpPresenter.FIRST_SUPERVISOR) {
            put(ui.button(ui.string(R.string.disable), ButtonKind.SECOND) { send(OperatorsMessage.Disable(operator)) }, start = Gap.SMALL)
        }
    }

    private fun Scaffold.add(state: OperatorsState) {
        body.put(
            FlowView(ui.context, ui.dp(Gap.SMALL)).apply {
                addView(ui.chip(ui.string(R.string.cashier), state.role == Role.CASHIER) { send(OperatorsMessage.Play(Role.CASHIER)) })
                addView(ui.chip(ui.string(R.string.supervisor), state.role == Role.SUPERVISOR) { send(OperatorsMessage.Play(Role.SUPERVISOR)) })
            },
        )
        listOf(number, name, pin, again).forEach { field -> body.put(field.detached(), top = Gap.MEDIUM) }
        if (state.numberWrong) wrong(R.string.operator_number_wrong)
        when (state.trouble) {
            PinTrouble.TOO_SHORT -> wrong(R.string.pin_six_digits)
            PinTrouble.TOO_EASY -> wrong(R.string.pin_too_easy)
            PinTrouble.DIFFERENT -> wrong(R.string.pin_different)
            null -> Unit
        }
        foot.put(ui.button(ui.string(R.string.operator_add), ButtonKind.MAIN, R.id.main_action) {
            val message = OperatorsMessage.Save(
                number.input.text.toString(),
                name.input.text.toString(),
                Secret(pin.input.text),
                Secret(again.input.text),
            )
            send(message)
        })
    }

    private fun Scaffold.wrong(why: Int) =
        body.put(ui.notice(Meaning.REFUSED, ui.string(R.string.did_not_work), ui.string(why)).apply { id = R.id.failure }, top = Gap.MEDIUM)

    private companion object {
        const val PIN = InputType.TYPE_CLASS_NUMBER or InputType.TYPE_NUMBER_VARIATION_PASSWORD
    }
}
