package com.voidproof.app.screens.owed

import com.voidproof.app.core.Effect
import com.voidproof.app.core.Presenter
import com.voidproof.app.core.Route
import com.voidproof.app.core.Step
import com.voidproof.app.core.Tools
import com.voidproof.app.device.PrintResult
import com.voidproof.app.device.Signal
import com.voidproof.app.screens.printSlip
import com.voidproof.gateway.Change
import com.voidproof.gateway.Copy
import com.voidproof.gateway.Failure
import com.voidproof.gateway.OwedItem
import com.voidproof.gateway.ReceiptOf
import com.voidproof.gateway.Settlement
import com.voidproof.gateway.SettlementPhase
import com.voidproof.gateway.SettlementResult

/** The end of the day: what was taken, what went back, what stands in the way. */
data class SettlementState(
    val settlement: Settlement? = null,
    val readAt: Long = 0,
    val settling: Boolean = false,
    val printing: Boolean = false,
    val printed: PrintResult? = null,
    val failure: Failure? = null,
)

sealed interface SettlementMessage {
    data class Loaded(val settlement: Settlement, val readAt: Long) : SettlementMessage

    data class Failed(val failure: Failure) : SettlementMessage

    data object Settle : SettlementMessage

    data class Choose(val item: OwedItem) : SettlementMessage

    data object Print : SettlementMessage

    data class Printed(val result: PrintResult) : SettlementMessage

    data object Finish : SettlementMessage
}

class SettlementPresenter : Presenter<SettlementState, SettlementMessage>() {
    override val initial = SettlementState()

    override fun shown(state: SettlementState) = Step(state, load { gateway.settlement() })

    override fun heard(state: SettlementState, change: Change) = shown(state)

    override fun on(state: SettlementState, message: SettlementMessage): Step<SettlementState, SettlementMessage> = when (message) {
        is SettlementMessage.Loaded -> loaded(state, message)
        is SettlementMessage.Failed -> Step(state.copy(settling = false, printing = false, failure = message.failure))
        SettlementMessage.Settle ->
            if (state.settling || state.settlement == null) {
                Step(state)
            } else {
                Step(state.copy(settling = true, failure = null), load { gateway.settle(null) })
            }
        is SettlementMessage.Choose -> Step(state, Effect.Go(message.item.undo?.let(Route::Progress) ?: Route.Owed(message.item.id)))
        SettlementMessage.Print -> print(state)
        is SettlementMessage.Printed -> Step(state.copy(printing = false, printed = message.result))
        SettlementMessage.Finish -> Step(state, Effect.Reset())
    }

    private fun load(work: suspend Tools.() -> Settlement): Effect<SettlementMessage> =
        Effect.Ask(SettlementMessage::Failed) { SettlementMessage.Loaded(work(), now()) }

    private fun loaded(state: SettlementState, message: SettlementMessage.Loaded): Step<SettlementState, SettlementMessage> {
        val settlement = message.settlement
        val running = settlement.phase != SettlementPhase.OPEN && settlement.phase != SettlementPhase.CLEARED && settlement.open.isEmpty()
        val next = state.copy(settlement = settlement, readAt = message.readAt, settling = running, failure = null)
        val before = state.settlement?.result
        if (state.settlement == null || settlement.result == before) return Step(next)
        return when (settlement.result) {
            SettlementResult.BALANCED -> Step(next, Effect.Tell(Signal.DONE))
            SettlementResult.UNKNOWN -> Step(next, Effect.Tell(Signal.OWED))
            SettlementResult.NOT_BALANCED, SettlementResult.BLOCKED -> Step(next, Effect.Tell(Signal.REFUSED))
            null -> Step(next)
        }
    }

    private fun print(state: SettlementState): Step<SettlementState, SettlementMessage> {
        val batch = state.settlement?.batch
        if (state.printing || batch == null) return Step(state)
        return Step(
            state.copy(printing = true, printed = null),
            Effect.Ask(SettlementMessage::Failed) {
                SettlementMessage.Printed(printSlip(ReceiptOf.OfSettlement(batch, Copy.MERCHANT)))
            },
        )
    }
}
