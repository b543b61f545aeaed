package com.voidproof.gateway

/** Voids and refunds, of sales, pre-authorisations and completions alike. */
interface TakingBack {
    /** What a void would do and need, decided now. Changes nothing. */
    suspend fun previewVoid(sale: String): VoidPreview

    /** Records the void; from then on it is owed. */
    suspend fun voidSale(request: VoidRequest): Undo

    /** What a refund would do and need, decided now. Changes nothing. */
    suspend fun previewRefund(sale: String): RefundPreview

    suspend fun refund(request: RefundRequest): Undo

    /**
     * What a refund of a sale that perhaps another terminal made would do and need. [reference]: field 37 on its slip, twelve characters;
     * [date]: its day, MMDD. A reference or date of another form: [Failure.Refused].
     */
    suspend fun previewReference(reference: String, date: String): ReferencePreview

    suspend fun refundReference(request: ReferenceRefund): Undo

    suspend fun undo(id: String): Undo

    /** The undo that [request] made, or null if it never was committed. */
    suspend fun undoOf(request: RequestId): Undo?

    /** The card that a void in [UndoStatus.NEEDS_CARD] waits for. Another card: [Failure.Refused]. */
    suspend fun presentCard(undo: String, card: CardRead): Undo
}
