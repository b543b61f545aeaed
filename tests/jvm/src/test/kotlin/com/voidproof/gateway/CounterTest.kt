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

/** A day at the counter, on the real core and a real host. */
class CounterTest {
    @get:Rule
    val folder = TemporaryFolder()
    private val host = Host()
    private val desk by lazy { Desk(folder.root) }

    @After
    fun stop() = host.close()

    @Test
    fun `a sale is committed, approved, voided and on the slip`() = runBlocking {
        val gateway = desk.setUp(host.address)
        val sale = gateway.sell(sale("r1"))
        assertEquals(sale.id, gateway.sell(sale("r1")).id)
        val paid = gateway.saleOnce(sale.id, SaleStatus.APPROVED)
        assertEquals("0018", paid.lastFour)
        assertEquals(1234L, paid.net)
        assertTrue(paid.wayBack is WayBack.Void)
        assertEquals(1234L, host.net())

        val preview = gateway.previewVoid(sale.id)
        assertEquals(Consent.Supervisor(null), preview.consent)
        assertNull(preview.blocked)
        val undo = gateway.voidSale(void("r2", sale.id))
        assertEquals(undo.id, gateway.undoOf(RequestId("r2"))?.id)
        val done = gateway.undoOnce(undo.id, UndoStatus.VOIDED)
        assertEquals(listOf(StepKind.RECORDED, StepKind.SEND, StepKind.CONFIRM), done.steps.map { it.kind })
        assertEquals(SaleStatus.VOIDED, done.sale.status)
        assertEquals(0L, host.net())

        val kinds = gateway.record(sale.id).timeline.map { it.kind }
        for (kind in listOf(TimelineKind.SALE_RECORDED, TimelineKind.SALE_APPROVED, TimelineKind.UNDO_CONFIRMED)) {
            assertTrue("$kind in $kinds", kind in kinds)
        }
        val slip = gateway.receipt(ReceiptOf.OfUndo(undo.id, Copy.MERCHANT)).joinToString("\n") { it.text }
        assertTrue(slip, "撤销成功" in slip && "622202*********0018 M" in slip && CARD !in slip)
        gateway.close()
    }

    @Test
    fun `without the host a sale is not sent and a void waits`() = runBlocking {
        val gateway = desk.setUp(host.address)
        val paid = gateway.sell(sale("r1"))
        gateway.saleOnce(paid.id, SaleStatus.APPROVED)
        host.offline()
        val lost = gateway.sell(sale("r2"))
        val told = gateway.saleOnce(lost.id, SaleStatus.NOT_SENT)
        assertEquals(Cause.NETWORK, told.explanation?.cause)
        assertEquals(Link.OFFLINE, gateway.terminal().link)

        val undo = gateway.voidSale(void("r3", paid.id))
        gateway.undoWaitingForNetwork(undo.id)
        val item = gateway.queue().single()
        assertEquals(OwedKind.VOID, item.kind)
        assertTrue("${item.actions}", OwedAction.WITHDRAW in item.actions)
        val slip = gateway.receipt(ReceiptOf.OfUndo(undo.id, Copy.CUSTOMER)).joinToString("\n") { it.text }
        assertTrue(slip, "已登记 · 未完成" in slip && "撤销成功" !in slip)
        assertEquals(1, gateway.terminal().owed.voids)

        host.online()
        gateway.networkChanged(Network.NONE)
        gateway.networkChanged(Network.CONNECTED)
        gateway.undoOnce(undo.id, UndoStatus.VOIDED)
        assertEquals(0, gateway.terminal().owed.count)
        assertEquals(0L, host.net())
        gateway.close()
    }

    @Test
    fun `a held void goes on when it is released, and is withdrawn with consent`() = runBlocking {
        val gateway = desk.setUp(host.address)
        val paid = gateway.sell(sale("r1"))
        gateway.saleOnce(paid.id, SaleStatus.APPROVED)
        host.offline()
        val undo = gateway.voidSale(void("r2", paid.id)).id
        gateway.undoWaitingForNetwork(undo)
        assertEquals(Why.HELD, gateway.act(undo, OwedAction.HOLD, null)?.why)
        assertEquals(UndoStatus.ON_HOLD, gateway.undo(undo).status)
        gateway.act(undo, OwedAction.RELEASE, null)
        try {
            gateway.act(undo, OwedAction.WITHDRAW, Approval(SUPERVISOR, Secret("1111")))
            fail("withdrawn with a wrong PIN")
        } catch (e: GatewayException) {
            assertEquals(Failure.WrongPin(SUPERVISOR, 4), e.failure)
        }
        assertNull(gateway.act(undo, OwedAction.WITHDRAW, Approval(SUPERVISOR, Secret(PIN))))
        assertEquals(SaleStatus.APPROVED, gateway.sale(paid.id).status)
        val done = gateway.record(paid.id).timeline.filter { it.operator == SUPERVISOR }.map { it.kind }
        val people = listOf(
            TimelineKind.SALE_RECORDED, TimelineKind.UNDO_RECORDED, TimelineKind.UNDO_APPROVAL,
            TimelineKind.UNDO_HELD, TimelineKind.UNDO_RELEASED, TimelineKind.UNDO_WITHDRAWN,
        )
        assertEquals(people, people.filter { it in done })
        gateway.close()
    }

    @Test
    fun `sales are found by voucher, last four digits and amount`() = runBlocking {
        val gateway = desk.setUp(host.address)
        val made = (1L..3L).map { gateway.sell(sale("r$it", it * 111)).id }
        made.forEach { gateway.saleOnce(it, SaleStatus.APPROVED) }
        suspend fun find(text: String, filter: SaleFilter = SaleFilter.ALL, after: String? = null, limit: Int = 10) =
            gateway.sales(SaleQuery(text, filter, after, limit))
        assertEquals(made.reversed(), find("").sales.map { it.id })
        val first = find("", limit = 2)
        assertEquals(made[0], find("", after = first.next, limit = 2).sales.single().id)
        val sale = gateway.sale(made[1])
        assertEquals(sale.id, find(sale.voucher!!.trimStart('0')).sales.single().id)
        assertEquals(3, find("0018").sales.size)
        assertEquals(sale.id, find("2.22").sales.single().id)
        assertEquals(0, find("", SaleFilter.UNKNOWN).sales.size)
        assertEquals(3, find("", SaleFilter.CAN_UNDO).sales.size)
        gateway.close()
    }
}
