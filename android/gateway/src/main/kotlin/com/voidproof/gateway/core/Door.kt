package com.voidproof.gateway.core

import com.voidproof.core.Core
import com.voidproof.core.InternalException
import com.voidproof.gateway.Failure
import com.voidproof.gateway.GatewayException
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.asCoroutineDispatcher
import kotlinx.coroutines.withContext
import java.util.concurrent.CopyOnWriteArraySet
import java.util.concurrent.Executors
import com.voidproof.core.Failure as CoreFailure

/**
 * The only way to the core: each call runs on a thread of the core's own, never on one that was forbidden. [make] loads the library and
 * is run by the first call.
 */
internal class Door(private val threads: CoroutineDispatcher = ownThreads(), make: () -> Core) {
    private val core by lazy(make)
    private val forbidden = CopyOnWriteArraySet<Thread>()

    /** No call may run on [thread] from now on. */
    fun forbid(thread: Thread) {
        forbidden += thread
    }

    /** A caller that goes away does not keep the call from being made: what was ordered is recorded. */
    suspend fun <T> ask(work: Core.() -> T): T = withContext(threads) {
        val thread = Thread.currentThread()
        check(thread !in forbidden) { "a core call on ${thread.name}" }
        try {
            core.work()
        } catch (e: CoreFailure) {
            throw GatewayException(shape(e))
        } catch (e: InternalException) {
            // What a fault said may quote anything.
            throw GatewayException(Failure.Internal(e.javaClass.simpleName))
        } catch (e: LinkageError) {
            // No library for this processor in the APK, or one that does not fit these classes.
            throw GatewayException(Failure.CoreMissing(e.javaClass.simpleName))
        }
    }
}

/** As many as there are calls: one that waits for a host keeps no question of a screen waiting. */
private fun ownThreads() =
    Executors.newCachedThreadPool { work -> Thread(work, "core").apply { isDaemon = true } }.asCoroutineDispatcher()
