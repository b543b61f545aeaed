package com.voidproof.app.device.background

import android.content.BroadcastReceiver
import android.content.Context
import android.content.Intent

/** The device has started, the app was replaced, or the alarm rings. No other app can call it. */
class WakeReceiver : BroadcastReceiver() {
    override fun onReceive(context: Context, intent: Intent) {
        if (intent.action !in setOf(ALARM, Intent.ACTION_BOOT_COMPLETED, Intent.ACTION_MY_PACKAGE_REPLACED)) return
        val background = AndroidBackground.of(context) ?: return
        // First the job: whatever becomes of this process, Android then starts another.
        if (intent.action != ALARM) background.around.schedule(Plan.AT_ONCE)
        val pending = goAsync()
        background.keeper.deliver(ALLOWED) { pending?.finish() }
    }

    companion object {
        const val ALARM = "com.voidproof.app.ALARM"

        /** Milliseconds. A receiver has ten seconds, and so has the network of a dozing device. */
        private const val ALLOWED = 8_000L
    }
}
