package com.voidproof.gateway.fake

import com.voidproof.gateway.Arrival
import com.voidproof.gateway.Consent
import com.voidproof.gateway.Consequences
import com.voidproof.gateway.Deadline
import com.voidproof.gateway.Explanation
import com.voidproof.gateway.Failure
import com.voidproof.gateway.Fee
import com.voidproof.gateway.GatewayException
import com.voidproof.gateway.Owed
import com.voidproof.gateway.OwedAction
import com.voidproof.gateway.OwedItem
import com.voidproof.gateway.OwedKind
import com.voidproof.gateway.Rail
import com.voidproof.gateway.ReferencePreview
import com.voidproof.gateway.RefundPreview
import com.voidproof.gateway.Sale
import com.voidproof.gateway.SaleKind
import com.voidproof.gateway.SaleStatus
import com.voidproof.gateway.Step
import com.voidproof.gateway.StepKind
import com.voidproof.gateway.StepState
import com.voidproof.gateway.Undo
import com.voidproof.gateway.UndoKind
import com.voidproof.gateway.UndoReason
import com.voidproof.gateway.UndoStatus
import com.voidproof.gateway.VoidPreview
import com.voidproof.gateway.Waiting
import com.voidproof.gateway.Why

private const val TWELVE_SECONDS = 12_000L
private const val FIVE_SECONDS = 5_000L
private val OWED = setOf(
    UndoStatus.QUEUED, UndoStatus.SENDING, UndoStatus.NEEDS_CARD, UndoStatus.ON_HOLD, UndoStatus.UNKNOWN, UndoStatus.ESCALATED,
)
private val DEAD = setOf(SaleStatus.DECLINED, SaleStatus.NOT_SENT, SaleStatus.REVERSED)

internal val Undo.isOpen get() = status in OWED

/** An undo as it is recorded. */
internal fun FakeShop.undoOf(kind: UndoKind, sale: Sale, amount: Long?, reason: UndoReason): Undo {
    val number = number()
    val undo = Undo(
        id = "u${number.toInt()}",
        kind = kind,
        status = UndoStatus.SENDING,
        sale = sale,
        amount = amount ?: sale.amount,
        reason = reason,
        recordedAt = now,
        deadline = deadline(),
        steps = emptyList(),
        attempts = 0,
        nextTry = null,
        waiting = Waiting(0, SIXTY_SECONDS),
        trace = number,
        code = null,
        explanation = null,
        refund = null,
        actions = emptySet(),
    )
    return undo.copy(steps = steps(undo))
}

internal fun FakeShop.moved(before: Undo, status: UndoStatus, explanation: Explanation?): Undo {
    val sent = status != UndoStatus.QUEUED && status != UndoStatus.ON_HOLD && status != UndoStatus.WITHDRAWN
    val moved = before.copy(
        status = status,
        attempts = if (sent) before.attempts + 1 else before.attempts,
        explanation = explanation ?: if (status == UndoStatus.ESCALATED) explain("local.ESCALATED", before.sale.rail) else null,
        nextTry = if (status == UndoStatus.UNKNOWN) TWELVE_SECONDS else if (status == UndoStatus.QUEUED) FIVE_SECONDS else null,
        waiting = if (status == UndoStatus.SENDING) Waiting(0, SIXTY_SECONDS) else null,
        refund = if (status == UndoStatus.REFUND_OFFERED) refundMeans(before.sale) else null,
        actions = actions(status),
    )
    return moved.copy(steps = steps(moved))
}

private fun actions(status: UndoStatus) = when (status) {
    UndoStatus.QUEUED -> setOf(OwedAction.WITHDRAW, OwedAction.HOLD)
    UndoStatus.NEEDS_CARD -> setOf(OwedAction.WITHDRAW)
    UndoStatus.ON_HOLD -> setOf(OwedAction.RELEASE, OwedAction.WITHDRAW)
    UndoStatus.UNKNOWN -> setOf(OwedAction.RETRY_NOW)
    else -> emptySet()
}

internal fun FakeShop.previewVoid(id: String): VoidPreview {
    val sale = sale(id)
    val consent = if (sale.amount > limit) Consent.Supervisor(limit) else Consent.None
    val card = sale.rail == Rail.UNIONPAY && needsCard
    val means = Consequences(Arrival.SameDay, Fee.NONE, card, needsPin = false, byRefund = sale.rail == Rail.ALIPAY)
    val why = blocked ?: voidRefusal(sale)?.let { explain(it, sale.rail) }
    return VoidPreview(sale, deadline(), means, consent, why, refundInstead = blocked != null)
}

/** The local code for which a new void is refused. */
internal fun FakeShop.voidRefusal(sale: Sale): String? {
    val live = children(sale.id).any { it.kind == SaleKind.COMPLETION && it.status !in DEAD && it.status != SaleStatus.VOIDED }
    return when {
        sale.status in DEAD -> "local.NOTHING_TO_UNDO"
        sale.status == SaleStatus.VOIDED || sale.status == SaleStatus.REFUNDED -> "local.ALREADY_UNDONE"
        sale.status == SaleStatus.PARTLY_REFUNDED -> "local.PARTLY_REFUNDED"
        live -> "local.PREAUTH_TAKEN"
        else -> null
    }
}

internal fun FakeShop.previewRefund(id: String): RefundPreview {
    val sale = sale(id)
    val given = sale.undo?.takeIf { it.status == UndoStatus.REFUNDED }?.amount ?: 0
    return RefundPreview(sale, sale.amount - given, refundMeans(sale), Consent.Supervisor(null), null)
}

internal fun FakeShop.previewReference(reference: String, date: String): ReferencePreview {
    if (reference.length != 12) throw GatewayException(Failure.InputInvalid("reference", "has twelve letters and digits"))
    if (!Regex("[01]\\d[0-3]\\d").matches(date)) throw GatewayException(Failure.InputInvalid("date", "is month and day, such as 1124"))
    val known = sales.values.firstOrNull { it.reference == reference }?.let { sale(it.id) }
    return ReferencePreview(known, known?.let { previewRefund(it.id).upTo }, refundMeans(known), Consent.Supervisor(null), null)
}

/** Money by card takes days and needs the card; a wallet gives it back at once. */
private fun refundMeans(sale: Sale?) =
    if (sale == null || sale.rail == Rail.UNIONPAY) Consequences(Arrival.Days(1, 7), Fee.MAY_STAY, needsCard = true, needsPin = false)
    else Consequences(Arrival.AtOnce, Fee.NONE, needsCard = false, needsPin = false, byRefund = true)

private fun FakeShop.deadline() = Deadline(now + left, left, certain = true)

internal fun FakeShop.queue(): List<OwedItem> = undos.values.filter { it.isOpen && it.id !in cleared }.map(::owed)

internal fun FakeShop.clearedItems(): List<OwedItem> = undos.values.filter { it.isOpen && it.id in cleared }.map(::owed)

private fun FakeShop.owed(undo: Undo): OwedItem =
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

private fun why(status: UndoStatus) = when (status) {
    UndoStatus.QUEUED -> Why.NETWORK
    UndoStatus.UNKNOWN -> Why.NO_ANSWER
    UndoStatus.NEEDS_CARD -> Why.CARD
    UndoStatus.ON_HOLD -> Why.HELD
    UndoStatus.ESCALATED -> Why.ESCALATED
    else -> Why.RUNNING
}

internal fun FakeShop.owed() = queue().let { items ->
    Owed(items.size, items.sumOf { it.amount }, items.firstOrNull()?.deadline, items.size)
}

private fun FakeShop.steps(undo: Undo): List<Step> {
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
