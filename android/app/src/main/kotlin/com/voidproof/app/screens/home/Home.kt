package com.voidproof.app.screens.home

import com.voidproof.app.core.Effect
import com.voidproof.app.core.Presenter
import com.voidproof.app.core.Route
import com.voidproof.app.core.Step
import com.voidproof.app.text.TypedAmount
import com.voidproof.gateway.Change
import com.voidproof.gateway.Failure
import com.voidproof.gateway.Terminal

/** The counter at rest: an amount to take, and one tap to everything else. */
data class HomeState(
    val terminal: Terminal? = null,
    /** When [terminal] was read, milliseconds since boot. */
    val readAt: Long = 0,
    val amount: TypedAmount = TypedAmount(),
    val failure: Failure? = null,
) {
    val canCharge: Boolean get() = amount.minor > 0
}

sealed interface HomeMessage {
    data class Loaded(val terminal: Terminal, val readAt: Long) : HomeMessage

    data class Failed(val failure: Failure) : HomeMessage

    data class Digit(val digit: Char) : HomeMessage

    data object Point : HomeMessage

    data object Erase : HomeMessage

    data object Clear : HomeMessage

    data object Charge : HomeMessage

    data object Resume : HomeMessage

    data object SignIn : HomeMessage

    data object SignInAsked : HomeMessage

    data class Open(val route: Route) : HomeMessage
}

class HomePresenter(private val newId: () -> String) : Presenter<HomeState, HomeMessage>() {
    override val initial = HomeState()

    override fun shown(state: HomeState) = Step(state, load())

    override fun on(state: HomeState, message: HomeMessage): Step<HomeState, HomeMessage> = when (message) {
        is HomeMessage.Loaded -> loaded(state.copy(terminal = message.terminal, readAt = message.readAt, failure = null), message.terminal)
        is HomeMessage.Failed -> Step(state.copy(failure = message.failure))
        is HomeMessage.Digit -> Step(state.copy(amount = state.amount.digit(message.digit)))
        HomeMessage.Point -> Step(state.copy(amount = state.amount.point()))
        HomeMessage.Erase -> Step(state.copy(amount = state.amount.erase()))
        HomeMessage.Clear -> Step(state.copy(amount = TypedAmount()))
        HomeMessage.Charge ->
            if (state.canCharge) {
                Step(state.copy(amount = TypedAmount()), Effect.Go(Route.Pay(state.amount.minor, newId())))
            } else {
                Step(state)
            }
        HomeMessage.Resume -> Step(state, listOfNotNull(state.terminal?.underWay?.let { Effect.Go(Route.SaleResult(it.id)) }))
        HomeMessage.SignIn -> Step(
            state,
            Effect.Ask(HomeMessage::Failed) {
                gateway.signIn()
                HomeMessage.SignInAsked
            },
        )
        HomeMessage.SignInAsked -> Step(state, load())
        is HomeMessage.Open -> Step(state, Effect.Go(message.route))
    }

    override fun heard(state: HomeState, change: Change) = Step(state, load())

    override fun save(state: HomeState) = state.amount.text

    override fun restored(saved: String) = HomeState(amount = TypedAmount.of(saved))

    /** A restored ledger takes and gives back nothing until a supervisor lets it go on. */
    private fun loaded(state: HomeState, terminal: Terminal): Step<HomeState, HomeMessage> =
        if (terminal.restored) Step(state, Effect.Root(Route.Restored)) else Step(state)

    private fun load() = Effect.Ask(HomeMessage::Failed) { HomeMessage.Loaded(gateway.terminal(), now()) }
}
