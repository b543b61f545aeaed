package com.voidproof.terminal

import android.app.Activity
import android.app.Application
import android.content.Intent
import org.robolectric.Robolectric
import org.robolectric.android.controller.ActivityController

/** The app's one activity. Robolectric starts and ends none by itself. */
internal class AppWindow(private val app: Application) {
    private var controller = launch()

    /** To be called after each turn of the main looper: there is no home screen to fall back to, so a finished app starts anew. */
    fun settle() {
        if (!controller.get().isFinishing) return
        controller.pause().stop().destroy()
        controller = launch()
    }

    val isLaidOut: Boolean get() = controller.get().window.decorView.run { isLaidOut && !isLayoutRequested }

    private fun launch(): ActivityController<out Activity> {
        val intent = checkNotNull(app.packageManager.getLaunchIntentForPackage(app.packageName)) { "no launcher activity" }
        val name = checkNotNull(intent.resolveActivity(app.packageManager)) { "no activity for $intent" }.className
        return Robolectric.buildActivity(Class.forName(name).asSubclass(Activity::class.java), Intent(intent)).setup()
    }
}
