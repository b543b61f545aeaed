package com.voidproof.gateway

import kotlinx.coroutines.Job
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.take
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import org.junit.After
import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.Rule
import org.junit.Test
import org.junit.rules.TemporaryFolder
import java.io.File

/** What survives: a kill, a restart, a caller that goes away. */
class RestartTest {
    @get:Rule
    val folder = TemporaryFolder()
    private val host = Host()
    private val desk by lazy { Desk(folder.root) }

    @After
    fun stop() = host.close()

    /** Another process with a terminal in the folder; gives its words, and is killed once it said them and [ready]. */
    private fun killed(main: String, ready: () -> Boolean = { true }): List<String> {
        val java = File(System.getProperty("java.home"), "bin/java").path
        val native = System.getProperty("jna.library.path")
        val path = System.getProperty("java.class.path")
        val process = ProcessBuilder(
            java, "-XX:TieredStopAtLevel=1", "-Djna.library.path=$native", "-cp", path,
            main, folder.root.path, host.address, host.control,
        ).redirectError(ProcessBuilder.Redirect.INHERIT).start()
        val words = process.inputStream.bufferedReader().readLine().orEmpty().split(' ')
        val patience = System.nanoTime() + 20_000_000_000
        while (!ready()) check(System.nanoTime() < patience) { "not ready" }
        process.destroyForcibly().waitFor()
        return words
    }

    @Test
    fun `a void that waits survives a kill and is delivered once`() = runBlocking {
        val (sale, undo) = killed(OfflineVoid::class.java.name)
        val gateway = desk.reopened()
        assertEquals(UndoStatus.QUEUED, gateway.undo(undo).status)
        assertEquals(WayBack.InProgress(undo), gateway.sale(sale).wayBack)
        host.online()
        gateway.retryAll()
        gateway.undoOnce(undo, UndoStatus.VOIDED)
        assertEquals(0L, host.net())
        gateway.close()
    }

    @Test
    fun `events are told again until they are acknowledged`() = runBlocking {
        val gateway = desk.setUp(host.address)
        val sale = gateway.sell(sale("r1")).id
        gateway.saleOnce(sale, SaleStatus.APPROVED)
        gateway.close()

        val again = desk.reopened()
        val told = withTimeout(10_000) { again.events.take(3).toList() }
        val changes = told.map { it.change }
        assertTrue("$changes", Change.SaleChanged(sale, SaleStatus.SENDING) in changes)
        assertEquals(told.map { it.sequence }.sorted(), told.map { it.sequence })
        val approved = again.events.first { it.change == Change.SaleChanged(sale, SaleStatus.APPROVED) }
        again.acknowledge(approved.sequence)
        again.close()

        val third = desk.reopened()
        val next = third.sell(sale("r2")).id
        val first = withTimeout(10_000) { third.events.first { it.change is Change.SaleChanged } }
        assertEquals(next, (first.change as Change.SaleChanged).sale)
        assertTrue(first.sequence > approved.sequence)
        third.close()
    }

    @Test
    fun `a payment goes on when its caller is cancelled`() = runBlocking {
        val gateway = desk.setUp(host.address)
        host.fault("on=\"sale\"\nat=\"request_read\"\ndo=\"delay\"\narg=\"500\"")
        val caller: Job = launch { gateway.sell(sale("r1")) }
        gateway.events.first { it.change is Change.SaleChanged }
        caller.cancelAndJoin()
        val sale = gateway.saleOf(RequestId("r1"))!!
        gateway.saleOnce(sale.id, SaleStatus.APPROVED)
        assertEquals(1234L, host.net())
        gateway.close()
    }

    @Test
    fun `a sale cut off by a kill is unknown, reversed, and never counted`() = runBlocking {
        host.fault("on=\"sale\"\nat=\"after_booking\"\ndo=\"delay\"\narg=\"60000\"")
        val (sale) = killed(SaleUnderWay::class.java.name) { host.net() == 1234L }
        host.offline()
        val gateway = desk.reopened()
        assertEquals(SaleStatus.UNKNOWN to null, gateway.sale(sale).let { it.status to it.net })
        host.online()
        gateway.retryAll()
        gateway.saleOnce(sale, SaleStatus.REVERSED)
        assertEquals(0L, host.net())
        gateway.close()
    }
}

/** Sells, voids without the host, tells both names, and waits to be killed. */
object OfflineVoid {
    @JvmStatic
    fun main(arguments: Array<String>) = runBlocking {
        val (folder, address) = arguments
        val gateway = Desk(File(folder)).setUp(address)
        val sale = gateway.sell(sale("r1")).id
        gateway.saleOnce(sale, SaleStatus.APPROVED)
        Host.offline(arguments[2])
        val undo = gateway.voidSale(void("r2", sale)).id
        gateway.undoWaitingForNetwork(undo)
        tellAndWait("$sale $undo")
    }
}

/** Sells, tells the name while the answer is out, and waits to be killed. */
object SaleUnderWay {
    @JvmStatic
    fun main(arguments: Array<String>) = runBlocking {
        val (folder, address) = arguments
        val gateway = Desk(File(folder)).setUp(address)
        val sale = gateway.sell(sale("r1")).id
        tellAndWait(sale)
    }
}

private fun tellAndWait(words: String) {
    println(words)
    System.out.flush()
    System.`in`.read()
}
