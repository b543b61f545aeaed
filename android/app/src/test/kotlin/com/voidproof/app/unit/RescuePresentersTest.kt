package com.voidproof.app.unit

import com.voidproof.app.Drive
import com.voidproof.app.FakeReader
import com.voidproof.app.core.Effect
import com.voidproof.app.core.Route
import com.voidproof.app.device.CardResult
import com.voidproof.app.device.FileContent
import com.voidproof.app.device.Kept
import com.voidproof.app.device.Shared
import com.voidproof.app.queued
import com.voidproof.app.screens.home.HomePresenter
import com.voidproof.app.screens.rescue.DecideMessage
import com.voidproof.app.screens.rescue.DecidePresenter
import com.voidproof.app.screens.rescue.Decision
import com.voidproof.app.screens.rescue.EvidenceMessage
import com.voidproof.app.screens.rescue.EvidencePresenter
import com.voidproof.app.screens.rescue.ImportKeysMessage
import com.voidproof.app.screens.rescue.ImportKeysPresenter
import com.voidproof.app.screens.rescue.RestoredMessage
import com.voidproof.app.screens.rescue.RestoredPresenter
import com.voidproof.app.screens.start.SetUpMessage
import com.voidproof.app.screens.undo.Asked
import com.voidproof.app.screens.undo.ByReferenceMessage
import com.voidproof.app.screens.undo.ByReferencePresenter
import com.voidproof.app.screens.undo.SlipField
import com.voidproof.app.screens.undo.SlipWords
import com.voidproof.gateway.Failure
import com.voidproof.gateway.Language
import com.voidproof.gateway.SaleKind
import com.voidproof.gateway.Secret
import com.voidproof.gateway.UndoStatus
import com.voidproof.gateway.fake.FakeGateway
import org.junit.Assert.assertEquals
import org.junit.Assert.assertNull
import org.junit.Assert.assertTrue
import org.junit.Test

class RescuePresentersTest {
    private val gateway = FakeGateway.ready().apply { queued() }
    private val unknown get() = gateway.shop.undos.values.first { it.status == UndoStatus.UNKNOWN }.id
    private val supervisor get() = Secret("246810")
    private val cashier get() = Secret("135790")

    private fun decide(id: String = unknown) = Drive(DecidePresenter(Route.Decide(Route.Decide.Of.UNDO, id)), gateway).show().also {
        gateway.commands.clear()
    }

    @Test
    fun `a restored ledger leads from home to the supervisor, and on only with the right PIN`() {
        gateway.restored = true
        val home = Drive(HomePresenter { "id" }, gateway).show()
        assertEquals(Effect.Root(Route.Restored), home.wanted.last())

        val drive = Drive(RestoredPresenter(), gateway).show().send(RestoredMessage.Confirm)
        drive.send(RestoredMessage.Approve(Secret("000000")))
        assertEquals(1, drive.state.approving?.tries)
        assertTrue(gateway.restored)
        drive.held = true
        drive.send(RestoredMessage.Approve(supervisor)).send(RestoredMessage.Approve(supervisor))
        drive.release()
        assertEquals(2, gateway.commands.count { it == "acceptRestored" })
        assertEquals(Effect.Reset(), drive.wanted.last())
    }

    @Test
    fun `a statement needs a decision, a name and two people`() {
        val drive = decide().send(DecideMessage.Confirm)
        assertNull("nothing chosen", drive.state.approving)
        drive.send(DecideMessage.Choose(Decision.EXECUTED)).send(DecideMessage.Confirm)
        assertTrue(drive.state.referenceWrong)
        drive.send(DecideMessage.Write("6225880000000217 by post")).send(DecideMessage.Confirm)
        assertTrue("no card number", drive.state.referenceWrong)
        drive.send(DecideMessage.Write(" letter 0042 ")).send(DecideMessage.Confirm)
        assertEquals(Asked.FIRST_OF_TWO, drive.state.approving?.asked)
        drive.send(DecideMessage.Approve(supervisor))
        assertEquals(Asked.SECOND_OF_TWO, drive.state.approving?.asked)
        assertEquals("not the same person", listOf("01"), drive.state.approving?.supervisors?.map { it.number })
        assertEquals(emptyList<String>(), gateway.commands)
        drive.held = true
        drive.send(DecideMessage.Approve(cashier)).send(DecideMessage.Approve(cashier))
        drive.release()
        assertEquals(listOf("resolve"), gateway.commands)
        assertEquals(Effect.Back, drive.wanted.last())
        assertEquals(UndoStatus.VOIDED, gateway.shop.undos.values.last().status)
    }

    @Test
    fun `a wrong PIN is asked for again from the one whose it was`() {
        val drive = decide().send(DecideMessage.Choose(Decision.NOT_EXECUTED)).send(DecideMessage.Write("x")).send(DecideMessage.Confirm)
        drive.send(DecideMessage.Approve(Secret("999999"))).send(DecideMessage.Approve(cashier))
        assertEquals(Asked.FIRST_OF_TWO, drive.state.approving?.asked)
        assertEquals(1, drive.state.approving?.tries)
        drive.send(DecideMessage.Approve(supervisor)).send(DecideMessage.Approve(Secret("999999")))
        assertEquals(Asked.SECOND_OF_TWO, drive.state.approving?.asked)
        drive.send(DecideMessage.Approve(cashier))
        assertEquals(UndoStatus.REFUSED, gateway.shop.undos.values.last().status)
    }

    @Test
    fun `back from the second person wipes the first one's PIN`() {
        val pin = supervisor
        val drive = decide().send(DecideMessage.Choose(Decision.EXECUTED)).send(DecideMessage.Write("x")).send(DecideMessage.Confirm)
        drive.send(DecideMessage.Approve(pin)).back()
        assertNull(drive.state.approving)
        assertTrue(pin.reveal { digits -> digits.all { it == '\u0000' } })
    }

