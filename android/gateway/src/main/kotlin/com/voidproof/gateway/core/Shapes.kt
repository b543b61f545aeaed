package com.voidproof.gateway.core

import com.voidproof.gateway.Align
import com.voidproof.gateway.Arrival
import com.voidproof.gateway.Change
import com.voidproof.gateway.CheckItem
import com.voidproof.gateway.Consent
import com.voidproof.gateway.Consequences
import com.voidproof.gateway.CoreEvent
import com.voidproof.gateway.CoreState
import com.voidproof.gateway.Deadline
import com.voidproof.gateway.Entry
import com.voidproof.gateway.Explanation
import com.voidproof.gateway.Failure
import com.voidproof.gateway.Fee
import com.voidproof.gateway.LineKind
import com.voidproof.gateway.Network
import com.voidproof.gateway.Operator
import com.voidproof.gateway.Owed
import com.voidproof.gateway.OwedItem
import com.voidproof.gateway.OwedKind
import com.voidproof.gateway.ProfileSummary
import com.voidproof.gateway.Rail
import com.voidproof.gateway.ReceiptLine
import com.voidproof.gateway.ReceiptOf
import com.voidproof.gateway.RefundPreview
import com.voidproof.gateway.Sale
import com.voidproof.gateway.SalePage
import com.voidproof.gateway.SaleQuery
import com.voidproof.gateway.SaleRecord
import com.voidproof.gateway.Settlement
import com.voidproof.gateway.Step
import com.voidproof.gateway.Terminal
import com.voidproof.gateway.TimelineEntry
import com.voidproof.gateway.Total
import com.voidproof.gateway.Undo
import com.voidproof.gateway.UndoSummary
import com.voidproof.gateway.VoidPreview
import com.voidproof.gateway.Waiting
import com.voidproof.gateway.WayBack
import com.voidproof.core.Align as CoreAlign
import com.voidproof.core.Change as CoreChange
import com.voidproof.core.CheckItem as CoreCheckItem
import com.voidproof.core.Consent as CoreConsent
import com.voidproof.core.Consequences as CoreConsequences
import com.voidproof.core.CoreState as CoreStateShape
import com.voidproof.core.Deadline as CoreDeadline
import com.voidproof.core.Entry as CoreEntry
import com.voidproof.core.Event as CoreEventShape
import com.voidproof.core.Explanation as CoreExplanation
import com.voidproof.core.Failure as CoreFailure
import com.voidproof.core.Line as CoreLine
import com.voidproof.core.LineKind as CoreLineKind
import com.voidproof.core.Network as CoreNetwork
import com.voidproof.core.ObligationKind as CoreObligationKind
import com.voidproof.core.Operator as CoreOperator
import com.voidproof.core.Owed as CoreOwed
import com.voidproof.core.OwedItem as CoreOwedItem
import com.voidproof.core.ProfileSummary as CoreProfileSummary
import com.voidproof.core.Rail as CoreRail
import com.voidproof.core.RefundPreview as CoreRefundPreview
import com.voidproof.core.Sale as CoreSale
import com.voidproof.core.SalePage as CoreSalePage
import com.voidproof.core.SaleQuery as CoreSaleQuery
import com.voidproof.core.SaleRecord as CoreSaleRecord
import com.voidproof.core.Settlement as CoreSettlement
import com.voidproof.core.SlipOf as CoreSlipOf
import com.voidproof.core.Step as CoreStep
import com.voidproof.core.TerminalState as CoreTerminal
import com.voidproof.core.TimelineEntry as CoreTimelineEntry
import com.voidproof.core.Total as CoreTotal
import com.voidproof.core.Undo as CoreUndo
import com.voidproof.core.UndoSummary as CoreUndoSummary
import com.voidproof.core.VoidPreview as CoreVoidPreview
import com.voidproof.core.Waiting as CoreWaiting
import com.voidproof.core.WayBack as CoreWayBack

/** The constant of the same name on the other side; a test walks all of them. */
internal inline fun <reified E : Enum<E>> same(constant: Enum<*>): E = enumValueOf(constant.name)

internal fun shape(state: CoreStateShape): CoreState = when (state) {
    CoreStateShape.NeedsSetUp -> CoreState.NeedsSetUp
    is CoreStateShape.Ready -> CoreState.Ready(shape(state.terminal))
    is CoreStateShape.Broken -> CoreState.Broken(shape(state.failure), state.owed)
}

