package com.voidproof.gateway.core

import com.voidproof.gateway.CardRead
import com.voidproof.gateway.ReferencePreview
import com.voidproof.gateway.ReferenceRefund
import com.voidproof.gateway.RefundPreview
import com.voidproof.gateway.RefundRequest
import com.voidproof.gateway.RequestId
import com.voidproof.gateway.TakingBack
import com.voidproof.gateway.Undo
import com.voidproof.gateway.VoidPreview
import com.voidproof.gateway.VoidRequest

internal class CoreTakingBack(private val door: Door) : TakingBack {
    override suspend fun previewVoid(sale: String): VoidPreview = door.ask { shape(previewVoid(sale)) }

    override suspend fun voidSale(request: VoidRequest): Undo = door.ask { bare(request).use { shape(voidSale(it)) } }

    override suspend fun previewRefund(sale: String): RefundPreview = door.ask { shape(previewRefund(sale)) }

    override suspend fun refund(request: RefundRequest): Undo = door.ask { bare(request).use { shape(refund(it)) } }

    override suspend fun previewReference(reference: String, date: String): ReferencePreview =
        door.ask { shape(previewReference(reference, date)) }

    override suspend fun refundReference(request: ReferenceRefund): Undo =
        door.ask { bare(request).use { shape(refundReference(it)) } }

    override suspend fun undo(id: String): Undo = door.ask { shape(undo(id)) }

    override suspend fun undoOf(request: RequestId): Undo? = door.ask { undoOfRequest(request.value)?.let(::shape) }

    override suspend fun presentCard(undo: String, card: CardRead): Undo =
        door.ask { bare(card).use { shape(presentCard(undo, it)) } }
}
