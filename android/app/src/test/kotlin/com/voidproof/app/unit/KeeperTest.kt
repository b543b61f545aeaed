package com.voidproof.app.unit

import com.voidproof.app.card
import com.voidproof.app.core.Route
import com.voidproof.app.device.background.Around
import com.voidproof.app.device.background.Call
import com.voidproof.app.device.background.Keeper
import com.voidproof.app.device.background.Matter
import com.voidproof.app.device.background.Plan
import com.voidproof.app.device.background.Stay
import com.voidproof.app.queued
import com.voidproof.app.sold
import com.voidproof.gateway.Change
import com.voidproof.gateway.CoreState
import com.voidproof.gateway.Failure
import com.voidproof.gateway.Language
import com.voidproof.gateway.LedgerCheck
import com.voidproof.gateway.Network
import com.voidproof.gateway.SaleStatus
import com.voidproof.gateway.UndoStatus
import com.voidproof.gateway.fake.FakeGateway
import java.io.Closeable
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.runBlocking
import org.junit.After
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertTrue
import org.junit.Test

/** What goes on while nobody looks, on a fake core and a fake Android. */
class KeeperTest {
    private val fake = FakeGateway.ready()
    private val around = FakeAround()
    private val job = SupervisorJob()
    private val keeper = Keeper({ fake }, around, CoroutineScope(job + Dispatchers.Unconfined), rest = 0)
    private var ended = 0

    @After
    fun end() = job.cancel()

    private fun deliver() = keeper.deliver { ended++ }

    private fun undo() = fake.shop.undos.keys.first()

    @Test
    fun `a job opens the core, hears that there is a network, and ends when nothing is owed`() {
        fake.queued()
        fake.commands.clear()
        val others = fake.shop.undos.keys.drop(1)
        others.forEach { fake.move(it, UndoStatus.VOIDED) }
        deliver()
        assertEquals("open", fake.commands.first())
        assertEquals(UndoStatus.VOIDED, fake.shop.undos.getValue(undo()).status)
        assertEquals(1, ended)
        assertEquals(Plan.NOTHING, around.plan)
    }

    @Test
    fun `what is due soon is waited for, and the job goes with it`() {
        fake.queued()
        deliver()
        // The network was told of, so the queued one went; the unknown one is to be asked again in twelve seconds.
        assertEquals(0, ended)
        assertEquals(60_000L, around.plan.job)
        fake.shop.undos.keys.forEach { fake.move(it, UndoStatus.VOIDED) }
        assertEquals(1, ended)
        assertEquals(Plan.NOTHING, around.plan)
    }

    @Test
    fun `a job that is cut off ends nothing and loses nothing`() {
        fake.queued()
        val running = deliver()
        running.cancel()
        assertEquals(0, ended)
        assertEquals(60_000L, around.plan.job)
    }

    @Test
    fun `a terminal that is not set up has no job`() {
        fake.state = CoreState.NeedsSetUp
        around.plan = Plan.AT_ONCE
        deliver()
        assertEquals(1, ended)
        assertEquals(Plan.NOTHING, around.plan)
    }

    @Test
    fun `lost keys call a person and are looked at again`() {
        fake.keysLost = true
        deliver()
        assertEquals(listOf(Call(Matter.KEYS_LOST, setOf(""), null)), around.shown)
        assertEquals(15 * 60_000L, around.plan.job)
    }

    @Test
    fun `a ledger that cannot be opened calls a person`() {
        fake.state = CoreState.Broken(Failure.LedgerCorrupt("page 3"), owed = true)
        deliver()
        assertEquals(listOf(Matter.LEDGER), around.shown.map { it.matter })
    }

    @Test
    fun `a restored ledger sends nothing and has no job`() {
        fake.queued()
        fake.restored = true
        deliver()
        assertEquals(Plan.NOTHING, around.plan)
        assertEquals(1, ended)
    }

    @Test
    fun `what changes while the app is seen is planned too, and nobody is called`() {
        around.isVisible = true
        keeper.opened()
        fake.queued()
        fake.tell(Change.QueueChanged, persisted = false)
        assertEquals(60_000L, around.plan.job)
        assertTrue(around.asked > 0)
        fake.move(undo(), UndoStatus.NEEDS_CARD)
        assertEquals(emptyList<Call>(), around.shown)
    }

    @Test
    fun `who needs a card or people is called once, until something new comes`() {
        fake.queued()
        keeper.opened()
        fake.move(undo(), UndoStatus.NEEDS_CARD)
        assertEquals(listOf(Call(Matter.CARD, setOf(undo()), Route.Progress(undo()))), around.shown)
        visible(true)
        assertEquals(emptyList<Call>(), around.shown)
        visible(false)
        assertEquals(emptyList<Call>(), around.shown)
        fake.move(undo(), UndoStatus.ESCALATED)
        assertEquals(listOf(Matter.ESCALATED), around.shown.map { it.matter })
        fake.move(undo(), UndoStatus.VOIDED)
        assertEquals(emptyList<Call>(), around.shown)
    }

