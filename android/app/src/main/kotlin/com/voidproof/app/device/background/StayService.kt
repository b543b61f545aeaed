package com.voidproof.app.device.background

import android.app.Notification
import android.content.Intent
import android.os.Build
import android.os.IBinder
import com.voidproof.app.device.platform.Newer
import com.voidproof.app.device.platform.TimedService
import java.io.Closeable

/** Keeps the process while money is on its way or a deadline is near. It does nothing itself: the core delivers on threads of its own. */
class StayService : TimedService() {
    private var network: Closeable? = null

    @Volatile
    private var shown: Stay? = null

    val isInFront: Boolean get() = shown != null

    override fun onStartCommand(intent: Intent?, flags: Int, startId: Int): Int {
        val background = AndroidBackground.of(this)
        if (background == null) {
            stopSelf()
            return START_NOT_STICKY
        }
        if (network == null) network = background.keeper.watchNetwork()
        background.around.serviceStarts(this)
        return START_NOT_STICKY
    }

    /** False: Android refuses. */
    fun stay(why: Stay, notification: Notification): Boolean {
        if (shown == why) return true
        return try {
            if (Build.VERSION.SDK_INT < TYPES) {
                startForeground(Notices.STAYING_ID, notification)
            } else {
                Newer.toForeground(this, Notices.STAYING_ID, notification, short = why == Stay.MONEY)
            }
            shown = why
            true
        } catch (e: IllegalStateException) {
            android.util.Log.w("background", "not in the foreground: ${e.javaClass.simpleName}")
            shown != null
        }
    }

    fun leave() {
        shown = null
        stopForeground(STOP_FOREGROUND_REMOVE)
        stopSelf()
    }

    override fun timeIsOver() {
        AndroidBackground.of(this)?.keeper?.timeIsOver()
        leave()
    }

    override fun onDestroy() {
        network?.close()
        AndroidBackground.of(this)?.around?.serviceEnds()
        super.onDestroy()
    }

    override fun onBind(intent: Intent?): IBinder? = null

    private companion object {
        /** From this API level on the foreground has types that end. */
        const val TYPES = 34
    }
}
