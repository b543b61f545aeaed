package com.voidproof.app.installed

import com.voidproof.app.device.platform.AndroidKeys
import com.voidproof.gateway.SaleStatus
import com.voidproof.gateway.StepKind
import com.voidproof.gateway.StepState
import com.voidproof.gateway.UndoStatus
import java.io.File
import java.net.HttpURLConnection
import java.net.URL
import kotlinx.coroutines.runBlocking
import org.junit.Assert.assertEquals
import org.junit.Test

/** The terminal of both halves, its key in the platform's key store. */
private val terminal get() = Terminal("pair", AndroidKeys())
private val ids get() = File(terminal.folder, "ids")

/** Sells, pulls the simulated host's plug, voids, and ends with the void still owed. Then comes a kill or a reboot. */
@DeviceOnly
@Paired
class BeforeTheEnd {
    @Test
    fun aVoidWaitsForTheNetwork() = runBlocking {
        val gateway = terminal.fresh().setUp(Here.argument("host"))
        val sale = gateway.sell(sale("r1")).id
        gateway.once({ sale(sale) }) { it.status == SaleStatus.APPROVED }
        tellHost("""{"do":"offline"}""")
        val undo = gateway.voidSale(void("r2", sale)).id
        gateway.once({ undo(undo) }) { found ->
            found.status == UndoStatus.QUEUED && found.steps.any { it.kind == StepKind.WAIT_NETWORK && it.state == StepState.NOW }
        }
        ids.writeText("$sale $undo")
    }
}

/** After it: the void is still there, is delivered once, and the host has nothing of the sale. */
@DeviceOnly
@Paired
class AfterTheEnd {
    @Test
    fun theVoidArrivesOnce() = runBlocking {
        val (sale, undo) = ids.readText().split(' ')
        val gateway = terminal.reopened()
        assertEquals(UndoStatus.QUEUED, gateway.undo(undo).status)
        tellHost("""{"do":"online"}""")
        gateway.retryAll()
        gateway.once({ undo(undo) }) { it.status == UndoStatus.VOIDED }
        assertEquals(0L, gateway.sale(sale).net)
        gateway.close()
        terminal.fresh()
        Unit
    }
}

private fun tellHost(command: String) {
    val connection = URL("http://${Here.argument("control")}/do").openConnection() as HttpURLConnection
    connection.requestMethod = "POST"
    connection.doOutput = true
    connection.outputStream.use { it.write(command.toByteArray()) }
    check(connection.responseCode == HttpURLConnection.HTTP_OK) { "the host says ${connection.responseCode}" }
}
