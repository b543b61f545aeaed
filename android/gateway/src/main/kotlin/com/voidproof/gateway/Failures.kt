package com.voidproof.gateway

/** Thrown by every [Gateway] function. */
class GatewayException(val failure: Failure) : Exception(failure.toString())

sealed interface Failure {
    /**
     * A profile that cannot be used. [line] counts from 1, 0 if the whole is meant; [key] such as `terminal.id`. [missing]: the file that
     * the profile names there and that was not given: ask for it, then try again with [ProfileFile.with].
     */
    data class ProfileInvalid(val line: Int, val key: String, val detail: String, val missing: String? = null) : Failure

    /** [attemptsLeft] null: no limit was reached or is told. */
    data class WrongPin(val operator: String, val attemptsLeft: Int?) : Failure

    /** The rules of the terminal or of a host forbid it; nothing was recorded. */
    data class Refused(val explanation: Explanation) : Failure

    /** Something given that nobody can use ([what]: `reference`, `date`, `day`); nothing was recorded. [detail]: what would be right. */
    data class InputInvalid(val what: String, val detail: String) : Failure

    /** No such sale, undo or item. */
    data class NotFound(val id: String) : Failure

    data object DiskFull : Failure

    data object ReadOnly : Failure

    data class LedgerCorrupt(val detail: String) : Failure

    /** Written by a newer version of the app. */
    data object LedgerNewer : Failure

    /** Not for this edition of the app. [key]: of the profile in the ledger; [LEDGER] when the ledger is another edition's. */
    data class EditionRefused(val key: String, val detail: String) : Failure {
        companion object {
            const val LEDGER = "app.edition"
        }
    }

    /** This APK has no core for the device's processor, or it cannot be loaded. */
    data class CoreMissing(val detail: String) : Failure

    /** Another process holds the terminal's home. */
    data object HomeInUse : Failure

    /** The keys of this terminal cannot be opened. */
    data class KeysLost(val detail: String) : Failure

    /** The core met a fault of its own and must be opened again. */
    data class Internal(val detail: String) : Failure
}

/** One of seven classes of why something failed. */
enum class Cause { SYSTEM, HARDWARE, PROCEDURE, CUSTOMER_DATA, LIMITS, NETWORK, BANK_OR_PLATFORM }

/** May goods change hands now. */
enum class Goods { KEEP, HAND_OVER, TAKE_BACK, WAIT }

/** May the same be tried again. */
enum class Retry { NOW, AFTER, NEVER, ASK_FIRST }

/** Why it failed and what to do now, in the language set. [code]: wire code, `local.NAME` or `net.NAME`. */
data class Explanation(
    val code: String,
    val rail: Rail?,
    val cause: Cause,
    val title: String,
    val nextStep: String,
    val whoFixes: String,
    val goods: Goods,
    val retry: Retry,
    /** What support asks for; null where there is nothing to find. */
    val reference: String?,
)
