package com.voidproof.gateway

data class Total(val count: Int, val amount: Long)

enum class SettlementPhase { OPEN, DRAINING, CLOSING, UPLOADING, CLEARED }

enum class SettlementResult { BALANCED, NOT_BALANCED, UNKNOWN, BLOCKED }

data class Settlement(
    val batch: String,
    val phase: SettlementPhase,
    /** Sales and completions. */
    val taken: Total,
    /** Voids and refunds. */
    val returned: Total,
    val uploaded: Int,
    /** What stands in the way. */
    val open: List<OwedItem>,
    /** Null until it was tried. */
    val result: SettlementResult?,
    val explanation: Explanation?,
    /** What two people cleared ([Rescue.clear]), of any batch, and nobody proved since. */
    val cleared: List<OwedItem> = emptyList(),
)
