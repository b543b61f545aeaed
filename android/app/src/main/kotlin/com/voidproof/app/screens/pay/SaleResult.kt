package com.voidproof.app.screens.pay

import com.voidproof.app.core.Effect
import com.voidproof.app.core.Presenter
import com.voidproof.app.core.Route
import com.voidproof.app.core.Step
import com.voidproof.app.core.Told
import com.voidproof.app.device.PrintResult
import com.voidproof.app.device.Signal
import com.voidproof.app.screens.printSlip
import com.voidproof.gateway.Change
import com.voidproof.gateway.Copy
import com.voidproof.gateway.Failure
import com.voidproof.gateway.ReceiptOf
import com.voidproof.gateway.Sale
import com.voidproof.gateway.SaleKind
import com.voidproof.gateway.SaleStatus
import com.voidproof.gateway.WayBack

/** What became of a payment. */
data class SaleResultState(
    val sale: Sale? = null,
    val readAt: Long = 0,
    val printing: Boolean = false,
    val printed: PrintResult? = null,
    /** "Not paid" was asked for and not yet recorded. */
    val givingUp: Boolean = false,
    /** Back was pressed while the payment is under way. */
    val stay: Boolean = false,
    val failure: Failure? = null,
)

sealed interface SaleResultMessage {
    data class Loaded(val sale: Sale, val readAt: Long) : SaleResultMessage

    data class Failed(val failure: Failure) : SaleResultMessage

    data object Print : SaleResultMessage

    data class Printed(val result: PrintResult) : SaleResultMessage

    data object Finish : SaleResultMessage

    data object GiveUp : SaleResultMessage

    data object Again : SaleResultMessage

    data object Slip : SaleResultMessage

    data object Void : SaleResultMessage

    data object Explain : SaleResultMessage
}

class SaleResultPresenter(private val id: String, private val newId: () -> String) :
    Presenter<SaleResultState, SaleResultMessage>() {

    override val initial = SaleResultState()

    override fun shown(state: SaleResultState) = Step(state, load())

    override fun heard(state: SaleResultState, change: Change) = when (change) {
        is Change.SaleChanged -> if (change.sale == id) shown(state) else Step(state)
        is Change.UndoChanged -> if (change.sale == id) shown(state) else Step(state)
        else -> Step(state)
    }

    override fun on(state: SaleResultState, message: SaleResultMessage): Step<SaleResultState, SaleResultMessage> = when (message) {
        is SaleResultMessage.Loaded -> loaded(state, message)
        is SaleResultMessage.Failed -> Step(state.copy(failure = message.failure, printing = false, givingUp = false))
        SaleResultMessage.Print -> print(state)
        is SaleResultMessage.Printed ->
            if (message.result == PrintResult.PRINTED) {
                Step(state.copy(printing = false), Effect.Reset())
            } else {
                Step(state.copy(printing = false, printed = message.result))
            }
        SaleResultMessage.Finish -> Step(state, Effect.Reset())
        SaleResultMessage.GiveUp -> giveUp(state)
        SaleResultMessage.Again -> again(state)
        SaleResultMessage.Slip -> Step(state, Effect.Go(Route.Slip(ReceiptOf.OfSale(id, Copy.CUSTOMER))))
        SaleResultMessage.Void -> way(state)
        SaleResultMessage.Explain -> explain(state)
    }

    /** Money under way is not left by the back button; once the answer is overdue, its screen may be. */
    override fun back(state: SaleResultState): Step<SaleResultState, SaleResultMessage> {
        val underWay = if (state.sale == null) state.failure == null else state.sale.status == SaleStatus.SENDING
        return if (underWay) Step(state.copy(stay = true)) else Step(state, Effect.Reset())
    }

    override fun tellsOf(state: SaleResultState) = Told(id, state.sale?.status?.name)

    private fun load() = Effect.Ask(SaleResultMessage::Failed) { SaleResultMessage.Loaded(gateway.sale(id), now()) }

    private fun loaded(state: SaleResultState, message: SaleResultMessage.Loaded): Step<SaleResultState, SaleResultMessage> {
        val next = state.copy(sale = message.sale, readAt = message.readAt, failure = null, givingUp = false)
        val changed = state.sale?.status != message.sale.status
        return Step(next, if (changed) listOfNotNull(signal(message.sale.status)?.let { Effect.Tell(it) }) else emptyList())
    }

    private fun signal(status: SaleStatus) = when (status) {
        SaleStatus.APPROVED, SaleStatus.HELD -> Signal.DONE
        SaleStatus.UNKNOWN -> Signal.OWED
        SaleStatus.DECLINED, SaleStatus.REVERSED, SaleStatus.NOT_SENT -> Signal.REFUSED
        else -> null
    }

    private fun print(state: SaleResultState): Step<SaleResultState, SaleResultMessage> {
        if (state.printing) return Step(state)
        val of = ReceiptOf.OfSale(id, Copy.CUSTOMER)
        return Step(
            state.copy(printing = true, printed = null),
            Effect.Ask(SaleResultMessage::Failed) { SaleResultMessage.Printed(printSlip(of)) },
        )
    }

    private fun giveUp(state: SaleResultState): Step<SaleResultState, SaleResultMessage> {
        if (state.givingUp) return Step(state)
        return Step(
            state.copy(givingUp = true),
            Effect.Ask(SaleResultMessage::Failed) { SaleResultMessage.Loaded(gateway.giveUpSale(id), now()) },
        )
    }

    private fun again(state: SaleResultState): Step<SaleResultState, SaleResultMessage> {
        val sale = state.sale ?: return Step(state)
        val parent = sale.parent
        val route = when (sale.kind) {
            SaleKind.PREAUTH -> Route.Hold(sale.amount, newId(), parent)
            SaleKind.COMPLETION -> if (parent != null) Route.Complete(parent, sale.amount, newId(), advice = false) else Route.Preauths
            SaleKind.SALE, SaleKind.UNMATCHED -> Route.Pay(sale.amount, newId())
        }
        return Step(state, Effect.Reset(route))
    }

    private fun way(state: SaleResultState): Step<SaleResultState, SaleResultMessage> = when (val way = state.sale?.wayBack) {
        is WayBack.Void -> Step(state, Effect.Go(Route.ConfirmVoid(id, newId())))
        is WayBack.InProgress -> Step(state, Effect.Go(Route.Progress(way.undo)))
        WayBack.RefundOnly -> Step(state, Effect.Go(Route.ConfirmRefund(id, newId())))
        WayBack.None, null -> Step(state)
    }

    private fun explain(state: SaleResultState): Step<SaleResultState, SaleResultMessage> =
        Step(state, listOfNotNull(state.sale?.explanation?.let { Effect.Go(Route.Explain(it.code, it.rail)) }))
}
