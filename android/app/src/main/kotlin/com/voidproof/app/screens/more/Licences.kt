package com.voidproof.app.screens.more

import com.voidproof.app.core.Effect
import com.voidproof.app.core.Presenter
import com.voidproof.app.core.Step
import com.voidproof.app.device.LicencePart
import com.voidproof.gateway.Change
import com.voidproof.gateway.Failure

/** [parts] null: not read yet, or [absent]. [open]: the one whose text is read. */
data class LicencesState(
    val parts: List<LicencePart>? = null,
    val open: LicencePart? = null,
    val absent: Boolean = false,
    val failure: Failure? = null,
)

sealed interface LicencesMessage {
    data class Loaded(val parts: List<LicencePart>?) : LicencesMessage

    data class Failed(val failure: Failure) : LicencesMessage

    data class Open(val part: LicencePart) : LicencesMessage
}

/** What is in the app, and the licence of each: a list, and one text above it. */
class LicencesPresenter : Presenter<LicencesState, LicencesMessage>() {
    override val initial = LicencesState()

    override fun shown(state: LicencesState): Step<LicencesState, LicencesMessage> =
        if (state.parts != null) Step(state) else Step(state, Effect.Ask(LicencesMessage::Failed) { LicencesMessage.Loaded(devices.licences?.read()) })

    override fun heard(state: LicencesState, change: Change) = Step<LicencesState, LicencesMessage>(state)

    override fun on(state: LicencesState, message: LicencesMessage): Step<LicencesState, LicencesMessage> = when (message) {
        is LicencesMessage.Loaded -> Step(state.copy(parts = message.parts, absent = message.parts == null))
        is LicencesMessage.Failed -> Step(state.copy(failure = message.failure))
        is LicencesMessage.Open -> Step(state.copy(open = message.part))
    }

    override fun back(state: LicencesState): Step<LicencesState, LicencesMessage> =
        if (state.open == null) Step(state, Effect.Back) else Step(state.copy(open = null))
}
