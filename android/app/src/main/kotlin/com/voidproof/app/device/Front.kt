package com.voidproof.app.device

import android.app.Activity
import android.app.Application
import android.os.Bundle
import java.io.Closeable

/**
 * The activity in front of the person; null while another app is there. Registered when the process begins, so that it knows the first
 * one too. For the main thread.
 */
class Front : Application.ActivityLifecycleCallbacks {
    var activity: Activity? = null
        private set
    private val watchers = LinkedHashSet<() -> Unit>()

    /** Tells whenever [activity] changes, until it is closed. */
    fun watch(tell: () -> Unit): Closeable {
        watchers += tell
        return Closeable { watchers -= tell }
    }

    private fun become(next: Activity?) {
        activity = next
        watchers.toList().forEach { it() }
    }

    override fun onActivityResumed(activity: Activity) = become(activity)

    override fun onActivityPaused(activity: Activity) {
        if (this.activity === activity) become(null)
    }

    override fun onActivityCreated(activity: Activity, state: Bundle?) = Unit

    override fun onActivityStarted(activity: Activity) = Unit

    override fun onActivityStopped(activity: Activity) = Unit

    override fun onActivitySaveInstanceState(activity: Activity, state: Bundle) = Unit

    override fun onActivityDestroyed(activity: Activity) = Unit
}
