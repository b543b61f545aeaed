package com.voidproof.app.device.print

import android.annotation.SuppressLint
import android.content.Context
import com.voidproof.app.device.PaperState
import com.voidproof.app.device.PaperWidth
import com.voidproof.app.device.PrintResult
import com.voidproof.app.device.Printer
import com.voidproof.app.device.PrinterAddress
import com.voidproof.app.device.PrinterKind
import com.voidproof.app.device.PrinterSetting
import com.voidproof.app.device.Printers
import com.voidproof.app.device.SlipDrawing
import com.voidproof.gateway.ReceiptLine
import kotlinx.coroutines.sync.Mutex
import kotlinx.coroutines.sync.withLock
import kotlinx.coroutines.withContext
import kotlin.coroutines.CoroutineContext

/** Makes the printer of one kind. Null: this terminal has none of it now. */
fun interface PrinterMaker {
    fun make(kind: PrinterKind, setting: PrinterSetting): Printer?
}

/** The printer that was chosen, else the best that is there; one slip at a time. */
class AndroidPrinters(private val context: Context, private val files: CoroutineContext, private val maker: PrinterMaker) : Printers, Printer {
    private val store by lazy { context.getSharedPreferences("printer", Context.MODE_PRIVATE) }
    private val turn = Mutex()

    /** Kept while its setting holds: it knows what its printer answers. */
    private var ready: Pair<PrinterSetting, Printer>? = null

    @Volatile
    override var last: PrintResult? = null
        private set

    override suspend fun found(): List<PrinterKind> {
        val setting = setting()
        return withContext(files) { KINDS.filter { maker.make(it, setting) != null } } + PrinterKind.NONE
    }

    override suspend fun print(lines: List<ReceiptLine>): PrintResult = turn.withLock {
        val result = printer()?.print(lines) ?: PrintResult.NOT_CONNECTED
        last = result.takeUnless { it.done }
        result
    }

    override suspend fun look(): PaperState = turn.withLock { printer()?.look() ?: PaperState.ABSENT }

    private suspend fun printer(): Printer? {
        val setting = setting()
        ready?.let { (known, printer) -> if (known == setting && setting.kind != null) return printer }
        val printer = withContext(files) {
            when (val kind = setting.kind) {
                // What opens another app's screen is only used when a person chose it.
                null -> (KINDS - PrinterKind.ANDROID).firstNotNullOfOrNull { maker.make(it, setting) }
                PrinterKind.NONE -> null
                else -> maker.make(kind, setting)
            }
        }
        ready = printer?.let { setting to it }
        return printer
    }

    override suspend fun setting(): PrinterSetting = withContext(files) {
        PrinterSetting(
            PrinterKind.values().firstOrNull { it.name == store.getString(KIND, null) },
            store.getString(ADDRESS, null)?.let(PrinterAddress::of),
            PaperWidth.values().firstOrNull { it.name == store.getString(PAPER, null) } ?: PaperWidth.NARROW,
            SlipDrawing.values().firstOrNull { it.name == store.getString(DRAWING, null) } ?: SlipDrawing.PICTURE,
        )
    }

    @SuppressLint("ApplySharedPref") // Written here and now, not on the main thread when the activity stops.
    override suspend fun use(setting: PrinterSetting): Unit = withContext(files) {
        store.edit()
            .putString(KIND, setting.kind?.name)
            .putString(ADDRESS, setting.address?.toString())
            .putString(PAPER, setting.paper.name)
            .putString(DRAWING, setting.drawing.name)
            .commit()
    }

    private companion object {
        val KINDS = PrinterKind.values().toList() - PrinterKind.NONE
        const val KIND = "kind"
        const val ADDRESS = "address"
        const val PAPER = "paper"
        const val DRAWING = "drawing"
    }
}
