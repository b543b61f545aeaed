package com.voidproof.terminal

import com.voidproof.app.device.nfc.Antenna
import com.voidproof.app.device.nfc.PinPad
import com.voidproof.app.device.nfc.TagLink
import com.voidproof.gateway.Secret
import java.util.concurrent.atomic.AtomicInteger
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

/** Answers the commands of a contactless payment as a UnionPay card that goes online does. [ownerChecked]: a phone has seen its owner. */
internal class SimulatedTag(number: String, expiry: String, private val ownerChecked: Boolean, val pin: Secret?) : TagLink {
    override val longest = SHORT
    private val record = of("5A", number.padEnd((number.length + 1) / 2 * 2, 'F'))
    private val track = "${number}D${expiry}2206960000000".let { of("57", it.padEnd((it.length + 1) / 2 * 2, 'F')) }

    override fun transceive(command: ByteArray): ByteArray {
        val hex = command.joinToString("") { "%02X".format(it) }
        return bytes(
            when {
                hex.startsWith("00A404000E$DIRECTORY") -> directory() + DONE
                hex == FIRST || hex.startsWith("00A40400") && APPLICATION in hex -> application() + DONE
                hex.startsWith("00A40400") -> "6A82"
                hex.startsWith("80A80000") -> of("77", paid()) + DONE
                hex.startsWith("00B2010C") -> of("70", record) + DONE
                else -> "6D00"
            },
        )
    }

    private fun directory(): String {
        val entry = of("61", of("4F", APPLICATION) + of("87", "01"))
        return of("6F", of("84", DIRECTORY) + of("A5", of("BF0C", entry)))
    }

    private fun application() = of("6F", of("84", APPLICATION) + of("A5", of("50", LABEL) + of("9F38", WISHES)))

    private fun paid(): String = of("82", "7C00") + of("94", "08010100") + of("9F36", "%04X".format(COUNTER.incrementAndGet())) + track +
        of("9F10", "070103A0000001") + of("9F26", CRYPTOGRAM) + of("9F27", ONLINE) + of("5F34", "01") +
        of("9F6C", if (ownerChecked) "0080" else "0000")

    private fun of(tag: String, value: String) = tag + "%02X".format(value.length / 2) + value

    private fun bytes(hex: String) = hex.chunked(2).map { it.toInt(16).toByte() }.toByteArray()

    private companion object {
        /** The longest short command, in bytes. */
        const val SHORT = 261
        const val DONE = "9000"
        const val DIRECTORY = "325041592E5359532E4444463031"

        /** Selects a card's first application, whatever its name. */
        const val FIRST = "00A4040000"

        /** UnionPay debit. */
        const val APPLICATION = "A000000333010101"

        /** "UNIONPAY". */
        const val LABEL = "554E494F4E504159"

        /** What it asks of the terminal: qualifiers, amount, date, random number. */
        const val WISHES = "9F66049F02069A039F3704"

        /** Made up: no host here checks it. */
        const val CRYPTOGRAM = "0123456789ABCDEF"
        const val ONLINE = "80"

        /** All tags of a process count on, as one card's own counter does. */
        val COUNTER = AtomicInteger()
    }
}
