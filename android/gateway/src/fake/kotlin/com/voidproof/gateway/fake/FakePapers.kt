package com.voidproof.gateway.fake

import com.voidproof.gateway.Cause
import com.voidproof.gateway.CauseCount
import com.voidproof.gateway.CodeCount
import com.voidproof.gateway.Evidence
import com.voidproof.gateway.EvidenceFile
import com.voidproof.gateway.Papers
import com.voidproof.gateway.Rail
import com.voidproof.gateway.Report
import com.voidproof.gateway.Sale
import com.voidproof.gateway.SaleKind
import com.voidproof.gateway.SaleStatus
import com.voidproof.gateway.Total

internal class FakePapers(private val desk: FakeDesk) : Papers {
    private val shop = desk.shop

    override suspend fun evidence(sale: String): Evidence = desk.asked("evidence") {
        val found = shop.sale(sale)
        val text = listOf(
            shop.words("交易证据", "Evidence about a sale"),
            shop.words("商户 898310048140001  终端 10000001", "merchant 898310048140001  terminal 10000001"),
            shop.words("凭证号 ", "voucher ") + found.voucher + "  ¥" + yuan(found.amount),
            "2026-11-24T14:41:07+08:00  0200 sale  000001:${found.voucher}  answered  00",
            "    9f1c0e77a2b4",
            shop.words("账本校验完好。", "The ledger checks as sound."),
        )
        val json = "{\"sale\":\"$sale\"}".toByteArray()
        val files = listOf(
            EvidenceFile("evidence-$sale.json", "application/json", json),
            EvidenceFile("evidence-$sale.txt", "text/plain", text.joinToString("\n").toByteArray()),
        )
        Evidence(sale, sound = true, text, files)
    }

    override suspend fun report(day: String?): Report = desk.asked("report") {
        val all = shop.sales.keys.map(shop::sale)
        val money = all.filter { it.kind != SaleKind.PREAUTH }
        fun of(status: SaleStatus) = total(money.filter { it.status == status })
        val given = money.filter { it.status == SaleStatus.REFUNDED || it.status == SaleStatus.PARTLY_REFUNDED }
        val failed = all.count { it.status == SaleStatus.DECLINED }
        Report(
            day = day ?: "2026-11-24",
            taken = total(money.filter { it.net != null && it.status !in listOf(SaleStatus.DECLINED, SaleStatus.NOT_SENT, SaleStatus.REVERSED) }),
            voided = of(SaleStatus.VOIDED),
            refunded = Total(given.size, given.sumOf { it.amount - (it.net ?: 0) }),
            held = total(all.filter { it.status == SaleStatus.HELD }),
            declined = of(SaleStatus.DECLINED),
            reversed = of(SaleStatus.REVERSED),
            unknown = total(money.filter { it.net == null }),
            net = money.sumOf { it.net ?: 0 },
            owed = shop.queue().size,
            causes = if (failed == 0) emptyList() else listOf(CauseCount(Cause.LIMITS, failed)),
            codes = if (failed == 0) emptyList() else listOf(CodeCount(Rail.UNIONPAY, "51", failed)),
            advice = if (failed == 0) null else shop.words("多数失败是余额不足。", "Most failures are empty cards."),
        )
    }

    private fun total(sales: List<Sale>) = Total(sales.size, sales.sumOf { it.amount })
}
