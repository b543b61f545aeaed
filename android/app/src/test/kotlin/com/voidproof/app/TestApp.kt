package com.voidproof.app

import android.content.Context
import android.graphics.Canvas
import android.graphics.Color
import android.graphics.Paint
import android.os.Looper
import android.view.View
import com.voidproof.app.device.Background
import com.voidproof.app.device.CameraWish
import com.voidproof.app.device.CardReader
import com.voidproof.app.device.CardResult
import com.voidproof.app.device.CodeCamera
import com.voidproof.app.device.CodeScanner
import com.voidproof.app.device.CustomerDisplay
import com.voidproof.app.device.CustomerSees
import com.voidproof.app.device.Devices
import com.voidproof.app.device.FileContent
import com.voidproof.app.device.FileTrouble
import com.voidproof.app.device.FoundFile
import com.voidproof.app.device.KeyTaker
import com.voidproof.app.device.Kept
import com.voidproof.app.device.LicencePart
import com.voidproof.app.device.Licences
import com.voidproof.app.device.Outbox
import com.voidproof.app.device.PaperState
import com.voidproof.app.device.PrintResult
import com.voidproof.app.device.Printer
import com.voidproof.app.device.PrinterKind
import com.voidproof.app.device.PrinterSetting
import com.voidproof.app.device.Printers
import com.voidproof.app.device.ProfileFiles
import com.voidproof.app.device.Scan
import com.voidproof.app.device.ScanWay
import com.voidproof.app.device.Shared
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
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.launch
import org.robolectric.Shadows.shadowOf
import java.io.Closeable

private val PARTS = listOf(
    LicencePart("aes-gcm", "0.11.1", "Apache-2.0 OR MIT", "Apache License\nVersion 2.0"),
    LicencePart("org.jetbrains.kotlinx:kotlinx-coroutines-core-jvm", "1.11.0", "Apache-2.0", "Apache License\nVersion 2.0"),
    LicencePart("unicode-ident", "1.0.22", "(MIT OR Apache-2.0) AND Unicode-3.0", "Unicode License v3"),
)

/** The app on the fake gateway and fake hardware. */
open class TestApp : BaseApp() {
    var fake = FakeGateway.ready()
    val hardware = FakeDevices { fake.shop.now }

    override fun gateway(devices: Devices): Gateway = fake

    override fun devices(): Devices = hardware

    override val files: CoroutineDispatcher = Dispatchers.Unconfined

    /** From now on it goes on without a screen. */
    fun keep() {
        hardware.background = background(hardware, rest = 0, CoroutineScope(SupervisorJob() + Dispatchers.Unconfined))
    }

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
    override var keys: KeyTaker? = null
    override var printer: FakePrinter? = FakePrinter()
    override var printers: FakePrinters? = null
    override val customerDisplay = FakeCustomerDisplay()
    override val profiles = FakeProfiles()
    override val outbox = FakeOutbox()
    override val copies = FakeCopies()
    override val licences = Licences { PARTS }
    override var hidesScreens = false
    override var background: Background? = null
    val told = ArrayList<Signal>()
    override val signals = object : Signals {
        override fun tell(signal: Signal) {
            told += signal
        }
    }

    /** Who watches the network now. */
    val watchers = ArrayList<(Network) -> Unit>()

    override fun watchNetwork(tell: (Network) -> Unit): Closeable {
        watchers += tell
        return Closeable { watchers -= tell }
    }
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

/** [real]: a way by which codes come beside those that are shown here. */
class FakeScanner(override val camera: FakeCamera? = null, private val real: ScanWay? = null) : CodeScanner {
    private var tell: ((Scan) -> Unit)? = null
    private val broken = CompletableDeferred<Unit>()
    val isWaiting: Boolean get() = tell != null

    override suspend fun scan(tell: (Scan) -> Unit) {
        this.tell = tell
        camera?.let { tell(it.sight) }
        try {
            coroutineScope {
                val beside = launch(start = CoroutineStart.UNDISPATCHED) { real?.scan(tell) }
                broken.await()
                beside.cancel()
            }
        } finally {
            if (this.tell === tell) this.tell = null
        }
    }

    fun see(code: String, held: Boolean = true) = tell(Scan.Code(Secret(code), held))

    fun tell(scan: Scan) = checkNotNull(tell) { "nobody scans" }(scan)

    fun fail() = broken.complete(Unit)
}

/** A camera whose picture is drawn. */
class FakeCamera(var sight: Scan.Sight) : CodeCamera {
    val wishes = ArrayList<CameraWish>()

    override fun finder(context: Context): View = PictureOfPhone(context)

    override fun wish(wish: CameraWish) {
        wishes += wish
    }
}

/** A phone with a code, held before a counter. */
private class PictureOfPhone(context: Context) : View(context) {
    override fun onDraw(canvas: Canvas) {
        canvas.drawColor(Color.rgb(96, 90, 84))
        val paint = Paint()
        val side = height * 0.62f
        val left = (width - side) / 2
        val top = (height - side) / 2
        paint.color = Color.rgb(24, 24, 28)
        canvas.drawRoundRect(left - side * 0.2f, -side, left + side * 1.2f, height + side, side * 0.12f, side * 0.12f, paint)
        paint.color = Color.WHITE
        canvas.drawRect(left - side * 0.12f, 0f, left + side * 1.12f, height.toFloat(), paint)
        paint.color = Color.BLACK
        val step = side / MODULES
        for (y in 0 until MODULES) {
            for (x in 0 until MODULES) {
                if (dark(x, y)) canvas.drawRect(left + x * step, top + y * step, left + (x + 1) * step, top + (y + 1) * step, paint)
            }
        }
    }

    private fun dark(x: Int, y: Int): Boolean {
        val (fx, fy) = minOf(x, MODULES - 1 - x) to minOf(y, MODULES - 1 - y)
        if (fx > 7 || fy > 7 || x > 7 && y > 7) return (x * 7 + y * 13 + x * y) % 3 == 0
        val ring = maxOf(kotlin.math.abs(fx - 3), kotlin.math.abs(fy - 3))
        return ring == 3 || ring < 2
    }

    private companion object {
        const val MODULES = 25
    }
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
    var share = Shared.CHOOSING

    override suspend fun keep(files: List<EvidenceFile>): Kept {
        if (result is Kept.In) kept += files
        return result
    }

    override fun share(title: String, text: String): Shared {
        if (share == Shared.CHOOSING) shared += text
        return share
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

class FakeCustomerDisplay : CustomerDisplay {
    var sees: CustomerSees? = null

    override fun show(sees: CustomerSees?) {
        this.sees = sees
    }
}
