package com.voidproof.gateway.fake

import com.voidproof.gateway.CompletionRequest
import com.voidproof.gateway.Explanation
import com.voidproof.gateway.Failure
import com.voidproof.gateway.GatewayException
import com.voidproof.gateway.Preauth
import com.voidproof.gateway.PreauthPage
import com.voidproof.gateway.PreauthRequest
import com.voidproof.gateway.Preauths
import com.voidproof.gateway.Sale
import com.voidproof.gateway.SaleKind
import com.voidproof.gateway.SaleStatus

private const val MOST_PER_CENT = 115

internal class FakePreauths(private val desk: FakeDesk) : Preauths {
    private val shop = desk.shop

    override suspend fun preauth(request: PreauthRequest): Sale = desk.asked("preauth") {
        shop.requests[request.request.value]?.let { return@asked shop.sale(it) }
        request.addTo?.let { parent ->
            if (!shop.isCardOf(shop.sale(parent), request.card)) shop.refuse("local.OTHER_CARD")
            refusal(shop.sale(parent))?.let { throw GatewayException(Failure.Refused(it)) }
        }
        val sale = shop.cardSale(request.amount, request.card).copy(kind = SaleKind.PREAUTH, parent = request.addTo)
        shop.recorded(request.request.value, sale)
        desk.send(sale, SaleStatus.HELD)
        sale
    }

    override suspend fun heldPreauths(after: String?, limit: Int): PreauthPage = desk.asked("") {
        val held = shop.sales.keys.reversed().map(shop::sale)
            .filter { it.kind == SaleKind.PREAUTH && it.status == SaleStatus.HELD && it.parent == null }
        val from = after?.toInt() ?: 0
        PreauthPage(held.drop(from).take(limit).map(::preauthOf), (from + limit).takeIf { it < held.size }?.toString())
    }

    override suspend fun heldPreauth(sale: String): Preauth = desk.asked("") {
        val found = shop.sale(sale)
        if (found.kind != SaleKind.PREAUTH) throw GatewayException(Failure.NotFound(sale))
        preauthOf(found)
    }

    override suspend fun complete(request: CompletionRequest): Sale = desk.asked("complete") {
        shop.requests[request.request.value]?.let { return@asked shop.sale(it) }
        val preauth = shop.sale(request.preauth)
        if (!shop.isCardOf(preauth, request.card)) shop.refuse("local.OTHER_CARD")
        refusal(preauth)?.let { throw GatewayException(Failure.Refused(it)) }
        if (request.amount > preauthOf(preauth).mostToTake) shop.refuse("local.OVER_PREAUTH")
        val sale = shop.cardSale(request.amount, request.card).copy(kind = SaleKind.COMPLETION, parent = preauth.id)
        shop.recorded(request.request.value, sale)
        if (request.advice && !desk.online) desk.answerSale(sale.id, SaleStatus.UNKNOWN) else desk.send(sale, SaleStatus.APPROVED)
        sale
    }

    private fun preauthOf(sale: Sale): Preauth {
        val children = shop.children(sale.id)
        val additions = children.filter { it.kind == SaleKind.PREAUTH && it.status == SaleStatus.HELD }
        val held = if (sale.status == SaleStatus.HELD) sale.amount + additions.sumOf { it.amount } else 0
        return Preauth(
            sale = sale,
            additions = additions,
            held = held,
            mostToTake = held * MOST_PER_CENT / 100,
            completion = children.lastOrNull { it.kind == SaleKind.COMPLETION },
            blocked = refusal(sale),
        )
    }

    /** Why nothing can be completed or added now. */
    private fun refusal(sale: Sale): Explanation? {
        val dead = setOf(SaleStatus.DECLINED, SaleStatus.NOT_SENT, SaleStatus.REVERSED, SaleStatus.VOIDED)
        val taken = shop.children(sale.id).any { it.kind == SaleKind.COMPLETION && it.status !in dead }
        val code = when {
            taken || sale.undo?.let { shop.undo(it.id).isOpen } == true -> "local.PREAUTH_TAKEN"
            sale.status != SaleStatus.HELD -> "local.NOTHING_TO_UNDO"
            else -> return null
        }
        return shop.explain(code, sale.rail)
    }
}
