package com.voidproof.app.screens.undo

import com.voidproof.app.core.Effect
import com.voidproof.app.core.Presenter
import com.voidproof.app.core.Route
import com.voidproof.app.core.Step
import com.voidproof.app.device.CardResult
import com.voidproof.app.screens.pay.PayPresenter
import com.voidproof.app.screens.pay.PayState
import com.voidproof.app.screens.pay.reader
import com.voidproof.gateway.Approval
import com.voidproof.gateway.CardRead
import com.voidproof.gateway.Change
import com.voidproof.gateway.Consent
import com.voidproof.gateway.Failure
import com.voidproof.gateway.Operator
import com.voidproof.gateway.ReferencePreview
import com.voidproof.gateway.ReferenceRefund
import com.voidproof.gateway.RequestId
import com.voidproof.gateway.Role
import com.voidproof.gateway.Secret
import com.voidproof.gateway.TapFor
import com.voidproof.gateway.Undo
import com.voidproof.gateway.UndoReason

/** What stands on the slip of another terminal, as it was typed. */
data class SlipWords(val reference: String = "", val date: String = "", val amount: String = "") {
    /** Minor units; null: it is no amount. */
    val minor: Long?
        get() = AMOUNT.matchEntire(amount.trim())?.destructured?.let { (whole, cents) -> whole.toLong() * CENT + cents.padEnd(2, '0').toLong() }

    /** Which of them cannot be right. */
    val wrong: SlipField?
        get() = when {
            !REFERENCE.matches(reference.trim()) -> SlipField.REFERENCE
            !isDate(date.trim()) -> SlipField.DATE
            (minor ?: 0) <= 0 -> SlipField.AMOUNT
            else -> null
        }

    private fun isDate(text: String) =
        text.length == 4 && text.all { it in '0'..'9' } && text.take(2).toInt() in 1..12 && text.drop(2).toInt() in 1..31

    private companion object {
        const val CENT = 100L
        val REFERENCE = Regex("[0-9A-Za-z]{12}")
        val AMOUNT = Regex("([0-9]{1,7})(?:[.]([0-9]{1,2}))?")
    }
}

enum class SlipField { REFERENCE, DATE, AMOUNT }

/** First the slip, then what it means, then the card, then a supervisor. */
data class ByReferenceState(
    val words: SlipWords = SlipWords(),
    val wrong: SlipField? = null,
    val asking: Boolean = false,
    val preview: ReferencePreview? = null,
    val supervisors: List<Operator> = emptyList(),
    val reason: UndoReason = UndoReason.CUSTOMER_RETURNS,
    /** The card is asked for. */
    val card: Boolean = false,
    val reader: PayState.Reader = PayState.Reader.WAITING,
    /** The card reader has a certified kernel. */
    val certified: Boolean = true,
    val typing: Boolean = false,
    val typedWrong: Boolean = false,
    val approving: Approving? = null,
    val sending: Boolean = false,
    val failure: Failure? = null,
)

sealed interface ByReferenceMessage {
    data class Before(val undo: Undo?) : ByReferenceMessage

    data class Write(val words: SlipWords) : ByReferenceMessage

    data object Look : ByReferenceMessage

    data class Loaded(val preview: ReferencePreview, val supervisors: List<Operator>, val certified: Boolean) : ByReferenceMessage

    data class Choose(val reason: UndoReason) : ByReferenceMessage

    /** The sale is one of this terminal: it is refunded as such. */
    data object Own : ByReferenceMessage

    data object AskCard : ByReferenceMessage

    class Card(val result: CardResult?) : ByReferenceMessage

    data object TypeCard : ByReferenceMessage

    class Typed(val number: Secret, val expiry: Secret) : ByReferenceMessage

    data class ChooseSupervisor(val number: String) : ByReferenceMessage

    class Approve(val pin: Secret) : ByReferenceMessage

    data class Recorded(val undo: Undo) : ByReferenceMessage

    data class Failed(val failure: Failure) : ByReferenceMessage
}

