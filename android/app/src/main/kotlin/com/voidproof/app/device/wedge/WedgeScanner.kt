package com.voidproof.app.device.wedge

import android.os.Handler
import android.os.Looper
import android.view.KeyCharacterMap
import android.view.KeyEvent
import com.voidproof.app.device.KeyTaker
import com.voidproof.app.device.Scan
import com.voidproof.app.device.ScanWay
import com.voidproof.gateway.Secret
import kotlinx.coroutines.awaitCancellation

/**
 * A scanner that is plugged in, or built in, as a keyboard. Its keys are taken on every screen, so that a scan types into no PIN and no
 * amount and its enter presses no button; what it read is told only where a code is waited for. Keys of input methods and of the screen
 * itself are left alone.
 */
class WedgeScanner : ScanWay, KeyTaker {
    private val handler = Handler(Looper.getMainLooper())
    private val burst = Burst<KeyEvent>()
    private var tell: ((Scan) -> Unit)? = null
    private var pass: (KeyEvent) -> Unit = {}
    private val silence = Runnable { carry(burst.silent()) }

    override suspend fun scan(tell: (Scan) -> Unit) {
        this.tell = tell
        try {
            awaitCancellation()
        } finally {
            if (this.tell === tell) this.tell = null
        }
    }

    override fun take(event: KeyEvent, pass: (KeyEvent) -> Unit): Boolean {
        if (!isPlugged(event)) return false
        this.pass = pass
        carry(verdict(event))
        handler.removeCallbacks(silence)
        burst.patience?.let { handler.postDelayed(silence, it) }
        return true
    }

    /** Some keyboard of metal and plastic; a remote control or an input method is none. */
    private fun isPlugged(event: KeyEvent) =
        event.deviceId != KeyCharacterMap.VIRTUAL_KEYBOARD && event.flags and KeyEvent.FLAG_SOFT_KEYBOARD == 0 &&
            event.keyCode !in SYSTEM && (event.action == KeyEvent.ACTION_DOWN || event.action == KeyEvent.ACTION_UP)

    private fun verdict(event: KeyEvent): Verdict<KeyEvent> {
        val code = event.keyCode
        return when {
            event.action == KeyEvent.ACTION_UP -> burst.up(event, code)
            event.repeatCount > 0 || event.isCtrlPressed || event.isAltPressed || event.isMetaPressed -> burst.other(event)
            code in ENDS -> burst.end(event, code, event.eventTime)
            code in SHIFTS -> burst.down(event, code, null, event.eventTime)
            else -> printed(event)?.let { burst.down(event, code, it, event.eventTime) } ?: burst.other(event)
        }
    }

    private fun printed(event: KeyEvent): Char? = event.unicodeChar.takeIf { it in PRINTED }?.toChar()

    private fun carry(verdict: Verdict<KeyEvent>) {
        verdict.scanned?.let { scanned -> tell?.invoke(Scan.Code(Secret(scanned))) ?: scanned.fill('\u0000') }
        verdict.passed.forEach(pass)
    }

    private companion object {
        val ENDS = setOf(KeyEvent.KEYCODE_ENTER, KeyEvent.KEYCODE_NUMPAD_ENTER, KeyEvent.KEYCODE_TAB)
        val SHIFTS = setOf(KeyEvent.KEYCODE_SHIFT_LEFT, KeyEvent.KEYCODE_SHIFT_RIGHT)

        /** Keys that many terminals have beside the screen. */
        val SYSTEM = setOf(
            KeyEvent.KEYCODE_BACK, KeyEvent.KEYCODE_HOME, KeyEvent.KEYCODE_MENU, KeyEvent.KEYCODE_POWER, KeyEvent.KEYCODE_CAMERA,
            KeyEvent.KEYCODE_VOLUME_UP, KeyEvent.KEYCODE_VOLUME_DOWN,
        )
        val PRINTED = 0x20..0x7E
    }
}
