package com.voidproof.app.unit

import com.voidproof.app.core.NewsBoard
import com.voidproof.app.core.Told
import com.voidproof.gateway.Change
import com.voidproof.gateway.CoreEvent
import com.voidproof.gateway.UndoKind
import com.voidproof.gateway.UndoStatus
import org.junit.Assert.assertEquals
import org.junit.Assert.assertNull
import org.junit.Test

class NewsBoardTest {
    private fun event(sequence: Long, undo: String, status: UndoStatus) =
        CoreEvent(sequence, 0, Change.UndoChanged(undo, "s", UndoKind.VOID, status, 100))

    @Test
    fun `steps on the way are acknowledged unseen, ends wait to be seen`() {
        val sent = NewsBoard().with(event(1, "a", UndoStatus.SENDING))
        assertEquals(1L, sent.seen)
        val voided = sent.board.with(event(2, "a", UndoStatus.VOIDED))
        assertNull(voided.seen)
        assertEquals(1, voided.board.shown.size)
    }

    @Test
    fun `an unseen end holds back the number of all that came after it`() {
        val first = NewsBoard().with(event(1, "a", UndoStatus.REFUSED)).board
        val second = first.with(event(2, "b", UndoStatus.VOIDED)).board
        val third = second.with(event(3, "c", UndoStatus.SENDING)).board
        val later = third.without(third.shown.last())
        assertNull(later.seen)
        assertEquals(3L, later.board.without(later.board.shown.single()).seen)
    }

    @Test
    fun `only the screen that shows the very status counts as having told it`() {
        val board = NewsBoard().with(event(1, "a", UndoStatus.VOIDED)).board
        assertNull(board.seenAs(Told("a", "QUEUED")).seen)
        assertNull(board.seenAs(Told("b", "VOIDED")).seen)
        assertNull(board.seenAs(null).seen)
        assertEquals(1L, board.seenAs(Told("a", "VOIDED")).seen)
    }

    @Test
    fun `an event told again is not news`() {
        val seen = NewsBoard().with(event(5, "a", UndoStatus.VOIDED)).board.seenAs(Told("a", "VOIDED")).board
        assertEquals(emptyList<Any>(), seen.with(event(5, "a", UndoStatus.VOIDED)).board.shown)
    }

    @Test
    fun `a newer end of the same undo replaces the older`() {
        val board = NewsBoard().with(event(1, "a", UndoStatus.NEEDS_CARD)).board.with(event(2, "a", UndoStatus.VOIDED)).board
        assertEquals(listOf(2L), board.shown.map { it.sequence })
    }
}
