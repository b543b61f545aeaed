package com.voidproof.app.screens.records

import com.voidproof.app.core.Effect
import com.voidproof.app.core.Presenter
import com.voidproof.app.core.Route
import com.voidproof.app.core.Step
import com.voidproof.app.device.PrintResult
import com.voidproof.app.screens.printSlip
import com.voidproof.gateway.Change
import com.voidproof.gateway.Copy
import com.voidproof.gateway.Explanation
import com.voidproof.gateway.Failure
import com.voidproof.gateway.Rail
import com.voidproof.gateway.ReceiptLine
import com.voidproof.gateway.ReceiptOf
import com.voidproof.gateway.SaleRecord
import com.voidproof.gateway.WayBack

/** One sale with all that happened to it. */
data class RecordState(val record: SaleRecord? = null, val readAt: Long = 0, val failure: Failure? = null)

sealed interface RecordMessage {
    data class Loaded(val record: SaleRecord, val readAt: Long) : RecordMessage

    data class Failed(val failure: Failure) : RecordMessage

    data object TakeBack : RecordMessage

    data object Slip : RecordMessage

    data class OpenUndo(val id: String) : RecordMessage

    data class OpenSale(val id: String) : RecordMessage

    data object Evidence : RecordMessage

    data class OpenPreauth(val id: String) : RecordMessage

    data object Explain : RecordMessage
}

class RecordPresenter(private val sale: String, private val newId: () -> String) : Presenter<RecordState, RecordMessage>() {
    override val initial = RecordState()

    override fun shown(state: RecordState) = Step(
        state,
        Effect.Ask(RecordMessage::Failed) { RecordMessage.Loaded(gateway.record(sale), now()) },
    )

    override fun heard(state: RecordState, change: Change) = shown(state)

    override fun on(state: RecordState, message: RecordMessage): Step<RecordState, RecordMessage> = when (message) {
        is RecordMessage.Loaded -> Step(RecordState(message.record, message.readAt))
        is RecordMessage.Failed -> Step(state.copy(failure = message.failure))
        RecordMessage.TakeBack -> Step(state, listOfNotNull(wayBack(state)))
        RecordMessage.Slip -> Step(state, Effect.Go(Route.Slip(ReceiptOf.OfSale(sale, Copy.CUSTOMER))))
        is RecordMessage.OpenUndo -> Step(state, Effect.Go(Route.Progress(message.id)))
        is RecordMessage.OpenSale -> Step(state, Effect.Go(Route.Record(message.id)))
        RecordMessage.Evidence -> Step(state, Effect.Go(Route.Evidence(sale)))
        is RecordMessage.OpenPreauth -> Step(state, Effect.Go(Route.Preauth(message.id)))
        RecordMessage.Explain ->
            Step(state, listOfNotNull(state.record?.sale?.explanation?.let { Effect.Go(Route.Explain(it.code, it.rail)) }))
    }

    private fun wayBack(state: RecordState): Effect<RecordMessage>? = when (val way = state.record?.sale?.wayBack) {
        is WayBack.Void -> Effect.Go(Route.ConfirmVoid(sale, newId()))
        is WayBack.InProgress -> Effect.Go(Route.Progress(way.undo))
        WayBack.RefundOnly -> Effect.Go(Route.ConfirmRefund(sale, newId()))
        WayBack.None, null -> null
    }
}

/** A slip on the screen. */
data class SlipState(
    val lines: List<ReceiptLine> = emptyList(),
    val copy: Copy = Copy.CUSTOMER,
    val printing: Boolean = false,
    val printed: PrintResult? = null,
    val failure: Failure? = null,
)

sealed interface SlipMessage {
    data class Loaded(val lines: List<ReceiptLine>, val copy: Copy) : SlipMessage

    data class Failed(val failure: Failure) : SlipMessage

    data class Choose(val copy: Copy) : SlipMessage

    data object Print : SlipMessage

    data class Printed(val result: PrintResult) : SlipMessage
}

class SlipPresenter(private val of: ReceiptOf) : Presenter<SlipState, SlipMessage>() {
    override val initial = SlipState(copy = of.copy)

    override fun shown(state: SlipState) = Step(state, load(state.copy))

    override fun on(state: SlipState, message: SlipMessage): Step<SlipState, SlipMessage> = when (message) {
        is SlipMessage.Loaded -> Step(state.copy(lines = message.lines, copy = message.copy, failure = null))
        is SlipMessage.Failed -> Step(state.copy(printing = false, failure = message.failure))
        is SlipMessage.Choose -> Step(state.copy(printed = null), load(message.copy))
        SlipMessage.Print ->
            if (state.printing) {
                Step(state)
            } else {
                Step(
                    state.copy(printing = true, printed = null),
                    Effect.Ask(SlipMessage::Failed) { SlipMessage.Printed(printSlip(slip(state.copy))) },
                )
            }
        is SlipMessage.Printed -> Step(state.copy(printing = false, printed = message.result))
    }

    override fun save(state: SlipState) = state.copy.name

    override fun restored(saved: String) = SlipState(copy = Copy.values().firstOrNull { it.name == saved } ?: of.copy)

    private fun load(copy: Copy): Effect<SlipMessage> =
        Effect.Ask(SlipMessage::Failed) { SlipMessage.Loaded(gateway.receipt(slip(copy)), copy) }

    private fun slip(copy: Copy): ReceiptOf = when (of) {
        is ReceiptOf.OfSale -> of.copy(copy = copy)
        is ReceiptOf.OfUndo -> of.copy(copy = copy)
        is ReceiptOf.OfSettlement -> of.copy(copy = copy)
    }
}

/** Why something failed and what to do now. */
data class ExplainState(val explanation: Explanation? = null, val failure: Failure? = null)

sealed interface ExplainMessage {
    data class Loaded(val explanation: Explanation) : ExplainMessage

    data class Failed(val failure: Failure) : ExplainMessage

    data object Close : ExplainMessage
}

class ExplainPresenter(private val code: String, private val rail: Rail?) : Presenter<ExplainState, ExplainMessage>() {
    override val initial = ExplainState()

    override fun shown(state: ExplainState) = Step(
        state,
        Effect.Ask(ExplainMessage::Failed) { ExplainMessage.Loaded(gateway.explain(code, rail)) },
    )

    override fun heard(state: ExplainState, change: Change) = Step<ExplainState, ExplainMessage>(state)

    override fun on(state: ExplainState, message: ExplainMessage): Step<ExplainState, ExplainMessage> = when (message) {
        is ExplainMessage.Loaded -> Step(ExplainState(message.explanation))
        is ExplainMessage.Failed -> Step(state.copy(failure = message.failure))
        ExplainMessage.Close -> Step(state, Effect.Back)
    }
}
