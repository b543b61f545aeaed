package com.voidproof.app.screens.start

import com.voidproof.app.core.Effect
import com.voidproof.app.core.Presenter
import com.voidproof.app.core.Route
import com.voidproof.app.core.Step
import com.voidproof.app.core.Tools
import com.voidproof.app.device.FileContent
import com.voidproof.app.device.FileTrouble
import com.voidproof.app.device.FoundFile
import com.voidproof.gateway.Change
import com.voidproof.gateway.CoreState
import com.voidproof.gateway.Failure
import com.voidproof.gateway.GatewayException
import com.voidproof.gateway.Language
import com.voidproof.gateway.NewOperator
import com.voidproof.gateway.ProfileFile
import com.voidproof.gateway.ProfileSummary
import com.voidproof.gateway.Role
import com.voidproof.gateway.Secret

/** The two questions of the first start: whose terminal, and who supervises it. A profile's text holds secrets and is never saved. */
sealed interface SetUpState {
    val language: Language

    data class Profile(
        override val language: Language,
        val files: List<FoundFile> = emptyList(),
        /** This device has a folder for profiles. */
        val hasFolder: Boolean = false,
        /** The file that was read last; [failure] and [unread] are about it. Null: what was pasted. */
        val chosen: String? = null,
        val failure: Failure? = null,
        val unread: FileTrouble? = null,
        val checking: Boolean = false,
    ) : SetUpState

    data class Supervisor(
        override val language: Language,
        val profile: ProfileFile,
        val summary: ProfileSummary,
        val trouble: PinTrouble? = null,
        val failure: Failure? = null,
        val saving: Boolean = false,
    ) : SetUpState
}

enum class PinTrouble { TOO_SHORT, TOO_EASY, DIFFERENT }

sealed interface SetUpMessage {
    /** Null: this device gives the app no files. */
    data class Found(val files: List<FoundFile>?) : SetUpMessage

    data class Open(val file: FoundFile) : SetUpMessage

    data class Unread(val trouble: FileTrouble) : SetUpMessage

    class Read(val text: String) : SetUpMessage

    class Accepted(val profile: ProfileFile, val summary: ProfileSummary) : SetUpMessage

    data class Failed(val failure: Failure) : SetUpMessage

    data object OtherProfile : SetUpMessage

    /** This terminal replaces another one, of which there is a safety copy. */
    data object FromCopy : SetUpMessage

    data class Speak(val language: Language) : SetUpMessage

    class Save(val name: String, val pin: Secret, val again: Secret) : SetUpMessage

    data class Done(val state: CoreState) : SetUpMessage
}

/** The profile with the files that it names, as far as they lie beside it, and what it says. */
suspend fun Tools.checked(profile: ProfileFile): Pair<ProfileFile, ProfileSummary> {
    var whole = profile
    while (true) {
        try {
            return whole to gateway.checkProfile(whole)
        } catch (e: GatewayException) {
            val missing = (e.failure as? Failure.ProfileInvalid)?.missing ?: throw e
            val found = devices.profiles?.beside(missing) as? FileContent.Read ?: throw e
            whole = whole.with(missing, found.bytes)
        }
    }
}

class SetUpPresenter(private val language: Language) : Presenter<SetUpState, SetUpMessage>() {
    override val initial: SetUpState = SetUpState.Profile(language)

    override fun shown(state: SetUpState): Step<SetUpState, SetUpMessage> = when (state) {
        is SetUpState.Profile -> Step(state, Effect.Ask(SetUpMessage::Failed) { SetUpMessage.Found(devices.profiles?.list()) })
        is SetUpState.Supervisor -> Step(state)
    }

    override fun heard(state: SetUpState, change: Change) = Step<SetUpState, SetUpMessage>(state)

    override fun on(state: SetUpState, message: SetUpMessage): Step<SetUpState, SetUpMessage> = when (message) {
        is SetUpMessage.Found -> Step(found(state, message.files))
        is SetUpMessage.Open -> open(state, message.file)
        is SetUpMessage.Unread -> Step(if (state is SetUpState.Profile) state.copy(unread = message.trouble, checking = false) else state)
        is SetUpMessage.Read -> read(state, message.text)
        is SetUpMessage.Accepted -> Step(SetUpState.Supervisor(state.language, message.profile, message.summary))
        is SetUpMessage.Failed -> Step(failed(state, message.failure))
        SetUpMessage.OtherProfile -> {
            (state as? SetUpState.Supervisor)?.profile?.close()
            shown(SetUpState.Profile(state.language))
        }
        SetUpMessage.FromCopy -> Step(state, Effect.Go(Route.RestoreCopy))
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

    private fun found(state: SetUpState, files: List<FoundFile>?) =
        if (state is SetUpState.Profile) state.copy(files = files.orEmpty(), hasFolder = files != null) else state

    private fun open(state: SetUpState, file: FoundFile): Step<SetUpState, SetUpMessage> = check(state, file.name) {
        when (val content = devices.profiles?.read(file) ?: FileContent.Failed(FileTrouble.GONE)) {
            is FileContent.Failed -> SetUpMessage.Unread(content.trouble)
            is FileContent.Read -> accepted(ProfileFile(content.bytes))
        }
    }

    private fun read(state: SetUpState, text: String): Step<SetUpState, SetUpMessage> =
        check(state, null) { accepted(ProfileFile(text.encodeToByteArray())) }

    private suspend fun Tools.accepted(profile: ProfileFile): SetUpMessage {
        val (whole, summary) = checked(profile)
        return SetUpMessage.Accepted(whole, summary)
    }

    private fun check(state: SetUpState, chosen: String?, work: suspend Tools.() -> SetUpMessage): Step<SetUpState, SetUpMessage> {
        if (state !is SetUpState.Profile || state.checking) return Step(state)
        return Step(
            state.copy(chosen = chosen, failure = null, unread = null, checking = true),
            Effect.Ask(SetUpMessage::Failed, work),
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
                message.pin.use { SetUpMessage.Done(gateway.setUp(state.profile, supervisor)) }.also { state.profile.close() }
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
