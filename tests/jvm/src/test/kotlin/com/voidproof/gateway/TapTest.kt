package com.voidproof.gateway

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
    private suspend fun read(tag: Tag, amount: Long, purpose: TapFor = TapFor.SALE): TapStep {
        var step = gateway.beginReading(purpose, amount)
        while (step is TapStep.Send) {
            val answer = tag.answer(step.command)
            step = if (answer == null) gateway.cardGone(step.reading) else gateway.cardAnswered(step.reading, answer)
        }
        return step
    }

    private suspend fun card(tag: Tag, amount: Long): TappedCard = (read(tag, amount) as TapStep.Read).card

    private fun pay(request: String, amount: Long, card: TappedCard) =
        SaleRequest(RequestId(request), amount, Means.Card(CardRead.Held(card.handle, pin = null)))

    @Test
    fun `a card held to the reader pays, and its sale is voided`() = runBlocking {
        val tag = Tag()
        val card = card(tag, 12_34)
        assertEquals("622202*********0018", card.number)
        assertFalse(card.needsPin)
        val sale = gateway.sell(pay("r1", 12_34, card))
        val paid = gateway.saleOnce(sale.id, SaleStatus.APPROVED)
        assertEquals(Entry.TAP to "0018", paid.entry to paid.lastFour)
        assertEquals(12_34L, host.net())
        val date = java.time.LocalDate.now(java.time.ZoneId.of("Asia/Shanghai")).toString().replace("-", "").drop(2)
        for (told in listOf("9F2608$CRYPTOGRAM", "9F0206000000001234", "9C0100", "9F410400000001", "9A03$date")) {
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
        val sale = gateway.sell(pay("r1", 5_00, card(Tag(), 5_00)))
        gateway.saleOnce(sale.id, SaleStatus.REVERSED)
        assertEquals(0L, host.net())
    }

    @Test
    fun `a card that goes away, or pays by itself, charges nobody`() = runBlocking {
        val gone = read(Tag(patience = 2), 12_34) as TapStep.Failed
        assertEquals("local.TAP_MOVED", gone.explanation.code)
        val alone = read(Tag(decision = 0x40), 12_34) as TapStep.Failed
        assertEquals("local.TAP_APPROVED_ALONE", alone.explanation.code)
        assertEquals(Goods.KEEP to Retry.NEVER, alone.explanation.goods to alone.explanation.retry)
        assertTrue(alone.explanation.reference!!.startsWith("tap-"))
        assertEquals(0L, host.net())
    }
}

private const val CRYPTOGRAM = "0123456789ABCDEF"

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

/** A contactless card: four commands, an answer to each. [decision]: tag 9F27. [patience]: answers until it is taken away. */
private class Tag(private val decision: Int = 0x80, private var patience: Int = 9) {
    fun answer(command: ByteArray): ByteArray? {
        if (patience == 0) return null
        patience -= 1
        val hex = command.joinToString("") { "%02X".format(it) }
        return when {
            hex.startsWith("00A404000E") -> answer(of("6F", of("84", DIRECTORY) + of("A5", of("BF0C", of("61", of("4F", NAME) + of("87", "01"))))))
            hex.startsWith("00A40400") -> answer(of("6F", of("84", NAME) + of("A5", of("9F38", "9F66049F02069A039F3704"))))
            hex.startsWith("80A80000") -> answer(of("77", paid()))
            else -> answer(of("70", of("5A", "6222020000000000018F")))
        }
    }

    private fun paid(): String {
        val history = if (decision == 0x80) "A0" else "90"
        return of("82", "7C00") + of("94", "08010100") + of("9F36", "0001") +
            of("57", "6222020000000000018D30122206960000000F") +
            of("9F10", "070103${history}000001") + of("9F26", CRYPTOGRAM) + of("9F27", "%02X".format(decision)) +
            of("5F34", "01")
    }

    private fun of(tag: String, value: String) = tag + "%02X".format(value.length / 2) + value

    private fun answer(hex: String) = (hex + "9000").chunked(2).map { it.toInt(16).toByte() }.toByteArray()

    private companion object {
        const val DIRECTORY = "325041592E5359532E4444463031"
        const val NAME = "A000000333010101"
    }
}
