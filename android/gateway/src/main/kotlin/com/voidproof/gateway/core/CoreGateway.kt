package com.voidproof.gateway.core

import com.voidproof.core.Core
import com.voidproof.core.Observer
import com.voidproof.core.Places
import com.voidproof.core.initLogging
import com.voidproof.gateway.Ability
import com.voidproof.gateway.Approval
import com.voidproof.gateway.CheckItem
import com.voidproof.gateway.CoreEvent
import com.voidproof.gateway.CoreState
import com.voidproof.gateway.Explanation
import com.voidproof.gateway.Failure
import com.voidproof.gateway.Gateway
import com.voidproof.gateway.GatewayException
import com.voidproof.gateway.Language
import com.voidproof.gateway.LineTest
import com.voidproof.gateway.Link
import com.voidproof.gateway.Network
import com.voidproof.gateway.NewOperator
import com.voidproof.gateway.OwedAction
import com.voidproof.gateway.OwedItem
import com.voidproof.gateway.Papers
import com.voidproof.gateway.People
import com.voidproof.gateway.Ports
import com.voidproof.gateway.Preauths
import com.voidproof.gateway.ProfileFile
import com.voidproof.gateway.ProfileSummary
import com.voidproof.gateway.Rail
import com.voidproof.gateway.ReceiptLine
import com.voidproof.gateway.ReceiptOf
import com.voidproof.gateway.RequestId
import com.voidproof.gateway.Rescue
import com.voidproof.gateway.Safety
import com.voidproof.gateway.Sale
import com.voidproof.gateway.SalePage
import com.voidproof.gateway.SaleQuery
import com.voidproof.gateway.SaleRecord
import com.voidproof.gateway.SaleRequest
import com.voidproof.gateway.Settlement
import com.voidproof.gateway.TakingBack
import com.voidproof.gateway.Taps
import com.voidproof.gateway.Terminal
import com.voidproof.gateway.Wallets
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.flow
import java.util.concurrent.CopyOnWriteArraySet
import com.voidproof.core.Event as CoreEventShape

/**
 * The gateway on the Rust core. One for the life of the process; the first call loads the library, on a thread of its
 * own as all calls after it.
 */
class CoreGateway private constructor(private val door: Door, private val listeners: Listeners) :
    Gateway,
    People by CorePeople(door),
    TakingBack by CoreTakingBack(door),
    Preauths by CorePreauths(door),
    Rescue by CoreRescue(door),
    Safety by CoreSafety(door),
    Papers by CorePapers(door),
    Wallets by CoreWallets(door),
    Taps by CoreTaps(door) {
    constructor(ports: Ports) : this(ports, Listeners())

    private constructor(ports: Ports, listeners: Listeners) : this(Door { coreOf(ports, listeners) }, listeners)

    /** What the device said last. */
    @Volatile
    private var network: Network? = null

    /** A core call that would run on [thread] from now on throws [IllegalStateException] instead. */
    fun forbidThread(thread: Thread) = door.forbid(thread)

    override val abilities: Set<Ability> = Ability.values().toSet()

    override suspend fun open(): CoreState = door.ask { shape(open()) }

    override suspend fun close() = door.ask { shutdown() }

    override suspend fun setLanguage(language: Language) = door.ask { setLanguage(same(language)) }

    override suspend fun networkChanged(network: Network) {
        this.network = network
        door.ask { networkChanged(raw(network)) }
    }

    override suspend fun checkProfile(profile: ProfileFile): ProfileSummary = door.ask { shape(checkProfile(raw(profile))) }

    override suspend fun setUp(profile: ProfileFile, supervisor: NewOperator): CoreState =
        door.ask { bare(supervisor).use { shape(setUp(raw(profile), it)) } }

    override suspend fun terminal(): Terminal {
        val terminal = door.ask { shape(terminal()) }
        return if (network == Network.PORTAL) terminal.copy(link = Link.PORTAL) else terminal
    }

    override suspend fun signIn() = door.ask { signIn() }

    override suspend fun signOut(): Explanation? = door.ask { signOut()?.let(::shape) }

    override suspend fun testLine(): LineTest = door.ask { shape(testLine()) }

    override suspend fun selfCheck(): List<CheckItem> = door.ask { selfCheck().map(::shape) }

    override suspend fun sell(request: SaleRequest): Sale = door.ask { bare(request).use { shape(sell(it)) } }

    override suspend fun saleOf(request: RequestId): Sale? = door.ask { saleOfRequest(request.value)?.let(::shape) }

    override suspend fun giveUpSale(sale: String): Sale = door.ask { shape(giveUpSale(sale)) }

    override suspend fun sales(query: SaleQuery): SalePage = door.ask { shape(sales(raw(query))) }

    override suspend fun sale(id: String): Sale = door.ask { shape(sale(id)) }

    override suspend fun record(sale: String): SaleRecord = door.ask { shape(record(sale)) }

    override suspend fun queue(): List<OwedItem> = door.ask { queue().map(::shape) }

    override suspend fun act(item: String, action: OwedAction, approval: Approval?): OwedItem? = door.ask {
        val done = if (approval == null) act(item, same(action), null) else bare(approval).use { act(item, same(action), it) }
        done?.let(::shape)
    }

    override suspend fun retryAll() = door.ask { retryAll() }

    override suspend fun settlement(): Settlement = door.ask { shape(settlement()) }

    override suspend fun settle(approval: Approval?, passOver: Set<String>?): Settlement = door.ask {
        val over = passOver?.toList()
        shape(if (approval == null) settle(null, over) else bare(approval).use { settle(it, over) })
    }

    override suspend fun explain(code: String, rail: Rail?): Explanation = door.ask { shape(explain(code, rail?.let(::raw))) }

    override suspend fun receipt(of: ReceiptOf): List<ReceiptLine> = door.ask { receipt(raw(of), same(of.copy)).map(::shape) }

    override suspend fun slipPrinted(of: ReceiptOf) = door.ask { slipPrinted(raw(of), same(of.copy)) }

    override val events: Flow<CoreEvent> = flow {
        val heard = listeners.add()
        try {
            val waiting = waiting()
            waiting.forEach { emit(it) }
            val last = waiting.maxOfOrNull(CoreEvent::sequence) ?: 0
            for (event in heard) if (event.sequence == 0L || event.sequence > last) emit(event)
        } finally {
            listeners.remove(heard)
        }
    }

    /** None before the core is open: opening tells them all. */
    private suspend fun waiting(): List<CoreEvent> = try {
        door.ask { waitingEvents().map(::shape) }
    } catch (e: GatewayException) {
        if (e.failure is Failure.Internal) emptyList() else throw e
    }

    override suspend fun acknowledge(sequence: Long) = door.ask { acknowledge(sequence) }
}

/** Who hears events now. */
internal class Listeners : Observer {
    private val channels = CopyOnWriteArraySet<Channel<CoreEvent>>()

    fun add() = Channel<CoreEvent>(Channel.UNLIMITED).also { channels += it }

    fun remove(heard: Channel<CoreEvent>) {
        channels -= heard
    }

    override fun onEvent(event: CoreEventShape) {
        val shaped = shape(event)
        channels.forEach { it.trySend(shaped) }
    }
}

private fun coreOf(ports: Ports, listeners: Listeners): Core {
    initLogging(ports.outside.resolve("log").path)
    val places = Places(ports.home.path, ports.outside.path, same(ports.edition))
    val core = Core(places, ForeignClock(ports.clock), ForeignKeys(ports.keys), listeners)
    ports.copies?.let { core.keepCopiesIn(ForeignCopies(it)) }
    return core
}
