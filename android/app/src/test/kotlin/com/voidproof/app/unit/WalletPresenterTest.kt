package com.voidproof.app.unit

import com.voidproof.app.Drive
import com.voidproof.app.core.Effect
import com.voidproof.app.core.Route
import com.voidproof.app.day
import com.voidproof.app.device.Scan
import com.voidproof.app.screens.pay.PayMessage
import com.voidproof.app.screens.pay.PayPresenter
import com.voidproof.app.screens.pay.PayState
import com.voidproof.app.screens.pay.PayWay
import com.voidproof.app.screens.pay.SaleResultMessage
import com.voidproof.app.screens.pay.SaleResultPresenter
import com.voidproof.app.screens.undo.PickFor
import com.voidproof.app.screens.undo.PickMessage
import com.voidproof.app.screens.undo.PickPresenter
import com.voidproof.gateway.CodeKind
import com.voidproof.gateway.Failure
import com.voidproof.gateway.PaymentStage
import com.voidproof.gateway.Rail
import com.voidproof.gateway.SaleStatus
import com.voidproof.gateway.Secret
import com.voidproof.gateway.fake.FakeGateway
import com.voidproof.gateway.fake.FakeGateway.Answer
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertNotNull
import org.junit.Assert.assertNull
import org.junit.Assert.assertTrue
import org.junit.Test

class WalletPresenterTest {
    private val gateway = FakeGateway.ready()
    private val wechat get() = Secret("134567890123456789")

    private fun pay() = Drive(PayPresenter(Route.Pay(3_650, "request")), gateway).show().send(PayMessage.Choose(PayWay.CODE))

    /** A payment by code that has come to [stage], and its screen. */
    private fun at(stage: PaymentStage): Drive<*, SaleResultMessage> {
        gateway.answers += Answer.LATER
        pay().send(PayMessage.Code(wechat))
        val id = gateway.shop.sales.keys.last()
        gateway.stage(id, stage)
        gateway.commands.clear()
        return Drive(SaleResultPresenter(id) { "id" }, gateway).show()
    }

    private val sale get() = gateway.shop.sales.values.last()

    @Test
    fun `the rail is told while the code is typed, and a short one is not judged`() {
        val drive = pay().send(PayMessage.Typing(Secret("1345678")))
        assertNull(drive.state.code)
        drive.send(PayMessage.Typing(wechat))
        assertEquals(CodeKind.Pays(Rail.WECHAT), drive.state.code)
        drive.send(PayMessage.Typing(Secret("https://qr.example/pay")))
        assertTrue(drive.state.code is CodeKind.Other)
        assertEquals(emptyList<String>(), gateway.commands)
    }

    @Test
    fun `what is typed and scanned is wiped`() {
        val typed = Secret("1345678")
        val long = wechat
        val sold = wechat
        pay().send(PayMessage.Typing(typed)).send(PayMessage.Typing(long)).send(PayMessage.Code(sold))
        listOf(typed, long, sold).forEach { secret -> assertTrue(secret.reveal { all -> all.all { it == '\u0000' } }) }
    }

    @Test
    fun `a shop's own code is explained and nothing is sold`() {
        val drive = pay().send(PayMessage.Code(Secret("999999999999999999")))
        assertTrue(drive.state.code is CodeKind.Other)
        assertFalse(drive.state.sending)
        assertEquals(emptyList<String>(), gateway.commands)
        drive.send(PayMessage.Code(wechat))
        assertEquals(listOf("sell"), gateway.commands)
    }

    @Test
    fun `an answer about older digits does not free the button while the core is asked`() {
        val drive = pay()
        drive.held = true
        drive.send(PayMessage.Typing(wechat)).send(PayMessage.Code(wechat))
        drive.send(PayMessage.Recognised(CodeKind.Pays(Rail.WECHAT)))
        assertTrue(drive.state.sending)
        drive.send(PayMessage.Code(wechat))
        drive.release()
        assertEquals(listOf("sell"), gateway.commands)
    }

    @Test
    fun `a scanned code is sold to once, and a terminal without a scanner asks for digits`() {
        val drive = pay()
        assertEquals(PayState.Scanner.WAITING, drive.state.scanner)
        drive.send(PayMessage.NoScanner(absent = true))
        assertEquals(PayState.Scanner.ABSENT, drive.state.scanner)
        drive.held = true
        drive.send(PayMessage.Scanned(Scan.Code(wechat))).send(PayMessage.Scanned(Scan.Code(wechat)))
        drive.release()
        assertEquals(listOf("sell"), gateway.commands)
    }

