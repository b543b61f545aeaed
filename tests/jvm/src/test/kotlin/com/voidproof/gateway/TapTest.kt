package com.voidproof.gateway

import com.voidproof.gateway.tag.PaymentTag
import kotlinx.coroutines.runBlocking
import org.junit.After
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertTrue
import org.junit.Before
import org.junit.Rule
import org.junit.Test
import org.junit.rules.TemporaryFolder
import java.io.ByteArrayOutputStream
import java.io.Closeable
import java.io.IOException
import java.net.InetAddress
import java.net.ServerSocket
import java.net.Socket
import kotlin.concurrent.thread

/** A card held to the reader, from its first answer to the acquirer's books. */
class TapTest {
    @get:Rule
    val folder = TemporaryFolder()
    private lateinit var host: Host
    private lateinit var wire: Wire
    private lateinit var gateway: Gateway

    @Before
    fun open() = runBlocking {
        host = Host()
        wire = Wire(host.address)
        gateway = Desk(folder.root).setUp(wire.address)
    }

    @After
    fun close() = runBlocking {
        gateway.close()
        wire.close()
        host.close()
    }

    /** Carries commands and answers until the reading ends. */
    private suspend fun read(tag: PaymentTag, amount: Long, purpose: TapFor = TapFor.SALE): TapStep {
        var step = gateway.beginReading(purpose, amount)
        while (step is TapStep.Send) {
            val reading = step.reading
            val answer = try { tag.transceive(step.command) } catch (e: IOException) { null }
            step = if (answer == null) gateway.cardGone(reading) else gateway.cardAnswered(reading, answer)
        }
        return step
    }

    private suspend fun card(tag: PaymentTag, amount: Long): TappedCard = (read(tag, amount) as TapStep.Read).card

    private fun pay(request: String, amount: Long, card: TappedCard) =
        SaleRequest(RequestId(request), amount, Means.Card(CardRead.Held(card.handle, pin = null)))

    @Test
    fun `a card held to the reader pays, and its sale is voided`() = runBlocking {
        val tag = PaymentTag()
        val card = card(tag, 12_34)
        assertEquals(PaymentTag.MASKED, card.number)
        assertFalse(card.needsPin)
        val sale = gateway.sell(pay("r1", 12_34, card))
        val paid = gateway.saleOnce(sale.id, SaleStatus.APPROVED)
        assertEquals(Entry.TAP to "0018", paid.entry to paid.lastFour)
        assertEquals(12_34L, host.net())
        val date = java.time.LocalDate.now(java.time.ZoneId.of("Asia/Shanghai")).toString().replace("-", "").drop(2)
        for (told in listOf("9F2608${PaymentTag.CRYPTOGRAM}", "9F0206000000001234", "9C0100", "9F410400000001", "9A03$date")) {
            assertTrue(told, told in wire.sent())
        }
        assertEquals(sale.id, gateway.sell(pay("r1", 12_34, card)).id)
        assertEquals("local.TAP_SPENT", refused { gateway.sell(pay("r2", 12_34, card)) })
        gateway.undoOnce(gateway.voidSale(void("r3", sale.id)).id, UndoStatus.VOIDED)
        assertEquals(0L, host.net())
    }

    @Test
    fun `an unanswered sale by tap is reversed with what the card said`() = runBlocking {
        host.fault("on = \"sale\"\nat = \"after_booking\"\ndo = \"drop\"")
        val sale = gateway.sell(pay("r1", 5_00, card(PaymentTag(), 5_00)))
        gateway.saleOnce(sale.id, SaleStatus.REVERSED)
        assertEquals(0L, host.net())
    }

    @Test
    fun `a card that goes away, or pays by itself, charges nobody`() = runBlocking {
        val gone = read(PaymentTag(patience = 2), 12_34) as TapStep.Failed
        assertEquals("local.TAP_MOVED", gone.explanation.code)
        val alone = read(PaymentTag(decision = PaymentTag.APPROVED_ALONE), 12_34) as TapStep.Failed
        assertEquals("local.TAP_APPROVED_ALONE", alone.explanation.code)
        assertEquals(Goods.KEEP to Retry.NEVER, alone.explanation.goods to alone.explanation.retry)
        assertTrue(alone.explanation.reference!!.startsWith("tap-"))
        assertEquals(0L, host.net())
    }
}

/** Between the terminal and its host: writes down what the terminal sends. */
private class Wire(host: String) : Closeable {
    private val listener = ServerSocket(0, 8, InetAddress.getLoopbackAddress())
    private val heard = ByteArrayOutputStream()
    val address = "127.0.0.1:${listener.localPort}"

    init {
        val port = host.substringAfterLast(':').toInt()
        thread(isDaemon = true) {
            while (!listener.isClosed) {
                val terminal = try { listener.accept() } catch (e: IOException) { break }
                val far = Socket(InetAddress.getLoopbackAddress(), port)
                carry(terminal, far) { bytes, count -> synchronized(heard) { heard.write(bytes, 0, count) } }
                carry(far, terminal) { _, _ -> }
            }
        }
    }

    fun sent(): String = synchronized(heard) { heard.toByteArray() }.joinToString("") { "%02X".format(it) }

    override fun close() = listener.close()

    /** Until one side closes. */
    private fun carry(from: Socket, to: Socket, hear: (ByteArray, Int) -> Unit) = thread(isDaemon = true) {
        try {
            val bytes = ByteArray(2_048)
            while (true) {
                val count = from.getInputStream().read(bytes)
                if (count < 0) break
                hear(bytes, count)
                to.getOutputStream().write(bytes, 0, count)
            }
        } catch (e: IOException) {
            // The other side is closed below.
        } finally {
            from.close()
            to.close()
        }
    }
}
