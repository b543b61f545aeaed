package com.voidproof.app.screens.undo

import com.voidproof.app.core.Effect
import com.voidproof.app.core.Presenter
import com.voidproof.app.core.Route
import com.voidproof.app.core.Step
import com.voidproof.gateway.Failure
import com.voidproof.gateway.Sale
import com.voidproof.gateway.SaleFilter
import com.voidproof.gateway.SalePage
import com.voidproof.gateway.SaleQuery
import com.voidproof.gateway.WayBack

/** A list of sales with a search; also the records. */
data class PickState(
    val text: String = "",
    val sales: List<Sale> = emptyList(),
    val next: String? = null,
    val readAt: Long = 0,
    /** Null until the first page came. */
    val found: Boolean? = null,
    val failure: Failure? = null,
)

sealed interface PickMessage {
    data class Search(val text: String) : PickMessage

    data class Loaded(val text: String, val page: SalePage, val more: Boolean, val readAt: Long) : PickMessage

    data class Failed(val failure: Failure) : PickMessage

    data object More : PickMessage

    data class Choose(val sale: Sale) : PickMessage
}

/** What a tap on a sale is for. */
enum class PickFor { VOID, REFUND, RECORD }

class PickPresenter(private val purpose: PickFor, private val canRefund: Boolean, private val newId: () -> String) :
    Presenter<PickState, PickMessage>() {

    override val initial = PickState()

    override fun shown(state: PickState) = Step(state, load(state.text, null))

    override fun on(state: PickState, message: PickMessage): Step<PickState, PickMessage> = when (message) {
        is PickMessage.Search ->
            if (message.text == state.text) Step(state) else Step(state.copy(text = message.text), load(message.text, null))
        is PickMessage.Loaded -> Step(loaded(state, message))
        is PickMessage.Failed -> Step(state.copy(failure = message.failure))
        PickMessage.More -> Step(state, listOfNotNull(state.next?.let { load(state.text, it) }))
        is PickMessage.Choose -> Step(state, Effect.Go(route(message.sale)))
    }

    override fun save(state: PickState) = state.text

    override fun restored(saved: String) = PickState(text = saved)

    /** A sale that cannot be taken back leads to its record, which says why. */
    private fun route(sale: Sale): Route = when (val way = sale.wayBack) {
        is WayBack.InProgress -> if (purpose == PickFor.RECORD) Route.Record(sale.id) else Route.Progress(way.undo)
        is WayBack.Void -> when (purpose) {
            PickFor.VOID -> Route.ConfirmVoid(sale.id, newId())
            PickFor.REFUND -> Route.ConfirmRefund(sale.id, newId())
            PickFor.RECORD -> Route.Record(sale.id)
        }
        WayBack.RefundOnly -> if (purpose == PickFor.RECORD || !canRefund) Route.Record(sale.id) else Route.ConfirmRefund(sale.id, newId())
        WayBack.None -> Route.Record(sale.id)
    }

    /** An answer to an older search is dropped. */
    private fun loaded(state: PickState, message: PickMessage.Loaded): PickState {
        if (message.text != state.text) return state
        val sales = if (message.more) state.sales + message.page.sales else message.page.sales
        return state.copy(
            sales = sales,
            next = message.page.next,
            readAt = message.readAt,
            found = sales.isNotEmpty(),
            failure = null,
        )
    }

    private fun load(text: String, after: String?): Effect<PickMessage> = Effect.Ask(PickMessage::Failed) {
        val page = gateway.sales(SaleQuery(text.trim(), SaleFilter.ALL, after, PAGE))
        PickMessage.Loaded(text, page, after != null, now())
    }

    private companion object {
        const val PAGE = 30
    }
}
