package com.voidproof.app.unit

import com.voidproof.app.Drive
import com.voidproof.app.core.Effect
import com.voidproof.app.core.Route
import com.voidproof.app.screens.more.Days
import com.voidproof.app.screens.more.LineMessage
import com.voidproof.app.screens.more.LinePresenter
import com.voidproof.app.screens.more.ReportMessage
import com.voidproof.app.screens.more.ReportPresenter
import com.voidproof.app.sold
import com.voidproof.app.day
import com.voidproof.app.card
import com.voidproof.gateway.Cause
import com.voidproof.gateway.CauseCount
import com.voidproof.gateway.Change
import com.voidproof.gateway.Rail
import com.voidproof.gateway.SignIn
import com.voidproof.gateway.Total
import com.voidproof.gateway.fake.FakeGateway
import com.voidproof.gateway.fake.FakeGateway.Answer
import kotlinx.coroutines.runBlocking
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertNotNull
import org.junit.Assert.assertNull
import org.junit.Assert.assertTrue
import org.junit.Test

class ReportPresenterTest {
    private val gateway = FakeGateway.ready().apply {
        day()
        answers += List(2) { Answer.DECLINE }
        runBlocking { listOf(500L, 700L).forEach { sold(it, card("6225880000000217"), minutes = 5) } }
        commands.clear()
    }

    @Test
    fun `a day is told with its failures, and each failure leads to what to do`() {
        val drive = Drive(ReportPresenter(), gateway).show()
        val report = drive.state.report!!
        assertEquals(listOf(CauseCount(Cause.LIMITS, 2)), report.causes)
        assertEquals(Total(2, 1_200), report.declined)
        val line = report.failures.single()
        assertEquals("51" to 2, line.code to line.count)
        assertTrue(line.title.isNotEmpty())
        drive.send(ReportMessage.Explain(line))
        assertEquals(listOf<Effect<*>>(Effect.Go(Route.Explain("51", Rail.UNIONPAY))), drive.wanted)
    }

    @Test
    fun `a week is seven days in one`() {
        val drive = Drive(ReportPresenter(), gateway).show().send(ReportMessage.Choose(Days.WEEK))
        val week = drive.state.report!!
        assertEquals("2026-11-18" to "2026-11-24", week.first to week.last)
        assertEquals("the fake tells every day the same", Total(14, 8_400), week.declined)
        assertEquals(listOf(CauseCount(Cause.LIMITS, 14)), week.causes)
        assertEquals(14, week.failures.single().count)
    }

    @Test
    fun `days are counted over months and years`() {
        assertEquals("2026-11-23", ReportPresenter.before("2026-11-24", 1))
        assertEquals("2025-12-31", ReportPresenter.before("2026-01-06", 6))
        assertEquals("2028-02-29", ReportPresenter.before("2028-03-01", 1))
    }

    @Test
    fun `an answer for other days than those chosen now is not shown`() {
        val drive = Drive(ReportPresenter(), gateway).show()
        drive.held = true
        drive.send(ReportMessage.Choose(Days.WEEK)).send(ReportMessage.Choose(Days.YESTERDAY))
        drive.release()
        assertEquals("2026-11-23", drive.state.report!!.first)
    }

    @Test
    fun `days chosen outlive a killed process`() {
        val drive = Drive(ReportPresenter(), gateway).show().send(ReportMessage.Choose(Days.WEEK))
        val presenter = ReportPresenter()
        assertEquals(Days.WEEK, presenter.restored(presenter.save(drive.state)).days)
    }
}

class LinePresenterTest {
    private val gateway = FakeGateway.ready()

    @Test
    fun `the line is tested once at a time, and a silent one is explained`() {
        val drive = Drive(LinePresenter(), gateway).show()
        drive.held = true
        drive.send(LineMessage.Test).send(LineMessage.Test)
        drive.release()
        assertEquals(1, gateway.commands.count { it == "testLine" })
        assertEquals(41L, drive.state.test!!.took)
        gateway.plug(false)
        drive.send(LineMessage.Test)
        assertNotNull(drive.state.test!!.explanation)
        assertFalse(drive.state.asking)
    }

    @Test
    fun `signing out is asked for twice`() {
        val drive = Drive(LinePresenter(), gateway).show().send(LineMessage.SignOut)
        assertFalse("signOut" in gateway.commands)
        drive.back()
        assertFalse(drive.state.signingOut)
        assertEquals(emptyList<Any>(), drive.wanted)
        drive.send(LineMessage.SignOut).send(LineMessage.SurelySignOut)
        assertEquals(SignIn.SIGNED_OUT, drive.state.terminal!!.signIn)
        assertNull(drive.state.refused)
        drive.send(LineMessage.SignIn)
        assertEquals(SignIn.SIGNED_IN, drive.state.terminal!!.signIn)
    }

    @Test
    fun `a sign-out that was not taken says why, and the terminal is still signed in`() {
        gateway.plug(false)
        val drive = Drive(LinePresenter(), gateway).show().send(LineMessage.SignOut).send(LineMessage.SurelySignOut)
        assertNotNull(drive.state.refused)
        assertEquals(SignIn.SIGNED_IN, drive.state.terminal!!.signIn)
        drive.hear(Change.TerminalChanged)
        assertNotNull("news of the terminal keeps the answer", drive.state.refused)
    }
}
