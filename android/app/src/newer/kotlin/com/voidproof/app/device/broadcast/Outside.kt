package com.voidproof.app.device.broadcast

import android.annotation.TargetApi
import android.content.BroadcastReceiver
import android.content.Context
import android.content.IntentFilter
import android.os.Build

/** Hears other apps, which newer Androids want said; called behind a look at the level of the device. */
object Outside {
    @TargetApi(Build.VERSION_CODES.TIRAMISU)
    fun hear(context: Context, receiver: BroadcastReceiver, filter: IntentFilter) {
        context.registerReceiver(receiver, filter, Context.RECEIVER_EXPORTED)
    }
}
