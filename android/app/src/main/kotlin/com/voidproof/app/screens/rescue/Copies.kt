package com.voidproof.app.screens.rescue

import com.voidproof.app.core.Effect
import com.voidproof.app.core.Presenter
import com.voidproof.app.core.Step
import com.voidproof.app.core.Tools
import com.voidproof.app.device.CopyVolume
import com.voidproof.app.screens.undo.Approving
import com.voidproof.gateway.Approval
import com.voidproof.gateway.Consent
import com.voidproof.gateway.Copies
import com.voidproof.gateway.Failure
import com.voidproof.gateway.Operator
import com.voidproof.gateway.Role
import com.voidproof.gateway.Secret

/** Whether copies of the ledger are kept outside the app, where, and how that went. A passphrase never stands in a state. */
data class CopiesState(
    val copies: Copies? = null,
    val volumes: List<CopyVolume> = emptyList(),
    val chosen: CopyVolume? = null,
    /** The passphrase is asked for. */
    val asking: Boolean = false,
    val trouble: PassphraseTrouble? = null,
    val approving: Approving? = null,
    val busy: Boolean = false,
    val failure: Failure? = null,
)

enum class PassphraseTrouble { TOO_SHORT, DIFFERENT }

sealed interface CopiesMessage {
    data class Loaded(val copies: Copies, val volumes: List<CopyVolume>, val chosen: CopyVolume?) : CopiesMessage

    data class Failed(val failure: Failure) : CopiesMessage

    data class Keep(val volume: CopyVolume) : CopiesMessage

    data object Begin : CopiesMessage

    class Save(val passphrase: Secret, val again: Secret) : CopiesMessage

    data object End : CopiesMessage

    data class Ask(val supervisors: List<Operator>) : CopiesMessage

    data class ChooseSupervisor(val number: String) : CopiesMessage

    class Approve(val pin: Secret) : CopiesMessage

    data object Now : CopiesMessage
}

class CopiesPresenter : Presenter<CopiesState, CopiesMessage>() {
    override val initial = CopiesState()

    /** Waits for the consent; null: copies are to be switched off. Wiped once it was used or is no longer wanted. */
    private var waiting: Secret? = null

    override fun shown(state: CopiesState): Step<CopiesState, CopiesMessage> =
        if (state.asking || state.approving != null) Step(state) else Step(state, Effect.Ask(CopiesMessage::Failed) { load() })

    override fun on(state: CopiesState, message: CopiesMessage): Step<CopiesState, CopiesMessage> = when (message) {
        is CopiesMessage.Loaded -> Step(CopiesState(message.copies, message.volumes, message.chosen, failure = state.failure.takeUnless { state.busy }))
        is CopiesMessage.Failed -> Step(failed(state, message.failure))
        is CopiesMessage.Keep -> ask(state) {
            devices.copies?.choose(message.volume)
            load()
        }
        CopiesMessage.Begin -> Step(state.copy(asking = true, trouble = null, failure = null))
        is CopiesMessage.Save -> save(state, message)
        CopiesMessage.End -> Step(state.copy(failure = null), asking())
        is CopiesMessage.Ask -> Step(state.copy(approving = Approving(Consent.Supervisor(null), message.supervisors)))
        is CopiesMessage.ChooseSupervisor -> Step(state.copy(approving = state.approving?.copy(chosen = message.number)))
        is CopiesMessage.Approve -> approve(state, message.pin)
        CopiesMessage.Now -> ask(state) {
            gateway.copyNow()
            load()
        }
    }

    override fun back(state: CopiesState): Step<CopiesState, CopiesMessage> = when {
        state.busy -> Step(state)
        state.asking || state.approving != null -> {
            forget()
            Step(state.copy(asking = false, approving = null, trouble = null))
        }
        else -> Step(state, Effect.Back)
    }

    private suspend fun Tools.load(): CopiesMessage {
        val device = devices.copies
        return CopiesMessage.Loaded(gateway.copies(), device?.volumes().orEmpty(), device?.chosen())
    }

    private fun ask(state: CopiesState, work: suspend Tools.() -> CopiesMessage): Step<CopiesState, CopiesMessage> =
        if (state.busy) Step(state) else Step(state.copy(busy = true, failure = null), Effect.Ask(CopiesMessage::Failed, work))

    private fun asking(): Effect<CopiesMessage> = Effect.Ask(CopiesMessage::Failed) {
        CopiesMessage.Ask(gateway.operators().filter { it.role == Role.SUPERVISOR && it.enabled })
    }

    private fun save(state: CopiesState, message: CopiesMessage.Save): Step<CopiesState, CopiesMessage> {
        val same = message.passphrase.reveal { one -> message.again.reveal { other -> one.contentEquals(other) } }
        message.again.close()
        val trouble = when {
            message.passphrase.length < SHORTEST -> PassphraseTrouble.TOO_SHORT
            !same -> PassphraseTrouble.DIFFERENT
            else -> null
        }
        if (trouble != null) {
            message.passphrase.close()
            return Step(state.copy(trouble = trouble, failure = null))
        }
        forget()
        waiting = message.passphrase
        return Step(state.copy(trouble = null), asking())
    }

    private fun approve(state: CopiesState, pin: Secret): Step<CopiesState, CopiesMessage> {
        val by = state.approving?.chosen ?: return Step(state)
        val passphrase = waiting
        return ask(state) {
            pin.use { if (passphrase == null) gateway.endCopies(Approval(by, it)) else begin(passphrase, Approval(by, it)) }
            forget()
            load()
        }
    }

    /** Where nobody chose a folder, a card comes before the terminal's own storage: it outlives the terminal. */
    private suspend fun Tools.begin(passphrase: Secret, approval: Approval) {
        val device = devices.copies
        if (device != null && device.chosen() == null) device.volumes().firstOrNull()?.let { device.choose(it) }
        gateway.beginCopies(passphrase, approval)
    }

    private fun failed(state: CopiesState, failure: Failure): CopiesState {
        val approving = state.approving
        if (failure is Failure.WrongPin && approving != null) {
            return state.copy(busy = false, approving = approving.wrong(failure.attemptsLeft))
        }
        forget()
        return state.copy(busy = false, approving = null, failure = failure)
    }

    private fun forget() {
        waiting?.close()
        waiting = null
    }

    companion object {
        const val SHORTEST = 12
        const val LONGEST = 128
    }
}
