package com.voidproof.app.screens.pay

import com.voidproof.app.core.Effect
import com.voidproof.app.core.Presenter
import com.voidproof.app.core.Route
import com.voidproof.app.core.Step
import com.voidproof.app.core.Tools
import com.voidproof.app.device.CameraWish
import com.voidproof.app.device.CardResult
import com.voidproof.app.device.CardTrouble
import com.voidproof.app.device.CustomerSees
import com.voidproof.app.device.CustomerSees.Asked
import com.voidproof.app.device.Scan
import com.voidproof.gateway.CardRead
import com.voidproof.gateway.Change
import com.voidproof.gateway.CodeKind
import com.voidproof.gateway.CompletionRequest
import com.voidproof.gateway.Explanation
import com.voidproof.gateway.Failure
import com.voidproof.gateway.Gateway
import com.voidproof.gateway.GatewayException
import com.voidproof.gateway.Means
import com.voidproof.gateway.PreauthRequest
import com.voidproof.gateway.Rail
import com.voidproof.gateway.RequestId
import com.voidproof.gateway.Retry
import com.voidproof.gateway.Sale
import com.voidproof.gateway.SaleRequest
import com.voidproof.gateway.Secret
import com.voidproof.gateway.TapFor

enum class PayWay { CARD, MANUAL, CODE, SHOW }

/** What the card is for. */
enum class Taking { SALE, HOLD, ADD, COMPLETE }

fun Route.Taking.taking() = when (this) {
    is Route.Pay -> Taking.SALE
    is Route.Hold -> if (addTo == null) Taking.HOLD else Taking.ADD
    is Route.Complete -> Taking.COMPLETE
}

/** Taking one payment, until the core has recorded it. */
data class PayState(
    val amount: Long,
    val taking: Taking = Taking.SALE,
    val way: PayWay = PayWay.CARD,
    val reader: Reader = Reader.WAITING,
    /** The core has been asked; nothing may be asked twice. */
    val sending: Boolean = false,
    val failure: Failure? = null,
    /** What was typed is no card. */
    val typedWrong: Boolean = false,
    /** What the scanned or typed code is, as far as it can be told. */
    val code: CodeKind? = null,
    val scanner: Scanner = Scanner.ABSENT,
    /** How the camera is; null: it has not said. */
    val sight: Scan.Sight? = null,
    /** A code that another app sent: it is charged when the person says so. */
    val offered: Offered? = null,
    /** For which a code can be shown. */
    val rails: Set<Rail> = emptySet(),
    /** The card reader has a certified kernel. */
    val certified: Boolean = true,
) {
    /** [tail]: its last digits, to be held against the customer's phone. */
    data class Offered(val rail: Rail, val tail: String)

    enum class Scanner { ABSENT, WAITING, BROKEN }

    enum class Reader { WAITING, ABSENT, UNREADABLE, REMOVED_EARLY, TWO_CARDS, PIN_CANCELLED, BROKEN }
}

sealed interface PayMessage {
    /** What this request made before the app was killed, if anything. */
    data class Before(val sale: Sale?, val certified: Boolean = true) : PayMessage

    class Card(val result: CardResult?) : PayMessage

    data object ReadAgain : PayMessage

    data class Choose(val way: PayWay) : PayMessage

    class Typed(val number: Secret, val expiry: Secret) : PayMessage

    /** A part of a code stands in the field. */
    class Typing(val code: Secret) : PayMessage

    /** What is being typed, as far as it goes. */
    data class Recognised(val kind: CodeKind) : PayMessage

    /** The code that was to be sold to is none: nothing was sent, the next one may be. */
    data class NotTaken(val kind: CodeKind) : PayMessage

    class Scanned(val scan: Scan) : PayMessage

    /** What the scanned code is. */
    class Judged(val scan: Scan.Code, val kind: CodeKind) : PayMessage

    data class NoScanner(val absent: Boolean) : PayMessage

    data class Camera(val wish: CameraWish) : PayMessage

    class Code(val code: Secret) : PayMessage

    /** The code that another app sent is the customer's. */
    data object TakeOffered : PayMessage

    data class Rails(val rails: Set<Rail>) : PayMessage

    data class Show(val rail: Rail) : PayMessage

