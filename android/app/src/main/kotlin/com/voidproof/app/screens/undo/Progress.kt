package com.voidproof.app.screens.undo

import com.voidproof.app.core.Effect
import com.voidproof.app.core.Presenter
import com.voidproof.app.core.Route
import com.voidproof.app.core.Step
import com.voidproof.app.core.Told
import com.voidproof.app.core.Tools
import com.voidproof.app.device.CardResult
import com.voidproof.app.device.CardTrouble
import com.voidproof.app.device.PrintResult
import com.voidproof.app.device.Signal
import com.voidproof.app.screens.pay.PayPresenter
import com.voidproof.app.screens.printSlip
import com.voidproof.gateway.Approval
import com.voidproof.gateway.Change
import com.voidproof.gateway.Consent
import com.voidproof.gateway.Copy
import com.voidproof.gateway.Failure
import com.voidproof.gateway.Link
import com.voidproof.gateway.Operator
import com.voidproof.gateway.OwedAction
import com.voidproof.gateway.ReceiptOf
import com.voidproof.gateway.Role
import com.voidproof.gateway.Secret
import com.voidproof.gateway.TapFor
import com.voidproof.gateway.Undo
import com.voidproof.gateway.UndoStatus

/** Where one void or refund stands. What is shown is what the core last said, nothing else. */
data class ProgressState(
    val undo: Undo? = null,
    val link: Link? = null,
    val readAt: Long = 0,
    val card: Card = Card.NOT_ASKED,
    /** The card reader has a certified kernel. */
    val certified: Boolean = true,
    val printing: Boolean = false,
    val printed: PrintResult? = null,
    /** Taking the order back is asked about once more. */
    val withdrawing: Boolean = false,
    val approving: Approving? = null,
    /** A command is on its way to the core. */
    val acting: Boolean = false,
    val failure: Failure? = null,
) {
    enum class Card { NOT_ASKED, WAITING, ABSENT, TROUBLE }
}

sealed interface ProgressMessage {
    data class Loaded(val undo: Undo, val link: Link, val readAt: Long, val certified: Boolean) : ProgressMessage

    data class Failed(val failure: Failure) : ProgressMessage

    data object Print : ProgressMessage

    data class Printed(val result: PrintResult) : ProgressMessage

    data object Slip : ProgressMessage

    data object Finish : ProgressMessage

    data object Record : ProgressMessage

    data object Explain : ProgressMessage

    data object ReadCard : ProgressMessage

    class CardRead(val result: CardResult?) : ProgressMessage

    data object RetryNow : ProgressMessage

    data object Hold : ProgressMessage

    data object Release : ProgressMessage

    data object Withdraw : ProgressMessage

    data object KeepIt : ProgressMessage

    data object WithdrawSurely : ProgressMessage

    data class AskConsent(val supervisors: List<Operator>) : ProgressMessage

    data class ChooseSupervisor(val number: String) : ProgressMessage

    class Approve(val pin: Secret) : ProgressMessage

    data object Refund : ProgressMessage

    data object VoidAgain : ProgressMessage

    /** Two people know more than the terminal. */
    data object Decide : ProgressMessage

    data object Evidence : ProgressMessage
}

class ProgressPresenter(private val id: String, private val newId: () -> String) : Presenter<ProgressState, ProgressMessage>() {
    override val initial = ProgressState()

    override fun shown(state: ProgressState) = Step(state, load())

    override fun heard(state: ProgressState, change: Change) = when (change) {
        is Change.UndoChanged -> if (change.undo == id) shown(state) else Step(state)
        Change.QueueChanged, Change.TerminalChanged -> shown(state)
        else -> Step(state)
    }

