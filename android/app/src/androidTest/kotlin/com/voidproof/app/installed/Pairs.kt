package com.voidproof.app.installed

import com.voidproof.app.device.platform.AndroidKeys
import com.voidproof.gateway.SaleStatus
import com.voidproof.gateway.StepKind
import com.voidproof.gateway.StepState
import com.voidproof.gateway.Undo
import com.voidproof.gateway.UndoStatus
import java.io.File
import java.net.HttpURLConnection
import java.net.URL
import kotlinx.coroutines.runBlocking
import org.junit.Assert.assertEquals
import org.junit.Test

/** What one half leaves for the other: a terminal whose key is in the platform's key store, a sale and its void. */
private class Left(name: String) {
    val terminal = Terminal(name, AndroidKeys())
    private val ids = File(terminal.folder, "ids")

    /** A sale, and its void as far as [fits]. */
    suspend fun soldAndVoided(before: () -> Unit, fits: (Undo) -> Boolean) {
        val gateway = terminal.fresh().setUp(Here.argument("host"))
        val sale = gateway.sell(sale("r1")).id
        gateway.once({ sale(sale) }) { it.status == SaleStatus.APPROVED }
        before()
        val undo = gateway.voidSale(void("r2", sale)).id
        gateway.once({ undo(undo) }, fits)
        ids.writeText("$sale $undo")
    }

    /** The void, [still] in this state at first, goes through: neither side has anything of the sale, and the host saw it undone once. */
    suspend fun delivered(still: UndoStatus? = null) {
        val (sale, undo) = ids.readText().split(' ')
        val gateway = terminal.reopened()
        still?.let { assertEquals(it, gateway.undo(undo).status) }
        tellHost("""{"do":"online"}""")
        gateway.retryAll()
        gateway.once({ undo(undo) }) { it.status == UndoStatus.VOIDED }
        assertEquals(0L, gateway.sale(sale).net)
        assertEquals(0L, hostsNet())
        gateway.close()
        terminal.fresh()
    }
}

/** Sells, pulls the simulated host's plug, voids, and ends with the void still owed. Then comes a kill or a reboot. */
@DeviceOnly
@Paired
class BeforeTheEnd {
    @Test
    fun aVoidWaitsForTheNetwork() = runBlocking {
        Left("pair").soldAndVoided({ tellHost("""{"do":"offline"}""") }) { undo ->
            undo.status == UndoStatus.QUEUED && undo.steps.any { it.kind == StepKind.WAIT_NETWORK && it.state == StepState.NOW }
        }
    }
}

@DeviceOnly
@Paired
class AfterTheEnd {
    @Test
    fun theVoidArrivesOnce() = runBlocking { Left("pair").delivered(still = UndoStatus.QUEUED) }
}

/** Ends while a void is on its way: the host booked it and is silent. Then comes the kill. */
@DeviceOnly
@Paired
class BeforeTheCut {
    @Test
    fun aVoidIsOnItsWay() = runBlocking {
        val silence = "[[fault]]\non = \"void\"\nat = \"after_booking\"\ndo = \"drop\"\n"
        Left("cut").soldAndVoided({ askHost("POST", "/faults", silence) }) { it.status == UndoStatus.SENDING }
    }
}

/** Nothing tells whether the host has it: the terminal undoes its attempt and voids again, perhaps before anybody looks. */
@DeviceOnly
@Paired
class AfterTheCut {
    @Test
    fun theVoidCountsOnce() = runBlocking { Left("cut").delivered() }
}

/** Found only where the host saw nothing that must not be. */
private val NET = Regex("\"unionpay\":\\{(?:(?!\"violations\").)*\"net\":(-?\\d+),\"violations\":\\[]")

private fun hostsNet(): Long = NET.find(askHost("GET", "/ledger", null))!!.groupValues[1].toLong()

private fun tellHost(command: String) = askHost("POST", "/do", command)

private fun askHost(method: String, path: String, body: String?): String {
    val connection = URL("http://${Here.argument("control")}$path").openConnection() as HttpURLConnection
    connection.requestMethod = method
    body?.let {
        connection.doOutput = true
        connection.outputStream.use { out -> out.write(it.toByteArray()) }
    }
    check(connection.responseCode == HttpURLConnection.HTTP_OK) { "the host says ${connection.responseCode}" }
    return connection.inputStream.bufferedReader().readText()
}
