package com.voidproof.gateway.fake

import com.voidproof.gateway.CardRead
import com.voidproof.gateway.Failure
import com.voidproof.gateway.GatewayException
import com.voidproof.gateway.ReferencePreview
import com.voidproof.gateway.ReferenceRefund
import com.voidproof.gateway.RefundPreview
import com.voidproof.gateway.RefundRequest
import com.voidproof.gateway.RequestId
import com.voidproof.gateway.TakingBack
import com.voidproof.gateway.Undo
import com.voidproof.gateway.UndoKind
import com.voidproof.gateway.UndoStatus
import com.voidproof.gateway.VoidPreview
import com.voidproof.gateway.VoidRequest
import com.voidproof.gateway.WayBack

internal class FakeTakingBack(private val desk: FakeDesk) : TakingBack {
    private val shop = desk.shop

    override suspend fun previewVoid(sale: String): VoidPreview = desk.asked("") { shop.previewVoid(sale) }

    override suspend fun voidSale(request: VoidRequest): Undo = desk.asked("voidSale") {
        shop.requests[request.request.value]?.let { return@asked shop.undo(it) }
        request.approval?.let { desk.checkPin(it.operator, it.pin) }
        (shop.sale(request.sale).wayBack as? WayBack.InProgress)?.let { return@asked shop.undo(it.undo) }
        shop.previewVoid(request.sale).blocked?.let { throw GatewayException(Failure.Refused(it)) }
        val undo = shop.newUndo(request.request.value, UndoKind.VOID, request.sale, null, request.reason)
        desk.send(undo)
        shop.undo(undo.id)
    }

    override suspend fun previewRefund(sale: String): RefundPreview = desk.asked("") { shop.previewRefund(sale) }

    override suspend fun refund(request: RefundRequest): Undo = desk.asked("refund") {
        shop.requests[request.request.value]?.let { return@asked shop.undo(it) }
        request.approval?.let { desk.checkPin(it.operator, it.pin) }
        if (request.amount > shop.previewRefund(request.sale).upTo) shop.refuse("local.OVER_REMAINING")
        val undo = shop.newUndo(request.request.value, UndoKind.REFUND, request.sale, request.amount, request.reason)
        desk.send(undo)
        shop.undo(undo.id)
    }

    override suspend fun previewReference(reference: String, date: String): ReferencePreview =
        desk.asked("") { shop.previewReference(reference, date) }

    override suspend fun refundReference(request: ReferenceRefund): Undo = desk.asked("refundReference") {
        shop.requests[request.request.value]?.let { return@asked shop.undo(it) }
        desk.checkSupervisor(request.approval)
        val known = shop.previewReference(request.reference, request.date)
        if (request.amount > (known.upTo ?: request.saleAmount ?: request.amount)) shop.refuse("local.OVER_REMAINING")
        val sale = known.sale ?: shop.unmatched(request)
        val undo = shop.newUndo(request.request.value, UndoKind.REFUND, sale.id, request.amount, request.reason)
        desk.send(undo)
        shop.undo(undo.id)
    }

    override suspend fun undo(id: String): Undo = desk.asked("") { shop.undo(id) }

    override suspend fun undoOf(request: RequestId): Undo? = desk.asked("") { shop.requests[request.value]?.let { shop.undos[it] } }

    override suspend fun presentCard(undo: String, card: CardRead): Undo = desk.asked("presentCard") {
        if (shop.undo(undo).status != UndoStatus.NEEDS_CARD) shop.refuse("local.NOT_IN_THIS_STATE")
        if (!shop.isCardOf(shop.undo(undo).sale, card)) shop.refuse("local.OTHER_CARD")
        desk.move(undo, if (desk.online) UndoStatus.VOIDED else UndoStatus.QUEUED)
        shop.undo(undo)
    }
}
