package com.voidproof.gateway.fake

import com.voidproof.gateway.Align
import com.voidproof.gateway.Arrival
import com.voidproof.gateway.CardRead
import com.voidproof.gateway.Cause
import com.voidproof.gateway.Consent
import com.voidproof.gateway.Consequences
import com.voidproof.gateway.Deadline
import com.voidproof.gateway.Entry
import com.voidproof.gateway.Explanation
import com.voidproof.gateway.Failure
import com.voidproof.gateway.Fee
import com.voidproof.gateway.GatewayException
import com.voidproof.gateway.Goods
import com.voidproof.gateway.Language
import com.voidproof.gateway.LineKind
import com.voidproof.gateway.Means
import com.voidproof.gateway.NewOperator
import com.voidproof.gateway.Operator
import com.voidproof.gateway.Owed
import com.voidproof.gateway.OwedAction
import com.voidproof.gateway.OwedItem
import com.voidproof.gateway.OwedKind
import com.voidproof.gateway.Rail
import com.voidproof.gateway.ReceiptLine
import com.voidproof.gateway.ReceiptOf
import com.voidproof.gateway.RefundPreview
import com.voidproof.gateway.Retry
import com.voidproof.gateway.Sale
import com.voidproof.gateway.SaleRecord
import com.voidproof.gateway.SaleRequest
import com.voidproof.gateway.SaleStatus
import com.voidproof.gateway.SettlementResult
import com.voidproof.gateway.Size
import com.voidproof.gateway.Step
import com.voidproof.gateway.StepKind
import com.voidproof.gateway.StepState
import com.voidproof.gateway.TimelineEntry
import com.voidproof.gateway.TimelineKind
import com.voidproof.gateway.Undo
import com.voidproof.gateway.UndoKind
import com.voidproof.gateway.UndoReason
import com.voidproof.gateway.UndoStatus
import com.voidproof.gateway.UndoSummary
import com.voidproof.gateway.VoidPreview
import com.voidproof.gateway.Waiting
import com.voidproof.gateway.WayBack
import com.voidproof.gateway.Why

/** Sales, undos and people in memory. Times stand still at [now] until a test moves them. */
class FakeShop(var now: Long = NOON) {
    val merchant get() = words("示例便利店", "Example Store")
    var language = Language.ZH
    val operators = ArrayList<Operator>()
    val pins = HashMap<String, CharArray>()

    /** The number of who is logged on. */
    var here: String? = null
    val sales = LinkedHashMap<String, Sale>()
    val undos = LinkedHashMap<String, Undo>()

    /** Request to the sale or undo that it made. */
    val requests = HashMap<String, String>()

    /** Voids above it need a supervisor, minor units. */
    var limit = 10_000L
    var needsCard = false
    var settled: SettlementResult? = null

    /** What a preview says instead of letting the void through. */
    var blocked: Explanation? = null
    private var trace = 127

    fun words(zh: String, en: String) = if (language == Language.ZH) zh else en

    fun add(operator: NewOperator): Operator {
        val added = Operator(operator.number, operator.name, operator.role, enabled = true)
        operators += added
        pins[operator.number] = operator.pin.reveal { it.copyOf() }
        return added
    }

    fun sale(id: String): Sale = sales[id]?.let(::current) ?: throw GatewayException(Failure.NotFound(id))

    fun undo(id: String): Undo = undos[id]?.let { it.copy(sale = sale(it.sale.id)) } ?: throw GatewayException(Failure.NotFound(id))

    fun newSale(request: SaleRequest): Sale {
        trace++
        val number = trace.toString().padStart(6, '0')
        val means = request.means
        val sale = Sale(
            id = "s$trace",
            rail = (means as? Means.Show)?.rail ?: if (means is Means.Code) Rail.WECHAT else Rail.UNIONPAY,
            status = SaleStatus.SENDING,
            entry = entry(means),
            amount = request.amount,
            net = null,
            at = now,
            voucher = number,
            batch = "000001",
            reference = null,
            orderNumber = null,
            lastFour = lastFour(means),
            settled = false,
            wayBack = WayBack.None,
            undo = null,
            explanation = null,
            code = null,
            waiting = Waiting(0, SIXTY_SECONDS),
        )
        sales[sale.id] = sale
        requests[request.request.value] = sale.id
        return sale
    }

    private fun entry(means: Means) = when (means) {
        is Means.Card -> when (val card = means.card) {
            is CardRead.Manual -> Entry.MANUAL
            is CardRead.Stripe -> Entry.SWIPE
            is CardRead.Chip -> if (card.contactless) Entry.TAP else Entry.INSERT
        }
        is Means.Code -> Entry.CODE_SCANNED
        is Means.Show -> Entry.CODE_SHOWN
    }

