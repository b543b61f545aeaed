package com.voidproof.app.installed

import com.voidproof.app.device.CardResult
import com.voidproof.app.device.nfc.Antenna
import com.voidproof.app.device.nfc.TagLink
import com.voidproof.app.device.nfc.TapReader
import com.voidproof.gateway.CardRead
import com.voidproof.gateway.Gateway
import com.voidproof.gateway.TapStep
import com.voidproof.gateway.tag.PaymentTag
import kotlinx.coroutines.runBlocking
import org.junit.After
import org.junit.Assert.assertEquals
import org.junit.Assert.assertNull
import org.junit.Test

/** From a simulated tag at the antenna into the core and back; no host is asked. */
class TapTest {
    private val terminal = Terminal("tap", PlainKeys).fresh()

    @After
    fun clean() {
        terminal.fresh()
    }

    /** [seen]: each step that the core takes passes here. */
    private fun read(tag: PaymentTag, seen: (TapStep) -> Unit = {}): CardResult = runBlocking {
        val gateway = terminal.setUp(NOBODY)
        try {
            TapReader(HeldTo(tag)) { Watched(gateway, seen) }.read(12_34)
        } finally {
            gateway.close()
        }
    }

    @Test
    fun aTagIsReadAndItsNumberStaysInTheCore() {
        var last: TapStep? = null
        val held = (read(PaymentTag()) { last = it } as CardResult.Read).card as CardRead.Held
        assertNull(held.pin)
        val card = (last as TapStep.Read).card
        assertEquals(Triple(held.handle, PaymentTag.MASKED, false), Triple(card.handle, card.number, card.needsPin))
    }

    @Test
    fun aTagTakenAwayEarlyExplainsItself() {
        for (patience in 0..3) {
            val result = read(PaymentTag(patience = patience)) as CardResult.Explained
            assertEquals("after $patience answers", "local.TAP_MOVED", result.explanation.code)
            terminal.fresh()
        }
    }

    private companion object {
        /** Where nothing listens. */
        const val NOBODY = "127.0.0.1:1"
    }
}

private class HeldTo(private val tag: PaymentTag) : Antenna, TagLink {
    override val longest = PaymentTag.LONGEST

    override fun transceive(command: ByteArray) = tag.transceive(command)

    override suspend fun <T : Any> withCard(work: suspend (TagLink) -> T): T = work(this)
}

private class Watched(private val core: Gateway, private val seen: (TapStep) -> Unit) : Gateway by core {
    override suspend fun cardAnswered(reading: String, answer: ByteArray) = core.cardAnswered(reading, answer).also(seen)
}