    override fun on(state: ProgressState, message: ProgressMessage): Step<ProgressState, ProgressMessage> = when (message) {
        is ProgressMessage.Loaded -> loaded(state, message)
        is ProgressMessage.Failed -> Step(failed(state, message.failure))
        ProgressMessage.Print -> print(state)
        is ProgressMessage.Printed -> printed(state, message.result)
        ProgressMessage.Slip -> Step(state, Effect.Go(Route.Slip(slip())))
        ProgressMessage.Finish -> Step(state, Effect.Reset())
        ProgressMessage.Record -> Step(state, listOfNotNull(state.undo?.let { Effect.Go(Route.Record(it.sale.id)) }))
        ProgressMessage.Explain ->
            Step(state, listOfNotNull(state.undo?.explanation?.let { Effect.Go(Route.Explain(it.code, it.rail)) }))
        ProgressMessage.ReadCard -> readCard(state)
        is ProgressMessage.CardRead -> cardRead(state, message.result)
        ProgressMessage.RetryNow -> act(state, OwedAction.RETRY_NOW)
        ProgressMessage.Hold -> act(state, OwedAction.HOLD)
        ProgressMessage.Release -> act(state, OwedAction.RELEASE)
        ProgressMessage.Withdraw -> if (may(state, OwedAction.WITHDRAW)) Step(state.copy(withdrawing = true)) else Step(state)
        ProgressMessage.KeepIt -> Step(state.copy(withdrawing = false, approving = null))
        ProgressMessage.WithdrawSurely -> withdraw(state)
        is ProgressMessage.AskConsent -> Step(
            state.copy(acting = false, approving = Approving(Consent.Supervisor(null), message.supervisors)),
        )
        is ProgressMessage.ChooseSupervisor -> Step(state.copy(approving = state.approving?.copy(chosen = message.number)))
        is ProgressMessage.Approve -> approve(state, message.pin)
        ProgressMessage.Refund -> sale(state) { Effect.Replace(Route.ConfirmRefund(it, newId())) }
        ProgressMessage.Decide -> Step(state, Effect.Go(Route.Decide(Route.Decide.Of.UNDO, id)))
        ProgressMessage.Evidence -> sale(state) { Effect.Go(Route.Evidence(it)) }
        ProgressMessage.VoidAgain -> sale(state) { Effect.Replace(Route.ConfirmVoid(it, newId())) }
    }

    override fun back(state: ProgressState): Step<ProgressState, ProgressMessage> = when {
        state.acting -> Step(state)
        state.withdrawing -> on(state, ProgressMessage.KeepIt)
        else -> Step(state, Effect.StopWaiting, Effect.Back)
    }

    override fun tellsOf(state: ProgressState) = Told(id, state.undo?.status?.name)

    private fun load() = Effect.Ask(ProgressMessage::Failed) { loaded(gateway.undo(id)) }

    private suspend fun Tools.loaded(undo: Undo) =
        ProgressMessage.Loaded(undo, gateway.terminal().link, now(), devices.cardReader?.certified ?: true)

    private fun slip() = ReceiptOf.OfUndo(id, Copy.CUSTOMER)

    private fun loaded(state: ProgressState, message: ProgressMessage.Loaded): Step<ProgressState, ProgressMessage> {
        val status = message.undo.status
        val changed = state.undo?.status != status
        val next = state.copy(
            undo = message.undo,
            link = message.link,
            readAt = message.readAt,
            certified = message.certified,
            acting = false,
            failure = null,
            withdrawing = state.withdrawing && OwedAction.WITHDRAW in message.undo.actions,
            approving = state.approving.takeIf { OwedAction.WITHDRAW in message.undo.actions },
            printed = state.printed.takeUnless { changed },
            card = if (status == UndoStatus.NEEDS_CARD) state.card else ProgressState.Card.NOT_ASKED,
        )
        val effects = ArrayList<Effect<ProgressMessage>>()
        if (changed) signal(status)?.let { effects += Effect.Tell(it) }
        if (status != UndoStatus.NEEDS_CARD) effects += Effect.StopWaiting
        return Step(next, effects)
    }

    private fun signal(status: UndoStatus) = when (status) {
        UndoStatus.VOIDED, UndoStatus.REFUNDED -> Signal.DONE
        UndoStatus.REFUSED, UndoStatus.REFUND_OFFERED, UndoStatus.ESCALATED -> Signal.REFUSED
        UndoStatus.QUEUED, UndoStatus.UNKNOWN, UndoStatus.NEEDS_CARD -> Signal.OWED
        UndoStatus.SENDING, UndoStatus.ON_HOLD, UndoStatus.WITHDRAWN -> null
    }

