package com.voidproof.app.unit

import com.voidproof.app.core.Route
import com.voidproof.gateway.Copy
import com.voidproof.gateway.Rail
import com.voidproof.gateway.ReceiptOf
import org.junit.Assert.assertEquals
import org.junit.Assert.assertNull
import org.junit.Test

class RouteTest {
    @Test
    fun `every route comes back from its text`() {
        val routes = listOf(
            Route.Home, Route.LogOn, Route.Queue, Route.Records, Route.More, Route.Language, Route.About, Route.SelfCheck, Route.Settlement,
            Route.Operators, Route.Report, Route.Line, Route.SetUp, Route.Broken, Route.Opening,
            Route.Restored, Route.ImportKeys, Route.Evidence("s1"), Route.ByReference("r1"),
            Route.Decide(Route.Decide.Of.SALE, "s1"), Route.Decide(Route.Decide.Of.OWED, "o1"),
            Route.Preauths, Route.Preauth("s1"), Route.HoldAmount(null), Route.HoldAmount("s1"), Route.CompleteAmount("s1"),
            Route.Hold(1, "r1", null), Route.Hold(1, "r1", "s1"), Route.Complete("s1", 2, "r2", advice = true),
            Route.Pay(12_800, "r1"), Route.SaleResult("s1"), Route.SaleResult("s1", signs = true),
            Route.Pick(true), Route.Pick(false), Route.ConfirmVoid("s1", "r2"),
            Route.ConfirmRefund("s1", "r3"), Route.Progress("u1"), Route.Owed("o1"), Route.Record("s1"), Route.Explain("net.DOWN", null),
            Route.Explain("12", Rail.UNIONPAY), Route.Slip(ReceiptOf.OfSale("s1", Copy.CUSTOMER)),
            Route.Slip(ReceiptOf.OfUndo("u1", Copy.MERCHANT)), Route.Slip(ReceiptOf.OfSettlement("000001", Copy.MERCHANT)),
        )
        assertEquals(routes, routes.map { Route.decode(Route.encode(it)) })
    }

    @Test
    fun `what was never written gives nothing`() {
        listOf("", "Pay", "Pay|x|r", "Pay|1|r|more", "Hold|x|r|", "Decide|SHIP|s1",
            "Complete|s|x|r|true", "Slip|sale|s1|NOBODY", "Slip|ship|s1|CUSTOMER", "Nowhere").forEach {
            assertNull(it, Route.decode(it))
        }
    }
}
