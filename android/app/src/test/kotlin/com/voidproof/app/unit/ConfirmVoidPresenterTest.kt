package com.voidproof.app.unit

import com.voidproof.app.Drive
import com.voidproof.app.core.Effect
import com.voidproof.app.core.Route
import com.voidproof.app.day
import com.voidproof.app.screens.undo.ConfirmVoidMessage
import com.voidproof.app.screens.undo.ConfirmVoidPresenter
import com.voidproof.gateway.Failure
import com.voidproof.gateway.Secret
import com.voidproof.gateway.UndoReason
import com.voidproof.gateway.fake.FakeGateway
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertNotNull
import org.junit.Assert.assertNull
import org.junit.Assert.assertTrue
import org.junit.Test

class ConfirmVoidPresenterTest {
    private val gateway = FakeGateway.ready().apply {
        day()
        commands.clear()
    }
    private val sale = gateway.shop.sales.keys.last()
    private val route = Route.ConfirmVoid(sale, "request")

    private fun drive() = Drive(ConfirmVoidPresenter(route) { "other" }, gateway)

    private fun approve(pin: String) = ConfirmVoidMessage.Approve(Secret(pin))

    @Test
    fun `above the limit nothing is recorded without a supervisor`() {
        val drive = drive().show().send(ConfirmVoidMessage.Confirm)
        assertEquals("00", drive.state.approving?.chosen)
        assertEquals(emptyList<String>(), gateway.commands)
        drive.send(approve("111111"))
        assertEquals(1, drive.state.approving?.tries)
        assertEquals(2, drive.state.approving?.attemptsLeft)
        assertFalse(drive.state.sending)
        assertTrue(gateway.shop.undos.keys.none { gateway.shop.undos.getValue(it).sale.id == sale })
        drive.send(approve("246810"))
        assertTrue(drive.wanted.last() is Effect.Reset)
    }

    @Test
    fun `a second tap records nothing`() {
        gateway.shop.limit = 1_000_000
        val drive = drive().show()
        drive.held = true
        drive.send(ConfirmVoidMessage.Confirm).send(ConfirmVoidMessage.Confirm)
        drive.release()
        assertEquals(listOf("voidSale"), gateway.commands)
    }

    @Test
    fun `while it is being recorded neither reason nor way back change anything`() {
        gateway.shop.limit = 1_000_000
        val drive = drive().show()
        drive.held = true
        drive.send(ConfirmVoidMessage.Confirm)
        val sending = drive.state
        drive.send(ConfirmVoidMessage.Choose(UndoReason.OTHER)).back()
        assertEquals(sending, drive.state)
        assertFalse(Effect.Back in drive.wanted)
    }

    @Test
    fun `a void recorded before a crash is shown, not recorded again`() {
        gateway.shop.limit = 1_000_000
        drive().show().send(ConfirmVoidMessage.Confirm)
        val again = drive().show()
        assertTrue((again.wanted.single() as Effect.Reset).route is Route.Progress)
        assertEquals(listOf("voidSale"), gateway.commands)
    }

    @Test
    fun `a blocked void cannot be confirmed, and a refund is a new order`() {
        gateway.shop.blocked = gateway.shop.tooLate()
        val drive = drive().show().send(ConfirmVoidMessage.Confirm)
        assertNotNull(drive.state.preview?.blocked)
        assertEquals(emptyList<String>(), gateway.commands)
        drive.send(ConfirmVoidMessage.RefundInstead)
        assertEquals(Effect.Replace(Route.ConfirmRefund(sale, "other")), drive.wanted.last())
    }

    @Test
    fun `a failure leaves the question as it was`() {
        gateway.shop.limit = 1_000_000
        val drive = drive().show()
        gateway.failNext = Failure.DiskFull
        drive.send(ConfirmVoidMessage.Confirm)
        assertEquals(Failure.DiskFull, drive.state.failure)
        assertFalse(drive.state.sending)
    }

    @Test
    fun `the PIN is wiped whether it was right or wrong`() {
        for (pin in listOf("111111", "246810")) {
            val message = approve(pin)
            drive().show().send(ConfirmVoidMessage.Confirm).send(message)
            assertTrue(message.pin.reveal { digits -> digits.all { it == '\u0000' } })
        }
    }

    @Test
    fun `back from the supervisor's question goes to the question before`() {
        val drive = drive().show().send(ConfirmVoidMessage.Confirm).back()
        assertNull(drive.state.approving)
        assertFalse(Effect.Back in drive.wanted)
    }

    @Test
    fun `a process that dies keeps the reason`() {
        val drive = drive().show().send(ConfirmVoidMessage.Choose(UndoReason.CHARGED_TWICE))
        val presenter = ConfirmVoidPresenter(route) { "x" }
        assertEquals(UndoReason.CHARGED_TWICE, presenter.restored(presenter.save(drive.state)).reason)
        assertEquals(UndoReason.CUSTOMER_RETURNS, presenter.restored("nonsense").reason)
    }
}