    private fun failed(state: ProgressState, failure: Failure): ProgressState {
        val approving = state.approving
        return if (failure is Failure.WrongPin && approving != null) {
            state.copy(acting = false, approving = approving.wrong(failure.attemptsLeft))
        } else {
            state.copy(acting = false, printing = false, failure = failure, approving = null, withdrawing = false)
        }
    }

    private fun print(state: ProgressState): Step<ProgressState, ProgressMessage> {
        if (state.printing) return Step(state)
        return Step(
            state.copy(printing = true, printed = null),
            Effect.Ask(ProgressMessage::Failed) { ProgressMessage.Printed(printSlip(slip())) },
        )
    }

    private fun printed(state: ProgressState, result: PrintResult): Step<ProgressState, ProgressMessage> =
        if (result.done) {
            Step(state.copy(printing = false), Effect.Reset())
        } else {
            Step(state.copy(printing = false, printed = result))
        }

    private fun readCard(state: ProgressState): Step<ProgressState, ProgressMessage> {
        val undo = state.undo ?: return Step(state)
        if (undo.status != UndoStatus.NEEDS_CARD || state.acting) return Step(state)
        return Step(
            state.copy(card = ProgressState.Card.WAITING, failure = null),
            Effect.Wait(ProgressMessage::Failed) { ProgressMessage.CardRead(devices.cardReader?.read(undo.amount, TapFor.VOID)) },
        )
    }

    private fun cardRead(state: ProgressState, result: CardResult?): Step<ProgressState, ProgressMessage> = when (result) {
        null -> Step(state.copy(card = ProgressState.Card.ABSENT))
        is CardResult.Failed -> Step(
            state.copy(
                card = if (result.trouble == CardTrouble.READER_BROKEN) ProgressState.Card.ABSENT else ProgressState.Card.TROUBLE,
            ),
        )
        is CardResult.Explained -> Step(
            state.copy(card = ProgressState.Card.TROUBLE, failure = Failure.Refused(result.explanation)),
        )
        is CardResult.Read -> Step(
            state.copy(card = ProgressState.Card.NOT_ASKED, acting = true),
            Effect.Ask(ProgressMessage::Failed) {
                try {
                    loaded(gateway.presentCard(id, result.card))
                } finally {
                    PayPresenter.wipe(result.card)
                }
            },
        )
    }

    private fun may(state: ProgressState, action: OwedAction) = !state.acting && state.undo?.actions?.contains(action) == true

    private fun act(state: ProgressState, action: OwedAction): Step<ProgressState, ProgressMessage> =
        if (may(state, action)) Step(state.copy(acting = true), command(action, null)) else Step(state)

    private fun command(action: OwedAction, approval: Approval?): Effect<ProgressMessage> = Effect.Ask(ProgressMessage::Failed) {
        try {
            gateway.act(id, action, approval)
        } finally {
            approval?.pin?.close()
        }
        loaded(gateway.undo(id))
    }

    /** Withdrawing needs the consent that the order itself needed. */
    private fun withdraw(state: ProgressState): Step<ProgressState, ProgressMessage> {
        if (!state.withdrawing || !may(state, OwedAction.WITHDRAW)) return Step(state)
        return Step(
            state.copy(acting = true),
            Effect.Ask(ProgressMessage::Failed) {
                if (gateway.queue().any { it.id == id && it.needsConsent }) {
                    ProgressMessage.AskConsent(gateway.operators().filter { it.role == Role.SUPERVISOR && it.enabled })
                } else {
                    gateway.act(id, OwedAction.WITHDRAW, null)
                    loaded(gateway.undo(id))
                }
            },
        )
    }

    private fun approve(state: ProgressState, pin: Secret): Step<ProgressState, ProgressMessage> {
        val by = state.approving?.chosen
        if (by == null || !may(state, OwedAction.WITHDRAW)) return Step(state)
        return Step(state.copy(acting = true), command(OwedAction.WITHDRAW, Approval(by, pin)))
    }

    private fun sale(state: ProgressState, effect: (String) -> Effect<ProgressMessage>): Step<ProgressState, ProgressMessage> =
        Step(state, listOfNotNull(state.undo?.let { effect(it.sale.id) }))
}
