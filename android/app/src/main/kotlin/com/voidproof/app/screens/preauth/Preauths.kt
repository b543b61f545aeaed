package com.voidproof.app.screens.preauth

import com.voidproof.app.core.Effect
import com.voidproof.app.core.Presenter
import com.voidproof.app.core.Route
import com.voidproof.app.core.Step
import com.voidproof.gateway.Failure
import com.voidproof.gateway.Preauth
import com.voidproof.gateway.PreauthPage

/** The pre-authorisations that hold money now. */
data class PreauthsState(
    val preauths: List<Preauth> = emptyList(),
    val next: String? = null,
    val readAt: Long = 0,
    /** Null until the first page came. */
    val found: Boolean? = null,
    val failure: Failure? = null,
)

sealed interface PreauthsMessage {
    data class Loaded(val page: PreauthPage, val more: Boolean, val readAt: Long) : PreauthsMessage

    data class Failed(val failure: Failure) : PreauthsMessage

    data object More : PreauthsMessage

    data object New : PreauthsMessage

    data class Choose(val sale: String) : PreauthsMessage
}

class PreauthsPresenter : Presenter<PreauthsState, PreauthsMessage>() {
    override val initial = PreauthsState()

    override fun shown(state: PreauthsState) = Step(state, load(null))

    override fun on(state: PreauthsState, message: PreauthsMessage): Step<PreauthsState, PreauthsMessage> = when (message) {
        is PreauthsMessage.Loaded -> Step(loaded(state, message))
        is PreauthsMessage.Failed -> Step(state.copy(failure = message.failure))
        PreauthsMessage.More -> Step(state, listOfNotNull(state.next?.let(::load)))
        PreauthsMessage.New -> Step(state, Effect.Go(Route.HoldAmount(null)))
        is PreauthsMessage.Choose -> Step(state, Effect.Go(Route.Preauth(message.sale)))
    }

    private fun loaded(state: PreauthsState, message: PreauthsMessage.Loaded): PreauthsState {
        val preauths = if (message.more) state.preauths + message.page.preauths else message.page.preauths
        return PreauthsState(preauths, message.page.next, message.readAt, preauths.isNotEmpty())
    }

    private fun load(after: String?): Effect<PreauthsMessage> = Effect.Ask(PreauthsMessage::Failed) {
        PreauthsMessage.Loaded(gateway.heldPreauths(after, PAGE), after != null, now())
    }

    private companion object {
        const val PAGE = 30
    }
}

/** One pre-authorisation: what it holds, and what can be done with it. */
data class PreauthState(val preauth: Preauth? = null, val readAt: Long = 0, val failure: Failure? = null)

sealed interface PreauthMessage {
    data class Loaded(val preauth: Preauth, val readAt: Long) : PreauthMessage

    data class Failed(val failure: Failure) : PreauthMessage

    data object Complete : PreauthMessage

    data object Add : PreauthMessage

    data object Void : PreauthMessage

    data object Record : PreauthMessage

    /** What was added, or the completion. */
    data class OpenSale(val sale: String) : PreauthMessage
}

class PreauthPresenter(private val sale: String, private val newId: () -> String) : Presenter<PreauthState, PreauthMessage>() {
    override val initial = PreauthState()

    override fun shown(state: PreauthState) =
        Step(state, Effect.Ask(PreauthMessage::Failed) { PreauthMessage.Loaded(gateway.heldPreauth(sale), now()) })

    override fun on(state: PreauthState, message: PreauthMessage): Step<PreauthState, PreauthMessage> = when (message) {
        is PreauthMessage.Loaded -> Step(PreauthState(message.preauth, message.readAt))
        is PreauthMessage.Failed -> Step(state.copy(failure = message.failure))
        PreauthMessage.Complete -> unlessBlocked(state, Route.CompleteAmount(sale))
        PreauthMessage.Add -> unlessBlocked(state, Route.HoldAmount(sale))
        PreauthMessage.Void -> unlessBlocked(state, Route.ConfirmVoid(sale, newId()))
        PreauthMessage.Record -> Step(state, Effect.Go(Route.Record(sale)))
        is PreauthMessage.OpenSale -> Step(state, Effect.Go(Route.Record(message.sale)))
    }

    private fun unlessBlocked(state: PreauthState, route: Route): Step<PreauthState, PreauthMessage> =
        if (state.preauth == null || state.preauth.blocked != null) Step(state) else Step(state, Effect.Go(route))
}
