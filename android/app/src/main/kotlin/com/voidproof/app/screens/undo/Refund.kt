package com.voidproof.app.screens.undo

import com.voidproof.app.core.Effect
import com.voidproof.app.core.Presenter
import com.voidproof.app.core.Route
import com.voidproof.app.core.Step
import com.voidproof.app.text.TypedAmount
import com.voidproof.gateway.Approval
import com.voidproof.gateway.Consent
import com.voidproof.gateway.Failure
import com.voidproof.gateway.Operator
import com.voidproof.gateway.RefundPreview
import com.voidproof.gateway.RefundRequest
import com.voidproof.gateway.RequestId
import com.voidproof.gateway.Role
import com.voidproof.gateway.Secret
import com.voidproof.gateway.Undo
import com.voidproof.gateway.UndoReason

/** How much goes back, and why. The whole rest unless another amount is typed. */
data class RefundState(
    val preview: RefundPreview? = null,
    val supervisors: List<Operator> = emptyList(),
    /** Null: all that is left. */
    val part: TypedAmount? = null,
    /** The commonest one, until another is chosen. */
    val reason: UndoReason = UndoReason.CUSTOMER_RETURNS,
    val approving: Approving? = null,
    val sending: Boolean = false,
    val failure: Failure? = null,
) {
    val amount: Long get() = part?.minor ?: preview?.upTo ?: 0

    /** The typed part is nothing or more than is left. */
    val amountWrong: Boolean get() = preview != null && amount !in 1..preview.upTo
}

sealed interface RefundMessage {
    data class Before(val undo: Undo?) : RefundMessage

    data class Loaded(val preview: RefundPreview, val supervisors: List<Operator>) : RefundMessage

    data object Part : RefundMessage

    data object Whole : RefundMessage

    data class Digit(val digit: Char) : RefundMessage

    data object Point : RefundMessage

    data object Erase : RefundMessage

    data object Clear : RefundMessage

    data class Choose(val reason: UndoReason) : RefundMessage

    data object Confirm : RefundMessage

    data class ChooseSupervisor(val number: String) : RefundMessage

    class Approve(val pin: Secret) : RefundMessage

    data class Recorded(val undo: Undo) : RefundMessage

    data class Failed(val failure: Failure) : RefundMessage
}

class RefundPresenter(private val route: Route.ConfirmRefund) : Presenter<RefundState, RefundMessage>() {
    override val initial = RefundState()

    override fun shown(state: RefundState): Step<RefundState, RefundMessage> =
        if (state.sending) {
            Step(state)
        } else {
            Step(state, Effect.Ask(RefundMessage::Failed) { RefundMessage.Before(gateway.undoOf(RequestId(route.request))) })
        }

    override fun on(state: RefundState, message: RefundMessage): Step<RefundState, RefundMessage> = when (message) {
        is RefundMessage.Before -> Step(state, message.undo?.let(::to) ?: load())
        is RefundMessage.Loaded -> Step(state.copy(preview = message.preview, supervisors = message.supervisors, failure = null))
        is RefundMessage.Recorded -> Step(state, to(message.undo))
        is RefundMessage.Failed -> Step(failed(state, message.failure))
        RefundMessage.Confirm -> confirm(state)
        is RefundMessage.Approve -> approve(state, message.pin)
        is RefundMessage.ChooseSupervisor -> Step(state.copy(approving = state.approving?.copy(chosen = message.number)))
        else -> if (state.sending) Step(state) else Step(edited(state, message))
    }

    private fun edited(state: RefundState, message: RefundMessage): RefundState = when (message) {
        RefundMessage.Part -> state.copy(part = state.part ?: TypedAmount())
        RefundMessage.Whole -> state.copy(part = null)
        is RefundMessage.Digit -> state.copy(part = state.part?.digit(message.digit))
        RefundMessage.Point -> state.copy(part = state.part?.point())
        RefundMessage.Erase -> state.copy(part = state.part?.erase())
        RefundMessage.Clear -> state.copy(part = state.part?.let { TypedAmount() })
        is RefundMessage.Choose -> state.copy(reason = message.reason)
        else -> state
    }

    override fun back(state: RefundState): Step<RefundState, RefundMessage> = when {
        state.sending -> Step(state)
        state.approving != null -> Step(state.copy(approving = null))
        else -> Step(state, Effect.Back)
    }

    override fun save(state: RefundState) = state.reason.name + "," + state.part?.text.orEmpty()

    override fun restored(saved: String) = RefundState(
        reason = UndoReason.values().firstOrNull { it.name == saved.substringBefore(',') } ?: initial.reason,
        part = saved.substringAfter(',').takeIf(String::isNotEmpty)?.let(TypedAmount::of),
    )

    private fun load(): Effect<RefundMessage> = Effect.Ask(RefundMessage::Failed) {
        val supervisors = gateway.operators().filter { it.role == Role.SUPERVISOR && it.enabled }
        RefundMessage.Loaded(gateway.previewRefund(route.sale), supervisors)
    }

    private fun to(undo: Undo): Effect<RefundMessage> = Effect.Reset(Route.Progress(undo.id))

    private fun confirm(state: RefundState): Step<RefundState, RefundMessage> {
        val preview = state.preview
        if (state.sending || preview == null || preview.blocked != null || state.amountWrong) return Step(state)
        return when (val consent = preview.consent) {
            Consent.None -> record(state, state.reason, null)
            is Consent.Supervisor -> Step(state.copy(approving = Approving(consent, state.supervisors), failure = null))
        }
    }

    private fun approve(state: RefundState, pin: Secret): Step<RefundState, RefundMessage> {
        val by = state.approving?.chosen
        if (state.sending || by == null) return Step(state)
        return record(state, state.reason, Approval(by, pin))
    }

    private fun record(state: RefundState, reason: UndoReason, approval: Approval?) = Step(
        state.copy(sending = true, failure = null),
        Effect.Ask(RefundMessage::Failed) {
            val request = RefundRequest(RequestId(route.request), route.sale, state.amount, reason, approval, card = null)
            try {
                RefundMessage.Recorded(gateway.refund(request))
            } finally {
                approval?.pin?.close()
            }
        },
    )

    private fun failed(state: RefundState, failure: Failure): RefundState {
        val approving = state.approving
        return if (failure is Failure.WrongPin && approving != null) {
            state.copy(sending = false, approving = approving.wrong(failure.attemptsLeft))
        } else {
            state.copy(sending = false, failure = failure, approving = null)
        }
    }
}
