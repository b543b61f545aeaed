package com.voidproof.app.device

import android.content.Context
import android.view.KeyEvent
import android.view.View
import com.voidproof.gateway.Secret
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.launch

/** Reads payment codes: by a camera, by a scanner of the terminal's own, or by one that is plugged in. */
interface CodeScanner {
    /**
     * Reads until it is cancelled, which switches it off, and tells all that it reads; whoever is told a code wipes it. Ends by itself
     * when the scanner does not work. Called on the main thread, and tells there.
     */
    suspend fun scan(tell: (Scan) -> Unit)

    /** Null: the scanner is no camera. */
    val camera: CodeCamera? get() = null
}

sealed interface Scan {
    /**
     * A text that was read. [held]: somebody held it to this device. Else another app says that it was scanned, which any app can say:
     * a person looks at it before money moves.
     */
    class Code(val code: Secret, val held: Boolean = true) : Scan

    /** How the camera is from now on. */
    data class Sight(val camera: CameraState, val light: Light = Light.NONE) : Scan
}

enum class CameraState {
    /** This device has none. */
    ABSENT,

    /** The person has not allowed it yet. */
    ASKS,

    /** Forbidden for good: only the system's settings allow it again. */
    REFUSED,
    STARTING,
    SEES,

    /** Sees more than one code, and takes none. */
    MANY,

    /** Another app has it. */
    BUSY,

    /** Whoever administers this device switched it off. */
    DISABLED,
    BROKEN,
}

enum class Light { NONE, OFF, ON }

/** What the person may want of the camera. */
enum class CameraWish { ALLOW, SETTINGS, AGAIN, LIGHT }

/** A camera whose picture stands on the screen while codes are read. */
interface CodeCamera {
    /** Shows what the camera sees while it stands on the screen; the newest one that was made is used. */
    fun finder(context: Context): View

    fun wish(wish: CameraWish)
}

/** Looks at keys before the screen does. */
interface KeyTaker {
    /** True: the key is taken, or held back to come by [pass] later. */
    fun take(event: KeyEvent, pass: (KeyEvent) -> Unit): Boolean
}

/** One of the ways by which a code can come; as [CodeScanner.scan]. */
fun interface ScanWay {
    suspend fun scan(tell: (Scan) -> Unit)
}

/** All the ways at once; whichever comes first. */
class AllScanners(private val ways: List<ScanWay>, override val camera: CodeCamera?) : CodeScanner {
    override suspend fun scan(tell: (Scan) -> Unit) = coroutineScope {
        if (camera == null) tell(Scan.Sight(CameraState.ABSENT))
        ways.forEach { way -> launch(start = CoroutineStart.UNDISPATCHED) { way.scan(tell) } }
    }
}
