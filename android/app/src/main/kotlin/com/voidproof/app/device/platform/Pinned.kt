package com.voidproof.app.device.platform

import android.app.ActivityManager
import android.content.Context

/** Whether the screen is held to this app, by a person or by the terminal's owner: another app's screen would not open, or lead out. */
fun isPinned(context: Context): Boolean =
    (context.getSystemService(Context.ACTIVITY_SERVICE) as ActivityManager).lockTaskModeState != ActivityManager.LOCK_TASK_MODE_NONE
