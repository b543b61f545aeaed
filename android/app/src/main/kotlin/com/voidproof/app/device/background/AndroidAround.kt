package com.voidproof.app.device.background

import android.app.AlarmManager
import android.app.Application
import android.app.PendingIntent
import android.content.Context
import android.content.Intent
import android.content.pm.PackageManager
import android.os.Build
import android.os.SystemClock
import com.voidproof.app.core.SettingsStore
import com.voidproof.app.device.Devices
import com.voidproof.app.device.platform.Newer
import com.voidproof.gateway.Network

/** Jobs, alarms, the service and the notifications of Android. */
class AndroidAround(
    private val app: Application,
    private val screens: Screens,
    private val settings: SettingsStore,
    private val devices: Devices,
) : Around {
    private val notices = Notices(app)
    private val jobs = Jobs(app)
    private val alarms = app.getSystemService(Context.ALARM_SERVICE) as AlarmManager
    private val kept by lazy { app.getSharedPreferences("background", Context.MODE_PRIVATE) }

    /** What the service is there for; it looks when it starts. */
    private var wanted: Stay? = null
    private var service: StayService? = null
    private var isStarting = false

    override val api = Build.VERSION.SDK_INT
    override val isVisible get() = screens.visible != null
    override val isAttended get() = screens.count > 0
    override val isStaying @Synchronized get() = service?.isInFront == true

    override fun schedule(plan: Plan) {
        jobs.schedule(plan)
        val ring = PendingIntent.getBroadcast(app, 0, Intent(app, WakeReceiver::class.java).setAction(WakeReceiver.ALARM), FLAGS)
        val after = plan.alarm
        if (after == null) {
            alarms.cancel(ring)
        } else {
            alarms.setAndAllowWhileIdle(AlarmManager.ELAPSED_REALTIME_WAKEUP, SystemClock.elapsedRealtime() + after, ring)
        }
    }

    fun jobBegins() = jobs.begins()

    fun jobEnds() = jobs.ends()

    @Synchronized
    override fun stay(why: Stay?): Boolean {
        wanted = why
        val running = service
        return when {
            why == null -> {
                running?.leave()
                true
            }
            running != null -> running.stay(why, notices.staying(why))
            isStarting -> true
            else -> start()
        }
    }

    /** A start that has to reach the foreground in time, or the process dies, is asked for only where no other is allowed. */
    private fun start(): Boolean {
        val intent = Intent(app, StayService::class.java)
        return try {
            if (isVisible || api < STARTED_SERVICES_END) app.startService(intent) else Newer.startForegroundService(app, intent)
            isStarting = true
            true
        } catch (e: IllegalStateException) {
            note("start, ${e.javaClass.simpleName}")
            false
        }
    }

    /** Whatever became of the wish meanwhile, the service must have been in the foreground once. */
    @Synchronized
    fun serviceStarts(started: StayService) {
        isStarting = false
        service = started
        val why = wanted
        val shown = why ?: Stay.MONEY
        if (!started.stay(shown, notices.staying(shown)) || why == null) started.leave()
    }

    @Synchronized
    fun serviceEnds() {
        service = null
    }

    override suspend fun show(calls: List<Call>) {
        language()
        notices.show(calls)
    }

    override fun askToNotify() {
        if (api < NOTIFICATIONS_ARE_ASKED || kept.getBoolean(ASKED, false)) return
        val activity = screens.visible ?: return
        if (app.checkSelfPermission(NOTIFY) == PackageManager.PERMISSION_GRANTED) return
        kept.edit().putBoolean(ASKED, true).apply()
        activity.runOnUiThread { activity.requestPermissions(arrayOf(NOTIFY), 0) }
    }

    override suspend fun language() = settings.load().language.also { notices.language = it }

    override suspend fun isVerified() = kept.getString(VERIFIED, null) == version()

    override suspend fun noteVerified() = kept.edit().putString(VERIFIED, version()).apply()

    private fun version(): String? = app.packageManager.getPackageInfo(app.packageName, 0).versionName

    override fun watchNetwork(tell: (Network) -> Unit) = devices.watchNetwork(tell)

    override fun note(what: String) {
        android.util.Log.w("background", "not done: $what")
    }

    private companion object {
        const val FLAGS = PendingIntent.FLAG_IMMUTABLE or PendingIntent.FLAG_UPDATE_CURRENT
        const val ASKED = "asked"
        const val VERIFIED = "verified"

        /** `Manifest.permission.POST_NOTIFICATIONS`, which API 24 does not name. */
        const val NOTIFY = "android.permission.POST_NOTIFICATIONS"
        const val NOTIFICATIONS_ARE_ASKED = 33

        /** From this level on no service is simply started from behind. */
        const val STARTED_SERVICES_END = 26
    }
}
