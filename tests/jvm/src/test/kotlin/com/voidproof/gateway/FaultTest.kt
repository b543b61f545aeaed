package com.voidproof.gateway

import com.voidproof.core.Change
import com.voidproof.core.ClockReading
import com.voidproof.core.Core
import com.voidproof.core.Event
import com.voidproof.core.InternalException
import com.voidproof.core.Observer
import com.voidproof.core.Places
import kotlinx.coroutines.runBlocking
import org.junit.Assert.assertEquals
import org.junit.Assert.assertThrows
import org.junit.Assert.assertTrue
import org.junit.Rule
import org.junit.Test
import org.junit.rules.TemporaryFolder
import java.lang.reflect.InvocationTargetException
import java.util.concurrent.LinkedBlockingQueue
import java.util.concurrent.TimeUnit
import com.voidproof.core.Clock as CoreClock
import com.voidproof.core.CoreState as State
import com.voidproof.core.Edition as CoreEdition
import com.voidproof.core.KeyStore as CoreKeys

/** When, which version, on which thread, where. */
private val PLACE = Regex("\\d+ \\d+\\.\\d+\\.\\d+ \\S+ \\S+\\.rs:\\d+:\\d+")

/** A panic of the core, caught at the boundary. */
class FaultTest {
    @get:Rule
    val folder = TemporaryFolder()
    private val desk by lazy { Desk(folder.root) }

    @Test
    fun `a panic becomes an error, is recorded by its place alone, and the core opens again`() {
        runBlocking { desk.setUp("127.0.0.1:1").close() }
        val told = LinkedBlockingQueue<Change>()
        val core = bare(told)
        assertTrue(core.open() is State.Ready)
        assertThrows(InternalException::class.java) { panic() }
        assertEquals(Change.RestartNeeded, generateSequence { told.poll(10, TimeUnit.SECONDS) }.first { it == Change.RestartNeeded })
        val record = desk.home.resolve("crash.log").readText()
        assertTrue(record, record.isNotEmpty() && record.trimEnd().lines().all(PLACE::matches))
        core.shutdown()
        assertTrue(core.open() is State.Ready)
        core.shutdown()
        core.close()
    }

    /** The core without the gateway, which lends itself to no such mistake. */
    private fun bare(told: LinkedBlockingQueue<Change>): Core {
        val clock = object : CoreClock {
            override fun now() = ClockReading(MachineClock.wall(), MachineClock.sinceBoot(), MachineClock.bootId())
        }
        val keys = object : CoreKeys {
            override fun wrap(key: ByteArray) = desk.keys.wrap(key)

            override fun unwrap(wrapped: ByteArray) = desk.keys.unwrap(wrapped)
        }
        val observer = object : Observer {
            override fun onEvent(event: Event) {
                told += event.change
            }
        }
        return Core(Places(desk.home.path, folder.root.resolve("outside").path, CoreEdition.TRAINING), clock, keys, observer)
    }

    /** A call as the generated code makes it, but with text that is nowhere: the core cannot go on. */
    private fun panic() {
        val text = made("RustBuffer\$ByValue")
        text.javaClass.getField("len").setLong(text, 1)
        val status = made("UniffiRustCallStatus")
        val library = generated("UniffiLib")
        val call = library.methods.first { it.name.endsWith("fn_func_init_logging") }
        call.invoke(library.getField("INSTANCE").get(null), text, status)
        val check = generated("Pos_ffiKt").declaredMethods.first { it.name == "uniffiCheckCallStatus" }
        check.isAccessible = true
        try {
            check.invoke(null, generated("UniffiNullRustCallStatusErrorHandler").getField("INSTANCE").get(null), status)
        } catch (e: InvocationTargetException) {
            throw e.targetException
        }
    }

    private fun generated(name: String) = Class.forName("com.voidproof.core.$name")

    private fun made(name: String): Any = generated(name).getConstructor().newInstance()
}
