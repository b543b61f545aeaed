package com.voidproof.gateway.core

import com.voidproof.core.ClearingGiven
import com.voidproof.core.ClockReading
import com.voidproof.core.PortFailure
import com.voidproof.core.StatementGiven
import com.voidproof.gateway.Approval
import com.voidproof.gateway.CardRead
import com.voidproof.gateway.Clock
import com.voidproof.gateway.CompletionRequest
import com.voidproof.gateway.KeyStore
import com.voidproof.gateway.Means
import com.voidproof.gateway.NewOperator
import com.voidproof.gateway.PreauthRequest
import com.voidproof.gateway.ReferenceRefund
import com.voidproof.gateway.RefundRequest
import com.voidproof.gateway.SaleRequest
import com.voidproof.gateway.Secret
import com.voidproof.gateway.Statement
import com.voidproof.gateway.VoidRequest
import java.nio.ByteBuffer
import java.nio.CharBuffer
import com.voidproof.core.Approval as CoreApproval
import com.voidproof.core.CardRead as CoreCardRead
import com.voidproof.core.Clock as CoreClock
import com.voidproof.core.CompletionRequest as CoreCompletionRequest
import com.voidproof.core.KeyStore as CoreKeyStore
import com.voidproof.core.Means as CoreMeans
import com.voidproof.core.NewOperator as CoreNewOperator
import com.voidproof.core.PreauthRequest as CorePreauthRequest
import com.voidproof.core.ReferenceRefund as CoreReferenceRefund
import com.voidproof.core.RefundRequest as CoreRefundRequest
import com.voidproof.core.SaleRequest as CoreSaleRequest
import com.voidproof.core.VoidRequest as CoreVoidRequest

/** Something of the core's with secrets in the clear, and the arrays to wipe once the core has them. */
internal class Bare<T>(private val value: T, private val arrays: List<ByteArray>) {
    inline fun <R> use(work: (T) -> R): R = try {
        work(value)
    } finally {
        arrays.forEach { it.fill(0) }
    }
}

internal fun bare(secret: Secret): Bare<ByteArray> = secret.bytes().let { Bare(it, listOf(it)) }

internal fun bare(operator: NewOperator): Bare<CoreNewOperator> {
    val pin = operator.pin.bytes()
    return Bare(CoreNewOperator(operator.number, operator.name, same(operator.role), pin), listOf(pin))
}

internal fun bare(approval: Approval): Bare<CoreApproval> {
    val pin = approval.pin.bytes()
    return Bare(CoreApproval(approval.operator, pin), listOf(pin))
}

internal fun bare(card: CardRead): Bare<CoreCardRead> {
    val arrays = ArrayList<ByteArray>()
    return Bare(card(card, arrays), arrays)
}

internal fun bare(request: RefundRequest): Bare<CoreRefundRequest> {
    val arrays = ArrayList<ByteArray>()
    val approval = request.approval?.let { consent(it, arrays) }
    val card = request.card?.let { card(it, arrays) }
    val (id, sale, amount, reason) = request
    return Bare(CoreRefundRequest(id.value, sale, amount, same(reason), approval, card), arrays)
}

internal fun bare(request: VoidRequest): Bare<CoreVoidRequest> {
    val arrays = ArrayList<ByteArray>()
    val approval = request.approval?.let { consent(it, arrays) }
    val card = request.card?.let { card(it, arrays) }
    return Bare(CoreVoidRequest(request.request.value, request.sale, same(request.reason), approval, card), arrays)
}

internal fun bare(request: SaleRequest): Bare<CoreSaleRequest> {
    val arrays = ArrayList<ByteArray>()
    val means = when (val means = request.means) {
        is Means.Card -> CoreMeans.Card(card(means.card, arrays))
        is Means.Code -> CoreMeans.Code(means.code.bytes().also(arrays::add))
        is Means.Show -> CoreMeans.Show(raw(means.rail))
    }
    return Bare(CoreSaleRequest(request.request.value, request.amount, means), arrays)
}

