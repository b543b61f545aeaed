package com.voidproof.gateway

/** What is shown, kept or handed on, and changes nothing. */
interface Papers {
    /** Everything about one sale for the acquirer: what happened, codes, hashes; no account data. */
    suspend fun evidence(sale: String): Evidence

    /** The sums of one day and what failed on it. [day]: YYYY-MM-DD in China's time, null for today. */
    suspend fun report(day: String?): Report
}

data class Evidence(
    val sale: String,
    /** Whether the whole ledger checks as sound now. */
    val sound: Boolean,
    /** To be read on the screen, in the language set. */
    val text: List<String>,
    /** To be saved where the person chooses, as they are. */
    val files: List<EvidenceFile>,
)

/** [name] is safe as a file's name; [type] is a MIME type. */
class EvidenceFile(val name: String, val type: String, val bytes: ByteArray)

data class Report(
    val day: String,
    /** Sales and completions that were approved. */
    val taken: Total,
    val voided: Total,
    val refunded: Total,
    /** Pre-authorisations that hold. */
    val held: Total,
    val declined: Total,
    val reversed: Total,
    /** Not proven either way; not in [net]. */
    val unknown: Total,
    /** What the shop has of the day, minor units. */
    val net: Long,
    /** Items still owed now. */
    val owed: Int,
    /** Most frequent first. */
    val causes: List<CauseCount>,
    val codes: List<CodeCount>,
    /** The one thing worth fixing first, in the language set. */
    val advice: String?,
)

data class CauseCount(val cause: Cause, val count: Int)

/** [code]: for [Gateway.explain]. */
data class CodeCount(val rail: Rail?, val code: String, val count: Int)
