package com.voidproof.app.device.display

import android.app.Activity
import android.content.Context
import android.hardware.display.DisplayManager
import android.os.Handler
import android.os.Looper
import android.view.Display
import android.view.WindowManager
import com.voidproof.app.device.CustomerDisplay
import com.voidproof.app.device.CustomerSees
import com.voidproof.app.device.Front
import com.voidproof.gateway.Clock

/**
 * A second display of the terminal, plugged in or built in, on the customer's side. What is on it goes with the app's own screen: behind
 * another app, or when it is pulled out, nothing stays. For the main thread.
 */
class AndroidCustomerDisplay(private val manager: DisplayManager, private val front: Front, private val clock: Clock) : CustomerDisplay {
    private var sees: CustomerSees? = null
    private var shown: Shown? = null

    private class Shown(val activity: Activity, val presentation: CustomerPresentation)

    init {
        front.watch(::refresh)
        manager.registerDisplayListener(
            object : DisplayManager.DisplayListener {
                override fun onDisplayAdded(displayId: Int) = refresh()

                override fun onDisplayRemoved(displayId: Int) = refresh()

                override fun onDisplayChanged(displayId: Int) = Unit
            },
            Handler(Looper.getMainLooper()),
        )
    }

    override fun show(sees: CustomerSees?) {
        if (sees == this.sees) return
        this.sees = sees
        refresh()
    }

    private fun refresh() {
        val sees = sees
        val activity = front.activity
        val display = if (sees == null || activity == null) null else manager.getDisplays(DisplayManager.DISPLAY_CATEGORY_PRESENTATION).firstOrNull()
        val now = shown
        if (now != null && (now.activity !== activity || now.presentation.display.displayId != display?.displayId || !now.presentation.isShowing)) {
            now.presentation.dismiss()
            shown = null
        }
        if (sees == null || activity == null || display == null) return
        val on = shown ?: open(activity, display)
        on?.presentation?.bind(sees)
    }

    /** A display that is pulled out at this moment shows nothing, and nothing waits for it. */
    private fun open(activity: Activity, display: Display): Shown? = try {
        val presentation = CustomerPresentation(activity, display, clock)
        presentation.show()
        Shown(activity, presentation).also { shown = it }
    } catch (_: WindowManager.InvalidDisplayException) {
        null
    }

    companion object {
        /** Null: this Android knows no displays but its own. */
        fun of(context: Context, front: Front, clock: Clock): AndroidCustomerDisplay? =
            (context.getSystemService(Context.DISPLAY_SERVICE) as DisplayManager?)?.let { AndroidCustomerDisplay(it, front, clock) }
    }
}