    @Test
    fun `a code is shown for the rail that was tapped, once, and drawn`() {
        val drive = Drive(PayPresenter(Route.Pay(3_650, "request")), gateway).show().send(PayMessage.Choose(PayWay.SHOW))
        assertEquals(Rail.values().toSet(), drive.state.rails)
        gateway.answers += Answer.LATER
        drive.held = true
        drive.send(PayMessage.Show(Rail.ALIPAY)).send(PayMessage.Show(Rail.ALIPAY))
        drive.release()
        assertEquals(listOf("sell"), gateway.commands)
        val result = Drive(SaleResultPresenter(sale.id) { "id" }, gateway).show()
        assertEquals(Rail.ALIPAY, result.state.sale?.rail)
        assertNotNull(result.state.modules)
    }

    @Test
    fun `back leaves no payment that the customer may still make`() {
        for (stage in listOf(PaymentStage.ASKING, PaymentStage.CUSTOMER_PASSWORD, PaymentStage.CUSTOMER_SCANS)) {
            val drive = at(stage)
            drive.back()
            assertFalse(stage.name, drive.wanted.any { it is Effect.Reset || it is Effect.Back })
        }
        val drive = at(PaymentStage.LOOKING_UP).back()
        assertTrue(drive.wanted.last() is Effect.Reset)
    }

    @Test
    fun `a payment is taken back only after it was asked once more, and once`() {
        val drive = at(PaymentStage.LOOKING_UP).send(SaleResultMessage.GiveUp)
        assertEquals("not asked yet", emptyList<String>(), gateway.commands)
        drive.send(SaleResultMessage.TakeBack).back()
        drive.send(SaleResultMessage.GiveUp)
        assertEquals("asked, and let go on", emptyList<String>(), gateway.commands)
        drive.send(SaleResultMessage.TakeBack)
        drive.held = true
        drive.send(SaleResultMessage.GiveUp).send(SaleResultMessage.GiveUp)
        drive.release()
        assertEquals(listOf("giveUpSale"), gateway.commands)
    }

    @Test
    fun `goods handed over before the taking back need a supervisor`() {
        val drive = at(PaymentStage.TAKING_BACK).send(SaleResultMessage.HandedOver)
        assertEquals(emptyList<String>(), gateway.commands)
        drive.send(SaleResultMessage.Approve(Secret("135790")))
        assertEquals(PaymentStage.TAKING_BACK, sale.payment?.stage)
        drive.send(SaleResultMessage.HandedOver).send(SaleResultMessage.Approve(Secret("000000")))
        drive.send(SaleResultMessage.Approve(Secret("246810")))
        assertEquals(3, gateway.commands.count { it == "handedOver" })
        assertEquals(SaleStatus.APPROVED, sale.status)
    }

    @Test
    fun `what was paid late is kept or given back by whoever stands there`() {
        at(PaymentStage.PAID_LATE).send(SaleResultMessage.HandedOver)
        assertEquals(SaleStatus.APPROVED, sale.status)
        at(PaymentStage.PAID_LATE).send(SaleResultMessage.TakeBack).send(SaleResultMessage.GiveUp)
        assertEquals(listOf("giveUpSale"), gateway.commands)
    }

    @Test
    fun `a refusal stays on the screen that was refused`() {
        val drive = at(PaymentStage.LOOKING_UP).send(SaleResultMessage.TakeBack)
        gateway.failNext = Failure.Refused(gateway.shop.explain("local.ALREADY_SENDING", Rail.WECHAT))
        drive.send(SaleResultMessage.GiveUp)
        assertTrue((drive.state as com.voidproof.app.screens.pay.SaleResultState).failure is Failure.Refused)
    }

    @Test
    fun `records are shown by rail, looking further back for the first of it`() {
        gateway.day()
        val drive = Drive(PickPresenter(PickFor.RECORD, canRefund = true) { "id" }, gateway).show()
        assertEquals(3, drive.state.rails.size)
        drive.send(PickMessage.OnRail(Rail.ALIPAY))
        assertEquals(listOf(880L), drive.state.shown.map { it.amount })
        drive.send(PickMessage.OnRail(null))
        assertEquals(5, drive.state.shown.size)
    }
}
