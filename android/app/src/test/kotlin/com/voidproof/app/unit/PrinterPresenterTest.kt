package com.voidproof.app.unit

import com.voidproof.app.Drive
import com.voidproof.app.FakePrinters
import com.voidproof.app.device.PaperState
import com.voidproof.app.device.PaperWidth
import com.voidproof.app.device.PrintResult
import com.voidproof.app.device.PrinterAddress
import com.voidproof.app.device.PrinterKind
import com.voidproof.app.device.PrinterSetting
import com.voidproof.app.device.SlipDrawing
import com.voidproof.app.screens.more.PrinterMessage
import com.voidproof.app.screens.more.PrinterPresenter
import com.voidproof.gateway.LineKind
import com.voidproof.gateway.Role
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertTrue
import org.junit.Test

class PrinterPresenterTest {
    private val drive = Drive(PrinterPresenter())
    private val printers = FakePrinters()

    init {
        drive.devices.printers = printers
        at(Role.SUPERVISOR)
        drive.show()
    }

    private fun at(role: Role) {
        drive.gateway.shop.here = drive.gateway.shop.operators.first { it.role == role }.number
    }

    @Test
    fun `what is used, what is found and how it is`() {
        drive.devices.printer!!.paper = PaperState.LOW
        val facts = drive.show().state.facts!!
        assertEquals(PaperState.LOW, facts.paper)
        assertEquals(printers.here, facts.found)
        assertEquals(PrinterSetting(), facts.setting)
    }

    @Test
    fun `a supervisor chooses, and the choice is kept`() {
        drive.send(PrinterMessage.Use(PrinterKind.USB)).send(PrinterMessage.Width(PaperWidth.WIDE)).send(PrinterMessage.Draw(SlipDrawing.LETTERS))
        assertEquals(PrinterSetting(PrinterKind.USB, null, PaperWidth.WIDE, SlipDrawing.LETTERS), printers.setting)
        assertEquals(printers.setting, drive.state.facts!!.setting)
    }

    @Test
    fun `an address is taken only from the shop's own network, and with it the network printer`() {
        drive.send(PrinterMessage.Address("8.8.8.8"))
        assertTrue(drive.state.addressWrong)
        assertEquals(PrinterSetting(), printers.setting)
        drive.send(PrinterMessage.Address("192.168.1.50"))
        assertFalse(drive.state.addressWrong)
        assertEquals(PrinterSetting(PrinterKind.NETWORK, PrinterAddress("192.168.1.50", 9_100)), printers.setting)
    }

    @Test
    fun `a cashier changes nothing, and may print a test page`() {
        at(Role.CASHIER)
        drive.show().send(PrinterMessage.Use(PrinterKind.USB)).send(PrinterMessage.Address("192.168.1.50"))
        assertEquals(PrinterSetting(), printers.setting)
        drive.send(PrinterMessage.Test)
        assertEquals(PrintResult.PRINTED, drive.state.tested)
        assertEquals(LineKind.CUT, drive.devices.printer!!.slips.single().last().kind)
    }

    @Test
    fun `a test page that does not come out is told, and nothing is asked twice`() {
        drive.devices.printer!!.result = PrintResult.COVER_OPEN
        drive.held = true
        drive.send(PrinterMessage.Test).send(PrinterMessage.Test)
        assertTrue(drive.state.busy)
        drive.release()
        assertEquals(PrintResult.COVER_OPEN, drive.state.tested)
        assertFalse(drive.state.busy)
    }

    @Test
    fun `without any printer the screen says so`() {
        drive.devices.printer = null
        drive.devices.printers = null
        assertEquals(PaperState.ABSENT, drive.show().state.facts!!.paper)
        assertEquals(PrintResult.NOT_CONNECTED, drive.send(PrinterMessage.Test).state.tested)
    }
}
