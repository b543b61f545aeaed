package com.voidproof.gateway.core

import com.voidproof.core.CardProduct
import com.voidproof.core.Cause
import com.voidproof.core.CheckState
import com.voidproof.core.Goods
import com.voidproof.core.LinkState
import com.voidproof.core.OwedAction
import com.voidproof.core.Retry
import com.voidproof.core.Role
import com.voidproof.core.SaleStatus
import com.voidproof.core.SignIn
import com.voidproof.core.Size
import com.voidproof.core.StepKind
import com.voidproof.core.StepState
import com.voidproof.core.TimelineKind
import com.voidproof.core.UndoKind
import com.voidproof.core.UndoReason
import com.voidproof.core.UndoStatus
import com.voidproof.core.Why
import com.voidproof.gateway.Approval
import com.voidproof.gateway.CardRead
import com.voidproof.gateway.Copy
import com.voidproof.gateway.Language
import com.voidproof.gateway.SaleFilter
import com.voidproof.gateway.Secret
import com.voidproof.gateway.Statement
import com.voidproof.gateway.TapFor
import org.junit.Assert.assertArrayEquals
import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.Test

/** What crosses the boundary by name has that name on both sides; secrets leave nothing behind. Needs no library. */
class ShapesTest {
    @Test
    fun `every constant of the core has its counterpart`() {
        SaleStatus.values().forEach { same<com.voidproof.gateway.SaleStatus>(it) }
        UndoStatus.values().forEach { same<com.voidproof.gateway.UndoStatus>(it) }
        UndoKind.values().forEach { same<com.voidproof.gateway.UndoKind>(it) }
        UndoReason.values().forEach { same<com.voidproof.gateway.UndoReason>(it) }
        StepKind.values().forEach { same<com.voidproof.gateway.StepKind>(it) }
        StepState.values().forEach { same<com.voidproof.gateway.StepState>(it) }
        TimelineKind.values().forEach { same<com.voidproof.gateway.TimelineKind>(it) }
        OwedAction.values().forEach { same<com.voidproof.gateway.OwedAction>(it) }
        Why.values().forEach { same<com.voidproof.gateway.Why>(it) }
        Cause.values().forEach { same<com.voidproof.gateway.Cause>(it) }
        Goods.values().forEach { same<com.voidproof.gateway.Goods>(it) }
        Retry.values().forEach { same<com.voidproof.gateway.Retry>(it) }
        Role.values().forEach { same<com.voidproof.gateway.Role>(it) }
        SignIn.values().forEach { same<com.voidproof.gateway.SignIn>(it) }
        LinkState.values().forEach { same<com.voidproof.gateway.Link>(it) }
        CheckState.values().forEach { same<com.voidproof.gateway.CheckState>(it) }
        com.voidproof.core.OriginalKind.values().forEach { same<com.voidproof.gateway.SaleKind>(it) }
        Size.values().forEach { same<com.voidproof.gateway.Size>(it) }
        com.voidproof.core.UpdateReason.values().forEach { same<com.voidproof.gateway.UpdateReason>(it) }
        CardProduct.values().forEach { same<com.voidproof.gateway.CardProduct>(it) }
    }

    @Test
    fun `every constant that the app sends has its counterpart`() {
        Language.values().forEach { same<com.voidproof.core.Lang>(it) }
        com.voidproof.gateway.Edition.values().forEach { same<com.voidproof.core.Edition>(it) }
        SaleFilter.values().forEach { same<com.voidproof.core.SaleFilter>(it) }
        Copy.values().forEach { same<com.voidproof.core.Copy>(it) }
        TapFor.values().forEach { same<com.voidproof.core.TapFor>(it) }
        com.voidproof.gateway.OwedAction.values().forEach { same<OwedAction>(it) }
        com.voidproof.gateway.UndoReason.values().forEach { same<UndoReason>(it) }
        com.voidproof.gateway.Role.values().forEach { same<Role>(it) }
    }

    @Test
    fun `a secret is lent in the clear and wiped, also when the call fails`() {
        var lent = ByteArray(0)
        bare(Secret("280519")).use {
            assertArrayEquals("280519".toByteArray(), it)
            lent = it
        }
        assertTrue(lent.all { it == 0.toByte() })
        val card = CardRead.Stripe(Secret("6222=3012"), Secret("123456"))
        val failed = runCatching { bare(card).use { error("refused") } }
        assertEquals("refused", failed.exceptionOrNull()?.message)
        lateinit var seen: com.voidproof.core.CardRead.Stripe
        bare(card).use { seen = it as com.voidproof.core.CardRead.Stripe }
        assertTrue(seen.track2.all { it == 0.toByte() } && seen.pin!!.all { it == 0.toByte() })
        bare(Approval("00", Secret("1234"))).use { lent = it.pin }
        assertTrue(lent.all { it == 0.toByte() })
        val (first, second) = Approval("00", Secret("1234")) to Approval("01", Secret("5678"))
        lateinit var told: com.voidproof.core.StatementGiven
        bare(Statement("S1", true, "letter 17", first, second)).use { told = it }
        assertTrue(told.first.pin.all { it == 0.toByte() } && told.second.pin.all { it == 0.toByte() })
    }
}
