package com.voidproof.gateway

import kotlinx.coroutines.runBlocking
import org.junit.After
import org.junit.Assert.assertEquals
import org.junit.Assert.assertNull
import org.junit.Assert.assertTrue
import org.junit.Rule
import org.junit.Test
import org.junit.rules.TemporaryFolder

private const val OTHER_CARD = "6222020000000000026"

/** Money that is held, taken and given back, on the real core and a real host. */
class PreauthTest {
    @get:Rule
    val folder = TemporaryFolder()
    private val host = Host()
    private val desk by lazy { Desk(folder.root) }

    @After
    fun stop() = host.close()

    private suspend fun Gateway.held(request: String, addTo: String? = null): String {
        val made = preauth(PreauthRequest(RequestId(request), 500_00, card(), addTo))
        return saleOnce(made.id, SaleStatus.HELD).id
    }

    private fun completion(request: String, preauth: String, amount: Long = 480_00, number: String = CARD, advice: Boolean = false) =
        CompletionRequest(RequestId(request), preauth, amount, card(number), advice)

    @Test
    fun `a hold is completed once, its completion voided, and it holds again`() = runBlocking {
        val gateway = desk.setUp(host.address)
        val preauth = gateway.held("p1")
        assertEquals(preauth, gateway.saleOf(RequestId("p1"))?.id)
        val found = gateway.heldPreauths(null, 10).preauths.single()
        assertEquals(SaleKind.PREAUTH to 500_00L, found.sale.kind to found.held)
        assertEquals(575_00L, found.mostToTake)
        assertNull(found.blocked)

        assertEquals("local.OTHER_CARD", refused { gateway.complete(completion("x1", preauth, number = OTHER_CARD)) })
        assertEquals("local.OVER_PREAUTH", refused { gateway.complete(completion("x2", preauth, amount = 575_01)) })
        val completed = gateway.complete(completion("c1", preauth))
        assertEquals(completed.id, gateway.complete(completion("c1", preauth)).id)
        gateway.saleOnce(completed.id, SaleStatus.APPROVED)
        assertEquals(480_00L, host.net())
        assertEquals(SaleStatus.COMPLETED, gateway.sale(preauth).status)
        assertEquals(emptyList<Preauth>(), gateway.heldPreauths(null, 10).preauths)
        assertEquals("local.PREAUTH_TAKEN", gateway.heldPreauth(preauth).blocked?.code)
        assertEquals("local.PREAUTH_TAKEN", gateway.previewVoid(preauth).blocked?.code)
        val record = gateway.record(completed.id)
        assertEquals(SaleKind.COMPLETION to preauth, record.sale.kind to record.parent?.id)
        assertEquals(listOf(completed.id), gateway.record(preauth).children.map { it.id })

        val undo = gateway.voidSale(void("v1", completed.id))
        gateway.undoOnce(undo.id, UndoStatus.VOIDED)
        assertEquals(0L, host.net())
        assertEquals(preauth, gateway.heldPreauths(null, 10).preauths.single().sale.id)
        gateway.undoOnce(gateway.voidSale(void("v2", preauth)).id, UndoStatus.VOIDED)
        assertEquals(0L, gateway.heldPreauth(preauth).held)
        gateway.close()
    }

    @Test
    fun `what is added to a hold stands with it, and holds are paged`() = runBlocking {
        val gateway = desk.setUp(host.address)
        val (first, second) = gateway.held("p1") to gateway.held("p2")
        val added = gateway.held("a1", addTo = first)
        val page = gateway.heldPreauths(null, 1)
        assertEquals(second, page.preauths.single().sale.id)
        val last = gateway.heldPreauths(page.next, 1)
        assertEquals(listOf(added), last.preauths.single().additions.map { it.id })
        assertEquals(1_000_00L, last.preauths.single().held)
        assertNull(last.next)
        gateway.close()
    }

    @Test
    fun `a completion by advice without a line is owed and not proven`() = runBlocking {
        val gateway = desk.setUp(host.address)
        val preauth = gateway.held("p1")
        host.offline()
        val told = gateway.complete(completion("c1", preauth, advice = true))
        assertEquals(SaleStatus.UNKNOWN, told.status)
        assertTrue("${gateway.queue()}", gateway.queue().any { it.sale == told.id })
        assertEquals("local.ADVICE_NOT_VOIDABLE", gateway.previewVoid(told.id).blocked?.code)
        host.online()
        gateway.retryAll()
        gateway.saleOnce(told.id, SaleStatus.APPROVED)
        assertEquals(480_00L, host.net())
        gateway.close()
    }
}
