package com.voidproof.gateway.fake

import com.voidproof.gateway.CardRead
import com.voidproof.gateway.Deadline
import com.voidproof.gateway.Entry
import com.voidproof.gateway.Means
import com.voidproof.gateway.Payment
import com.voidproof.gateway.PaymentStage
import com.voidproof.gateway.Rail
import com.voidproof.gateway.ReferenceRefund
import com.voidproof.gateway.Sale
import com.voidproof.gateway.SaleKind
import com.voidproof.gateway.SaleFilter
import com.voidproof.gateway.SaleQuery
import com.voidproof.gateway.SaleRequest
import com.voidproof.gateway.SaleStatus
import com.voidproof.gateway.Waiting
import com.voidproof.gateway.WayBack

internal const val SIXTY_SECONDS = 60_000L
private const val QR_WINDOW = 120_000L
private val WAITING = setOf(PaymentStage.ASKING, PaymentStage.CUSTOMER_PASSWORD, PaymentStage.CUSTOMER_SCANS)

/** A sale as it is recorded, before anything is sent. */
internal fun FakeShop.saleOf(request: SaleRequest): Sale = when (val means = request.means) {
    is Means.Card -> cardSale(request.amount, means.card)
    is Means.Code -> wallet(request.amount, means.code.reveal { railOf(String(it)) } ?: Rail.WECHAT, Entry.CODE_SCANNED)
    is Means.Show -> wallet(request.amount, means.rail, Entry.CODE_SHOWN)
}

internal fun FakeShop.cardSale(amount: Long, card: CardRead): Sale {
    val number = number()
    return Sale(
        id = "s${number.toInt()}",
        rail = Rail.UNIONPAY,
        status = SaleStatus.SENDING,
        entry = entry(card),
        amount = amount,
        net = null,
        at = now,
        voucher = number,
        batch = "000001",
        reference = null,
        orderNumber = null,
        lastFour = lastFour(card),
        settled = false,
        wayBack = WayBack.None,
        undo = null,
        explanation = null,
        code = null,
        waiting = Waiting(0, SIXTY_SECONDS),
    )
}

private fun FakeShop.wallet(amount: Long, rail: Rail, entry: Entry): Sale {
    val number = number()
    val shown = entry == Entry.CODE_SHOWN
    return Sale(
        id = "s${number.toInt()}",
        rail = rail,
        status = SaleStatus.SENDING,
        entry = entry,
        amount = amount,
        net = null,
        at = now,
        voucher = number,
        batch = "000001".takeIf { rail == Rail.UNIONPAY },
        reference = null,
        orderNumber = "VP20261124$number",
        lastFour = null,
        settled = false,
        wayBack = WayBack.None,
        undo = null,
        explanation = null,
        code = "https://pay.example/${rail.name.lowercase()}/$number".takeIf { shown },
        waiting = Waiting(0, if (shown) QR_WINDOW else SIXTY_SECONDS),
        payment = stage(if (shown) PaymentStage.CUSTOMER_SCANS else PaymentStage.ASKING),
    )
}

/** A sale of another terminal, known by its slip alone. */
internal fun FakeShop.unmatched(request: ReferenceRefund): Sale {
    val sale = cardSale(request.saleAmount ?: request.amount, request.card)
    val known = answered(sale, SaleStatus.APPROVED).copy(kind = SaleKind.UNMATCHED, reference = request.reference, wayBack = WayBack.RefundOnly)
    return known.also { sales[it.id] = it }
}

/** A payment by code in this stage, at its beginning. */
internal fun stage(stage: PaymentStage) = Payment(
    stage = stage,
    left = QR_WINDOW.takeIf { stage in WAITING },
    canTakeBack = stage in WAITING || stage == PaymentStage.LOOKING_UP || stage == PaymentStage.PAID_LATE,
    canHandOver = stage == PaymentStage.TAKING_BACK || stage == PaymentStage.PAID_LATE,
)

/** The rail that a payment code's first digits name. */
internal fun railOf(code: String): Rail? = when {
    code.length !in 16..24 || !code.all { it in '0'..'9' } -> null
    code.length == 18 && code.take(2).toInt() in 10..15 -> Rail.WECHAT
    code.take(2).toInt() in 25..30 -> Rail.ALIPAY
    code.length == 19 && code.startsWith("62") -> Rail.UNIONPAY
    else -> null
}

private fun entry(card: CardRead) = when (card) {
    is CardRead.Manual -> Entry.MANUAL
    is CardRead.Stripe -> Entry.SWIPE
    is CardRead.Held -> Entry.TAP
    is CardRead.Chip -> if (card.contactless) Entry.TAP else Entry.INSERT
}

internal fun lastFour(card: CardRead): String {
    val number = when (card) {
        is CardRead.Held -> return FakeTaps.MASKED.takeLast(4)
        is CardRead.Manual -> card.number
        is CardRead.Stripe -> card.track2
        is CardRead.Chip -> card.track2
    }
    return number.reveal { digits -> String(digits).substringBefore('=').takeLast(4) }
}

/** A sale once the host has answered, or has not. */
internal fun FakeShop.answered(sale: Sale, status: SaleStatus): Sale {
    val paid = status == SaleStatus.APPROVED || status == SaleStatus.HELD
    return sale.copy(
        status = status,
        net = if (paid) sale.amount else if (status == SaleStatus.UNKNOWN) null else 0,
        reference = if (paid) "093412${sale.voucher}" else null,
        wayBack = if (paid) WayBack.Void(Deadline(now + FakeShop.LEFT, FakeShop.LEFT, certain = true)) else WayBack.None,
        waiting = null,
        code = null,
        payment = sale.payment?.let { stage(PaymentStage.LOOKING_UP) }.takeIf { status == SaleStatus.UNKNOWN },
        explanation = when (status) {
            SaleStatus.DECLINED -> explain("51", sale.rail)
            SaleStatus.NOT_SENT -> explain("net.DOWN", null)
            else -> null
        },
    )
}

internal fun matches(sale: Sale, query: SaleQuery): Boolean {
    val fits = when (query.filter) {
        SaleFilter.ALL -> true
        SaleFilter.CAN_UNDO -> sale.wayBack != WayBack.None
        SaleFilter.UNKNOWN -> sale.status == SaleStatus.UNKNOWN
    }
    val fields = listOfNotNull(sale.voucher, sale.lastFour, sale.orderNumber, yuan(sale.amount))
    val found = query.text.isEmpty() || fields.any { query.text in it }
    return fits && found && sale.at >= (query.since ?: 0) && sale.kind != SaleKind.UNMATCHED
}

internal fun yuan(minor: Long) = "${minor / 100}.${(minor % 100).toString().padStart(2, '0')}"