    private fun lastFour(means: Means): String? {
        val number = when (val card = (means as? Means.Card)?.card) {
            is CardRead.Manual -> card.number
            is CardRead.Stripe -> card.track2
            is CardRead.Chip -> card.track2
            null -> return null
        }
        return number.reveal { digits -> String(digits).substringBefore('=').takeLast(4) }
    }

    fun answer(id: String, status: SaleStatus) {
        val sale = sales.getValue(id)
        val paid = status == SaleStatus.APPROVED
        sales[id] = sale.copy(
            status = status,
            net = if (paid) sale.amount else if (status == SaleStatus.UNKNOWN) null else 0,
            reference = if (paid) "093412${sale.voucher}" else null,
            wayBack = if (paid) WayBack.Void(deadline()) else WayBack.None,
            waiting = null,
            explanation = when (status) {
                SaleStatus.DECLINED -> explain("51", Rail.UNIONPAY)
                SaleStatus.NOT_SENT -> explain("net.DOWN", null)
                else -> null
            },
        )
    }

    fun newUndo(request: String, kind: UndoKind, sale: String, amount: Long?, reason: UndoReason): Undo {
        trace++
        val undo = Undo(
            id = "u$trace",
            kind = kind,
            status = UndoStatus.SENDING,
            sale = sale(sale),
            amount = amount ?: sale(sale).amount,
            reason = reason,
            recordedAt = now,
            deadline = deadline(),
            steps = emptyList(),
            attempts = 0,
            nextTry = null,
            waiting = Waiting(0, SIXTY_SECONDS),
            trace = trace.toString().padStart(6, '0'),
            code = null,
            explanation = null,
            refund = null,
            actions = emptySet(),
        )
        requests[request] = undo.id
        undos[undo.id] = undo.copy(steps = steps(undo))
        return undos.getValue(undo.id)
    }

    fun move(id: String, status: UndoStatus, explanation: Explanation?): Undo {
        val before = undos.getValue(id)
        val sent = status != UndoStatus.QUEUED && status != UndoStatus.ON_HOLD && status != UndoStatus.WITHDRAWN
        val moved = before.copy(
            status = status,
            attempts = if (sent) before.attempts + 1 else before.attempts,
            explanation = explanation ?: if (status == UndoStatus.ESCALATED) explain("local.ESCALATED", before.sale.rail) else null,
            nextTry = if (status == UndoStatus.UNKNOWN) TWELVE_SECONDS else if (status == UndoStatus.QUEUED) FIVE_SECONDS else null,
            waiting = if (status == UndoStatus.SENDING) Waiting(0, SIXTY_SECONDS) else null,
            refund = if (status == UndoStatus.REFUND_OFFERED) refundMeans() else null,
            actions = actions(status),
        )
        undos[id] = moved.copy(steps = steps(moved))
        return undos.getValue(id)
    }

    private fun actions(status: UndoStatus) = when (status) {
        UndoStatus.QUEUED -> setOf(OwedAction.WITHDRAW, OwedAction.HOLD)
        UndoStatus.NEEDS_CARD -> setOf(OwedAction.WITHDRAW)
        UndoStatus.ON_HOLD -> setOf(OwedAction.RELEASE, OwedAction.WITHDRAW)
        UndoStatus.UNKNOWN -> setOf(OwedAction.RETRY_NOW)
        else -> emptySet()
    }

    private fun current(sale: Sale): Sale {
        val undo = undos.values.lastOrNull { it.sale.id == sale.id } ?: return sale
        val summary = UndoSummary(undo.id, undo.kind, undo.status, undo.amount)
        val withUndo = sale.copy(undo = summary)
        return when (undo.status) {
            UndoStatus.VOIDED -> withUndo.copy(status = SaleStatus.VOIDED, net = 0, wayBack = WayBack.None)
            UndoStatus.REFUNDED -> withUndo.copy(status = SaleStatus.REFUNDED, net = sale.amount - undo.amount, wayBack = WayBack.None)
            UndoStatus.WITHDRAWN -> withUndo
            UndoStatus.REFUSED, UndoStatus.REFUND_OFFERED -> withUndo.copy(wayBack = WayBack.RefundOnly)
            else -> withUndo.copy(wayBack = WayBack.InProgress(undo.id), net = if (undo.status == UndoStatus.QUEUED) sale.amount else null)
        }
    }

