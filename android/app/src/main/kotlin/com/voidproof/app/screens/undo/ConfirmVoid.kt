package com.voidproof.app.screens.undo

import com.voidproof.app.core.Effect
import com.voidproof.app.core.Presenter
import com.voidproof.app.core.Route
import com.voidproof.app.core.Step
import com.voidproof.gateway.Approval
import com.voidproof.gateway.Consent
import com.voidproof.gateway.Failure
import com.voidproof.gateway.Operator
import com.voidproof.gateway.RequestId
import com.voidproof.gateway.Role
import com.voidproof.gateway.Secret
import com.voidproof.gateway.Undo
import com.voidproof.gateway.UndoReason
import com.voidproof.gateway.VoidPreview
import com.voidproof.gateway.VoidRequest

/** Is this the sale, and why is it taken back. Until [sending] nothing has happened; afterwards nothing is asked twice. */
data class ConfirmVoidState(
    val preview: VoidPreview? = null,
    val readAt: Long = 0,
    val supervisors: List<Operator> = emptyList(),
    /** The commonest one, until another is chosen. */
    val reason: UndoReason = UndoReason.CUSTOMER_RETURNS,
    val approving: Approving? = null,
    val sending: Boolean = false,
    val failure: Failure? = null,
)

sealed interface ConfirmVoidMessage {
    /** What this request made before the app was killed, if anything. */
    data class Before(val undo: Undo?) : ConfirmVoidMessage

    data class Loaded(val preview: VoidPreview, val supervisors: List<Operator>, val readAt: Long) : ConfirmVoidMessage

    data class Choose(val reason: UndoReason) : ConfirmVoidMessage

    data object Confirm : ConfirmVoidMessage

    data class ChooseSupervisor(val number: String) : ConfirmVoidMessage

    class Approve(val pin: Secret) : ConfirmVoidMessage

    data class Recorded(val undo: Undo) : ConfirmVoidMessage

    data class Failed(val failure: Failure) : ConfirmVoidMessage

    data object RefundInstead : ConfirmVoidMessage
}

class ConfirmVoidPresenter(private val route: Route.ConfirmVoid, private val newId: () -> String) :
    Presenter<ConfirmVoidState, ConfirmVoidMessage>() {

    override val initial = ConfirmVoidState()

    override fun shown(state: ConfirmVoidState): Step<ConfirmVoidState, ConfirmVoidMessage> =
        if (state.sending) Step(state) else Step(state, before())

    override fun on(state: ConfirmVoidState, message: ConfirmVoidMessage): Step<ConfirmVoidState, ConfirmVoidMessage> = when (message) {
        is ConfirmVoidMessage.Before -> Step(state, message.undo?.let { to(it) } ?: load())
        is ConfirmVoidMessage.Loaded -> Step(
            state.copy(preview = message.preview, supervisors = message.supervisors, readAt = message.readAt, failure = null),
        )
        is ConfirmVoidMessage.Choose ->
            if (state.sending) Step(state) else Step(state.copy(reason = message.reason))
        ConfirmVoidMessage.Confirm -> confirm(state)
        is ConfirmVoidMessage.ChooseSupervisor -> Step(state.copy(approving = state.approving?.copy(chosen = message.number)))
        is ConfirmVoidMessage.Approve -> approve(state, message.pin)
        is ConfirmVoidMessage.Recorded -> Step(state, to(message.undo))
        is ConfirmVoidMessage.Failed -> Step(failed(state, message.failure))
        ConfirmVoidMessage.RefundInstead -> Step(state, Effect.Replace(Route.ConfirmRefund(route.sale, newId())))
    }

    override fun back(state: ConfirmVoidState): Step<ConfirmVoidState, ConfirmVoidMessage> = when {
        state.sending -> Step(state)
        state.approving != null -> Step(state.copy(approving = null))
        else -> Step(state, Effect.Back)
    }

    override fun save(state: ConfirmVoidState) = state.reason.name

    override fun restored(saved: String) = ConfirmVoidState(reason = UndoReason.values().firstOrNull { it.name == saved } ?: initial.reason)

    private fun before() = Effect.Ask(ConfirmVoidMessage::Failed) {
        ConfirmVoidMessage.Before(gateway.undoOf(RequestId(route.request)))
    }

    private fun load(): Effect<ConfirmVoidMessage> = Effect.Ask(ConfirmVoidMessage::Failed) {
        val supervisors = gateway.operators().filter { it.role == Role.SUPERVISOR && it.enabled }
        ConfirmVoidMessage.Loaded(gateway.previewVoid(route.sale), supervisors, now())
    }

    private fun to(undo: Undo): Effect<ConfirmVoidMessage> = Effect.Reset(Route.Progress(undo.id))

    private fun confirm(state: ConfirmVoidState): Step<ConfirmVoidState, ConfirmVoidMessage> {
        val preview = state.preview
        if (state.sending || preview == null || preview.blocked != null) return Step(state)
        return when (val consent = preview.consent) {
            Consent.None -> record(state, state.reason, null)
            is Consent.Supervisor -> Step(state.copy(approving = Approving(consent, state.supervisors), failure = null))
        }
    }

    private fun approve(state: ConfirmVoidState, pin: Secret): Step<ConfirmVoidState, ConfirmVoidMessage> {
        val by = state.approving?.chosen
        if (state.sending || by == null) return Step(state)
        return record(state, state.reason, Approval(by, pin))
    }

    private fun record(state: ConfirmVoidState, reason: UndoReason, approval: Approval?) = Step(
        state.copy(sending = true, failure = null),
        Effect.Ask(ConfirmVoidMessage::Failed) {
            val request = VoidRequest(RequestId(route.request), route.sale, reason, approval, card = null)
            try {
                ConfirmVoidMessage.Recorded(gateway.voidSale(request))
            } finally {
                approval?.pin?.close()
            }
        },
    )

    private fun failed(state: ConfirmVoidState, failure: Failure): ConfirmVoidState {
        val approving = state.approving
        return if (failure is Failure.WrongPin && approving != null) {
            state.copy(sending = false, approving = approving.wrong(failure.attemptsLeft))
        } else {
            state.copy(sending = false, failure = failure, approving = null)
        }
    }
}
