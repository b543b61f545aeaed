package com.voidproof.app.device.background

import android.app.job.JobInfo
import android.app.job.JobScheduler
import android.content.ComponentName
import android.content.Context
import android.os.Build
import android.os.SystemClock
import com.voidproof.app.device.platform.Newer
import kotlin.math.abs

/** The one job. It outlives process and reboot. */
class Jobs(private val app: Context) {
    private val scheduler = app.getSystemService(Context.JOB_SCHEDULER_SERVICE) as JobScheduler
    private var isRunning = false

    /** What comes once the running one has ended: planned before, it would end it. */
    private var next: Plan? = null

    /** What was planned in this process, by the time since boot. */
    private var planned: Planned? = null

    private data class Planned(val at: Long, val pressing: Boolean)

    @Synchronized
    fun begins() {
        isRunning = true
        planned = null
    }

    @Synchronized
    fun ends() {
        isRunning = false
        next?.let(::schedule)
        next = null
    }

    @Synchronized
    fun schedule(plan: Plan) {
        if (isRunning) {
            next = plan
            return
        }
        val after = plan.job
        if (after == null) {
            scheduler.cancel(ID)
            planned = null
            return
        }
        val wanted = Planned(SystemClock.elapsedRealtime() + after, plan.pressing)
        val before = planned
        if (before != null && before.pressing == wanted.pressing && abs(before.at - wanted.at) < CLOSE) return
        planned = wanted
        scheduler.schedule(job(after, plan.pressing))
    }

    private fun job(after: Long, pressing: Boolean): JobInfo {
        val job = JobInfo.Builder(ID, ComponentName(app, DeliveryJob::class.java)).setPersisted(true)
        if (Build.VERSION.SDK_INT < OWN_NETWORKS) {
            // Some of these wait for a network that reaches the Internet, which the acquirer's own may never do.
            job.setRequiredNetworkType(JobInfo.NETWORK_TYPE_ANY).setOverrideDeadline(after + ANYWAY)
        } else {
            Newer.overAnyNetwork(job)
        }
        if (pressing) Newer.expedite(job) else job.setMinimumLatency(after)
        return job.build()
    }

    companion object {
        const val ID = 1

        /** A plan that moves by less is not worth a word to the system. */
        private const val CLOSE = 5_000L
        private const val ANYWAY = 30 * 60_000L

        /** The first API level on which a job says itself what network will do. */
        private const val OWN_NETWORKS = 28
    }
}