class ByReferencePresenter(private val route: Route.ByReference, private val newId: () -> String) :
    Presenter<ByReferenceState, ByReferenceMessage>() {

    override val initial = ByReferenceState()

    /** Waits for the consent; wiped once it was used or is no longer wanted. */
    private var read: CardRead? = null

    override fun shown(state: ByReferenceState): Step<ByReferenceState, ByReferenceMessage> =
        if (state.sending) {
            Step(state)
        } else {
            Step(state, Effect.Ask(ByReferenceMessage::Failed) { ByReferenceMessage.Before(gateway.undoOf(RequestId(route.request))) })
        }

    override fun heard(state: ByReferenceState, change: Change) = Step<ByReferenceState, ByReferenceMessage>(state)

    override fun on(state: ByReferenceState, message: ByReferenceMessage): Step<ByReferenceState, ByReferenceMessage> = when (message) {
        is ByReferenceMessage.Before -> Step(state, listOfNotNull(message.undo?.let(::to)))
        is ByReferenceMessage.Recorded -> Step(state, to(message.undo))
        is ByReferenceMessage.Failed -> failed(state, message.failure)
        is ByReferenceMessage.Write -> if (state.asking) Step(state) else Step(state.copy(words = message.words, wrong = null))
        ByReferenceMessage.Look -> look(state)
        is ByReferenceMessage.Loaded ->
            Step(state.copy(asking = false, preview = message.preview, supervisors = message.supervisors, certified = message.certified))
        is ByReferenceMessage.Choose -> Step(state.copy(reason = message.reason))
        ByReferenceMessage.Own -> Step(state, listOfNotNull(state.preview?.sale?.let { Effect.Replace(Route.ConfirmRefund(it.id, newId())) }))
        ByReferenceMessage.AskCard -> askCard(state)
        is ByReferenceMessage.Card -> card(state, message.result)
        ByReferenceMessage.TypeCard -> Step(state.copy(typing = true, typedWrong = false), Effect.StopWaiting)
        is ByReferenceMessage.Typed -> typed(state, message)
        is ByReferenceMessage.ChooseSupervisor -> Step(state.copy(approving = state.approving?.copy(chosen = message.number)))
        is ByReferenceMessage.Approve -> approve(state, message.pin)
    }

    override fun back(state: ByReferenceState): Step<ByReferenceState, ByReferenceMessage> = when {
        state.sending || state.asking -> Step(state)
        state.approving != null || state.card -> {
            forget()
            Step(state.copy(approving = null, card = false, typing = false), Effect.StopWaiting)
        }
        state.preview != null -> Step(state.copy(preview = null, failure = null))
        else -> Step(state, Effect.Back)
    }

    override fun save(state: ByReferenceState) = state.words.run { listOf(reference, date, amount).joinToString(",") }

    override fun restored(saved: String) = saved.split(",").let { parts ->
        if (parts.size == 3) ByReferenceState(SlipWords(parts[0], parts[1], parts[2])) else initial
    }

    private fun to(undo: Undo): Effect<ByReferenceMessage> = Effect.Reset(Route.Progress(undo.id))

    private fun look(state: ByReferenceState): Step<ByReferenceState, ByReferenceMessage> {
        val wrong = state.words.wrong
        if (state.asking || wrong != null) return Step(state.copy(wrong = wrong))
        val words = state.words
        return Step(
            state.copy(asking = true, failure = null),
            Effect.Ask(ByReferenceMessage::Failed) {
                val preview = gateway.previewReference(words.reference.trim(), words.date.trim())
                val supervisors = gateway.operators().filter { it.role == Role.SUPERVISOR && it.enabled }
                ByReferenceMessage.Loaded(preview, supervisors, devices.cardReader?.certified ?: true)
            },
        )
    }

    private fun askCard(state: ByReferenceState): Step<ByReferenceState, ByReferenceMessage> {
        val preview = state.preview
        if (state.sending || preview == null || preview.sale != null || preview.blocked != null) return Step(state)
        return Step(
            state.copy(card = true, typing = false, reader = PayState.Reader.WAITING, failure = null),
            Effect.Wait(ByReferenceMessage::Failed) { ByReferenceMessage.Card(devices.cardReader?.read(state.words.minor ?: 0, TapFor.REFUND)) },
        )
    }

    private fun card(state: ByReferenceState, result: CardResult?): Step<ByReferenceState, ByReferenceMessage> = when {
        state.typing || !state.card || state.approving != null -> Step(state)
        result is CardResult.Read -> consent(state, result.card)
        result is CardResult.Explained ->
            Step(state.copy(reader = PayState.Reader.UNREADABLE, failure = Failure.Refused(result.explanation)))
        else -> Step(state.copy(reader = reader(result)))
    }

    private fun typed(state: ByReferenceState, message: ByReferenceMessage.Typed): Step<ByReferenceState, ByReferenceMessage> =
        if (!PayPresenter.isCard(message.number) || !PayPresenter.isExpiry(message.expiry)) {
            Step(state.copy(typedWrong = true))
        } else {
            consent(state, CardRead.Manual(message.number, message.expiry, pin = null))
        }

    private fun consent(state: ByReferenceState, card: CardRead): Step<ByReferenceState, ByReferenceMessage> {
        forget()
        read = card
        return when (val consent = state.preview?.consent) {
            is Consent.Supervisor -> Step(state.copy(approving = Approving(consent, state.supervisors)))
            Consent.None, null -> record(state, null)
        }
    }

    private fun approve(state: ByReferenceState, pin: Secret): Step<ByReferenceState, ByReferenceMessage> {
        val by = state.approving?.chosen
        if (state.sending || by == null) return Step(state)
        return record(state, Approval(by, pin))
    }

    private fun record(state: ByReferenceState, approval: Approval?): Step<ByReferenceState, ByReferenceMessage> {
        val card = read
        val amount = state.words.minor
        if (state.sending || card == null || amount == null) return Step(state)
        val words = state.words
        val request = ReferenceRefund(
            RequestId(route.request), words.reference.trim(), words.date.trim(), saleAmount = null, amount, state.reason, approval, card,
        )
        return Step(
            state.copy(sending = true, failure = null),
            Effect.Ask(ByReferenceMessage::Failed) {
                val undo = try {
                    gateway.refundReference(request)
                } finally {
                    approval?.pin?.close()
                }
                forget()
                ByReferenceMessage.Recorded(undo)
            },
        )
    }

    /** After a wrong PIN the card is still in hand; after anything else it is read again. */
    private fun failed(state: ByReferenceState, failure: Failure): Step<ByReferenceState, ByReferenceMessage> {
        val approving = state.approving
        if (failure is Failure.WrongPin && approving != null) {
            return Step(state.copy(sending = false, approving = approving.wrong(failure.attemptsLeft)))
        }
        forget()
        return Step(state.copy(asking = false, sending = false, card = false, typing = false, approving = null, failure = failure))
    }

    private fun forget() {
        read?.let(PayPresenter::wipe)
        read = null
    }
}
