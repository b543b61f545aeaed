package com.voidproof.app.screens.rescue

import com.voidproof.app.core.Effect
import com.voidproof.app.core.Presenter
import com.voidproof.app.core.Step
import com.voidproof.app.core.Tools
import com.voidproof.app.device.FoundFile
import com.voidproof.gateway.Change
import com.voidproof.gateway.CopyFacts
import com.voidproof.gateway.Failure
import com.voidproof.gateway.Secret

/** A terminal that is not set up goes on from another one's copy: which file, its passphrase, and whose it is. */
data class RestoreCopyState(
    val files: List<FoundFile>? = null,
    val chosen: FoundFile? = null,
    /** Of the chosen copy, once it was opened. */
    val facts: CopyFacts? = null,
    /** The chosen file is there no longer. */
    val gone: Boolean = false,
    val busy: Boolean = false,
    val failure: Failure? = null,
)

sealed interface RestoreCopyMessage {
    data class Found(val files: List<FoundFile>) : RestoreCopyMessage

    data class Choose(val file: FoundFile) : RestoreCopyMessage

    class Open(val passphrase: Secret) : RestoreCopyMessage

    data class Opened(val facts: CopyFacts) : RestoreCopyMessage

    data object Gone : RestoreCopyMessage

    data object TakeOver : RestoreCopyMessage

    data object Done : RestoreCopyMessage

    data class Failed(val failure: Failure) : RestoreCopyMessage
}

class RestoreCopyPresenter : Presenter<RestoreCopyState, RestoreCopyMessage>() {
    override val initial = RestoreCopyState()

    /** Opened the copy and takes it over; wiped then, or when another file is chosen. */
    private var passphrase: Secret? = null

    override fun shown(state: RestoreCopyState): Step<RestoreCopyState, RestoreCopyMessage> =
        Step(state, Effect.Ask(RestoreCopyMessage::Failed) { RestoreCopyMessage.Found(devices.copies?.found().orEmpty()) })

    override fun heard(state: RestoreCopyState, change: Change) = Step<RestoreCopyState, RestoreCopyMessage>(state)

    override fun on(state: RestoreCopyState, message: RestoreCopyMessage): Step<RestoreCopyState, RestoreCopyMessage> = when (message) {
        is RestoreCopyMessage.Found -> Step(state.copy(files = message.files))
        is RestoreCopyMessage.Choose -> {
            forget()
            Step(RestoreCopyState(state.files, message.file))
        }
        is RestoreCopyMessage.Open -> open(state, message.passphrase)
        is RestoreCopyMessage.Opened -> Step(state.copy(facts = message.facts, busy = false))
        RestoreCopyMessage.Gone -> {
            forget()
            Step(state.copy(gone = true, busy = false))
        }
        RestoreCopyMessage.TakeOver -> takeOver(state)
        RestoreCopyMessage.Done -> {
            forget()
            Step(state, Effect.Reopen)
        }
        is RestoreCopyMessage.Failed -> {
            forget()
            Step(state.copy(busy = false, facts = null, failure = message.failure))
        }
    }

    override fun back(state: RestoreCopyState): Step<RestoreCopyState, RestoreCopyMessage> = when {
        state.busy -> Step(state)
        state.chosen != null -> {
            forget()
            Step(RestoreCopyState(state.files))
        }
        else -> Step(state, Effect.Back)
    }

    private fun open(state: RestoreCopyState, typed: Secret): Step<RestoreCopyState, RestoreCopyMessage> = with(state) { file ->
        forget()
        passphrase = typed
        work(file, typed) { copy, words -> RestoreCopyMessage.Opened(gateway.lookAtCopy(copy, words)) }
    }

    private fun takeOver(state: RestoreCopyState): Step<RestoreCopyState, RestoreCopyMessage> {
        val typed = passphrase ?: return Step(state)
        return with(state) { file ->
            work(file, typed) { copy, words ->
                gateway.restoreCopy(copy, words)
                RestoreCopyMessage.Done
            }
        }
    }

    private fun with(state: RestoreCopyState, effect: (FoundFile) -> Effect<RestoreCopyMessage>): Step<RestoreCopyState, RestoreCopyMessage> {
        val file = state.chosen
        if (state.busy || file == null) return Step(state)
        return Step(state.copy(busy = true, failure = null, gone = false), effect(file))
    }

    private fun work(
        file: FoundFile,
        typed: Secret,
        ask: suspend Tools.(copy: String, Secret) -> RestoreCopyMessage,
    ): Effect<RestoreCopyMessage> = Effect.Ask(RestoreCopyMessage::Failed) {
        val copy = devices.copies?.bring(file)
        if (copy == null) RestoreCopyMessage.Gone else ask(copy, typed)
    }

    private fun forget() {
        passphrase?.close()
        passphrase = null
    }
}
