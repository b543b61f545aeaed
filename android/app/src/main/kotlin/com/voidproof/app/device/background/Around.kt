package com.voidproof.app.device.background

import com.voidproof.gateway.Language
import com.voidproof.gateway.Network
import java.io.Closeable

/** What Android does for the [Keeper]. Any thread. */
interface Around {
    /** The level of the device's Android. */
    val api: Int

    /** A screen of the app is visible. */
    val isVisible: Boolean

    /** An activity exists, seen or not: its session opens the core again when that is needed. */
    val isAttended: Boolean

    /** The service is in the foreground. */
    val isStaying: Boolean

    /** Plans job and alarm anew, in place of what was planned. While a job runs, no new one: Android would end it. */
    fun schedule(plan: Plan)

    /** Comes to the foreground, goes there for another reason, or leaves it. False: Android refuses. */
    fun stay(why: Stay?): Boolean

    /** Shows exactly these; one that is shown already sounds no more. */
    suspend fun show(calls: List<Call>)

    /** Asks once for leave to notify, where Android wants that asked. */
    fun askToNotify()

    suspend fun language(): Language

    /** The ledger was verified under this version of the app. */
    suspend fun isVerified(): Boolean

    suspend fun noteVerified()

    fun watchNetwork(tell: (Network) -> Unit): Closeable

    /** For support: what was not done. */
    fun note(what: String)
}
