package com.voidproof.app.core

import com.voidproof.app.device.CustomerSees
import com.voidproof.gateway.Change
import com.voidproof.gateway.Failure
import com.voidproof.gateway.GatewayException
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Job
import kotlinx.coroutines.launch

/** One screen while it exists: its presenter, its state now, and who draws it. */
class Live<S : Any, M : Any>(
    val route: Route,
    private val presenter: Presenter<S, M>,
    private val session: Session,
    saved: String,
) {
    var state: S = if (saved.isEmpty()) presenter.initial else presenter.restored(saved)
        private set

    /** Draws; set while the screen is in front. */
    var draw: ((S) -> Unit)? = null

    /** A finger is on the screen: what it touches is not drawn anew under it. */
    var held = false
        set(value) {
            field = value
            if (value || !late) return
            late = false
            drawn(changed = true)
        }

    /** Something is to be drawn once the finger is gone. */
    private var late = false
    private var waiting: Job? = null
    private var gone = false

    /** Questions that are not answered yet. */
    private var asked = 0

    /** The last change that came while some were: their answers may be older than it. */
    private var since: Change? = null

    fun send(message: M) = take(presenter.on(state, message))

    fun appear() = take(presenter.shown(state))

    fun hear(change: Change) {
        val step = presenter.heard(state, change)
        if (asked > 0 && step.effects.isNotEmpty()) since = change
        take(step)
    }

    fun back() = take(presenter.back(state))

    fun save(): String = presenter.save(state)

    fun tellsOf(): Told? = presenter.tellsOf(state)

    fun customerSees(): CustomerSees? = presenter.customerSees(state)

    /** Never to be shown again. */
    fun leave() {
        gone = true
        draw = null
        stopWaiting()
    }

    private fun take(step: Step<S, M>) {
        if (gone) return
        val changed = step.state != state
        state = step.state
        if (held) late = true else drawn(changed)
        step.effects.forEach(::carry)
    }

    private fun drawn(changed: Boolean) {
        if (changed) draw?.invoke(state)
        if (draw != null) session.drawn()
    }

    private fun carry(effect: Effect<M>) {
        when (effect) {
            is Effect.Ask -> launch(effect.failed, effect.work)
            is Effect.Wait -> wait(effect.failed) { effect.work(this) }
            is Effect.Watch -> watch(effect)
            Effect.StopWaiting -> stopWaiting()
            else -> session.carry(effect)
        }
    }

    /** One at a time. It is over before its message is taken, so that the answer may be to wait again. */
    private fun wait(failed: (Failure) -> M, work: suspend Tools.() -> M) {
        if (waiting != null) return
        val job = session.scope.launch(start = CoroutineStart.LAZY) {
            val message = message(failed, work)
            waiting = null
            send(message)
        }
        waiting = job
        job.start()
    }

    private fun watch(effect: Effect.Watch<M>) = wait(effect.failed) {
        val job = waiting
        effect.work(this) { message -> if (waiting === job) send(message) }
    }

    private fun stopWaiting() {
        waiting?.cancel()
        waiting = null
    }

    private fun launch(failed: (Failure) -> M, work: suspend Tools.() -> M) {
        asked++
        session.scope.launch(start = CoroutineStart.UNDISPATCHED) {
            val answer = message(failed, work)
            asked--
            send(answer)
            if (asked == 0) askAgain()
        }
    }

    /** Answers come in any order: what was asked before a change must not be the last that is shown. */
    private fun askAgain() {
        val change = since ?: return
        since = null
        hear(change)
    }

    private suspend fun message(failed: (Failure) -> M, work: suspend Tools.() -> M): M = try {
        session.tools.work()
    } catch (e: GatewayException) {
        failed(e.failure)
    }
}
