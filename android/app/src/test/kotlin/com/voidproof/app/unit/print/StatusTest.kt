package com.voidproof.app.unit.print

import com.voidproof.app.device.PaperState
import com.voidproof.app.device.print.escpos.Status
import org.junit.Assert.assertArrayEquals
import org.junit.Assert.assertEquals
import org.junit.Test

/** How a printer's answers about itself read. */
class StatusTest {
    private fun state(printer: Int? = OK, cause: Int? = OK, fault: Int? = OK, roll: Int? = OK) =
        Status.state(listOf(printer, cause, fault, roll))

    @Test
    fun `each answer bit by bit`() {
        assertEquals(PaperState.READY, state())
        assertEquals("the drawer is no matter", PaperState.READY, state(printer = OK or 0x04))
        assertEquals(PaperState.BROKEN, state(printer = OK or 0x08))
        assertEquals(PaperState.COVER_OPEN, state(printer = OK or 0x08, cause = OK or 0x04))
        assertEquals("the feed button is held", PaperState.READY, state(cause = OK or 0x08))
        assertEquals(PaperState.OUT, state(printer = OK or 0x08, cause = OK or 0x20))
        assertEquals(PaperState.BROKEN, state(cause = OK or 0x40))
        assertEquals(PaperState.BROKEN, state(fault = OK or 0x08))
        assertEquals(PaperState.BROKEN, state(fault = OK or 0x20))
        assertEquals(PaperState.TOO_HOT, state(cause = OK or 0x40, fault = OK or 0x40))
        assertEquals(PaperState.LOW, state(roll = OK or 0x0C))
        assertEquals(PaperState.OUT, state(roll = OK or 0x6C))
    }

    @Test
    fun `the worst that a person can mend comes first`() {
        assertEquals(PaperState.COVER_OPEN, state(cause = OK or 0x24, fault = OK or 0x60, roll = OK or 0x6C))
        assertEquals(PaperState.OUT, state(cause = OK or 0x60, fault = OK or 0x40))
        assertEquals(PaperState.BROKEN, state(fault = OK or 0x60))
    }

    @Test
    fun `what is not answered says nothing`() {
        assertEquals(PaperState.UNTOLD, state(null, null, null, null))
        assertEquals(PaperState.UNTOLD, Status.state(listOf(null)))
        assertEquals(PaperState.READY, state(cause = null, fault = null, roll = null))
        assertEquals(PaperState.OUT, state(cause = null, roll = OK or 0x60))
    }

    @Test
    fun `of all bytes only those of the right shape are answers`() {
        val now = (0..255).filter(Status::answersNow)
        assertEquals(16, now.size)
        assertEquals(true, now.all { it and 0x02 != 0 && it and 0x10 != 0 && it and 0x81 == 0 })
        val inTurn = (0..255).filter(Status::answersInTurn)
        assertEquals(64, inTurn.size)
        assertEquals("no byte answers both", emptySet<Int>(), now.toSet() intersect inTurn.toSet())
    }

    @Test
    fun `the questions`() {
        assertArrayEquals(byteArrayOf(0x10, 0x04, 0x02), Status.now(2))
        assertArrayEquals(byteArrayOf(0x1D, 0x72, 0x01), Status.inTurn())
        assertEquals(listOf(false, false, true, true), listOf(0x00, 0x03, 0x0C, 0x04).map(Status::ended))
    }

    private companion object {
        const val OK = 0x12
    }
}
