package com.voidproof.gateway.core

import com.voidproof.gateway.Failure
import com.voidproof.gateway.GatewayException
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
    fun `a library that cannot be loaded is told, each time`() {
        val door = Door(Dispatchers.Unconfined) { throw UnsatisfiedLinkError("for another processor") }
        repeat(2) { assertEquals(Failure.CoreMissing("UnsatisfiedLinkError"), (refusal(door) as GatewayException).failure) }
        val again = Door(Dispatchers.Unconfined) { throw NoClassDefFoundError("the bindings, after they failed once") }
        assertEquals(Failure.CoreMissing("NoClassDefFoundError"), (refusal(again) as GatewayException).failure)
    }

    @Test
    fun `the door's own threads are let through whoever asks`() {
        val door = Door { make() }
        door.forbid(Thread.currentThread())
        assertEquals("the core", refusal(door)?.message)
    }
}
