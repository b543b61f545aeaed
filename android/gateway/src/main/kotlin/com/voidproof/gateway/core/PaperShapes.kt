package com.voidproof.gateway.core

import com.voidproof.gateway.Align
import com.voidproof.gateway.CauseCount
import com.voidproof.gateway.CodeCount
import com.voidproof.gateway.Evidence
import com.voidproof.gateway.EvidenceFile
import com.voidproof.gateway.LineKind
import com.voidproof.gateway.Preauth
import com.voidproof.gateway.PreauthPage
import com.voidproof.gateway.ReceiptLine
import com.voidproof.gateway.ReceiptOf
import com.voidproof.gateway.Report
import com.voidproof.gateway.Sale
import com.voidproof.gateway.Settlement
import com.voidproof.gateway.Total
import com.voidproof.gateway.Undo
import com.voidproof.core.Align as CoreAlign
import com.voidproof.core.Evidence as CoreEvidence
import com.voidproof.core.Line as CoreLine
import com.voidproof.core.LineKind as CoreLineKind
import com.voidproof.core.Preauth as CorePreauth
import com.voidproof.core.PreauthPage as CorePreauthPage
import com.voidproof.core.Report as CoreReport
import com.voidproof.core.Settlement as CoreSettlement
import com.voidproof.core.SlipOf as CoreSlipOf
import com.voidproof.core.Total as CoreTotal

internal fun raw(of: ReceiptOf): CoreSlipOf = when (of) {
    is ReceiptOf.OfSale -> CoreSlipOf.Sale(of.sale)
    is ReceiptOf.OfUndo -> CoreSlipOf.Undo(of.undo)
    is ReceiptOf.OfSettlement -> CoreSlipOf.Settlement(of.batch)
}

internal fun shape(line: CoreLine): ReceiptLine {
    val kind = when (line.kind) {
        CoreLineKind.TEXT -> if (line.align == CoreAlign.SPREAD) LineKind.PAIR else LineKind.TEXT
        CoreLineKind.RULE -> LineKind.RULE
        CoreLineKind.QR -> LineKind.QR
        CoreLineKind.BARCODE -> LineKind.BARCODE
        CoreLineKind.CUT -> LineKind.CUT
    }
    val align = if (line.align == CoreAlign.CENTRE) Align.CENTER else Align.LEFT
    return ReceiptLine(line.text, align, same(line.size), kind)
}

internal fun shape(it: CorePreauth): Preauth = Preauth(
    shape(it.sale), it.additions.map(::shape), it.held, it.mostToTake, it.completion?.let(::shape), it.blocked?.let(::shape),
)

internal fun shape(it: CorePreauthPage): PreauthPage = PreauthPage(it.preauths.map(::shape), it.next)

internal fun shape(it: CoreEvidence): Evidence =
    Evidence(it.sale, it.sound, it.text, it.files.map { file -> EvidenceFile(file.name, file.mediaType, file.bytes) })

internal fun shape(it: CoreReport): Report = Report(
    day = it.day,
    taken = shape(it.taken),
    voided = shape(it.voided),
    refunded = shape(it.refunded),
    held = shape(it.held),
    declined = shape(it.declined),
    reversed = shape(it.reversed),
    unknown = shape(it.unknown),
    net = it.net,
    owed = it.owed.toInt(),
    causes = it.causes.map { cause -> CauseCount(same(cause.cause), cause.count.toInt()) },
    codes = it.codes.map { code -> CodeCount(code.rail?.let(::shape), code.code, code.count.toInt()) },
    advice = it.advice,
)

private fun shape(it: CoreTotal): Total = Total(it.count.toInt(), it.amount)

internal fun shape(it: CoreSettlement): Settlement = Settlement(
    batch = it.batch,
    phase = same(it.phase),
    taken = shape(it.taken),
    returned = shape(it.returned),
    uploaded = it.uploaded.toInt(),
    open = it.open.map(::shape),
    cleared = it.cleared.map(::shape),
    result = it.result?.let { result -> same(result) },
    explanation = it.explanation?.let(::shape),
)