internal fun shape(failure: CoreFailure): Failure = when (failure) {
    is CoreFailure.ProfileInvalid -> Failure.ProfileInvalid(failure.line.toInt(), failure.key, failure.detail)
    is CoreFailure.WrongPin -> Failure.WrongPin(failure.operator, failure.attemptsLeft?.toInt())
    is CoreFailure.Refused -> Failure.Refused(shape(failure.explanation))
    is CoreFailure.NotFound -> Failure.NotFound(failure.id)
    is CoreFailure.DiskFull -> Failure.DiskFull
    is CoreFailure.ReadOnly -> Failure.ReadOnly
    is CoreFailure.LedgerCorrupt -> Failure.LedgerCorrupt(failure.detail)
    is CoreFailure.LedgerNewer -> Failure.LedgerNewer
    is CoreFailure.HomeInUse -> Failure.HomeInUse
    is CoreFailure.KeysLost -> Failure.KeysLost(failure.detail)
    is CoreFailure.Internal -> Failure.Internal(failure.detail)
}

internal fun shape(it: CoreTerminal): Terminal = Terminal(
    it.merchantName, it.merchantId, it.terminalId, it.rails.map(::shape).toSet(),
    same(it.signIn), it.signInFailure?.let(::shape), it.batch,
    same(it.link), shape(it.owed), it.operator?.let(::shape), it.underWay?.let(::shape), it.training,
)

private fun shape(it: CoreOwed): Owed = Owed(it.count.toInt(), it.amount, it.nearest?.let(::shape), it.voids.toInt())

private fun shape(it: CoreDeadline): Deadline = Deadline(it.at, it.left, it.certain)

internal fun shape(it: CoreOperator): Operator = Operator(it.number, it.name, same(it.role), it.enabled)

internal fun shape(it: CoreProfileSummary): ProfileSummary =
    ProfileSummary(it.merchantName, it.merchantId, it.terminalId, it.rails.map(::shape).toSet(), it.training)

internal fun shape(it: CoreCheckItem): CheckItem = CheckItem(it.title, it.detail, same(it.state))

internal fun shape(it: CoreExplanation): Explanation = Explanation(
    it.code, it.rail?.let(::shape), same(it.cause), it.title, it.nextStep, it.whoFixes, same(it.goods), same(it.retry),
    it.reference.takeIf(String::isNotEmpty),
)

internal fun shape(rail: CoreRail): Rail = when (rail) {
    CoreRail.UNION_PAY -> Rail.UNIONPAY
    CoreRail.WE_CHAT -> Rail.WECHAT
    CoreRail.ALIPAY -> Rail.ALIPAY
}

internal fun raw(rail: Rail): CoreRail = when (rail) {
    Rail.UNIONPAY -> CoreRail.UNION_PAY
    Rail.WECHAT -> CoreRail.WE_CHAT
    Rail.ALIPAY -> CoreRail.ALIPAY
}

internal fun raw(network: Network): CoreNetwork = when (network) {
    Network.NONE -> CoreNetwork.ABSENT
    Network.CONNECTED -> CoreNetwork.CONNECTED
}

internal fun shape(it: CoreSale): Sale = Sale(
    id = it.id,
    rail = shape(it.rail),
    status = same(it.status),
    entry = shape(it.entry),
    amount = it.amount,
    net = it.net,
    at = it.at,
    voucher = it.voucher,
    batch = it.batch,
    reference = it.reference,
    orderNumber = it.orderNumber,
    lastFour = it.lastFour,
    settled = it.settled,
    wayBack = shape(it.wayBack),
    undo = it.undo?.let(::shape),
    explanation = it.explanation?.let(::shape),
    code = null,
    waiting = it.waiting?.let(::shape),
)

private fun shape(entry: CoreEntry): Entry = when (entry) {
    CoreEntry.MANUAL -> Entry.MANUAL
    CoreEntry.SWIPE -> Entry.SWIPE
    CoreEntry.CHIP -> Entry.INSERT
    CoreEntry.CONTACTLESS -> Entry.TAP
    CoreEntry.CODE -> Entry.CODE_SCANNED
}

