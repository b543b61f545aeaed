package com.voidproof.app.screens.rescue

import com.voidproof.app.core.Effect
import com.voidproof.app.core.Presenter
import com.voidproof.app.core.Step
import com.voidproof.app.device.Kept
import com.voidproof.app.device.Shared
import com.voidproof.gateway.Change
import com.voidproof.gateway.Evidence
import com.voidproof.gateway.Failure

/** Everything about one sale for the acquirer, to be read, kept and handed on. */
data class EvidenceState(
    val evidence: Evidence? = null,
    val keeping: Boolean = false,
    val kept: Kept? = null,
    /** What became of the words; null: not shared yet. */
    val shared: Shared? = null,
    val failure: Failure? = null,
)

sealed interface EvidenceMessage {
    data class Loaded(val evidence: Evidence) : EvidenceMessage

    data class Failed(val failure: Failure) : EvidenceMessage

    data object Keep : EvidenceMessage

    data class Done(val kept: Kept) : EvidenceMessage

    /** [title]: what the other app is told it is. */
    data class Share(val title: String) : EvidenceMessage

    data class Handed(val shared: Shared) : EvidenceMessage
}

class EvidencePresenter(private val sale: String) : Presenter<EvidenceState, EvidenceMessage>() {
    override val initial = EvidenceState()

    override fun shown(state: EvidenceState) = Step(state, Effect.Ask(EvidenceMessage::Failed) { EvidenceMessage.Loaded(gateway.evidence(sale)) })

    override fun heard(state: EvidenceState, change: Change) = Step<EvidenceState, EvidenceMessage>(state)

    override fun on(state: EvidenceState, message: EvidenceMessage): Step<EvidenceState, EvidenceMessage> = when (message) {
        is EvidenceMessage.Loaded -> Step(EvidenceState(message.evidence))
        is EvidenceMessage.Failed -> Step(state.copy(keeping = false, failure = message.failure))
        EvidenceMessage.Keep -> keep(state)
        is EvidenceMessage.Done -> Step(state.copy(keeping = false, kept = message.kept))
        is EvidenceMessage.Share -> share(state, message.title)
        is EvidenceMessage.Handed -> Step(state.copy(shared = message.shared))
    }

    private fun keep(state: EvidenceState): Step<EvidenceState, EvidenceMessage> {
        val files = state.evidence?.files
        if (state.keeping || files == null) return Step(state)
        return Step(
            state.copy(keeping = true, kept = null),
            Effect.Ask(EvidenceMessage::Failed) { EvidenceMessage.Done(devices.outbox?.keep(files) ?: Kept.Failed) },
        )
    }

    private fun share(state: EvidenceState, title: String): Step<EvidenceState, EvidenceMessage> {
        val text = state.evidence?.text?.joinToString("\n")?.take(LONGEST) ?: return Step(state)
        return Step(state, Effect.Ask(EvidenceMessage::Failed) { EvidenceMessage.Handed(devices.outbox?.share(title, text) ?: Shared.NOBODY) })
    }

    private companion object {
        /** More does not pass from app to app. */
        const val LONGEST = 100_000
    }
}