    /** [signs]: as in [CardResult.Read]. */
    data class Recorded(val sale: Sale, val signs: Boolean = false) : PayMessage

    data class Failed(val failure: Failure) : PayMessage

    /** The sale was not recorded and the person goes back. */
    data object GiveUp : PayMessage
}

/** What the reader says when it gave no card. */
fun reader(result: CardResult?): PayState.Reader = when (result) {
    null -> PayState.Reader.ABSENT
    is CardResult.Read, is CardResult.Explained -> PayState.Reader.WAITING
    is CardResult.Failed -> when (result.trouble) {
        CardTrouble.UNREADABLE -> PayState.Reader.UNREADABLE
        CardTrouble.REMOVED_EARLY -> PayState.Reader.REMOVED_EARLY
        CardTrouble.TWO_CARDS -> PayState.Reader.TWO_CARDS
        CardTrouble.PIN_CANCELLED -> PayState.Reader.PIN_CANCELLED
        CardTrouble.READER_BROKEN -> PayState.Reader.BROKEN
    }
}

class PayPresenter(private val route: Route.Taking) : Presenter<PayState, PayMessage>() {
    private val purpose = when (route.taking()) {
        Taking.SALE -> TapFor.SALE
        Taking.HOLD, Taking.ADD -> TapFor.PREAUTH
        Taking.COMPLETE -> TapFor.COMPLETION
    }

    override val initial = PayState(route.amount, route.taking())

    /** Waits for the person's word; wiped once it was used or is no longer wanted. */
    private var offered: Secret? = null

    override fun shown(state: PayState): Step<PayState, PayMessage> {
        val before = Effect.Ask(PayMessage::Failed) { PayMessage.Before(gateway.saleOf(RequestId(route.request)), devices.cardReader?.certified ?: true) }
        return if (state.sending) Step(state) else Step(state, before)
    }

    override fun heard(state: PayState, change: Change) = Step<PayState, PayMessage>(state)

    override fun on(state: PayState, message: PayMessage): Step<PayState, PayMessage> = when (message) {
        is PayMessage.Before -> before(state.copy(certified = message.certified), message.sale)
        is PayMessage.Card -> card(state, message.result)
        PayMessage.ReadAgain -> if (state.sending) Step(state) else wait(state.copy(failure = null))
        is PayMessage.Choose -> choose(state, message.way)
        is PayMessage.Typed -> typed(state, message)
        is PayMessage.Typing -> typing(state, message.code)
        is PayMessage.Recognised -> if (state.sending) Step(state) else Step(state.copy(code = message.kind))
        is PayMessage.NotTaken -> Step(state.copy(code = message.kind, sending = false))
        is PayMessage.Scanned -> scanned(state, message.scan)
        is PayMessage.Judged -> judged(state, message.scan, message.kind)
        is PayMessage.NoScanner -> Step(state.copy(scanner = if (message.absent) PayState.Scanner.ABSENT else PayState.Scanner.BROKEN))
        is PayMessage.Camera -> Step(state, Effect.Camera(message.wish))
        is PayMessage.Code -> sellCode(forget(state), message.code)
        PayMessage.TakeOffered -> takeOffered(state)
        is PayMessage.Rails -> Step(state.copy(rails = message.rails))
        is PayMessage.Show -> sell(state, Means.Show(message.rail)) {}
        is PayMessage.Recorded -> Step(state, Effect.Replace(Route.SaleResult(message.sale.id, message.signs)))
        is PayMessage.Failed -> failed(state.copy(sending = false, failure = message.failure))
        PayMessage.GiveUp -> back(state)
    }

    /** Once the core was asked, the way back is the answer's screen. */
    override fun back(state: PayState): Step<PayState, PayMessage> =
        if (state.sending) Step(state) else Step(forget(state), Effect.StopWaiting, Effect.Back)

    override fun customerSees(state: PayState): CustomerSees {
        val asked = when (state.way.takeUnless { state.sending }) {
            PayWay.CARD -> Asked.PRESENT_CARD
            PayWay.CODE -> Asked.SHOW_CODE
            PayWay.MANUAL, PayWay.SHOW, null -> Asked.WAIT
        }
        return CustomerSees(state.amount, asked)
    }

