package com.voidproof.gateway.core

import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.runBlocking
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertTrue
import org.junit.Test

/** No core call runs on a forbidden thread. Needs no library: a call that is let through would make the core, and does not get there. */
class DoorTest {
    private var made = false

    private fun make(): Nothing {
        made = true
        throw UnsupportedOperationException("the core")
    }

    private fun refusal(door: Door) = runCatching { runBlocking { door.ask { terminal() } } }.exceptionOrNull()

    @Test
    fun `a call that would stay on a forbidden thread is refused before the core is touched`() {
        val door = Door(Dispatchers.Unconfined, ::make)
        assertEquals("the core", refusal(door)?.message)
        made = false
        door.forbid(Thread.currentThread())
        val said = refusal(door)?.message.orEmpty()
        assertTrue(said, said.startsWith("a core call on ${Thread.currentThread().name}"))
        assertFalse(made)
    }

    @Test
    fun `the door's own threads are let through whoever asks`() {
        val door = Door { make() }
        door.forbid(Thread.currentThread())
        assertEquals("the core", refusal(door)?.message)
    }
}
