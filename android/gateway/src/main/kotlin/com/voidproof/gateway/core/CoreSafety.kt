package com.voidproof.gateway.core

import com.voidproof.core.PlaceFailure
import com.voidproof.gateway.Approval
import com.voidproof.gateway.Copies
import com.voidproof.gateway.CopyFacts
import com.voidproof.gateway.CopyPlace
import com.voidproof.gateway.CoreState
import com.voidproof.gateway.LedgerCheck
import com.voidproof.gateway.Safety
import com.voidproof.gateway.Secret
import com.voidproof.gateway.UpdateAnswer
import java.io.File
import com.voidproof.core.Copies as CoreCopies
import com.voidproof.core.CopyPlace as CoreCopyPlace

internal class CoreSafety(private val door: Door) : Safety {
    override suspend fun copies(): Copies = door.ask { shape(copies()) }

    override suspend fun beginCopies(passphrase: Secret, approval: Approval): Copies =
        door.ask { bare(passphrase).use { typed -> bare(approval).use { shape(beginCopies(typed, it)) } } }

    override suspend fun endCopies(approval: Approval): Copies = door.ask { bare(approval).use { shape(endCopies(it)) } }

    override suspend fun copyNow(): Copies = door.ask { shape(copyNow()) }

    override suspend fun lookAtCopy(file: String, passphrase: Secret): CopyFacts = door.ask {
        val facts = bare(passphrase).use { lookAtCopy(file, it) }
        CopyFacts(facts.name, facts.merchant, facts.terminal, facts.made, facts.owed.toInt())
    }

    override suspend fun restoreCopy(file: String, passphrase: Secret): CoreState =
        door.ask { bare(passphrase).use { shape(restoreCopy(file, it)) } }

    override suspend fun verifyLedger(): LedgerCheck =
        door.ask { verifyLedger().let { LedgerCheck(it.ok, it.entries.toLong(), it.problems) } }

    override suspend fun readyToUpdate(): UpdateAnswer =
        door.ask { readyToUpdate().let { answer -> UpdateAnswer(answer.reason?.let { same(it) }, answer.until) } }
}

private fun shape(it: CoreCopies) = Copies(it.on, it.last, it.due, it.failed?.let(::shape), it.failedAt)

internal class ForeignCopies(private val place: CopyPlace) : CoreCopyPlace {
    override fun put(name: String, file: String) = told { place.put(name, File(file)) }

    override fun names(): List<String> = told { place.names() }

    override fun remove(name: String) = told { place.remove(name) }

    /** A provider of files may throw whatever it likes; the core expects its own kind of failure. */
    private fun <T> told(work: () -> T): T = try {
        work()
    } catch (e: CopyPlace.Trouble) {
        throw when (e.kind) {
            CopyPlace.Kind.GONE -> PlaceFailure.Gone()
            CopyPlace.Kind.FULL -> PlaceFailure.Full()
            CopyPlace.Kind.DENIED -> PlaceFailure.Denied()
            CopyPlace.Kind.FAILED -> PlaceFailure.Failed(e.kind.name)
        }
    } catch (e: RuntimeException) {
        throw PlaceFailure.Failed(e.javaClass.simpleName)
    }
}