    fun previewVoid(id: String): VoidPreview {
        val sale = sale(id)
        val consent = if (sale.amount > limit) Consent.Supervisor(limit) else Consent.None
        val means = Consequences(Arrival.SameDay, Fee.NONE, needsCard, needsPin = false)
        return VoidPreview(sale, deadline(), means, consent, blocked, refundInstead = blocked != null)
    }

    fun previewRefund(id: String) =
        RefundPreview(sale(id), sale(id).amount, refundMeans(), Consent.Supervisor(null), null)

    private fun refundMeans() = Consequences(Arrival.Days(1, 7), Fee.MAY_STAY, needsCard = true, needsPin = false)

    private fun deadline() = Deadline(now + LEFT, LEFT, certain = true)

    fun queue(): List<OwedItem> = undos.values.filter { it.status in OWED }.map { undo ->
        OwedItem(
            id = undo.id,
            kind = if (undo.kind == UndoKind.VOID) OwedKind.VOID else OwedKind.REFUND,
            rail = undo.sale.rail,
            sale = undo.sale.id,
            undo = undo.id,
            amount = undo.amount,
            voucher = undo.sale.voucher,
            attempts = undo.attempts,
            nextTry = undo.nextTry,
            deadline = undo.deadline,
            why = why(undo.status),
            first = false,
            actions = undo.actions,
            needsConsent = undo.amount > limit,
        )
    }

    private fun why(status: UndoStatus) = when (status) {
        UndoStatus.QUEUED -> Why.NETWORK
        UndoStatus.UNKNOWN -> Why.NO_ANSWER
        UndoStatus.NEEDS_CARD -> Why.CARD
        UndoStatus.ON_HOLD -> Why.HELD
        UndoStatus.ESCALATED -> Why.ESCALATED
        else -> Why.RUNNING
    }

    fun owed() = queue().let { items ->
        Owed(items.size, items.sumOf { it.amount }, items.firstOrNull()?.deadline, items.size)
    }

    fun record(id: String): SaleRecord {
        val sale = sale(id)
        val undos = undos.values.filter { it.sale.id == id }
        val timeline = arrayListOf(
            TimelineEntry(sale.at, TimelineKind.SALE_RECORDED, here, sale.voucher, null, null),
            TimelineEntry(sale.at + 1_000, TimelineKind.SALE_SENT, null, sale.voucher, null, null),
            TimelineEntry(sale.at + 2_000, TimelineKind.SALE_APPROVED, null, sale.voucher, "00", null),
        )
        undos.forEach { undo ->
            timeline += TimelineEntry(undo.recordedAt, TimelineKind.UNDO_RECORDED, here, undo.trace, null, null)
            if (undo.status == UndoStatus.QUEUED) timeline += TimelineEntry(now, TimelineKind.UNDO_QUEUED, null, undo.trace, null, null)
            if (undo.status == UndoStatus.VOIDED) timeline += TimelineEntry(now, TimelineKind.UNDO_CONFIRMED, null, undo.trace, "00", null)
        }
        return SaleRecord(sale, undos.map { UndoSummary(it.id, it.kind, it.status, it.amount) }, timeline)
    }

    private fun steps(undo: Undo): List<Step> {
        fun done(kind: StepKind, trace: String? = null) = Step(kind, StepState.DONE, undo.recordedAt, trace, 0, null)
        fun now(kind: StepKind, attempt: Int = 0) = Step(kind, StepState.NOW, null, null, attempt, null)
        fun later(kind: StepKind) = Step(kind, StepState.LATER, null, null, 0, null)
        val recorded = done(StepKind.RECORDED).copy(operator = "00".takeIf { undo.amount > limit })
        return when (undo.status) {
            UndoStatus.QUEUED -> listOf(recorded, now(StepKind.WAIT_NETWORK), later(StepKind.SEND), later(StepKind.CONFIRM))
            UndoStatus.NEEDS_CARD -> listOf(recorded, now(StepKind.WAIT_CARD), later(StepKind.SEND), later(StepKind.CONFIRM))
            UndoStatus.ON_HOLD -> listOf(recorded, now(StepKind.HELD), later(StepKind.SEND), later(StepKind.CONFIRM))
            UndoStatus.SENDING -> listOf(recorded, now(StepKind.SEND), later(StepKind.CONFIRM))
            UndoStatus.VOIDED, UndoStatus.REFUNDED -> listOf(recorded, done(StepKind.SEND, undo.trace), done(StepKind.CONFIRM))
            UndoStatus.WITHDRAWN -> listOf(recorded, done(StepKind.WITHDRAWN))
            UndoStatus.UNKNOWN, UndoStatus.ESCALATED ->
                listOf(recorded, done(StepKind.SEND, undo.trace), now(StepKind.REVERSE, attempt = 2), later(StepKind.SEND_AGAIN))
            UndoStatus.REFUSED, UndoStatus.REFUND_OFFERED ->
                listOf(recorded, done(StepKind.SEND, undo.trace), Step(StepKind.REFUSED, StepState.FAILED, undo.recordedAt, null, 0, null))
        }
    }