    @Test
    fun `a void that is refused while nobody looks calls a person`() {
        fake.queued()
        keeper.opened()
        fake.move(undo(), UndoStatus.REFUND_OFFERED, fake.shop.tooLate())
        assertEquals(Call(Matter.REFUSED, setOf(undo()), Route.Progress(undo())), around.shown.single())
    }

    @Test
    fun `money on its way keeps the process until it has arrived`() {
        around.isVisible = true
        keeper.opened()
        fake.answers += FakeGateway.Answer.LATER
        runBlocking { fake.sold(12_800, card("6225880000000217"), minutes = 0) }
        fake.tell(Change.QueueChanged, persisted = false)
        assertEquals(Stay.MONEY, around.stay)
        visible(false)
        assertEquals(Stay.MONEY, around.stay)
        fake.answerSale(fake.shop.sales.keys.last(), SaleStatus.APPROVED)
        assertEquals(null, around.stay)
    }

    @Test
    fun `when Android's three minutes are over the service ends and does not come back for the same money`() {
        around.isVisible = true
        keeper.opened()
        fake.answers += FakeGateway.Answer.LATER
        runBlocking { fake.sold(12_800, card("6225880000000217"), minutes = 0) }
        fake.tell(Change.QueueChanged, persisted = false)
        keeper.timeIsOver()
        assertEquals(null, around.stay)
    }

    @Test
    fun `where Android refuses the service the alarm takes its place`() {
        fake.shop.left = 3_600_000
        fake.queued()
        around.api = 30
        around.mayStay = false
        keeper.opened()
        assertEquals(null, around.stay)
        assertEquals(60_000L, around.plan.alarm)
        assertEquals(listOf(Matter.DEADLINE), around.shown.map { it.matter })
    }

    @Test
    fun `after an update the ledger is verified once, and until it is sound again and again`() {
        fake.safety.check = TORN
        assertFalse(runBlocking { keeper.isSound() })
        assertFalse(runBlocking { keeper.isSound() })
        keeper.opened()
        assertEquals(listOf(Matter.UNSOUND), around.shown.map { it.matter })
        fake.safety.check = WHOLE
        // What else the check of the device finds is none of the ledger's.
        fake.bad = true
        assertTrue(runBlocking { keeper.isSound() })
        assertEquals(emptyList<Call>(), around.shown)
        fake.safety.check = TORN
        assertTrue(runBlocking { keeper.isSound() })
        assertEquals(3, fake.commands.count { it == "verifyLedger" })
    }

    @Test
    fun `a core that met a fault is opened again where no session does it`() {
        keeper.opened()
        fake.tell(Change.RestartNeeded, persisted = false)
        assertEquals(listOf("close", "open"), fake.commands)
        around.isAttended = true
        fake.tell(Change.RestartNeeded, persisted = false)
        assertEquals(2, fake.commands.size)
    }

    @Test
    fun `a core that fails a question keeps what was planned`() {
        fake.queued()
        keeper.opened()
        val before = around.plan
        fake.failNext = Failure.Internal("closed")
        keeper.changed()
        assertEquals(before, around.plan)
        fake.failNext = Failure.DiskFull
        keeper.changed()
        assertEquals(before, around.plan)
        assertEquals(listOf("DiskFull"), around.noted)
    }

    private fun visible(now: Boolean) {
        around.isVisible = now
        keeper.changed()
    }

    private companion object {
        val WHOLE = LedgerCheck(ok = true, entries = 42, problems = emptyList())
        val TORN = LedgerCheck(ok = false, entries = 42, problems = listOf("chain broken at entry 7"))
    }
}

private class FakeAround : Around {
    override var api = 34
    override var isVisible = false
    override var isAttended = false
    override val isStaying get() = stay != null
    var mayStay = true
    var plan = Plan.NOTHING
    var stay: Stay? = null
    var shown = emptyList<Call>()
    var asked = 0
    val noted = ArrayList<String>()
    private var verified = false

    override fun schedule(plan: Plan) {
        this.plan = plan
    }

    override fun stay(why: Stay?): Boolean {
        if (why != null && !mayStay) return false
        stay = why
        return true
    }

    override suspend fun show(calls: List<Call>) {
        shown = calls
    }

    override fun askToNotify() {
        asked++
    }

    override suspend fun language() = Language.ZH

    override suspend fun isVerified() = verified

    override suspend fun noteVerified() {
        verified = true
    }

    override fun watchNetwork(tell: (Network) -> Unit) = Closeable {}

    override fun note(what: String) {
        noted += what
    }
}
