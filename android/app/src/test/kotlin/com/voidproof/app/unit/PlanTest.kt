package com.voidproof.app.unit

import com.voidproof.app.core.Route
import com.voidproof.app.device.background.Call
import com.voidproof.app.device.background.Matter
import com.voidproof.app.device.background.NEAR
import com.voidproof.app.device.background.Plan
import com.voidproof.app.device.background.Situation
import com.voidproof.app.device.background.Stay
import com.voidproof.app.device.background.calls
import com.voidproof.app.device.background.isCallable
import com.voidproof.app.device.background.plan
import com.voidproof.gateway.Deadline
import com.voidproof.gateway.OwedItem
import com.voidproof.gateway.OwedKind
import com.voidproof.gateway.Rail
import com.voidproof.gateway.Why
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertTrue
import org.junit.Test

/** What is planned, and who is called, in every situation. */
class PlanTest {
    private val far = owed(left = NEAR + 1)
    private val near = owed(left = NEAR)

    private fun owed(
        left: Long? = null,
        certain: Boolean = true,
        nextTry: Long? = null,
        why: Why = Why.NETWORK,
        id: String = "o1",
        undo: String? = "u1",
    ) = OwedItem(
        id, OwedKind.VOID, Rail.UNIONPAY, "s1", undo, 12_800, "000128", 0, nextTry, left?.let { Deadline(0, it, certain) }, why,
        first = false, actions = emptySet(), needsConsent = false,
    )

    private fun situation(vararg owed: OwedItem) = Situation(money = false, owed.toList(), api = 34, visible = false, staying = false)

    @Test
    fun `nothing owed, nothing planned`() = assertEquals(Plan.NOTHING, plan(situation()))

    @Test
    fun `what waits for a person is not tried`() = listOf(Why.HELD, Why.CARD, Why.ESCALATED).forEach {
        assertEquals(it.name, Plan.NOTHING, plan(situation(owed(left = 1_000, why = it))))
    }

    @Test
    fun `what is owed always has a job, by its next try`() {
        listOf(null to 60_000L, 0L to 60_000L, -5L to 60_000L, 90_000L to 90_000L, 7_200_000L to 7_200_000L).forEach { (next, job) ->
            assertEquals(Plan(job = job), plan(situation(owed(left = NEAR + 1, nextTry = next))))
        }
        assertEquals(80_000L, plan(situation(owed(nextTry = 300_000), owed(nextTry = 80_000))).job)
        Why.values().filterNot { it in setOf(Why.HELD, Why.CARD, Why.ESCALATED) }.forEach {
            assertEquals(it.name, 60_000L, plan(situation(owed(why = it))).job)
        }
    }

    /** Level, visible, staying, refused; then service, alarm, pressing job. */
    @Test
    fun `close to a deadline jobs alone are not enough`() {
        val table = listOf(
            Row(34, visible = true, staying = false, refused = false, Stay.DEADLINE, alarm = false, pressing = false),
            Row(34, visible = false, staying = true, refused = false, Stay.DEADLINE, alarm = true, pressing = false),
            Row(34, visible = false, staying = false, refused = false, null, alarm = true, pressing = true),
            Row(31, visible = false, staying = false, refused = false, null, alarm = true, pressing = true),
            Row(30, visible = false, staying = false, refused = false, Stay.DEADLINE, alarm = true, pressing = false),
            Row(24, visible = false, staying = false, refused = false, Stay.DEADLINE, alarm = true, pressing = false),
            Row(30, visible = false, staying = false, refused = true, null, alarm = true, pressing = false),
            Row(34, visible = true, staying = false, refused = true, null, alarm = false, pressing = false),
        )
        table.forEach { row ->
            val found = plan(situation(near).copy(api = row.api, visible = row.visible, staying = row.staying, refused = row.refused))
            assertEquals("$row", row.stay, found.stay)
            assertEquals("$row", if (row.alarm) 60_000L else null, found.alarm)
            assertEquals("$row", row.pressing, found.pressing)
            assertEquals("$row", 60_000L, found.job)
        }
    }

