package com.voidproof.app.device.platform

import android.content.BroadcastReceiver
import android.content.Context
import android.content.IntentFilter
import android.os.Build

/** Hears what [filter] lets through, until it is unregistered. [outside]: from other apps too, which newer Androids want said. */
fun Context.hear(receiver: BroadcastReceiver, filter: IntentFilter, outside: Boolean) {
    if (Build.VERSION.SDK_INT >= OUTSIDE_IS_SAID) Newer.hear(this, receiver, filter, outside) else registerReceiver(receiver, filter)
}

/** Android 13. */
private const val OUTSIDE_IS_SAID = 33
