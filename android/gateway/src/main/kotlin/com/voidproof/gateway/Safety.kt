package com.voidproof.gateway

import java.io.File

/** Copies of ledger and keys outside the app, encrypted under a supervisor's passphrase; and whether all is well for an update. */
interface Safety {
    suspend fun copies(): Copies

    /**
     * Switches copies on under [passphrase], or changes it; the core stores it nowhere. From then on the core writes a copy into
     * [Ports.copies] after each change of what is owed. Unfit passphrase: [Failure.Refused].
     */
    suspend fun beginCopies(passphrase: Secret, approval: Approval): Copies

    /** Those that were made stay. */
    suspend fun endCopies(approval: Approval): Copies

    /** Makes one now and waits for it. A folder that is gone or full: [Failure.Refused], and the copies made before stand. */
    suspend fun copyNow(): Copies

    /** Whose copy lies at the path [file]; checks all of it and changes nothing. */
    suspend fun lookAtCopy(file: String, passphrase: Secret): CopyFacts

    /** With [CoreState.NeedsSetUp]: goes on from a copy. The terminal is [Terminal.restored] then and sends nothing before [Rescue.acceptRestored]. */
    suspend fun restoreCopy(file: String, passphrase: Secret): CoreState

    /** Checks the open ledger, each entry of it; takes a while on a large one. */
    suspend fun verifyLedger(): LedgerCheck

    /** Needs nothing opened, opens nothing to work, asks no host. */
    suspend fun readyToUpdate(): UpdateAnswer
}

/** [due]: something changed since the [last]. [failed]: why none was made since, and what to do. */
data class Copies(val on: Boolean, val last: Long?, val due: Boolean, val failed: Explanation?, val failedAt: Long?)

data class CopyFacts(val merchantName: String, val merchantId: String, val terminalId: String, val made: Long, val owed: Int)

/** [problems]: which rule is broken, and where. */
data class LedgerCheck(val ok: Boolean, val entries: Long, val problems: List<String>)

/** [reason]: why not now; null: a good moment. [until]: when the first owed undo can be made no more, where that is known. */
data class UpdateAnswer(val reason: UpdateReason?, val until: Long?)

enum class UpdateReason { PAYMENT_UNDER_WAY, SETTLING, UNDOS_OWED, OWED, RESTORED, UNSETTLED, UNREADABLE }

/** The folder that a person chose for copies. On a thread of the core; may take its time; must not call the [Gateway]. */
interface CopyPlace {
    /** Puts [file] there under [name], whole or not at all. */
    fun put(name: String, file: File)

    fun names(): List<String>

    /** It may be absent. */
    fun remove(name: String)

    class Trouble(val kind: Kind) : Exception(kind.name)

    enum class Kind { GONE, FULL, DENIED, FAILED }
}
