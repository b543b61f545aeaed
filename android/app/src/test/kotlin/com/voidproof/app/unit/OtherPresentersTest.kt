package com.voidproof.app.unit

import com.voidproof.app.Drive
import com.voidproof.app.core.Effect
import com.voidproof.app.core.Route
import com.voidproof.app.cleared
import com.voidproof.app.day
import com.voidproof.app.device.PrintResult
import com.voidproof.app.queued
import com.voidproof.app.screens.home.HomeMessage
import com.voidproof.app.screens.home.HomePresenter
import com.voidproof.app.screens.more.OperatorsMessage
import com.voidproof.app.screens.more.OperatorsPresenter
import com.voidproof.app.screens.owed.QueueMessage
import com.voidproof.app.screens.owed.QueuePresenter
import com.voidproof.app.screens.owed.SettlementMessage
import com.voidproof.app.screens.owed.SettlementPresenter
import com.voidproof.app.screens.pay.SaleResultMessage
import com.voidproof.app.screens.pay.SaleResultPresenter
import com.voidproof.app.screens.start.LogOnMessage
import com.voidproof.app.screens.start.LogOnPresenter
import com.voidproof.app.screens.undo.PickFor
import com.voidproof.app.screens.undo.PickMessage
import com.voidproof.app.screens.undo.PickPresenter
import com.voidproof.app.screens.undo.RefundMessage
import com.voidproof.app.screens.undo.RefundPresenter
import com.voidproof.gateway.Copy
import com.voidproof.gateway.ReceiptOf
import com.voidproof.gateway.Role
import com.voidproof.gateway.SalePage
import com.voidproof.gateway.SaleStatus
import com.voidproof.gateway.Secret
import com.voidproof.gateway.SettlementResult
import com.voidproof.gateway.fake.FakeGateway
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertTrue
import org.junit.Test

class OtherPresentersTest {
    private val gateway = FakeGateway.ready().apply { day() }

    @Test
    fun `nothing is charged for nothing, and an amount is charged once`() {
        var ids = 0
        val drive = Drive(HomePresenter { "id${++ids}" }, gateway).show().send(HomeMessage.Charge)
        assertEquals(emptyList<Any>(), drive.wanted)
        drive.send(HomeMessage.Digit('5')).send(HomeMessage.Charge).send(HomeMessage.Charge)
        assertEquals(listOf<Effect<*>>(Effect.Go(Route.Pay(500, "id1"))), drive.wanted)
    }

    @Test
    fun `the search shows answers to what stands in the field only`() {
        val drive = Drive(PickPresenter(PickFor.VOID, canRefund = true) { "id" }, gateway).show()
        assertEquals(5, drive.state.sales.size)
        drive.send(PickMessage.Search("0217"))
        assertEquals(listOf("0217"), drive.state.sales.map { it.lastFour })
        drive.send(PickMessage.Loaded("older search", SalePage(emptyList(), null), more = false, readAt = 0))
        assertEquals(1, drive.state.sales.size)
        drive.send(PickMessage.Search("260.00"))
        assertEquals(listOf(26_000L), drive.state.sales.map { it.amount })
    }

    @Test
    fun `a tap on a sale leads to what can be done with it`() {
        val drive = Drive(PickPresenter(PickFor.VOID, canRefund = true) { "id" }, gateway).show()
        val (newest, _, _, voided, settled) = drive.state.sales
        drive.send(PickMessage.Choose(newest)).send(PickMessage.Choose(voided)).send(PickMessage.Choose(settled))
        assertEquals(
            listOf<Effect<*>>(
                Effect.Go(Route.ConfirmVoid(newest.id, "id")),
                Effect.Go(Route.Record(voided.id)),
                Effect.Go(Route.ConfirmRefund(settled.id, "id")),
            ),
            drive.wanted,
        )
    }

    @Test
    fun `a payment under way is not left by the back button`() {
        val sale = gateway.shop.sales.keys.last()
        gateway.shop.sales[sale] = gateway.shop.sales.getValue(sale).copy(status = SaleStatus.SENDING)
        val drive = Drive(SaleResultPresenter(sale) { "id" }, gateway).show().back()
        assertTrue(drive.state.stay)
        assertFalse(drive.wanted.any { it is Effect.Reset || it is Effect.Back })
        gateway.shop.answer(sale, SaleStatus.UNKNOWN)
        drive.show().back()
        assertTrue(drive.wanted.last() is Effect.Reset)
    }

    @Test
    fun `a slip to be signed is the shop's and comes first, and what came out is not printed again`() {
        val sale = gateway.shop.sales.keys.last()
        val drive = Drive(SaleResultPresenter(sale, signs = true) { "id" }, gateway).show()
        drive.send(SaleResultMessage.Slip)
        assertEquals(Effect.Go(Route.Slip(ReceiptOf.OfSale(sale, Copy.MERCHANT))), drive.wanted.last())
        val printer = drive.devices.printer!!
        printer.result = PrintResult.PAPER_OUT
        drive.send(SaleResultMessage.Print)
        assertEquals(listOf(Copy.MERCHANT, Copy.CUSTOMER), drive.state.copies)
        printer.result = PrintResult.PRINTED
        printer.slips.clear()
        drive.send(SaleResultMessage.Print)
        assertEquals(2, printer.slips.size)
        drive.send(SaleResultMessage.Printed(PrintResult.PAPER_OUT, listOf(Copy.CUSTOMER))).send(SaleResultMessage.Print)
        assertEquals(3, printer.slips.size)
    }

