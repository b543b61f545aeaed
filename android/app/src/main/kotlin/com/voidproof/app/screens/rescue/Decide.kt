package com.voidproof.app.screens.rescue

import com.voidproof.app.core.Effect
import com.voidproof.app.core.Presenter
import com.voidproof.app.core.Route
import com.voidproof.app.core.Step
import com.voidproof.app.core.Tools
import com.voidproof.app.screens.undo.Approving
import com.voidproof.app.screens.undo.Asked
import com.voidproof.gateway.Approval
import com.voidproof.gateway.Change
import com.voidproof.gateway.Consent
import com.voidproof.gateway.Failure
import com.voidproof.gateway.GatewayException
import com.voidproof.gateway.Operator
import com.voidproof.gateway.OwedKind
import com.voidproof.gateway.Role
import com.voidproof.gateway.Sale
import com.voidproof.gateway.Secret
import com.voidproof.gateway.Statement
import com.voidproof.gateway.Undo
import com.voidproof.gateway.UndoStatus
import com.voidproof.gateway.Why

/** What two people enter about something that the terminal cannot prove. */
enum class Decision {
    /** The statement says that it was carried out. */
    EXECUTED,
    NOT_EXECUTED,

    /** There is no statement: it only leaves the list. */
    CLEAR,
}

/** [undo] null: the sale itself is unknown. [owed]: a debt of another kind, such as a reversal. */
data class Undecided(val sale: Sale, val undo: Undo?, val owed: OwedKind?, val canClear: Boolean) {
    val amount: Long get() = undo?.amount ?: sale.amount
}

data class DecideState(
    val subject: Undecided? = null,
    val people: List<Operator> = emptyList(),
    val decision: Decision? = null,
    /** What the statement is called; why, for [Decision.CLEAR]. */
    val reference: String = "",
    /** It was gone on with, and [reference] is not one. */
    val referenceWrong: Boolean = false,
    val approving: Approving? = null,
    val sending: Boolean = false,
    val failure: Failure? = null,
)

sealed interface DecideMessage {
    data class Loaded(val subject: Undecided, val people: List<Operator>) : DecideMessage

    data class Failed(val failure: Failure) : DecideMessage

    data class Choose(val decision: Decision) : DecideMessage

    data class Write(val reference: String) : DecideMessage

    data object Confirm : DecideMessage

    data class ChoosePerson(val number: String) : DecideMessage

    class Approve(val pin: Secret) : DecideMessage

    data object Done : DecideMessage
}

class DecidePresenter(private val route: Route.Decide) : Presenter<DecideState, DecideMessage>() {
    override val initial = DecideState()

    /** The first person's consent while the second is asked; wiped once it was used or is no longer wanted. */
    private var first: Approval? = null

    override fun shown(state: DecideState) =
        if (state.sending || state.approving != null) Step(state) else Step(state, Effect.Ask(DecideMessage::Failed) { loaded() })

    override fun heard(state: DecideState, change: Change) = shown(state)

    override fun on(state: DecideState, message: DecideMessage): Step<DecideState, DecideMessage> = when (message) {
        is DecideMessage.Loaded -> Step(state.copy(subject = message.subject, people = message.people, failure = null))
        is DecideMessage.Failed -> Step(failed(state, message.failure))
        is DecideMessage.Choose -> if (state.sending) Step(state) else Step(state.copy(decision = message.decision, referenceWrong = false))
        is DecideMessage.Write -> if (state.sending) Step(state) else Step(state.copy(reference = message.reference, referenceWrong = false))
        DecideMessage.Confirm -> Step(confirmed(state))
        is DecideMessage.ChoosePerson -> Step(state.copy(approving = state.approving?.copy(chosen = message.number)))
        is DecideMessage.Approve -> approve(state, message.pin)
        DecideMessage.Done -> Step(state, Effect.Back)
    }

