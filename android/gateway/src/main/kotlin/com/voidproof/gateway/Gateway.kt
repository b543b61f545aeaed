package com.voidproof.gateway

import kotlinx.coroutines.flow.Flow

/**
 * Everything the app may ask of the core. The only door: nothing outside this module knows how the core is built.
 *
 * All amounts are minor units (fen), all times epoch milliseconds, all durations milliseconds. Every function may be called
 * from any thread and does its work off the caller's; all throw [GatewayException] and nothing else. A command returns once
 * it is committed, not once it is done: what becomes of it comes as an event, and the truth is read with a query. A command
 * with a [RequestId] may be repeated with the same id and then has no second effect.
 */
interface Gateway : People, TakingBack, Preauths, Rescue, Safety, Papers, Wallets, Taps {
    /** What this core can do beyond sales and voids by card; screens offer nothing else. */
    val abilities: Set<Ability>

    // --- life ---

    /** Opens the ledger, recovers what was under way and starts the engine. Safe to call again. */
    suspend fun open(): CoreState

    /** Stops the engine; owed work stays in the ledger. After it only [open] may be called. */
    suspend fun close()

    /** The language of explanations and slips from now on. */
    suspend fun setLanguage(language: Language)

    /** The device's own idea of its network; a hint to try now or to wait, never a proof. */
    suspend fun networkChanged(network: Network)

    // --- first start ---

    /** Reads a profile without keeping anything. Fails with [Failure.ProfileInvalid], which says line and key. */
    suspend fun checkProfile(profile: ProfileFile): ProfileSummary

    suspend fun checkProfile(text: String): ProfileSummary = checkProfile(ProfileFile(text.encodeToByteArray()))

    /** Imports the profile, seals its secrets and makes the first supervisor, all or nothing. */
    suspend fun setUp(profile: ProfileFile, supervisor: NewOperator): CoreState

    suspend fun setUp(profile: String, supervisor: NewOperator): CoreState = setUp(ProfileFile(profile.encodeToByteArray()), supervisor)

    // --- the terminal ---

    /** Name, numbers, sign-in, link and what is owed, in one read. */
    suspend fun terminal(): Terminal

    /** Signs in at the acquirer (签到). Progress comes as [Change.TerminalChanged]. */
    suspend fun signIn()

    /** Signs out (签退): the next money message signs in first. Waits for the answer; refused or unanswered: its explanation. */
    suspend fun signOut(): Explanation?

    /** Asks the acquirer for an echo and waits for it. */
    suspend fun testLine(): LineTest

    suspend fun selfCheck(): List<CheckItem>

    // --- taking money ---

    /** Commits a sale and sends it. A local rule that forbids it: [Failure.Refused]. */
    suspend fun sell(request: SaleRequest): Sale

    /** The sale that [request] made, or null if it never was committed (for a screen that comes back after a crash). */
    suspend fun saleOf(request: RequestId): Sale?

    /** "Take back": the customer has not paid and keeps nothing; told before the first byte is sent. */
    suspend fun giveUpSale(sale: String): Sale

    // --- finding ---

    /** Newest first. */
    suspend fun sales(query: SaleQuery): SalePage

    suspend fun sale(id: String): Sale

    /** A sale with all that happened to it, oldest entry first. */
    suspend fun record(sale: String): SaleRecord

    // --- what is owed ---

    /** In the order in which it will be tried. */
    suspend fun queue(): List<OwedItem>

    suspend fun act(item: String, action: OwedAction, approval: Approval?): OwedItem?

    /** A new round of everything owed, now. */
    suspend fun retryAll()

    // --- end of day ---

    suspend fun settlement(): Settlement

    /**
     * Starts or resumes the settlement and waits for what comes of it; its phases come as [Change.SettlementChanged]. Stops with
     * [Settlement.open] filled while an undo stands in its way. With a supervisor's [approval] those of [passOver] (ids of owed items;
     * null: all) do not: each becomes a refund that needs the card, and an unknown one stays unknown.
     */
    suspend fun settle(approval: Approval?, passOver: Set<String>?): Settlement

    suspend fun settle(approval: Approval?): Settlement = settle(approval, null)

    // --- words and paper ---

    suspend fun explain(code: String, rail: Rail?): Explanation

    suspend fun receipt(of: ReceiptOf): List<ReceiptLine>

    /** The printer reported that this slip came out. */
    suspend fun slipPrinted(of: ReceiptOf)

    // --- news ---

    /** First all that was not acknowledged, oldest first, then what happens. Comes on a thread of the core. */
    val events: Flow<CoreEvent>

    /** The person has seen everything up to and with [sequence]. */
    suspend fun acknowledge(sequence: Long)
}
