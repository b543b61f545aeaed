package com.voidproof.app.unit

import com.voidproof.app.Drive
import com.voidproof.app.FakeReader
import com.voidproof.app.core.Effect
import com.voidproof.app.core.Route
import com.voidproof.app.device.CardResult
import com.voidproof.app.held
import com.voidproof.app.screens.pay.PayMessage
import com.voidproof.app.screens.pay.PayPresenter
import com.voidproof.app.screens.pay.PayState
import com.voidproof.app.screens.pay.SaleResultMessage
import com.voidproof.app.screens.pay.SaleResultPresenter
import com.voidproof.app.screens.preauth.PreauthMessage
import com.voidproof.app.screens.preauth.PreauthPresenter
import com.voidproof.app.screens.preauth.PreauthsPresenter
import com.voidproof.app.screens.preauth.TakeAmountMessage
import com.voidproof.app.screens.preauth.TakeAmountPresenter
import com.voidproof.gateway.CardRead
import com.voidproof.gateway.Failure
import com.voidproof.gateway.SaleKind
import com.voidproof.gateway.SaleStatus
import com.voidproof.gateway.Secret
import com.voidproof.gateway.fake.FakeGateway
import com.voidproof.gateway.fake.FakeGateway.Answer
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertTrue
import org.junit.Test

class PreauthPresenterTest {
    private val gateway = FakeGateway.ready().apply { held() }
    private val hotel get() = gateway.shop.sales.values.first { it.amount == 60_000L }
    private val card = CardResult.Read(FakeReader.card())

    private fun cardOf(number: String) =
        CardResult.Read(CardRead.Chip(Secret("9F26"), Secret("$number=2912"), null, contactless = false, pin = null))

    private fun type(drive: Drive<*, TakeAmountMessage>, digits: String) = digits.forEach { drive.send(TakeAmountMessage.Digit(it)) }

    @Test
    fun `the list has what holds now, additions inside`() {
        val drive = Drive(PreauthsPresenter(), gateway).show()
        assertEquals(listOf(80_000L, 120_000L), drive.state.preauths.map { it.held })
    }

    @Test
    fun `a card read twice holds money once`() {
        val drive = Drive(PayPresenter(Route.Hold(50_000, "h1", null)), gateway).show()
        drive.held = true
        drive.send(PayMessage.Card(card)).send(PayMessage.Card(card))
        drive.release()
        assertEquals(listOf("preauth"), gateway.commands)
        val made = gateway.shop.sales.values.last()
        assertEquals(SaleKind.PREAUTH to SaleStatus.HELD, made.kind to made.status)
        assertEquals(Effect.Replace(Route.SaleResult(made.id)), drive.wanted.last())
    }

    @Test
    fun `after a killed process the same request finds what it held`() {
        Drive(PayPresenter(Route.Hold(50_000, "h1", null)), gateway).show().send(PayMessage.Card(card))
        gateway.commands.clear()
        val again = Drive(PayPresenter(Route.Hold(50_000, "h1", null)), gateway).show()
        assertEquals(Effect.Replace(Route.SaleResult(gateway.shop.sales.keys.last())), again.wanted.last())
        assertEquals(emptyList<String>(), gateway.commands)
    }

    @Test
    fun `another card completes nothing, and the reader waits for the right one`() {
        val drive = Drive(PayPresenter(Route.Complete(hotel.id, 50_000, "c1", advice = false)), gateway).show()
        drive.send(PayMessage.Card(cardOf("6222020200009999")))
        assertEquals("local.OTHER_CARD", (drive.state.failure as Failure.Refused).explanation.code)
        assertEquals(PayState.Reader.WAITING, drive.state.reader)
        assertTrue("the reader is on again", drive.wanted.last() is Effect.Wait)
        drive.send(PayMessage.Card(cardOf("6222020200001188")))
        assertEquals(SaleKind.COMPLETION, gateway.shop.sales.values.last().kind)
    }

    @Test
    fun `a completion takes all that is held unless another amount is typed, and never more than allowed`() {
        val drive = Drive(TakeAmountPresenter(Route.CompleteAmount(hotel.id)) { "id" }, gateway).show()
        assertEquals("115 % of all that is held, with what was added", 92_000L, drive.state.preauth!!.mostToTake)
        assertEquals(80_000L, drive.state.amount)
        drive.send(TakeAmountMessage.Other)
        assertFalse("nothing typed", drive.state.ready)
        type(drive, "921")
        assertTrue(drive.state.tooMuch)
        drive.send(TakeAmountMessage.Next()).send(TakeAmountMessage.Next(advice = true))
        assertEquals(emptyList<Effect<*>>(), drive.wanted)
        drive.send(TakeAmountMessage.Clear)
        type(drive, "460")
        drive.send(TakeAmountMessage.Next()).send(TakeAmountMessage.Next(advice = true))
        assertEquals(
            listOf<Effect<*>>(
                Effect.Go(Route.Complete(hotel.id, 46_000, "id", advice = false)),
                Effect.Go(Route.Complete(hotel.id, 46_000, "id", advice = true)),
            ),
            drive.wanted,
        )
    }

    @Test
    fun `a typed amount outlives the process, also one that is nothing yet`() {
        val presenter = TakeAmountPresenter(Route.CompleteAmount(hotel.id)) { "id" }
        val drive = Drive(presenter, gateway).show().send(TakeAmountMessage.Other)
        assertEquals("", presenter.restored(presenter.save(drive.state)).typed?.text)
        type(drive, "12")
        assertEquals("12", presenter.restored(presenter.save(drive.state)).typed?.text)
        assertEquals(null, Drive(presenter, gateway).show().send(TakeAmountMessage.Whole).state.typed)
    }

    @Test
    fun `what is completed can be neither completed, added to nor released`() {
        Drive(PayPresenter(Route.Complete(hotel.id, 50_000, "c1", advice = false)), gateway).show().send(PayMessage.Card(cardOf("6222020200001188")))
        val drive = Drive(PreauthPresenter(hotel.id) { "id" }, gateway).show()
        assertTrue(drive.state.preauth?.blocked != null)
        drive.send(PreauthMessage.Complete).send(PreauthMessage.Add).send(PreauthMessage.Void)
        assertEquals(emptyList<Effect<*>>(), drive.wanted)
    }

    @Test
    fun `one that holds leads to each of its ways on`() {
        val drive = Drive(PreauthPresenter(hotel.id) { "id" }, gateway).show()
        drive.send(PreauthMessage.Complete).send(PreauthMessage.Add).send(PreauthMessage.Void)
        assertEquals(
            listOf<Effect<*>>(
                Effect.Go(Route.CompleteAmount(hotel.id)),
                Effect.Go(Route.HoldAmount(hotel.id)),
                Effect.Go(Route.ConfirmVoid(hotel.id, "id")),
            ),
            drive.wanted,
        )
    }

    @Test
    fun `what was declined is tried again as what it was`() {
        gateway.answers += Answer.DECLINE
        Drive(PayPresenter(Route.Complete(hotel.id, 50_000, "c1", advice = false)), gateway).show().send(PayMessage.Card(cardOf("6222020200001188")))
        val completion = gateway.shop.sales.values.last()
        val drive = Drive(SaleResultPresenter(completion.id) { "new" }, gateway).show().send(SaleResultMessage.Again)
        assertEquals(Effect.Reset(Route.Complete(hotel.id, 50_000, "new", advice = false)), drive.wanted.last())
    }
}
