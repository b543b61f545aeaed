package com.voidproof.gateway

/** What only people can put right. */
interface Rescue {
    /**
     * A supervisor says that the terminal which a restored ledger ([Terminal.restored]) came from is retired: this one goes on.
     * Nothing is sent before. Nothing was restored: [Failure.Refused].
     */
    suspend fun acceptRestored(approval: Approval)

    /**
     * Enters the acquirer's or wallet's written statement about a sale, undo or owed item that is unknown or escalated.
     * Not unknown, the same person twice, no supervisor among them: [Failure.Refused]; [Failure.WrongPin] names whose it was.
     */
    suspend fun resolve(statement: Statement)

    /**
     * Takes a stuck item out of list and gate, with two people's consent and a reason like [Statement.reference]. It stays a
     * tombstone: the net of its sale stays unknown, its room stays taken, and each settlement tells it ([Settlement.cleared]);
     * [resolve] still closes it. One that the terminal can still prove, or that was never sent: [Failure.Refused].
     */
    suspend fun clear(item: String, reason: String, first: Approval, second: Approval)

    /**
     * With [CoreState.Broken] for [Failure.KeysLost]: a supervisor imports the keys again from the profile. What is owed goes on;
     * a void whose card data are lost waits for its card.
     */
    suspend fun importKeys(profile: ProfileFile, approval: Approval): CoreState
}

/** [reference]: what the statement is called, 1 to 64 printable characters, never a card number. Two people, one a supervisor. */
data class Statement(
    val item: String,
    val executed: Boolean,
    val reference: String,
    val first: Approval,
    val second: Approval,
)
