package com.voidproof.app.ui

import com.voidproof.app.R
import com.voidproof.app.device.PrintResult
import com.voidproof.app.screens.pay.Taking
import com.voidproof.gateway.Arrival
import com.voidproof.gateway.Cause
import com.voidproof.gateway.Entry
import com.voidproof.gateway.Failure
import com.voidproof.gateway.Fee
import com.voidproof.gateway.Goods
import com.voidproof.gateway.Link
import com.voidproof.gateway.OwedKind
import com.voidproof.gateway.Rail
import com.voidproof.gateway.Retry
import com.voidproof.gateway.Sale
import com.voidproof.gateway.SaleKind
import com.voidproof.gateway.SaleStatus
import com.voidproof.gateway.TimelineKind
import com.voidproof.gateway.Undo
import com.voidproof.gateway.UndoKind
import com.voidproof.gateway.UndoReason
import com.voidproof.gateway.UndoStatus
import com.voidproof.gateway.Why

/** A meaning with the shape and the word that carry it without colour. */
class Sign(val icon: Int, val meaning: Meaning, val word: Int)

fun sign(link: Link): Sign = when (link) {
    Link.ONLINE -> Sign(R.drawable.ic_online, Meaning.DONE, R.string.link_online)
    Link.SLOW -> Sign(R.drawable.ic_slow, Meaning.OWED, R.string.link_slow)
    Link.OFFLINE -> Sign(R.drawable.ic_offline, Meaning.REFUSED, R.string.link_offline)
    Link.PORTAL -> Sign(R.drawable.ic_offline, Meaning.REFUSED, R.string.link_portal)
    Link.UNKNOWN -> Sign(R.drawable.ic_offline, Meaning.NEUTRAL, R.string.link_unknown)
}

fun sign(status: SaleStatus): Sign = when (status) {
    SaleStatus.SENDING -> Sign(R.drawable.ic_hourglass, Meaning.OWED, R.string.sale_sending)
    SaleStatus.APPROVED -> Sign(R.drawable.ic_check, Meaning.DONE, R.string.sale_approved)
    SaleStatus.COMPLETED -> Sign(R.drawable.ic_check, Meaning.DONE, R.string.sale_completed)
    SaleStatus.DECLINED -> Sign(R.drawable.ic_exclamation, Meaning.REFUSED, R.string.sale_declined)
    SaleStatus.UNKNOWN -> Sign(R.drawable.ic_question, Meaning.OWED, R.string.sale_unknown)
    SaleStatus.REVERSED -> Sign(R.drawable.ic_void, Meaning.NEUTRAL, R.string.sale_reversed)
    SaleStatus.VOIDED -> Sign(R.drawable.ic_void, Meaning.NEUTRAL, R.string.sale_voided)
    SaleStatus.REFUNDED -> Sign(R.drawable.ic_refund, Meaning.NEUTRAL, R.string.sale_refunded)
    SaleStatus.PARTLY_REFUNDED -> Sign(R.drawable.ic_refund, Meaning.NEUTRAL, R.string.sale_partly_refunded)
    SaleStatus.NOT_SENT -> Sign(R.drawable.ic_exclamation, Meaning.NEUTRAL, R.string.sale_not_sent)
    SaleStatus.HELD -> Sign(R.drawable.ic_lock, Meaning.INFO, R.string.sale_held)
}

