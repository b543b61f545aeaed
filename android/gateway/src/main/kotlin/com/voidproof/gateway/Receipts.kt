package com.voidproof.gateway

enum class Align { LEFT, CENTER, RIGHT }

enum class Size { SMALL, NORMAL, LARGE }

enum class LineKind {
    TEXT,

    /** Label and value, separated by one tab: the label stands left, the value right. */
    PAIR,
    RULE, BLANK, QR, BARCODE,

    /** Tear here. */
    CUT,
}

/** One line of a slip, for screen and printer alike. */
data class ReceiptLine(val text: String, val align: Align, val size: Size, val kind: LineKind)

enum class Copy { MERCHANT, CUSTOMER }

sealed interface ReceiptOf {
    val copy: Copy

    data class OfSale(val sale: String, override val copy: Copy) : ReceiptOf

    data class OfUndo(val undo: String, override val copy: Copy) : ReceiptOf

    data class OfSettlement(val batch: String, override val copy: Copy) : ReceiptOf
}
