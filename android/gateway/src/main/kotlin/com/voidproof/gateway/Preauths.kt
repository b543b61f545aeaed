package com.voidproof.gateway

/**
 * The pre-authorisation family. A pre-authorisation and a completion are [Sale]s of their own [SaleKind]; both are voided with
 * [Gateway.voidSale] (预授权撤销, 完成撤销), found with [Gateway.sales] and shown with [Gateway.record], which also names their family.
 * Voiding a completion lets the pre-authorisation hold again.
 */
interface Preauths {
    /** Holds money on a card. Adding to one that has a completion, or with another card: [Failure.Refused]. */
    suspend fun preauth(request: PreauthRequest): Sale

    /** The pre-authorisations that hold money now, newest first. [after]: [PreauthPage.next] of the page before. */
    suspend fun heldPreauths(after: String?, limit: Int): PreauthPage

    /** What a pre-authorisation holds and what can be done with it now. Changes nothing. */
    suspend fun heldPreauth(sale: String): Preauth

    /** Takes what is held, once. More than [Preauth.mostToTake], another card, taken already: [Failure.Refused]. */
    suspend fun complete(request: CompletionRequest): Sale
}

/** [addTo]: the pre-authorisation that holds more from now on (追加预授权), with the same card; null for a new one. */
data class PreauthRequest(val request: RequestId, val amount: Long, val card: CardRead, val addTo: String?)

/**
 * [advice]: the acquirer is told instead of asked (完成通知): the completion is [SaleStatus.UNKNOWN] until it took the notice, which is
 * owed until then, and it cannot be voided. With it the command waits for the first try.
 */
data class CompletionRequest(val request: RequestId, val preauth: String, val amount: Long, val card: CardRead, val advice: Boolean)

data class Preauth(
    val sale: Sale,
    /** What was added to it and holds, oldest first. */
    val additions: List<Sale>,
    /** All that is held, additions counted in; minor units. */
    val held: Long,
    /** The most that a completion may take: a part more than all that is held, additions counted in; minor units. */
    val mostToTake: Long,
    /** The newest completion, whatever became of it. */
    val completion: Sale?,
    /** Why no completion can be made now. */
    val blocked: Explanation?,
)

/** May have fewer than were asked for and still not be the last: the last has no [next]. */
data class PreauthPage(val preauths: List<Preauth>, val next: String?)
