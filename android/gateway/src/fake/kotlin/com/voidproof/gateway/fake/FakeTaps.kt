package com.voidproof.gateway.fake

import com.voidproof.gateway.CardProduct
import com.voidproof.gateway.TapFor
import com.voidproof.gateway.TapStep
import com.voidproof.gateway.TappedCard
import com.voidproof.gateway.Taps

/** Asks a card two things, whatever it answers: `9000` at the end is a good answer, all else is none. */
internal class FakeTaps(private val desk: FakeDesk) : Taps {
    private var live: String? = null
    private var asked = 0
    private var begun = 0

    override suspend fun beginReading(purpose: TapFor, amount: Long): TapStep = desk.asked("beginReading $purpose $amount") {
        begun += 1
        asked = 0
        live = "tap$begun"
        next("tap$begun")
    }

    override suspend fun cardAnswered(reading: String, answer: ByteArray): TapStep = desk.asked("") {
        val good = answer.size >= 2 && answer[answer.size - 2] == GOOD && answer.last() == ZERO
        answer.fill(0)
        when {
            reading != live -> failed("local.TAP_SPENT")
            !good -> failed("local.TAP_UNREADABLE")
            asked < COMMANDS -> next(reading)
            else -> TapStep.Read(
                TappedCard(reading, MASKED, CardProduct.CREDIT, desk.tapNeedsPin, desk.tapNeedsSignature, took = 320, slow = false),
            )
        }
    }

    override suspend fun cardGone(reading: String): TapStep = desk.asked("cardGone") { failed("local.TAP_MOVED") }

    override suspend fun forgetCard(name: String) = desk.asked("forgetCard") {
        if (name == live) live = null
    }

    private fun next(reading: String): TapStep {
        asked += 1
        return TapStep.Send(reading, byteArrayOf(0, SELECT, FOUR, 0, 0))
    }

    private fun failed(code: String): TapStep {
        live = null
        return TapStep.Failed(desk.shop.explain(code, null))
    }

    companion object {
        const val MASKED = "622588******0217"
        private const val COMMANDS = 2
        private const val GOOD = 0x90.toByte()
        private const val ZERO = 0.toByte()
        private const val SELECT = 0xA4.toByte()
        private const val FOUR = 4.toByte()
    }
}
