package com.voidproof.app.device.broadcast

import android.content.BroadcastReceiver
import android.content.Context
import android.content.IntentFilter

/** Stands in for the app's own of this name, which names what API 24 has not. Never run. */
object Outside {
    fun hear(context: Context, receiver: BroadcastReceiver, filter: IntentFilter): Unit = error("compiled only: $context $receiver $filter")
}
