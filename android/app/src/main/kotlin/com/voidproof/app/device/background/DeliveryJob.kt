package com.voidproof.app.device.background

import android.app.job.JobParameters
import android.app.job.JobService
import kotlinx.coroutines.Job

/** Opens the core without a screen and lets it deliver. Cut off anywhere, it has lost nothing: what is owed stands in the ledger. */
class DeliveryJob : JobService() {
    private var running: Job? = null

    override fun onStartJob(params: JobParameters): Boolean {
        val background = AndroidBackground.of(this) ?: return false
        background.around.jobBegins()
        running = background.keeper.deliver {
            jobFinished(params, false)
            background.around.jobEnds()
        }
        return true
    }

    /** The network went, or the time is over. True: Android runs it again. */
    override fun onStopJob(params: JobParameters): Boolean {
        running?.cancel()
        AndroidBackground.of(this)?.around?.jobEnds()
        return true
    }
}
