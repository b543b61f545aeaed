package com.voidproof.app.unit

import com.voidproof.app.Drive
import com.voidproof.app.core.Effect
import com.voidproof.app.core.Route
import com.voidproof.app.core.Told
import com.voidproof.app.day
import com.voidproof.app.device.PrintResult
import com.voidproof.app.device.Signal
import com.voidproof.app.screens.undo.ProgressMessage
import com.voidproof.app.screens.undo.ProgressPresenter
import com.voidproof.gateway.Change
import com.voidproof.gateway.Secret
import com.voidproof.gateway.UndoKind
import com.voidproof.gateway.UndoReason
import com.voidproof.gateway.UndoStatus
import com.voidproof.gateway.fake.FakeGateway
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertNotNull
import org.junit.Assert.assertNull
import org.junit.Assert.assertTrue
import org.junit.Test

class ProgressPresenterTest {
    private val gateway = FakeGateway.ready().apply {
        day()
        commands.clear()
    }
    private val undo = gateway.shop.newUndo("r", UndoKind.VOID, gateway.shop.sales.keys.last(), null, UndoReason.OTHER).id
    private val presenter = ProgressPresenter(undo) { "new" }
    private val drive = Drive(presenter, gateway)

    private fun at(status: UndoStatus) = drive.apply {
        gateway.shop.move(undo, status, null)
        show()
    }

    @Test
    fun `what is shown is what the core says, not what an event says`() {
        drive.show()
        drive.hear(Change.UndoChanged(undo, "s", UndoKind.VOID, UndoStatus.VOIDED, 1))
        assertEquals(UndoStatus.SENDING, drive.state.undo?.status)
        at(UndoStatus.VOIDED)
        assertEquals(UndoStatus.VOIDED, drive.state.undo?.status)
        assertEquals(Told(undo, "VOIDED"), presenter.tellsOf(drive.state))
    }

    @Test
    fun `each end is heard once, and unknown does not sound like refused`() {
        val sounds = UndoStatus.values().associateWith { status ->
            drive.wanted.clear()
            at(status).show()
            drive.wanted.filterIsInstance<Effect.Tell>().map { it.signal }
        }
        assertEquals(listOf(Signal.DONE), sounds[UndoStatus.VOIDED])
        assertEquals(listOf(Signal.OWED), sounds[UndoStatus.UNKNOWN])
        assertEquals(listOf(Signal.OWED), sounds[UndoStatus.QUEUED])
        assertEquals(listOf(Signal.REFUSED), sounds[UndoStatus.REFUSED])
    }

    @Test
    fun `an order above the limit is withdrawn only with consent`() {
        at(UndoStatus.QUEUED).send(ProgressMessage.WithdrawSurely)
        assertEquals("nothing before the question", emptyList<String>(), gateway.commands)
        drive.send(ProgressMessage.Withdraw).send(ProgressMessage.WithdrawSurely)
        assertNotNull(drive.state.approving)
        drive.send(ProgressMessage.Approve(Secret("000000")))
        assertEquals(1, drive.state.approving?.tries)
        assertEquals(UndoStatus.QUEUED, gateway.shop.undo(undo).status)
        drive.send(ProgressMessage.Approve(Secret("246810")))
        assertEquals(UndoStatus.WITHDRAWN, drive.state.undo?.status)
        assertNull(drive.state.approving)
    }

    @Test
    fun `the question to withdraw goes away when the order was sent meanwhile`() {
        at(UndoStatus.QUEUED).send(ProgressMessage.Withdraw)
        assertTrue(drive.state.withdrawing)
        at(UndoStatus.SENDING)
        assertFalse(drive.state.withdrawing)
        drive.send(ProgressMessage.WithdrawSurely)
        assertEquals(emptyList<String>(), gateway.commands)
    }

    @Test
    fun `what the core does not offer is not done`() {
        at(UndoStatus.UNKNOWN)
        listOf(ProgressMessage.Hold, ProgressMessage.Release, ProgressMessage.Withdraw, ProgressMessage.WithdrawSurely).forEach(drive::send)
        assertEquals(emptyList<String>(), gateway.commands)
    }

    @Test
    fun `a second tap on an action does nothing`() {
        at(UndoStatus.QUEUED)
        drive.held = true
        drive.send(ProgressMessage.Hold).send(ProgressMessage.Hold)
        drive.release()
        assertEquals(listOf("act HOLD"), gateway.commands)
    }

    @Test
    fun `a slip that came out ends the screen, one that did not says why and keeps it`() {
        drive.devices.printer!!.result = PrintResult.PAPER_OUT
        at(UndoStatus.VOIDED).send(ProgressMessage.Print)
        assertEquals(PrintResult.PAPER_OUT, drive.state.printed)
        assertFalse(drive.wanted.any { it is Effect.Reset })
        assertFalse("slipPrinted" in gateway.commands)
        drive.devices.printer!!.result = PrintResult.PRINTED
        drive.send(ProgressMessage.Print)
        assertTrue("slipPrinted" in gateway.commands)
        assertTrue(drive.wanted.last() is Effect.Reset)
    }

    @Test
    fun `a slip that may be out keeps the screen, and the next one is a copy`() {
        drive.devices.printer!!.result = PrintResult.UNSURE
        at(UndoStatus.VOIDED).send(ProgressMessage.Print)
        assertEquals(PrintResult.UNSURE, drive.state.printed)
        assertTrue("slipPrinted" in gateway.commands)
        assertFalse(drive.wanted.any { it is Effect.Reset })
    }

    @Test
    fun `a slip that a silent printer took ends the screen`() {
        drive.devices.printer!!.result = PrintResult.SENT
        at(UndoStatus.VOIDED).send(ProgressMessage.Print)
        assertTrue("slipPrinted" in gateway.commands)
        assertTrue(drive.wanted.last() is Effect.Reset)
    }

    @Test
    fun `without a printer nothing is recorded as printed`() {
        drive.devices.printer = null
        at(UndoStatus.VOIDED).send(ProgressMessage.Print)
        assertEquals(PrintResult.NOT_CONNECTED, drive.state.printed)
        assertFalse("slipPrinted" in gateway.commands)
    }

    @Test
    fun `a refund instead is another order, asked for by hand`() {
        at(UndoStatus.REFUND_OFFERED)
        assertEquals(emptyList<String>(), gateway.commands)
        drive.send(ProgressMessage.Refund)
        assertTrue((drive.wanted.last() as Effect.Replace).route is Route.ConfirmRefund)
        assertEquals(emptyList<String>(), gateway.commands)
    }
}
