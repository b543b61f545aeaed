package com.voidproof.gateway.core

import com.voidproof.core.Core
import com.voidproof.core.InternalException
import com.voidproof.core.Observer
import com.voidproof.core.Places
import com.voidproof.core.initLogging
import com.voidproof.gateway.Ability
import com.voidproof.gateway.Approval
import com.voidproof.gateway.CardRead
import com.voidproof.gateway.CheckItem
import com.voidproof.gateway.CodeKind
import com.voidproof.gateway.CompletionRequest
import com.voidproof.gateway.CoreEvent
import com.voidproof.gateway.CoreState
import com.voidproof.gateway.Evidence
import com.voidproof.gateway.Explanation
import com.voidproof.gateway.Failure
import com.voidproof.gateway.Frame
import com.voidproof.gateway.Gateway
import com.voidproof.gateway.GatewayException
import com.voidproof.gateway.Language
import com.voidproof.gateway.LineTest
import com.voidproof.gateway.Means
import com.voidproof.gateway.Modules
import com.voidproof.gateway.Network
import com.voidproof.gateway.NewOperator
import com.voidproof.gateway.Operator
import com.voidproof.gateway.OwedAction
import com.voidproof.gateway.OwedItem
import com.voidproof.gateway.Ports
import com.voidproof.gateway.Preauth
import com.voidproof.gateway.PreauthPage
import com.voidproof.gateway.PreauthRequest
import com.voidproof.gateway.ProfileFile
import com.voidproof.gateway.ProfileSummary
import com.voidproof.gateway.Rail
import com.voidproof.gateway.ReceiptLine
import com.voidproof.gateway.ReceiptOf
import com.voidproof.gateway.ReferencePreview
import com.voidproof.gateway.ReferenceRefund
import com.voidproof.gateway.RefundPreview
import com.voidproof.gateway.RefundRequest
import com.voidproof.gateway.Report
import com.voidproof.gateway.RequestId
import com.voidproof.gateway.Sale
import com.voidproof.gateway.SalePage
import com.voidproof.gateway.SaleQuery
import com.voidproof.gateway.SaleRecord
import com.voidproof.gateway.SaleRequest
import com.voidproof.gateway.Secret
import com.voidproof.gateway.Settlement
import com.voidproof.gateway.Statement
import com.voidproof.gateway.Terminal
import com.voidproof.gateway.Undo
import com.voidproof.gateway.VoidPreview
import com.voidproof.gateway.VoidRequest
import kotlinx.coroutines.asCoroutineDispatcher
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.withContext
import java.util.concurrent.CopyOnWriteArraySet
import java.util.concurrent.Executors
import com.voidproof.core.Event as CoreEventShape
import com.voidproof.core.Failure as CoreFailure

/**
 * The gateway on the Rust core. One for the life of the process; the first call loads the library, on a thread of its
 * own as all calls after it.
 */
class CoreGateway(private val ports: Ports) : Gateway {
    /** As many as there are calls: one that waits for a host keeps no question of a screen waiting. */
    private val threads = Executors.newCachedThreadPool { work -> Thread(work, "core").apply { isDaemon = true } }
        .asCoroutineDispatcher()
    private val listeners = CopyOnWriteArraySet<Channel<CoreEvent>>()
    private val core: Core by lazy {
        initLogging(ports.outside.resolve("log").path)
        val places = Places(ports.home.path, ports.outside.path)
        Core(places, ForeignClock(ports.clock), ForeignKeys(ports.keys), object : Observer {
            override fun onEvent(event: CoreEventShape) {
                val shaped = shape(event)
                listeners.forEach { it.trySend(shaped) }
            }
        })
    }

    override val abilities: Set<Ability> = setOf(Ability.REFUND, Ability.SETTLEMENT)

    override suspend fun open(): CoreState = ask { shape(open()) }

    override suspend fun close() = ask { shutdown() }

    override suspend fun setLanguage(language: Language) = ask { setLanguage(same(language)) }

    override suspend fun networkChanged(network: Network) = ask { networkChanged(raw(network)) }

    override suspend fun checkProfile(profile: ProfileFile): ProfileSummary = secretly(profile) { shape(checkProfile(it)) }

    override suspend fun setUp(profile: ProfileFile, supervisor: NewOperator): CoreState =
        secretly(profile) { text -> bare(supervisor).use { shape(setUp(text, it)) } }

    override suspend fun logOn(operator: String, pin: Secret): Operator =
        ask { bare(pin).use { shape(logOn(operator, it)) } }

    override suspend fun logOff() = ask { logOff() }

    override suspend fun operators(): List<Operator> = ask { operators().map(::shape) }

    override suspend fun addOperator(operator: NewOperator, approval: Approval): Operator =
        ask { bare(operator).use { new -> bare(approval).use { shape(addOperator(new, it)) } } }

    override suspend fun disableOperator(number: String, approval: Approval) =
        ask { bare(approval).use { disableOperator(number, it) } }

    override suspend fun terminal(): Terminal = ask { shape(terminal()) }

    override suspend fun signIn() = ask { signIn() }

    override suspend fun selfCheck(): List<CheckItem> = ask { selfCheck().map(::shape) }

    override suspend fun sell(request: SaleRequest): Sale {
        val card = (request.means as? Means.Card)?.card ?: absent("sale without a card")
        return ask {
            bare(card).use { shape(sell(com.voidproof.core.SaleRequest(request.request.value, request.amount, it))) }
        }
    }

