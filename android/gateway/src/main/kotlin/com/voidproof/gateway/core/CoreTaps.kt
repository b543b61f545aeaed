package com.voidproof.gateway.core

import com.voidproof.core.TapRequest
import com.voidproof.gateway.TapFor
import com.voidproof.gateway.TapStep
import com.voidproof.gateway.TappedCard
import com.voidproof.gateway.Taps
import com.voidproof.core.TapStep as CoreTapStep
import com.voidproof.core.TappedCard as CoreTappedCard

internal class CoreTaps(private val door: Door) : Taps {
    override suspend fun beginReading(purpose: TapFor, amount: Long): TapStep =
        door.ask { shape(beginReading(TapRequest(same(purpose), amount))) }

    override suspend fun cardAnswered(reading: String, answer: ByteArray): TapStep = try {
        door.ask { shape(cardAnswered(reading, answer)) }
    } finally {
        answer.fill(0)
    }

    override suspend fun cardGone(reading: String): TapStep = door.ask { shape(cardGone(reading)) }

    override suspend fun forgetCard(name: String) = door.ask { forgetCard(name) }
}

private fun shape(step: CoreTapStep): TapStep = when (step) {
    is CoreTapStep.Send -> TapStep.Send(step.reading, step.command)
    is CoreTapStep.Read -> TapStep.Read(shape(step.card))
    is CoreTapStep.Failed -> TapStep.Failed(shape(step.explanation))
}

private fun shape(it: CoreTappedCard) =
    TappedCard(it.handle, it.number, same(it.product), it.needsPin, it.needsSignature, it.took, it.slow)
