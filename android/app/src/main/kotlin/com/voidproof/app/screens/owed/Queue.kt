package com.voidproof.app.screens.owed

import com.voidproof.app.core.Effect
import com.voidproof.app.core.Presenter
import com.voidproof.app.core.Route
import com.voidproof.app.core.Step
import com.voidproof.app.core.Tools
import com.voidproof.gateway.Change
import com.voidproof.gateway.Failure
import com.voidproof.gateway.OwedAction
import com.voidproof.gateway.OwedItem
import com.voidproof.gateway.Terminal

/** Everything the terminal owes, the most urgent first. */
data class QueueState(
    val items: List<OwedItem> = emptyList(),
    val terminal: Terminal? = null,
    val readAt: Long = 0,
    val retrying: Boolean = false,
    val failure: Failure? = null,
)

sealed interface QueueMessage {
    data class Loaded(val items: List<OwedItem>, val terminal: Terminal, val readAt: Long) : QueueMessage

    data class Failed(val failure: Failure) : QueueMessage

    data object RetryAll : QueueMessage

    data class Choose(val item: OwedItem) : QueueMessage
}

class QueuePresenter : Presenter<QueueState, QueueMessage>() {
    override val initial = QueueState()

    override fun shown(state: QueueState) = Step(state, load())

    override fun on(state: QueueState, message: QueueMessage): Step<QueueState, QueueMessage> = when (message) {
        is QueueMessage.Loaded -> Step(QueueState(message.items, message.terminal, message.readAt))
        is QueueMessage.Failed -> Step(state.copy(retrying = false, failure = message.failure))
        QueueMessage.RetryAll -> retry(state)
        is QueueMessage.Choose -> Step(state, Effect.Go(message.item.undo?.let(Route::Progress) ?: Route.Owed(message.item.id)))
    }

    override fun heard(state: QueueState, change: Change) = Step(state, load())

    private fun load() = Effect.Ask(QueueMessage::Failed) { loaded() }

    private suspend fun Tools.loaded() =
        QueueMessage.Loaded(gateway.queue(), gateway.terminal(), now())

    private fun retry(state: QueueState): Step<QueueState, QueueMessage> {
        if (state.retrying || state.items.isEmpty()) return Step(state)
        return Step(
            state.copy(retrying = true),
            Effect.Ask(QueueMessage::Failed) {
                gateway.retryAll()
                loaded()
            },
        )
    }
}

/** One owed thing that is not an undo of its own: a reversal, a query. It cannot be stopped, only be hurried. */
data class OwedState(
    val item: OwedItem? = null,
    /** It left the queue while it was looked at. */
    val gone: Boolean = false,
    val readAt: Long = 0,
    val acting: Boolean = false,
    val failure: Failure? = null,
)

sealed interface OwedMessage {
    data class Loaded(val item: OwedItem?, val readAt: Long) : OwedMessage

    data class Failed(val failure: Failure) : OwedMessage

    data class Act(val action: OwedAction) : OwedMessage

    data object Record : OwedMessage

    data object Decide : OwedMessage

    data object Evidence : OwedMessage

    data object Close : OwedMessage
}

class OwedPresenter(private val id: String) : Presenter<OwedState, OwedMessage>() {
    override val initial = OwedState()

    override fun shown(state: OwedState) = Step(state, load())

    override fun on(state: OwedState, message: OwedMessage): Step<OwedState, OwedMessage> = when (message) {
        is OwedMessage.Loaded -> Step(OwedState(message.item ?: state.item, message.item == null, message.readAt))
        is OwedMessage.Failed -> Step(state.copy(acting = false, failure = message.failure))
        is OwedMessage.Act -> act(state, message.action)
        OwedMessage.Record -> Step(state, listOfNotNull(state.item?.let { Effect.Go(Route.Record(it.sale)) }))
        OwedMessage.Decide -> Step(state, Effect.Go(Route.Decide(Route.Decide.Of.OWED, id)))
        OwedMessage.Evidence -> Step(state, listOfNotNull(state.item?.let { Effect.Go(Route.Evidence(it.sale)) }))
        OwedMessage.Close -> Step(state, Effect.Back)
    }

    private fun load() = Effect.Ask(OwedMessage::Failed) { OwedMessage.Loaded(gateway.queue().firstOrNull { it.id == id }, now()) }

    private fun act(state: OwedState, action: OwedAction): Step<OwedState, OwedMessage> {
        if (state.acting || state.item == null || action !in state.item.actions) return Step(state)
        return Step(
            state.copy(acting = true),
            Effect.Ask(OwedMessage::Failed) { OwedMessage.Loaded(gateway.act(id, action, null), now()) },
        )
    }
}