    private fun before(state: PayState, sale: Sale?): Step<PayState, PayMessage> = when {
        sale != null -> on(state, PayMessage.Recorded(sale))
        state.way == PayWay.CARD -> wait(state)
        else -> Step(state, readyFor(state.way))
    }

    private fun readyFor(way: PayWay): List<Effect<PayMessage>> = when (way) {
        PayWay.CODE -> listOf(scan())
        PayWay.SHOW -> listOf(Effect.Ask(PayMessage::Failed) { PayMessage.Rails(gateway.terminal().rails) })
        PayWay.CARD, PayWay.MANUAL -> emptyList()
    }

    /** The reader is switched on again: another card may be the right one. */
    private fun failed(state: PayState): Step<PayState, PayMessage> = if (state.way == PayWay.CARD) wait(state) else Step(state)

    private fun wait(state: PayState): Step<PayState, PayMessage> = Step(
        state.copy(way = PayWay.CARD, reader = PayState.Reader.WAITING),
        Effect.Wait(PayMessage::Failed) { PayMessage.Card(devices.cardReader?.read(route.amount, purpose)) },
    )

    private fun choose(state: PayState, way: PayWay): Step<PayState, PayMessage> = when {
        state.sending -> Step(state)
        way == PayWay.CARD -> wait(forget(state).copy(failure = null)).let { Step(it.state, listOf(Effect.StopWaiting) + it.effects) }
        else -> Step(
            forget(state).copy(way = way, failure = null, typedWrong = false, code = null, scanner = PayState.Scanner.WAITING, sight = null),
            listOf(Effect.StopWaiting) + readyFor(way),
        )
    }

    private fun card(state: PayState, result: CardResult?): Step<PayState, PayMessage> = when {
        state.sending || state.way != PayWay.CARD -> Step(state)
        result is CardResult.Read -> sell(state, Means.Card(result.card), result.signs) { wipe(result.card) }
        result is CardResult.Explained -> explained(state, result.explanation)
        else -> Step(state.copy(reader = reader(result)))
    }

    /** The reader waits again, unless this card must not be held to it a second time. */
    private fun explained(state: PayState, explanation: Explanation): Step<PayState, PayMessage> {
        val told = state.copy(failure = Failure.Refused(explanation))
        return if (explanation.retry == Retry.NEVER) Step(told.copy(reader = PayState.Reader.UNREADABLE)) else wait(told)
    }

    private fun typed(state: PayState, message: PayMessage.Typed): Step<PayState, PayMessage> =
        if (!isCard(message.number) || !isExpiry(message.expiry)) {
            Step(state.copy(typedWrong = true))
        } else {
            val card = CardRead.Manual(message.number, message.expiry, pin = null)
            sell(state, Means.Card(card)) { wipe(card) }
        }

    private fun scan() = Effect.Watch<PayMessage>(PayMessage::Failed) { tell ->
        devices.scanner?.scan { tell(PayMessage.Scanned(it)) }
        PayMessage.NoScanner(absent = devices.scanner == null)
    }

    /** Too few digits say nothing yet; what is no number says enough at once. */
    private fun typing(state: PayState, code: Secret): Step<PayState, PayMessage> {
        val enough = code.reveal { digits -> digits.size >= SHORTEST_CODE || digits.any { it !in '0'..'9' } }
        if (state.sending || !enough) {
            code.close()
            return Step(forget(state).copy(code = null))
        }
        return Step(
            forget(state),
            Effect.Ask(PayMessage::Failed) { code.use { PayMessage.Recognised(gateway.recognise(it)) } },
        )
    }

    private fun scanned(state: PayState, scan: Scan): Step<PayState, PayMessage> = when {
        scan is Scan.Sight -> Step(state.copy(sight = scan))
        scan !is Scan.Code -> Step(state)
        state.sending || state.way != PayWay.CODE -> {
            scan.code.close()
            Step(state)
        }
        else -> Step(state, Effect.Ask(PayMessage::Failed) { PayMessage.Judged(scan, judge(scan.code)) })
    }

    private suspend fun Tools.judge(code: Secret): CodeKind = try {
        gateway.recognise(code)
    } catch (e: GatewayException) {
        code.close()
        throw e
    }

