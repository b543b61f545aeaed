package com.voidproof.app.device.platform

import android.annotation.TargetApi
import android.app.Notification
import android.app.NotificationChannel
import android.app.NotificationManager
import android.app.Service
import android.app.job.JobInfo
import android.content.BroadcastReceiver
import android.content.Context
import android.content.Intent
import android.content.IntentFilter
import android.content.pm.ServiceInfo
import android.graphics.Rect
import android.net.NetworkCapabilities
import android.net.NetworkRequest
import android.os.Build
import android.os.Trace
import android.security.keystore.KeyGenParameterSpec
import android.view.Window
import android.view.WindowInsets
import android.view.WindowInsets.Type

/**
 * What came after API 24, the only place that names it: each function is called behind a look at the level of the device. Where the
 * app is compiled against API 24, `jvm/min-sdk` has a stand-in of the same shape.
 */
object Newer {
    /** [loud]: it sounds and comes down over what is on the screen. */
    @TargetApi(Build.VERSION_CODES.O)
    fun channel(manager: NotificationManager, id: String, name: String, loud: Boolean) {
        val importance = if (loud) NotificationManager.IMPORTANCE_HIGH else NotificationManager.IMPORTANCE_LOW
        manager.createNotificationChannel(NotificationChannel(id, name, importance))
    }

    @TargetApi(Build.VERSION_CODES.O)
    fun notification(context: Context, channel: String): Notification.Builder = Notification.Builder(context, channel)

    @TargetApi(Build.VERSION_CODES.O)
    fun startForegroundService(context: Context, intent: Intent) {
        context.startForegroundService(intent)
    }

    /** [short]: at most three minutes; else for as long as a void is close to its deadline. */
    @TargetApi(Build.VERSION_CODES.UPSIDE_DOWN_CAKE)
    fun toForeground(service: Service, id: Int, notification: Notification, short: Boolean) {
        val type = if (short) ServiceInfo.FOREGROUND_SERVICE_TYPE_SHORT_SERVICE else ServiceInfo.FOREGROUND_SERVICE_TYPE_SPECIAL_USE
        service.startForeground(id, notification, type)
    }

    /** A private network to the acquirer never counts as validated, and a job that waits for that never runs. */
    @TargetApi(Build.VERSION_CODES.P)
    fun overAnyNetwork(job: JobInfo.Builder) {
        job.setRequiredNetwork(NetworkRequest.Builder().removeCapability(NetworkCapabilities.NET_CAPABILITY_NOT_VPN).build())
    }

    /** It may run while the device dozes. */
    @TargetApi(Build.VERSION_CODES.S)
    fun expedite(job: JobInfo.Builder) {
        job.setExpedited(true)
    }

    @TargetApi(Build.VERSION_CODES.Q)
    fun beginSection(name: String) = Trace.beginAsyncSection(name, 0)

    @TargetApi(Build.VERSION_CODES.Q)
    fun endSection(name: String) = Trace.endAsyncSection(name, 0)

    /** The window is drawn behind bars and cutouts. */
    @TargetApi(Build.VERSION_CODES.R)
    fun drawEdgeToEdge(window: Window) {
        window.setDecorFitsSystemWindows(false)
    }

    /** What bars, cutouts and the keyboard cover: left, top, right, bottom. */
    @TargetApi(Build.VERSION_CODES.R)
    fun covered(insets: WindowInsets): Rect = insets.getInsets(Type.systemBars() or Type.displayCutout() or Type.ime())
        .run { Rect(left, top, right, bottom) }

    /** [outside]: other apps are heard too. */
    @TargetApi(Build.VERSION_CODES.TIRAMISU)
    fun hear(context: Context, receiver: BroadcastReceiver, filter: IntentFilter, outside: Boolean) {
        context.registerReceiver(receiver, filter, if (outside) Context.RECEIVER_EXPORTED else Context.RECEIVER_NOT_EXPORTED)
    }

    @TargetApi(Build.VERSION_CODES.P)
    fun inStrongBox(key: KeyGenParameterSpec.Builder) {
        key.setIsStrongBoxBacked(true)
    }
}

/** A service that hears since API 34 that its time is over. */
abstract class TimedService : Service() {
    protected abstract fun timeIsOver()

    override fun onTimeout(startId: Int) = timeIsOver()
}
