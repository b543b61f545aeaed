package com.voidproof.terminal

import android.content.Context
import com.voidproof.app.device.CardReader
import com.voidproof.app.device.CardResult
import com.voidproof.app.device.CardTrouble
import com.voidproof.app.device.CodeScanner
import com.voidproof.app.device.Devices
import com.voidproof.app.device.PrintResult
import com.voidproof.app.device.Printer
import com.voidproof.app.device.Printers
import com.voidproof.app.device.Scan
import com.voidproof.app.device.Signal
import com.voidproof.app.device.Signals
import com.voidproof.app.device.nfc.TapReader
import com.voidproof.app.device.platform.AndroidClock
import com.voidproof.app.device.platform.AndroidDevices
import com.voidproof.gateway.CardRead
import com.voidproof.gateway.Clock
import com.voidproof.gateway.Gateway
import com.voidproof.gateway.Network
import com.voidproof.gateway.ReceiptLine
import com.voidproof.gateway.Secret
import com.voidproof.gateway.TapFor
import java.io.Closeable
import java.util.concurrent.CopyOnWriteArrayList
import java.util.concurrent.atomic.AtomicReference
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.async
import kotlinx.coroutines.cancelChildren
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.selects.select
import org.json.JSONArray
import org.json.JSONObject

/** Card reader, scanner, printer, clock and loudspeaker of the simulated device, moved by the people at the panel. */
internal class SimulatedCounter {
    private class Wait(val amount: Long, val card: CompletableDeferred<CardResult> = CompletableDeferred())

    private val waiting = AtomicReference<Wait?>()
    private val waitingForCode = AtomicReference<CompletableDeferred<Secret>?>()
    private val slips = CopyOnWriteArrayList<List<ReceiptLine>>()
    private val clock = MovableClock()

    @Volatile private var paper = PrintResult.PRINTED

    @Volatile private var signal: Signal? = null

    @Volatile private var network = Network.CONNECTED
    private val watchers = CopyOnWriteArrayList<(Network) -> Unit>()

    private val antenna = SimulatedAntenna()

    /** [core] reads what is held to the antenna; what is swiped or inserted was read by the simulated reader itself. */
    fun devices(context: Context, core: suspend () -> Gateway): Devices = object : AndroidDevices(context) {
        override val clock: Clock = this@SimulatedCounter.clock
        override val cardReader: CardReader = object : CardReader {
            private val taps = TapReader(antenna, antenna, core = core)

            override suspend fun read(amount: Long) = read(amount, TapFor.SALE)

            override suspend fun read(amount: Long, purpose: TapFor): CardResult = coroutineScope {
                val swiped = async { waitForCard(amount) }
                val tapped = async { taps.read(amount, purpose) }
                select { listOf(swiped, tapped).forEach { way -> way.onAwait { it } } }.also { coroutineContext.cancelChildren() }
            }

            override val certified = taps.certified
        }
        override val scanner: CodeScanner = object : CodeScanner {
            override suspend fun scan(tell: (Scan) -> Unit) {
                while (true) tell(Scan.Code(waitForCode()))
            }
        }
        override val printers: Printers? = null
        override val printer: Printer = object : Printer {
            override suspend fun print(lines: List<ReceiptLine>) = paper.also { if (it == PrintResult.PRINTED) slips += lines }
        }
        override fun watchNetwork(tell: (Network) -> Unit): Closeable {
            watchers += tell
            tell(network)
            return Closeable { watchers -= tell }
        }
        override val signals: Signals = object : Signals {
            override fun tell(signal: Signal) {
                this@SimulatedCounter.signal = signal
            }
        }
    }

    private suspend fun waitForCard(amount: Long): CardResult {
        val wait = Wait(amount)
        waiting.set(wait)
        try {
            return wait.card.await()
        } finally {
            waiting.compareAndSet(wait, null)
        }
    }

    private suspend fun waitForCode(): Secret {
        val code = CompletableDeferred<Secret>()
        waitingForCode.set(code)
        try {
            return code.await()
        } finally {
            waitingForCode.compareAndSet(code, null)
        }
    }

    /** False: the scanner waits for no code. */
    fun show(code: String): Boolean = waitingForCode.get()?.complete(Secret(code)) == true

    /** False: the reader waits for no card. */
    fun present(card: JSONObject): Boolean = when (card.optString("entry")) {
        "held" -> antenna.hold(tag(card))
        else -> waiting.get()?.card?.complete(read(card)) == true
    }