fun sign(status: UndoStatus): Sign = when (status) {
    UndoStatus.VOIDED -> Sign(R.drawable.ic_check, Meaning.DONE, R.string.undo_voided)
    UndoStatus.REFUNDED -> Sign(R.drawable.ic_check, Meaning.DONE, R.string.undo_refunded)
    UndoStatus.QUEUED -> Sign(R.drawable.ic_hourglass, Meaning.OWED, R.string.undo_queued)
    UndoStatus.SENDING -> Sign(R.drawable.ic_clock, Meaning.INFO, R.string.undo_sending)
    UndoStatus.NEEDS_CARD -> Sign(R.drawable.ic_card, Meaning.OWED, R.string.undo_needs_card)
    UndoStatus.ON_HOLD -> Sign(R.drawable.ic_pause, Meaning.NEUTRAL, R.string.undo_on_hold)
    UndoStatus.UNKNOWN -> Sign(R.drawable.ic_question, Meaning.OWED, R.string.undo_unknown)
    UndoStatus.REFUSED -> Sign(R.drawable.ic_exclamation, Meaning.REFUSED, R.string.undo_refused)
    UndoStatus.WITHDRAWN -> Sign(R.drawable.ic_close, Meaning.NEUTRAL, R.string.undo_withdrawn)
    UndoStatus.REFUND_OFFERED -> Sign(R.drawable.ic_refund, Meaning.REFUSED, R.string.undo_refund_offered)
    UndoStatus.ESCALATED -> Sign(R.drawable.ic_person, Meaning.REFUSED, R.string.undo_escalated)
}

fun Ui.rail(rail: Rail): String = string(
    when (rail) {
        Rail.UNIONPAY -> R.string.rail_unionpay
        Rail.WECHAT -> R.string.rail_wechat
        Rail.ALIPAY -> R.string.rail_alipay
    },
)

/** So short that it fits a badge. */
fun Ui.railBadge(rail: Rail): String = string(
    when (rail) {
        Rail.UNIONPAY -> R.string.badge_unionpay
        Rail.WECHAT -> R.string.badge_wechat
        Rail.ALIPAY -> R.string.badge_alipay
    },
)

/** Who answers on this rail, in the words of the counter. */
fun Ui.host(rail: Rail): String = string(
    when (rail) {
        Rail.UNIONPAY -> R.string.host_bank
        Rail.WECHAT -> R.string.rail_wechat
        Rail.ALIPAY -> R.string.rail_alipay
    },
)

fun railMeaning(rail: Rail): Meaning = when (rail) {
    Rail.UNIONPAY -> Meaning.REFUSED
    Rail.WECHAT -> Meaning.DONE
    Rail.ALIPAY -> Meaning.INFO
}

fun Ui.entry(entry: Entry): String = string(
    when (entry) {
        Entry.INSERT -> R.string.entry_insert
        Entry.TAP -> R.string.entry_tap
        Entry.SWIPE -> R.string.entry_swipe
        Entry.MANUAL -> R.string.entry_manual
        Entry.CODE_SCANNED -> R.string.entry_scanned
        Entry.CODE_SHOWN -> R.string.entry_shown
    },
)

/** `挥卡 · 尾号 0217`; what is no plain sale says so in place of how it was read. */
fun Ui.means(sale: Sale): String = when (sale.kind) {
    SaleKind.SALE -> cardOf(sale)
    SaleKind.PREAUTH -> string(R.string.preauth) + tail(sale)
    SaleKind.COMPLETION -> string(R.string.completion) + tail(sale)
    SaleKind.UNMATCHED -> string(R.string.elsewhere) + tail(sale)
}

/** `挥卡 · 尾号 0217` */
fun Ui.cardOf(sale: Sale): String = entry(sale.entry) + tail(sale)

private fun Ui.tail(sale: Sale) = sale.lastFour?.let { " · " + string(R.string.last_four, it) }.orEmpty()

/** What taking money, or holding it, is called. [button] has a place for the amount. */
class TakingWords(val title: Int, val label: Int, val button: Int, val ask: Int)

fun taking(taking: Taking): TakingWords = when (taking) {
    Taking.SALE -> TakingWords(R.string.pay, R.string.amount_to_take, R.string.charge_amount, R.string.pay_amount)
    Taking.HOLD -> TakingWords(R.string.preauth, R.string.amount_to_hold, R.string.hold_amount, R.string.hold_ask)
    Taking.ADD -> TakingWords(R.string.preauth_add, R.string.amount_to_add, R.string.add_amount, R.string.hold_ask)
    Taking.COMPLETE -> TakingWords(R.string.completion, R.string.amount_to_complete, R.string.complete_amount, R.string.complete_ask)
}

/** `撤销`, `预授权撤销`, `完成撤销`. */
fun voidWord(kind: SaleKind): Int = when (kind) {
    SaleKind.SALE, SaleKind.UNMATCHED -> R.string.kind_void
    SaleKind.PREAUTH -> R.string.preauth_void
    SaleKind.COMPLETION -> R.string.completion_void
}