    @Test
    fun `an unknown sale is taken back once`() {
        val sale = gateway.shop.sales.keys.last()
        gateway.shop.answer(sale, SaleStatus.UNKNOWN)
        gateway.commands.clear()
        val drive = Drive(SaleResultPresenter(sale) { "id" }, gateway).show()
        drive.held = true
        drive.send(SaleResultMessage.TakeBack).send(SaleResultMessage.GiveUp).send(SaleResultMessage.GiveUp)
        drive.release()
        assertEquals(listOf("giveUpSale"), gateway.commands)
        assertEquals(SaleStatus.REVERSED, drive.state.sale?.status)
    }

    @Test
    fun `a part of a sale is refunded only up to what is left`() {
        val sale = gateway.shop.sales.keys.last()
        gateway.commands.clear()
        val drive = Drive(RefundPresenter(Route.ConfirmRefund(sale, "r")), gateway).show().send(RefundMessage.Part)
        assertTrue(drive.state.amountWrong)
        "129".forEach { drive.send(RefundMessage.Digit(it)) }
        assertTrue(drive.state.amountWrong)
        drive.send(RefundMessage.Confirm)
        assertEquals(emptyList<String>(), gateway.commands)
        drive.send(RefundMessage.Erase).send(RefundMessage.Confirm).send(RefundMessage.Approve(Secret("246810")))
        assertEquals(1_200L, gateway.shop.undos.values.last().amount)
    }

    @Test
    fun `retrying all is asked for once at a time`() {
        val waiting = FakeGateway.ready().apply { queued() }
        val drive = Drive(QueuePresenter(), waiting).show()
        waiting.commands.clear()
        drive.held = true
        drive.send(QueueMessage.RetryAll).send(QueueMessage.RetryAll)
        drive.release()
        assertEquals(listOf("retryAll"), waiting.commands)
    }

    @Test
    fun `a settlement with something open is not a settlement`() {
        val waiting = FakeGateway.ready().apply { queued() }
        val drive = Drive(SettlementPresenter(), waiting).show().send(SettlementMessage.Settle)
        assertEquals(SettlementResult.BLOCKED, drive.state.settlement?.result)
        assertEquals(2, drive.state.settlement?.open?.size)
    }

    @Test
    fun `each settlement tells what was cleared, and opens its record`() {
        val shop = FakeGateway.ready().apply { cleared() }
        val drive = Drive(SettlementPresenter(), shop).show().send(SettlementMessage.Settle)
        assertEquals("it stops nothing", SettlementResult.BALANCED, drive.state.settlement?.result)
        val item = drive.state.settlement!!.cleared.single()
        assertEquals(12_800L, item.amount)
        drive.send(SettlementMessage.Look(item))
        assertEquals(Route.Record(shop.shop.sales.keys.last()), drive.wanted.filterIsInstance<Effect.Go>().last().route)
    }

    @Test
    fun `a settlement goes on without what a supervisor chose item by item, and only then`() {
        val waiting = FakeGateway.ready().apply { queued() }
        val drive = Drive(SettlementPresenter(), waiting).show().send(SettlementMessage.PassOver)
        assertEquals("nothing tried yet", null, drive.state.passing)
        drive.send(SettlementMessage.Settle).send(SettlementMessage.PassOver).send(SettlementMessage.GoOn)
        assertEquals("nothing chosen", null, drive.state.approving)
        val (first, second) = drive.state.inTheWay.map { it.id }
        waiting.commands.clear()
        drive.send(SettlementMessage.Toggle(first)).send(SettlementMessage.GoOn).send(SettlementMessage.Approve(Secret("000000")))
        drive.send(SettlementMessage.Approve(Secret("246810")))
        assertEquals("the other still stops it", SettlementResult.BLOCKED, drive.state.settlement?.result)
        drive.send(SettlementMessage.PassOver).send(SettlementMessage.Toggle(first)).send(SettlementMessage.Toggle(second))
            .send(SettlementMessage.Toggle(first)).send(SettlementMessage.Toggle(first)).send(SettlementMessage.GoOn)
        drive.held = true
        drive.send(SettlementMessage.Approve(Secret("246810"))).send(SettlementMessage.Approve(Secret("246810")))
        drive.release()
        assertEquals(3, waiting.commands.count { it == "settle" })
        assertEquals(SettlementResult.BALANCED, drive.state.settlement?.result)
    }

    @Test
    fun `a wrong PIN at the log-on empties the field and says how often it can be tried`() {
        val drive = Drive(LogOnPresenter(), gateway).show().send(LogOnMessage.Choose("01")).send(LogOnMessage.Enter(Secret("000000")))
        assertEquals(1, drive.state.tries)
        drive.send(LogOnMessage.Enter(Secret("135790")))
        assertEquals(Effect.Reset(), drive.wanted.last())
    }

    @Test
    fun `an operator is added only with a supervisor's consent`() {
        gateway.commands.clear()
        val pin = Secret("975318")
        val drive = Drive(OperatorsPresenter(), gateway).show().send(OperatorsMessage.Add)
            .send(OperatorsMessage.Save("00", "x", Secret("975318"), Secret("975318")))
        assertTrue(drive.state.numberWrong)
        drive.send(OperatorsMessage.Play(Role.CASHIER)).send(OperatorsMessage.Save("02", "小张", pin, Secret("975318")))
        assertEquals(emptyList<String>(), gateway.commands)
        drive.send(OperatorsMessage.Approve(Secret("111111"))).send(OperatorsMessage.Approve(Secret("246810")))
        assertEquals(listOf("00", "01", "02"), drive.state.operators.map { it.number })
        assertTrue("wiped", pin.reveal { digits -> digits.all { it == '\u0000' } })
    }
}
