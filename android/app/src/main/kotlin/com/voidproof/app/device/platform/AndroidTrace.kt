package com.voidproof.app.device.platform

import android.os.Build
import com.voidproof.app.core.TraceSink

/** Sections that Perfetto shows. They begin and end on different threads, which Android knows since 10. */
object AndroidTrace : TraceSink {
    override fun begin(name: String) {
        if (Build.VERSION.SDK_INT >= ACROSS_THREADS) Newer.beginSection(name)
    }

    override fun end(name: String) {
        if (Build.VERSION.SDK_INT >= ACROSS_THREADS) Newer.endSection(name)
    }

    /** The first API level whose sections may end on another thread. */
    private const val ACROSS_THREADS = 29
}
