package com.voidproof.gateway.fake

import com.voidproof.gateway.Align
import com.voidproof.gateway.LineKind
import com.voidproof.gateway.ReceiptLine
import com.voidproof.gateway.ReceiptOf
import com.voidproof.gateway.SaleKind
import com.voidproof.gateway.SaleRecord
import com.voidproof.gateway.Size
import com.voidproof.gateway.TimelineEntry
import com.voidproof.gateway.TimelineKind
import com.voidproof.gateway.UndoStatus
import com.voidproof.gateway.UndoSummary

internal fun FakeShop.record(id: String): SaleRecord {
    val sale = sale(id)
    val undos = this.undos.values.filter { it.sale.id == id }
    val timeline = arrayListOf(
        TimelineEntry(sale.at, TimelineKind.SALE_RECORDED, here, sale.voucher, null, null),
        TimelineEntry(sale.at + 1_000, TimelineKind.SALE_SENT, null, sale.voucher, null, null),
        TimelineEntry(sale.at + 2_000, TimelineKind.SALE_APPROVED, null, sale.voucher, "00", null),
    )
    undos.forEach { undo ->
        timeline += TimelineEntry(undo.recordedAt, TimelineKind.UNDO_RECORDED, here, undo.trace, null, null)
        if (undo.status == UndoStatus.QUEUED) timeline += TimelineEntry(now, TimelineKind.UNDO_QUEUED, null, undo.trace, null, null)
        if (undo.status == UndoStatus.VOIDED) timeline += TimelineEntry(now, TimelineKind.UNDO_CONFIRMED, null, undo.trace, "00", null)
    }
    val summaries = undos.map { UndoSummary(it.id, it.kind, it.status, it.amount) }
    return SaleRecord(sale, summaries, timeline, sale.parent?.let(::sale), children(id))
}

internal fun FakeShop.receipt(of: ReceiptOf): List<ReceiptLine> {
    val lines = arrayListOf(
        ReceiptLine(merchant, Align.CENTER, Size.LARGE, LineKind.TEXT),
        ReceiptLine(title(of) + " · " + of.copy.name.lowercase(), Align.CENTER, Size.SMALL, LineKind.TEXT),
        ReceiptLine("", Align.LEFT, Size.NORMAL, LineKind.RULE),
    )
    fun pair(label: String, value: String) {
        lines += ReceiptLine("$label\t$value", Align.LEFT, Size.NORMAL, LineKind.PAIR)
    }
    pair(words("商户号", "Merchant"), "898310048140001")
    pair(words("终端号", "Terminal"), "10000001")
    when (of) {
        is ReceiptOf.OfSale -> sale(of.sale).let { sale ->
            pair(words("卡号", "Card"), "**** " + sale.lastFour.orEmpty())
            pair(words("凭证号", "Voucher"), sale.voucher.orEmpty())
            lines += ReceiptLine("¥" + yuan(sale.amount), Align.RIGHT, Size.LARGE, LineKind.TEXT)
        }
        is ReceiptOf.OfUndo -> undo(of.undo).let { undo ->
            val proven = undo.status == UndoStatus.VOIDED
            lines += ReceiptLine(
                if (proven) words("撤销成功", "Voided") else words("已登记 · 未完成", "Registered, not complete"),
                Align.CENTER, Size.LARGE, LineKind.TEXT,
            )
            pair(words("原凭证号", "Original"), undo.sale.voucher.orEmpty())
            lines += ReceiptLine("¥" + yuan(undo.amount), Align.RIGHT, Size.LARGE, LineKind.TEXT)
        }
        is ReceiptOf.OfSettlement -> pair(words("批次", "Batch"), of.batch)
    }
    lines += ReceiptLine("", Align.LEFT, Size.NORMAL, LineKind.RULE)
    lines += ReceiptLine(words("请保留此凭条", "Please keep this slip"), Align.CENTER, Size.SMALL, LineKind.TEXT)
    return lines
}

private fun FakeShop.title(of: ReceiptOf) = when ((of as? ReceiptOf.OfSale)?.let { sale(it.sale).kind }) {
    SaleKind.PREAUTH -> words("预授权单", "Pre-authorisation slip")
    SaleKind.COMPLETION -> words("预授权完成单", "Completion slip")
    else -> words("签购单", "Sales slip")
}
