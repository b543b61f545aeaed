package com.voidproof.gateway.tag

import java.io.IOException
import java.util.concurrent.atomic.AtomicInteger

/**
 * Answers the commands of a contactless payment as a UnionPay debit card, phone or wristband does; for tests and the simulated device.
 * [expiry]: year and month. [ownerChecked]: a phone has seen its owner. [decision]: tag 9F27, what the card wants. [patience]: how many
 * commands it answers until it is taken away.
 */
class PaymentTag(
    number: String = NUMBER,
    expiry: String = EXPIRY,
    private val ownerChecked: Boolean = false,
    private val decision: Int = GO_ONLINE,
    patience: Int = Int.MAX_VALUE,
) {
    private val record = of("5A", whole(number))
    private val track = of("57", whole("${number}D${expiry}2206960000000"))
    private val left = AtomicInteger(patience)

    /** An [IOException]: it is gone. */
    fun transceive(command: ByteArray): ByteArray {
        if (left.getAndDecrement() <= 0) throw IOException("taken away")
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
        of("9F10", "070103${if (decision == GO_ONLINE) "A0" else "90"}000001") + of("9F26", CRYPTOGRAM) +
        of("9F27", "%02X".format(decision)) + of("5F34", "01") + of("9F6C", if (ownerChecked) "0080" else "0000")

    private fun of(tag: String, value: String) = tag + "%02X".format(value.length / 2) + value

    private fun whole(digits: String) = digits.padEnd((digits.length + 1) / 2 * 2, 'F')

    private fun bytes(hex: String) = hex.chunked(2).map { it.toInt(16).toByte() }.toByteArray()

    companion object {
        const val NUMBER = "6222020000000000018"

        /** [NUMBER] as screens show it. */
        const val MASKED = "622202*********0018"
        const val EXPIRY = "3012"

        /** The longest short command, in bytes. */
        const val LONGEST = 261

        /** Made up: no host here checks it. */
        const val CRYPTOGRAM = "0123456789ABCDEF"
        const val GO_ONLINE = 0x80
        const val APPROVED_ALONE = 0x40
        private const val DONE = "9000"
        private const val DIRECTORY = "325041592E5359532E4444463031"

        /** Selects a card's first application, whatever its name. */
        private const val FIRST = "00A4040000"

        /** UnionPay debit. */
        private const val APPLICATION = "A000000333010101"

        /** "UNIONPAY". */
        private const val LABEL = "554E494F4E504159"

        /** What it asks of the terminal: qualifiers, amount, date, random number. */
        private const val WISHES = "9F66049F02069A039F3704"

        /** All tags of a process count on, as one card's own counter does. */
        private val COUNTER = AtomicInteger()
    }
}
