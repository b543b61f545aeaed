package com.voidproof.app.device.platform

import android.content.Context
import android.content.pm.PackageManager
import android.media.AudioManager
import android.media.ToneGenerator
import android.os.SystemClock
import android.os.Vibrator
import com.voidproof.app.MainThread
import com.voidproof.app.device.AllScanners
import com.voidproof.app.device.Background
import com.voidproof.app.device.CardReader
import com.voidproof.app.device.CodeScanner
import com.voidproof.app.device.CustomerDisplay
import com.voidproof.app.device.Devices
import com.voidproof.app.device.Front
import com.voidproof.app.device.KeyTaker
import com.voidproof.app.device.Licences
import com.voidproof.app.device.Outbox
import com.voidproof.app.device.Printer
import com.voidproof.app.device.Printers
import com.voidproof.app.device.ProfileFiles
import com.voidproof.app.device.SafetyCopies
import com.voidproof.app.device.Signal
import com.voidproof.app.device.Signals
import com.voidproof.app.device.broadcast.BroadcastScanner
import com.voidproof.app.device.camera.Camera2Lens
import com.voidproof.app.device.camera.CameraScanner
import com.voidproof.app.device.copies.AndroidCopies
import com.voidproof.app.device.display.AndroidCustomerDisplay
import com.voidproof.app.device.nfc.NfcAntenna
import com.voidproof.app.device.nfc.TapReader
import com.voidproof.app.device.print.AndroidPrinterMaker
import com.voidproof.app.device.print.AndroidPrinters
import com.voidproof.app.device.print.escpos.Port
import com.voidproof.app.device.wedge.WedgeScanner
import com.voidproof.gateway.Clock
import com.voidproof.gateway.Gateway
import com.voidproof.gateway.Network
import kotlinx.coroutines.Dispatchers
import java.io.Closeable
import java.io.File

/**
 * What every Android device has. A vendor's reader, scanner or printer comes from a subclass. [core]: for a reader that has no kernel of
 * its own. [makeBackground]: of these devices; null where the app ends with its screen. [front]: what is on the screen.
 * [builtIn]: the printer in the housing, of a maker that the app knows.
 */
open class AndroidDevices(
    private val context: Context,
    private val core: (suspend () -> Gateway)? = null,
    private val makeBackground: ((Devices) -> Background)? = null,
    private val front: Front = Front(),
    private val builtIn: () -> Port? = { null },
) : Devices {
    override val clock: Clock = AndroidClock()
    override val cardReader: CardReader? by lazy { core?.let(::reader) }
    private val wedge = WedgeScanner()
    override val scanner: CodeScanner? by lazy { core?.let(::scanners) }
    override val keys: KeyTaker get() = wedge
    private val paper by lazy {
        AndroidPrinters(context, Dispatchers.IO, AndroidPrinterMaker(context, Dispatchers.IO, MainThread, { front.activity }, builtIn()))
    }
    override val printer: Printer? get() = paper
    override val printers: Printers? get() = paper
    override val customerDisplay: CustomerDisplay? by lazy { AndroidCustomerDisplay.of(context, front, clock) }
    override val signals: Signals by lazy { AndroidSignals(context) }
    private val handed = AndroidProfiles(context)
    override val profiles: ProfileFiles get() = handed
    override val outbox: Outbox = AndroidOutbox(context)
    override val copies: SafetyCopies = AndroidCopies(context, handed::offered)
    override val licences: Licences = AndroidLicences(context.assets, Dispatchers.IO)

    override val background: Background? by lazy { makeBackground?.invoke(this) }

    override val hidesScreens = true

    /** Null without an antenna: the screens then offer other ways. */
    private fun reader(core: suspend () -> Gateway): CardReader? =
        NfcAntenna.of(context, front)?.let { TapReader(it, core = core) }

    /** All at once: nobody can say beforehand what will be plugged in, or what a vendor's scanning service sends. */
    private fun scanners(core: suspend () -> Gateway): CodeScanner {
        val sees = context.packageManager.hasSystemFeature(PackageManager.FEATURE_CAMERA_ANY)
        val camera = if (sees) CameraScanner(front, Camera2Lens(context), clock::sinceBoot) { core().readFrame(it) } else null
        return AllScanners(listOfNotNull(camera, wedge, BroadcastScanner(context, front)), camera)
    }

    override fun watchNetwork(tell: (Network) -> Unit): Closeable = AndroidNetwork.watch(context, clock::sinceBoot, tell)
}

class AndroidClock : Clock {
    private val boot by lazy { File("/proc/sys/kernel/random/boot_id").runCatching { readText().trim() }.getOrDefault("unknown") }

    override fun wall() = System.currentTimeMillis()

    override fun sinceBoot() = SystemClock.elapsedRealtime()

    override fun bootId() = boot
}

/** A short high tone for done, two for owed, a low long one for refused; vibrations of the same rhythm. */
class AndroidSignals(context: Context) : Signals {
    @Suppress("DEPRECATION") // Its successor needs API 31.
    private val vibrator = context.getSystemService(Context.VIBRATOR_SERVICE) as Vibrator?

    override fun tell(signal: Signal) {
        tone(signal)
        vibrate(
            when (signal) {
                Signal.DONE -> longArrayOf(0, SHORT)
                Signal.OWED -> longArrayOf(0, SHORT, SHORT, SHORT)
                Signal.REFUSED -> longArrayOf(0, LONG)
            },
        )
    }

    /** A device without sound output throws; the signal is then only felt and seen. */
    private fun tone(signal: Signal) {
        try {
            val generator = ToneGenerator(AudioManager.STREAM_NOTIFICATION, VOLUME)
            generator.startTone(
                when (signal) {
                    Signal.DONE -> ToneGenerator.TONE_PROP_ACK
                    Signal.OWED -> ToneGenerator.TONE_PROP_BEEP2
                    Signal.REFUSED -> ToneGenerator.TONE_PROP_NACK
                },
            )
            android.os.Handler(android.os.Looper.getMainLooper()).postDelayed(generator::release, LONG * 2)
        } catch (e: RuntimeException) {
            android.util.Log.i("signals", "no tone: ${e.javaClass.simpleName}")
        }
    }

    private fun vibrate(pattern: LongArray) {
        @Suppress("DEPRECATION") // Its successor needs API 26.
        vibrator?.takeIf(Vibrator::hasVibrator)?.vibrate(pattern, -1)
    }

    private companion object {
        const val VOLUME = 80
        const val SHORT = 80L
        const val LONG = 400L
    }
}
