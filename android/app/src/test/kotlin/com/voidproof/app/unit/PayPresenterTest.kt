package com.voidproof.app.unit

import com.voidproof.app.Drive
import com.voidproof.app.FakeReader
import com.voidproof.app.core.Effect
import com.voidproof.app.core.Route
import com.voidproof.app.device.CardResult
import com.voidproof.app.device.CardTrouble
import com.voidproof.app.screens.pay.PayMessage
import com.voidproof.app.screens.pay.PayPresenter
import com.voidproof.app.screens.pay.PayState
import com.voidproof.app.screens.pay.PayWay
import com.voidproof.gateway.Failure
import com.voidproof.gateway.Secret
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertTrue
import org.junit.Test

class PayPresenterTest {
    private val route = Route.Pay(12_800, "request")
    private val drive = Drive(PayPresenter(route))

    private fun card() = PayMessage.Card(CardResult.Read(FakeReader.card()))

    private fun typed(number: String, expiry: String) = PayMessage.Typed(Secret(number), Secret(expiry))

    @Test
    fun `a card is sold to once, however often it is read`() {
        drive.held = true
        drive.send(card()).send(card())
        drive.release()
        assertEquals(listOf("sell"), drive.gateway.commands)
        assertEquals(Effect.Replace(Route.SaleResult("s128")), drive.wanted.last())
    }

    @Test
    fun `a card that wants a signature is told to the screen after the sale`() {
        drive.send(PayMessage.Card(CardResult.Read(FakeReader.card(), signs = true)))
        assertEquals(Effect.Replace(Route.SaleResult("s128", signs = true)), drive.wanted.last())
    }

    @Test
    fun `a typed card and a code are sold to once, however often the button is tapped`() {
        for (message in listOf({ typed("6222020000000114", "3012") }, { PayMessage.Code(Secret("134567890123456789")) })) {
            val drive = Drive(PayPresenter(route))
            drive.held = true
            drive.send(message()).send(message())
            drive.release()
            assertEquals(listOf("sell"), drive.gateway.commands)
        }
    }

    @Test
    fun `back is no way out once the core was asked`() {
        drive.held = true
        drive.send(card()).back()
        assertFalse(Effect.Back in drive.wanted)
    }

    @Test
    fun `a sale made before a crash is shown, not made again`() {
        drive.send(card())
        val again = Drive(PayPresenter(route), drive.gateway).show()
        assertEquals(listOf<Effect<*>>(Effect.Replace(Route.SaleResult("s128"))), again.wanted)
        assertEquals(listOf("sell"), drive.gateway.commands)
    }

    @Test
    fun `a failed command can be tried again`() {
        drive.gateway.failNext = Failure.DiskFull
        drive.send(card())
        assertEquals(Failure.DiskFull, drive.state.failure)
        assertFalse(drive.state.sending)
        drive.send(card())
        assertEquals(Effect.Replace(Route.SaleResult("s128")), drive.wanted.last())
    }

    @Test
    fun `typed numbers are checked before anything is sent`() {
        drive.send(PayMessage.Choose(PayWay.MANUAL))
        for (wrong in listOf(typed("6225880000000218", "2912"), typed("6225", "2912"), typed("6222020000000114", "2913"), typed("6222020000000114", "12"))) {
            drive.send(wrong)
            assertTrue(drive.state.typedWrong)
        }
        assertEquals(emptyList<String>(), drive.gateway.commands)
        drive.send(typed("6222020000000114", "3012"))
        assertEquals(listOf("sell"), drive.gateway.commands)
    }

    @Test
    fun `a typed card is wiped when the core has it`() {
        val message = typed("6222020000000114", "3012")
        drive.send(PayMessage.Choose(PayWay.MANUAL)).send(message)
        assertTrue(message.number.reveal { digits -> digits.all { it == '\u0000' } })
    }

    @Test
    fun `each trouble of the reader has its own state, none is silent`() {
        val states = CardTrouble.values().map { trouble -> drive.send(PayMessage.Card(CardResult.Failed(trouble))).state.reader }
        assertEquals(CardTrouble.values().size, states.toSet().size)
        assertFalse(PayState.Reader.WAITING in states)
        assertEquals(PayState.Reader.ABSENT, drive.send(PayMessage.Card(null)).state.reader)
    }

    @Test
    fun `no state and no card shows a digit in words`() {
        val card = FakeReader.card()
        assertFalse("6225" in card.toString())
        assertFalse("6225" in drive.send(PayMessage.Card(CardResult.Read(card))).state.toString())
    }
}
