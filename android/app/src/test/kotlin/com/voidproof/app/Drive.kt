package com.voidproof.app

import com.voidproof.app.core.Effect
import com.voidproof.app.core.Presenter
import com.voidproof.app.core.Step
import com.voidproof.app.core.Tools
import com.voidproof.gateway.Change
import com.voidproof.gateway.GatewayException
import com.voidproof.gateway.fake.FakeGateway
import kotlinx.coroutines.runBlocking

/**
 * Runs a presenter without a screen: what it asks of the core is asked at once, what it wants of the app is noted in [wanted]. With
 * [held] the answers wait until [release], as on a slow device.
 */
class Drive<S : Any, M : Any>(
    private val presenter: Presenter<S, M>,
    val gateway: FakeGateway = FakeGateway.ready(),
    val devices: FakeDevices = FakeDevices { 0 },
) {
    private val tools = Tools(gateway, devices)
    private val waiting = ArrayList<() -> Unit>()
    var state: S = presenter.initial
        private set
    var held = false
    val wanted = ArrayList<Effect<*>>()

    fun show() = apply { take(presenter.shown(state)) }

    fun send(message: M) = apply { take(presenter.on(state, message)) }

    fun back() = apply { take(presenter.back(state)) }

    fun hear(change: Change) = apply { take(presenter.heard(state, change)) }

    fun release() {
        held = false
        while (waiting.isNotEmpty()) waiting.removeAt(0)()
    }

    private fun take(step: Step<S, M>) {
        state = step.state
        step.effects.forEach { effect ->
            if (effect is Effect.Ask) {
                val ask = { send(ask(effect)); Unit }
                if (held) waiting += ask else ask()
            } else {
                wanted += effect
            }
        }
    }

    private fun ask(effect: Effect.Ask<M>): M = try {
        runBlocking { effect.work(tools) }
    } catch (e: GatewayException) {
        effect.failed(e.failure)
    }
}
