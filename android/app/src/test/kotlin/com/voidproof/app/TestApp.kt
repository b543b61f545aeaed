package com.voidproof.app

import android.os.Looper
import com.voidproof.app.device.CardReader
import com.voidproof.app.device.CardResult
import com.voidproof.app.device.CodeScanner
import com.voidproof.app.device.Devices
import com.voidproof.app.device.FileContent
import com.voidproof.app.device.FileTrouble
import com.voidproof.app.device.FoundFile
import com.voidproof.app.device.Kept
import com.voidproof.app.device.Outbox
import com.voidproof.app.device.PaperState
import com.voidproof.app.device.PrintResult
import com.voidproof.app.device.Printer
import com.voidproof.app.device.PrinterKind
import com.voidproof.app.device.PrinterSetting
import com.voidproof.app.device.Printers
import com.voidproof.app.device.ProfileFiles
import com.voidproof.app.device.Signal
import com.voidproof.app.device.Signals
import com.voidproof.gateway.CardRead
import com.voidproof.gateway.Clock
import com.voidproof.gateway.EvidenceFile
import com.voidproof.gateway.Gateway
import com.voidproof.gateway.Network
import com.voidproof.gateway.ReceiptLine
import com.voidproof.gateway.Secret
import com.voidproof.gateway.fake.FakeGateway
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.Dispatchers
import org.robolectric.Shadows.shadowOf
import java.io.Closeable

/** The app on the fake gateway and fake hardware. */
open class TestApp : BaseApp() {
    var fake = FakeGateway.ready()
    val hardware = FakeDevices { fake.shop.now }

    override fun gateway(devices: Devices): Gateway = fake

    override fun devices(): Devices = hardware

    override val files: CoroutineDispatcher = Dispatchers.Unconfined

    /** Until nothing is left to do. */
    open fun idle() = shadowOf(Looper.getMainLooper()).idle()
}

class FakeDevices(private val wall: () -> Long) : Devices {
    /** Milliseconds since boot; stands still until a test moves it. */
    var boot = 1_000_000L
    override val clock = object : Clock {
        override fun wall() = this@FakeDevices.wall()

        override fun sinceBoot() = boot

        override fun bootId() = "boot"
    }
    override var cardReader: FakeReader? = FakeReader()
    override var scanner: FakeScanner? = null
    override var printer: FakePrinter? = FakePrinter()
    override var printers: FakePrinters? = null
    override val profiles = FakeProfiles()
    override val outbox = FakeOutbox()
    override var hidesScreens = false
    val told = ArrayList<Signal>()
    override val signals = object : Signals {
        override fun tell(signal: Signal) {
            told += signal
        }
    }

    override fun watchNetwork(tell: (Network) -> Unit) = Closeable {}
}

class FakeReader(override val certified: Boolean = true) : CardReader {
    private var waiting: CompletableDeferred<CardResult>? = null
    val isWaiting: Boolean get() = waiting?.isActive == true

    override suspend fun read(amount: Long): CardResult {
        val deferred = CompletableDeferred<CardResult>()
        waiting = deferred
        try {
            return deferred.await()
        } finally {
            deferred.cancel()
        }
    }

    fun present(result: CardResult = CardResult.Read(card())) = check(waiting?.complete(result) == true) { "nobody waits for a card" }

    companion object {
        fun card() = CardRead.Chip(Secret("9F2608"), Secret("6225880000000217=2912"), "001", contactless = true, pin = null)
    }
}

class FakeScanner : CodeScanner {
    private var waiting: CompletableDeferred<Secret?>? = null
    val isWaiting: Boolean get() = waiting?.isActive == true

    override suspend fun scan(): Secret? {
        val deferred = CompletableDeferred<Secret?>()
        waiting = deferred
        try {
            return deferred.await()
        } finally {
            deferred.cancel()
        }
    }

    fun see(code: String?) = check(waiting?.complete(code?.let { Secret(it) }) == true) { "nobody scans" }
}

class FakeProfiles : ProfileFiles {
    /** The name of a file to what it holds. */
    val files = LinkedHashMap<String, FileContent>()
    val offered = ArrayList<String>()

    override suspend fun list() = (offered + files.keys).map { FoundFile(it, it, 412) }

    override suspend fun read(file: FoundFile) = files[file.place] ?: FileContent.Failed(FileTrouble.GONE)

    override suspend fun beside(name: String) = files[name.substringAfterLast('/')] ?: FileContent.Failed(FileTrouble.GONE)

    override fun offer(place: String) {
        offered += place
    }
}

class FakeOutbox : Outbox {
    var result: Kept = Kept.In("Android/data/com.voidproof.app/files/evidence")
    val kept = ArrayList<EvidenceFile>()
    val shared = ArrayList<String>()

    override suspend fun keep(files: List<EvidenceFile>): Kept {
        if (result is Kept.In) kept += files
        return result
    }

    override fun share(title: String, text: String): Boolean {
        shared += text
        return true
    }
}

class FakePrinter : Printer {
    var result = PrintResult.PRINTED
    var paper = PaperState.READY
    val slips = ArrayList<List<ReceiptLine>>()

    override suspend fun print(lines: List<ReceiptLine>): PrintResult {
        if (result.done) slips += lines
        return result
    }

    override suspend fun look() = paper
}

class FakePrinters : Printers {
    var setting = PrinterSetting()
    val here = listOf(PrinterKind.USB, PrinterKind.ANDROID, PrinterKind.NONE)

    override suspend fun found() = here

    override suspend fun setting() = setting

    override suspend fun use(setting: PrinterSetting) {
        this.setting = setting
    }

    override var last: PrintResult? = null
}
