package com.voidproof.app.device.platform

import android.app.Notification
import android.app.NotificationManager
import android.app.Service
import android.app.job.JobInfo
import android.content.BroadcastReceiver
import android.content.Context
import android.content.Intent
import android.content.IntentFilter
import android.graphics.Rect
import android.security.keystore.KeyGenParameterSpec
import android.view.Window
import android.view.WindowInsets

/** Stands in for the app's own of this name, which names what API 24 has not. Never run. */
object Newer {
    fun channel(manager: NotificationManager, id: String, name: String, loud: Boolean): Unit = never(manager, id, name, loud)

    fun notification(context: Context, channel: String): Notification.Builder = never(context, channel)

    fun startForegroundService(context: Context, intent: Intent): Unit = never(context, intent)

    fun toForeground(service: Service, id: Int, notification: Notification, short: Boolean): Unit = never(service, id, notification, short)

    fun overAnyNetwork(job: JobInfo.Builder): Unit = never(job)

    fun expedite(job: JobInfo.Builder): Unit = never(job)

    fun beginSection(name: String): Unit = never(name)

    fun endSection(name: String): Unit = never(name)

    fun drawEdgeToEdge(window: Window): Unit = never(window)

    fun covered(insets: WindowInsets): Rect = never(insets)

    fun hear(context: Context, receiver: BroadcastReceiver, filter: IntentFilter, outside: Boolean): Unit = never(context, receiver, filter, outside)

    fun inStrongBox(key: KeyGenParameterSpec.Builder): Unit = never(key)

    private fun never(vararg given: Any): Nothing = error("compiled only: ${given.size}")
}

abstract class TimedService : Service() {
    protected abstract fun timeIsOver()
}
