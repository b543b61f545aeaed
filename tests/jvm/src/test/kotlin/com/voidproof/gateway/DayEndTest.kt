package com.voidproof.gateway

import kotlinx.coroutines.runBlocking
import org.junit.After
import org.junit.Assert.assertEquals
import org.junit.Assert.assertNull
import org.junit.Assert.assertTrue
import org.junit.Assert.fail
import org.junit.Rule
import org.junit.Test
import org.junit.rules.TemporaryFolder

/** Settlement, and what is left after it. */
class DayEndTest {
    @get:Rule
    val folder = TemporaryFolder()
    private val host = Host()
    private val desk by lazy { Desk(folder.root) }

    @After
    fun stop() = host.close()

    private suspend fun paid(gateway: Gateway, request: String): String {
        val sale = gateway.sell(sale(request)).id
        gateway.saleOnce(sale, SaleStatus.APPROVED)
        return sale
    }

    private fun consent() = Approval(SUPERVISOR, Secret(PIN))

    private fun swiped() = CardRead.Stripe(Secret("$CARD=30121010000"), null)

    @Test
    fun `after settlement a void is refused and a refund is made`() = runBlocking {
        val gateway = desk.setUp(host.address)
        val sale = paid(gateway, "r1")
        val before = gateway.settlement()
        assertEquals(SettlementPhase.OPEN to Total(1, 1234), before.phase to before.taken)
        assertNull(before.result)

        val settled = gateway.settle(null)
        assertEquals("$settled", SettlementResult.BALANCED to SettlementPhase.CLEARED, settled.result to settled.phase)
        assertTrue(gateway.sale(sale).settled)
        val slip = gateway.receipt(ReceiptOf.OfSettlement(settled.batch, Copy.MERCHANT)).joinToString("\n") { it.text }
        assertTrue(slip, "批结算 · 平" in slip && "1 / RMB 12.34" in slip)
        val preview = gateway.previewVoid(sale)
        assertTrue(preview.refundInstead)
        assertEquals("local.SETTLED", preview.blocked?.code)
        assertEquals(WayBack.RefundOnly, gateway.sale(sale).wayBack)

        assertEquals(1234L, gateway.previewRefund(sale).upTo)
        val ask = RefundRequest(RequestId("r2"), sale, 1000, UndoReason.CUSTOMER_RETURNS, consent(), swiped())
        val refund = gateway.refund(ask)
        assertEquals(refund.id, gateway.refund(ask).id)
        gateway.undoOnce(refund.id, UndoStatus.REFUNDED)
        assertEquals(SaleStatus.PARTLY_REFUNDED to 234L, gateway.sale(sale).let { it.status to it.net })
        assertEquals(234L, host.net())
        gateway.close()
    }

    @Test
    fun `a refund wants consent, the card, and no more than is left`() = runBlocking {
        val gateway = desk.setUp(host.address)
        val sale = paid(gateway, "r1")
        suspend fun code(amount: Long, approval: Approval?, card: CardRead?): String = try {
            gateway.refund(RefundRequest(RequestId("r2"), sale, amount, UndoReason.OTHER, approval, card))
            fail("refunded")
            ""
        } catch (e: GatewayException) {
            (e.failure as Failure.Refused).explanation.code
        }
        assertEquals("local.APPROVAL_NEEDED", code(100, null, swiped()))
        assertEquals("local.CARD_NEEDED", code(100, consent(), null))
        assertEquals("local.OVER_REMAINING", code(1235, consent(), swiped()))
        assertNull(gateway.undoOf(RequestId("r2")))
        assertEquals(1234L, host.net())
        gateway.close()
    }

    @Test
    fun `a void that is owed stands in the way of settlement`() = runBlocking {
        val gateway = desk.setUp(host.address)
        val sale = paid(gateway, "r1")
        host.offline()
        val undo = gateway.voidSale(void("r2", sale)).id
        gateway.undoWaitingForNetwork(undo)
        gateway.act(undo, OwedAction.HOLD, null)
        host.online()
        val blocked = gateway.settle(null)
        assertEquals(SettlementResult.BLOCKED, blocked.result)
        assertEquals(listOf(undo), blocked.open.map { it.id })
        assertEquals("local.UNDOS_OPEN", blocked.explanation?.code)

        val over = gateway.settle(consent())
        assertEquals("$over", SettlementResult.BALANCED, over.result)
        assertEquals(UndoStatus.REFUND_OFFERED, gateway.undo(undo).status)
        assertEquals(1234L, host.net())
        gateway.close()
    }
}
