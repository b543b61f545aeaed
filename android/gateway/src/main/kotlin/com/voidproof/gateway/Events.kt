package com.voidproof.gateway

/**
 * Something changed. [sequence] > 0: stored until acknowledged, and told again after a restart; 0: a mere hint.
 * An event says where to look; the truth is what a query then says.
 */
data class CoreEvent(val sequence: Long, val at: Long, val change: Change)

sealed interface Change {
    data class SaleChanged(val sale: String, val status: SaleStatus) : Change

    data class UndoChanged(val undo: String, val sale: String, val kind: UndoKind, val status: UndoStatus, val amount: Long) : Change

    data object QueueChanged : Change

    /** Link, sign-in or operator. */
    data object TerminalChanged : Change

    data class SettlementChanged(val batch: String) : Change

    /** The core must be closed and opened again. */
    data object RestartNeeded : Change
}
