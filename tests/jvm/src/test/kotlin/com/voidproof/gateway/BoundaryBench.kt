package com.voidproof.gateway

import kotlinx.coroutines.flow.first
import kotlinx.coroutines.runBlocking
import java.io.File
import java.nio.file.Files
import com.voidproof.core.Clock as CoreClock
import com.voidproof.core.ClockReading
import com.voidproof.core.Core
import com.voidproof.core.Edition
import com.voidproof.core.Event
import com.voidproof.core.KeyStore as CoreKeys
import com.voidproof.core.Lang
import com.voidproof.core.Observer
import com.voidproof.core.Places

/**
 * What the boundary costs. Run by hand, with the class path of the tests:
 *
 *     java -Djna.library.path=target/release -cp … com.voidproof.gateway.BoundaryBench
 */
object BoundaryBench {
    @JvmStatic
    fun main(arguments: Array<String>) {
        val folder = Files.createTempDirectory("bench").toFile()
        try {
            measure(folder)
        } finally {
            folder.deleteRecursively()
        }
    }

    private fun measure(folder: File) = runBlocking {
        val began = System.nanoTime()
        val core = core(folder)
        tell("library loaded, object made", System.nanoTime() - began)
        val gateway = Desk(folder).setUp("127.0.0.1:1")
        gateway.close()
        core.open()
        core.logOn(SUPERVISOR, PIN.toByteArray())
        each("a call that carries one word") { core.setLanguage(Lang.EN) }
        each("a call that answers an explanation") { core.explain("51", null) }
        val before = Ticking.calls
        each("terminal()") { core.terminal() }
        println("  with ${(Ticking.calls - before) / (2 * ROUNDS)} callbacks to the clock in it")
        core.shutdown()
        core.destroy()

        val opening = System.nanoTime()
        val open = Desk(folder).reopened()
        tell("opened and logged on", System.nanoTime() - opening)
        each("terminal(), through the gateway") { open.terminal() }
        repeat(20) { number ->
            val start = System.nanoTime()
            val made = open.sell(sale("b$number"))
            val durable = System.nanoTime()
            open.events.first { (it.change as? Change.SaleChanged)?.sale == made.id }
            if (number == 19) {
                tell("sell() returned: durable", durable - start)
                tell("its first event heard", System.nanoTime() - durable)
            }
        }
        open.close()
    }

    private fun core(folder: File): Core {
        val desk = Desk(folder)
        val keys = object : CoreKeys {
            override fun wrap(key: ByteArray) = desk.keys.wrap(key)

            override fun unwrap(wrapped: ByteArray) = desk.keys.unwrap(wrapped)
        }
        return Core(Places(desk.home.path, folder.resolve("outside").path, Edition.TRAINING), Ticking, keys, Deaf)
    }

    private const val ROUNDS = 5_000

    private inline fun each(what: String, call: () -> Unit) {
        repeat(ROUNDS) { call() }
        val start = System.nanoTime()
        repeat(ROUNDS) { call() }
        tell(what, (System.nanoTime() - start) / ROUNDS)
    }

    private fun tell(what: String, nanos: Long) = println("%-40s %,12d ns".format(what, nanos))

    private object Ticking : CoreClock {
        var calls = 0

        override fun now(): ClockReading {
            calls++
            return ClockReading(MachineClock.wall(), MachineClock.sinceBoot(), MachineClock.bootId())
        }
    }

    private object Deaf : Observer {
        override fun onEvent(event: Event) = Unit
    }
}
