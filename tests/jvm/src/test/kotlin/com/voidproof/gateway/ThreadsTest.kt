package com.voidproof.gateway

import kotlinx.coroutines.runBlocking
import org.junit.After
import org.junit.Assert.assertEquals
import org.junit.Rule
import org.junit.Test
import org.junit.rules.TemporaryFolder

/** The thread of the screens asks for everything and runs none of it. */
class ThreadsTest {
    @get:Rule
    val folder = TemporaryFolder()
    private val host = Host()

    @After
    fun stop() = host.close()

    @Test
    fun `a day at the counter makes no core call on the caller's thread`() = runBlocking {
        val desk = Desk(folder.root)
        val gateway = desk.gateway()
        gateway.forbidThread(Thread.currentThread())
        desk.keys.watch = { check(Thread.currentThread() != screens) { "the key store is used by the screens' thread" } }
        gateway.setUp(profile(host.address), supervisor())
        val paid = gateway.saleOnce(gateway.sell(sale("r1")).id, SaleStatus.APPROVED)
        gateway.undoOnce(gateway.voidSale(void("r2", paid.id)).id, UndoStatus.VOIDED)
        gateway.record(paid.id)
        gateway.evidence(paid.id)
        assertEquals(SettlementResult.BALANCED, gateway.settle(null).result)
        assertEquals(null, gateway.testLine().explanation)
        gateway.close()
    }

    private val screens = Thread.currentThread()
}
