package com.voidproof.app.unit

import com.voidproof.app.device.CardResult
import com.voidproof.app.device.CardTrouble
import com.voidproof.app.device.nfc.Antenna
import com.voidproof.app.device.nfc.PinPad
import com.voidproof.app.device.nfc.TagLink
import com.voidproof.app.device.nfc.TapReader
import com.voidproof.gateway.CardRead
import com.voidproof.gateway.Secret
import com.voidproof.gateway.TapFor
import com.voidproof.gateway.fake.FakeGateway
import java.io.IOException
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertTrue
import org.junit.Assert.assertNotNull
import org.junit.Test

/** Between an antenna and the core, with a card that is none. */
class TapReaderTest {
    private val gateway = FakeGateway.ready()
    private var forgotten = 0

    private class Card(override val longest: Int = 261, val answer: (Int) -> ByteArray) : TagLink {
        var asked = 0

        override fun transceive(command: ByteArray): ByteArray = answer(++asked)
    }

    private class Holding(private val card: TagLink?) : Antenna {
        override suspend fun <T : Any> withCard(work: suspend (TagLink) -> T): T? = card?.let { work(it) }
    }

    private fun read(card: TagLink?, pad: PinPad? = null): CardResult = runBlocking {
        TapReader(Holding(card), pad, Dispatchers.Unconfined) { gateway }.read(500, TapFor.PREAUTH)
    }.also { forgotten = gateway.commands.count { it == "forgetCard" } }

    private fun good() = Card { byteArrayOf(0x90.toByte(), 0) }

    private fun code(result: CardResult) = (result as CardResult.Explained).explanation.code

    @Test
    fun `a good card stays in the core and is named by a handle`() {
        val card = good()
        val read = (read(card) as CardResult.Read).card as CardRead.Held
        assertEquals("tap1", read.handle)
        assertEquals(2, card.asked)
        assertEquals(listOf("beginReading PREAUTH 500"), gateway.commands)
    }

    @Test
    fun `a card that is taken away or changed is gone`() {
        for (gone in listOf<Exception>(IOException("lost"), SecurityException("out of date"))) {
            val result = read(Card { if (it == 2) throw gone else byteArrayOf(0x90.toByte(), 0) })
            assertEquals("local.TAP_MOVED", code(result))
        }
        assertEquals("local.TAP_UNREADABLE", code(read(Card { byteArrayOf(0x6A, 0x82.toByte()) })))
    }

    @Test
    fun `an antenna that is off or too small is no reader, and the reading is forgotten`() {
        for (card in listOf(null, Card(longest = 4) { error("sent") })) {
            assertEquals(CardResult.Failed(CardTrouble.READER_BROKEN), read(card))
        }
        assertEquals(2, forgotten)
    }

    @Test
    fun `without a PIN pad a card that wants the PIN is not used`() {
        gateway.tapNeedsPin = true
        assertEquals("local.PIN_PAD_NEEDED", code(read(good())))
        assertEquals(1, forgotten)
        val cancelled = object : PinPad {
            override suspend fun ask(amount: Long, number: String): Secret? = null
        }
        assertEquals(CardResult.Failed(CardTrouble.PIN_CANCELLED), read(good(), cancelled))
        assertEquals(2, forgotten)
        val typed = object : PinPad {
            override suspend fun ask(amount: Long, number: String) = Secret("123456")
        }
        assertNotNull(((read(good(), typed) as CardResult.Read).card as CardRead.Held).pin)
        assertEquals(2, forgotten)
    }

    @Test
    fun `a card that wants a signature says so, with a PIN or without`() {
        assertFalse((read(good()) as CardResult.Read).signs)
        gateway.tapNeedsSignature = true
        assertTrue((read(good()) as CardResult.Read).signs)
        gateway.tapNeedsPin = true
        val typed = object : PinPad {
            override suspend fun ask(amount: Long, number: String) = Secret("123456")
        }
        assertTrue((read(good(), typed) as CardResult.Read).signs)
    }

    @Test
    fun `who stops waiting leaves nothing behind`() = runBlocking {
        val never = object : Antenna {
            override suspend fun <T : Any> withCard(work: suspend (TagLink) -> T): T? = CompletableDeferred<T>().await()
        }
        val reader = TapReader(never, null, Dispatchers.Unconfined) { gateway }
        launch(start = CoroutineStart.UNDISPATCHED) { reader.read(500, TapFor.SALE) }.cancelAndJoin()
        assertEquals(1, gateway.commands.count { it == "forgetCard" })
        assertFalse(reader.certified)
    }
}
