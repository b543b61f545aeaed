package com.voidproof.app.screens.start

import com.voidproof.app.core.Effect
import com.voidproof.app.core.Presenter
import com.voidproof.app.core.Step
import com.voidproof.gateway.Change
import com.voidproof.gateway.CoreState
import com.voidproof.gateway.Failure
import com.voidproof.gateway.Language
import com.voidproof.gateway.NewOperator
import com.voidproof.gateway.ProfileSummary
import com.voidproof.gateway.Role
import com.voidproof.gateway.Secret

/** The two questions of the first start: whose terminal, and who supervises it. */
sealed interface SetUpState {
    val language: Language

    /** [typed]: the profile's text; it holds secrets and is never saved. */
    data class Profile(
        override val language: Language,
        val failure: Failure? = null,
        val checking: Boolean = false,
    ) : SetUpState

    data class Supervisor(
        override val language: Language,
        val profile: String,
        val summary: ProfileSummary,
        val trouble: PinTrouble? = null,
        val failure: Failure? = null,
        val saving: Boolean = false,
    ) : SetUpState {
        // The profile holds secrets.
        override fun toString() = "Supervisor($summary, $trouble, $failure, $saving)"
    }
}

enum class PinTrouble { TOO_SHORT, TOO_EASY, DIFFERENT }

sealed interface SetUpMessage {
    class Read(val text: String) : SetUpMessage

    class Accepted(val text: String, val summary: ProfileSummary) : SetUpMessage

    data class Failed(val failure: Failure) : SetUpMessage

    data object OtherProfile : SetUpMessage

    data class Speak(val language: Language) : SetUpMessage

    class Save(val name: String, val pin: Secret, val again: Secret) : SetUpMessage

    data class Done(val state: CoreState) : SetUpMessage
}

class SetUpPresenter(private val language: Language) : Presenter<SetUpState, SetUpMessage>() {
    override val initial: SetUpState = SetUpState.Profile(language)

    override fun shown(state: SetUpState) = Step<SetUpState, SetUpMessage>(state)

    override fun heard(state: SetUpState, change: Change) = shown(state)

    override fun on(state: SetUpState, message: SetUpMessage): Step<SetUpState, SetUpMessage> = when (message) {
        is SetUpMessage.Read -> read(state, message.text)
        is SetUpMessage.Accepted -> Step(SetUpState.Supervisor(state.language, message.text, message.summary))
        is SetUpMessage.Failed -> Step(failed(state, message.failure))
        SetUpMessage.OtherProfile -> Step(SetUpState.Profile(state.language))
        is SetUpMessage.Speak -> Step(
            when (state) {
                is SetUpState.Profile -> state.copy(language = message.language)
                is SetUpState.Supervisor -> state.copy(language = message.language)
            },
            Effect.Set { it.copy(language = message.language) },
        )
        is SetUpMessage.Save -> save(state, message)
        is SetUpMessage.Done -> Step(state, if (message.state is CoreState.Ready) Effect.Reset() else Effect.Reopen)
    }

    override fun back(state: SetUpState): Step<SetUpState, SetUpMessage> =
        if (state is SetUpState.Supervisor && !state.saving) on(state, SetUpMessage.OtherProfile) else super.back(state)

    private fun read(state: SetUpState, text: String): Step<SetUpState, SetUpMessage> {
        if (state !is SetUpState.Profile || state.checking) return Step(state)
        return Step(
            state.copy(failure = null, checking = true),
            Effect.Ask(SetUpMessage::Failed) { SetUpMessage.Accepted(text, gateway.checkProfile(text)) },
        )
    }

    private fun failed(state: SetUpState, failure: Failure) = when (state) {
        is SetUpState.Profile -> state.copy(failure = failure, checking = false)
        is SetUpState.Supervisor -> state.copy(failure = failure, saving = false)
    }

    private fun save(state: SetUpState, message: SetUpMessage.Save): Step<SetUpState, SetUpMessage> {
        if (state !is SetUpState.Supervisor || state.saving) return Step(state)
        val trouble = trouble(message.pin, message.again)
        if (trouble != null) return Step(state.copy(trouble = trouble, failure = null))
        val supervisor = NewOperator(FIRST_SUPERVISOR, message.name.trim(), Role.SUPERVISOR, message.pin)
        return Step(
            state.copy(trouble = null, failure = null, saving = true),
            Effect.Ask(SetUpMessage::Failed) {
                message.again.close()
                message.pin.use { SetUpMessage.Done(gateway.setUp(state.profile, supervisor)) }
            },
        )
    }

    companion object {
        const val PIN_LENGTH = 6

        /** By custom the supervisor is operator 00. */
        const val FIRST_SUPERVISOR = "00"

        fun trouble(pin: Secret, again: Secret): PinTrouble? = pin.reveal { first ->
            again.reveal { second ->
                when {
                    first.size != PIN_LENGTH -> PinTrouble.TOO_SHORT
                    isEasy(first) -> PinTrouble.TOO_EASY
                    !first.contentEquals(second) -> PinTrouble.DIFFERENT
                    else -> null
                }
            }
        }

        /** 000000, 123456, 654321: the same step from each digit to the next. */
        private fun isEasy(pin: CharArray): Boolean {
            val steps = (1 until pin.size).map { pin[it] - pin[it - 1] }.toSet()
            return steps.size == 1 && steps.first() in -1..1
        }
    }
}
