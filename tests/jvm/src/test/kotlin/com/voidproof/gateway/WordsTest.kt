package com.voidproof.gateway

import org.junit.Assert.assertEquals
import org.junit.Test
import com.voidproof.core.Cause as CoreCause
import com.voidproof.core.CheckState as CoreCheckState
import com.voidproof.core.Copy as CoreCopy
import com.voidproof.core.Goods as CoreGoods
import com.voidproof.core.Lang as CoreLang
import com.voidproof.core.LinkState as CoreLink
import com.voidproof.core.OwedAction as CoreAction
import com.voidproof.core.Retry as CoreRetry
import com.voidproof.core.Role as CoreRole
import com.voidproof.core.SaleFilter as CoreFilter
import com.voidproof.core.SaleStatus as CoreSaleStatus
import com.voidproof.core.SettlementPhase as CorePhase
import com.voidproof.core.SettlementResult as CoreResult
import com.voidproof.core.SignIn as CoreSignIn
import com.voidproof.core.Size as CoreSize
import com.voidproof.core.StepKind as CoreStepKind
import com.voidproof.core.StepState as CoreStepState
import com.voidproof.core.TimelineKind as CoreTimelineKind
import com.voidproof.core.UndoKind as CoreUndoKind
import com.voidproof.core.UndoReason as CoreReason
import com.voidproof.core.UndoStatus as CoreUndoStatus
import com.voidproof.core.Why as CoreWhy

/** Words that cross the boundary by name: each has its twin on the side that hears it. */
class WordsTest {
    private inline fun <reified Said : Enum<Said>, reified Heard : Enum<Heard>> crosses() {
        val heard = enumValues<Heard>().map { it.name }
        val lost = enumValues<Said>().map { it.name }.filter { it !in heard }
        assertEquals(Said::class.simpleName, emptyList<String>(), lost)
    }

    @Test
    fun `each word of the core is understood`() {
        crosses<CoreCause, Cause>()
        crosses<CoreCheckState, CheckState>()
        crosses<CoreGoods, Goods>()
        crosses<CoreLink, Link>()
        crosses<CoreAction, OwedAction>()
        crosses<CorePhase, SettlementPhase>()
        crosses<CoreReason, UndoReason>()
        crosses<CoreResult, SettlementResult>()
        crosses<CoreRetry, Retry>()
        crosses<CoreRole, Role>()
        crosses<CoreSaleStatus, SaleStatus>()
        crosses<CoreSignIn, SignIn>()
        crosses<CoreSize, Size>()
        crosses<CoreStepKind, StepKind>()
        crosses<CoreStepState, StepState>()
        crosses<CoreTimelineKind, TimelineKind>()
        crosses<CoreUndoKind, UndoKind>()
        crosses<CoreUndoStatus, UndoStatus>()
        crosses<CoreWhy, Why>()
    }

    @Test
    fun `each word of the app is understood`() {
        crosses<Copy, CoreCopy>()
        crosses<Language, CoreLang>()
        crosses<OwedAction, CoreAction>()
        crosses<Role, CoreRole>()
        crosses<SaleFilter, CoreFilter>()
        crosses<UndoReason, CoreReason>()
    }
}
