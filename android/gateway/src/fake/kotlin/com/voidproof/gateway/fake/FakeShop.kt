package com.voidproof.gateway.fake

import com.voidproof.gateway.CardRead
import com.voidproof.gateway.Explanation
import com.voidproof.gateway.Failure
import com.voidproof.gateway.GatewayException
import com.voidproof.gateway.Language
import com.voidproof.gateway.NewOperator
import com.voidproof.gateway.Operator
import com.voidproof.gateway.Rail
import com.voidproof.gateway.Sale
import com.voidproof.gateway.SaleKind
import com.voidproof.gateway.SaleRequest
import com.voidproof.gateway.SaleStatus
import com.voidproof.gateway.SettlementResult
import com.voidproof.gateway.Undo
import com.voidproof.gateway.UndoKind
import com.voidproof.gateway.UndoReason
import com.voidproof.gateway.UndoStatus
import com.voidproof.gateway.UndoSummary
import com.voidproof.gateway.WayBack

/** Sales, undos and people in memory. Times stand still at [now] until a test moves them. */
class FakeShop(var now: Long = NOON) {
    val merchant get() = words("示例便利店", "Example Store")
    var language = Language.ZH
    val operators = ArrayList<Operator>()
    val pins = HashMap<String, CharArray>()

    /** The number of who is logged on. */
    var here: String? = null
    val sales = LinkedHashMap<String, Sale>()
    val undos = LinkedHashMap<String, Undo>()

    /** Request to the sale or undo that it made. */
    val requests = HashMap<String, String>()

    /** Undos that two people took off the list. */
    val cleared = HashSet<String>()

    /** Voids above it need a supervisor, minor units. */
    var limit = 10_000L
    var needsCard = false
    var settled: SettlementResult? = null

    /** From the recording of an undo to its deadline. */
    var left = LEFT

    /** What a preview says instead of letting the void through. */
    var blocked: Explanation? = null
    private var trace = 127

    /** The next trace number, six digits. */
    internal fun number(): String = (++trace).toString().padStart(6, '0')

    fun words(zh: String, en: String) = if (language == Language.ZH) zh else en

    fun add(operator: NewOperator): Operator {
        val added = Operator(operator.number, operator.name, operator.role, enabled = true)
        operators += added
        pins[operator.number] = operator.pin.reveal { it.copyOf() }
        return added
    }

    fun sale(id: String): Sale = sales[id]?.let(::current) ?: throw GatewayException(Failure.NotFound(id))

    fun undo(id: String): Undo = undos[id]?.let { it.copy(sale = sale(it.sale.id)) } ?: throw GatewayException(Failure.NotFound(id))

    fun newSale(request: SaleRequest): Sale = recorded(request.request.value, saleOf(request))

    internal fun recorded(request: String, sale: Sale): Sale {
        sales[sale.id] = sale
        requests[request] = sale.id
        return sale
    }

    fun answer(id: String, status: SaleStatus) {
        sales[id] = answered(sales.getValue(id), status)
    }

    fun newUndo(request: String, kind: UndoKind, sale: String, amount: Long?, reason: UndoReason): Undo {
        val undo = undoOf(kind, sale(sale), amount, reason)
        requests[request] = undo.id
        undos[undo.id] = undo
        return undo
    }

    fun move(id: String, status: UndoStatus, explanation: Explanation?): Undo =
        moved(undos.getValue(id), status, explanation).also { undos[id] = it }

    /** A sale with its undos and completions taken in. */
    private fun current(sale: Sale): Sale {
        val undo = undos.values.lastOrNull { it.sale.id == sale.id } ?: return withCompletion(sale)
        val withUndo = sale.copy(undo = UndoSummary(undo.id, undo.kind, undo.status, undo.amount))
        return when (undo.status) {
            UndoStatus.VOIDED -> withUndo.copy(status = SaleStatus.VOIDED, net = 0, wayBack = WayBack.None)
            UndoStatus.REFUNDED -> {
                val left = sale.amount - undo.amount
                val status = if (left == 0L) SaleStatus.REFUNDED else SaleStatus.PARTLY_REFUNDED
                withUndo.copy(status = status, net = left, wayBack = if (left == 0L) WayBack.None else WayBack.RefundOnly)
            }
            UndoStatus.WITHDRAWN -> withCompletion(withUndo)
            UndoStatus.REFUSED, UndoStatus.REFUND_OFFERED -> withUndo.copy(wayBack = WayBack.RefundOnly)
            else -> withUndo.copy(wayBack = WayBack.InProgress(undo.id), net = if (undo.status == UndoStatus.QUEUED) sale.amount else null)
        }
    }

    private fun withCompletion(sale: Sale): Sale {
        val taken = sale.kind == SaleKind.PREAUTH && children(sale.id).any { it.kind == SaleKind.COMPLETION && it.status == SaleStatus.APPROVED }
        return if (taken) sale.copy(status = SaleStatus.COMPLETED, wayBack = WayBack.None) else sale
    }

    /** What completes or adds to a pre-authorisation, oldest first. */
    fun children(preauth: String): List<Sale> = sales.values.filter { it.parent == preauth }.map { current(it) }

    /** Whether two reads are of one card. */
    internal fun isCardOf(sale: Sale, card: CardRead) = lastFour(card) == sale.lastFour

    internal fun refuse(code: String): Nothing = throw GatewayException(Failure.Refused(explain(code, null)))

    fun tooLate() = explain("12", Rail.UNIONPAY)

    fun explain(code: String, rail: Rail?): Explanation = explanation(code, rail)

    companion object {
        /** 2026-11-24 14:41:07 in Shanghai. */
        const val NOON = 1_795_502_467_000L
        const val LEFT = 8 * 3_600_000L + 18 * 60_000L + 22_000L
    }
}