    @Test
    fun `only what is escalated can be taken off the list`() {
        assertEquals(false, decide().state.subject?.canClear)
        gateway.move(unknown, UndoStatus.ESCALATED)
        val id = gateway.shop.undos.keys.last()
        val drive = decide(id)
        assertEquals(true, drive.state.subject?.canClear)
        drive.send(DecideMessage.Choose(Decision.CLEAR)).send(DecideMessage.Confirm)
        assertTrue("a reason is wanted", drive.state.referenceWrong)
        drive.send(DecideMessage.Write("no answer")).send(DecideMessage.Confirm)
        drive.send(DecideMessage.Approve(supervisor)).send(DecideMessage.Approve(cashier))
        assertEquals(listOf("clear"), gateway.commands)
        assertTrue(id in gateway.shop.cleared)
    }

    @Test
    fun `evidence is kept once at a time, and says when it was not`() {
        val drive = Drive(EvidencePresenter(gateway.shop.sales.keys.last()), gateway).show()
        drive.devices.outbox.result = Kept.Failed
        drive.send(EvidenceMessage.Keep)
        assertEquals(Kept.Failed, drive.state.kept)
        drive.devices.outbox.result = Kept.In("there")
        drive.held = true
        drive.send(EvidenceMessage.Keep).send(EvidenceMessage.Keep)
        drive.release()
        assertEquals(2, drive.devices.outbox.kept.size)
        drive.send(EvidenceMessage.Share("title"))
        assertTrue(drive.devices.outbox.shared.single().isNotEmpty())
        drive.devices.outbox.share = Shared.PINNED
        drive.send(EvidenceMessage.Share("title"))
        assertEquals(Shared.PINNED, drive.state.shared)
    }

    @Test
    fun `what stands on a slip is read as it is written there`() {
        fun wrong(reference: String, date: String, amount: String) = SlipWords(reference, date, amount).wrong
        assertNull(wrong("093412000128", "1124", "128"))
        assertNull(wrong(" 09341200A128 ", "0229", "0.01"))
        assertEquals(SlipField.REFERENCE, wrong("09341200012", "1124", "128"))
        assertEquals(SlipField.DATE, wrong("093412000128", "1324", "128"))
        assertEquals(SlipField.DATE, wrong("093412000128", "1132", "128"))
        listOf("", "0", "0.00", "1.234", "12,80", "-1", "1e3").forEach { assertEquals(it, SlipField.AMOUNT, wrong("093412000128", "1124", it)) }
        assertEquals(12_850L, SlipWords(amount = "128.5").minor)
    }

    private fun slip(reference: String = "093412990128"): Drive<*, ByReferenceMessage> {
        val drive = Drive(ByReferencePresenter(Route.ByReference("r")) { "id" }, gateway).show()
        drive.send(ByReferenceMessage.Write(SlipWords(reference, "1123", "45.5"))).send(ByReferenceMessage.Look)
        gateway.commands.clear()
        return drive
    }

    @Test
    fun `a refund by slip asks card and supervisor, and is made once`() {
        gateway.online = true
        val drive = slip()
        drive.send(ByReferenceMessage.AskCard).send(ByReferenceMessage.Card(CardResult.Read(FakeReader.card())))
        drive.send(ByReferenceMessage.Approve(Secret("000000")))
        drive.held = true
        drive.send(ByReferenceMessage.Approve(supervisor)).send(ByReferenceMessage.Approve(supervisor))
        drive.release()
        val made = gateway.shop.undos.values.last()
        assertEquals(4_550L to SaleKind.UNMATCHED, made.amount to made.sale.kind)
        assertEquals(Effect.Reset(Route.Progress(made.id)), drive.wanted.last())
        assertEquals(2, gateway.commands.count { it == "refundReference" })

        val again = Drive(ByReferencePresenter(Route.ByReference("r")) { "id" }, gateway).show()
        assertEquals(Effect.Reset(Route.Progress(made.id)), again.wanted.last())
    }

    @Test
    fun `a slip of this terminal is refunded as the sale that it is`() {
        val sale = gateway.shop.sales.values.first { it.undo == null && it.reference != null }
        val drive = slip(sale.reference!!)
        drive.send(ByReferenceMessage.AskCard).send(ByReferenceMessage.Own)
        assertEquals(Effect.Replace(Route.ConfirmRefund(sale.id, "id")), drive.wanted.last())
        assertEquals(emptyList<String>(), gateway.commands)
    }

    @Test
    fun `lost keys are imported with a supervisor, and the core opened again`() {
        val gateway = FakeGateway.ready().apply { keysLost = true }
        val drive = Drive(ImportKeysPresenter(Language.ZH), gateway)
        drive.devices.profiles.files["shop.toml"] = FileContent.Read("schema = 1\ntls_ca = \"keys/ca.pem\"".encodeToByteArray())
        drive.show()
        drive.send(ImportKeysMessage.Choosing(SetUpMessage.Open(drive.state.profile.files.single())))
        assertEquals("keys/ca.pem", (drive.state.profile.failure as Failure.ProfileInvalid).missing)
        drive.devices.profiles.files["ca.pem"] = FileContent.Read("-----BEGIN".encodeToByteArray())
        drive.send(ImportKeysMessage.Choosing(SetUpMessage.Open(drive.state.profile.files.single())))
        drive.send(ImportKeysMessage.Approve(Secret("000000"))).send(ImportKeysMessage.Approve(supervisor))
        assertEquals(false, gateway.keysLost)
        assertEquals(Effect.Reopen, drive.wanted.last())
    }
}