    override fun back(state: DecideState): Step<DecideState, DecideMessage> = when {
        state.sending -> Step(state)
        state.approving != null -> {
            forget()
            Step(state.copy(approving = null))
        }
        else -> Step(state, Effect.Back)
    }

    override fun save(state: DecideState) = state.decision?.name.orEmpty() + "," + state.reference

    override fun restored(saved: String) = DecideState(
        decision = Decision.values().firstOrNull { it.name == saved.substringBefore(',') },
        reference = saved.substringAfter(','),
    )

    private suspend fun Tools.loaded(): DecideMessage {
        val subject = when (route.of) {
            Route.Decide.Of.SALE -> Undecided(gateway.sale(route.id), undo = null, owed = null, canClear = false)
            Route.Decide.Of.UNDO -> gateway.undo(route.id).let { Undecided(it.sale, it, owed = null, it.status == UndoStatus.ESCALATED) }
            Route.Decide.Of.OWED -> {
                val item = gateway.queue().firstOrNull { it.id == route.id } ?: throw GatewayException(Failure.NotFound(route.id))
                Undecided(gateway.sale(item.sale), item.undo?.let { gateway.undo(it) }, item.kind, item.why == Why.ESCALATED)
            }
        }
        return DecideMessage.Loaded(subject, gateway.operators().filter(Operator::enabled))
    }

    private fun confirmed(state: DecideState): DecideState {
        val decision = state.decision
        if (state.sending || state.subject == null || decision == null) return state
        if (!isReference(state.reference.trim())) return state.copy(referenceWrong = true)
        val supervisors = state.people.filter { it.role == Role.SUPERVISOR }
        return state.copy(approving = Approving(Consent.Supervisor(null), supervisors, Asked.FIRST_OF_TWO), failure = null)
    }

    private fun approve(state: DecideState, pin: Secret): Step<DecideState, DecideMessage> {
        val approving = state.approving ?: return Step(state)
        val by = approving.chosen
        if (state.sending || by == null) return Step(state)
        val before = first
        if (before == null) {
            first = Approval(by, pin)
            val others = state.people.filter { it.number != by }
            return Step(state.copy(approving = Approving(approving.consent, others, Asked.SECOND_OF_TWO)))
        }
        return Step(
            state.copy(sending = true, failure = null),
            Effect.Ask(DecideMessage::Failed) {
                pin.use { enter(state, before, Approval(by, it)) }
                forget()
                DecideMessage.Done
            },
        )
    }

    private suspend fun Tools.enter(state: DecideState, first: Approval, second: Approval) {
        if (state.decision == Decision.CLEAR) return gateway.clear(route.id, state.reference.trim(), first, second)
        val executed = state.decision == Decision.EXECUTED
        gateway.resolve(Statement(route.id, executed, state.reference.trim(), first, second))
    }

    /** A wrong PIN is asked for again from the one whose it was. */
    private fun failed(state: DecideState, failure: Failure): DecideState {
        val approving = state.approving
        val before = first
        return when {
            failure !is Failure.WrongPin || approving == null || before == null -> {
                forget()
                state.copy(sending = false, approving = null, failure = failure)
            }
            failure.operator == before.operator -> {
                forget()
                val supervisors = state.people.filter { it.role == Role.SUPERVISOR }
                val again = Approving(approving.consent, supervisors, Asked.FIRST_OF_TWO).copy(chosen = before.operator, tries = approving.tries)
                state.copy(sending = false, approving = again.wrong(failure.attemptsLeft))
            }
            else -> state.copy(sending = false, approving = approving.wrong(failure.attemptsLeft))
        }
    }

    private fun forget() {
        first?.pin?.close()
        first = null
    }

    companion object {
        const val LONGEST = 64
        private val ACCOUNT = Regex("[0-9]{13,19}")

        /** What the core takes: printable, not too long, and no card number. */
        fun isReference(text: String) =
            text.isNotEmpty() && text.length <= LONGEST && text.none(Char::isISOControl) && !ACCOUNT.containsMatchIn(text)
    }
}
