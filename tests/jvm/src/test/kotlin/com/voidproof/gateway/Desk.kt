package com.voidproof.gateway

import com.voidproof.gateway.core.CoreGateway
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.map
import kotlinx.coroutines.flow.onStart
import kotlinx.coroutines.withTimeoutOrNull
import java.io.File
import javax.crypto.AEADBadTagException
import javax.crypto.Cipher
import javax.crypto.spec.GCMParameterSpec
import javax.crypto.spec.SecretKeySpec

const val CARD = "6222020000000000018"
const val SUPERVISOR = "00"
const val PIN = "824605"

/** A terminal in a folder, as often as it is opened. */
class Desk(val folder: File) {
    val home = folder.resolve("home")
    val keys = SoftKeys()

    fun gateway() = CoreGateway(Ports(home, folder.resolve("outside"), MachineClock, keys))

    suspend fun setUp(host: String): CoreGateway = gateway().also { it.setUp(profile(host), supervisor()) }

    /** Opened again, with the supervisor at the counter. */
    suspend fun reopened(): CoreGateway = gateway().also {
        check(it.open() is CoreState.Ready)
        it.logOn(SUPERVISOR, Secret(PIN))
    }
}

fun supervisor() = NewOperator(SUPERVISOR, "王店长", Role.SUPERVISOR, Secret(PIN))

fun profile(host: String) = """
    schema = 1
    [merchant]
    id = "898310048140001"
    name = "示例便利店"
    [terminal]
    id = "10000001"
    [unionpay]
    host = "$host"
    tmk = "31323334353637383132333435363738"
    timeout_s = 3
""".trimIndent()

fun card(number: String = CARD) = CardRead.Manual(Secret(number), Secret("3012"), null)

fun sale(request: String, amount: Long = 12_34) = SaleRequest(RequestId(request), amount, Means.Card(card()))

fun void(request: String, sale: String, pin: String = PIN) =
    VoidRequest(RequestId(request), sale, UndoReason.CUSTOMER_RETURNS, Approval(SUPERVISOR, Secret(pin)), null)

private const val PATIENCE = 20_000L

/** The sale once it has [status]; looked at after each event. */
suspend fun Gateway.saleOnce(id: String, status: SaleStatus): Sale = once({ sale(id) }) { it.status == status }

/** The undo once it has [status]; looked at after each event. */
suspend fun Gateway.undoOnce(id: String, status: UndoStatus): Undo = once({ undo(id) }) { it.status == status }

/** The undo once it was tried without a connection, and waits for one. */
suspend fun Gateway.undoWaitingForNetwork(id: String): Undo = once({ undo(id) }) { undo ->
    undo.status == UndoStatus.QUEUED && undo.steps.any { it.kind == StepKind.WAIT_NETWORK && it.state == StepState.NOW }
}

private suspend fun <T : Any> Gateway.once(look: suspend () -> T, fits: (T) -> Boolean): T {
    var seen: T? = null
    val found = withTimeoutOrNull(PATIENCE) {
        events.map { }.onStart { emit(Unit) }.map { look().also { seen = it } }.first(fits)
    }
    return found ?: throw AssertionError("still $seen")
}

/** Why [work] failed. */
inline fun failure(work: () -> Unit): Failure = try {
    work()
    throw AssertionError("it was done")
} catch (e: GatewayException) {
    e.failure
}

/** The code with which [work] was refused. */
inline fun refused(work: () -> Unit): String = when (val failure = failure(work)) {
    is Failure.Refused -> failure.explanation.code
    else -> throw AssertionError("$failure")
}

/** A key store in memory that can lose its key. */
class SoftKeys : KeyStore {
    var lost = false

    /** Called before each use. */
    var watch = {}
    private var key = SecretKeySpec(ByteArray(32) { it.toByte() }, "AES")
    private val nonce = GCMParameterSpec(128, ByteArray(12))

    override fun wrap(key: ByteArray): ByteArray = run(Cipher.ENCRYPT_MODE, key)

    /** A platform that has forgotten a key gives none, as for one it never had. */
    override fun unwrap(wrapped: ByteArray): ByteArray? = if (lost) null else try {
        run(Cipher.DECRYPT_MODE, wrapped)
    } catch (e: AEADBadTagException) {
        null
    }

    /** A new key for the old one. */
    fun replace() {
        key = SecretKeySpec(ByteArray(32) { (it + 1).toByte() }, "AES")
    }

    private fun run(mode: Int, bytes: ByteArray): ByteArray {
        watch()
        return Cipher.getInstance("AES/GCM/NoPadding").apply { init(mode, key, nonce) }.doFinal(bytes)
    }
}

object MachineClock : Clock {
    private val boot = File("/proc/sys/kernel/random/boot_id").readText().trim()

    override fun wall() = System.currentTimeMillis()

    override fun sinceBoot() = System.nanoTime() / 1_000_000

    override fun bootId() = boot
}
