package com.voidproof.app.core

import com.voidproof.app.device.CameraWish
import com.voidproof.app.device.CustomerSees
import com.voidproof.app.device.Devices
import com.voidproof.app.device.Signal
import com.voidproof.gateway.Change
import com.voidproof.gateway.Failure
import com.voidproof.gateway.Gateway

/**
 * The mind of one screen: from a state and a message to the next state and what is wanted of the world. Knows no Android.
 * [S] is immutable and is all that the view is drawn from.
 */
abstract class Presenter<S : Any, M : Any> {
    abstract val initial: S

    /** The screen is shown, for the first time or again: read what it shows. */
    abstract fun shown(state: S): Step<S, M>

    abstract fun on(state: S, message: M): Step<S, M>

    /** Something changed in the core. Only the screen in front hears it. */
    open fun heard(state: S, change: Change): Step<S, M> = shown(state)

    open fun back(state: S): Step<S, M> = Step(state, Effect.Back)

    /** What a person typed or chose here, for a process that dies: never secret, never what the core knows. */
    open fun save(state: S): String = ""

    open fun restored(saved: String): S = initial

    /** The undo or sale that this screen tells of itself, as it stands on the screen. */
    open fun tellsOf(state: S): Told? = null

    /** What the customer sees of this screen on a display of their own; null: nothing, as no payment runs here. */
    open fun customerSees(state: S): CustomerSees? = null
}

/** [subject]: an undo or sale. [status]: the name of what is drawn; null: nothing yet. */
data class Told(val subject: String, val status: String?)

data class Step<out S, out M>(val state: S, val effects: List<Effect<M>>) {
    constructor(state: S, vararg effects: Effect<M>) : this(state, effects.toList())
}

/** What works with the core and the device may use. */
class Tools(val gateway: Gateway, val devices: Devices) {
    fun now() = devices.clock.sinceBoot()
}

sealed interface Effect<out M> {
    /** A screen on top of this one. */
    data class Go(val route: Route) : Effect<Nothing>

    /** A screen in the place of this one. */
    data class Replace(val route: Route) : Effect<Nothing>

    /** Home, and [route] on top of it. */
    data class Reset(val route: Route? = null) : Effect<Nothing>

    /** [route] alone, with nothing below it. */
    data class Root(val route: Route) : Effect<Nothing>

    data object Back : Effect<Nothing>

    /** Opens the core again, from the beginning. */
    data object Reopen : Effect<Nothing>

    /** Carried to its end whatever happens to the screen. */
    class Ask<out M>(val failed: (Failure) -> M, val work: suspend Tools.() -> M) : Effect<M>

    /** Given up when the screen goes away: waiting for a card. */
    class Wait<out M>(val failed: (Failure) -> M, val work: suspend Tools.() -> M) : Effect<M>

    /** As [Wait], and tells what comes meanwhile. */
    class Watch<out M>(val failed: (Failure) -> M, val work: suspend Tools.(tell: (M) -> Unit) -> M) : Effect<M>

    /** Ends the [Wait] or [Watch] of this screen. */
    data object StopWaiting : Effect<Nothing>

    data class Camera(val wish: CameraWish) : Effect<Nothing>

    /** Sound and vibration. */
    data class Tell(val signal: Signal) : Effect<Nothing>

    /** A setting of the app itself, such as its language. */
    data class Set(val change: (Settings) -> Settings) : Effect<Nothing>
}
