package com.voidproof.app.screens.owed

import com.voidproof.app.core.Effect
import com.voidproof.app.core.Presenter
import com.voidproof.app.core.Route
import com.voidproof.app.core.Step
import com.voidproof.app.core.Tools
import com.voidproof.app.device.PrintResult
import com.voidproof.app.device.Signal
import com.voidproof.app.screens.printSlip
import com.voidproof.app.screens.undo.Approving
import com.voidproof.gateway.Approval
import com.voidproof.gateway.Change
import com.voidproof.gateway.Consent
import com.voidproof.gateway.Copy
import com.voidproof.gateway.Failure
import com.voidproof.gateway.Operator
import com.voidproof.gateway.OwedItem
import com.voidproof.gateway.ReceiptOf
import com.voidproof.gateway.Role
import com.voidproof.gateway.Secret
import com.voidproof.gateway.Settlement
import com.voidproof.gateway.SettlementPhase
import com.voidproof.gateway.SettlementResult
import com.voidproof.gateway.Why

/** The end of the day: what was taken, what went back, what stands in the way. */
data class SettlementState(
    val settlement: Settlement? = null,
    val readAt: Long = 0,
    val settling: Boolean = false,
    /** What a supervisor may let stay behind, and what was chosen of it; null: nothing is chosen. */
    val passing: Set<String>? = null,
    val supervisors: List<Operator> = emptyList(),
    val approving: Approving? = null,
    val printing: Boolean = false,
    val printed: PrintResult? = null,
    val failure: Failure? = null,
) {
    /** What was handed to the acquirer is listed and stops nothing. */
    val inTheWay: List<OwedItem> get() = settlement?.open.orEmpty().filter { it.why != Why.ESCALATED }
}

sealed interface SettlementMessage {
    data class Loaded(val settlement: Settlement, val readAt: Long) : SettlementMessage

    data class Failed(val failure: Failure) : SettlementMessage

    data object Settle : SettlementMessage

    data class Choose(val item: OwedItem) : SettlementMessage

    /** The record of what was cleared, with its evidence. */
    data class Look(val item: OwedItem) : SettlementMessage

    /** Settle without waiting for some of them. */
    data object PassOver : SettlementMessage

    data class People(val supervisors: List<Operator>) : SettlementMessage

    data class Toggle(val item: String) : SettlementMessage

    data object GoOn : SettlementMessage

    data class ChooseSupervisor(val number: String) : SettlementMessage

    class Approve(val pin: Secret) : SettlementMessage

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
        is SettlementMessage.Failed -> Step(failed(state, message.failure))
        SettlementMessage.PassOver -> passOver(state)
        is SettlementMessage.People -> Step(state.copy(supervisors = message.supervisors))
        is SettlementMessage.Toggle -> Step(state.copy(passing = state.passing?.let { if (message.item in it) it - message.item else it + message.item }))
        SettlementMessage.GoOn ->
            if (state.settling || state.passing.isNullOrEmpty()) {
                Step(state)
            } else {
                Step(state.copy(approving = Approving(Consent.Supervisor(null), state.supervisors), failure = null))
            }
        is SettlementMessage.ChooseSupervisor -> Step(state.copy(approving = state.approving?.copy(chosen = message.number)))
        is SettlementMessage.Approve -> approve(state, message.pin)
        SettlementMessage.Settle ->
            if (state.settling || state.settlement == null) {
                Step(state)
            } else {
                Step(state.copy(settling = true, failure = null), load { gateway.settle(null) })
            }
        is SettlementMessage.Choose -> Step(state, Effect.Go(message.item.undo?.let(Route::Progress) ?: Route.Owed(message.item.id)))
        is SettlementMessage.Look -> Step(state, Effect.Go(Route.Record(message.item.sale)))
        SettlementMessage.Print -> print(state)
        is SettlementMessage.Printed -> Step(state.copy(printing = false, printed = message.result))
        SettlementMessage.Finish -> Step(state, Effect.Reset())
    }

    override fun back(state: SettlementState): Step<SettlementState, SettlementMessage> = when {
        state.settling && state.approving != null -> Step(state)
        state.approving != null -> Step(state.copy(approving = null))
        state.passing != null -> Step(state.copy(passing = null))
        else -> Step(state, Effect.Back)
    }

    private fun passOver(state: SettlementState): Step<SettlementState, SettlementMessage> {
        if (state.settling || state.inTheWay.isEmpty()) return Step(state)
        val people: Effect<SettlementMessage> = Effect.Ask(SettlementMessage::Failed) {
            SettlementMessage.People(gateway.operators().filter { it.role == Role.SUPERVISOR && it.enabled })
        }
        return Step(state.copy(passing = emptySet()), people)
    }

    private fun approve(state: SettlementState, pin: Secret): Step<SettlementState, SettlementMessage> {
        val by = state.approving?.chosen
        val chosen = state.passing
        if (state.settling || by == null || chosen.isNullOrEmpty()) return Step(state)
        return Step(state.copy(settling = true, failure = null), load { pin.use { gateway.settle(Approval(by, it), chosen) } })
    }

    private fun failed(state: SettlementState, failure: Failure): SettlementState {
        val approving = state.approving
        return if (failure is Failure.WrongPin && approving != null) {
            state.copy(settling = false, approving = approving.wrong(failure.attemptsLeft))
        } else {
            state.copy(settling = false, printing = false, approving = null, failure = failure)
        }
    }

    private fun load(work: suspend Tools.() -> Settlement): Effect<SettlementMessage> =
        Effect.Ask(SettlementMessage::Failed) { SettlementMessage.Loaded(work(), now()) }

    private fun loaded(state: SettlementState, message: SettlementMessage.Loaded): Step<SettlementState, SettlementMessage> {
        val settlement = message.settlement
        val running = settlement.phase != SettlementPhase.OPEN && settlement.phase != SettlementPhase.CLEARED && settlement.open.isEmpty()
        val settled = state.settling && state.approving != null
        val next = state.copy(
            settlement = settlement,
            readAt = message.readAt,
            settling = running,
            passing = if (settled) null else state.passing?.intersect(settlement.open.map(OwedItem::id).toSet()),
            approving = if (settled) null else state.approving,
            failure = null,
        )
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