/** What an undo is called. */
fun undoWord(undo: Undo): Int = if (undo.kind == UndoKind.VOID) voidWord(undo.sale.kind) else R.string.kind_refund

/** `凭证 000128`, or the end of an order number. */
fun Ui.number(sale: Sale): String = sale.voucher?.let { string(R.string.voucher_short, it) }
    ?: sale.orderNumber?.let { string(R.string.order_short, it.takeLast(ORDER_TAIL)) }.orEmpty()

fun reason(reason: UndoReason): Int = when (reason) {
    UndoReason.CUSTOMER_RETURNS -> R.string.reason_returns
    UndoReason.WRONG_AMOUNT -> R.string.reason_amount
    UndoReason.CHARGED_TWICE -> R.string.reason_twice
    UndoReason.OTHER_MEANS -> R.string.reason_means
    UndoReason.OTHER -> R.string.reason_other
}

fun undoKind(kind: UndoKind): Int = if (kind == UndoKind.VOID) R.string.kind_void else R.string.kind_refund

fun owedKind(kind: OwedKind): Int = when (kind) {
    OwedKind.REVERSAL -> R.string.kind_reversal
    OwedKind.VOID -> R.string.kind_void
    OwedKind.REFUND -> R.string.kind_refund
    OwedKind.QUERY -> R.string.kind_query
    OwedKind.REVOKE -> R.string.kind_revoke
    OwedKind.NOTICE -> R.string.kind_notice
    OwedKind.BATCH_UPLOAD -> R.string.kind_upload
    OwedKind.SIGNATURE -> R.string.kind_signature
}

fun why(why: Why): Int = when (why) {
    Why.NETWORK -> R.string.why_network
    Why.HOST_BUSY -> R.string.why_busy
    Why.NO_ANSWER -> R.string.why_no_answer
    Why.CARD -> R.string.why_card
    Why.SALE_UNKNOWN -> R.string.why_sale_unknown
    Why.HELD -> R.string.why_held
    Why.TURN -> R.string.why_turn
    Why.SIGN_IN -> R.string.why_sign_in
    Why.ESCALATED -> R.string.why_escalated
    Why.RUNNING -> R.string.why_running
}

fun cause(cause: Cause): Int = when (cause) {
    Cause.SYSTEM -> R.string.cause_system
    Cause.HARDWARE -> R.string.cause_hardware
    Cause.PROCEDURE -> R.string.cause_procedure
    Cause.CUSTOMER_DATA -> R.string.cause_customer
    Cause.LIMITS -> R.string.cause_limits
    Cause.NETWORK -> R.string.cause_network
    Cause.BANK_OR_PLATFORM -> R.string.cause_bank
}

fun goods(goods: Goods): Int = when (goods) {
    Goods.KEEP -> R.string.goods_keep
    Goods.HAND_OVER -> R.string.goods_hand_over
    Goods.TAKE_BACK -> R.string.goods_take_back
    Goods.WAIT -> R.string.goods_wait
}

fun retry(retry: Retry): Int = when (retry) {
    Retry.NOW -> R.string.retry_now
    Retry.AFTER -> R.string.retry_after
    Retry.NEVER -> R.string.retry_never
    Retry.ASK_FIRST -> R.string.retry_ask
}

fun Ui.arrival(arrival: Arrival): String = when (arrival) {
    Arrival.AtOnce -> string(R.string.arrival_at_once)
    Arrival.SameDay -> string(R.string.arrival_same_day)
    is Arrival.Days -> string(R.string.arrival_days, arrival.from, arrival.to)
}

fun fee(fee: Fee): Int = if (fee == Fee.NONE) R.string.fee_none else R.string.fee_may_stay

