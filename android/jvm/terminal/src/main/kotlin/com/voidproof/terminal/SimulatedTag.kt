package com.voidproof.terminal

import com.voidproof.app.device.nfc.Antenna
import com.voidproof.app.device.nfc.PinPad
import com.voidproof.app.device.nfc.TagLink
import com.voidproof.gateway.Secret
import com.voidproof.gateway.tag.PaymentTag
import java.util.concurrent.atomic.AtomicReference
import kotlinx.coroutines.CompletableDeferred

/** Where the people at the panel hold their cards, phones and wristbands to; with a pad on which the holder types the tag's own PIN. */
internal class SimulatedAntenna : Antenna, PinPad {
    private val waiting = AtomicReference<CompletableDeferred<SimulatedTag>?>()

    @Volatile private var held: SimulatedTag? = null

    val waits: Boolean get() = waiting.get() != null

    /** False: no card is waited for. */
    fun hold(tag: SimulatedTag): Boolean = waiting.get()?.complete(tag) == true

    override suspend fun <T : Any> withCard(work: suspend (TagLink) -> T): T? {
        val next = CompletableDeferred<SimulatedTag>()
        waiting.set(next)
        try {
            return work(next.await().also { held = it })
        } finally {
            waiting.compareAndSet(next, null)
        }
    }

    override suspend fun ask(amount: Long, number: String): Secret? = held?.pin
}

/** [pin]: what its holder types. */
internal class SimulatedTag(number: String, expiry: String, ownerChecked: Boolean, val pin: Secret?) : TagLink {
    private val tag = PaymentTag(number, expiry, ownerChecked)
    override val longest = PaymentTag.LONGEST

    override fun transceive(command: ByteArray) = tag.transceive(command)
}
