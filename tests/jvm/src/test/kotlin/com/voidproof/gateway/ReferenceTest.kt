package com.voidproof.gateway

import kotlinx.coroutines.runBlocking
import org.junit.After
import org.junit.Assert.assertEquals
import org.junit.Assert.assertNull
import org.junit.Assert.assertTrue
import org.junit.Rule
import org.junit.Test
import org.junit.rules.TemporaryFolder
import java.text.SimpleDateFormat
import java.util.Date
import java.util.TimeZone

/** A refund by what stands on a slip. */
class ReferenceTest {
    @get:Rule
    val folder = TemporaryFolder()
    private val host = Host()

    @After
    fun stop() = host.close()

    /** Month and day in China, as a slip shows them. */
    private fun date(at: Long) = SimpleDateFormat("MMdd").apply { timeZone = TimeZone.getTimeZone("GMT+8") }.format(Date(at))

    private fun refund(request: String, sale: Sale, amount: Long) = ReferenceRefund(
        RequestId(request), sale.reference!!, date(sale.at), sale.amount, amount, UndoReason.CUSTOMER_RETURNS,
        Approval(SUPERVISOR, Secret(PIN)), CardRead.Stripe(Secret("$CARD=30121010000"), null),
    )

    @Test
    fun `a sale of this terminal is refunded under its own rules`() = runBlocking {
        val gateway = Desk(folder.root).setUp(host.address)
        val paid = gateway.saleOnce(gateway.sell(sale("r1")).id, SaleStatus.APPROVED)
        val preview = gateway.previewReference(paid.reference!!, date(paid.at))
        assertEquals(paid.id to 1234L, preview.sale?.id to preview.upTo)
        assertEquals("local.OVER_REMAINING", refused { gateway.refundReference(refund("f0", paid, 1235)) })
        val made = gateway.refundReference(refund("f1", paid, 1000))
        assertEquals(made.id, gateway.refundReference(refund("f1", paid, 1000)).id)
        gateway.undoOnce(made.id, UndoStatus.REFUNDED)
        assertEquals(234L, gateway.sale(paid.id).net)
        assertEquals("reference", (failure { gateway.previewReference("12", "1124") } as Failure.InputInvalid).what)
        gateway.close()
    }

    @Test
    fun `a sale of another terminal gets a row of its own, once`() = runBlocking {
        val first = Desk(folder.newFolder("first")).setUp(host.address)
        val paid = first.saleOnce(first.sell(sale("r1")).id, SaleStatus.APPROVED)
        first.close()
        val desk = Desk(folder.newFolder("second"))
        val gateway = desk.gateway()
        gateway.setUp(profile(host.address).replace("10000001", "10000002"), supervisor())
        val preview = gateway.previewReference(paid.reference!!, date(paid.at))
        assertNull(preview.sale)
        assertEquals(Consent.Supervisor(null), preview.consent)
        val made = gateway.undoOnce(gateway.refundReference(refund("f1", paid, 1000)).id, UndoStatus.REFUNDED)
        assertEquals(SaleKind.UNMATCHED, made.sale.kind)
        assertEquals("local.OVER_REMAINING", refused { gateway.refundReference(refund("f2", paid, 235)) })
        val again = gateway.previewReference(paid.reference!!, date(paid.at))
        assertTrue("$again", again.sale == null || again.upTo == 234L)
        gateway.close()
    }
}
