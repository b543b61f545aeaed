package com.voidproof.gateway

import kotlinx.coroutines.runBlocking
import org.junit.After
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertTrue
import org.junit.Rule
import org.junit.Test
import org.junit.rules.TemporaryFolder

private const val CASHIER = "01"
private const val CASHIER_PIN = "507182"

/** What only people can put right. */
class RescueTest {
    @get:Rule
    val folder = TemporaryFolder()
    private val host = Host()
    private val desk by lazy { Desk(folder.root) }

    @After
    fun stop() = host.close()

    private fun consent() = Approval(SUPERVISOR, Secret(PIN))

    @Test
    fun `a restored ledger sells nothing until a supervisor accepts it`() = runBlocking {
        desk.setUp(host.address).close()
        val ledger = desk.home.resolve("ledger.db")
        val copy = ledger.readBytes()
        desk.reopened().close()
        ledger.writeBytes(copy)

        val gateway = desk.reopened()
        assertTrue(gateway.terminal().restored)
        val sale = gateway.sell(sale("r1")).id
        assertEquals("local.RESTORED", gateway.saleOnce(sale, SaleStatus.NOT_SENT).explanation?.code)
        val wrong = failure { gateway.acceptRestored(Approval(SUPERVISOR, Secret("1111"))) }
        assertTrue("$wrong", wrong is Failure.WrongPin)
        gateway.acceptRestored(consent())
        assertFalse(gateway.terminal().restored)
        gateway.saleOnce(gateway.sell(sale("r2")).id, SaleStatus.APPROVED)
        assertEquals("local.NOT_IN_THIS_STATE", refused { gateway.acceptRestored(consent()) })
        gateway.close()
    }

    @Test
    fun `two people enter what the acquirer states about an unknown sale`() = runBlocking {
        val gateway = desk.setUp(host.address)
        gateway.addOperator(NewOperator(CASHIER, "小李", Role.CASHIER, Secret(CASHIER_PIN)), consent())
        host.fault("on = \"sale\"\nat = \"request_read\"\ndo = \"drop\"")
        host.fault("on = \"reversal_sale\"\nat = \"request_read\"\ndo = \"drop\"\ntimes = 99")
        val sale = gateway.sell(sale("r1")).id
        gateway.saleOnce(sale, SaleStatus.UNKNOWN)

        fun statement(second: Approval, reference: String = "2026-1124-07") =
            Statement(sale, executed = false, reference, consent(), second)
        val other = Approval(CASHIER, Secret(CASHIER_PIN))
        assertEquals("local.APPROVAL_SAME_PERSON", refused { gateway.resolve(statement(consent())) })
        val wrong = failure { gateway.resolve(statement(Approval(CASHIER, Secret("111111")))) }
        assertEquals(CASHIER, (wrong as Failure.WrongPin).operator)
        val unfit = failure { gateway.resolve(statement(other, reference = CARD)) }
        assertEquals("reference", (unfit as Failure.InputInvalid).what)
        gateway.resolve(statement(other))
        assertEquals(SaleStatus.REVERSED, gateway.sale(sale).status)
        assertTrue("${gateway.record(sale).timeline}", gateway.record(sale).timeline.any { it.kind == TimelineKind.RESOLVED })
        assertEquals("local.NOT_IN_THIS_STATE", refused { gateway.resolve(statement(other)) })
        gateway.close()
    }

    @Test
    fun `two people clear a refund that the acquirer never answers for`() = runBlocking {
        val gateway = desk.setUp(host.address)
        gateway.addOperator(NewOperator(CASHIER, "小李", Role.CASHIER, Secret(CASHIER_PIN)), consent())
        val sale = gateway.sell(sale("r1")).id
        gateway.saleOnce(sale, SaleStatus.APPROVED)
        host.fault("on = \"refund\"\nat = \"after_booking\"\ndo = \"drop\"")
        val card = CardRead.Stripe(Secret("$CARD=30121010000"), null)
        val refund = gateway.refund(RefundRequest(RequestId("r2"), sale, 234, UndoReason.OTHER, consent(), card)).id
        gateway.undoOnce(refund, UndoStatus.UNKNOWN)

        assertTrue(Ability.CLEAR in gateway.abilities)
        val other = Approval(CASHIER, Secret(CASHIER_PIN))
        assertEquals("local.APPROVAL_SAME_PERSON", refused { gateway.clear(refund, "no answer", consent(), consent()) })
        val unfit = failure { gateway.clear(refund, CARD, consent(), other) }
        assertEquals("reason", (unfit as Failure.InputInvalid).what)
        assertEquals(listOf(refund), gateway.queue().map { it.id })
        gateway.clear(refund, "no answer", consent(), Approval(CASHIER, Secret(CASHIER_PIN)))
        assertEquals(emptyList<OwedItem>(), gateway.queue())
        assertEquals(UndoStatus.UNKNOWN, gateway.undo(refund).status)
        assertEquals(null, gateway.sale(sale).net)
        assertTrue(gateway.record(sale).timeline.any { it.kind == TimelineKind.CLEARED })
        assertEquals(listOf(refund), gateway.settlement().cleared.map { it.id })
        val settled = gateway.settle(null)
        assertEquals(listOf(refund), settled.cleared.map { it.id })
        assertTrue("$settled", settled.result != SettlementResult.BLOCKED && settled.open.isEmpty())
        val stated = Statement(refund, executed = true, "letter 7", consent(), Approval(CASHIER, Secret(CASHIER_PIN)))
        gateway.resolve(stated)
        assertEquals(1000L, gateway.sale(sale).net)
        assertEquals(emptyList<OwedItem>(), gateway.settlement().cleared)
        gateway.close()
    }

    @Test
    fun `evidence and report tell a day, without account data`() = runBlocking {
        val gateway = desk.setUp(host.address)
        val sale = gateway.sell(sale("r1")).id
        gateway.saleOnce(sale, SaleStatus.APPROVED)
        val evidence = gateway.evidence(sale)
        assertTrue(evidence.sound)
        val text = evidence.text.joinToString("\n")
        assertTrue(text, sale in text && CARD !in text && gateway.sale(sale).voucher!! in text)
        assertEquals("$text\n", String(evidence.files.single().bytes, Charsets.UTF_8))

        val report = gateway.report(null)
        assertEquals(Total(1, 1234) to 1234L, report.taken to report.net)
        assertEquals("day", (failure { gateway.report("yesterday") } as Failure.InputInvalid).what)
        gateway.close()
    }

    @Test
    fun `keys that are lost are imported again by a supervisor`() = runBlocking {
        val first = desk.setUp(host.address)
        val given = ProfileFile(profile(host.address).encodeToByteArray())
        assertEquals("local.NOT_IN_THIS_STATE", refused { first.importKeys(given, consent()) })
        val sale = first.sell(sale("r1")).id
        first.saleOnce(sale, SaleStatus.APPROVED)
        first.close()
        desk.keys.lost = true
        val gateway = desk.gateway()
        val broken = gateway.open()
        assertTrue("$broken", broken is CoreState.Broken && broken.failure is Failure.KeysLost && broken.owed)
        desk.keys.lost = false
        desk.keys.replace()
        val opened = gateway.importKeys(given, consent())
        assertTrue("$opened", opened is CoreState.Ready)
        gateway.logOn(SUPERVISOR, Secret(PIN))
        assertEquals(1234L, gateway.sale(sale).net)
        gateway.saleOnce(gateway.sell(sale("r2")).id, SaleStatus.APPROVED)
        gateway.close()
    }
}
