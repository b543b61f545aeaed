package com.voidproof.gateway.core

import com.voidproof.core.FileGiven
import com.voidproof.core.ProfileGiven
import com.voidproof.gateway.Change
import com.voidproof.gateway.CheckItem
import com.voidproof.gateway.CoreEvent
import com.voidproof.gateway.CoreState
import com.voidproof.gateway.Deadline
import com.voidproof.gateway.Entry
import com.voidproof.gateway.Explanation
import com.voidproof.gateway.Failure
import com.voidproof.gateway.LineTest
import com.voidproof.gateway.Network
import com.voidproof.gateway.Operator
import com.voidproof.gateway.Owed
import com.voidproof.gateway.ProfileFile
import com.voidproof.gateway.ProfileSummary
import com.voidproof.gateway.Rail
import com.voidproof.gateway.Sale
import com.voidproof.gateway.SalePage
import com.voidproof.gateway.SaleQuery
import com.voidproof.gateway.SaleRecord
import com.voidproof.gateway.Terminal
import com.voidproof.gateway.TimelineEntry
import com.voidproof.gateway.UndoSummary
import com.voidproof.gateway.Waiting
import com.voidproof.gateway.WayBack
import com.voidproof.core.Change as CoreChange
import com.voidproof.core.CheckItem as CoreCheckItem
import com.voidproof.core.CoreState as CoreStateShape
import com.voidproof.core.Deadline as CoreDeadline
import com.voidproof.core.Entry as CoreEntry
import com.voidproof.core.Event as CoreEventShape
import com.voidproof.core.Explanation as CoreExplanation
import com.voidproof.core.Failure as CoreFailure
import com.voidproof.core.LineTest as CoreLineTest
import com.voidproof.core.Network as CoreNetwork
import com.voidproof.core.Operator as CoreOperator
import com.voidproof.core.Owed as CoreOwed
import com.voidproof.core.ProfileSummary as CoreProfileSummary
import com.voidproof.core.Rail as CoreRail
import com.voidproof.core.Sale as CoreSale
import com.voidproof.core.SalePage as CoreSalePage
import com.voidproof.core.SaleQuery as CoreSaleQuery
import com.voidproof.core.SaleRecord as CoreSaleRecord
import com.voidproof.core.TerminalState as CoreTerminal
import com.voidproof.core.TimelineEntry as CoreTimelineEntry
import com.voidproof.core.UndoSummary as CoreUndoSummary
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
    is CoreFailure.ProfileInvalid ->
        Failure.ProfileInvalid(failure.line.toInt(), failure.key, failure.detail, failure.missing)
    is CoreFailure.WrongPin -> Failure.WrongPin(failure.operator, failure.attemptsLeft?.toInt())
    is CoreFailure.Refused -> Failure.Refused(shape(failure.explanation))
    is CoreFailure.InputInvalid -> Failure.InputInvalid(failure.what, failure.detail)
    is CoreFailure.NotFound -> Failure.NotFound(failure.id)
    is CoreFailure.DiskFull -> Failure.DiskFull
    is CoreFailure.ReadOnly -> Failure.ReadOnly
    is CoreFailure.LedgerCorrupt -> Failure.LedgerCorrupt(failure.detail)
    is CoreFailure.LedgerNewer -> Failure.LedgerNewer
    is CoreFailure.EditionRefused -> Failure.EditionRefused(failure.key, failure.detail)
    is CoreFailure.HomeInUse -> Failure.HomeInUse
    is CoreFailure.KeysLost -> Failure.KeysLost(failure.detail)
    is CoreFailure.Internal -> Failure.Internal(failure.detail)
}

internal fun shape(it: CoreTerminal): Terminal = Terminal(
    it.merchantName, it.merchantId, it.terminalId, it.rails.map(::shape).toSet(),
    same(it.signIn), it.signInFailure?.let(::shape), it.batch,
    same(it.link), shape(it.owed), it.operator?.let(::shape), it.underWay?.let(::shape), it.training, it.restored,
)

private fun shape(it: CoreOwed): Owed = Owed(it.count.toInt(), it.amount, it.nearest?.let(::shape), it.voids.toInt())

internal fun shape(it: CoreDeadline): Deadline = Deadline(it.at, it.left, it.certain)

internal fun shape(it: CoreOperator): Operator = Operator(it.number, it.name, same(it.role), it.enabled)

internal fun shape(it: CoreProfileSummary): ProfileSummary =
    ProfileSummary(it.merchantName, it.merchantId, it.terminalId, it.rails.map(::shape).toSet(), it.training)

internal fun shape(it: CoreCheckItem): CheckItem = CheckItem(it.title, it.detail, same(it.state))

internal fun shape(it: CoreLineTest): LineTest = LineTest(it.took, it.explanation?.let(::shape))

/** The core takes copies: the arrays stay with whoever lent the profile. */
internal fun raw(profile: ProfileFile): ProfileGiven =
    profile.reveal { toml, beside -> ProfileGiven(toml, beside.map { (name, bytes) -> FileGiven(name, bytes) }) }

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
    Network.NONE, Network.PORTAL -> CoreNetwork.ABSENT
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
    code = it.payment?.code,
    waiting = it.waiting?.let(::shape),
    kind = same(it.kind),
    parent = it.parent,
    payment = it.payment?.let(::shape),
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

internal fun shape(it: CoreWaiting): Waiting = Waiting(it.since, it.atMost)

internal fun shape(it: CoreUndoSummary): UndoSummary = UndoSummary(it.id, same(it.kind), same(it.status), it.amount)

internal fun raw(it: SaleQuery): CoreSaleQuery = CoreSaleQuery(it.text, same(it.filter), it.after, it.limit.toUInt(), it.since)

internal fun shape(it: CoreSalePage): SalePage = SalePage(it.sales.map(::shape), it.next)

internal fun shape(it: CoreSaleRecord): SaleRecord = SaleRecord(
    shape(it.sale), it.undos.map(::shape), it.timeline.map(::shape), it.parent?.let(::shape), it.children.map(::shape),
)

private fun shape(it: CoreTimelineEntry): TimelineEntry =
    TimelineEntry(it.at, same(it.kind), it.operator, it.trace, it.code, detail = null)

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
