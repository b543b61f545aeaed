package com.voidproof.gateway.fake

import com.voidproof.gateway.Approval
import com.voidproof.gateway.Change
import com.voidproof.gateway.CoreEvent
import com.voidproof.gateway.Explanation
import com.voidproof.gateway.Failure
import com.voidproof.gateway.GatewayException
import com.voidproof.gateway.Role
import com.voidproof.gateway.Sale
import com.voidproof.gateway.SaleStatus
import com.voidproof.gateway.Secret
import com.voidproof.gateway.Undo
import com.voidproof.gateway.UndoKind
import com.voidproof.gateway.UndoStatus
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.MutableSharedFlow
import kotlinx.coroutines.flow.onSubscription

/** What all parts of the fake share: the shop, what its hosts answer, what was told and asked. */
class FakeDesk(val shop: FakeShop) {
    var online = true
    var restored = false
    var keysLost = false

    /** The next card held to the reader wants a PIN. */
    var tapNeedsPin = false
    var tapNeedsSignature = false
    val answers = ArrayList<FakeGateway.Answer>()
    var failNext: Failure? = null
    val commands = ArrayList<String>()
    var acknowledged = 0L
    val stored = ArrayList<CoreEvent>()
    private val live = MutableSharedFlow<CoreEvent>(extraBufferCapacity = 1_000)

    val events: Flow<CoreEvent> = live.onSubscription { stored.filter { it.sequence > acknowledged }.forEach { emit(it) } }

    fun tell(change: Change, persisted: Boolean = true) {
        val event = CoreEvent(if (persisted) stored.size + 1L else 0L, shop.now, change)
        if (persisted) stored += event
        check(live.tryEmit(event)) { "too many events" }
    }

    fun move(undo: String, status: UndoStatus, explanation: Explanation? = null) {
        val moved = shop.move(undo, status, explanation)
        tell(Change.UndoChanged(undo, moved.sale.id, moved.kind, status, moved.amount))
        tell(Change.QueueChanged, persisted = false)
    }

    fun answerSale(sale: String, status: SaleStatus) {
        shop.answer(sale, status)
        tell(Change.SaleChanged(sale, status))
    }

    /** Sends what was recorded: the next answer says what becomes of it. [good]: what approval means. */
    fun send(sale: Sale, good: SaleStatus) {
        when (next()) {
            FakeGateway.Answer.APPROVE -> answerSale(sale.id, if (online) good else SaleStatus.NOT_SENT)
            FakeGateway.Answer.DECLINE -> answerSale(sale.id, SaleStatus.DECLINED)
            FakeGateway.Answer.NONE -> answerSale(sale.id, SaleStatus.UNKNOWN)
            FakeGateway.Answer.LATER -> Unit
        }
    }

    fun send(undo: Undo) {
        if (undo.kind == UndoKind.VOID && shop.needsCard) return move(undo.id, UndoStatus.NEEDS_CARD)
        if (!online) return move(undo.id, UndoStatus.QUEUED)
        when (next()) {
            FakeGateway.Answer.APPROVE -> move(undo.id, if (undo.kind == UndoKind.VOID) UndoStatus.VOIDED else UndoStatus.REFUNDED)
            FakeGateway.Answer.DECLINE -> move(undo.id, UndoStatus.REFUND_OFFERED, shop.tooLate())
            FakeGateway.Answer.NONE -> move(undo.id, UndoStatus.UNKNOWN)
            FakeGateway.Answer.LATER -> Unit
        }
    }

    private fun next() = if (answers.isEmpty()) FakeGateway.Answer.APPROVE else answers.removeAt(0)

    fun checkPin(operator: String, pin: Secret) {
        val right = pin.reveal { typed -> shop.pins[operator]?.contentEquals(typed) == true }
        if (!right) throw GatewayException(Failure.WrongPin(operator, 2))
    }

    fun checkSupervisor(approval: Approval?) {
        if (approval == null) shop.refuse("local.APPROVAL_NEEDED")
        checkPin(approval.operator, approval.pin)
        if (role(approval) != Role.SUPERVISOR) shop.refuse("local.APPROVAL_NOT_SUPERVISOR")
    }

    /** Two people, one of them a supervisor. */
    fun checkTwo(first: Approval, second: Approval) {
        listOf(first, second).forEach { checkPin(it.operator, it.pin) }
        if (first.operator == second.operator) shop.refuse("local.APPROVAL_SAME_PERSON")
        if (listOf(first, second).none { role(it) == Role.SUPERVISOR }) shop.refuse("local.APPROVAL_NOT_SUPERVISOR")
    }

    private fun role(approval: Approval) = shop.operators.firstOrNull { it.number == approval.operator }?.role

    inline fun <T> asked(command: String, answer: () -> T): T {
        if (command.isNotEmpty()) commands += command
        failNext?.let {
            failNext = null
            throw GatewayException(it)
        }
        return answer()
    }
}