private fun shape(way: CoreWayBack): WayBack = when (way) {
    is CoreWayBack.Void -> WayBack.Void(shape(way.deadline))
    CoreWayBack.RefundOnly -> WayBack.RefundOnly
    is CoreWayBack.InProgress -> WayBack.InProgress(way.undo)
    CoreWayBack.Impossible -> WayBack.None
}

private fun shape(it: CoreWaiting): Waiting = Waiting(it.since, it.atMost)

private fun shape(it: CoreUndoSummary): UndoSummary = UndoSummary(it.id, same(it.kind), same(it.status), it.amount)

internal fun raw(it: SaleQuery): CoreSaleQuery = CoreSaleQuery(it.text, same(it.filter), it.after, it.limit.toUInt())

internal fun shape(it: CoreSalePage): SalePage = SalePage(it.sales.map(::shape), it.next)

internal fun shape(it: CoreSaleRecord): SaleRecord =
    SaleRecord(shape(it.sale), it.undos.map(::shape), it.timeline.map(::shape))

private fun shape(it: CoreTimelineEntry): TimelineEntry =
    TimelineEntry(it.at, same(it.kind), it.operator, it.trace, it.code, detail = null)

internal fun shape(it: CoreVoidPreview): VoidPreview = VoidPreview(
    shape(it.sale), it.deadline?.let(::shape), shape(it.consequences), shape(it.consent),
    it.blocked?.let(::shape), it.refundInstead,
)

internal fun shape(it: CoreRefundPreview): RefundPreview =
    RefundPreview(shape(it.sale), it.upTo, shape(it.consequences), shape(it.consent), it.blocked?.let(::shape))

private fun shape(it: CoreTotal): Total = Total(it.count.toInt(), it.amount)

internal fun shape(it: CoreSettlement): Settlement = Settlement(
    batch = it.batch,
    phase = same(it.phase),
    taken = shape(it.taken),
    returned = shape(it.returned),
    uploaded = it.uploaded.toInt(),
    open = it.open.map(::shape),
    result = it.result?.let { result -> same(result) },
    explanation = it.explanation?.let(::shape),
)

private fun shape(it: CoreConsequences): Consequences {
    val (from, to) = it.daysFrom.toInt() to it.daysTo.toInt()
    val arrival = if (to == 0) Arrival.SameDay else Arrival.Days(from, to)
    return Consequences(arrival, if (it.feeMayStay) Fee.MAY_STAY else Fee.NONE, it.needsCard, it.needsPin)
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
    actions = it.actions.map { action -> same<com.voidproof.gateway.OwedAction>(action) }.toSet(),
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
    actions = it.actions.map { action -> same<com.voidproof.gateway.OwedAction>(action) }.toSet(),
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

internal fun raw(of: ReceiptOf): CoreSlipOf = when (of) {
    is ReceiptOf.OfSale -> CoreSlipOf.Sale(of.sale)
    is ReceiptOf.OfUndo -> CoreSlipOf.Undo(of.undo)
    is ReceiptOf.OfSettlement -> CoreSlipOf.Settlement(of.batch)
}

internal fun shape(line: CoreLine): ReceiptLine {
    val kind = when (line.kind) {
        CoreLineKind.TEXT -> if (line.align == CoreAlign.SPREAD) LineKind.PAIR else LineKind.TEXT
        CoreLineKind.RULE -> LineKind.RULE
        CoreLineKind.QR -> LineKind.QR
        CoreLineKind.BARCODE -> LineKind.BARCODE
        CoreLineKind.CUT -> LineKind.CUT
    }
    val align = if (line.align == CoreAlign.CENTRE) Align.CENTER else Align.LEFT
    return ReceiptLine(line.text, align, same(line.size), kind)
}

internal fun shape(event: CoreEventShape): CoreEvent = CoreEvent(event.sequence, event.at, shape(event.change))

private fun shape(change: CoreChange): Change = when (change) {
    is CoreChange.SaleChanged -> Change.SaleChanged(change.sale, same(change.status))
    is CoreChange.UndoChanged ->
        Change.UndoChanged(change.undo, change.sale, same(change.kind), same(change.status), change.amount)
    CoreChange.QueueChanged -> Change.QueueChanged
    CoreChange.TerminalChanged -> Change.TerminalChanged
    is CoreChange.SettlementChanged -> Change.SettlementChanged(change.batch)
    CoreChange.RestartNeeded -> Change.RestartNeeded
}
