package com.voidproof.app.device.broadcast

import android.content.BroadcastReceiver
import android.content.Context
import android.content.Intent
import android.content.IntentFilter
import com.voidproof.app.device.Front
import com.voidproof.app.device.Scan
import com.voidproof.app.device.ScanWay
import com.voidproof.app.device.platform.hear
import com.voidproof.gateway.Secret
import kotlinx.coroutines.awaitCancellation

/**
 * A scanner of the terminal's own whose service tells apps by a broadcast what it read. Any app can send such a one: it is heard only
 * while a code is waited for and the app is in front, and what it says is [Scan.Code.held] by nobody.
 */
class BroadcastScanner(private val context: Context, private val front: Front) : ScanWay {
    override suspend fun scan(tell: (Scan) -> Unit) {
        val ear = Ear(tell)
        val watching = front.watch(ear::update)
        try {
            ear.update()
            awaitCancellation()
        } finally {
            watching.close()
            ear.stop()
        }
    }

    private inner class Ear(private val tell: (Scan) -> Unit) : BroadcastReceiver() {
        private var listens = false

        fun update() = if (front.activity != null) listen() else stop()

        private fun listen() {
            if (listens) return
            listens = true
            val filter = IntentFilter().apply { VENDORS.forEach { addAction(it.action) } }
            context.hear(this, filter, outside = true)
        }

        fun stop() {
            if (listens) context.unregisterReceiver(this)
            listens = false
        }

        override fun onReceive(context: Context, intent: Intent) {
            if (!listens) return
            val vendor = VENDORS.firstOrNull { it.action == intent.action } ?: return
            scannedText(text(intent, vendor.extra))?.let { tell(Scan.Code(Secret(it), held = false)) }
        }

        /** Whatever was put there: what cannot be read, or is no text, gives nothing. */
        private fun text(intent: Intent, extra: String): String? = try {
            intent.getStringExtra(extra)
        } catch (e: RuntimeException) {
            android.util.Log.i("scan", "not read: ${e.javaClass.simpleName}")
            null
        }
    }
}
