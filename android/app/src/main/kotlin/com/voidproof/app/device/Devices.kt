package com.voidproof.app.device

import com.voidproof.gateway.CardRead
import com.voidproof.gateway.Clock
import com.voidproof.gateway.Explanation
import com.voidproof.gateway.Network
import com.voidproof.gateway.TapFor
import java.io.Closeable

/** The hardware at the counter. Null: this terminal has none, and the screens say what to do instead. */
interface Devices {
    val clock: Clock
    val cardReader: CardReader?
    val scanner: CodeScanner?

    /** Null: nothing but the screen takes keys. */
    val keys: KeyTaker? get() = null
    val printer: Printer?

    /** Null: there is nothing to choose, [printer] is the only one. */
    val printers: Printers? get() = null

    /** Null: this terminal shows the customer nothing of its own. */
    val customerDisplay: CustomerDisplay? get() = null
    val signals: Signals

    /** Null: this device gives the app no files. */
    val profiles: ProfileFiles? get() = null

    /** Null: this build lists nothing. */
    val licences: Licences? get() = null

    /** Null: nothing leaves this device but on paper. */
    val outbox: Outbox? get() = null

    /** Null: this device keeps nothing outside the app. */
    val copies: SafetyCopies? get() = null

    /** Null: nothing goes on without a screen. */
    val background: Background? get() = null

    /** Screens on which a PIN, card or payment code is entered are kept out of pictures, recordings and the list of recent apps. */
    val hidesScreens: Boolean get() = false

    /** Tells the network's state now and whenever it changes, on any thread, until it is closed. */
    fun watchNetwork(tell: (Network) -> Unit): Closeable
}

interface CardReader {
    /** Waits for one card (and its PIN, where the reader wants one). Cancelling it switches the reader off. */
    suspend fun read(amount: Long): CardResult

    /** As [read], for readers that tell the card what it is read for. */
    suspend fun read(amount: Long, purpose: TapFor): CardResult = read(amount)

    /** Whether a certified kernel reads; where not, the screen says so. */
    val certified: Boolean get() = true
}

sealed interface CardResult {
    /** [signs]: the card wants the customer's signature on the slip. */
    class Read(val card: CardRead, val signs: Boolean = false) : CardResult

    data class Failed(val trouble: CardTrouble) : CardResult

    /** The core explains why this card cannot be used now. */
    data class Explained(val explanation: Explanation) : CardResult
}

enum class CardTrouble { UNREADABLE, REMOVED_EARLY, TWO_CARDS, PIN_CANCELLED, READER_BROKEN }

/** Three sounds that differ, each with a vibration of its own. */
enum class Signal { DONE, OWED, REFUSED }

interface Signals {
    fun tell(signal: Signal)
}