internal fun bare(request: PreauthRequest): Bare<CorePreauthRequest> {
    val arrays = ArrayList<ByteArray>()
    return Bare(CorePreauthRequest(request.request.value, request.amount, card(request.card, arrays), request.addTo), arrays)
}

internal fun bare(request: CompletionRequest): Bare<CoreCompletionRequest> {
    val arrays = ArrayList<ByteArray>()
    val (id, preauth, amount, card, advice) = request
    return Bare(CoreCompletionRequest(id.value, preauth, amount, card(card, arrays), advice), arrays)
}

internal fun bare(request: ReferenceRefund): Bare<CoreReferenceRefund> {
    val arrays = ArrayList<ByteArray>()
    val (id, reference, date, saleAmount, amount, reason) = request
    val consent = request.approval?.let { consent(it, arrays) }
    val card = card(request.card, arrays)
    return Bare(CoreReferenceRefund(id.value, reference, date, saleAmount, amount, same(reason), consent, card), arrays)
}

internal fun bare(statement: Statement): Bare<StatementGiven> {
    val arrays = ArrayList<ByteArray>()
    val (item, executed, reference, first, second) = statement
    return Bare(StatementGiven(item, executed, reference, consent(first, arrays), consent(second, arrays)), arrays)
}

internal fun bareClearing(item: String, reason: String, first: Approval, second: Approval): Bare<ClearingGiven> {
    val arrays = ArrayList<ByteArray>()
    return Bare(ClearingGiven(item, reason, consent(first, arrays), consent(second, arrays)), arrays)
}

private fun consent(approval: Approval, arrays: MutableList<ByteArray>) =
    CoreApproval(approval.operator, approval.pin.bytes().also(arrays::add))

private fun card(card: CardRead, arrays: MutableList<ByteArray>): CoreCardRead {
    fun Secret.taken() = bytes().also(arrays::add)
    return when (card) {
        is CardRead.Manual -> CoreCardRead.Manual(card.number.taken(), card.expiry.taken(), card.pin?.taken())
        is CardRead.Stripe -> CoreCardRead.Stripe(card.track2.taken(), card.pin?.taken())
        is CardRead.Held -> CoreCardRead.Held(card.handle, card.pin?.taken())
        is CardRead.Chip ->
            CoreCardRead.Chip(
                card.field55.taken(), card.track2.taken(), card.sequence, card.contactless, card.pin?.taken(),
            )
    }
}

/** UTF-8, in an array that nothing else holds. */
private fun Secret.bytes(): ByteArray = reveal { characters ->
    val buffer = Charsets.UTF_8.encode(CharBuffer.wrap(characters))
    ByteArray(buffer.remaining()).also {
        buffer.get(it)
        buffer.array().fill(0)
    }
}

/** Takes the core's bytes over, and wipes them. */
internal fun secret(bytes: ByteArray): Secret {
    val characters = Charsets.UTF_8.decode(ByteBuffer.wrap(bytes))
    bytes.fill(0)
    return Secret(CharArray(characters.remaining()).also(characters::get)).also { characters.array().fill('\u0000') }
}

internal class ForeignClock(private val clock: Clock) : CoreClock {
    override fun now() = ClockReading(clock.wall(), clock.sinceBoot(), clock.bootId())
}

internal class ForeignKeys(private val keys: KeyStore) : CoreKeyStore {
    override fun wrap(key: ByteArray): ByteArray = told { keys.wrap(key) }

    override fun unwrap(wrapped: ByteArray): ByteArray? = told { keys.unwrap(wrapped) }

    /** The core expects its own kind of failure; any other would be a fault of the boundary. */
    private fun <T> told(work: () -> T): T = try {
        work()
    } catch (e: java.security.GeneralSecurityException) {
        throw PortFailure.Failed(e.javaClass.simpleName)
    } catch (e: java.io.IOException) {
        throw PortFailure.Failed(e.javaClass.simpleName)
    }
}
