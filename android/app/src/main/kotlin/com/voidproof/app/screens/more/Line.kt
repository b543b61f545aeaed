package com.voidproof.app.screens.more

import com.voidproof.app.core.Effect
import com.voidproof.app.core.Presenter
import com.voidproof.app.core.Step
import com.voidproof.gateway.Explanation
import com.voidproof.gateway.Failure
import com.voidproof.gateway.Gateway
import com.voidproof.gateway.LineTest
import com.voidproof.gateway.Terminal

/** The line to the acquirer and the sign-in over it. */
data class LineState(
    val terminal: Terminal? = null,
    val test: LineTest? = null,
    /** The acquirer is asked something. */
    val asking: Boolean = false,
    /** Signing out was tapped once. */
    val signingOut: Boolean = false,
    /** Why the acquirer did not take the sign-out. */
    val refused: Explanation? = null,
    val failure: Failure? = null,
)

sealed interface LineMessage {
    data class Loaded(val terminal: Terminal) : LineMessage

    data class Failed(val failure: Failure) : LineMessage

    data object Test : LineMessage

    data class Tested(val test: LineTest) : LineMessage

    data object SignIn : LineMessage

    data object SignOut : LineMessage

    data object Stay : LineMessage

    data object SurelySignOut : LineMessage

    /** [refused]: null when it was done. */
    data class Done(val refused: Explanation?) : LineMessage
}

class LinePresenter : Presenter<LineState, LineMessage>() {
    override val initial = LineState()

    override fun shown(state: LineState) = Step(state, load())

    override fun on(state: LineState, message: LineMessage): Step<LineState, LineMessage> = when (message) {
        is LineMessage.Loaded -> Step(state.copy(terminal = message.terminal))
        is LineMessage.Failed -> Step(state.copy(asking = false, failure = message.failure), load())
        LineMessage.Test -> ask(state) { LineMessage.Tested(it.testLine()) }
        is LineMessage.Tested -> Step(state.copy(test = message.test, asking = false), load())
        LineMessage.SignIn -> ask(state) {
            it.signIn()
            LineMessage.Done(null)
        }
        LineMessage.SignOut -> Step(state.copy(signingOut = true, refused = null, test = null))
        LineMessage.Stay -> Step(state.copy(signingOut = false))
        LineMessage.SurelySignOut -> ask(state) { LineMessage.Done(it.signOut()) }
        is LineMessage.Done -> Step(state.copy(asking = false, refused = message.refused), load())
    }

    override fun back(state: LineState): Step<LineState, LineMessage> =
        if (state.signingOut) on(state, LineMessage.Stay) else Step(state, Effect.Back)

    private fun ask(state: LineState, work: suspend (Gateway) -> LineMessage): Step<LineState, LineMessage> {
        if (state.asking) return Step(state)
        val asking = state.copy(asking = true, signingOut = false, test = null, refused = null, failure = null)
        return Step(asking, Effect.Ask(LineMessage::Failed) { work(gateway) })
    }

    private fun load(): Effect<LineMessage> = Effect.Ask(LineMessage::Failed) { LineMessage.Loaded(gateway.terminal()) }
}
