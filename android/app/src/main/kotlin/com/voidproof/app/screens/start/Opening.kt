package com.voidproof.app.screens.start

import com.voidproof.app.core.Effect
import com.voidproof.app.core.Presenter
import com.voidproof.app.core.Route
import com.voidproof.app.core.Step
import com.voidproof.gateway.Change
import com.voidproof.gateway.CoreState
import com.voidproof.gateway.Failure

/** While the core opens; what comes next is the session's business. */
class OpeningPresenter : Presenter<Unit, Nothing>() {
    override val initial = Unit

    override fun shown(state: Unit) = Step<Unit, Nothing>(state)

    override fun on(state: Unit, message: Nothing) = Step<Unit, Nothing>(state)

    override fun heard(state: Unit, change: Change) = Step<Unit, Nothing>(state)
}

data class BrokenState(val failure: Failure, val owed: Boolean)

sealed interface BrokenMessage {
    data object TryAgain : BrokenMessage

    data object ImportKeys : BrokenMessage
}

/** The ledger cannot be used. Offers what helps, and never to clear anything. */
class BrokenPresenter(broken: CoreState.Broken?) : Presenter<BrokenState, BrokenMessage>() {
    override val initial = BrokenState(broken?.failure ?: Failure.Internal(""), broken?.owed ?: true)

    override fun shown(state: BrokenState) = Step<BrokenState, BrokenMessage>(state)

    override fun on(state: BrokenState, message: BrokenMessage) = when (message) {
        BrokenMessage.TryAgain -> Step<BrokenState, BrokenMessage>(state, Effect.Reopen)
        BrokenMessage.ImportKeys -> Step(state, Effect.Go(Route.ImportKeys))
    }

    override fun heard(state: BrokenState, change: Change) = shown(state)
}
