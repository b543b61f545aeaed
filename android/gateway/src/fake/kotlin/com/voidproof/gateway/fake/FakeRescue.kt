package com.voidproof.gateway.fake

import com.voidproof.gateway.Approval
import com.voidproof.gateway.Change
import com.voidproof.gateway.CoreState
import com.voidproof.gateway.Failure
import com.voidproof.gateway.GatewayException
import com.voidproof.gateway.ProfileFile
import com.voidproof.gateway.Rescue
import com.voidproof.gateway.SaleStatus
import com.voidproof.gateway.Statement
import com.voidproof.gateway.UndoKind
import com.voidproof.gateway.UndoStatus

internal class FakeRescue(private val desk: FakeDesk, private val reopened: () -> CoreState) : Rescue {
    private val shop = desk.shop

    override suspend fun acceptRestored(approval: Approval) = desk.asked("acceptRestored") {
        desk.checkSupervisor(approval)
        if (!desk.restored) shop.refuse("local.NOT_IN_THIS_STATE")
        desk.restored = false
        desk.tell(Change.TerminalChanged, persisted = false)
    }

    override suspend fun resolve(statement: Statement) = desk.asked("resolve") {
        if (statement.reference.length !in 1..64) throw GatewayException(Failure.InputInvalid("reference", "has 1 to 64 printable characters"))
        desk.checkTwo(statement.first, statement.second)
        val undo = shop.undos[statement.item]
        if (undo == null) resolveSale(statement) else {
            if (undo.status != UndoStatus.UNKNOWN && undo.status != UndoStatus.ESCALATED) shop.refuse("local.NOT_IN_THIS_STATE")
            val done = if (undo.kind == UndoKind.VOID) UndoStatus.VOIDED else UndoStatus.REFUNDED
            desk.move(undo.id, if (statement.executed) done else UndoStatus.REFUSED)
        }
    }

    private fun resolveSale(statement: Statement) {
        val sale = shop.sale(statement.item)
        if (sale.status != SaleStatus.UNKNOWN) shop.refuse("local.NOT_IN_THIS_STATE")
        desk.answerSale(sale.id, if (statement.executed) SaleStatus.APPROVED else SaleStatus.REVERSED)
    }

    override suspend fun clear(item: String, reason: String, first: Approval, second: Approval) = desk.asked("clear") {
        if (reason.length !in 1..64) throw GatewayException(Failure.InputInvalid("reason", "has 1 to 64 printable characters"))
        desk.checkTwo(first, second)
        if (shop.undo(item).status != UndoStatus.ESCALATED) shop.refuse("local.NOT_IN_THIS_STATE")
        shop.cleared += item
        desk.tell(Change.QueueChanged)
    }

    override suspend fun importKeys(profile: ProfileFile, approval: Approval): CoreState = desk.asked("importKeys") {
        desk.checkSupervisor(approval)
        if (!desk.keysLost) throw GatewayException(Failure.Internal("the keys are not lost"))
        checked(profile)
        desk.keysLost = false
        reopened()
    }
}

/** The text of a profile that has what the fake asks of one. */
internal fun checked(profile: ProfileFile): String = profile.reveal { toml, beside ->
    val text = String(toml, Charsets.UTF_8)
    val invalid = { line: Int, key: String, detail: String, missing: String? ->
        throw GatewayException(Failure.ProfileInvalid(line, key, detail, missing))
    }
    if ("schema = 1" !in text) invalid(1, "schema", "schema = 1", null)
    text.lines().forEachIndexed { index, line ->
        val name = Regex("tls_ca = \"(.+)\"").find(line)?.groupValues?.get(1)
        if (name != null && name !in beside) invalid(index + 1, "unionpay.tls_ca", "$name is needed too", name)
    }
    text
}
