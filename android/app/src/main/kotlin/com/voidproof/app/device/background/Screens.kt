package com.voidproof.app.device.background

import android.app.Activity
import android.app.Application
import android.os.Bundle

/** Which activity is visible, and whether there is one at all. Registered when the process begins, so that it misses none. */
class Screens : Application.ActivityLifecycleCallbacks {
    @Volatile
    var visible: Activity? = null
        private set

    @Volatile
    var count = 0
        private set

    /** Is told whenever [visible] changes. */
    @Volatile
    var changed: () -> Unit = {}

    override fun onActivityCreated(activity: Activity, state: Bundle?) {
        count++
    }

    override fun onActivityStarted(activity: Activity) {
        visible = activity
        changed()
    }

    /** A rotation puts another in its place at once. */
    override fun onActivityStopped(activity: Activity) {
        if (visible !== activity || activity.isChangingConfigurations) return
        visible = null
        changed()
    }

    override fun onActivityDestroyed(activity: Activity) {
        count--
        if (visible === activity) visible = null
    }

    override fun onActivityResumed(activity: Activity) = Unit

    override fun onActivityPaused(activity: Activity) = Unit

    override fun onActivitySaveInstanceState(activity: Activity, state: Bundle) = Unit
}