    fun tooLate() = explain("12", Rail.UNIONPAY)

    fun explain(code: String, rail: Rail?) = Explanation(
        code = code,
        rail = rail,
        cause = if (code.startsWith("net.")) Cause.NETWORK else Cause.LIMITS,
        title = when (code) {
            "12" -> words("已过撤销时间", "Too late to void")
            "51" -> words("卡上余额不足", "Not enough money on the card")
            "net.DOWN" -> words("没有网络", "No network")
            else -> words("需要人工核实", "To be traced by hand")
        },
        nextStep = when (code) {
            "12" -> words("原交易已经结算，请改用退货。", "The sale has been settled. Make a refund instead.")
            "51" -> words("请顾客换一张卡，或换一种方式付款。", "Ask for another card or another way to pay.")
            "net.DOWN" -> words("检查网线或热点，再收一次。", "Check cable or hotspot, then charge again.")
            else -> words("请致电收单机构，报查询编号。", "Call the acquirer and give the reference.")
        },
        whoFixes = words("您自己，现在就能办", "You, right now"),
        goods = if (code == "51" || code == "net.DOWN") Goods.KEEP else Goods.TAKE_BACK,
        retry = if (code == "12") Retry.NEVER else Retry.NOW,
        reference = "VP-1A2B-000131",
    )

    fun receipt(of: ReceiptOf): List<ReceiptLine> {
        val lines = arrayListOf(
            ReceiptLine(merchant, Align.CENTER, Size.LARGE, LineKind.TEXT),
            ReceiptLine(words("签购单", "Sales slip") + " · " + of.copy.name.lowercase(), Align.CENTER, Size.SMALL, LineKind.TEXT),
            ReceiptLine("", Align.LEFT, Size.NORMAL, LineKind.RULE),
        )
        fun pair(label: String, value: String) {
            lines += ReceiptLine("$label\t$value", Align.LEFT, Size.NORMAL, LineKind.PAIR)
        }
        pair(words("商户号", "Merchant"), "898310048140001")
        pair(words("终端号", "Terminal"), "10000001")
        when (of) {
            is ReceiptOf.OfSale -> sale(of.sale).let { sale ->
                pair(words("卡号", "Card"), "**** " + sale.lastFour.orEmpty())
                pair(words("凭证号", "Voucher"), sale.voucher.orEmpty())
                lines += ReceiptLine("¥" + yuan(sale.amount), Align.RIGHT, Size.LARGE, LineKind.TEXT)
            }
            is ReceiptOf.OfUndo -> undo(of.undo).let { undo ->
                val proven = undo.status == UndoStatus.VOIDED
                lines += ReceiptLine(
                    if (proven) words("撤销成功", "Voided") else words("已登记 · 未完成", "Registered, not complete"),
                    Align.CENTER, Size.LARGE, LineKind.TEXT,
                )
                pair(words("原凭证号", "Original"), undo.sale.voucher.orEmpty())
                lines += ReceiptLine("¥" + yuan(undo.amount), Align.RIGHT, Size.LARGE, LineKind.TEXT)
            }
            is ReceiptOf.OfSettlement -> pair(words("批次", "Batch"), of.batch)
        }
        lines += ReceiptLine("", Align.LEFT, Size.NORMAL, LineKind.RULE)
        lines += ReceiptLine(words("请保留此凭条", "Please keep this slip"), Align.CENTER, Size.SMALL, LineKind.TEXT)
        return lines
    }

    private fun yuan(minor: Long) = "${minor / 100}.${(minor % 100).toString().padStart(2, '0')}"

    companion object {
        /** 2026-11-24 14:41:07 in Shanghai. */
        const val NOON = 1_795_502_467_000L
        const val LEFT = 8 * 3_600_000L + 18 * 60_000L + 22_000L
        private const val SIXTY_SECONDS = 60_000L
        private const val TWELVE_SECONDS = 12_000L
        private const val FIVE_SECONDS = 5_000L
        private val OWED = setOf(
            UndoStatus.QUEUED, UndoStatus.SENDING, UndoStatus.NEEDS_CARD, UndoStatus.ON_HOLD, UndoStatus.UNKNOWN, UndoStatus.ESCALATED,
        )
    }
}
