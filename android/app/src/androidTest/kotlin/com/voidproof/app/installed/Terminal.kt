package com.voidproof.app.installed

import com.voidproof.app.device.platform.AndroidClock
import com.voidproof.gateway.Approval
import com.voidproof.gateway.CardRead
import com.voidproof.gateway.Clock
import com.voidproof.gateway.CoreState
import com.voidproof.gateway.Gateway
import com.voidproof.gateway.KeyStore
import com.voidproof.gateway.Means
import com.voidproof.gateway.NewOperator
import com.voidproof.gateway.Ports
import com.voidproof.gateway.RequestId
import com.voidproof.gateway.Role
import com.voidproof.gateway.SaleRequest
import com.voidproof.gateway.Secret
import com.voidproof.gateway.UndoReason
import com.voidproof.gateway.VoidRequest
import com.voidproof.gateway.core.CoreGateway
import java.io.File
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.map
import kotlinx.coroutines.flow.onStart
import kotlinx.coroutines.withTimeout

const val SUPERVISOR = "00"
const val PIN = "824605"
private const val PATIENCE = 60_000L

/** A terminal of the tests' own beside the app's, as often as it is opened. */
class Terminal(name: String, private val keys: KeyStore, private val clock: Clock = AndroidClock()) {
    val folder = File(Here.context.filesDir, "installed-tests/$name")

    fun gateway(): Gateway = CoreGateway(Ports(File(folder, "home"), File(folder, "outside"), clock, keys))

    fun fresh() = apply { folder.deleteRecursively() }

    suspend fun setUp(host: String): Gateway = gateway().also { it.setUp(profile(host), supervisor()) }

    suspend fun reopened(): Gateway = gateway().also {
        val state = it.open()
        check(state is CoreState.Ready) { "$state" }
        it.logOn(SUPERVISOR, Secret(PIN))
    }
}

fun supervisor() = NewOperator(SUPERVISOR, "店长", Role.SUPERVISOR, Secret(PIN))

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

fun sale(request: String) = SaleRequest(RequestId(request), 12_34, Means.Card(CardRead.Manual(Secret("6222020000000000018"), Secret("3012"), null)))

fun void(request: String, sale: String) =
    VoidRequest(RequestId(request), sale, UndoReason.CUSTOMER_RETURNS, Approval(SUPERVISOR, Secret(PIN)), null)

/** What [look] gives once it [fits]; looked at after each event. */
suspend fun <T : Any> Gateway.once(look: suspend Gateway.() -> T, fits: (T) -> Boolean): T = withTimeout(PATIENCE) {
    events.map { }.onStart { emit(Unit) }.map { look() }.first(fits)
}
