package com.voidproof.app.screens.preauth

import com.voidproof.app.core.Effect
import com.voidproof.app.core.Presenter
import com.voidproof.app.core.Route
import com.voidproof.app.core.Step
import com.voidproof.app.screens.pay.Taking
import com.voidproof.app.text.TypedAmount
import com.voidproof.gateway.Failure
import com.voidproof.gateway.Preauth

/** How much is held, added or taken. */
data class TakeAmountState(
    val taking: Taking,
    /** The one that is added to or completed. */
    val preauth: Preauth? = null,
    /** Null: a completion takes all that is held. */
    val typed: TypedAmount? = null,
    val failure: Failure? = null,
) {
    val amount: Long get() = typed?.minor ?: whole

    private val whole: Long get() = preauth?.run { minOf(held, mostToTake) } ?: 0

    /** It may be gone on with. */
    val ready: Boolean
        get() = when (taking) {
            Taking.COMPLETE -> preauth != null && preauth.blocked == null && amount in 1..preauth.mostToTake
            Taking.ADD -> preauth != null && preauth.blocked == null && amount > 0
            else -> amount > 0
        }

    /** More than may be taken was typed. */
    val tooMuch: Boolean get() = taking == Taking.COMPLETE && preauth != null && amount > preauth.mostToTake
}

sealed interface TakeAmountMessage {
    data class Loaded(val preauth: Preauth) : TakeAmountMessage

    data class Failed(val failure: Failure) : TakeAmountMessage

    /** All that is held, or [TakeAmountMessage.Other]. */
    data object Whole : TakeAmountMessage

    data object Other : TakeAmountMessage

    data class Digit(val digit: Char) : TakeAmountMessage

    data object Point : TakeAmountMessage

    data object Erase : TakeAmountMessage

    data object Clear : TakeAmountMessage

    /** [advice]: the acquirer is told instead of asked. */
    data class Next(val advice: Boolean = false) : TakeAmountMessage
}

class TakeAmountPresenter private constructor(
    private val taking: Taking,
    private val preauth: String?,
    private val newId: () -> String,
) : Presenter<TakeAmountState, TakeAmountMessage>() {
    constructor(route: Route.HoldAmount, newId: () -> String) :
        this(if (route.addTo == null) Taking.HOLD else Taking.ADD, route.addTo, newId)

    constructor(route: Route.CompleteAmount, newId: () -> String) : this(Taking.COMPLETE, route.preauth, newId)

    override val initial = TakeAmountState(taking, typed = TypedAmount().takeIf { taking != Taking.COMPLETE })

    override fun shown(state: TakeAmountState): Step<TakeAmountState, TakeAmountMessage> = if (preauth == null) {
        Step(state)
    } else {
        Step(state, Effect.Ask(TakeAmountMessage::Failed) { TakeAmountMessage.Loaded(gateway.heldPreauth(preauth)) })
    }

    override fun on(state: TakeAmountState, message: TakeAmountMessage): Step<TakeAmountState, TakeAmountMessage> = when (message) {
        is TakeAmountMessage.Loaded -> Step(state.copy(preauth = message.preauth, failure = null))
        is TakeAmountMessage.Failed -> Step(state.copy(failure = message.failure))
        is TakeAmountMessage.Next -> if (state.ready) Step(state, Effect.Go(next(state, message.advice))) else Step(state)
        TakeAmountMessage.Whole -> Step(state.copy(typed = null))
        TakeAmountMessage.Other -> Step(state.copy(typed = state.typed ?: TypedAmount()))
        is TakeAmountMessage.Digit -> Step(state.copy(typed = state.typed?.digit(message.digit)))
        TakeAmountMessage.Point -> Step(state.copy(typed = state.typed?.point()))
        TakeAmountMessage.Erase -> Step(state.copy(typed = state.typed?.erase()))
        TakeAmountMessage.Clear -> Step(state.copy(typed = state.typed?.let { TypedAmount() }))
    }

    override fun save(state: TakeAmountState) = state.typed?.let { TYPED + it.text }.orEmpty()

    override fun restored(saved: String) = initial.copy(typed = TypedAmount.of(saved.removePrefix(TYPED)))

    private fun next(state: TakeAmountState, advice: Boolean): Route =
        if (taking == Taking.COMPLETE && preauth != null) {
            Route.Complete(preauth, state.amount, newId(), advice)
        } else {
            Route.Hold(state.amount, newId(), preauth)
        }

    private companion object {
        /** Tells a typed nothing from "all of it", which saves nothing. */
        const val TYPED = "="
    }
}
