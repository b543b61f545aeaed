package com.voidproof.app.device.nfc

import com.voidproof.app.device.CardReader
import com.voidproof.app.device.CardResult
import com.voidproof.app.device.CardTrouble
import com.voidproof.gateway.CardRead
import com.voidproof.gateway.Gateway
import com.voidproof.gateway.Rail
import com.voidproof.gateway.Secret
import com.voidproof.gateway.TapFor
import com.voidproof.gateway.TapStep
import com.voidproof.gateway.TappedCard
import java.io.IOException
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.withContext

/** One card within reach. */
interface TagLink {
    /** The longest command that the antenna carries, in bytes. */
    val longest: Int

    /** Carries [command] to the card and gives its whole answer. An [IOException]: the card is gone. */
    fun transceive(command: ByteArray): ByteArray
}

/** Where a card is held to. */
interface Antenna {
    /** Waits for one card and works with it; null: the antenna is switched off. Cancelling it stops the waiting. */
    suspend fun <T : Any> withCard(work: suspend (TagLink) -> T): T?
}

/** A vendor's keys, on which a PIN may be entered. */
interface PinPad {
    /** Null: the customer cancelled. */
    suspend fun ask(amount: Long, number: String): Secret?
}

/**
 * Cards by an antenna alone, with the core's own step machine: **not a certified kernel**. A vendor's kernel is a [CardReader] of its own
 * and takes this one's place.
 */
class TapReader(
    private val antenna: Antenna,
    private val pad: PinPad? = null,
    private val threads: CoroutineDispatcher = Dispatchers.IO,
    private val core: suspend () -> Gateway,
) : CardReader {
    override val certified = false

    override suspend fun read(amount: Long): CardResult = read(amount, TapFor.SALE)

    /** The first command is ready before there is a card, so that nothing but the card is waited for. */
    override suspend fun read(amount: Long, purpose: TapFor): CardResult {
        val gateway = core()
        val begun = gateway.beginReading(purpose, amount)
        var name = (begun as? TapStep.Send)?.reading
        try {
            val ended = antenna.withCard { card -> withContext(threads) { talk(gateway, card, begun) } }
            val result = when (ended) {
                null, is TapStep.Send -> CardResult.Failed(CardTrouble.READER_BROKEN)
                is TapStep.Failed -> CardResult.Explained(ended.explanation)
                is TapStep.Read -> {
                    name = ended.card.handle
                    held(gateway, amount, ended.card)
                }
            }
            if (result is CardResult.Read) name = null
            return result
        } finally {
            name?.let { withContext(NonCancellable) { gateway.forgetCard(it) } }
        }
    }

    /** Until the reading ends; a command that the antenna cannot carry ends it too. */
    private suspend fun talk(gateway: Gateway, card: TagLink, begun: TapStep): TapStep {
        var step = begun
        while (step is TapStep.Send && step.command.size <= card.longest) {
            val reading = step.reading
            val answer = answer(card, step.command)
            step = if (answer == null) gateway.cardGone(reading) else gateway.cardAnswered(reading, answer)
        }
        return step
    }

    /** Null: the card is gone. */
    private fun answer(card: TagLink, command: ByteArray): ByteArray? = try {
        card.transceive(command)
    } catch (e: IOException) {
        null
    } catch (e: SecurityException) {
        // How newer Androids say that this card is no longer the one at the antenna.
        null
    }

    private suspend fun held(gateway: Gateway, amount: Long, card: TappedCard): CardResult {
        if (!card.needsPin) return CardResult.Read(CardRead.Held(card.handle, pin = null), card.needsSignature)
        val pad = pad ?: return CardResult.Explained(gateway.explain("local.PIN_PAD_NEEDED", Rail.UNIONPAY))
        val pin = pad.ask(amount, card.number) ?: return CardResult.Failed(CardTrouble.PIN_CANCELLED)
        return CardResult.Read(CardRead.Held(card.handle, pin), card.needsSignature)
    }
}