    override suspend fun saleOf(request: RequestId): Sale? = ask { saleOfRequest(request.value)?.let(::shape) }

    override suspend fun giveUpSale(sale: String): Sale = absent("taking a payment back")

    override suspend fun sales(query: SaleQuery): SalePage = ask { shape(sales(raw(query))) }

    override suspend fun sale(id: String): Sale = ask { shape(sale(id)) }

    override suspend fun record(sale: String): SaleRecord = ask { shape(record(sale)) }

    override suspend fun previewVoid(sale: String): VoidPreview = ask { shape(previewVoid(sale)) }

    override suspend fun voidSale(request: VoidRequest): Undo = ask {
        bare(request).use { shape(voidSale(it)) }
    }

    override suspend fun previewRefund(sale: String): RefundPreview = ask { shape(previewRefund(sale)) }

    override suspend fun refund(request: RefundRequest): Undo = ask { bare(request).use { shape(refund(it)) } }

    override suspend fun undo(id: String): Undo = ask { shape(undo(id)) }

    override suspend fun undoOf(request: RequestId): Undo? = ask { undoOfRequest(request.value)?.let(::shape) }

    override suspend fun presentCard(undo: String, card: CardRead): Undo =
        ask { bare(card).use { shape(presentCard(undo, it)) } }

    override suspend fun queue(): List<OwedItem> = ask { queue().map(::shape) }

    override suspend fun act(item: String, action: OwedAction, approval: Approval?): OwedItem? = ask {
        val done =
            if (approval == null) act(item, same(action), null) else bare(approval).use { act(item, same(action), it) }
        done?.let(::shape)
    }

    override suspend fun retryAll() = ask { retryAll() }

    override suspend fun settlement(): Settlement = ask { shape(settlement()) }

    override suspend fun settle(approval: Approval?, passOver: Set<String>?): Settlement = ask {
        shape(if (approval == null) settle(null) else bare(approval).use { settle(it) })
    }

    override suspend fun explain(code: String, rail: Rail?): Explanation =
        ask { shape(explain(code, rail?.let(::raw))) }

    override suspend fun receipt(of: ReceiptOf): List<ReceiptLine> =
        ask { receipt(raw(of), same(of.copy)).map(::shape) }

    override suspend fun slipPrinted(of: ReceiptOf) = ask { slipPrinted(raw(of), same(of.copy)) }

    override suspend fun signOut(): Explanation? = absent("signing out")

    override suspend fun testLine(): LineTest = absent("testing the line")

    override suspend fun previewReference(reference: String, date: String): ReferencePreview = absent("refund by reference")

    override suspend fun refundReference(request: ReferenceRefund): Undo = absent("refund by reference")

    override suspend fun preauth(request: PreauthRequest): Sale = absent("pre-authorisation")

    override suspend fun heldPreauths(after: String?, limit: Int): PreauthPage = absent("pre-authorisation")

    override suspend fun heldPreauth(sale: String): Preauth = absent("pre-authorisation")

    override suspend fun complete(request: CompletionRequest): Sale = absent("pre-authorisation")

    override suspend fun acceptRestored(approval: Approval) = absent("restored ledger")

    override suspend fun resolve(statement: Statement) = absent("statement")

    override suspend fun clear(item: String, first: Approval, second: Approval) = absent("clearing")

    override suspend fun importKeys(profile: ProfileFile, approval: Approval): CoreState = absent("importing keys")

    override suspend fun evidence(sale: String): Evidence = absent("evidence")

    override suspend fun report(day: String?): Report = absent("report")

    override suspend fun recognise(code: Secret): CodeKind = absent("payment codes")

    override suspend fun readFrame(frame: Frame): List<Secret> = absent("payment codes")

    override suspend fun modules(text: String): Modules = absent("payment codes")

    override suspend fun handedOver(sale: String, approval: Approval?): Sale = absent("taking a payment back")

    override val events: Flow<CoreEvent> = flow {
        val heard = Channel<CoreEvent>(Channel.UNLIMITED)
        listeners += heard
        try {
            val waiting = waiting()
            waiting.forEach { emit(it) }
            val last = waiting.maxOfOrNull(CoreEvent::sequence) ?: 0
            for (event in heard) if (event.sequence == 0L || event.sequence > last) emit(event)
        } finally {
            listeners -= heard
        }
    }

    /** None before the core is open: opening tells them all. */
    private suspend fun waiting(): List<CoreEvent> = try {
        ask { waitingEvents().map(::shape) }
    } catch (e: GatewayException) {
        if (e.failure is Failure.Internal) emptyList() else throw e
    }

    override suspend fun acknowledge(sequence: Long) = ask { acknowledge(sequence) }

    /** A caller that goes away does not keep the call from being made: what was ordered is recorded. */
    private suspend fun <T> ask(work: Core.() -> T): T = withContext(threads) {
        try {
            core.work()
        } catch (e: CoreFailure) {
            throw GatewayException(shape(e))
        } catch (e: InternalException) {
            // What a fault said may quote anything.
            throw GatewayException(Failure.Internal(e.javaClass.simpleName))
        }
    }

    private suspend fun <T> secretly(profile: ProfileFile, work: Core.(ByteArray) -> T): T = ask { profile.reveal { toml, _ -> work(toml) } }

    private fun absent(what: String): Nothing = throw GatewayException(Failure.NotFound(what))
}
