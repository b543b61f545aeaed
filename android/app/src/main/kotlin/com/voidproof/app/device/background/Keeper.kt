package com.voidproof.app.device.background

import com.voidproof.app.device.Background
import com.voidproof.gateway.Change
import com.voidproof.gateway.CoreEvent
import com.voidproof.gateway.CoreState
import com.voidproof.gateway.Failure
import com.voidproof.gateway.Gateway
import com.voidproof.gateway.GatewayException
import com.voidproof.gateway.Network
import com.voidproof.gateway.OwedItem
import com.voidproof.gateway.UndoStatus
import com.voidproof.gateway.Why
import java.io.Closeable
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Job
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.delay
import kotlinx.coroutines.launch
import kotlinx.coroutines.sync.Mutex
import kotlinx.coroutines.sync.withLock
import kotlinx.coroutines.withTimeoutOrNull

/**
 * Sees to it that what is owed goes out while nobody looks. The core delivers by itself for as long as the process lives; this keeps the
 * process, or has it started again, and calls a person where one is needed. Nothing of it is needed for money: it may be cut off
 * anywhere. [rest]: milliseconds between two looks at the queue.
 */
class Keeper(
    private val core: suspend () -> Gateway,
    private val around: Around,
    private val scope: CoroutineScope,
    private val rest: Long,
) : Background {
    private val looking = Mutex()
    private val changes = Channel<Unit>(Channel.CONFLATED)

    /** For who delivers: something changed. */
    private val moved = Channel<Unit>(Channel.CONFLATED)
    private var watching: Job? = null

    /** Undos that were refused since somebody last opened what was. */
    private val refused = LinkedHashSet<String>()
    private var isSound = true

    /** What somebody could see on the screen, by [Call.matter] and key. */
    private var seen = emptySet<Pair<Matter, String>>()

    /** The three minutes of [Stay.MONEY] are over. */
    @Volatile
    private var isSpent = false

    @Synchronized
    override fun opened() {
        if (watching == null) watching = scope.launch { watch() }
        changes.trySend(Unit)
    }

    /** A screen came or went, or something of the device changed. */
    fun changed() {
        if (watching != null) changes.trySend(Unit)
    }

    /** Android wants the service to end. */
    fun timeIsOver() {
        isSpent = true
        around.stay(null)
        changed()
    }

    private suspend fun watch() {
        scope.launch {
            tried { core().events.collect(::hear) }
        }
        for (change in changes) {
            tried { look() }
            delay(rest)
        }
    }

    private suspend fun hear(event: CoreEvent) {
        when (val change = event.change) {
            is Change.UndoChanged -> synchronized(refused) {
                if (change.status == UndoStatus.REFUSED || change.status == UndoStatus.REFUND_OFFERED) {
                    refused += change.undo
                } else {
                    refused -= change.undo
                }
            }
            Change.RestartNeeded -> if (event.sequence == 0L && !around.isAttended) restart()
            else -> Unit
        }
        changes.trySend(Unit)
        moved.trySend(Unit)
    }

    private suspend fun restart() = tried {
        core().close()
        core().open()
    }

    /** Reads what is owed, and plans and calls by it. Null: the core is not open, and what was planned stays. */
    private suspend fun look(): List<OwedItem>? = looking.withLock {
        val gateway = core()
        val terminal = try {
            gateway.terminal()
        } catch (e: GatewayException) {
            if (e.failure is Failure.Internal) return null
            throw e
        }
        // A restored ledger sends nothing until a supervisor has said so.
        val owed = if (terminal.owed.count == 0 || terminal.restored) emptyList() else gateway.queue()
        val money = terminal.underWay != null || owed.any { it.why == Why.RUNNING }
        if (!money) isSpent = false
        carryOut(Situation(money && !isSpent, owed, around.api, around.isVisible, around.isStaying))
        call(calls(owed, synchronized(refused) { refused.toSet() }, isSound))
        if (owed.isNotEmpty() && !money && around.isVisible) around.askToNotify()
        owed
    }

    private fun carryOut(situation: Situation) {
        val plan = plan(situation)
        val stays = around.stay(plan.stay)
        around.schedule(if (stays) plan else plan(situation.copy(refused = true)))
    }

    /** Who sees the screen sees all of it there, and is called again only by something new. */
    private suspend fun call(calls: List<Call>) {
        val all = calls.flatMapTo(HashSet()) { call -> call.keys.map { call.matter to it } }
        if (around.isVisible) {
            seen = all
            around.show(emptyList())
            return
        }
        seen = seen intersect all
        around.show(calls.filter { call -> call.keys.any { call.matter to it !in seen } })
    }

    override suspend fun isSound(): Boolean {
        if (around.isVerified()) return true
        isSound = core().verifyLedger().ok
        if (isSound) around.noteVerified()
        changed()
        return isSound
    }

    /** Delivers until nothing is due soon, [atMost] so many milliseconds; [ended] is called then, but not if the job was cancelled. */
    fun deliver(atMost: Long = LONGEST, ended: () -> Unit): Job = scope.launch {
        tried { withTimeoutOrNull(atMost) { deliver() } }
        ended()
        changed()
    }

    private suspend fun deliver() {
        if (!open()) return
        while (true) {
            val going = look()?.filter(::goesByItself) ?: return
            val due = due(going) ?: return
            if (due > SOON) return
            withTimeoutOrNull(maxOf(due, AT_LEAST)) { moved.receive() }
        }
    }

    private suspend fun open(): Boolean {
        val gateway = core()
        gateway.setLanguage(around.language())
        when (val state = gateway.open()) {
            is CoreState.Ready -> Unit
            CoreState.NeedsSetUp -> {
                around.schedule(Plan.NOTHING)
                return false
            }
            is CoreState.Broken -> {
                broken(state)
                return false
            }
        }
        opened()
        gateway.networkChanged(Network.CONNECTED)
        tried { isSound() }
        return true
    }

    private suspend fun broken(state: CoreState.Broken) {
        val matter = if (state.failure is Failure.KeysLost) Matter.KEYS_LOST else Matter.LEDGER
        around.schedule(if (state.owed) Plan(job = BROKEN) else Plan.NOTHING)
        call(listOf(Call(matter, setOf(""), route = null)))
    }

    /** For as long as the service lives: an activity may be gone that told of the network. */
    fun watchNetwork(): Closeable = around.watchNetwork { network ->
        scope.launch { tried { core().networkChanged(network) } }
    }

    private suspend fun tried(work: suspend () -> Unit) = try {
        work()
    } catch (e: GatewayException) {
        around.note(e.failure.javaClass.simpleName)
    }

    companion object {
        const val REST = 1_000L

        /** What is due within it is waited for. */
        private const val SOON = 60_000L

        /** Between two looks where nothing moves. */
        private const val AT_LEAST = 5_000L

        /** Android lets a job run for ten minutes. */
        private const val LONGEST = 5 * 60_000L

        /** Something may have been put right meanwhile: a full disk. */
        private const val BROKEN = 15 * 60_000L
    }
}
