package com.voidproof.gateway.fake

import com.voidproof.gateway.Approval
import com.voidproof.gateway.Copies
import com.voidproof.gateway.CopyFacts
import com.voidproof.gateway.CoreState
import com.voidproof.gateway.LedgerCheck
import com.voidproof.gateway.Safety
import com.voidproof.gateway.Secret
import com.voidproof.gateway.UpdateAnswer

/** Copies that open with the passphrase `a lamp in the rain`. */
class FakeSafety(private val desk: FakeDesk) : Safety {
    var kept = Copies(on = false, last = null, due = true, failed = null, failedAt = null)
    var update = UpdateAnswer(null, null)
    var check = LedgerCheck(ok = true, entries = 42, problems = emptyList())
    private val shop = desk.shop

    /** The shop with a restored ledger. */
    internal var reopened: () -> CoreState = { CoreState.NeedsSetUp }

    /** The folder is gone, full or denied: copies fail with this code. */
    var trouble: String? = null

    override suspend fun copies() = desk.asked("copies") { kept }

    override suspend fun beginCopies(passphrase: Secret, approval: Approval): Copies = desk.asked("beginCopies") {
        desk.checkSupervisor(approval)
        if (passphrase.reveal { it.size } < SHORTEST) shop.refuse("local.PASSPHRASE_UNFIT")
        kept = kept.copy(on = true)
        kept
    }

    override suspend fun endCopies(approval: Approval): Copies = desk.asked("endCopies") {
        desk.checkSupervisor(approval)
        kept = kept.copy(on = false)
        kept
    }

    override suspend fun copyNow(): Copies = desk.asked("copyNow") {
        val code = trouble
        kept = if (code == null) {
            kept.copy(last = shop.now, due = false, failed = null, failedAt = null)
        } else {
            kept.copy(failed = shop.explain(code, null), failedAt = shop.now)
        }
        if (code != null) shop.refuse(code)
        kept
    }

    override suspend fun lookAtCopy(file: String, passphrase: Secret): CopyFacts = desk.asked("lookAtCopy") {
        if (!passphrase.reveal { String(it) == RIGHT }) shop.refuse("local.PASSPHRASE_WRONG")
        CopyFacts("示例便利店（南山店）", "898310048140001", "10000001", shop.now, owed = 1)
    }

    override suspend fun restoreCopy(file: String, passphrase: Secret): CoreState {
        lookAtCopy(file, passphrase)
        return desk.asked("restoreCopy") { reopened() }
    }

    override suspend fun verifyLedger() = desk.asked("verifyLedger") { check }

    override suspend fun readyToUpdate() = desk.asked("readyToUpdate") { update }

    private companion object {
        const val SHORTEST = 12
        const val RIGHT = "a lamp in the rain"
    }
}
