package com.voidproof.app.screens.rescue

import com.voidproof.app.core.Effect
import com.voidproof.app.core.Presenter
import com.voidproof.app.core.Step
import com.voidproof.app.core.Tools
import com.voidproof.app.screens.start.SetUpMessage
import com.voidproof.app.screens.start.SetUpPresenter
import com.voidproof.app.screens.start.SetUpState
import com.voidproof.app.screens.undo.Approving
import com.voidproof.gateway.Approval
import com.voidproof.gateway.Change
import com.voidproof.gateway.Consent
import com.voidproof.gateway.CoreState
import com.voidproof.gateway.Failure
import com.voidproof.gateway.GatewayException
import com.voidproof.gateway.Language
import com.voidproof.gateway.Operator
import com.voidproof.gateway.ProfileFile
import com.voidproof.gateway.Role
import com.voidproof.gateway.Secret

/** The keys of this terminal are lost: a supervisor gives the profile once more. What is owed stays. */
data class ImportKeysState(
    val profile: SetUpState.Profile,
    val approving: Approving? = null,
    val sending: Boolean = false,
    val failure: Failure? = null,
)

sealed interface ImportKeysMessage {
    /** What concerns the choice of the profile, as at the first start. */
    class Choosing(val message: SetUpMessage) : ImportKeysMessage

    data class Ask(val supervisors: List<Operator>) : ImportKeysMessage

    data class ChooseSupervisor(val number: String) : ImportKeysMessage

    class Approve(val pin: Secret) : ImportKeysMessage

    data class Done(val state: CoreState) : ImportKeysMessage

    data class Failed(val failure: Failure) : ImportKeysMessage
}

class ImportKeysPresenter(language: Language) : Presenter<ImportKeysState, ImportKeysMessage>() {
    private val choosing = SetUpPresenter(language)
    private val start = SetUpState.Profile(language)
    override val initial = ImportKeysState(start)

    /** Waits for the consent; wiped once it was used or is no longer wanted. */
    private var chosen: ProfileFile? = null

    override fun shown(state: ImportKeysState): Step<ImportKeysState, ImportKeysMessage> = chosen(state, choosing.shown(state.profile))

    override fun heard(state: ImportKeysState, change: Change) = Step<ImportKeysState, ImportKeysMessage>(state)

    override fun on(state: ImportKeysState, message: ImportKeysMessage): Step<ImportKeysState, ImportKeysMessage> = when (message) {
        is ImportKeysMessage.Choosing -> if (state.sending) Step(state) else chosen(state, choosing.on(state.profile, message.message))
        is ImportKeysMessage.Ask -> Step(state.copy(approving = Approving(Consent.Supervisor(null), message.supervisors)))
        is ImportKeysMessage.ChooseSupervisor -> Step(state.copy(approving = state.approving?.copy(chosen = message.number)))
        is ImportKeysMessage.Approve -> approve(state, message.pin)
        is ImportKeysMessage.Done -> Step(state, Effect.Reopen)
        is ImportKeysMessage.Failed -> Step(failed(state, message.failure))
    }

    override fun back(state: ImportKeysState): Step<ImportKeysState, ImportKeysMessage> = when {
        state.sending -> Step(state)
        state.approving != null -> {
            forget()
            Step(state.copy(approving = null))
        }
        else -> Step(state, Effect.Back)
    }

    /** A profile that can be used leads to the supervisor; all else is as at the first start. */
    private fun chosen(state: ImportKeysState, step: Step<SetUpState, SetUpMessage>): Step<ImportKeysState, ImportKeysMessage> =
        when (val next = step.state) {
            is SetUpState.Profile -> Step(state.copy(profile = next, failure = null), step.effects.map(::mine))
            is SetUpState.Supervisor -> {
                forget()
                chosen = next.profile
                val again = start.copy(files = state.profile.files, hasFolder = state.profile.hasFolder)
                Step(state.copy(profile = again), Effect.Ask(ImportKeysMessage::Failed) { ask() })
            }
        }

    private fun mine(effect: Effect<SetUpMessage>): Effect<ImportKeysMessage> = when (effect) {
        is Effect.Ask -> {
            val work = effect.work
            Effect.Ask({ ImportKeysMessage.Choosing(effect.failed(it)) }) { ImportKeysMessage.Choosing(work()) }
        }
        is Effect.Set -> effect
        else -> error("not of the choice of a profile")
    }

    /** A ledger that is not open may not tell its people: then the first supervisor is asked. */
    private suspend fun Tools.ask(): ImportKeysMessage = try {
        ImportKeysMessage.Ask(gateway.operators().filter { it.role == Role.SUPERVISOR && it.enabled })
    } catch (_: GatewayException) {
        ImportKeysMessage.Ask(listOf(Operator(SetUpPresenter.FIRST_SUPERVISOR, "", Role.SUPERVISOR, enabled = true)))
    }

    private fun approve(state: ImportKeysState, pin: Secret): Step<ImportKeysState, ImportKeysMessage> {
        val by = state.approving?.chosen
        val profile = chosen
        if (state.sending || by == null || profile == null) return Step(state)
        return Step(
            state.copy(sending = true, failure = null),
            Effect.Ask(ImportKeysMessage::Failed) {
                val opened = pin.use { gateway.importKeys(profile, Approval(by, it)) }
                forget()
                ImportKeysMessage.Done(opened)
            },
        )
    }

    private fun failed(state: ImportKeysState, failure: Failure): ImportKeysState {
        val approving = state.approving
        if (failure is Failure.WrongPin && approving != null) {
            return state.copy(sending = false, approving = approving.wrong(failure.attemptsLeft))
        }
        forget()
        return state.copy(sending = false, approving = null, failure = failure)
    }

    private fun forget() {
        chosen?.close()
        chosen = null
    }
}
