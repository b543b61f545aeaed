package com.voidproof.gateway.core

import com.voidproof.gateway.Arrival
import com.voidproof.gateway.Consent
import com.voidproof.gateway.Consequences
import com.voidproof.gateway.Fee
import com.voidproof.gateway.OwedAction
import com.voidproof.gateway.OwedItem
import com.voidproof.gateway.OwedKind
import com.voidproof.gateway.ReferencePreview
import com.voidproof.gateway.RefundPreview
import com.voidproof.gateway.Step
import com.voidproof.gateway.Undo
import com.voidproof.gateway.VoidPreview
import com.voidproof.core.Consent as CoreConsent
import com.voidproof.core.Consequences as CoreConsequences
import com.voidproof.core.ObligationKind as CoreObligationKind
import com.voidproof.core.OwedItem as CoreOwedItem
import com.voidproof.core.ReferencePreview as CoreReferencePreview
import com.voidproof.core.RefundPreview as CoreRefundPreview
import com.voidproof.core.Step as CoreStep
import com.voidproof.core.Undo as CoreUndo
import com.voidproof.core.VoidPreview as CoreVoidPreview

internal fun shape(it: CoreVoidPreview): VoidPreview = VoidPreview(
    shape(it.sale), it.deadline?.let(::shape), shape(it.consequences), shape(it.consent),
    it.blocked?.let(::shape), it.refundInstead,
)

internal fun shape(it: CoreRefundPreview): RefundPreview =
    RefundPreview(shape(it.sale), it.upTo, shape(it.consequences), shape(it.consent), it.blocked?.let(::shape))

internal fun shape(it: CoreReferencePreview): ReferencePreview = ReferencePreview(
    it.sale?.let(::shape), it.upTo, shape(it.consequences), shape(it.consent), it.blocked?.let(::shape),
)

private fun shape(it: CoreConsequences): Consequences {
    val (from, to) = it.daysFrom.toInt() to it.daysTo.toInt()
    val arrival = if (to == 0) Arrival.SameDay else Arrival.Days(from, to)
    return Consequences(arrival, if (it.feeMayStay) Fee.MAY_STAY else Fee.NONE, it.needsCard, it.needsPin, it.byRefund)
}

private fun shape(consent: CoreConsent): Consent = when (consent) {
    CoreConsent.Nobody -> Consent.None
    is CoreConsent.Supervisor -> Consent.Supervisor(consent.above)
}

internal fun shape(it: CoreUndo): Undo = Undo(
    id = it.id,
    kind = same(it.kind),
    status = same(it.status),
    sale = shape(it.sale),
    amount = it.amount,
    reason = same(it.reason),
    recordedAt = it.recordedAt,
    deadline = it.deadline?.let(::shape),
    steps = it.steps.map(::shape),
    attempts = it.attempts.toInt(),
    nextTry = it.nextTry,
    waiting = it.waiting?.let(::shape),
    trace = it.trace,
    code = it.code,
    explanation = it.explanation?.let(::shape),
    refund = it.refund?.let(::shape),
    actions = it.actions.map { action -> same<OwedAction>(action) }.toSet(),
)

private fun shape(it: CoreStep): Step =
    Step(same(it.kind), same(it.state), it.at, it.trace, it.attempt.toInt(), it.operator)

internal fun shape(it: CoreOwedItem): OwedItem = OwedItem(
    id = it.id,
    kind = shape(it.kind),
    rail = shape(it.rail),
    sale = it.sale,
    undo = it.undo,
    amount = it.amount,
    voucher = it.voucher,
    attempts = it.attempts.toInt(),
    nextTry = it.nextTry,
    deadline = it.deadline?.let(::shape),
    why = same(it.why),
    first = it.first,
    actions = it.actions.map { action -> same<OwedAction>(action) }.toSet(),
    needsConsent = it.needsConsent,
)

/** A confirmation is a reversal sent once more: the counter need not tell them apart. */
private fun shape(kind: CoreObligationKind): OwedKind = when (kind) {
    CoreObligationKind.REVERSAL, CoreObligationKind.CONFIRMATION -> OwedKind.REVERSAL
    CoreObligationKind.VOID -> OwedKind.VOID
    CoreObligationKind.REFUND -> OwedKind.REFUND
    CoreObligationKind.QUERY -> OwedKind.QUERY
    CoreObligationKind.REVOKE -> OwedKind.REVOKE
    CoreObligationKind.SCRIPT_NOTICE -> OwedKind.NOTICE
    CoreObligationKind.BATCH_UPLOAD -> OwedKind.BATCH_UPLOAD
    CoreObligationKind.SIGNATURE -> OwedKind.SIGNATURE
}