    /** The screen stays as it is for what pays nothing: the next code may be the right one. */
    private fun judged(state: PayState, scan: Scan.Code, kind: CodeKind): Step<PayState, PayMessage> {
        val gone = state.sending || state.way != PayWay.CODE
        return when {
            !gone && kind is CodeKind.Pays && scan.held -> sellCode(forget(state), scan.code)
            !gone && kind is CodeKind.Pays -> offer(state, scan.code, kind.rail)
            else -> {
                scan.code.close()
                Step(if (gone) state else state.copy(code = kind))
            }
        }
    }

    /** Any app can send a code: only a person knows whether it is the customer's. */
    private fun offer(state: PayState, code: Secret, rail: Rail): Step<PayState, PayMessage> {
        val next = forget(state)
        offered = code
        val tail = code.reveal { String(it, maxOf(0, it.size - TAIL), minOf(TAIL, it.size)) }
        return Step(next.copy(offered = PayState.Offered(rail, tail), code = null, failure = null))
    }

    private fun takeOffered(state: PayState): Step<PayState, PayMessage> {
        val code = offered
        if (state.sending || code == null) return Step(state)
        offered = null
        return sellCode(state.copy(offered = null), code)
    }

    private fun forget(state: PayState): PayState {
        offered?.close()
        offered = null
        return state.copy(offered = null)
    }

    /** Only what is a payment code goes out: a shop's own code or a link is explained instead. */
    private fun sellCode(state: PayState, code: Secret): Step<PayState, PayMessage> {
        if (state.sending) return Step(state)
        return Step(
            state.copy(sending = true, failure = null, code = null),
            Effect.Ask(PayMessage::Failed) {
                code.use {
                    val kind = gateway.recognise(it)
                    if (kind is CodeKind.Pays) PayMessage.Recorded(gateway.take(Means.Code(it))) else PayMessage.NotTaken(kind)
                }
            },
        )
    }

    private fun sell(state: PayState, means: Means, signs: Boolean = false, after: () -> Unit): Step<PayState, PayMessage> {
        if (state.sending) return Step(state)
        return Step(
            state.copy(sending = true, failure = null, typedWrong = false),
            Effect.Ask(PayMessage::Failed) {
                try {
                    PayMessage.Recorded(gateway.take(means), signs)
                } finally {
                    after()
                }
            },
        )
    }

    private suspend fun Gateway.take(means: Means): Sale {
        val request = RequestId(route.request)
        return when (route) {
            is Route.Pay -> sell(SaleRequest(request, route.amount, means))
            is Route.Hold -> preauth(PreauthRequest(request, route.amount, card(means), route.addTo))
            is Route.Complete -> complete(CompletionRequest(request, route.preauth, route.amount, card(means), route.advice))
        }
    }

    /** Money is held on cards alone: no other way is offered then. */
    private fun card(means: Means) = (means as Means.Card).card

    companion object {
        private val LENGTHS = 13..19

        /** No payment code has fewer digits. */
        private const val SHORTEST_CODE = 16

        /** Digits of a code that may be shown. */
        private const val TAIL = 4

        /** Digits of the right number, with a right check digit. */
        fun isCard(number: Secret): Boolean = number.reveal { digits ->
            digits.size in LENGTHS && digits.all { it in '0'..'9' } && luhn(digits)
        }

        /** YYMM with a month that exists. */
        fun isExpiry(expiry: Secret): Boolean = expiry.reveal { digits ->
            digits.size == 4 && digits.all { it in '0'..'9' } && (digits[2] - '0') * 10 + (digits[3] - '0') in 1..12
        }

        private fun luhn(digits: CharArray): Boolean {
            val sum = digits.reversed().foldIndexed(0) { place, sum, digit ->
                val value = (digit - '0') * (1 + place % 2)
                sum + value / 10 + value % 10
            }
            return sum % 10 == 0
        }

        fun wipe(card: CardRead) = when (card) {
            is CardRead.Manual -> listOfNotNull(card.number, card.expiry, card.pin)
            is CardRead.Stripe -> listOfNotNull(card.track2, card.pin)
            is CardRead.Chip -> listOfNotNull(card.field55, card.track2, card.pin)
            is CardRead.Held -> listOfNotNull(card.pin)
        }.forEach(Secret::close)
    }
}