    private fun tag(card: JSONObject): SimulatedTag {
        val digits = { name: String, of: IntRange ->
            card.optString(name).takeIf { it.length in of && it.all(Char::isDigit) } ?: throw BadRequest(name, "digits expected")
        }
        val pin = card.optString("pin").takeIf(String::isNotEmpty)?.let { Secret(it) }
        return SimulatedTag(digits("pan", NUMBER), digits("expiry", EXPIRY), card.optBoolean("owner_checked"), pin)
    }

    private fun read(card: JSONObject): CardResult {
        card.optString("trouble").takeIf(String::isNotEmpty)?.let { name ->
            return CardResult.Failed(CardTrouble.values().firstOrNull { it.name.equals(name, true) } ?: throw BadRequest("trouble", name))
        }
        val pin = card.optString("pin").takeIf(String::isNotEmpty)?.let { Secret(it) }
        val read = when (val entry = card.optString("entry", "swipe")) {
            "manual" -> CardRead.Manual(card.secret("pan"), card.secret("expiry"), pin)
            "swipe" -> CardRead.Stripe(card.secret("track2"), pin)
            "tap", "insert" -> {
                val sequence = card.optString("sequence").takeIf(String::isNotEmpty)
                CardRead.Chip(card.secret("field55"), card.secret("track2"), sequence, entry == "tap", pin)
            }
            else -> throw BadRequest("entry", entry)
        }
        return CardResult.Read(read)
    }

    private fun JSONObject.secret(name: String): Secret =
        optString(name).takeIf(String::isNotEmpty)?.let { Secret(it) } ?: throw BadRequest(name, "missing")

    fun printer(state: String) {
        paper = when (state) {
            "ok" -> PrintResult.PRINTED
            "paper_out" -> PrintResult.PAPER_OUT
            "hot" -> PrintResult.TOO_HOT
            "off" -> PrintResult.NOT_CONNECTED
            else -> throw BadRequest("arg", state)
        }
    }

    /** What the device says of its network; whether a host answers is the plug's business. */
    fun network(state: String) {
        network = when (state) {
            "connected" -> Network.CONNECTED
            "none" -> Network.NONE
            else -> throw BadRequest("arg", state)
        }
        watchers.forEach { it(network) }
    }

    /** Both in milliseconds: [wall] moves the clock on the wall alone, [passed] lets time pass on both. */
    fun move(wall: Long, passed: Long) = clock.move(wall, passed)

    fun slipsAfter(number: Int): JSONArray = JSONArray().apply {
        slips.withIndex().drop(number).forEach { (i, lines) -> put(JSONObject().put("number", i + 1).put("lines", JSONArray(lines.map(::line)))) }
    }

    private fun line(line: ReceiptLine) = JSONObject()
        .put("text", line.text)
        .put("align", line.align.name.lowercase())
        .put("size", line.size.name.lowercase())
        .put("kind", line.kind.name.lowercase())

    fun describe(): JSONObject = JSONObject()
        .put("waits_for_card", waiting.get() != null)
        .put("waits_for_tag", antenna.waits)
        .put("waits_for_code", waitingForCode.get() != null)
        .put("amount", waiting.get()?.amount ?: JSONObject.NULL)
        .put("printer", paper.name.lowercase())
        .put("slips", slips.size)
        .put("signal", signal?.name?.lowercase() ?: JSONObject.NULL)
        .put("wall", clock.wall())
        .put("since_boot", clock.sinceBoot())

    private companion object {
        val NUMBER = 12..19
        val EXPIRY = 4..4
    }
}

/** The host's time, moved by hand. The simulated device boots with its process. */
private class MovableClock : Clock {
    private val host = AndroidClock()

    @Volatile private var wallMoved = 0L

    @Volatile private var bootMoved = 0L

    fun move(wall: Long, passed: Long) {
        wallMoved += wall + passed
        bootMoved += passed
    }

    override fun wall() = System.currentTimeMillis() + wallMoved

    override fun sinceBoot() = System.nanoTime() / NANOS + bootMoved

    override fun bootId() = host.bootId()

    private companion object {
        const val NANOS = 1_000_000
    }
}

/** What was asked makes no sense: [where] it stands and [what] was found. */
internal class BadRequest(val where: String, val what: String) : Exception("$where: $what")
