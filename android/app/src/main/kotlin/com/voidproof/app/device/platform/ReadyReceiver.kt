package com.voidproof.app.device.platform

import android.content.BroadcastReceiver
import android.content.Context
import android.content.Intent
import com.voidproof.app.core.Start
import com.voidproof.gateway.Gateway
import com.voidproof.gateway.GatewayException
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.launch

/**
 * Answers an app store of terminals that asks, by an ordered broadcast to this component, whether this is a good moment to update the app:
 * result code 1 for yes, 0 for no, and the reason as result data. It reads the ledger, opens no line and tells nothing of money.
 */
class ReadyReceiver : BroadcastReceiver() {
    override fun onReceive(context: Context, intent: Intent) {
        // Who sends it otherwise hears no answer.
        if (intent.action != ACTION || !isOrderedBroadcast) return
        val start = context.applicationContext as Start
        val pending = goAsync()
        CoroutineScope(Dispatchers.IO).launch {
            val reason = reason { start.tools().gateway }
            pending.resultCode = if (reason == null) YES else NO
            pending.resultData = reason ?: READY
            pending.finish()
        }
    }

    companion object {
        const val ACTION = "com.voidproof.app.READY_TO_UPDATE"
        const val YES = 1
        const val NO = 0
        const val READY = "ready"

        /** Why not now; null: a good moment. A core that cannot be asked is one that cannot be read. */
        internal suspend fun reason(gateway: suspend () -> Gateway): String? = try {
            gateway().readyToUpdate().reason?.name?.lowercase()
        } catch (_: GatewayException) {
            "unreadable"
        }
    }
}
