package com.voidproof.app.core

import com.voidproof.gateway.Change
import com.voidproof.gateway.CoreEvent
import com.voidproof.gateway.SaleStatus
import com.voidproof.gateway.UndoStatus

/** Something that ended while the person was elsewhere. */
data class News(val sequence: Long, val change: Change) {
    val subject: String
        get() = when (change) {
            is Change.UndoChanged -> change.undo
            is Change.SaleChanged -> change.sale
            else -> ""
        }

    /** What a screen has to show before this counts as seen. */
    val told: Told
        get() = Told(
            subject,
            when (change) {
                is Change.UndoChanged -> change.status.name
                is Change.SaleChanged -> change.status.name
                else -> null
            },
        )

    val route: Route
        get() = when (change) {
            is Change.UndoChanged -> Route.Progress(change.undo)
            is Change.SaleChanged -> Route.SaleResult(change.sale)
            else -> Route.Home
        }
}

/**
 * What the person has not seen yet. The core forgets everything up to a number, so the number only rises over what was seen:
 * an unseen piece of news holds back all that came after it.
 */
data class NewsBoard(
    val shown: List<News> = emptyList(),
    private val newest: Long = 0,
    private val acknowledged: Long = 0,
) {
    /** The board after a change, and the number to acknowledge, if it rose. */
    data class Next(val board: NewsBoard, val seen: Long?)

    fun with(event: CoreEvent): Next {
        if (event.sequence <= newest) return Next(this, null)
        val news = News(event.sequence, event.change)
        val older = shown.filter { it.subject != news.subject }
        return settle(if (matters(event.change)) older + news else older, event.sequence)
    }

    fun without(news: News): Next = settle(shown.filter { it.sequence > news.sequence || it.subject != news.subject }, newest)

    /** The screen in front shows [told]. */
    fun seenAs(told: Told?): Next =
        if (shown.none { it.told == told }) Next(this, null) else settle(shown.filter { it.told != told }, newest)

    private fun settle(left: List<News>, newest: Long): Next {
        val seen = left.minOfOrNull { it.sequence - 1 } ?: newest
        val rose = seen.takeIf { it > acknowledged }
        return Next(NewsBoard(left, newest, maxOf(seen, acknowledged)), rose)
    }

    private fun matters(change: Change) = when (change) {
        is Change.UndoChanged -> change.status in ENDS_OF_UNDO
        is Change.SaleChanged -> change.status in ENDS_OF_SALE
        else -> false
    }

    private companion object {
        val ENDS_OF_UNDO = setOf(
            UndoStatus.VOIDED, UndoStatus.REFUNDED, UndoStatus.REFUSED, UndoStatus.REFUND_OFFERED, UndoStatus.NEEDS_CARD,
            UndoStatus.ESCALATED,
        )
        val ENDS_OF_SALE = setOf(SaleStatus.APPROVED, SaleStatus.DECLINED, SaleStatus.REVERSED)
    }
}
