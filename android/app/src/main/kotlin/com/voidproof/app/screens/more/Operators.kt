package com.voidproof.app.screens.more

import com.voidproof.app.core.Effect
import com.voidproof.app.core.Presenter
import com.voidproof.app.core.Step
import com.voidproof.app.screens.start.PinTrouble
import com.voidproof.app.screens.start.SetUpPresenter
import com.voidproof.app.screens.undo.Approving
import com.voidproof.gateway.Approval
import com.voidproof.gateway.Change
import com.voidproof.gateway.Consent
import com.voidproof.gateway.Failure
import com.voidproof.gateway.NewOperator
import com.voidproof.gateway.Operator
import com.voidproof.gateway.Role
import com.voidproof.gateway.Secret

/** The people of this terminal; a supervisor adds and removes them. */
data class OperatorsState(
    val operators: List<Operator> = emptyList(),
    val adding: Boolean = false,
    val role: Role = Role.CASHIER,
    val trouble: PinTrouble? = null,
    /** The number is not two digits, or is taken. */
    val numberWrong: Boolean = false,
    /** Who is to be barred. */
    val disabling: Operator? = null,
    val approving: Approving? = null,
    val busy: Boolean = false,
    val failure: Failure? = null,
)

sealed interface OperatorsMessage {
    data class Loaded(val operators: List<Operator>) : OperatorsMessage

    data class Failed(val failure: Failure) : OperatorsMessage

    data object Add : OperatorsMessage

    data class Play(val role: Role) : OperatorsMessage

    class Save(val number: String, val name: String, val pin: Secret, val again: Secret) : OperatorsMessage

    data class Disable(val operator: Operator) : OperatorsMessage

    data class ChooseSupervisor(val number: String) : OperatorsMessage

    class Approve(val pin: Secret) : OperatorsMessage
}

class OperatorsPresenter : Presenter<OperatorsState, OperatorsMessage>() {
    override val initial = OperatorsState()

    /** Waits for the consent; its PIN is wiped when it was used or is no longer wanted. */
    private var waiting: NewOperator? = null

    override fun shown(state: OperatorsState) = Step(state, load())

    override fun heard(state: OperatorsState, change: Change) = Step<OperatorsState, OperatorsMessage>(state)

    override fun on(state: OperatorsState, message: OperatorsMessage): Step<OperatorsState, OperatorsMessage> = when (message) {
        is OperatorsMessage.Loaded -> Step(OperatorsState(message.operators))
        is OperatorsMessage.Failed -> failed(state, message.failure)
        OperatorsMessage.Add -> Step(state.copy(adding = true, failure = null))
        is OperatorsMessage.Play -> Step(state.copy(role = message.role))
        is OperatorsMessage.Save -> save(state, message)
        is OperatorsMessage.Disable -> Step(state.copy(disabling = message.operator, approving = asking(state)))
        is OperatorsMessage.ChooseSupervisor -> Step(state.copy(approving = state.approving?.copy(chosen = message.number)))
        is OperatorsMessage.Approve -> approve(state, message.pin)
    }

    override fun back(state: OperatorsState): Step<OperatorsState, OperatorsMessage> = when {
        state.busy -> Step(state)
        state.approving != null || state.adding -> {
            forget()
            Step(OperatorsState(state.operators))
        }
        else -> Step(state, Effect.Back)
    }

    private fun load(): Effect<OperatorsMessage> = Effect.Ask(OperatorsMessage::Failed) { OperatorsMessage.Loaded(gateway.operators()) }

    private fun asking(state: OperatorsState) =
        Approving(Consent.Supervisor(null), state.operators.filter { it.role == Role.SUPERVISOR && it.enabled })

    private fun save(state: OperatorsState, message: OperatorsMessage.Save): Step<OperatorsState, OperatorsMessage> {
        val number = message.number.trim()
        val wrong = !number.matches(NUMBER) || state.operators.any { it.number == number }
        val trouble = SetUpPresenter.trouble(message.pin, message.again)
        if (state.busy || wrong || trouble != null) return Step(state.copy(numberWrong = wrong, trouble = trouble))
        message.again.close()
        waiting = NewOperator(number, message.name.trim(), state.role, message.pin)
        return Step(state.copy(numberWrong = false, trouble = null, approving = asking(state)))
    }

    private fun approve(state: OperatorsState, pin: Secret): Step<OperatorsState, OperatorsMessage> {
        val by = state.approving?.chosen
        if (state.busy || by == null) return Step(state)
        val operator = waiting
        val barred = state.disabling
        return Step(
            state.copy(busy = true, failure = null),
            Effect.Ask(OperatorsMessage::Failed) {
                pin.use {
                    if (operator != null) gateway.addOperator(operator, Approval(by, pin))
                    if (barred != null) gateway.disableOperator(barred.number, Approval(by, pin))
                }
                forget()
                OperatorsMessage.Loaded(gateway.operators())
            },
        )
    }

    private fun failed(state: OperatorsState, failure: Failure): Step<OperatorsState, OperatorsMessage> {
        val approving = state.approving
        if (failure is Failure.WrongPin && approving != null) {
            return Step(state.copy(busy = false, approving = approving.wrong(failure.attemptsLeft)))
        }
        forget()
        return Step(OperatorsState(state.operators, failure = failure))
    }

    private fun forget() {
        waiting?.pin?.close()
        waiting = null
    }

    private companion object {
        val NUMBER = Regex("[0-9]{2}")
    }
}
