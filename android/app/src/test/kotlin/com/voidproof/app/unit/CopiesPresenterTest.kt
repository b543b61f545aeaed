package com.voidproof.app.unit

import com.voidproof.app.core.Effect
import com.voidproof.app.device.CopyVolume
import com.voidproof.app.device.FoundFile
import com.voidproof.app.screens.rescue.CopiesMessage
import com.voidproof.app.screens.rescue.CopiesPresenter
import com.voidproof.app.screens.rescue.PassphraseTrouble
import com.voidproof.app.screens.rescue.RestoreCopyMessage
import com.voidproof.app.screens.rescue.RestoreCopyPresenter
import com.voidproof.app.screens.rescue.RestoreCopyState
import com.voidproof.gateway.Copies
import com.voidproof.gateway.CopyFacts
import com.voidproof.gateway.Failure
import com.voidproof.gateway.Operator
import com.voidproof.gateway.Role
import com.voidproof.gateway.Secret
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertNotNull
import org.junit.Assert.assertNull
import org.junit.Assert.assertTrue
import org.junit.Test

class CopiesPresenterTest {
    private val presenter = CopiesPresenter()
    private val off = Copies(on = false, last = null, due = true, failed = null, failedAt = null)
    private val boss = Operator("00", "", Role.SUPERVISOR, enabled = true)
    private val card = CopyVolume("card", removable = true)

    private fun asking() = presenter.on(presenter.on(presenter.initial, CopiesMessage.Loaded(off, listOf(card), null)).state, CopiesMessage.Begin).state

    @Test
    fun `a passphrase is typed twice, long enough, and stands in no state`() {
        val short = Secret("too short")
        val refused = presenter.on(asking(), CopiesMessage.Save(short, Secret("too short")))
        assertEquals(PassphraseTrouble.TOO_SHORT, refused.state.trouble)
        assertTrue(short.reveal { typed -> typed.all { it == '\u0000' } })
        val other = presenter.on(asking(), CopiesMessage.Save(Secret("a lamp in the rain"), Secret("a lamp in the snow")))
        assertEquals(PassphraseTrouble.DIFFERENT, other.state.trouble)
        assertTrue(other.effects.isEmpty())
        val taken = presenter.on(asking(), CopiesMessage.Save(Secret("a lamp in the rain"), Secret("a lamp in the rain")))
        assertTrue(taken.effects.single() is Effect.Ask)
        assertFalse("lamp" in taken.state.toString())
    }

    @Test
    fun `going back wipes the passphrase`() {
        val typed = Secret("a lamp in the rain")
        val saved = presenter.on(asking(), CopiesMessage.Save(typed, Secret("a lamp in the rain"))).state
        val approving = presenter.on(saved, CopiesMessage.Ask(listOf(boss))).state
        assertNotNull(approving.approving)
        val back = presenter.back(approving)
        assertFalse(back.state.asking)
        assertTrue(typed.reveal { letters -> letters.all { it == '\u0000' } })
    }

    @Test
    fun `a wrong PIN asks again, all else ends the asking`() {
        val approving = presenter.on(asking(), CopiesMessage.Ask(listOf(boss))).state
        val wrong = presenter.on(approving, CopiesMessage.Failed(Failure.WrongPin("00", 2))).state
        assertEquals(1, wrong.approving!!.tries)
        val full = presenter.on(approving, CopiesMessage.Failed(Failure.DiskFull)).state
        assertNull(full.approving)
        assertEquals(Failure.DiskFull, full.failure)
    }

    @Test
    fun `a copy is taken over only after it was opened, and its passphrase is wiped`() {
        val restore = RestoreCopyPresenter()
        val chosen = RestoreCopyState(chosen = FoundFile("/card/a.voidcopy", "a.voidcopy", 10))
        assertTrue(restore.on(chosen, RestoreCopyMessage.TakeOver).effects.isEmpty())
        val typed = Secret("a lamp in the rain")
        val opening = restore.on(chosen, RestoreCopyMessage.Open(typed))
        assertTrue(opening.state.busy && opening.effects.single() is Effect.Ask)
        assertTrue(restore.on(opening.state, RestoreCopyMessage.Open(Secret("again and again"))).effects.isEmpty())
        val opened = restore.on(opening.state, RestoreCopyMessage.Opened(CopyFacts("店", "M", "T", 0, 1))).state
        assertTrue(restore.on(opened, RestoreCopyMessage.TakeOver).effects.single() is Effect.Ask)
        val done = restore.on(opened, RestoreCopyMessage.Done)
        assertEquals(listOf(Effect.Reopen), done.effects)
        assertTrue(typed.reveal { letters -> letters.all { it == '\u0000' } })
    }
}
