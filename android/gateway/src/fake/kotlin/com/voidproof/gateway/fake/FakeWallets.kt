package com.voidproof.gateway.fake

import com.voidproof.gateway.Approval
import com.voidproof.gateway.CodeKind
import com.voidproof.gateway.Frame
import com.voidproof.gateway.Modules
import com.voidproof.gateway.PaymentStage
import com.voidproof.gateway.Sale
import com.voidproof.gateway.SaleStatus
import com.voidproof.gateway.Secret
import com.voidproof.gateway.Wallets

private const val FINDER = 7

internal class FakeWallets(private val desk: FakeDesk) : Wallets {
    private val shop = desk.shop

    /** What the next camera pictures show. */
    val seen = ArrayList<List<String>>()

    override suspend fun recognise(code: Secret): CodeKind = desk.asked("") {
        val rail = code.reveal { railOf(String(it)) }
        if (rail == null) CodeKind.Other(shop.explain("local.NOT_A_PAYMENT_CODE", null)) else CodeKind.Pays(rail)
    }

    override suspend fun readFrame(frame: Frame): List<Secret> = desk.asked("") {
        if (seen.isEmpty()) emptyList() else seen.removeAt(0).map(::Secret)
    }

    /** Three finder patterns around a pattern of the text: looks like a code and is none. */
    override suspend fun modules(text: String): Modules = desk.asked("") {
        val size = 29
        val dark = BooleanArray(size * size) { at ->
            val (x, y) = at % size to at / size
            val (fx, fy) = minOf(x, size - 1 - x) to minOf(y, size - 1 - y)
            val finder = fx <= FINDER && fy <= FINDER && !(x > size / 2 && y > size / 2)
            if (finder) ring(fx, fy) else (text.hashCode() ushr (at % 31)) and 1 == (x + y) and 1
        }
        Modules(size, dark)
    }

    private fun ring(x: Int, y: Int): Boolean {
        val from = maxOf(kotlin.math.abs(x - 3), kotlin.math.abs(y - 3))
        return from == 3 || from < 2
    }

    override suspend fun handedOver(sale: String, approval: Approval?): Sale = desk.asked("handedOver") {
        val found = shop.sale(sale)
        val payment = found.payment
        if (payment?.canHandOver != true) shop.refuse("local.NOT_IN_THIS_STATE")
        if (payment.stage == PaymentStage.TAKING_BACK) desk.checkSupervisor(approval)
        desk.answerSale(sale, SaleStatus.APPROVED)
        shop.sale(sale)
    }
}
