package com.voidproof.app.screens.rescue

import com.voidproof.app.core.Effect
import com.voidproof.app.core.Presenter
import com.voidproof.app.core.Route
import com.voidproof.app.core.Step
import com.voidproof.app.screens.undo.Approving
import com.voidproof.gateway.Approval
import com.voidproof.gateway.Consent
import com.voidproof.gateway.Failure
import com.voidproof.gateway.Operator
import com.voidproof.gateway.Role
import com.voidproof.gateway.Secret
import com.voidproof.gateway.Terminal

/** The ledger was put back from a copy: nothing is sent until a supervisor says that the old terminal is retired. */
data class RestoredState(
    val terminal: Terminal? = null,
    val supervisors: List<Operator> = emptyList(),
    val approving: Approving? = null,
    val sending: Boolean = false,
    val failure: Failure? = null,
)

sealed interface RestoredMessage {
    data class Loaded(val terminal: Terminal, val supervisors: List<Operator>) : RestoredMessage

    data class Failed(val failure: Failure) : RestoredMessage

    data object Confirm : RestoredMessage

    data class ChooseSupervisor(val number: String) : RestoredMessage

    class Approve(val pin: Secret) : RestoredMessage

    data object Accepted : RestoredMessage

    data object Records : RestoredMessage

    data object Queue : RestoredMessage
}

class RestoredPresenter : Presenter<RestoredState, RestoredMessage>() {
    override val initial = RestoredState()

    override fun shown(state: RestoredState) = if (state.sending) Step(state) else Step(state, load())

    override fun on(state: RestoredState, message: RestoredMessage): Step<RestoredState, RestoredMessage> = when (message) {
        is RestoredMessage.Loaded -> loaded(state, message)
        is RestoredMessage.Failed -> Step(failed(state, message.failure))
        RestoredMessage.Confirm ->
            if (state.sending || state.terminal == null) {
                Step(state)
            } else {
                Step(state.copy(approving = Approving(Consent.Supervisor(null), state.supervisors), failure = null))
            }
        is RestoredMessage.ChooseSupervisor -> Step(state.copy(approving = state.approving?.copy(chosen = message.number)))
        is RestoredMessage.Approve -> approve(state, message.pin)
        RestoredMessage.Accepted -> Step(state, Effect.Reset())
        RestoredMessage.Records -> Step(state, Effect.Go(Route.Records))
        RestoredMessage.Queue -> Step(state, Effect.Go(Route.Queue))
    }

    override fun back(state: RestoredState): Step<RestoredState, RestoredMessage> = when {
        state.sending -> Step(state)
        state.approving != null -> Step(state.copy(approving = null))
        else -> Step(state, Effect.Back)
    }

    private fun load() = Effect.Ask(RestoredMessage::Failed) {
        RestoredMessage.Loaded(gateway.terminal(), gateway.operators().filter { it.role == Role.SUPERVISOR && it.enabled })
    }

    /** Accepted by another way meanwhile: there is nothing to ask. */
    private fun loaded(state: RestoredState, message: RestoredMessage.Loaded): Step<RestoredState, RestoredMessage> {
        val next = state.copy(terminal = message.terminal, supervisors = message.supervisors, failure = null)
        return if (message.terminal.restored) Step(next) else Step(next, Effect.Reset())
    }

    private fun approve(state: RestoredState, pin: Secret): Step<RestoredState, RestoredMessage> {
        val by = state.approving?.chosen
        if (state.sending || by == null) return Step(state)
        return Step(
            state.copy(sending = true, failure = null),
            Effect.Ask(RestoredMessage::Failed) {
                pin.use { gateway.acceptRestored(Approval(by, it)) }
                RestoredMessage.Accepted
            },
        )
    }

    private fun failed(state: RestoredState, failure: Failure): RestoredState {
        val approving = state.approving
        return if (failure is Failure.WrongPin && approving != null) {
            state.copy(sending = false, approving = approving.wrong(failure.attemptsLeft))
        } else {
            state.copy(sending = false, approving = null, failure = failure)
        }
    }
}