/** What became of a slip, and what to do where it did not come out. */
fun printTrouble(result: PrintResult): Int = when (result) {
    PrintResult.PRINTED -> R.string.print_done
    PrintResult.SENT -> R.string.print_sent
    PrintResult.UNSURE -> R.string.print_unsure
    PrintResult.COVER_OPEN -> R.string.print_cover
    PrintResult.NOT_ALLOWED -> R.string.print_not_allowed
    PrintResult.CANCELLED -> R.string.print_cancelled
    PrintResult.PINNED -> R.string.print_pinned
    PrintResult.PAPER_OUT -> R.string.print_paper
    PrintResult.TOO_HOT -> R.string.print_hot
    PrintResult.NOT_CONNECTED -> R.string.print_absent
    PrintResult.FAILED -> R.string.print_failed
}

/** What happened, in words for whom stands at the counter. */
fun Ui.failure(failure: Failure): String = when (failure) {
    is Failure.Refused -> failure.explanation.title + "\n" + failure.explanation.nextStep
    is Failure.WrongPin -> wrongPin(failure.attemptsLeft)
    is Failure.InputInvalid -> string(R.string.failure_input, failure.detail)
    is Failure.NotFound -> string(R.string.failure_not_found)
    is Failure.ProfileInvalid -> string(R.string.failure_profile)
    Failure.DiskFull -> string(R.string.failure_disk)
    Failure.ReadOnly -> string(R.string.failure_read_only)
    is Failure.LedgerCorrupt -> string(R.string.failure_corrupt)
    Failure.LedgerNewer -> string(R.string.failure_newer)
    is Failure.EditionRefused ->
        if (failure.key == Failure.EditionRefused.LEDGER) string(R.string.failure_not_mine) else string(R.string.failure_not_live, failure.key)
    is Failure.CoreMissing -> string(R.string.failure_no_core)
    Failure.HomeInUse -> string(R.string.failure_in_use)
    is Failure.KeysLost -> string(R.string.failure_keys)
    is Failure.Internal -> string(R.string.failure_internal)
}

fun Ui.wrongPin(attemptsLeft: Int?): String =
    if (attemptsLeft == null) string(R.string.wrong_pin) else string(R.string.wrong_pin_left, attemptsLeft)

fun timeline(kind: TimelineKind): Int = when (kind) {
    TimelineKind.SALE_RECORDED -> R.string.line_sale_recorded
    TimelineKind.SALE_SENT -> R.string.line_sale_sent
    TimelineKind.SALE_APPROVED -> R.string.line_sale_approved
    TimelineKind.SALE_DECLINED -> R.string.line_sale_declined
    TimelineKind.SALE_NOT_SENT -> R.string.line_sale_not_sent
    TimelineKind.NO_ANSWER -> R.string.line_no_answer
    TimelineKind.REVERSAL_OWED -> R.string.line_reversal_owed
    TimelineKind.REVERSAL_SENT -> R.string.line_reversal_sent
    TimelineKind.REVERSED -> R.string.line_reversed
    TimelineKind.UNDO_RECORDED -> R.string.line_undo_recorded
    TimelineKind.UNDO_APPROVAL -> R.string.line_undo_approval
    TimelineKind.UNDO_QUEUED -> R.string.line_undo_queued
    TimelineKind.UNDO_SENT -> R.string.line_undo_sent
    TimelineKind.UNDO_CONFIRMED -> R.string.line_undo_confirmed
    TimelineKind.UNDO_REFUSED -> R.string.line_undo_refused
    TimelineKind.UNDO_HELD -> R.string.line_undo_held
    TimelineKind.UNDO_RELEASED -> R.string.line_undo_released
    TimelineKind.UNDO_WITHDRAWN -> R.string.line_undo_withdrawn
    TimelineKind.QUERIED -> R.string.line_queried
    TimelineKind.CARD_NEEDED -> R.string.line_card_needed
    TimelineKind.REFUND_OFFERED -> R.string.line_refund_offered
    TimelineKind.ESCALATED -> R.string.line_escalated
    TimelineKind.RESOLVED -> R.string.line_resolved
    TimelineKind.CLEARED -> R.string.line_cleared
    TimelineKind.SETTLED -> R.string.line_settled
    TimelineKind.SLIP_PRINTED -> R.string.line_printed
    TimelineKind.OTHER -> R.string.line_other
}

private const val ORDER_TAIL = 6
