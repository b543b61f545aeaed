package com.voidproof.app.screens.start

import com.voidproof.app.core.Effect
import com.voidproof.app.core.Presenter
import com.voidproof.app.core.Step
import com.voidproof.gateway.Change
import com.voidproof.gateway.Failure
import com.voidproof.gateway.Operator
import com.voidproof.gateway.Secret
import com.voidproof.gateway.Terminal

/** Who is at the counter. */
data class LogOnState(
    val operators: List<Operator> = emptyList(),
    val chosen: String? = null,
    /** Link and what is owed are shown to anybody. */
    val terminal: Terminal? = null,
    val failure: Failure? = null,
    /** Rises with each PIN that was wrong, so that the view empties its field. */
    val tries: Int = 0,
    val asking: Boolean = false,
)

sealed interface LogOnMessage {
    data class Loaded(val operators: List<Operator>, val terminal: Terminal) : LogOnMessage

    data class Choose(val number: String) : LogOnMessage

    class Enter(val pin: Secret) : LogOnMessage

    data class Failed(val failure: Failure) : LogOnMessage

    data object Welcome : LogOnMessage
}

class LogOnPresenter : Presenter<LogOnState, LogOnMessage>() {
    override val initial = LogOnState()

    override fun shown(state: LogOnState) = Step(
        state,
        Effect.Ask(LogOnMessage::Failed) { LogOnMessage.Loaded(gateway.operators().filter(Operator::enabled), gateway.terminal()) },
    )

    override fun heard(state: LogOnState, change: Change) = if (state.asking) Step(state) else shown(state)

    override fun on(state: LogOnState, message: LogOnMessage): Step<LogOnState, LogOnMessage> = when (message) {
        is LogOnMessage.Loaded -> Step(
            state.copy(
                operators = message.operators,
                chosen = state.chosen ?: message.operators.firstOrNull()?.number,
                terminal = message.terminal,
            ),
        )
        is LogOnMessage.Choose -> if (state.asking) Step(state) else Step(state.copy(chosen = message.number, failure = null))
        is LogOnMessage.Enter -> enter(state, message.pin)
        is LogOnMessage.Failed -> Step(state.copy(failure = message.failure, tries = state.tries + 1, asking = false))
        LogOnMessage.Welcome -> Step(state, Effect.Reset())
    }

    private fun enter(state: LogOnState, pin: Secret): Step<LogOnState, LogOnMessage> {
        val number = state.chosen
        if (state.asking || number == null) return Step(state)
        return Step(
            state.copy(asking = true, failure = null),
            Effect.Ask(LogOnMessage::Failed) {
                pin.use { gateway.logOn(number, it) }
                LogOnMessage.Welcome
            },
        )
    }

    override fun save(state: LogOnState) = state.chosen.orEmpty()

    override fun restored(saved: String) = LogOnState(chosen = saved)
}