    private data class Row(
        val api: Int,
        val visible: Boolean,
        val staying: Boolean,
        val refused: Boolean,
        val stay: Stay?,
        val alarm: Boolean,
        val pressing: Boolean,
    )

    @Test
    fun `a deadline nobody is sure of counts as near, one that is over does not`() {
        fun alarm(item: OwedItem) = plan(situation(item)).alarm
        assertEquals(60_000L, alarm(owed(left = NEAR * 100, certain = false)))
        assertEquals(60_000L, alarm(owed(left = 1)))
        assertEquals(null, alarm(owed(left = 0)))
        assertEquals(null, alarm(owed(left = -1)))
        assertEquals(null, alarm(far))
        assertEquals(null, alarm(owed(left = null)))
    }

    @Test
    fun `an alarm comes with the next try, never later than Android rings`() {
        fun alarm(next: Long) = plan(situation(owed(left = NEAR, nextTry = next)))
        assertEquals(120_000L, alarm(120_000).alarm)
        assertEquals(540_000L, alarm(3_600_000).alarm)
        // A job that begins at once would find nothing due, again and again.
        assertFalse(alarm(120_000).pressing)
    }

    @Test
    fun `money on its way keeps the process, but only from the front`() {
        val money = situation().copy(money = true)
        assertEquals(Plan(stay = Stay.MONEY), plan(money.copy(visible = true)))
        assertEquals(Plan(stay = Stay.MONEY), plan(money.copy(staying = true)))
        assertEquals(Plan.NOTHING, plan(money))
        assertEquals(Plan.NOTHING, plan(money.copy(visible = true, refused = true)))
        assertEquals(Stay.DEADLINE, plan(situation(near).copy(money = true, visible = true)).stay)
        assertEquals(Plan(job = 60_000, stay = Stay.MONEY), plan(situation(far).copy(money = true, visible = true)))
    }

    @Test
    fun `a person is called where one is needed`() {
        val table = listOf(
            emptyList<OwedItem>() to null,
            listOf(far) to null,
            listOf(near) to Call(Matter.DEADLINE, setOf("u1"), Route.Progress("u1")),
            listOf(owed(left = 5, why = Why.HELD)) to Call(Matter.DEADLINE, setOf("u1"), Route.Progress("u1")),
            listOf(owed(left = 5, certain = false)) to null,
            listOf(owed(why = Why.CARD)) to Call(Matter.CARD, setOf("u1"), Route.Progress("u1")),
            listOf(owed(left = 5, why = Why.ESCALATED)) to Call(Matter.ESCALATED, setOf("u1"), Route.Progress("u1")),
            listOf(owed(why = Why.ESCALATED, undo = null)) to Call(Matter.ESCALATED, setOf("o1"), Route.Owed("o1")),
            listOf(owed(why = Why.CARD), owed(why = Why.CARD, undo = "u2")) to Call(Matter.CARD, setOf("u1", "u2"), Route.Queue),
        )
        table.forEach { (owed, call) -> assertEquals(listOfNotNull(call), calls(owed, emptySet(), isSound = true)) }
        assertEquals(listOf(Call(Matter.REFUSED, setOf("u1"), Route.Progress("u1"))), calls(emptyList(), setOf("u1"), isSound = true))
        assertEquals(listOf(Matter.UNSOUND, Matter.REFUSED), calls(emptyList(), setOf("u1", "u2"), isSound = false).map { it.matter })
        assertEquals(listOf(Matter.CARD, Matter.DEADLINE), calls(listOf(owed(left = 5, why = Why.CARD)), emptySet(), true).map { it.matter })
    }

    @Test
    fun `a notification leads only to places that do nothing by being looked at`() {
        listOf(Route.Progress("u"), Route.Owed("o"), Route.Queue, Route.Records, Route.SelfCheck).forEach { assertTrue("$it", isCallable(it)) }
        listOf(Route.Pay(1, "r"), Route.SetUp, Route.ImportKeys, Route.ConfirmVoid("s", "r"), Route.Operators, Route.Home).forEach {
            assertFalse("$it", isCallable(it))
        }
    }
}
