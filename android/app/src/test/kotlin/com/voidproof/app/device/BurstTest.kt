package com.voidproof.app.device

import com.voidproof.app.device.wedge.Burst
import com.voidproof.app.device.wedge.Verdict
import org.junit.Assert.assertEquals
import org.junit.Assert.assertNull
import org.junit.Assert.assertTrue
import org.junit.Test

/** A scanner that types, told from a person who does. Each key is its name; time moves by hand. */
class BurstTest {
    private val burst = Burst<String>()
    private var now = 1_000L
    private val passed = ArrayList<String>()
    private val scanned = ArrayList<String>()

    private fun take(verdict: Verdict<String>) {
        passed += verdict.passed
        verdict.scanned?.let { scanned += String(it) }
    }

    private fun type(text: String, every: Long) = text.forEach { char ->
        now += every
        take(burst.down("+$char", char.code, char, now))
        take(burst.up("-$char", char.code))
    }

    private fun end() {
        now += 2
        take(burst.end("+end", END, now))
        take(burst.up("-end", END))
    }

    @Test
    fun `a scan is told whole, and none of its keys reaches the screen`() {
        type("134567890123456789", every = 3)
        end()
        assertEquals(listOf("134567890123456789"), scanned)
        assertEquals(emptyList<String>(), passed)
        assertNull(burst.patience)
    }

    @Test
    fun `two scans one after the other are two`() {
        repeat(2) {
            type("134567890123456789", every = 3)
            end()
        }
        assertEquals(2, scanned.size)
        assertEquals(emptyList<String>(), passed)
    }

    @Test
    fun `what a person types goes on key by key, and so does the enter`() {
        type("1", every = 200)
        assertEquals("held until it is clear", emptyList<String>(), passed)
        take(burst.silent())
        type("2", every = 200)
        take(burst.silent())
        end()
        assertEquals(listOf("+1", "-1", "+2", "-2", "+end", "-end"), passed)
        assertEquals(emptyList<String>(), scanned)
    }

    @Test
    fun `slow keys are a person's even if nobody noticed the silence`() {
        type("1234567890", every = Burst.GAP + 1)
        end()
        assertEquals(10, passed.count { it.startsWith("+") && it != "+end" })
        assertEquals(emptyList<String>(), scanned)
    }

    @Test
    fun `a short fast word is no scan`() {
        type("1234567", every = 3)
        end()
        assertEquals("+1", passed.first())
        assertEquals("-end", passed.last())
        assertEquals(emptyList<String>(), scanned)
    }

    @Test
    fun `a scanner without an enter is through when it falls silent`() {
        type("28763412345678901234", every = 5)
        assertEquals(Burst.END, burst.patience)
        take(burst.silent())
        assertEquals(listOf("28763412345678901234"), scanned)
    }

    @Test
    fun `what is longer than any code is dropped whole`() {
        type("7".repeat(Burst.MOST + 1), every = 1)
        end()
        assertEquals(emptyList<String>(), scanned)
        assertEquals(emptyList<String>(), passed)
        type("134567890123456789", every = 3)
        end()
        assertEquals("the next one is heard", 1, scanned.size)
    }

    @Test
    fun `shift is held with the letter it belongs to`() {
        take(burst.down("+shift", 59, null, now))
        type("ABCDEFGHIJ", every = 3)
        take(burst.up("-shift", 59))
        end()
        assertEquals(listOf("ABCDEFGHIJ"), scanned)
        assertEquals(emptyList<String>(), passed)
    }

    @Test
    fun `another key lets what was held go before it`() {
        type("12", every = 3)
        take(burst.other("+arrow"))
        assertEquals(listOf("+1", "-1", "+2", "-2", "+arrow"), passed)
    }

    @Test
    fun `what was typed is wiped`() {
        type("134567890123456789", every = 3)
        end()
        val field = Burst::class.java.getDeclaredField("typed").apply { isAccessible = true }
        assertTrue((field.get(burst) as CharArray).all { it == '\u0000' })
    }

    private companion object {
        const val END = 66
    }
}
