package com.voidproof.app.ui

import android.graphics.Rect
import android.os.Build
import android.view.View
import android.view.Window
import android.view.WindowInsets
import com.voidproof.app.device.platform.Newer

/*
 * Android 15 draws every app behind the bars of the system. So that there is one way and not two, older ones are told to do the same,
 * and the content keeps clear of bars, cutouts and the keyboard by itself.
 */

/** The first API level that tells bars, cutouts and keyboard apart. */
private const val KINDS_OF_INSETS = 30

/** The window reaches below the bars of the system. */
fun drawEdgeToEdge(window: Window) {
    if (Build.VERSION.SDK_INT >= KINDS_OF_INSETS) return Newer.drawEdgeToEdge(window)
    @Suppress("DEPRECATION") // Its successor needs API 30.
    window.decorView.systemUiVisibility = window.decorView.systemUiVisibility or
        View.SYSTEM_UI_FLAG_LAYOUT_STABLE or View.SYSTEM_UI_FLAG_LAYOUT_FULLSCREEN or View.SYSTEM_UI_FLAG_LAYOUT_HIDE_NAVIGATION
}

/** What stands in this view is never below a bar, a cutout or the keyboard. */
fun View.keepClearOfEdges() = setOnApplyWindowInsetsListener { view, insets ->
    covered(insets).let { view.setPadding(it.left, it.top, it.right, it.bottom) }
    consumed(insets)
}

private fun covered(insets: WindowInsets): Rect =
    if (Build.VERSION.SDK_INT >= KINDS_OF_INSETS) {
        Newer.covered(insets)
    } else {
        @Suppress("DEPRECATION") // Its successor needs API 30. The keyboard is in it, as the window asks to be resized.
        insets.run { Rect(systemWindowInsetLeft, systemWindowInsetTop, systemWindowInsetRight, systemWindowInsetBottom) }
    }

/** Nobody inside keeps clear a second time. */
@Suppress("DEPRECATION") // Its successor needs API 30.
private fun consumed(insets: WindowInsets): WindowInsets = insets.consumeSystemWindowInsets()
