package com.voidproof.gateway

import kotlinx.coroutines.runBlocking
import org.junit.After
import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.Rule
import org.junit.Test
import org.junit.rules.TemporaryFolder

/** The acquirer behind TLS, with a certificate of an authority that the profile names. */
class TlsTest {
    @get:Rule
    val folder = TemporaryFolder()
    private val host = Host()
    private val desk by lazy { Desk(folder.newFolder("desk")) }
    private val authority by lazy { Authority(folder.newFolder("ours")) }

    @After
    fun stop() = host.close()

    private suspend fun opened(front: Front, trusted: Authority): Gateway {
        val text = profile(front.address) + "\ntls_ca = \"keys/ca.pem\""
        val given = ProfileFile(text.encodeToByteArray()).with("keys/ca.pem", trusted.pem)
        return desk.gateway().also { it.setUp(given, supervisor()) }
    }

    @Test
    fun `a sale and its void go through TLS`() = runBlocking {
        Front(authority.server(), host.address).use { front ->
            val gateway = opened(front, authority)
            val sale = gateway.saleOnce(gateway.sell(sale("r1")).id, SaleStatus.APPROVED)
            gateway.undoOnce(gateway.voidSale(void("r2", sale.id)).id, UndoStatus.VOIDED)
            assertEquals(0L, host.net())
            assertEquals(setOf("TLSv1.3"), front.handshakes.toSet())
            gateway.close()
        }
    }

    @Test
    fun `a host with another authority's certificate gets no byte of a sale`() = runBlocking {
        Front(authority.server(), host.address).use { front ->
            val gateway = opened(front, Authority(folder.newFolder("other")))
            val sale = gateway.saleOnce(gateway.sell(sale("r1")).id, SaleStatus.NOT_SENT)
            assertEquals(0L, sale.net)
            assertEquals(setOf("failed"), front.handshakes.toSet())
            assertTrue(host.ledger(), "\"sales\":[]" in host.ledger())
            gateway.close()
        }
    }
}
