package com.voidproof.app.screens.undo

import com.voidproof.app.core.Effect
import com.voidproof.app.core.Presenter
import com.voidproof.app.core.Route
import com.voidproof.app.core.Step
import com.voidproof.gateway.Failure
import com.voidproof.gateway.Rail
import com.voidproof.gateway.Sale
import com.voidproof.gateway.SaleFilter
import com.voidproof.gateway.SalePage
import com.voidproof.gateway.SaleQuery
import com.voidproof.gateway.WayBack

/** A list of sales with a search; also the records. */
data class PickState(
    val text: String = "",
    /** Only this rail is shown; null: all. */
    val rail: Rail? = null,
    /** Those of this terminal, where there is more than one to choose from. */
    val rails: Set<Rail> = emptySet(),
    val sales: List<Sale> = emptyList(),
    /** Pages that were read without one sale of [rail]. */
    val barren: Int = 0,
    val next: String? = null,
    val readAt: Long = 0,
    /** Null until the first page came. */
    val found: Boolean? = null,
    val failure: Failure? = null,
) {
    val shown: List<Sale> get() = if (rail == null) sales else sales.filter { it.rail == rail }
}

sealed interface PickMessage {
    data class Search(val text: String) : PickMessage

    data class Loaded(val text: String, val page: SalePage, val more: Boolean, val readAt: Long) : PickMessage

    data class Failed(val failure: Failure) : PickMessage

    data object More : PickMessage

    data class Rails(val rails: Set<Rail>) : PickMessage

    data class OnRail(val rail: Rail?) : PickMessage

    data class Choose(val sale: Sale) : PickMessage

    /** The sale is not in the list: its slip says what it is. */
    data object ByReference : PickMessage
}

/** What a tap on a sale is for. */
enum class PickFor { VOID, REFUND, RECORD }

class PickPresenter(private val purpose: PickFor, private val canRefund: Boolean, private val newId: () -> String) :
    Presenter<PickState, PickMessage>() {

    override val initial = PickState()

    override fun shown(state: PickState): Step<PickState, PickMessage> =
        if (purpose == PickFor.RECORD) Step(state, load(state.text, null), rails()) else Step(state, load(state.text, null))

    override fun on(state: PickState, message: PickMessage): Step<PickState, PickMessage> = when (message) {
        is PickMessage.Search ->
            if (message.text == state.text) Step(state) else Step(state.copy(text = message.text), load(message.text, null))
        is PickMessage.Loaded -> loaded(state, message).let { next -> Step(next, listOfNotNull(older(next))) }
        is PickMessage.Rails -> Step(state.copy(rails = message.rails))
        is PickMessage.OnRail -> state.copy(rail = message.rail, barren = 1).let { next -> Step(next, listOfNotNull(older(next))) }
        is PickMessage.Failed -> Step(state.copy(failure = message.failure))
        PickMessage.More -> Step(state, listOfNotNull(state.next?.let { load(state.text, it) }))
        PickMessage.ByReference -> Step(state, Effect.Go(Route.ByReference(newId())))
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

    private fun rails(): Effect<PickMessage> = Effect.Ask(PickMessage::Failed) { PickMessage.Rails(gateway.terminal().rails) }

    /** Looks further back for the first sale of a rail, but not through the whole ledger unasked. */
    private fun older(state: PickState): Effect<PickMessage>? =
        if (state.rail != null && state.shown.isEmpty() && state.barren in 1..MOST_BARREN) state.next?.let { load(state.text, it) } else null

    /** An answer to an older search is dropped. */
    private fun loaded(state: PickState, message: PickMessage.Loaded): PickState {
        if (message.text != state.text) return state
        val sales = if (message.more) state.sales + message.page.sales else message.page.sales
        val barren = if (state.rail != null && sales.none { it.rail == state.rail }) state.barren + 1 else 0
        return state.copy(
            sales = sales,
            barren = barren,
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
        const val MOST_BARREN = 10
    }
}
