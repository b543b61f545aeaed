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
interface Gateway {
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

    // --- first start and people ---

    /** Reads a profile without keeping anything. Fails with [Failure.ProfileInvalid], which says line and key. */
    suspend fun checkProfile(text: String): ProfileSummary

    /** Imports the profile, seals its secrets and makes the first supervisor, all or nothing. */
    suspend fun setUp(profile: String, supervisor: NewOperator): CoreState

    /** Who is at the counter. Wrong PIN: [Failure.WrongPin]. */
    suspend fun logOn(operator: String, pin: Secret): Operator

    suspend fun logOff()

    suspend fun operators(): List<Operator>

    suspend fun addOperator(operator: NewOperator, approval: Approval): Operator

    suspend fun disableOperator(number: String, approval: Approval)

    // --- the terminal ---

    /** Name, numbers, sign-in, link and what is owed, in one read. */
    suspend fun terminal(): Terminal

    /** Signs in at the acquirer (签到). Progress comes as [Change.TerminalChanged]. */
    suspend fun signIn()

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

    // --- taking back ---

    /** What a void would do and need, decided now. Changes nothing. */
    suspend fun previewVoid(sale: String): VoidPreview

    /** Records the void; from then on it is owed. */
    suspend fun voidSale(request: VoidRequest): Undo

    /** What a refund would do and need, decided now. Changes nothing. */
    suspend fun previewRefund(sale: String): RefundPreview

    suspend fun refund(request: RefundRequest): Undo

    suspend fun undo(id: String): Undo

    /** The undo that [request] made, or null if it never was committed. */
    suspend fun undoOf(request: RequestId): Undo?

    /** The card that a void in [UndoStatus.NEEDS_CARD] waits for. Another card: [Failure.Refused]. */
    suspend fun presentCard(undo: String, card: CardRead): Undo

    // --- what is owed ---

    /** In the order in which it will be tried. */
    suspend fun queue(): List<OwedItem>

    suspend fun act(item: String, action: OwedAction, approval: Approval?): OwedItem?

    /** A new round of everything owed, now. */
    suspend fun retryAll()

    // --- end of day ---

    suspend fun settlement(): Settlement

    /** Starts or resumes the settlement; stops with [Settlement.open] filled while an undo stands in its way. */
    suspend fun settle(approval: Approval?): Settlement

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
